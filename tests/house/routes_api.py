"""What every address of the API answers to whom; read together with routes.py.

A body is left empty on purpose: who may is told what is missing (400), who may not is refused before it is read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests import factories
from tests.api import rows
from tests.house.routes import (
    AUDITOR,
    COUNTY,
    EVERYBODY,
    EXPORTERS,
    MAKERS,
    OFFICES,
    READERS,
    WRITERS,
    Route,
    World,
    code_of,
    pk_of,
    public,
)
from villages.people.rights import Role

MAKERS.setdefault("batch", lambda world: rows.batch(world.household))
MAKERS.setdefault("notice", lambda world: rows.notice(world.household))
MAKERS.setdefault("objection", lambda world: rows.objection(world.household))


def reading(may: frozenset[Role] = READERS, **more: Any) -> Route:
    """A stranger's list is empty, a stranger's row 404; without login 401."""
    return Route(may=may, anonymous=401, **more)


def sending(may: frozenset[Role], ok: tuple[int, ...] = (400,), **more: Any) -> Route:
    return Route(**{"may": may, "method": "post", "ok": ok, "json": True, "anonymous": 401, **more})


def editable(row: str) -> tuple[Route, Route]:
    """A row that readers read and writers change."""
    read = reading(kwargs=pk_of(row))
    return read, replace(read, may=WRITERS, method="patch", ok=(400,), json=True)


def nowhere(world: World) -> dict[str, Any]:
    return {"rest": "nowhere"}


ONLY_COUNTY = frozenset({COUNTY})
VILLAGE = code_of(factories.VILLAGE)
REGISTER = {
    "households/": (reading(), sending(WRITERS)),
    "households/search/": sending(READERS, ok=(200,)),
    "households/<int:pk>/": editable("household"),
    "households/<int:pk>/head/": sending(WRITERS, kwargs=pk_of("household")),
    "households/<int:pk>/unmask/": sending(EXPORTERS, kwargs=pk_of("household")),
    "households/<int:pk>/split/": sending(OFFICES, kwargs=pk_of("household")),
    "households/<int:pk>/merge/": sending(OFFICES, kwargs=pk_of("household")),
    "households/<int:pk>/transfer/": sending(OFFICES, kwargs=pk_of("household")),
    "households/<int:pk>/void/": sending(ONLY_COUNTY, kwargs=pk_of("household")),
    "members/": (reading(), sending(WRITERS)),
    "members/<int:pk>/": editable("member"),
    "members/<int:pk>/leaving/": sending(WRITERS, kwargs=pk_of("member")),
    "members/<int:pk>/undo-leaving/": sending(WRITERS, kwargs=pk_of("member")),
    "annual-records/": (reading(), sending(WRITERS)),
    "annual-records/copy/": sending(WRITERS),
    "annual-records/<int:pk>/": editable("annual"),
    "assessments/": reading(),
    "assessments/<int:pk>/": reading(kwargs=pk_of("assessment")),
    "pairings/": reading(),
    "pairings/<int:pk>/": reading(kwargs=pk_of("pairing")),
}
PLACES_AND_STANDARDS = {
    "places/": (reading(EVERYBODY), sending(ONLY_COUNTY)),
    "places/<int:code>/": reading(EVERYBODY, kwargs=VILLAGE),
    "places/<int:code>/rename/": sending(ONLY_COUNTY, kwargs=VILLAGE),
    "standards/": (reading(), sending(ONLY_COUNTY)),
    "standards/<int:pk>/": reading(kwargs=pk_of("line"), stranger=(200, 404)),  # a county's line holds next door too
    "standards/<int:pk>/correct/": sending(ONLY_COUNTY, kwargs=pk_of("line")),
    "standards/<int:pk>/withdraw/": sending(ONLY_COUNTY, kwargs=pk_of("line")),
    "criteria-sets/": reading(),
    "criteria-sets/<int:pk>/": reading(kwargs=pk_of("criteria_set"), stranger=(200, 404)),
}
PROCEDURES = {
    **{f"{name}/": reading() for name in ("batches", "notices", "objections")},
    "batches/<int:pk>/": reading(kwargs=pk_of("batch"), special={Role.HELPER: 404}),
    "notices/<int:pk>/": reading(kwargs=pk_of("notice"), special={Role.HELPER: 404}),
    "objections/<int:pk>/": reading(kwargs=pk_of("objection"), special={Role.HELPER: 404}),
}
THEIR_JOB = pk_of("job")  # the job of somebody else, not an export
JOBS = {
    "exports/": (reading(EXPORTERS), sending(EXPORTERS)),
    "exports/<uuid:pk>/": reading(EXPORTERS, kwargs=THEIR_JOB, ok=(404,)),
    "exports/<uuid:pk>/result/": reading(EXPORTERS, kwargs=THEIR_JOB, ok=(404,)),
    "exports/<uuid:pk>/cancel/": sending(EXPORTERS, kwargs=THEIR_JOB, ok=(404,)),
    "exports/<uuid:pk>/retry/": sending(EXPORTERS, kwargs=THEIR_JOB, ok=(404,)),
    "jobs/": reading(EVERYBODY),
    "jobs/<uuid:pk>/": reading(frozenset({COUNTY, AUDITOR}), kwargs=THEIR_JOB, refused=404),
    "jobs/<uuid:pk>/result/": reading(EVERYBODY, kwargs=THEIR_JOB, ok=(404,)),
    "jobs/<uuid:pk>/cancel/": sending(
        ONLY_COUNTY, kwargs=THEIR_JOB, ok=(200, 409), refused=404, special={AUDITOR: 403}
    ),
    "jobs/<uuid:pk>/retry/": sending(ONLY_COUNTY, kwargs=THEIR_JOB, ok=(200, 409), refused=404, special={AUDITOR: 403}),
}
OTHERS = {
    "": reading(EVERYBODY),
    "schema/": public(),
    "auth/token/": sending(EVERYBODY, anonymous=415),
    "<anything:rest>": Route(kwargs=nowhere, ok=(404,), anonymous=404),
}
ALL = {**OTHERS, **PLACES_AND_STANDARDS, **REGISTER, **PROCEDURES, **JOBS}
API: dict[str, Route | tuple[Route, ...]] = {f"api/v1/{name}": route for name, route in ALL.items()}
