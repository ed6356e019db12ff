"""What every address of the API answers to whom; read together with routes.py.

A body is left empty on purpose: who may is told what is missing (400), who may not is refused before it is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from households.models import ProcedureKind
from tests import factories
from tests.api import rows
from tests.house import routes_audits, routes_funds, routes_people, routes_samples, routes_trust
from tests.house.routes import (
    ACCOUNTS,
    ADMINS,
    AUDITOR,
    CADRE,
    COUNTY,
    EVERYBODY,
    EXPORTERS,
    IN_COUNTY,
    MAKERS,
    OFFICES,
    READERS,
    SECURITY,
    TOWNSHIP,
    VIEWERS,
    WRITERS,
    Route,
    World,
    code_of,
    pk_of,
    public,
)
from villages.rights import Role

MAKERS.setdefault("batch", lambda world: rows.batch(world.household))
MAKERS.setdefault("notice", lambda world: rows.notice(world.household))
MAKERS.setdefault("objection", lambda world: rows.objection(world.household))
MAKERS.setdefault("template", lambda world: world.batch.template)
MAKERS.setdefault("paper", lambda world: rows.paper(world.batch))
MAKERS.setdefault("flip", lambda world: factories.flip(world.household))
MAKERS.setdefault("quota", lambda world: rows.quota())


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


THEIR_FILTER = {"kwargs": pk_of("saved_filter"), "ok": (404,)}  # somebody else's, not shared
ONLY_COUNTY = frozenset({COUNTY})
VILLAGE = code_of(factories.VILLAGE)
REGISTER = {
    "households/": (reading(), sending(WRITERS)),
    "households/search/": sending(READERS, ok=(200,)),
    "households/selection/export/": sending(EXPORTERS, ok=(202,), stranger=(422,)),
    "households/selection/recompute/": sending(OFFICES, ok=(202,), stranger=(422,)),
    "households/selection/remind/": sending(OFFICES),
    "households/<int:pk>/recompute/": sending(OFFICES, ok=(200,), kwargs=pk_of("household")),
    "members/search/": sending(READERS),
    "members/export/": sending(EXPORTERS, ok=(202,)),
    "households/<int:pk>/": editable("household"),
    "households/<int:pk>/head/": sending(WRITERS, kwargs=pk_of("household")),
    "households/<int:pk>/unmask/": sending(EXPORTERS, kwargs=pk_of("household")),
    "households/<int:pk>/split/": sending(OFFICES, kwargs=pk_of("household")),
    "households/<int:pk>/merge/": sending(OFFICES, kwargs=pk_of("household")),
    "households/<int:pk>/transfer/": sending(OFFICES, kwargs=pk_of("household")),
    "households/<int:pk>/void/": sending(ONLY_COUNTY, kwargs=pk_of("household")),
    "households/<int:pk>/natural-end/": sending(WRITERS, kwargs=pk_of("household")),
    "households/<int:pk>/undo-change/": sending(WRITERS, kwargs=pk_of("household")),
    "households/<int:pk>/history/": reading(kwargs=pk_of("household"), special={Role.SECURITY_ADMIN: 404}),
    "saved-filters/": (reading(), sending(READERS)),
    "saved-filters/<int:pk>/": reading(**THEIR_FILTER),
    "saved-filters/<int:pk>/households/": reading(**THEIR_FILTER),
    **{f"saved-filters/<int:pk>/{name}/": sending(READERS, **THEIR_FILTER) for name in ("rename", "share", "drop")},
    "members/": (reading(), sending(WRITERS)),
    "members/<int:pk>/": editable("member"),
    "members/<int:pk>/leaving/": sending(WRITERS, kwargs=pk_of("member")),
    "members/<int:pk>/undo-leaving/": sending(WRITERS, kwargs=pk_of("member")),
    "members/<int:pk>/undo-joining/": sending(WRITERS, kwargs=pk_of("member")),
    "members/<int:pk>/same-person/": sending(OFFICES, kwargs=pk_of("member")),
    "annual-records/": (reading(), sending(WRITERS)),
    "annual-records/copy/": sending(WRITERS),
    "annual-records/<int:pk>/": editable("annual"),
    "attachments/": (reading(), sending(WRITERS, ok=(415,))),
    "attachments/<int:pk>/": reading(kwargs=pk_of("attachment")),
    "attachments/<int:pk>/file/": reading(kwargs=pk_of("attachment")),
    "attachments/<int:pk>/remove/": sending(WRITERS, kwargs=pk_of("attachment")),
    "reviews/": reading(),
    "reviews/<int:pk>/assess/": sending(WRITERS, kwargs=pk_of("household")),
    "reviews/<int:pk>/decide/": sending(frozenset({COUNTY}), kwargs=pk_of("household")),
    "flips/": reading(),
    "flips/<int:pk>/": reading(kwargs=pk_of("flip")),
    "assessments/": reading(),
    "assessments/<int:pk>/": reading(kwargs=pk_of("assessment")),
    "pairings/": (reading(), sending(OFFICES)),
    "pairings/helpers/": reading(OFFICES, ok=(400,)),
    "pairings/<int:pk>/end/": sending(OFFICES, kwargs=pk_of("pairing")),
    "pairings/<int:pk>/": reading(kwargs=pk_of("pairing")),
}
STANDING = {
    "corrections/": (reading(), sending(ONLY_COUNTY)),
    "corrections/<int:pk>/": reading(kwargs=pk_of("correction")),
    "corrections/<int:pk>/approve/": sending(ONLY_COUNTY, ok=(200,), kwargs=pk_of("correction")),
    "corrections/<int:pk>/refuse/": sending(ONLY_COUNTY, kwargs=pk_of("correction")),
    "openings/": reading(frozenset({COUNTY, AUDITOR})),
    "openings/<int:code>/close/": sending(ONLY_COUNTY, ok=(200,), kwargs=code_of(factories.COUNTY)),
    "proposals/": reading(),
    "proposals/<int:pk>/": reading(kwargs=pk_of("proposal")),
    "proposals/<int:pk>/take/": sending(frozenset({CADRE, TOWNSHIP}), ok=(200, 422), kwargs=pk_of("proposal")),
    "proposals/<int:pk>/dismiss/": sending(WRITERS, kwargs=pk_of("proposal")),
    "department-lists/": (reading(frozenset({COUNTY, AUDITOR})), sending(ONLY_COUNTY)),
    "department-lists/<int:pk>/": reading(frozenset({COUNTY, AUDITOR}), kwargs=pk_of("department_list")),
    "department-rows/": reading(),
}
PLACES_AND_STANDARDS = {
    "places/": (reading(EVERYBODY), sending(ONLY_COUNTY)),
    "places/<int:code>/": reading(EVERYBODY, kwargs=VILLAGE),
    "places/<int:code>/rename/": sending(ONLY_COUNTY, kwargs=VILLAGE),
    "places/<int:code>/profile/": (
        reading(EVERYBODY, kwargs=VILLAGE),
        sending(ONLY_COUNTY, method="patch", kwargs=VILLAGE),
    ),
    "village-files/": (reading(VIEWERS), sending(WRITERS)),
    "village-files/<int:pk>/": (
        reading(VIEWERS, kwargs=pk_of("village_year")),
        sending(WRITERS, method="patch", kwargs=pk_of("village_year")),
    ),
    "places/<int:code>/merge/": sending(ONLY_COUNTY, kwargs=VILLAGE),
    "places/<int:code>/split/": sending(ONLY_COUNTY, kwargs=VILLAGE),
    "standards/": (reading(), sending(ONLY_COUNTY)),
    "standards/<int:pk>/": reading(kwargs=pk_of("line"), stranger=(200, 404)),  # a county's line holds next door too
    "standards/<int:pk>/correct/": sending(ONLY_COUNTY, kwargs=pk_of("line")),
    "standards/<int:pk>/withdraw/": sending(ONLY_COUNTY, kwargs=pk_of("line")),
    "closings/": (reading(), sending(ONLY_COUNTY)),
    "closings/<int:pk>/": reading(kwargs=pk_of("closing"), stranger=IN_COUNTY),
    "closings/<int:pk>/verify/": reading(kwargs=pk_of("closing"), stranger=IN_COUNTY),
    "late-facts/": reading(),
    "late-facts/<int:pk>/": reading(kwargs=pk_of("late_fact")),
    "working-years/": (reading(), sending(ONLY_COUNTY)),
    "working-years/<int:pk>/withdraw/": sending(ONLY_COUNTY, kwargs=pk_of("working_year")),
    "office-names/": (reading(), sending(ONLY_COUNTY)),
    "office-names/<int:pk>/withdraw/": sending(ONLY_COUNTY, kwargs=pk_of("office_name")),
    "programmes/": (reading(), sending(ONLY_COUNTY)),
    "programmes/<int:pk>/withdraw/": sending(ONLY_COUNTY, kwargs=pk_of("programme")),
    "criteria-sets/": (reading(), sending(ONLY_COUNTY)),
    "criteria-sets/<int:pk>/withdraw/": sending(ONLY_COUNTY, kwargs=pk_of("criteria_set")),
    "criteria-sets/<int:pk>/": reading(kwargs=pk_of("criteria_set"), stranger=(200, 404)),
}
VILLAGE_OFFICE = frozenset({CADRE, TOWNSHIP})
NO_HELPER = {Role.HELPER: 404}  # may read lists, and has none


def on_list(name: str = "") -> Callable[[World], dict[str, Any]]:
    """The world's list, and of it the entry or the paper."""

    def found(world: World) -> dict[str, Any]:
        own = {"entry": lambda: world.batch.entries.get().pk, "paper": lambda: world.paper.pk}
        return {"pk": world.batch.pk, **({name: own[name]()} if name else {})}

    return found


