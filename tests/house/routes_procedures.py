"""Who may open what of the procedures, beside tests/house/routes.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.house.routes import READERS, UNSEEN, Route, World, pk_of


def letter(form: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"pk": world.objection.pk, "form": form}


def photo(world: World) -> dict[str, Any]:
    return {"pk": world.objection.pk, "photo": 1}


PROCEDURES: dict[str, Route | tuple[Route, ...]] = {
    "procedures/objections/<int:pk>/print/<slug:form>/": Route(may=READERS, kwargs=letter("register"), special=UNSEEN),
    "procedures/objections/<int:pk>/print/<slug:form>.docx": Route(
        may=READERS, kwargs=letter("answer"), special=UNSEEN
    ),
    "objections/<int:pk>/photos/<int:photo>/": Route(may=READERS, kwargs=photo, ok=(403, 404)),
    "procedures/applications/<int:pk>/refusal/": Route(may=READERS, kwargs=pk_of("application"), ok=(404,)),
    "procedures/applications/<int:pk>/refusal.docx": Route(may=READERS, kwargs=pk_of("application"), ok=(404,)),
}
