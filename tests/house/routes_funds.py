"""What the addresses of projects and funds answer to whom; read by routes.py and routes_api.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.assistance import moneyed
from villages.rights import Role

CADRE, TOWNSHIP, COUNTY, LEADER = Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, Role.COUNTY_LEADER
AUDITOR, INSPECTOR, DEPARTMENT, HELPER = Role.AUDITOR, Role.INSPECTOR, Role.DEPARTMENT_OFFICER, Role.HELPER
SEERS = frozenset({CADRE, TOWNSHIP, COUNTY, LEADER, AUDITOR, INSPECTOR, DEPARTMENT})
PROPOSERS = frozenset({CADRE, TOWNSHIP, COUNTY})
RUNNERS = frozenset({TOWNSHIP, COUNTY, DEPARTMENT})
OFFICES = frozenset({TOWNSHIP, COUNTY})
FIELD = frozenset({HELPER, Role.VOLUNTEER})
TEAM_SEERS = SEERS | {Role.ACCOUNTS_ADMIN}
PAYERS = frozenset({COUNTY, DEPARTMENT})
OF_COUNTY = {CADRE: 404, TOWNSHIP: 404}
MAKERS: dict[str, Callable[[Any], Any]] = {
    "project": lambda world: moneyed.project(),
    "source": lambda world: moneyed.source(),
    "payment": lambda world: moneyed.payment(world.household),
    "work_spell": lambda world: moneyed.spell(world.household),
    "work_post": lambda world: moneyed.post(),
    "partner": lambda world: moneyed.partner(),
    "partner_link": lambda world: moneyed.link(world.household),
    "social_need": lambda world: moneyed.need(),
    "helper": lambda world: moneyed.paired_helper(),
    "asset": lambda world: moneyed.asset(),
    "proposal_of_pairs": lambda world: moneyed.proposal(),
    "choice": lambda world: moneyed.choice(world.household),
    "project_objection": lambda world: moneyed.project_objection(),
    "loan": lambda world: moneyed.loan(world.household),
    "site": lambda world: moneyed.site(),
    "share": lambda world: moneyed.share(world.household),
    "project_notice": lambda world: moneyed.notice(),
}


@dataclass(frozen=True)
class Rows:
    """Makes the rows of the tables below; ``route`` and ``pk_of`` are those of routes.py."""

    route: Any
    pk_of: Callable[[str], Any]

    def sent(self, page: Any) -> tuple[Any, Any]:
        return page, replace(page, method="post")

    def deed(self, name: str, may: frozenset[Role], **more: Any) -> Any:
        given = {"kwargs": lambda world: {"pk": world.project.pk, "deed": name}, "method": "post"}
        return self.route(may=may, **given, **more)


def village(world: Any) -> dict[str, Any]:
    return {"code": world.household.village_id}


def pages(route: Any, pk_of: Callable[[str], Any]) -> dict[str, Any]:
    """All pages of this file."""
    rows = Rows(route, pk_of)
    return money_pages(rows) | society_pages(rows) | work_pages(rows) | pairing_pages(rows)


def money_pages(rows: Rows) -> dict[str, Any]:
    """Projects, funds, payments."""
    route, pk_of, sent = rows.route, rows.pk_of, rows.sent
    deed = rows.deed
    one, fund = {"kwargs": pk_of("project")}, {"kwargs": pk_of("source")}
    return {
        "households/<int:pk>/money/": route(may=SEERS | {HELPER}, kwargs=pk_of("household")),
        "projects/": route(may=SEERS),
        "projects/new/": sent(route(may=PROPOSERS)),
        "projects/<int:pk>/": route(may=SEERS, **one),
        "projects/<int:pk>/edit/": sent(route(may=PROPOSERS, **one)),
        "projects/<int:pk>/do/<slug:deed>/": (
            deed("review", frozenset({TOWNSHIP})), deed("approve", frozenset({COUNTY})), deed("allocate", PAYERS),
        ),
        "funds/": route(may=SEERS),
        "funds/new/": sent(route(may=PAYERS)),
        "funds/spread/": route(may=SEERS),
        "funds/<int:pk>/": route(may=SEERS, special=OF_COUNTY, **fund),
        "funds/<int:pk>/edit/": sent(route(may=PAYERS, **fund)),
        "disbursements/": route(may=SEERS),
        "disbursements/<int:pk>/reverse/": route(may=PAYERS, kwargs=pk_of("payment"), method="post"),
    }  # fmt: skip


def society_pages(rows: Rows) -> dict[str, Any]:
    """Partners, needs and offers, appraisal."""
    route, pk_of, sent = rows.route, rows.pk_of, rows.sent
    return {
        "partners/": route(may=SEERS),
        "partners/new/": sent(route(may=RUNNERS)),
        "partners/links/": route(may=SEERS),
        **{
            f"partners/links/<int:pk>/{name}/": route(may=RUNNERS, kwargs=pk_of("partner_link"), method="post")
            for name in ("pay", "end")
        },
        "partners/<int:pk>/": (
            route(may=SEERS, kwargs=pk_of("partner")), route(may=RUNNERS, kwargs=pk_of("partner"), method="post"),
        ),
        "partners/<int:pk>/edit/": sent(route(may=RUNNERS, kwargs=pk_of("partner"))),
        "shares/": route(may=SEERS),
        **{f"shares/{name}/": sent(route(may=RUNNERS)) for name in ("new", "dividends/new")},
        "shares/<int:pk>/hand/": route(may=RUNNERS, kwargs=pk_of("share"), method="post"),
        "social/needs/": route(may=SEERS),
        "social/needs/new/": sent(route(may=PROPOSERS)),
        "social/needs/<int:pk>/": (
            route(may=SEERS, kwargs=pk_of("social_need")),
            route(may=RUNNERS, kwargs=pk_of("social_need"), method="post"),
        ),
        "social/needs/<int:pk>/close/": route(may=PROPOSERS, kwargs=pk_of("social_need"), method="post"),
        "social/offers/": route(may=SEERS),
        "social/offers/new/": sent(route(may=RUNNERS)),
        "gongshi/needs/<int:code>/": route(ok=(200,), stranger=(200,), anonymous=200, kwargs=village),
        "appraisals/": route(may=OFFICES),
        "appraisals/units/": route(may=OFFICES),
        "appraisals/work/": route(may=OFFICES),
        "appraisals/<int:pk>/": route(may=OFFICES, kwargs=pk_of("helper"), method="post"),
    }  # fmt: skip


def running_pages(rows: Rows) -> dict[str, Any]:
    """Loans, public posts, sites."""
    route, pk_of, sent = rows.route, rows.pk_of, rows.sent
    loan = {"kwargs": pk_of("loan"), "method": "post"}

    def book(world: Any) -> dict[str, str]:
        return {"code": "measures"}

    return {
        "assistance/books/": route(may=OFFICES),
        "assistance/books/<slug:code>/": (
            route(may=OFFICES, kwargs=book, stranger=(200,)),
            route(may=OFFICES, kwargs=book, method="post", stranger=(422,)),
        ),
        "assistance/books/<slug:code>/blank/": route(may=OFFICES, kwargs=book, stranger=(200,)),
        "loans/": route(may=SEERS | FIELD),
        "loans/terms/": sent(route(may=frozenset({COUNTY}))),
        "loans/fund/": sent(route(may=PAYERS)),
        "loans/<int:pk>/settle/": route(may=PROPOSERS | {HELPER, DEPARTMENT}, **loan),
        "loans/<int:pk>/compensate/": route(may=PAYERS, **loan),
        "loans/<int:pk>/recover/": route(may=PAYERS, **loan),
        "posts/": route(may=SEERS | FIELD),
        "posts/villages/<int:code>/": sent(route(may=PROPOSERS | {HELPER, DEPARTMENT}, kwargs=village)),
        "sites/": route(may=SEERS | {HELPER}),
        "sites/new/": sent(route(may=RUNNERS)),
        "sites/<int:pk>/": sent(route(may=RUNNERS, kwargs=pk_of("site"))),
    }  # fmt: skip


def work_pages(rows: Rows) -> dict[str, Any]:
    """Work and assets."""
    route, pk_of, sent = rows.route, rows.pk_of, rows.sent
    return {
        "households/<int:pk>/work/": (
            route(may=SEERS | {HELPER}, kwargs=pk_of("household")),
            route(may=PROPOSERS, kwargs=pk_of("household"), method="post"),
        ),
        "work/": route(may=SEERS | {HELPER}),
        **running_pages(rows),
        "work/against/": route(may=SEERS),
        "work/posts/": route(may=SEERS | {HELPER}),
        "work/posts/new/": sent(route(may=RUNNERS)),
        "work/posts/<int:pk>/": route(may=SEERS, kwargs=pk_of("work_post"), special=OF_COUNTY | {HELPER: 404}),
        "work/villages/<int:code>/": sent(route(may=PROPOSERS, kwargs=village)),
        "work/<int:pk>/end/": route(may=PROPOSERS, kwargs=pk_of("work_spell"), method="post"),
        "assets/": route(may=SEERS),
        "assets/new/": sent(route(may=RUNNERS)),
        "assets/<int:pk>/": sent(route(may=RUNNERS, kwargs=pk_of("asset"))),
        "assets/<int:pk>/income/": route(may=RUNNERS, kwargs=pk_of("asset"), method="post"),
        "assets/<int:pk>/dispose/": route(may=frozenset({COUNTY}), kwargs=pk_of("asset"), method="post"),
    }  # fmt: skip


def pairing_pages(rows: Rows) -> dict[str, Any]:
    """Helpers, proposals, teams."""
    route, pk_of, sent = rows.route, rows.pk_of, rows.sent
    token = {"kwargs": lambda world: {"token": world.project_notice.token}}
    return {
        "pairings/": route(may=SEERS | {HELPER}),
        "pairings/new/": sent(route(may=OFFICES)),
        "pairings/gaps/": route(may=SEERS | {HELPER}),
        "pairings/limits/": sent(route(may=OFFICES)),
        "pairings/propose/": sent(route(may=OFFICES)),
        "pairings/proposals/": route(may=OFFICES),
        "pairings/proposals/<int:pk>/": sent(route(may=OFFICES, kwargs=pk_of("proposal_of_pairs"))),
        "pairings/choices/<int:pk>/": sent(route(may=OFFICES, kwargs=pk_of("choice"))),
        "pairings/choices/<int:pk>/refuse/": route(may=OFFICES, kwargs=pk_of("choice"), method="post"),
        "pairings/<int:pk>/end/": route(may=OFFICES, kwargs=pk_of("pairing"), method="post"),
        "teams/": route(may=TEAM_SEERS),
        "teams/units/": route(may=SEERS),
        "teams/<int:code>/": (
            route(may=TEAM_SEERS, kwargs=village), route(may=PROPOSERS, kwargs=village, method="post"),
        ),
        "projects/objections/": route(may=SEERS),
        "projects/objections/<int:pk>/answer/": route(
            may=PROPOSERS, kwargs=pk_of("project_objection"), method="post"
        ),
        "gongshi/p/<slug:token>/objection/": route(ok=(200,), stranger=(200,), anonymous=200, **token),
        "gongshi/p/<slug:token>/objection/sent/": route(ok=(303,), stranger=(303,), anonymous=303, **token),
        "gongshi/p/<slug:token>/": route(ok=(200,), stranger=(200,), anonymous=200, **token),
    }  # fmt: skip


def api(reading: Any, sending: Any, pk_of: Callable[[str], Any]) -> dict[str, Any]:
    """The resources; ``reading`` and ``sending`` are those of routes_api.py."""
    one, fund, paid = ({"kwargs": pk_of(name)} for name in ("project", "source", "payment"))
    steppers = PROPOSERS | PAYERS
    return {
        "projects/": (reading(SEERS), sending(PROPOSERS)),
        "projects/<int:pk>/": reading(SEERS, **one),
        "projects/<int:pk>/step/": sending(steppers, **one),
        "projects/<int:pk>/allocate/": sending(PAYERS, **one),
        "assets/": reading(SEERS),
        "loans/": reading(SEERS | FIELD),
        "public-posts/": reading(SEERS | FIELD),
        "sites/": reading(SEERS | {HELPER}),
        "shares/": reading(SEERS),
        **{name: reading(SEERS) for name in ("partners/", "partner-links/", "social-needs/", "social-offers/")},
        "work/": (reading(SEERS | {HELPER}), sending(PROPOSERS)),
        "work/<int:pk>/": reading(SEERS | {HELPER}, kwargs=pk_of("work_spell")),
        "work/<int:pk>/end/": sending(PROPOSERS, kwargs=pk_of("work_spell")),
        "work-posts/": reading(SEERS | {HELPER}),
        "funds/": (reading(SEERS), sending(PAYERS)),
        "funds/<int:pk>/": reading(SEERS, special=OF_COUNTY, **fund),
        "disbursements/": (reading(SEERS), sending(PAYERS)),
        "disbursements/<int:pk>/": reading(SEERS, **paid),
        "disbursements/<int:pk>/reverse/": sending(PAYERS, **paid),
    }
