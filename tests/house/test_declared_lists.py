"""Every declared list: page, cards on phones, workbook and resource say the same, to the same people."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from povreg.kit.pages.listing import Listing, declared_lists
from povreg.kit.pages.shown import ShownList
from povreg.kit.reach import reaching
from povreg.kit.sheets.cells import text_of
from povreg.kit.sheets.digest import canonical
from povreg.kit.sheets.kinds import Day, Moment
from povreg.kit.sheets.reader import Workbook
from povreg.proof.verifying import verify
from tests import factories, factories_assistance, factories_people, factories_procedures, standings
from tests.assistance import moneyed
from tests.audits import made, sampled
from tests.house import test_list_pages as many
from tests.villages import trusted
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db
COUNTY, ADMIN, SECURITY, CADRE = Role.COUNTY_OFFICER, Role.ACCOUNTS_ADMIN, Role.SECURITY_ADMIN, Role.VILLAGE_CADRE


@dataclass(frozen=True)
class Own:
    """A list with a page of its own: its url, who looks, what makes a row, its resource, who may not."""

    url: str
    role: Role
    one_more: Callable[[], Any]
    resource: str = ""
    refused: Role | None = None


def exit_line() -> None:
    year = 1990 + factories.PovertyLine.objects.count()
    factories.poverty_line(year=year, place=factories.place(factories.COUNTY))


def former_poor() -> Any:
    return factories.household(members=1, exit_status="1")


OF_A_YEAR = ("flips", "applications", "village-files")


def ordinary() -> Any:
    return factories.ordinary(members=1)


OWN = {
    "correction-orders": Own(
        "corrections", COUNTY, lambda: standings.order(factories.household(members=1)), "corrections", ADMIN
    ),
    "proposals": Own("proposals", COUNTY, lambda: standings.proposal(ordinary()), "proposals", ADMIN),
    "department-lists": Own("department-lists", COUNTY, standings.department_list, "department-lists", CADRE),
    "department-rows": Own(
        "department-rows", COUNTY, lambda: standings.department_row(ordinary()), "department-rows", ADMIN
    ),
    "units": Own("units", COUNTY, many.units, "units", Role.HELPER),
    "cadres": Own("cadres", COUNTY, many.cadres, "cadres", Role.HELPER),
    "village-files": Own("village-files", COUNTY, many.village_files, "village-files", Role.HELPER),
    "sign-ins": Own("sign-ins", Role.LOG_OFFICER, factories.sign_in, "sign-ins", COUNTY),
    "timed-access": Own("timed-access", COUNTY, trusted.timed_access, "timed-access", CADRE),
    "accounts": Own("accounts", ADMIN, many.accounts, "accounts", CADRE),
    "lines": Own("standards", COUNTY, exit_line, "standards", ADMIN),
    "working-years": Own("working-years", COUNTY, factories.working_year, "working-years", ADMIN),
    "closings": Own("closings", COUNTY, many.closings, "closings", ADMIN),
    "late-facts": Own("late-facts", COUNTY, many.late_facts, "late-facts", ADMIN),
    "messages": Own("messages", COUNTY, lambda: None, "messages"),
    "messages-sent": Own("messages-sent", COUNTY, many.notes, "messages/sent", ADMIN),
    "reminders": Own("reminders", COUNTY, many.lists),
    "jobs": Own("jobs", Role.AUDITOR, many.jobs),
    "reviews": Own("reviews", COUNTY, factories.review, "reviews", ADMIN),
    "review-progress": Own(
        "review-progress", COUNTY, lambda: factories.household(members=1, exit_status="1"), "", ADMIN
    ),
    "flips": Own("flips", COUNTY, many.flips, "flips", ADMIN),
    "applications": Own("procedure-applications", COUNTY, many.applications, "applications", ADMIN),
    "templates": Own("procedure-templates", COUNTY, lambda: None, "templates", ADMIN),
    "objections": Own("objections", COUNTY, many.objections, "objections", ADMIN),
    "findings": Own("findings", COUNTY, lambda: made.finding(factories.household(members=1)), "findings", ADMIN),
    "audit-rounds": Own("audit-rounds", COUNTY, made.audit_round, "rounds", ADMIN),
    "doubts": Own("doubts", COUNTY, made.doubt, "checks", ADMIN),
    "exemptions": Own("exemptions", COUNTY, made.exemption, "", ADMIN),
    "export-log": Own("export-log", Role.AUDITOR, made.export_record, "export-records", ADMIN),
    "audit-comparisons": Own("audit-comparisons", COUNTY, made.comparison, "comparisons", ADMIN),
    "audit-hits": Own("audit-hits", COUNTY, made.hit, "hits", ADMIN),
    "inspections": Own("inspections", COUNTY, made.inspection, "inspections", ADMIN),
    "work": Own("work", COUNTY, lambda: moneyed.spell(factories.household(members=1)), "work", ADMIN),
    "work-posts": Own("work-posts", COUNTY, moneyed.post, "work-posts", ADMIN),
    "partners": Own("partners", COUNTY, moneyed.partner, "partners", ADMIN),
    "partner-links": Own(
        "partner-links", COUNTY, lambda: moneyed.link(factories.household(members=1)), "partner-links", ADMIN
    ),
    "social-needs": Own("social-needs", COUNTY, moneyed.need, "social-needs", ADMIN),
    "social-offers": Own("social-offers", COUNTY, moneyed.offer, "social-offers", ADMIN),
    "appraisals": Own("appraisals", COUNTY, moneyed.paired_helper, "", ADMIN),
    "project-objections": Own("project-objections", COUNTY, moneyed.project_objection, "", ADMIN),
    "income-models": Own("income-models", COUNTY, lambda: None, "", ADMIN),
    "loans": Own("loans", COUNTY, lambda: moneyed.loan(factories.household(members=1)), "loans", ADMIN),
    "public-posts": Own(
        "public-posts", COUNTY, lambda: moneyed.public_post(factories.household(members=1)), "public-posts", ADMIN
    ),
    "sites": Own("sites", COUNTY, moneyed.site, "sites", ADMIN),
    "shares": Own("shares", COUNTY, lambda: moneyed.share(factories.household(members=1)), "shares", ADMIN),
    "unit-appraisals": Own("unit-appraisals", COUNTY, moneyed.sent_helper, "", ADMIN),
    "helper-work": Own("helper-work", COUNTY, moneyed.paired_helper, "", ADMIN),
    "assets": Own("assets", COUNTY, moneyed.asset, "assets", ADMIN),
    "pairings": Own("pairings", COUNTY, lambda: factories.pairing(factories.household(members=1)), "pairings", ADMIN),
    "pairing-gaps": Own("pairing-gaps", COUNTY, lambda: factories.household(members=1), "", ADMIN),
    "pairing-proposals": Own("pairing-proposals", COUNTY, moneyed.proposal, "", ADMIN),
    "projects": Own("projects", COUNTY, moneyed.project, "projects", ADMIN),
    "funds": Own("funds", COUNTY, moneyed.source, "funds", ADMIN),
    "disbursements": Own(
        "disbursements", COUNTY, lambda: moneyed.payment(factories.household(members=1)), "disbursements", ADMIN
    ),
    "samples": Own("samples", COUNTY, sampled.sample, "samples", ADMIN),
    "signs": Own("signs", COUNTY, sampled.sign, "", ADMIN),
    "sign-accounts": Own("sign-accounts", COUNTY, sampled.account_sign, "", ADMIN),
    "sample-cases": Own("sample-cases", COUNTY, sampled.case, "sample-cases", ADMIN),
    "leads": Own("leads", COUNTY, many.leads, "leads", ADMIN),
    "monitored": Own("monitored", COUNTY, many.monitored, "monitored", ADMIN),
    "running-notices": Own("objection-choose", COUNTY, lambda: None, "", ADMIN),
}
OWN |= {code: Own(code, COUNTY, one_more, code, ADMIN) for code, one_more in factories_assistance.OWN_LISTS.items()}
OTHERS = {**factories_procedures.OWN_LISTS, **factories_people.OWN_LISTS}
RESOURCES = {"apart": "not-same"}
OWN |= {code: Own(url, COUNTY, one, RESOURCES.get(code, ""), ADMIN) for code, (url, one) in OTHERS.items()}
PART_OF = {
    "trail": "trail",  # acts are put together by hand, not a queryset
    "doubles": "people-doubles",  # pairs, not rows
    "touched": "sheet-households",
    "openings": "openings",  # whoever has one county is led to its page
    "postings": "account",
    "villages-without-account": "village-accounts",
    "townships-to-open": "village-accounts",
    "accounts-unposted": "village-postings",
    "townships-to-post": "village-postings",
    "children": "place",
    "groups": "place",
    "village-file-changes": "village-file",
    "changes": "place",
    "roots": "places",
    "corrections": "standards",
    "sets": "standards",
    "office-names": "working-years",
    "programmes": "working-years",
    "windows": "season-windows",
    "imports": "sheets",
    "exports": "sheet-export",
    "saved-filters": "saved-filters",
    "shared-filters": "saved-filters",
    "notices": "dashboard-notices",
    "allocations": "fund",
    "pairing-choices": "pairing-proposal",
}
LISTS = {listing.code: listing for listing in declared_lists()}
every_own = pytest.mark.parametrize("code", sorted(OWN))


def test_every_declared_list_is_looked_at():
    assert set(LISTS) == set(OWN) | set(PART_OF)


def looking(code: str, rows: int = 3) -> tuple[Listing, User, Client]:
    own = OWN[code]
    account = factories.posted(own.role)
    for _ in range(rows):
        own.one_more()
    client = Client()
    client.force_login(account)
    return LISTS[code], account, client


def shown_to(listing: Listing, account: User, client: Client) -> ShownList:
    """What the page of :func:`looking` shows."""
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=account.pk)
    usual = {"year": str(factories.YEAR)} if listing.code in OF_A_YEAR else None
    return ShownList(listing, request, usual=usual)


def address(code: str) -> str:
    query = f"?year={factories.YEAR}" if code in OF_A_YEAR else ""
    return reverse(OWN[code].url) + query


@every_own
def test_the_page_holds_every_cell(code):
    listing, account, client = looking(code)
    page = client.get(address(code), follow=True).content.decode()
    for row in shown_to(listing, account, client).rows:
        for cell in row.cells:
            for text in cell.lines or (cell.text,):
                assert html.escape(text) in page, f"{cell.column.label}: {text}"
    paper = client.get(address(code) + ("&" if "?" in address(code) else "?") + "print=1", follow=True)
    assert paper.status_code == 200
    for row in shown_to(listing, account, client).rows:
        for cell in row.cells:
            for text in cell.lines or (cell.text,):
                assert html.escape(text) in paper.content.decode(), f"{cell.column.label} on paper: {text}"


def test_the_pages_of_a_list_follow_each_other():
    """Rows without an order may stand on two pages, and others on none; a count beside them drops the model's own."""
    readers = {role: factories.posted(role) for role in {own.role for own in OWN.values()}}
    rows = {code: LISTS[code].rows(readers[own.role]) for code, own in OWN.items()}
    assert not [code for code, found in rows.items() if not getattr(found, "ordered", True)]