def step(may: frozenset[Role], ok: tuple[int, ...] = (400,)) -> Route:
    return sending(may, ok=ok, kwargs=on_list())


def listed(row: str) -> dict[str, Route]:
    """A list that readers read, and one of its rows."""
    below = {} if row == "notices/" else {CADRE: 404, TOWNSHIP: 404}  # the county's row
    return {row: reading(), f"{row}<int:pk>/": reading(kwargs=pk_of(ROWS[row]), special={**NO_HELPER, **below})}


ROWS = {"notices/": "notice", "windows/": "window", "quotas/": "quota"}
BATCHES = {
    "batches/": (reading(), sending(VILLAGE_OFFICE)),
    "batches/<int:pk>/": reading(kwargs=on_list(), special=NO_HELPER),
    "batches/<int:pk>/entries/": reading(kwargs=on_list(), special=NO_HELPER),
    "batches/<int:pk>/entries/<int:entry>/differences/": reading(kwargs=on_list("entry"), special=NO_HELPER),
    "batches/<int:pk>/stayers/": reading(kwargs=on_list(), special=NO_HELPER),
    "batches/post-all/": sending(WRITERS),
    "batches/approve-many/": sending(ONLY_COUNTY),
    "batches/review-many/": sending(OFFICES),
    "batches/<int:pk>/candidates/": reading(VILLAGE_OFFICE, kwargs=on_list()),
    "batches/<int:pk>/papers/<int:paper>/": reading(kwargs=on_list("paper"), special=NO_HELPER),
    "batches/<int:pk>/papers/<int:paper>/remove/": sending(WRITERS, kwargs=on_list("paper")),
    **{
        f"batches/<int:pk>/entries/<int:entry>/{name}/": sending(WRITERS, ok=ok, kwargs=on_list("entry"))
        for name, ok in {"out": (400,), "back": (400,), "describe": (200,)}.items()
    },
    **{f"batches/<int:pk>/{name}/": step(VILLAGE_OFFICE) for name in ("add", "stay", "survey", "consents", "meeting")},
    **{f"batches/<int:pk>/{name}/": step(WRITERS) for name in ("stop", "results", "values", "sign", "correct")},
    **{f"batches/<int:pk>/{name}/": step(WRITERS) for name in ("post", "announce")},
    **{f"batches/<int:pk>/{name}/": step(OFFICES) for name in ("accept", "review")},
    "batches/<int:pk>/start/": step(VILLAGE_OFFICE, ok=(409,)),
    "batches/<int:pk>/close/": step(WRITERS, ok=(409,)),
    "batches/<int:pk>/complete/": step(WRITERS, ok=(409, 422)),
    "batches/<int:pk>/approve/": step(frozenset({COUNTY}), ok=(409,)),
    "batches/<int:pk>/paper/": step(WRITERS, ok=(415,)),
}
OBJECTION = {"kwargs": pk_of("objection")}
LEAD = {"kwargs": pk_of("lead")}
LEADS = {
    "monitored/": reading(),
    "monitored/<int:pk>/": reading(kwargs=pk_of("monitored")),
    "leads/": (reading(), sending(WRITERS | {Role.HELPER, Role.DEPARTMENT_OFFICER})),
    "leads/<int:pk>/": reading(**LEAD),
    "leads/<int:pk>/check/": sending(WRITERS, ok=(200, 422), **LEAD),
    **{f"leads/<int:pk>/{name}/": sending(WRITERS, **LEAD) for name in ("visit", "household")},
    "leads/<int:pk>/income-test/": sending(WRITERS, method="put", ok=(200,), **LEAD),
    **{f"leads/<int:pk>/{name}/": sending(OFFICES, **LEAD) for name in ("list", "dismiss", "hand")},
}
PROCEDURES = {
    **LEADS,
    **BATCHES,
    **listed("notices/"),
    **listed("windows/"),
    **listed("quotas/"),
    "objections/": (reading(), sending(WRITERS)),
    "objections/<int:pk>/": reading(special=NO_HELPER, **OBJECTION),
    "objections/<int:pk>/investigators/": reading(OFFICES, **OBJECTION),
    "objections/<int:pk>/investigate/": sending(WRITERS, **OBJECTION),
    "objections/<int:pk>/unmask/": sending(EXPORTERS, **OBJECTION),
    **{f"objections/<int:pk>/{name}/": sending(OFFICES, **OBJECTION) for name in ("assign", "decide", "answer")},
    "applications/": (reading(), sending(VILLAGE_OFFICE)),
    "applications/<int:pk>/": reading(kwargs=pk_of("application")),
    "applications/<int:pk>/close/": sending(VILLAGE_OFFICE, kwargs=pk_of("application")),
    "applications/<int:pk>/survey/": sending(VILLAGE_OFFICE, kwargs=pk_of("application")),
    "templates/": reading(),
    "templates/<int:pk>/": reading(kwargs=pk_of("template"), stranger=(200,)),  # the country's
    "templates/<int:pk>/revise/": sending(ONLY_COUNTY, kwargs=pk_of("template"), stranger=(400,)),
    "templates/<int:pk>/retire/": sending(ONLY_COUNTY, ok=(422,), kwargs=pk_of("template"), stranger=(422,)),
    "kinds/": (reading(), sending(ONLY_COUNTY)),
    "kinds/<int:pk>/": reading(kwargs=lambda world: {"pk": ProcedureKind.objects.first().pk}, stranger=(200,)),
    "windows/": (reading(), sending(ONLY_COUNTY)),
    "windows/<int:pk>/withdraw/": sending(ONLY_COUNTY, kwargs=pk_of("window")),
    "quotas/": (reading(), sending(ONLY_COUNTY)),
    "quotas/<int:pk>/divide/": sending(ONLY_COUNTY, kwargs=pk_of("quota")),
    "quotas/<int:pk>/take-back/": sending(ONLY_COUNTY, kwargs=pk_of("quota")),
    "quotas/<int:pk>/confirm/": sending(ONLY_COUNTY, ok=(422,), kwargs=pk_of("quota")),
}


