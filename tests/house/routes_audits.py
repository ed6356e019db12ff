"""What the addresses of the auditors' work answer to whom; read by routes.py and routes_api.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.audits import made
from villages.rights import Role

CADRE, TOWNSHIP, COUNTY, LEADER = Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, Role.COUNTY_LEADER
AUDITOR, INSPECTOR, DEPARTMENT = Role.AUDITOR, Role.INSPECTOR, Role.DEPARTMENT_OFFICER
SEERS = frozenset({CADRE, TOWNSHIP, COUNTY, LEADER, AUDITOR, INSPECTOR})
OPENERS = frozenset({COUNTY, AUDITOR, INSPECTOR})
COMPARERS = (SEERS | {DEPARTMENT}) - {CADRE}
IMPORTERS = frozenset({COUNTY, DEPARTMENT})
COUNTIES = frozenset({COUNTY})
EXPORTERS = frozenset({CADRE, TOWNSHIP, COUNTY, AUDITOR})
ANSWERERS = frozenset({CADRE, TOWNSHIP})
MAKERS: dict[str, Callable[[Any], Any]] = {
    "finding": lambda world: made.finding(world.household),
    "audit_round": lambda world: made.audit_round(),
    "inspection": lambda world: made.inspection(),
    "doubt": lambda world: made.doubt(world.household),
    "hit": lambda world: made.hit(world.household),
    "exemption": lambda world: made.exemption(world.household),
}


def a_rule(world: Any) -> dict[str, Any]:
    return {"code": "household-large"}


def checks(route: Any, sent: Callable[[Any], Any], pk_of: Callable[[str], Any]) -> dict[str, Any]:
    """The pages of rules and what they found."""
    return {
        "checks/": route(may=SEERS),
        "checks/<int:pk>/": route(may=SEERS, kwargs=pk_of("doubt")),
        "checks/<int:pk>/exempt/": route(may=COUNTIES, kwargs=pk_of("doubt"), method="post"),
        "checks/<int:pk>/open/": route(may=OPENERS, kwargs=pk_of("doubt"), method="post"),
        "checks/rules/": route(may=SEERS),
        "checks/rules/<slug:code>/": (
            route(may=SEERS, kwargs=a_rule, stranger=(200,)),
            route(may=OPENERS, kwargs=a_rule, method="post", stranger=(422,)),
        ),
        "checks/rules/<slug:code>/unjudged/": route(may=SEERS, kwargs=a_rule, stranger=(200,)),
        "checks/rules/<slug:code>/set/": sent(route(may=COUNTIES, kwargs=a_rule, stranger=(200, 422))),
        "checks/run/": route(may=OPENERS, method="post"),
        "checks/quality/": route(may=SEERS),
        "checks/exemptions/": route(may=SEERS),
        "checks/exemptions/<int:pk>/withdraw/": route(may=COUNTIES, kwargs=pk_of("exemption"), method="post"),
    }  # fmt: skip


def pages(route: Any, pk_of: Callable[[str], Any]) -> dict[str, Any]:
    """The pages; ``route`` and ``pk_of`` are those of routes.py."""

    def sent(page: Any) -> tuple[Any, Any]:
        return page, replace(page, method="post")

    def step(name: str, may: frozenset[Role]) -> Any:
        return route(may=may, kwargs=lambda world: {"pk": world.finding.pk, "step": name}, method="post")

    one = {"kwargs": pk_of("finding")}
    a_round = {"kwargs": pk_of("audit_round")}
    return checks(route, sent, pk_of) | {
        "findings/": route(may=SEERS),
        "findings/new/": sent(route(may=OPENERS)),
        "findings/<int:pk>/": route(may=SEERS, **one),
        "findings/<int:pk>/do/<slug:step>/": (
            step("assign", OPENERS), step("answer", ANSWERERS), step("close", OPENERS), step("reopen", OPENERS),
        ),
        "findings/<int:pk>/evidence/<int:file>/": route(
            may=SEERS, kwargs=lambda world: {"pk": world.finding.pk, "file": 1}, ok=(404,)
        ),
        "rounds/": route(may=SEERS),
        "rounds/new/": sent(route(may=OPENERS)),
        "rounds/<int:pk>/": route(may=SEERS, special={CADRE: 404, TOWNSHIP: 404}, **a_round),
        "rounds/<int:pk>/bulletin/": route(may=SEERS, special={CADRE: 404, TOWNSHIP: 404}, **a_round),
        "rounds/<int:pk>/close/": sent(route(may=OPENERS, **a_round)),
        "trail/": route(may=frozenset({AUDITOR})),
        "trail/<uuid:context>/": route(
            may=frozenset({AUDITOR}), kwargs=lambda world: {"context": made.an_act(world.household)}
        ),
        "exports/": route(may=EXPORTERS),
        "exports/new/": sent(route(may=frozenset({AUDITOR}), ok=(200, 422))),
        "exports/saved/<int:pk>/drop/": route(
            may=frozenset({AUDITOR}), kwargs=lambda world: {"pk": 1}, method="post", ok=(404,), stranger=(404,)
        ),
        "inspections/": route(may=SEERS),
        "inspections/new/": sent(route(may=OPENERS)),
        "inspections/<int:pk>/": route(may=SEERS, kwargs=pk_of("inspection")),
        "comparisons/": route(may=COMPARERS),
        "comparisons/new/": sent(route(may=IMPORTERS)),
        "comparisons/precision/": route(may=COMPARERS),
        "comparisons/hits/": route(may=COMPARERS),
        "comparisons/hits/<int:pk>/": route(may=COMPARERS, kwargs=pk_of("hit")),
        "comparisons/hits/<int:pk>/answer/": route(
            may=frozenset({TOWNSHIP, *IMPORTERS}), kwargs=pk_of("hit"), method="post", special={CADRE: 404}
        ),
        "comparisons/hits/<int:pk>/open/": route(may=OPENERS, kwargs=pk_of("hit"), method="post"),
    }  # fmt: skip


def api(reading: Any, sending: Any, pk_of: Callable[[str], Any]) -> dict[str, Any]:
    """The resources; ``reading`` and ``sending`` are those of routes_api.py."""
    one = {"kwargs": pk_of("finding")}
    return {
        "findings/": (reading(SEERS), sending(OPENERS)),
        "findings/<int:pk>/": reading(SEERS, **one),
        **{f"findings/<int:pk>/{name}/": sending(OPENERS, **one) for name in ("assign", "reopen")},
        "findings/<int:pk>/answer/": sending(ANSWERERS, **one),
        **{f"findings/<int:pk>/{name}/": sending(OPENERS, **one) for name in ("close", "return", "dismiss")},
        "trail/": reading(frozenset({AUDITOR})),
        "trail/<uuid:pk>/": reading(frozenset({AUDITOR}), kwargs=lambda world: {"pk": made.an_act(world.household)}),
        "datasets/": reading(frozenset({AUDITOR})),
        "datasets/export/": sending(frozenset({AUDITOR})),
        "saved-exports/": (reading(frozenset({AUDITOR})), sending(frozenset({AUDITOR}))),
        "saved-exports/<int:pk>/drop/": sending(
            frozenset({AUDITOR}), kwargs=lambda world: {"pk": 1}, ok=(404,), stranger=(404,)
        ),
        "export-records/": reading(EXPORTERS),
        "export-records/verify/": sending(EXPORTERS, json=False),
        "rounds/": reading(SEERS),
        "inspections/": reading(SEERS),
        "comparisons/": (reading(COMPARERS), sending(IMPORTERS)),
        "hits/": reading(COMPARERS),
        "hits/<int:pk>/": reading(COMPARERS, kwargs=pk_of("hit")),
        "hits/<int:pk>/answer/": sending(frozenset({TOWNSHIP, *IMPORTERS}), kwargs=pk_of("hit"), special={CADRE: 404}),
        "checks/": reading(SEERS),
        "checks/<int:pk>/": reading(SEERS, kwargs=pk_of("doubt")),
        "rules/": reading(SEERS),
        "rules/<slug:code>/": reading(SEERS, kwargs=a_rule, stranger=(200,)),
        **{f"quality/{name}": reading(SEERS) for name in ("", "cadres/", "helpers/")},
    }
