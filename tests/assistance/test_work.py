"""Work: spells in order, the month of a village in one go, a lost job raises a lead, counts against last year."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.models import WorkSpell
from assistance.work import selectors
from assistance.work.services import begin_work, end_work, note_wish, offer_post
from households.models import Lead
from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def cun():
    return factories.posted(Role.VILLAGE_CADRE)


@pytest.fixture
def person():
    return factories.household(members=2).members.order_by("pk").first()


def test_a_spell_is_plausible_and_the_only_open_one(cun, person):
    with pytest.raises(ValidationError, match="月工资"):
        begin_work(by=cun, member=person, since=DAY, wage=Decimal("30000.01"))
    begin_work(by=cun, member=person, since=DAY, wage=Decimal("30000"))
    with pytest.raises(ValidationError, match="没结束的务工"):
        begin_work(by=cun, member=person, since=DAY)


@pytest.mark.parametrize(("why", "leads"), [("lost", 1), ("returned", 1), ("changed", 0)])
def test_a_lost_job_raises_a_lead(cun, person, why, leads):
    spell = begin_work(by=cun, member=person, since=DAY)
    end_work(by=cun, spell=spell, until=date(2026, 6, 1), why=why)
    assert Lead.objects.filter(member=person, subject="失去务工").count() == leads


def test_a_village_confirms_its_month_on_one_page(cun):
    homes = [factories.household(members=1) for _ in range(3)]
    spells = [begin_work(by=cun, member=home.members.get(), since=DAY, employer="某厂") for home in homes]
    assert selectors.unconfirmed(WorkSpell.objects.all()).count() == 3
    today = timezone.localdate()
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    page = Client()
    page.force_login(cun)
    where = reverse("work-month", args=[factories.VILLAGE])
    assert homes[0].members.get().name in page.get(where).content.decode()
    typed = {f"wage-{spells[0].pk}": "4,200", f"state-{spells[1].pk}": "lost", "month": f"{month:%Y-%m}"}
    answer = page.post(where, typed, follow=True)
    assert "2 人在岗，1 人结束务工" in answer.content.decode()
    assert WorkSpell.objects.get(pk=spells[0].pk).wage == 4200
    assert selectors.unconfirmed(WorkSpell.objects.all()).count() == 0
    assert page.post(where, {f"wage-{spells[0].pk}": "四千", "month": f"{month:%Y-%m}"}).status_code == 422


def test_people_are_counted_against_the_same_day_last_year(cun, person):
    begin_work(by=cun, member=person, since=date(2024, 1, 1))
    other = factories.household(members=1).members.get()
    begin_work(by=cun, member=other, since=DAY)
    (row,) = selectors.against_last_year(cun)
    assert (row.now, row.then, row.change) == (2, 1, 1)


def test_a_post_finds_who_wants_it(cun, person):
    xian = factories.posted(Role.COUNTY_OFFICER)
    post = offer_post(
        by=xian, place=factories.place(factories.COUNTY), employer="某厂", title="缝纫工", sector="factory", near=False,
        wage=Decimal("4000"), count=5, until=timezone.localdate(),
    )  # fmt: skip
    note_wish(by=cun, member=person, wants=True, sector="factory", wage=Decimal("4000"))
    assert [row.member for row in selectors.wishes_for(xian, post)] == [person]
    note_wish(by=cun, member=person, wants=True, sector="factory", wage=Decimal("4000.01"))
    assert not selectors.wishes_for(xian, post)