def importing(ok: tuple[int, ...]) -> Route:
    """Of a county's upload its townships know nothing."""
    return sending(OFFICES, ok=ok, kwargs=pk_of("sheet_import"), special={TOWNSHIP: 404})


IMPORTS = {
    "imports/": (reading(OFFICES | {AUDITOR}), sending(OFFICES, ok=(415,))),
    "imports/<int:pk>/": reading(OFFICES | {AUDITOR}, kwargs=pk_of("sheet_import"), special={TOWNSHIP: 404}),
    "imports/<int:pk>/rejects/": reading(OFFICES, kwargs=pk_of("sheet_import"), ok=(404,)),
    "imports/<int:pk>/columns/": importing((400,)),
    "imports/<int:pk>/confirm/": importing((422,)),
    "imports/<int:pk>/discard/": importing((200,)),
    "imports/<int:pk>/undo/": importing((400,)),
}
THEIR_JOB = pk_of("job")  # the job of somebody else, not an export
JOBS = {
    "exports/": (reading(EXPORTERS), sending(EXPORTERS)),
    "exports/<uuid:pk>/": reading(EXPORTERS, kwargs=THEIR_JOB, ok=(404,)),
    "exports/<uuid:pk>/result/": reading(EXPORTERS, kwargs=THEIR_JOB, ok=(404,)),
    "exports/<uuid:pk>/cancel/": sending(EXPORTERS, kwargs=THEIR_JOB, ok=(404,)),
    "exports/<uuid:pk>/retry/": sending(EXPORTERS, kwargs=THEIR_JOB, ok=(404,)),
    "jobs/": (reading(EVERYBODY), sending(OFFICES)),
    "jobs/<uuid:pk>/": reading(frozenset({COUNTY, AUDITOR}), kwargs=THEIR_JOB, refused=404),
    "jobs/<uuid:pk>/result/": reading(EVERYBODY, kwargs=THEIR_JOB, ok=(404,)),
    "jobs/<uuid:pk>/cancel/": sending(
        ONLY_COUNTY, kwargs=THEIR_JOB, ok=(200, 409), refused=404, special={AUDITOR: 403}
    ),
    "jobs/<uuid:pk>/retry/": sending(ONLY_COUNTY, kwargs=THEIR_JOB, ok=(200, 409), refused=404, special={AUDITOR: 403}),
}
SEE_ACCOUNTS = ADMINS | {AUDITOR}
KEEP_ACCOUNTS, GRANT, KEEP_UNITS = frozenset({ACCOUNTS}), frozenset({SECURITY}), frozenset({COUNTY, ACCOUNTS})
ACCOUNT, POSTING = {"kwargs": pk_of("account")}, {"kwargs": pk_of("posting")}


