"""How assistance stands in the places: every figure is what plain SQL counts; what may be opened is reached."""

from __future__ import annotations

import html
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from assistance.pairing.teams.selectors import support_grid
from assistance.situation import selectors
from households.figures.dimensions import DIMENSIONS
from households.models import Household
from povreg.kit.menu import entries, may_open
from povreg.overview.nav import MOST, Bars
from tests import factories as make
from tests.assistance import moneyed
from tests.factories_assistance import measure, plan, visit
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
TODAY = timezone.localdate


def county() -> Any:
    """Two villages: one household watched and cared for, one poor and left alone, money in both."""
    watched = make.household(
        make.VILLAGE, members=2, monitor_type="2", exit_status="", risk_identified_on=date(2025, 3, 1)
    )
    left = make.household(make.NEXT_VILLAGE, members=3, exit_status="0")
    helper = make.posted(Role.HELPER)
    make.pairing(watched, helper)
    visit(watched, helper, visited_on=TODAY())
    plan(watched, state="agreed", agreed_on=TODAY())
    measure(watched, delivered_on=date(YEAR, 1, 5), amount=Decimal("600"))
    measure(left, delivered_on=date(YEAR - 1, 1, 5))
    project = moneyed.project(state="started", year=YEAR)
    moneyed.payment(watched, allocation=moneyed.allocation("20000", project=project), amount=Decimal("150.50"))
    return make.posted(Role.TOWNSHIP_OFFICER)


SQL = """
SELECT count(*) FILTER (WHERE h.monitor_type <> '' AND h.risk_cleared IS NOT TRUE) AS watched,
    count(*) FILTER (WHERE h.monitor_type = '') AS others,
    count(*) FILTER (WHERE EXISTS (SELECT FROM assistance_visit v WHERE v.household_id = h.id
        AND v.visited_on >= date_trunc('month', register_today())) AND h.monitor_type <> '') AS watched_done,
    count(*) FILTER (WHERE h.monitor_type <> '' OR h.exit_status IN ('0', '2', '3')) AS plans_due,
    count(*) FILTER (WHERE EXISTS (SELECT FROM assistance_plan p WHERE p.household_id = h.id AND p.year = %(year)s
        AND p.state = 'agreed')) AS plans_made,
    count(*) FILTER (WHERE EXISTS (SELECT FROM assistance_pairing g WHERE g.household_id = h.id)) AS helped,
    (SELECT count(*) FROM assistance_measure m WHERE extract(year FROM m.delivered_on) = %(year)s) AS measures,
    (SELECT sum(amount) FROM assistance_measure m WHERE extract(year FROM m.delivered_on) = %(year)s) AS spent,
    (SELECT sum(allocated) FROM assistance_project) AS allocated,
    (SELECT sum(paid) FROM assistance_project) AS paid,
    (SELECT count(*) FROM households_member WHERE left_on IS NULL) AS people
FROM households_household h WHERE h.in_register
"""


def test_every_figure_is_what_plain_sql_counts(client: Client) -> None:
    user = county()
    rows = selectors.lines(user, YEAR)
    assert [row.code for row in rows] == [make.VILLAGE, make.NEXT_VILLAGE]
    whole = selectors.total(rows)
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"year": YEAR})
        wanted = dict(zip([each[0] for each in cursor.description], cursor.fetchone(), strict=True))
    assert {name: getattr(whole, name) for name in wanted} == wanted
    assert (whole.watched, whole.watched_done, whole.measures, whole.paid) == (1, 1, 1, Decimal("150.50"))
    assert rows[0].per_head == Decimal("10000.00") and rows[1].per_head == 0
    client.force_login(user)
    page = client.get("/assistance/").content.decode()
    assert "各地进度" in page and "20,000" not in page  # in ten thousand yuan


REPORTED = """
SELECT CASE %(code)s
    WHEN 'helped' THEN EXISTS (SELECT FROM assistance_pairing g WHERE g.household_id = h.id)
    WHEN 'planned' THEN EXISTS (SELECT FROM assistance_plan p WHERE p.household_id = h.id AND p.year = %(year)s)
    WHEN 'visited' THEN EXISTS (SELECT FROM assistance_visit v WHERE v.household_id = h.id
        AND extract(year FROM v.visited_on) = %(year)s)
    ELSE EXISTS (SELECT FROM assistance_measure m JOIN assistance_catalogueitem c ON c.id = m.item_id
        WHERE m.household_id = h.id AND extract(year FROM m.delivered_on) = %(year)s AND c.batch = 'industry')
    END, count(*)
FROM households_household h WHERE h.in_register GROUP BY 1
"""


