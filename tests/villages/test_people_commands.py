"""create_admin: a county begins with two people, and is brought back by the operator."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests import factories
from villages.models import User
from villages.people import services
from villages.people.sign_in import sign_in
from villages.rights import Role

pytestmark = pytest.mark.django_db


def create(**options):
    factories.place(factories.COUNTY)
    out = io.StringIO()
    options = {"county": factories.COUNTY, "username": "guanli", "name": "许平", **options}
    call_command("create_admin", stdout=out, **options)
    return {line.split()[1]: line.split()[2] for line in out.getvalue().splitlines()[:2]}


def test_two_accounts_with_their_passwords():
    passwords = create()
    guanli, anquan = sign_in("guanli", passwords["guanli"]), sign_in("guanli-anquan", passwords["guanli-anquan"])
    assert guanli.postings_today() == [(Role.ACCOUNTS_ADMIN, factories.COUNTY)]
    assert anquan.postings_today() == [(Role.SECURITY_ADMIN, factories.COUNTY)]
    assert guanli.must_change_password and anquan.must_change_password


def test_a_second_run_changes_nothing_without_reset():
    create()
    with pytest.raises(CommandError, match="已经有人使用"):
        create()


def test_reset_brings_a_closed_administrator_back():
    create()
    anquan = User.objects.get(username="guanli-anquan")
    services.close(by=None, account=anquan, reason="误停")
    passwords = create(reset=True)
    assert sign_in("guanli-anquan", passwords["guanli-anquan"]).postings.count() == 1


def test_reset_makes_no_administrator_of_an_officer():
    officer = factories.posted(Role.COUNTY_OFFICER, username="guanli")
    with pytest.raises(CommandError, match="由同一人担任"):
        create(reset=True)
    officer.refresh_from_db()
    assert not officer.must_change_password, "nothing was changed"


def test_the_county_must_be_known():
    with pytest.raises(CommandError, match="load_places"):
        call_command("create_admin", county="999999", username="guanli", name="许平")
