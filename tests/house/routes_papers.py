"""What the addresses of papers, cards, corrections and of a household's own page answer to whom."""

from __future__ import annotations

from typing import Any

from assistance.models import CorrectionRequest, HouseholdCard
from assistance.papers import services
from tests import factories
from tests.house.routes import (
    CADRE,
    EXPORTERS,
    MAKERS,
    READERS,
    VIEWERS,
    WRITERS,
    Route,
    World,
    pk_of,
)
from tests.house.routes_api import reading, sending

HOUSEHOLD = pk_of("household")


def card_of(world: World) -> HouseholdCard:
    return services.issue_card(by=factories.posted(CADRE), household=world.household)


def request_of(world: World) -> CorrectionRequest:
    return services.take_correction(household=world.household, about="other", said="住址登记错了")


MAKERS.setdefault("card", card_of)
MAKERS.setdefault("correction_request", request_of)


def form_of(code: str) -> Any:
    return lambda world: {"pk": world.household.pk, "form": code}


def village_form(code: str) -> Any:
    return lambda world: {"code": int(world.household.village_id), "form": code}


def own(**more: Any) -> Route:
    """Nobody has told the second fact in these browsers."""
    return Route(ok=(303,), anonymous=303, stranger=(303,), kwargs=lambda world: {"code": world.card.code}, **more)


ROUTES: dict[str, Route | tuple[Route, ...]] = {
    "papers/": Route(may=READERS),
    "papers/<int:code>/<slug:form>/": Route(may=VIEWERS, kwargs=village_form("roster")),
    "papers/<int:code>/<slug:form>.pdf": Route(may=EXPORTERS, kwargs=village_form("roster")),
    "papers/<int:code>/<slug:form>.docx": Route(may=EXPORTERS, kwargs=village_form("roster")),
    "papers/<int:code>/<slug:form>/households/": Route(may=EXPORTERS, kwargs=village_form("account"), method="post"),
    "households/<int:pk>/papers/": Route(may=READERS, kwargs=HOUSEHOLD),
    "households/<int:pk>/papers/<slug:form>/": Route(may=READERS, kwargs=form_of("account")),
    "households/<int:pk>/papers/<slug:form>.pdf": Route(may=READERS, kwargs=form_of("account")),
    "households/<int:pk>/papers/<slug:form>.docx": Route(may=READERS, kwargs=form_of("account")),
    **{
        f"households/<int:pk>/card/{deed}/": Route(may=WRITERS, kwargs=HOUSEHOLD, method="post")
        for deed in ("issue", "renew", "revoke")
    },
    "correction-requests/": Route(may=READERS),
    "correction-requests/<int:pk>/": (
        Route(may=READERS, kwargs=pk_of("correction_request")),
        Route(may=WRITERS, kwargs=pk_of("correction_request"), method="post"),
    ),
    "gongshi/h/<slug:code>/": Route(
        ok=(200,), anonymous=200, stranger=(200,), kwargs=lambda world: {"code": world.card.code}
    ),
    "gongshi/h/<slug:code>/leave/": own(method="post"),
    "gongshi/h/<slug:code>/copy/": own(),
    "gongshi/h/<slug:code>/copy.pdf": own(),
    "gongshi/h/<slug:code>/correct/": own(),
    "gongshi/h/<slug:code>/corrected/": own(),
    "api/v1/correction-requests/": reading(),
    "api/v1/correction-requests/<int:pk>/": reading(kwargs=pk_of("correction_request")),
    "api/v1/correction-requests/<int:pk>/answer/": sending(WRITERS, kwargs=pk_of("correction_request")),
}
