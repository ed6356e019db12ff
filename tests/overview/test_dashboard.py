"""The dashboard: figures that agree with the lists behind them, read from summaries only, inside one's postings."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from households.eligibility.assess import recompute
from households.models import Household
from povreg.jobs.models import Job
from povreg.overview.dashboard.figures import Behind, income_chart
from povreg.overview.dashboard.tallies import Counts, percent
from tests import factories as make
from villages.models import VillageProfile
from villages.people.rights import Role

pytestmark = pytest.mark.django_db
YEAR = 2020
FAR_VILLAGE = "500154202200"


@pytest.fixture
def county():
    """Two townships, three villages, one of them poor, every kind of verdict."""
    make.village_profile(make.VILLAGE, is_poor=True)
    facts = [
        {},
        {"food": False},
        {"house_grade": ""},
        {"wage_income": Decimal("100")},
        {"wage_income": Decimal("2820")},
        None,
    ]
    for number, record in enumerate(facts * 3):
        village = (make.VILLAGE, make.NEXT_VILLAGE, FAR_VILLAGE)[number // 6]
        row = make.household(
            village, members=2, return_year=(None, YEAR)[number % 5 == 0], main_cause=f"0{number % 3 + 1}"
        )
        if record is not None:
            make.annual_record(row, **record)
        for person in row.members.all():
            make.member_year(person, school_status="04")
    recompute(make.COUNTY, YEAR)


@pytest.fixture
def officer(client):
    account = make.posted(Role.COUNTY_OFFICER)
    client.force_login(account)
    return account


def look(client, code=make.COUNTY, year=YEAR):
    answer = client.get(f"/dashboard/{code}/?year={year}")
    assert answer.status_code == 200
    return answer


def listed(client, url):
    """How many households the list behind a figure holds."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.context["page"].count


# Every figure agrees with its list.


@pytest.mark.parametrize("code", [make.COUNTY, make.TOWNSHIP, make.VILLAGE])
def test_every_card_is_the_number_of_its_list(client, officer, county, code):
    cards = look(client, code).context["cards"]
    assert {card["label"]: card["value"] for card in cards} == {
        card["label"]: listed(client, card["url"]) for card in cards
    }
    assert sum(card["value"] for card in cards[1:4]) == cards[0]["value"]


def test_every_bar_is_the_number_of_its_list(client, officer, county):
    context = look(client).context
    for name in ("unmet", "incomes", "causes"):
        for series in context[name]["series"]:
            assert series["values"] == [listed(client, url) for url in series["urls"]], name
    assert sum(context["unmet"]["series"][0]["values"]) > 0
    assert sum(context["causes"]["series"][0]["values"]) == Household.objects.count()


def test_every_figure_of_the_table_is_the_number_of_its_list(client, officer, county):
    context = look(client).context
    rows = context["table"]
    assert [row["name"] for row in rows] == ["关面乡", "满月镇"]
    for row in (*rows, context["sum"]):
        assert row["total"] == listed(client, row["rows_url"])
        assert [each["count"] for each in row["verdicts"]] == [listed(client, each["url"]) for each in row["verdicts"]]
        assert row["worst"]["count"] == listed(client, row["worst"]["url"])
    assert sum(row["total"] for row in rows) == context["sum"]["total"]


def test_poor_and_other_villages_are_measured_apart(client, officer, county):
    row = look(client).context["table"][0]
    for share, url, of in (("poor", "poor_url", make.VILLAGE), ("other", "other_url", make.NEXT_VILLAGE)):
        total = Household.objects.filter(village_id=of).count()
        assert row[share] == f"{percent(listed(client, row[url]), total)}%"


def test_the_blocked_households_behind_the_eligible_ones(client, officer, county):
    card = next(card for card in look(client).context["cards"] if card["label"] == "具备退出条件")
    assert f" {listed(client, card['sub_url'])} 户" in card["sub"]


def test_completeness_is_the_share_of_recorded_fields(client, officer, county):
    row = look(client).context["sum"]
    assert 0 < row["entered"] < 100


# Drilling.


def test_the_path_from_county_to_household(client, officer, county):
    township = look(client).context["table"][0]
    village = client.get(township["url"]).context["table"][0]
    leaf = client.get(village["url"])
    assert leaf.context["table"] == []
    rows = client.get(leaf.context["cards"][0]["url"]).context["rows"]
    assert client.get(rows[0]["url"], follow=True).status_code == 200


def test_crumbs_lead_up_to_the_posting_and_no_further(client, county):
    client.force_login(make.posted(Role.TOWNSHIP_OFFICER))
    crumbs = look(client, make.VILLAGE).context["crumbs"]
    assert [crumb["label"] for crumb in crumbs] == ["关面乡"]