@every_own
def test_on_a_phone_a_row_has_a_title_and_no_more_than_three_parts(code):
    places = [column.phone for column in LISTS[code].columns if column.phone]
    assert places.count("title") == 1
    assert len(places) == len(set(places)) <= 3


@pytest.mark.parametrize("code", sorted(code for code in OWN if LISTS[code].sheet))
def test_the_workbook_holds_what_the_page_shows(code, tmp_path):
    listing, account, client = looking(code)
    if not listing.may_take(account):
        assert client.get(address(code), {"sheet": "xlsx"}).status_code == 403
        return
    answer = client.get(f"{address(code)}{'&' if '?' in address(code) else '?'}sheet=xlsx")
    assert answer.status_code == 200
    file = Path(tmp_path) / "list.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))
    shown = shown_to(listing, account, client)
    verified = verify(file)
    assert verified.unaltered
    assert verified.record.rows == shown.count > 0
    with Workbook(file) as book:
        written = [cells for _, cells in book.rows(listing.sheet.name)]
    assert [text_of(cell) for cell in written[0]] == [column.label for column in listing.sheet_columns(account)]
    wanted = list(listing.written_rows(shown.found, account))
    for row, expected in zip(written[1:], wanted, strict=True):
        assert [canonical(cell) for cell in row][: len(expected)] == [canonical(cell) for cell in expected]
        for column, cell in zip(listing.sheet_columns(account), expected, strict=True):
            kind = {datetime: Moment, date: Day}.get(type(cell))
            assert kind is None or isinstance(column.sheet_kind, kind), f"{column.label} is a date, and not told so"


