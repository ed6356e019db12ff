"""Whether the risk of an open episode may be removed: each condition passes, fails and is not recorded once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from households.eligibility.assess import recompute, recompute_households
from households.eligibility.clearing import selectors
from households.eligibility.measures import figure
from households.models import Assessment, Clearance, Household, Tally
from tests import factories
from villages.models import PovertyLine
from villages.rights import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YEAR = TODAY.year
LONG_AGO = TODAY - timedelta(days=300)


@pytest.fixture(autouse=True)
def line():
    factories.poverty_line("6000", year=YEAR, kind=PovertyLine.Kind.MONITOR)


def watched(*, since: date = LONG_AGO, risks=("07",), kind="1", code=factories.VILLAGE, **facts) -> Household:
    """A household that lacks nothing, monitored for a risk that costs nothing, with the paper of a measure."""
    row = factories.household(
        code, members=1, exit_status="1", monitor_type=kind, risks=list(risks), risk_identified_on=since,
        risk_cleared=False, **facts,
    )  # fmt: skip
    factories.annual_record(row, YEAR)
    factories.member_year(row.members.get(), YEAR, school_status="")
    factories.attachment(row, kind="10")
    return row


def judged(row: Household) -> Clearance:
    recompute_households([row.pk], YEAR)
    return Clearance.objects.get(household=row)


def test_one_that_lacks_nothing_may_be_cleared():
    found = judged(watched())
    assert (found.failed, found.missing, found.eligible) == ([], [], True)
    assert found.months >= 9


@pytest.mark.parametrize(
    ("facts", "failed", "missing"),
    [
        ({"water_safe": False}, ["water"], []),
        ({"water_safe": None}, [], ["water"]),
        ({"wage_income": Decimal(100)}, ["income"], []),
    ],
)
def test_every_criterion_of_the_year_must_hold_and_be_recorded(facts, failed, missing):
    row = watched()
    row.annual_records.update(**facts)
    found = judged(row)
    assert (found.failed, found.missing, found.eligible) == (failed, missing, False)


def test_without_a_record_nothing_is_recorded():
    row = watched()
    row.annual_records.all().delete()
    assert {"income", "food", "water"} <= set(judged(row).missing)


@pytest.mark.parametrize(("days", "fails"), [(100, True), (190, False)])
def test_half_a_year_must_pass(days, fails):
    assert ("months" in judged(watched(since=TODAY - timedelta(days=days))).failed) is fails


def test_a_set_changes_how_long():
    factories.criteria_set(place=factories.place(factories.COUNTY), params={"calm_months": 12})
    assert "months" in judged(watched()).failed


def test_a_day_that_is_not_known_is_not_recorded():
    row = watched()
    row.spells.filter(axis="monitoring").update(since=None, since_known="unknown")
    found = judged(row)
    assert (found.months, "months" in found.missing) == (None, True)


def had_test(row: Household, **facts) -> None:
    factories.income_test(
        factories.lead(row), line_amount=Decimal(6000), per_head=Decimal(9000), reason="", result="outside", **facts
    )


def test_spending_must_be_tested_where_the_risk_costs_money():
    row = watched(risks=["01"])
    assert "spending" in judged(row).missing
    had_test(row)
    assert judged(row).eligible


def test_spending_that_is_heavy_still_fails_whatever_the_risk():
    row = watched()
    had_test(row, is_heavy=True)
    assert "spending" in judged(row).failed


def test_a_sudden_hardship_asks_for_a_test():
    assert "spending" in judged(watched(kind="3")).missing


def test_a_measure_or_its_paper_is_asked_for():
    row = watched()
    row.attachments.update(kind="01")
    assert judged(row).missing == ["measure"]
    row.attachments.update(kind="10", removed_at=timezone.now())
    assert judged(row).missing == ["measure"]


def test_a_paper_from_before_the_inclusion_does_not_count():
    row = watched()
    row.attachments.update(created_at=timezone.now() - timedelta(days=400))
    assert judged(row).missing == ["measure"]


@pytest.mark.parametrize(
    ("labour", "failed", "missing"),
    [("01", [], []), ("05", [], []), ("04", ["labour"], []), ("", [], ["labour"])],
)
def test_somebody_must_be_able_to_work(labour, failed, missing):
    row = watched()
    row.members.update(labour=labour)
    found = judged(row)
    assert (found.failed, found.missing) == (failed, missing)


def test_a_household_under_the_backstop_stays_under_watch():
    assert judged(watched(no_labour_backstop=True)).failed == ["labour"]


def test_only_open_episodes_are_judged():
    row = watched()
    assert judged(row)
    factories.restand(row, risk_cleared=True, risk_cleared_on=TODAY)
    recompute_households([row.pk], YEAR)
    assert not Clearance.objects.exists()


def test_years_before_monitoring_are_not_judged():
    row = watched()
    recompute_households([row.pk], 2019)
    assert not Clearance.objects.exists()


def test_what_does_not_differ_is_not_written():
    row = watched()
    before = judged(row).judged_at
    recompute(row.village_id, YEAR)
    assert Clearance.objects.get().judged_at == before


@pytest.fixture
def county():
    """Two villages: one household that may be cleared, one that lacks water, one too young."""
    homes = [watched(), watched(), watched(code=factories.NEXT_VILLAGE, since=TODAY - timedelta(days=30))]
    homes[1].annual_records.update(water_safe=False)
    recompute(factories.COUNTY, YEAR)
    return homes


def test_counts_equal_the_lists_behind_them(county):
    client = Client()
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    page = client.get(reverse("clearing"))
    rows = page.context["rows"]
    assert [row["place"].pk for row in rows] == [factories.TOWNSHIP]
    numbers = rows[0]["numbers"]
    assert (numbers["monitored"], numbers["clearable"], numbers["lacking/water"], numbers["lacking/months"]) == (
        3,
        1,
        1,
        1,
    )
    for wanted, url in (
        (3, rows[0]["url"]()), (1, rows[0]["url"](state="eligible")), (1, rows[0]["url"](lacking="water")),
    ):  # fmt: skip
        assert client.get(url).context["list"].count == wanted
        assert url in page.content.decode().replace("&amp;", "&")


def test_every_bucket_equals_the_verdicts_behind_it(county):
    for measure in ("monitored", "watched", "clearable", "lacking"):
        kept = Tally.objects.filter(year=YEAR, place=factories.COUNTY, measure=measure)
        assert kept.exists(), measure
        for row in kept:
            assert row.households == Assessment.objects.filter(figure(f"{measure}.{row.bucket}"), year=YEAR).count()


def test_the_dashboard_shows_them(county):
    client = Client()
    client.force_login(factories.posted(Role.COUNTY_LEADER))
    page = client.get(reverse("dashboard-place", args=[factories.COUNTY]), {"year": YEAR})
    card = next(each for each in page.context["cards"] if each["label"] == "风险未消除")
    assert (card["value"], card["sub"]) == (3, "可以消除 1 户")
    assert client.get(card["url"]).context["page"].count == 3
    assert client.get(card["sub_url"]).context["page"].count == 1


def test_the_list_says_what_is_lacking(county):
    client = Client()
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    shown = {
        row.row.pk: [cell.text for cell in row.cells] for row in client.get(reverse("monitored")).context["list"].rows
    }
    assert "可以消除" in shown[county[0].pk]
    assert "饮水" in shown[county[1].pk]
    assert "纳入未满半年" in shown[county[2].pk]


def test_the_household_page_says_what_stands_in_the_way(county):
    client = Client()
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    page = client.get(reverse("household", args=[county[1].pk])).content.decode()
    assert "风险能消除吗" in page
    assert "饮水安全：不符合" in page
    labels = [line.result for line in selectors.lines(Clearance.objects.get(household=county[1]))]
    assert labels == ["fail", "pass", "pass", "pass", "pass"]


def test_the_workbench_leads_to_who_may_be_cleared(county):
    client = Client()
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    board = client.get("/").context["board"]
    dues = {due.title: due for due in board.dues}
    assert client.get(dues["1 户可以消除风险"].url).context["list"].count == 1
    short = dues["1 户满半年仍不能消除风险"]
    assert [link.label for link in short.links] == ["差饮水 1 户"]
    assert client.get(short.links[0].url).context["list"].count == 1
    assert next(each for each in board.figures if each.label == "风险未消除").value == 3


def test_the_api_says_the_same(county):
    client = APIClient()
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    found = client.get("/api/v1/monitored/", {"lacking": "water"}).json()
    assert [row["id"] for row in found["results"]] == [county[1].pk]
    assert found["results"][0]["clearance"]["failed"] == ["water"]
    one = client.get(f"/api/v1/monitored/{county[1].pk}/").json()
    assert one["lines"][0]["result"] == "fail"
    stranger = APIClient()
    stranger.force_login(factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY))
    assert stranger.get("/api/v1/monitored/").json()["count"] == 0
    assert stranger.get(f"/api/v1/monitored/{county[1].pk}/").status_code == 404
