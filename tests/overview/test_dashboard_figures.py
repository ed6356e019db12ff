"""Every figure of every dashboard equals the list behind it: card, bar, point, cell; province down to village."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from households.eligibility.assess import recompute
from households.find import listing
from households.models import Assessment, Household, Notice, Tally
from households.people import listing as people_listing
from households.register.endings import end_household
from povreg.overview.dashboard import charts, table
from tests import factories as make
from tests.api import rows as procedures
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = 2020
YEARS = (2019, 2020)
FAR_VILLAGE = "500154202200"
FAR_COUNTY, FAR_COUNTY_VILLAGE = "500229", "500229001200"  # in the other prefecture
FACTS = [
    {},
    {"food": False, "clothing": False},
    {"house_grade": ""},
    {"wage_income": Decimal("100")},
    {"wage_income": Decimal("2820")},
    {"wage_income": Decimal("60000")},
    None,
]


@pytest.fixture
def province():
    """Two counties in two prefectures, poor and other villages, two years, every kind of verdict, two notices."""
    make.village_profile(make.VILLAGE, is_poor=True)
    make.village_profile(FAR_COUNTY_VILLAGE, is_poor=True)
    villages = (make.VILLAGE, make.NEXT_VILLAGE, FAR_VILLAGE, FAR_COUNTY_VILLAGE)
    for number, record in enumerate(FACTS * 4):
        household = make.household(
            villages[number % 4],
            members=1 + number % 3,
            return_year=(None, YEAR)[number % 5 == 0],
            main_cause=f"0{number % 3 + 1}",
        )
        for year in YEARS:
            if record is not None and (number + year) % 11:
                make.annual_record(household, year, **record)
            for person in household.members.all():
                make.member_year(person, year, school_status="04")
    for year in YEARS:
        for county in (make.COUNTY, FAR_COUNTY):
            recompute(county, year)
    for village in (make.VILLAGE, FAR_VILLAGE):
        procedures.objection(Household.objects.filter(village=village).first())
    Notice.objects.filter(place=FAR_VILLAGE).update(state=Notice.State.CLOSED, closed_on="2020-10-16")


def look(client, code: str) -> dict[str, Any]:
    answer = client.get(f"/dashboard/{code}/?year={YEAR}")
    assert answer.status_code == 200
    return answer.context


def figures(context: Any) -> Iterator[tuple[str, int, str]]:
    """Name, count and address of every figure that the page shows."""
    for card in context["cards"]:
        yield card["label"], card["value"], card["url"]
        if "sub_url" in card:
            yield card["label"] + card["sub"], int("".join(filter(str.isdigit, card["sub"]))), card["sub_url"]
    for name, chart in context["charts"].items():
        for series in chart["series"]:
            counts = series.get("counts", series["values"])
            for category, count, url in zip(chart["categories"], counts, series["urls"], strict=True):
                yield f"{name} {series['name']} {category}", count, url
    for row in [*context["table"], context["sum"]] if context["table"] else []:
        yield f"{row['name']}户", row["total"], row["rows_url"]
        yield f"{row['name']}人", row["people"], row["people_url"]
        yield f"{row['name']}踩线", row["borderline"], row["borderline_url"]
        yield f"{row['name']}未录完", row["incomplete"], row["incomplete_url"]
        if row["worst"]:
            yield f"{row['name']}最多", row["worst"]["count"], row["worst"]["url"]
        yield from ((row["name"] + each["label"], each["count"], each["url"]) for each in row["verdicts"])
    for row in [*context["heat"]["rows"], context["heat"]["sum"]] if context["table"] else []:
        for head, cell in zip(context["heat"]["heads"], row["cells"], strict=True):
            yield f"{row['name']}{head}", cell["count"], cell["url"]


def listed(client, url: str) -> int:
    """How many rows the list behind a figure says it holds."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    page = answer.context["page"] if "page" in answer.context else answer.context["list"].page
    return page.paginator.count if hasattr(page, "paginator") else page.count


LEVELS = {
    "50": Role.COUNTY_LEADER,
    "5001": Role.COUNTY_LEADER,
    make.COUNTY: Role.COUNTY_LEADER,
    make.TOWNSHIP: Role.TOWNSHIP_OFFICER,
    make.VILLAGE: Role.VILLAGE_CADRE,
}