@pytest.mark.parametrize("code", sorted(code for code in OWN if OWN[code].resource))
def test_the_resource_holds_the_same_rows(code):
    listing, account, client = looking(code)
    caller = APIClient()
    caller.force_login(account)
    shown = shown_to(listing, account, client)
    answer = caller.get(f"/api/v1/{OWN[code].resource}/", shown.given.dict())
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["count"] == shown.count
    for row, told in zip(shown.rows, found["results"], strict=True):
        for cell in row.cells:
            field = cell.column.field
            if field and field in told:
                value = cell.column.of(row.row)
                assert text_of(told[field]) in {text_of(value), text_of(cell.column.kind.write(value))}


@pytest.mark.parametrize("code", sorted(code for code in OWN if OWN[code].refused))
def test_a_list_is_for_those_who_hold_its_right(code):
    own = OWN[code]
    client = Client()
    client.force_login(factories.posted(own.refused))
    assert client.get(reverse(own.url)).status_code == 403
    assert client.get(reverse(own.url), {"sheet": "xlsx"}).status_code == 403
    if own.resource:
        caller = APIClient()
        caller.force_login(factories.posted(own.refused))
        assert caller.get(f"/api/v1/{own.resource}/").status_code == 403


@pytest.mark.parametrize(
    "code",
    [
        "units",
        "cadres",
        "accounts",
        "flips",
        "applications",
        "objections",
        "lines",
        "findings",
        "projects",
        "disbursements",
        "leads",
        "monitored",
        "proposals",
        "department-rows",
    ],
)
def test_strangers_find_none_of_the_rows(code):
    listing, account, client = looking(code)
    assert shown_to(listing, account, client).count
    stranger = factories.posted(OWN[code].role, factories.OTHER_COUNTY)
    mine = {getattr(row, "pk", None) for row in listing.rows(account)} - {account.pk}
    if code == "lines":
        mine = {line.pk for line in listing.rows(account) if line.place_id}
    assert not mine & {row.pk for row in listing.rows(stranger)}