@pytest.mark.parametrize(
    ("code", "bucket"), [("helped", "yes"), ("planned", "yes"), ("visited", "yes"), ("batch", "industry")]
)
def test_the_reports_count_what_plain_sql_counts(code: str, bucket: str) -> None:
    county()
    with connection.cursor() as cursor:
        cursor.execute(REPORTED, {"code": code, "year": YEAR})
        wanted = dict(cursor.fetchall())
    condition = DIMENSIONS[code].bucket(bucket, YEAR)
    assert condition is not None
    assert Household.objects.registered().filter(condition.rows).count() == wanted[True] == 1


def test_a_year_without_anything_says_so(client: Client) -> None:
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    assert "没有在册农户" in client.get("/assistance/").content.decode()


def test_units_that_meet_and_villages_without_one(client: Client) -> None:
    for code in (make.VILLAGE, make.NEXT_VILLAGE):
        make.village_profile(code, is_poor=True)
    for _ in range(2):
        make.unit_village()
    user = make.posted(Role.TOWNSHIP_OFFICER)
    ((_township, villages),) = support_grid(user)
    assert [each.state for each in villages] == ["overlap", "blank"]
    client.force_login(user)
    assert "应有单位，还没有" in client.get("/teams/units/").content.decode()


def request_of(role: Role, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = make.posted(role)
    request.session = {}  # type: ignore[assignment]
    return request


@pytest.mark.parametrize("role", list(Role))
def test_whatever_a_role_may_open_is_reached(role: Role) -> None:
    """From the bars, from the pages of a subject, or from 我的: nothing is cut off."""
    bars = Bars(request_of(role))  # type: ignore[arg-type]
    reached = {link.url for _label, links in bars.groups for link in links}
    reached |= {page.url for opened in bars.opened for page in opened.pages}
    may = {each.url for each in entries() if each.rights and may_open(bars.request.user, each.rights)}
    held = {domain for opened in bars.opened for domain in opened.domain.holds}
    mine = {each.url for each in entries() if each.during is None and each.domain in held | INSIDE}
    assert may & mine <= reached
    assert all(len(opened.pages) <= MOST for opened in bars.opened)


INSIDE = {each.inside for each in entries() if each.inside}


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ("/visits/progress/", ["该走访的户", "走访记录", "走访进度"]),
        ("/funds/", ["项目库", "公示异议", "资金来源", "资金拨付", "各地资金", "项目资产"]),
        ("/measures/new/", []),
    ],
)
def test_the_pages_of_a_subject_stand_below_its_heading(path: str, labels: list[str]) -> None:
    bars = Bars(request_of(Role.COUNTY_OFFICER, path))  # type: ignore[arg-type]
    assert [link.label for link in bars.inside] == labels
    assert bars.here is not None and bars.here.domain == "assistance"
    pages = ["概况", "一户一策", "措施", "结对", "走访", "项目与资金", "需求对接", "驻村队伍"]
    assert [link.label for link in bars.pages] == pages


def test_every_card_and_bar_leads_to_as_many(client: Client) -> None:
    """95 households with a helper led to 100 pairings, visits to a table of places, 688 households to 709 measures."""
    user = county()
    home = Household.objects.get(monitor_type="2")
    make.pairing(home, make.posted(Role.HELPER), turn=2)
    measure(home, delivered_on=date(YEAR, 2, 5), amount=Decimal("80"))
    client.force_login(user)
    page = client.get(f"/assistance/?year={YEAR}")
    cards = re.findall(r'href="([^"]+)">\s*([\d,]+)<small>[户项]', page.content.decode())
    (bars,) = page.context["charts"]["batch"]["series"]
    found = [
        *((html.unescape(url), int(number)) for url, number in cards),
        *zip(bars["urls"], bars["values"], strict=True),
    ]
    assert len(found) == 5
    for url, number in found:
        context = client.get(url).context
        rows = context["list"].page if "list" in context else context["page"]
        assert (url, rows.paginator.count) == (url, number)
