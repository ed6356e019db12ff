"""What the addresses of samples and signs answer to whom; read by routes.py and routes_api.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.audits import sampled
from villages.rights import Role

TOWNSHIP, COUNTY, LEADER = Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, Role.COUNTY_LEADER
AUDITOR, INSPECTOR = Role.AUDITOR, Role.INSPECTOR
SEERS = frozenset({TOWNSHIP, COUNTY, LEADER, AUDITOR, INSPECTOR})
DRAWERS = frozenset({COUNTY, AUDITOR, INSPECTOR})
MAKERS: dict[str, Callable[[Any], Any]] = {
    "sample": lambda world: sampled.sample(world.household),
    "sign": lambda world: sampled.sign(),
    "sample_case": lambda world: world.sample.cases.get(household=world.household),
}


def pages(route: Any, pk_of: Callable[[str], Any]) -> dict[str, Any]:
    """The pages; ``route`` and ``pk_of`` are those of routes.py."""

    def sent(page: Any) -> tuple[Any, Any]:
        return page, replace(page, method="post")

    one, a_case = {"kwargs": pk_of("sample")}, {"kwargs": pk_of("sample_case")}
    return {
        "detection/": route(may=SEERS),
        "detection/look/": route(may=DRAWERS, method="post", ok=(302,)),
        "detection/villages/": route(may=SEERS),
        "detection/accounts/": route(may=SEERS),
        "detection/<int:pk>/households/": route(may=SEERS, kwargs=pk_of("sign")),
        "privileges/": sent(route(may=frozenset({AUDITOR}))),
        "samples/": route(may=SEERS),
        "samples/new/": sent(route(may=DRAWERS)),
        "samples/cases/": route(may=SEERS),
        "samples/cases/<int:pk>/": route(may=SEERS, **a_case),
        "samples/cases/<int:pk>/note/": sent(route(may=DRAWERS, **a_case)),
        "samples/cases/<int:pk>/unreached/": sent(route(may=DRAWERS, **a_case)),
        "samples/cases/<int:pk>/photos/": route(may=DRAWERS, method="post", **a_case),
        "samples/cases/<int:pk>/photos/<int:file>/": route(
            may=SEERS, kwargs=lambda world: {"pk": world.sample_case.pk, "file": 1}, ok=(404,)
        ),
        "samples/<int:pk>/": route(may=SEERS, **one),
        "samples/<int:pk>/frame/": route(may=SEERS, **one),
        "samples/<int:pk>/print/": route(may=SEERS, **one),
        "samples/<int:pk>/close/": route(may=DRAWERS, method="post", **one),
    }


def api(reading: Any, sending: Any, pk_of: Callable[[str], Any]) -> dict[str, Any]:
    """The resources; ``reading`` and ``sending`` are those of routes_api.py."""
    a_case = {"kwargs": pk_of("sample_case")}
    return {
        "samples/": (reading(SEERS), sending(DRAWERS)),
        "samples/<int:pk>/": reading(SEERS, kwargs=pk_of("sample")),
        "sample-cases/": reading(SEERS),
        "sample-cases/<int:pk>/note/": sending(DRAWERS, **a_case),
        "sample-cases/<int:pk>/unreached/": sending(DRAWERS, **a_case),
        "sample-cases/<int:pk>/photos/": sending(DRAWERS, json=False, **a_case),
        "signs/": reading(SEERS),
        "sign-accounts/": reading(SEERS),
    }
