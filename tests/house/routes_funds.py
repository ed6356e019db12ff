"""What the addresses of projects and funds answer to whom; read by routes.py and routes_api.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.assistance import moneyed
from villages.rights import Role

CADRE, TOWNSHIP, COUNTY, LEADER = Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, Role.COUNTY_LEADER
AUDITOR, INSPECTOR, DEPARTMENT, HELPER = Role.AUDITOR, Role.INSPECTOR, Role.DEPARTMENT_OFFICER, Role.HELPER
SEERS = frozenset({CADRE, TOWNSHIP, COUNTY, LEADER, AUDITOR, INSPECTOR, DEPARTMENT})
PROPOSERS = frozenset({CADRE, TOWNSHIP, COUNTY})
PAYERS = frozenset({COUNTY, DEPARTMENT})
OF_COUNTY = {CADRE: 404, TOWNSHIP: 404}
MAKERS: dict[str, Callable[[Any], Any]] = {
    "project": lambda world: moneyed.project(),
    "source": lambda world: moneyed.source(),
    "payment": lambda world: moneyed.payment(world.household),
    "project_notice": lambda world: moneyed.notice(),
}


def pages(route: Any, pk_of: Callable[[str], Any]) -> dict[str, Any]:
    """The pages; ``route`` and ``pk_of`` are those of routes.py."""

    def sent(page: Any) -> tuple[Any, Any]:
        return page, replace(page, method="post")

    def deed(name: str, may: frozenset[Role], **more: Any) -> Any:
        given = {"kwargs": lambda world: {"pk": world.project.pk, "deed": name}, "method": "post"}
        return route(may=may, **given, **more)

    one, fund = {"kwargs": pk_of("project")}, {"kwargs": pk_of("source")}
    token = {"kwargs": lambda world: {"token": world.project_notice.token}}
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
        "funds/": (reading(SEERS), sending(PAYERS)),
        "funds/<int:pk>/": reading(SEERS, special=OF_COUNTY, **fund),
        "disbursements/": (reading(SEERS), sending(PAYERS)),
        "disbursements/<int:pk>/": reading(SEERS, **paid),
        "disbursements/<int:pk>/reverse/": sending(PAYERS, **paid),
    }