@every_own
def test_the_second_lock_hides_no_row_that_the_first_one_shows(code):
    """Below the county, too: what a row is joined with may lie above who reads it."""
    listing, _account, _client = looking(code)
    for reader in map(factories.posted, (Role.TOWNSHIP_OFFICER, Role.VILLAGE_CADRE)):
        if listing.may_see(reader):
            shown = len(list(listing.rows(reader)))
            with reaching(reader.reach()):
                assert len(list(listing.rows(reader))) == shown


@pytest.mark.parametrize("code", sorted(code for code in OWN if LISTS[code].sheet))
def test_a_workbook_of_many_rows_costs_the_statements_of_one_of_few(code):
    listing, account, _client = looking(code, rows=2)

    def statements() -> int:
        reader = User.objects.get(pk=account.pk)
        reader.postings_today()
        with CaptureQueriesContext(connection) as asked:
            list(listing.written_rows(listing.rows(reader), reader))
        return len(asked)

    few = statements()
    for _ in range(6):
        OWN[code].one_more()
    assert statements() <= few


@pytest.mark.parametrize("role", list(Role))
def test_an_empty_list_names_no_button_that_is_not_there(role: Role) -> None:
    """A township without funds was told to press a button that only the county has."""
    person = factories.posted(role)
    request = RequestFactory().get("/")
    request.user = person
    named = {}
    for listing in declared_lists():
        shown = ShownList(listing, request, rows=[])
        labels = {action.label for action in shown.actions}
        theirs = {action.label for action in listing.actions}
        named[listing.code] = set(re.findall("点“([^”]+)”", shown.remedy)) & theirs - labels
    assert not {code: labels for code, labels in named.items() if labels}
