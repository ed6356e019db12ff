"""Applications and quotas on the workbench: for whom they wait, with the list behind the number."""

from datetime import date

import pytest

from households.models import Application
from households.procedures.quotas import services as quota
from households.procedures.quotas.services import Share
from povreg.kit.workbench import board_of
from tests import factories as make
from tests.api import rows
from tests.overview.test_workbench import dues, fresh
from villages.rights import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady_counts")]
YEAR = make.YEAR


@pytest.fixture
def applied():
    """Two applications of one village, one of the next."""
    return [
        rows.application(make.household(code, members=1), applied_on=date(2020, 6, day))
        for day, code in ((1, make.VILLAGE), (3, make.VILLAGE), (2, make.NEXT_VILLAGE))
    ]


def test_a_cadre_is_told_of_the_applications_of_his_village(client, applied):
    cadre = make.posted(Role.VILLAGE_CADRE)
    due = dues(cadre)["2 份申请待处理"]
    assert (due.text, due.tag) == ("其中 2 份还没有入户核查。", "最早 6月1日")
    client.force_login(cadre)
    assert client.get(due.url).context["list"].page.paginator.count == 2


def test_a_township_is_told_of_all_of_them(applied):
    assert "3 份申请待处理" in dues(make.posted(Role.TOWNSHIP_OFFICER))


def test_an_answered_application_waits_no_more(applied):
    cadre = make.posted(Role.VILLAGE_CADRE)
    for row in applied[:2]:
        Application.objects.filter(pk=row.pk).update(state=Application.State.DECLINED, state_reason="不符合条件")
    assert not any("申请待处理" in title for title in dues(cadre))
    assert not any("申请待处理" in title for title in dues(make.posted(Role.COUNTY_OFFICER)))


@pytest.fixture
def officer():
    for code in (make.VILLAGE, make.NEXT_VILLAGE):
        make.place(code)
    return make.posted(Role.COUNTY_OFFICER)


def set_number(officer, code, amount=100):
    return quota.set_quota(by=officer, place=code, year=YEAR, method="given", factors={"given": amount})


def divided(officer):
    """The county's number on its one township, and the township's on its two villages."""
    whole, town = set_number(officer, make.COUNTY), set_number(officer, make.TOWNSHIP)
    shares = {code: Share({"given": 50}, None, "") for code in (make.VILLAGE, make.NEXT_VILLAGE)}
    quota.divide_quota(by=officer, quota=town, method="given", shares=shares)
    return whole, town


def test_without_a_number_the_year_has_nothing_to_hand_down(officer):
    assert not any("规模" in title for title in dues(officer))


def test_a_number_that_is_not_divided_waits_for_the_county(officer):
    set_number(officer, make.COUNTY)
    due = dues(officer)[f"{YEAR}年规模待下达"]
    assert [link.label for link in due.links] == ["开州区：还没有分解"]
    assert due.url == f"/procedures/quotas/{make.COUNTY}/?year={YEAR}"


def test_what_was_handed_down_is_shown_to_who_received_it(officer):
    whole, town = divided(officer)
    assert [link.label for link in dues(officer)[f"{YEAR}年规模待下达"].links] == [
        "开州区：1 处待下达",
        "关面乡：2 处待下达",
    ]
    cadre = make.posted(Role.VILLAGE_CADRE)
    assert not board_of(fresh(cadre), YEAR).figures

    quota.confirm_quotas(by=officer, quota=whole)
    quota.confirm_quotas(by=officer, quota=town)

    assert f"{YEAR}年规模待下达" not in dues(officer)
    [figure] = board_of(fresh(cadre), YEAR).figures
    assert (figure.label, figure.value, figure.unit) == ("识别规模", 50, "人")


def test_nobody_is_told_of_another_county(officer):
    set_number(officer, make.COUNTY)
    other = make.posted(Role.COUNTY_OFFICER, make.OTHER_COUNTY)
    assert not any("规模" in title for title in dues(other))