@pytest.mark.parametrize("code", LEVELS)
def test_every_figure_equals_the_list_behind_it(client, province, code):
    client.force_login(make.posted(LEVELS[code], code))
    found = list(figures(look(client, code)))
    lists = {url: listed(client, url) for url in {url for _, _, url in found}}
    assert [(name, count) for name, count, url in found if lists[url] != count] == []
    assert sum(bool(count) for _, count, _ in found) > 20


def test_who_left_in_the_running_year_stands_behind_what_counts_him(client):
    """The number of a place led to those in the register today: 31 households, and a list of 30."""
    today = timezone.localdate()
    _stays, left = (make.household(members=1, main_cause="01") for _ in range(2))
    end_household(by=None, household=left, on=today)
    recompute(make.COUNTY, today.year)
    client.force_login(make.posted(Role.COUNTY_LEADER))
    context = client.get(f"/dashboard/{make.COUNTY}/?year={today.year}").context
    found = list(figures(context))
    assert ("关面乡户", 2) in [(name, count) for name, count, _url in found]
    assert not [(name, count, url) for name, count, url in found if count and listed(client, url) != count]


def test_a_province_leader_drills_down_to_the_household(client, province):
    """What a row says of a place is what the place's own page says, down to the list and the household."""
    client.force_login(make.posted(Role.COUNTY_LEADER, "50"))
    context = client.get("/dashboard/").context
    assert (context["place"].pk, context["year"]) == ("50", YEAR)
    assert [row["name"] for row in context["table"]] == ["市辖区", "地区5002"]
    for name in ("市辖区", "开州区", "关面乡", "泉秀村"):
        row = next(row for row in context["table"] if row["name"] == name)
        context = client.get(row["url"]).context
        cards = {card["label"]: card["value"] for card in context["cards"]}
        assert (cards["在册"], cards["踩线"]) == (row["total"], row["borderline"])
        assert [cards[label] for label in ("达标", "未达标", "缺数据")] == [each["count"] for each in row["verdicts"]]
    failing = next(card for card in context["cards"] if card["label"] == "未达标")
    rows = client.get(failing["url"]).context["rows"]
    assert len(rows) == failing["value"] > 0
    assert "未达标" in client.get(rows[0]["url"], follow=True).text


def test_a_prefecture_counts_its_own_counties_only(client, province):
    client.force_login(make.posted(Role.COUNTY_LEADER, "5002"))
    assert look(client, "5002")["cards"][0]["value"] == Household.objects.filter(village=FAR_COUNTY_VILLAGE).count()
    assert client.get("/dashboard/5001/").status_code == 404


def test_the_trend_names_every_judged_year_with_the_income_a_head(client, province):
    client.force_login(make.posted(Role.COUNTY_LEADER))
    trend = look(client, make.COUNTY)["charts"]["trend"]
    assert trend["categories"] == ["2019年", "2020年"]
    for year, shown in zip(YEARS, trend["series"][-1]["values"], strict=True):
        known = Assessment.objects.filter(year=year, village__code__startswith=make.COUNTY, per_head__isnull=False)
        whole = sum(each.net_income for each in known) / sum(each.persons for each in known)
        assert shown == float(round(whole, 2))


def test_counts_made_before_a_measure_was_declared_break_nothing(client, province):
    """Until the next recompute the average is not known; everything else is there."""
    Tally.objects.filter(measure="net_income").delete()
    client.force_login(make.posted(Role.COUNTY_LEADER))
    context = look(client, make.COUNTY)
    assert context["charts"]["trend"]["series"][-1]["values"] == [None, None]
    assert context["charts"]["trend"]["series"][0]["values"][1] > 0


def test_sides_are_compared_by_share_and_only_where_there_are_two(client, province, monkeypatch):
    monkeypatch.setattr(charts, "FEW", 1)
    client.force_login(make.posted(Role.COUNTY_LEADER))
    sides = look(client, make.TOWNSHIP)["charts"]["sides"]
    poor, other = sides["series"]
    here = Assessment.objects.filter(year=YEAR, village=make.VILLAGE)
    failed = here.filter(verdict="fail").count()
    assert poor["counts"][0] == failed
    assert poor["values"][0] == round(failed / here.count() * 100, 1)
    assert (poor["name"], other["name"]) == ("贫困村 7 户", "非贫困村 7 户")
    assert "sides" not in look(client, make.VILLAGE)["charts"]


