"""A list page asks the database as often for thirty rows as for three (design.md section 6)."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.models import Batch
from tests import factories
from tests.api import rows
from tests.audits import made
from tests.house.routes import ROUTES
from villages.models import Posting, User, VillageYear
from villages.rights import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady_counts")]


def households() -> None:
    row = factories.household(members=2)
    factories.annual_record(row)
    factories.assessment(row, failed=["water"], missing=["housing"], gaps=["income"])


def saved_filters() -> None:
    """Filters of whoever looks."""
    query = {"verdict": "fail", "place": factories.VILLAGE}
    factories.place(factories.VILLAGE)
    factories.saved_filter(owner=Posting.objects.order_by("pk").last().user, query=query)


def flips() -> None:
    row = factories.household(members=1)
    factories.annual_record(row)
    factories.flip(row)


def accounts() -> None:
    factories.posted(Role.VILLAGE_CADRE)


def jobs() -> None:
    factories.job()


def sheets() -> None:
    factories.sheet_import()


def units() -> None:
    factories.unit().villages.add(factories.place(factories.VILLAGE))


def cadres() -> None:
    factories.cadre(unit=factories.unit())


def village_files() -> None:
    factories.village_year(f"500154201{300 + VillageYear.objects.count()}")


def county_settings() -> None:
    factories.working_year()
    factories.office_name()
    factories.programme()


def closings() -> None:
    years = factories.YearClosing.objects.values_list("year", flat=True)
    factories.closing(year=min(years, default=2021) - 1)


def late_facts() -> None:
    factories.late_fact(factories.household())


def standards() -> None:
    year = 2013 + factories.PovertyLine.objects.count() % 80
    factories.poverty_line(year=year, place=factories.place(factories.COUNTY), kind="dibao")


def villages() -> None:
    count = factories.Place.objects.count()
    factories.place(f"{factories.TOWNSHIP}{300 + count}")


def next_household() -> factories.Household:
    """A household of a village that has no list yet."""
    code = f"{factories.TOWNSHIP}{400 + Batch.objects.count()}"
    factories.place(code)
    return factories.household(code, members=2)


def lists() -> None:
    rows.batch(next_household())


def objections() -> None:
    rows.objection(next_household())


def applications() -> None:
    row = factories.household(members=1)
    factories.annual_record(row)
    rows.application(row)


def leads() -> None:
    row = factories.household(members=1)
    factories.income_test(factories.lead(row))


def monitored() -> None:
    row = factories.household(members=1, monitor_type="1", risk_identified_on=date(2026, 1, 5), risk_cleared=False)
    factories.clearance(row)


def findings() -> None:
    made.finding(factories.household(members=1))


def notes() -> None:
    sender = User.objects.filter(postings__role=Role.COUNTY_OFFICER).latest("pk")
    factories.message(sender=sender, to=sender, place=factories.place(factories.COUNTY))


def windows() -> None:
    rows.window()


# url name, arguments, who looks, what makes one more row, the most statements it may take
PAGES: list[tuple[str, list[str], Role, Callable[[], None], int]] = [
    ("households", [], Role.COUNTY_OFFICER, households, 16),
    ("saved-filters", [], Role.COUNTY_OFFICER, saved_filters, 12),
    ("people", [], Role.COUNTY_OFFICER, households, 14),
    ("report", ["health"], Role.COUNTY_OFFICER, households, 14),
    ("flips", [], Role.COUNTY_OFFICER, flips, 12),
    ("accounts", [], Role.ACCOUNTS_ADMIN, accounts, 8),
    ("jobs", [], Role.AUDITOR, jobs, 10),
    ("sheets", [], Role.COUNTY_OFFICER, sheets, 12),
    ("units", [], Role.COUNTY_OFFICER, units, 8),
    ("cadres", [], Role.COUNTY_OFFICER, cadres, 8),
    ("standards", [], Role.COUNTY_OFFICER, standards, 12),
    ("working-years", [], Role.COUNTY_OFFICER, county_settings, 12),
    ("closings", [], Role.COUNTY_OFFICER, closings, 14),
    ("late-facts", [], Role.COUNTY_OFFICER, late_facts, 12),
    ("place", [factories.TOWNSHIP], Role.COUNTY_OFFICER, villages, 14),
    ("dashboard-place", [factories.COUNTY], Role.COUNTY_LEADER, households, 14),
    ("procedures", [], Role.COUNTY_OFFICER, lists, 32),
    ("objections", [], Role.COUNTY_OFFICER, objections, 16),
    ("procedure-applications", [], Role.COUNTY_OFFICER, applications, 14),
    ("leads", [], Role.COUNTY_OFFICER, leads, 14),
    ("findings", [], Role.COUNTY_OFFICER, findings, 14),
    ("audit-rounds", [], Role.COUNTY_OFFICER, made.audit_round, 12),
    ("doubts", [], Role.COUNTY_OFFICER, made.doubt, 14),
    ("exemptions", [], Role.COUNTY_OFFICER, made.exemption, 12),
    ("audit-comparisons", [], Role.COUNTY_OFFICER, made.comparison, 12),
    ("audit-hits", [], Role.COUNTY_OFFICER, made.hit, 12),
    ("inspections", [], Role.COUNTY_OFFICER, made.inspection, 12),
    ("export-log", [], Role.AUDITOR, made.export_record, 14),
    ("monitored", [], Role.COUNTY_OFFICER, monitored, 14),
    ("procedure-quota", [factories.TOWNSHIP], Role.COUNTY_OFFICER, villages, 16),
    ("messages", [], Role.COUNTY_OFFICER, lists, 16),
    ("reminders", [], Role.COUNTY_OFFICER, lists, 16),
    ("messages-sent", [], Role.COUNTY_OFFICER, notes, 12),
    ("season-windows", [], Role.COUNTY_OFFICER, windows, 12),
    ("workbench", [], Role.COUNTY_OFFICER, flips, 29),
]


def statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize(("name", "args", "role", "one_more", "most"), PAGES, ids=[page[0] for page in PAGES])
def test_a_list_asks_as_often_for_many_rows_as_for_few(name, args, role, one_more, most, client):
    client.force_login(factories.posted(role))
    url = reverse(name, args=args)
    for _ in range(2):
        one_more()
    client.get(url)  # fills the caches that every page shares
    few = statements(client, url)
    for _ in range(8):
        one_more()
    many = statements(client, url)
    assert many <= few, f"{few} statements for few rows, {many} for many"
    assert many <= most


BY_SHEET = frozenset(
    {
        "assets/", "disbursements/", "funds/", "pairings/", "pairings/proposals/", "partners/", "partners/links/",
        "projects/", "samples/", "samples/cases/", "social/needs/", "social/offers/", "work/", "work/posts/",
        "appraisals/units/", "appraisals/work/", "loans/", "people/doubles/", "people/doubles/apart/", "posts/",
        "projects/objections/",
        "shares/", "sign-ins/", "sites/", "timed-access/",
    }
)  # fmt: skip
"""Declared lists whose rows cost one number of statements by their workbooks (test_declared_lists)."""


def test_every_list_is_looked_at():
    """An address that ends a listing without arguments is in the table above, or is no list."""
    no_list = {
        "", "accounts/new/", "accounts/villages/", "accounts/postings/villages/", "cadres/new/", "dashboard/",
        "healthz", "households/check-id/", "households/columns/", "households/find/", "households/pick/",
        "households/selection/", "households/new/", "households/counts/", "login/", "login/code/",
        *(f"login/security/{part}" for part in ("", "begin/", "confirm/", "codes/", "remove/")), "logout/", "password/",
        "places/", "places/search", "people/export/", "people/find/", "readyz", "reports/",
        "sheets/export/", "periods/year/new/", "periods/office/new/", "periods/programme/new/",
        "standards/lines/new/", "standards/sets/new/",
        "procedures/applications/new/", "procedures/export/",
        "procedures/new/", "procedures/post/", "procedures/quotas/", "procedures/templates/", "units/new/",
        "messages/new/", "messages/read/", "me/", "me/type/",
        "workbench/checks/", "robots.txt", "gongshi/", "gongshi/objection/", "objections/new/",
        "comparisons/new/", "comparisons/precision/",
        "checks/rules/", "checks/run/", "checks/quality/", "findings/new/", "rounds/new/", "inspections/new/",
        "gongshi/heyan/", "gongshi/heyan/keys.pem", "gongshi/fengyin/", "trail/", "exports/new/",
        "leads/new/", "monitoring/", "monitoring/clearing/", "corrections/", "corrections/new/",
        "department-lists/rows/", "reviews/",
        "proposals/", "reviews/progress/", "department-lists/",
        "opening/", "village-files/", "village-files/gaps/", "village-files/sheet/", "village-files/import/",
    }  # fmt: skip
    no_list |= {
        "appraisals/", "assets/new/", "detection/", "detection/accounts/", "detection/look/", "detection/villages/",
        "funds/new/", "funds/spread/", "households/walk/", "pairings/gaps/", "pairings/limits/", "pairings/new/",
        "pairings/propose/", "partners/new/", "privileges/", "projects/new/", "samples/new/", "social/needs/new/",
        "social/offers/new/", "teams/", "work/against/", "work/posts/new/",
        "assistance/books/", "loans/fund/", "loans/terms/", "metrics", "shares/dividends/new/", "shares/new/",
        "sites/new/", "system/", "teams/units/", "timed-access/new/",
    }  # fmt: skip
    plain = {route for route in ROUTES if "<" not in route and not route.startswith("api/")}
    listed = {reverse(name, args=args).lstrip("/") for name, args, *_ in PAGES}
    assert plain - no_list - listed - BY_SHEET == set()
