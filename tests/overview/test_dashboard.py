"""The dashboard: figures that agree with the lists behind them, read from summaries only, inside one's postings."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from households.eligibility.assess import recompute
from households.models import AnnualRecord, Household
from povreg.jobs.models import Job
from povreg.overview.dashboard.behind import Behind
from povreg.overview.dashboard.charts import income_chart
from povreg.overview.dashboard.tallies import Counts, percent
from tests import factories as make
from villages.models import VillageProfile
from villages.rights import Role

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


# Every figure agrees with its list: test_dashboard_figures.py.


def test_poor_and_other_villages_are_measured_apart(client, officer, county):
    row = look(client).context["table"][0]
    for share, url, of in (("poor", "poor_url", make.VILLAGE), ("other", "other_url", make.NEXT_VILLAGE)):
        total = Household.objects.filter(village_id=of).count()
        assert row[share] == f"{percent(listed(client, row[url]), total)}%"


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
    assert client.get(f"/dashboard/{code}/notices/").status_code == (200 if role == Role.HELPER else status)


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
    with django_assert_max_num_queries(14) as small:
        look(client)
    for number in range(3, 9):
        make.household(f"50015420{number}200", members=1)
    recompute(make.COUNTY, YEAR)
    with django_assert_max_num_queries(14) as large:
        look(client)

    assert len(large) <= len(small)
    for query in (*small.captured_queries, *large.captured_queries):
        assert not re.search(r"households_(household|member|assessment|annualrecord)\b", query["sql"]), query["sql"]


# A recompute under way.


def address(text):
    """Where the page or the last answer asks for news."""
    return unescape(re.search(r'hx-get="([^"]+)" hx-trigger="every 2s"', text)[1])


def test_a_running_recompute_shows_its_progress_and_hides_the_button(client, officer, county):
    make.job(params={"year": YEAR}, status=Job.Status.RUNNING, expected=200, done=124)
    text = look(client, make.TOWNSHIP).content.decode()
    assert "进行中 62%" in text
    assert "重新评定</button>" not in text


def test_while_nothing_has_ended_only_the_progress_comes(client, officer, county):
    make.job(params={"year": YEAR}, status=Job.Status.RUNNING, expected=200, done=124)
    news = client.get(address(look(client).content.decode())).content.decode()
    assert "进行中 62%" in news
    assert "hx-swap-oob" not in news


def test_a_slice_that_ended_brings_its_figures_at_once(client, officer, county):
    make.job(params={"year": YEAR}, status=Job.Status.RUNNING, expected=200, done=124)
    page = look(client)
    failing = page.context["cards"][2]["value"]
    AnnualRecord.objects.filter(village_id=FAR_VILLAGE).update(food=False)
    recompute(make.OTHER_TOWNSHIP, YEAR)

    answer = client.get(address(page.content.decode()))

    news = answer.content.decode()
    assert answer.context["cards"][2]["value"] > failing
    for part in ("dash-cards", "dash-places", "dash-data", "dash-as-of"):
        assert re.search(rf'id="{part}"[^>]* hx-swap-oob=', news), part
    assert answer.context["charts"]["unmet"] == look(client).context["charts"]["unmet"]
    assert "hx-swap-oob" not in client.get(address(news)).content.decode(), "the same news is told once"


@pytest.mark.parametrize(
    ("status", "told"), [("done", "重新评定已完成"), ("failed", "查看原因"), ("cancelled", "重新评定已取消")]
)
def test_the_last_answer_says_how_it_ended_and_asks_no_more(client, officer, county, status, told):
    job = make.job(params={"year": YEAR}, status=Job.Status.RUNNING, expected=200, done=124)
    url = address(look(client).content.decode())
    Job.objects.filter(pk=job.pk).update(status=status)

    answer = client.get(url)

    news = answer.content.decode()
    assert told in news
    assert "every 2s" not in news
    assert "重新评定</button>" in news
    assert "HX-Refresh" not in answer.headers


def test_the_first_verdicts_of_a_year_load_the_page_once(client, officer, county):
    make.job(params={"year": 2019}, status=Job.Status.RUNNING, expected=200, done=1)
    url = address(look(client, year=2019).content.decode())
    assert "HX-Refresh" not in client.get(url).headers
    recompute(make.COUNTY, 2019)
    assert client.get(url).headers["HX-Refresh"] == "true"


def test_a_recompute_below_is_followed_and_leaves_the_button(client, officer, county):
    make.job(place_code=make.TOWNSHIP, params={"year": YEAR}, status=Job.Status.RUNNING)
    text = look(client).content.decode()
    assert "dash-progress" in text
    assert "重新评定</button>" in text


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


def test_bars_are_red_up_to_the_line_amber_near_above_it_and_blue_beyond():
    """Colours change exactly where the line stands, and the line stands at its value."""
    line = make.poverty_line("3747", year=2019)
    data = income_chart(Counts(), Behind(make.COUNTY, 2019), line)
    at = data["edges"].index(data["line"]["value"])
    assert data["line"] == {"value": 3747.0, "label": "标准线 3,747 元"}
    assert data["categories"][at - 1 : at + 1] == ["3,372.30—3,747", "3,747—4,121.70"]
    assert set(data["tones"][:at]) == {"fail"}
    assert data["tones"][at] == "warn"
    assert set(data["tones"][at + 1 :]) == {"act"}
    assert len(data["edges"]) == len(data["tones"]) + 1 == len(data["categories"]) + 1


def test_a_narrower_margin_leaves_no_band_amber_and_a_wider_one_two():
    line = make.poverty_line("4000", year=2019)
    tones = [
        income_chart(Counts(), Behind(make.COUNTY, 2019), line, Decimal(near))["tones"].count("warn")
        for near in ("0.05", "0.10", "0.20")
    ]
    assert tones == [0, 1, 2]


def test_villages_without_a_profile_count_as_not_poor(client, officer, county):
    VillageProfile.objects.all().delete()
    recompute(make.COUNTY, YEAR)
    assert look(client).context["sum"]["poor"] == "—"
