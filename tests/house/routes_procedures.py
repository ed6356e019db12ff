"""Who may open what of the procedures, beside tests/house/routes.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from households.models import Archive, BulkAct, Comparison, ComparisonHit, Deputy
from tests import factories
from tests.house.routes import (
    COUNTY,
    DRAFTERS,
    EXPORTERS,
    OFFICES,
    READERS,
    UNSEEN,
    WRITERS,
    Route,
    World,
    code_of,
    open_page,
    pk_of,
    sent,
)
from villages.rights import Role


def letter(form: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"pk": world.objection.pk, "form": form}


def photo(world: World) -> dict[str, Any]:
    return {"pk": world.objection.pk, "photo": 1}


def archive(world: World) -> dict[str, Any]:
    row, _ = Archive.objects.get_or_create(
        place_id=factories.VILLAGE, year=2017, subject="2017年脱贫退出",
        defaults={"decided_on": date(2017, 12, 1), "entered_on": date(2026, 1, 5), "by": world.batch.created_by},
    )  # fmt: skip
    return {"pk": row.pk}


def hit(world: World) -> dict[str, Any]:
    found = Comparison.objects.create(
        place=factories.place(factories.COUNTY), kind="monitor_in", year=2026, compared_on=date(2026, 1, 5),
        document="比对1号", source="县大数据局", by=world.batch.created_by,
    )  # fmt: skip
    home = world.household
    row = ComparisonHit.objects.create(comparison=found, household=home, village_id=home.village_id, what="car")
    return {"pk": row.pk}


def deputy(world: World) -> dict[str, Any]:
    """Not granted yet: the office may withdraw it, who grants postings may not."""
    row, _ = Deputy.objects.get_or_create(
        place=factories.place(factories.VILLAGE), role="village_cadre", document="1号", reason="出差",
        defaults={
            "deputy": factories.user(), "since": date(2026, 1, 1), "until": date(2099, 1, 1),
            "ordered_by": world.batch.created_by,
        },
    )  # fmt: skip
    return {"pk": row.pk}


def entry(world: World) -> dict[str, Any]:
    return {"pk": world.batch.pk, "entry": world.batch.entries.get().pk}


def act(world: World) -> dict[str, Any]:
    batch = world.batch
    row = BulkAct.objects.create(
        place_id=batch.place_id, step_kind="county_review", batch_ids=[batch.pk], by=batch.created_by
    )
    return {"pk": row.pk}


PROCEDURES: dict[str, Route | tuple[Route, ...]] = {
    "procedures/objections/<int:pk>/print/<slug:form>/": Route(may=READERS, kwargs=letter("register"), special=UNSEEN),
    "procedures/objections/<int:pk>/print/<slug:form>.docx": Route(
        may=READERS, kwargs=letter("answer"), special=UNSEEN
    ),
    "gongshi/<int:code>/declare/": (
        open_page(kwargs=code_of(factories.VILLAGE)),
        open_page(kwargs=code_of(factories.VILLAGE), method="post", data=lambda world: {"name": ""}, ok=422),
    ),
    "gongshi/<int:code>/declared/": open_page(kwargs=code_of(factories.VILLAGE), ok=303),
    "procedures/representatives/<int:code>/": (
        Route(may=READERS, kwargs=code_of(factories.VILLAGE)),
        Route(may=DRAFTERS, kwargs=code_of(factories.VILLAGE), method="post"),
    ),
    "procedures/kinds/": Route(may=READERS),
    "procedures/kinds/new/": sent(Route(may=frozenset({COUNTY}))),
    "procedures/templates/<int:pk>/steps/": sent(
        Route(may=frozenset({COUNTY}), kwargs=lambda world: {"pk": world.batch.template_id}, stranger=(200, 422))
    ),
    "procedures/templates/<int:pk>/activate/": Route(
        may=frozenset({COUNTY}), kwargs=lambda world: {"pk": world.batch.template_id}, method="post", stranger=(302,)
    ),
    "procedures/comparisons/": Route(may=READERS),
    "procedures/comparisons/new/": sent(Route(may=frozenset({COUNTY}))),
    "procedures/comparisons/<int:pk>/explain/": Route(may=OFFICES, kwargs=hit, method="post"),
    "procedures/deputies/": Route(may=READERS | {Role.SECURITY_ADMIN}),
    "procedures/deputies/new/": sent(Route(may=frozenset({COUNTY}))),
    "procedures/deputies/<int:pk>/grant/": Route(
        may=frozenset({Role.SECURITY_ADMIN}), kwargs=deputy, method="post", ok=(302,)
    ),
    "procedures/deputies/<int:pk>/end/": Route(
        may=frozenset({COUNTY, Role.SECURITY_ADMIN}),
        kwargs=deputy,
        method="post",
        ok=(302,),
        special={Role.SECURITY_ADMIN: 403},
    ),
    "procedures/archives/": Route(may=READERS),
    "procedures/archives/new/": sent(Route(may=DRAFTERS)),
    "procedures/archives/<int:pk>/": Route(may=READERS, kwargs=archive, special={Role.HELPER: 404}),
    "procedures/archives/<int:pk>/<int:paper>/": Route(
        may=READERS, kwargs=lambda world: {**archive(world), "paper": 1}, ok=(404,)
    ),
    "procedures/notices/<int:pk>/photos/": (
        Route(may=READERS, kwargs=pk_of("notice"), special=UNSEEN),
        Route(may=WRITERS, kwargs=pk_of("notice"), method="post", special=UNSEEN),
    ),
    "procedures/notices/<int:pk>/photos/<int:photo>/position/": Route(
        may=EXPORTERS, kwargs=lambda world: {"pk": world.notice.pk, "photo": 1}, method="post", ok=(404,)
    ),
    "procedures/<int:pk>/entries/<int:entry>/file.pdf": Route(may=EXPORTERS, kwargs=entry),
    "procedures/<int:pk>/entries/<int:entry>/file.zip": Route(may=EXPORTERS, kwargs=entry),
    "procedures/bulk/choose/": Route(may=OFFICES, method="post", ok=(302, 404)),
    "procedures/bulk/<int:pk>/": (
        Route(may=frozenset({COUNTY}), kwargs=act),
        Route(may=frozenset({COUNTY}), kwargs=act, method="post"),
    ),
    "objections/<int:pk>/photos/<int:photo>/": Route(may=READERS, kwargs=photo, ok=(403, 404)),
    "procedures/applications/<int:pk>/refusal/": Route(may=READERS, kwargs=pk_of("application"), ok=(404,)),
    "procedures/applications/<int:pk>/refusal.docx": Route(may=READERS, kwargs=pk_of("application"), ok=(404,)),
}