def test_the_first_page_is_the_widest_posting(client, county):
    account = make.posted(Role.VILLAGE_CADRE)
    make.posting(account, Role.TOWNSHIP_OFFICER)
    client.force_login(account)
    assert client.get("/dashboard/").context["place"].pk == make.TOWNSHIP


# Who may look.


@pytest.mark.parametrize(
    ("role", "code", "status"),
    [
        (Role.COUNTY_LEADER, make.COUNTY, 200),
        (Role.TOWNSHIP_OFFICER, make.TOWNSHIP, 200),
        (Role.TOWNSHIP_OFFICER, make.COUNTY, 404),
        (Role.TOWNSHIP_OFFICER, make.OTHER_TOWNSHIP, 404),
        (Role.VILLAGE_CADRE, make.VILLAGE, 200),
        (Role.VILLAGE_CADRE, make.NEXT_VILLAGE, 404),
        (Role.HELPER, make.VILLAGE, 403),
        (Role.ACCOUNTS_ADMIN, make.COUNTY, 403),
    ],
)
def test_figures_are_seen_inside_the_posting(client, county, role, code, status):
    client.force_login(make.posted(role, make.COUNTY if role == Role.ACCOUNTS_ADMIN else ""))
    assert client.get(f"/dashboard/{code}/").status_code == status
    assert client.get(f"/dashboard/{code}/progress/").status_code == (204 if status == 200 else status)


def test_only_those_with_the_right_may_recompute(client, county):
    client.force_login(make.posted(Role.COUNTY_LEADER))
    assert "重新评定</button>" not in look(client).content.decode()
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    assert "重新评定</button>" in look(client).content.decode()


# What it costs.


def test_the_page_reads_summaries_only_in_a_constant_number_of_queries(
    client, officer, county, django_assert_max_num_queries
):
    look(client)
    with django_assert_max_num_queries(12) as small:
        look(client)
    for number in range(3, 9):
        make.household(f"50015420{number}200", members=1)
    recompute(make.COUNTY, YEAR)
    with django_assert_max_num_queries(12) as large:
        look(client)

    assert len(large) <= len(small)
    for query in (*small.captured_queries, *large.captured_queries):
        assert not re.search(r"households_(household|member|assessment|annualrecord)\b", query["sql"]), query["sql"]


# A recompute under way.


def test_a_running_recompute_shows_its_progress_and_hides_the_button(client, officer, county):
    job = make.job(params={"year": YEAR}, status=Job.Status.RUNNING, expected=200, done=124)

    text = look(client, make.TOWNSHIP).content.decode()

    assert "进行中 62%" in text
    assert "重新评定</button>" not in text
    url = unescape(re.search(r'hx-get="([^"]+)"', text)[1])
    assert "进行中 62%" in client.get(url).content.decode()
    Job.objects.filter(pk=job.pk).update(status=Job.Status.DONE)
    assert client.get(url).headers["HX-Refresh"] == "true"


def test_a_recompute_elsewhere_or_of_another_year_is_not_shown(client, officer, county):
    make.job(params={"year": 2019}, status=Job.Status.RUNNING)
    make.job(place_code=make.OTHER_COUNTY, params={"year": YEAR}, status=Job.Status.RUNNING)
    assert "dash-progress" not in look(client).content.decode()


# States.


def test_a_year_without_verdicts_says_what_to_do(client, officer, county):
    text = look(client, year=2017).content.decode()
    assert "开州区2017年还没有评定结果" in text
    assert "点“重新评定”" in text


def test_the_page_names_the_time_and_the_rules(client, officer, county):
    text = look(client).content.decode()
    assert "数据时点" in text
    assert "评定版本 一超过两不愁三保障 v1" in text
    assert reverse("flips") in text


def test_bars_are_red_up_to_the_line_amber_around_it_and_blue_beyond():
    line = make.poverty_line("3747", year=2019)
    data = income_chart(Counts(), Behind(make.COUNTY, 2019), line)
    tones = dict(zip(data["categories"], data["tones"], strict=True))
    assert tones["3000—3500"] == "fail"
    assert tones["3500—4000"] == "warn"
    assert tones["4000—4500"] == "warn"
    assert tones["4500—5000"] == "act"
    assert data["categories"][data["line"]["at"]] == "3500—4000"
    assert data["line"]["label"] == "标准线 3,747 元"


def test_villages_without_a_profile_count_as_not_poor(client, officer, county):
    VillageProfile.objects.all().delete()
    recompute(make.COUNTY, YEAR)
    assert look(client).context["sum"]["poor"] == "—"