def test_a_share_of_few_households_is_no_share(client, province):
    client.force_login(make.posted(Role.COUNTY_LEADER))
    page = look(client, make.TOWNSHIP)
    assert "sides" not in page["charts"]
    cells = [cell for row in page["heat"]["rows"] for cell in row["cells"] if cell["count"]]
    assert cells
    assert {cell["shade"] for cell in cells} == {0}
    assert all(re.fullmatch(r"\d+/\d", cell["text"]) for cell in cells), "the base stands beside the number"


def test_the_shade_of_a_cell_follows_its_share(client, province, monkeypatch):
    monkeypatch.setattr(table, "FEW", 1)
    client.force_login(make.posted(Role.COUNTY_LEADER))
    for row in look(client, make.COUNTY)["heat"]["rows"]:
        for cell in row["cells"]:
            assert (cell["shade"] == 0) == (cell["count"] == 0)
            assert cell["share"] <= 20 or cell["shade"] == 5


def test_a_village_names_the_households_nearest_the_line(client, province):
    client.force_login(make.posted(Role.VILLAGE_CADRE))
    rows = look(client, make.VILLAGE)["nearest"]
    margins = Assessment.objects.filter(village=make.VILLAGE, year=YEAR, margin__isnull=False)
    nearest = sorted(margins, key=lambda each: (abs(each.margin), each.household_id))
    assert [row["household_id"] for row in rows] == [each.household_id for each in nearest[:10]]
    page = client.get(f"/dashboard/{make.VILLAGE}/?year={YEAR}").text
    for row in rows:
        assert f"/households/{row['household_id']}/?year={YEAR}" in page


def test_notices_and_objections_are_for_who_may_see_lists(client, province, monkeypatch):
    client.force_login(make.posted(Role.COUNTY_LEADER))
    card = look(client, make.COUNTY)["cards"][-1]
    assert (card["label"], card["value"], card["sub"]) == ("公示进行中", 1, "未办结异议 2 件")
    assert "泉秀村" in client.get(card["url"]).text
    assert "甘泉村" not in client.get(card["url"]).text
    client.force_login(make.posted(Role.COUNTY_LEADER, make.OTHER_COUNTY))
    assert client.get(card["url"]).status_code == 404


@pytest.mark.parametrize("code", ["50", make.COUNTY])
def test_a_list_longer_than_its_pages_still_tells_the_figure(client, province, monkeypatch, code):
    """Lists are counted to a cap; behind a figure the summaries know the whole number."""
    monkeypatch.setattr(listing, "COUNT_CAP", 3)
    monkeypatch.setattr(listing, "WIDE_CAP", 3)
    client.force_login(make.posted(Role.COUNTY_LEADER, code))
    told = 0
    for name, count, url in figures(look(client, code)):
        if count <= 3 or not url.startswith("/households/"):
            continue
        answer = client.get(url)
        assert (answer.context["page"].count, answer.context["page"].whole) == (3, count), name
        assert f"共 {count} 户，先列 3 户" in answer.text
        told += 1
    assert told > 10


def test_a_long_list_of_people_tells_the_figure_too(client, province, monkeypatch):
    monkeypatch.setattr(people_listing, "COUNT_CAP", 3)
    client.force_login(make.posted(Role.COUNTY_LEADER))
    people = look(client, make.COUNTY)["sum"]
    page = client.get(people["people_url"]).context["page"]
    assert (page.count, page.whole) == (3, people["people"])


def test_only_a_single_figure_of_ones_own_place_is_known_whole(client, province, monkeypatch):
    monkeypatch.setattr(listing, "COUNT_CAP", 1)
    client.force_login(make.posted(Role.TOWNSHIP_OFFICER))
    for query in ("verdict=fail&cause=01", "type=01", "figure=verdict.fail&figure=cause.01"):
        page = client.get(f"/households/?year={YEAR}&place={make.TOWNSHIP}&{query}").context["page"]
        assert page.whole is None, query
    assert client.get(f"/households/?year={YEAR}&place={make.COUNTY}&verdict=pass").context["page"].whole is None