def kept(name: str) -> dict[str, Route | tuple[Route, ...]]:
    """A list of units or cadres, and one of them."""
    own = pk_of(name.removesuffix("s/"))
    changing = sending(KEEP_UNITS, method="patch", kwargs=own)
    return {
        name: (reading(VIEWERS | {ACCOUNTS}), sending(KEEP_UNITS)),
        f"{name}<int:pk>/": (reading(VIEWERS | {ACCOUNTS}, kwargs=own), changing),
    }


PEOPLE = {
    "accounts/": (reading(SEE_ACCOUNTS), sending(KEEP_ACCOUNTS)),
    "accounts/search/": sending(SEE_ACCOUNTS),
    "accounts/villages/": sending(KEEP_ACCOUNTS),
    "accounts/<int:pk>/": (
        reading(SEE_ACCOUNTS, **ACCOUNT),
        sending(KEEP_ACCOUNTS, method="patch", ok=(200,), **ACCOUNT),
    ),
    "accounts/<int:pk>/postings/": reading(SEE_ACCOUNTS, **ACCOUNT),
    **{f"accounts/<int:pk>/{name}/": sending(KEEP_ACCOUNTS, **ACCOUNT) for name in ("lock", "close")},
    **{
        f"accounts/<int:pk>/{name}/": sending(KEEP_ACCOUNTS, ok=(200,), **ACCOUNT)
        for name in ("unlock", "reopen", "reset")
    },
    "postings/": (reading(SEE_ACCOUNTS), sending(GRANT)),
    "postings/villages/": sending(GRANT),
    "postings/<int:pk>/": reading(SEE_ACCOUNTS, **POSTING),
    "postings/<int:pk>/end/": sending(GRANT, ok=(200,), **POSTING),
    **kept("units/"),
    **kept("cadres/"),
    "cadres/search/": sending(VIEWERS | {ACCOUNTS}),
}
THEIR_MESSAGE = {"kwargs": pk_of("message"), "ok": (404,)}
MESSAGES = {
    "messages/": (reading(EVERYBODY), sending(OFFICES)),
    "messages/unread/": reading(EVERYBODY),
    "messages/read-all/": sending(EVERYBODY, ok=(200,)),
    "messages/sent/": reading(OFFICES),
    "messages/<int:pk>/": reading(EVERYBODY, **THEIR_MESSAGE),
    "messages/<int:pk>/read/": sending(EVERYBODY, **THEIR_MESSAGE),
    "reminders/": reading(EVERYBODY),
}
FIGURES = {
    "reports/": reading(VIEWERS),
    "reports/<slug:code>/": reading(VIEWERS, kwargs=lambda world: {"code": "age"}, stranger=(200,)),  # of his places
    "reports/<slug:code>/sheet/": reading(VIEWERS, kwargs=lambda world: {"code": "age"}, stranger=(200,)),
    "summaries/": reading(VIEWERS),
}
OTHERS = {
    "": reading(EVERYBODY),
    "schema/": public(),
    "auth/token/": sending(EVERYBODY, anonymous=415),
    "<anything:rest>": Route(kwargs=nowhere, ok=(404,), anonymous=404),
}
ALL = {
    **OTHERS,
    **PLACES_AND_STANDARDS,
    **REGISTER,
    **STANDING,
    **PROCEDURES,
    **IMPORTS,
    **PEOPLE,
    **MESSAGES,
    **FIGURES,
    **JOBS,
    **routes_audits.api(reading, sending, pk_of),
    **routes_funds.api(reading, sending, pk_of),
    **routes_people.api(reading, sending, OFFICES),
    **routes_samples.api(reading, sending, pk_of),
    **routes_trust.api(reading, sending, pk_of),
}
API: dict[str, Route | tuple[Route, ...]] = {f"api/v1/{name}": route for name, route in ALL.items()}
