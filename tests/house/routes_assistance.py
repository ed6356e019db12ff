"""What the addresses of assistance answer to whom; merged into routes.py and routes_api.py."""

from __future__ import annotations

from typing import Any

from assistance.models import IncomeModel
from tests.factories_assistance import catalogue_item, measure, plan, plan_line, policy, visit
from tests.house.routes import (
    CADRE,
    COUNTY,
    DEPARTMENT,
    HELPER,
    MAKERS,
    READERS,
    TOWNSHIP,
    VIEWERS,
    Route,
    World,
    pk_of,
    sent,
)
from tests.house.routes_api import reading, sending

MAKERS.setdefault("measure", lambda world: measure(world.household))
MAKERS.setdefault("visit", lambda world: visit(world.household))
MAKERS.setdefault("policy", lambda world: policy())
MAKERS.setdefault("plan", lambda world: plan(world.household))
MAKERS.setdefault("plan_line", lambda world: plan_line(world.plan))
MAKERS.setdefault("income_model", lambda world: IncomeModel.objects.get(code="M01", place=None))
MAKERS.setdefault("catalogue_item", lambda world: catalogue_item())
HELPERS = frozenset({CADRE, HELPER, TOWNSHIP, COUNTY})
GIVERS = HELPERS | {DEPARTMENT}
ONLY_COUNTY = frozenset({COUNTY})
HOUSEHOLD = pk_of("household")


def item_for(world: World) -> dict[str, Any]:
    return {"pk": world.household.pk, "item": world.catalogue_item.pk}


def of_catalogue(**more: Any) -> Route:
    """An entry of the shipped catalogue is every county's."""
    return Route(may=ONLY_COUNTY, kwargs=pk_of("catalogue_item"), **more)


PAGES = {
    "catalogue/": Route(may=READERS),
    "catalogue/new/": sent(Route(may=ONLY_COUNTY)),
    "catalogue/<int:pk>/revise/": (of_catalogue(stranger=(200,)), of_catalogue(method="post", stranger=(422,))),
    "catalogue/<int:pk>/end/": (of_catalogue(stranger=(200,)), of_catalogue(method="post", stranger=(422,))),
    "income-models/": Route(may=READERS),
    "income-models/<int:pk>/": (
        Route(may=ONLY_COUNTY, kwargs=pk_of("income_model"), stranger=(200,)),
        Route(may=ONLY_COUNTY, kwargs=pk_of("income_model"), method="post", stranger=(422,)),
    ),
    "measures/": Route(may=READERS),
    "measures/summary/": Route(may=VIEWERS),
    "assistance/": Route(may=VIEWERS),
    "measures/new/": Route(may=GIVERS),
    "measures/new/<int:pk>/": Route(may=GIVERS, kwargs=HOUSEHOLD),
    "measures/new/<int:pk>/<int:item>/": sent(Route(may=GIVERS, kwargs=item_for)),
    "measures/<int:pk>/": sent(Route(may=GIVERS, kwargs=pk_of("measure"))),
    "measures/<int:pk>/withdraw/": Route(may=GIVERS, kwargs=pk_of("measure"), method="post"),
    "households/<int:pk>/measures/": Route(may=READERS, kwargs=HOUSEHOLD),
    "policies/": Route(may=READERS),
    "policies/<int:pk>/revise/": (
        Route(may=ONLY_COUNTY, kwargs=pk_of("policy"), stranger=(200,)),
        Route(may=ONLY_COUNTY, kwargs=pk_of("policy"), method="post", stranger=(422,)),
    ),
    "policies/entitled/": Route(may=READERS),
    "policies/coverage/": Route(may=VIEWERS),
    "policies/<slug:policy>/<int:year>/why/<int:pk>/": sent(
        Route(may=GIVERS, kwargs=lambda world: {"policy": "insurance", "year": 2020, "pk": world.member.pk})
    ),
    "households/<int:pk>/policies/": Route(may=READERS, kwargs=HOUSEHOLD),
    "plans/": Route(may=READERS),
    "plans/missing/": Route(may=READERS),
    "plans/needs/<int:pk>/": sent(Route(may=HELPERS, kwargs=HOUSEHOLD)),
    "plans/new/<int:pk>/": sent(Route(may=HELPERS, kwargs=HOUSEHOLD)),
    "plans/<int:pk>/": Route(may=READERS, kwargs=pk_of("plan")),
    "plans/<int:pk>/edit/": sent(Route(may=HELPERS, kwargs=pk_of("plan"))),
    "plans/<int:pk>/measures/": sent(Route(may=HELPERS, kwargs=pk_of("plan"))),
    "plans/<int:pk>/agree/": Route(may=HELPERS, kwargs=pk_of("plan"), method="post"),
    "plans/<int:pk>/reopen/": Route(may=HELPERS, kwargs=pk_of("plan"), method="post"),
    "plans/measures/<int:pk>/drop/": Route(may=HELPERS, kwargs=pk_of("plan_line"), method="post"),
    "households/<int:pk>/plan/": Route(may=READERS, kwargs=HOUSEHOLD),
    "visits/": Route(may=READERS),
    "visits/due/": Route(may=READERS),
    "visits/progress/": Route(may=VIEWERS),
    "visits/new/<int:pk>/": sent(Route(may=HELPERS, kwargs=HOUSEHOLD)),
    **{
        f"visits/correct/<int:pk>/{what}/": sent(Route(may=HELPERS, kwargs=HOUSEHOLD))
        for what in ("phone", "work", "propose")
    },
    "visits/<int:pk>/": Route(may=READERS, kwargs=pk_of("visit")),
    "visits/<int:pk>/withdraw/": Route(may=HELPERS, kwargs=pk_of("visit"), method="post"),
    "households/<int:pk>/visits/": Route(may=READERS, kwargs=HOUSEHOLD),
}
API = {
    "catalogue/": reading(),
    "measures/": (reading(), sending(GIVERS)),
    "measures/<int:pk>/": reading(kwargs=pk_of("measure")),
    "measures/<int:pk>/correct/": sending(GIVERS, kwargs=pk_of("measure")),
    "measures/<int:pk>/withdraw/": sending(GIVERS, kwargs=pk_of("measure")),
    "policies/": reading(),
    "entitled/": reading(),
    "plans/": (reading(), sending(HELPERS)),
    "plans/needs/": sending(HELPERS),
    "plans/<int:pk>/": reading(kwargs=pk_of("plan")),
    "plans/<int:pk>/lines/": sending(HELPERS, kwargs=pk_of("plan")),
    "plans/<int:pk>/agree/": sending(HELPERS, kwargs=pk_of("plan")),
    "plans-missing/": reading(),
    "visits/": (reading(), sending(HELPERS)),
    "visits/<int:pk>/": reading(kwargs=pk_of("visit")),
    "visits/<int:pk>/withdraw/": sending(HELPERS, kwargs=pk_of("visit")),
    "visits-due/": reading(),
}
ROUTES: dict[str, Route | tuple[Route, ...]] = {**PAGES, **{f"api/v1/{name}": route for name, route in API.items()}}
