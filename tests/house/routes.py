"""What every address answers to whom. An address without a row here fails tests/house/test_urls.py.

A row names the roles that may; all other roles are refused (403), strangers (the same roles posted next door: another
village, township or county) get 404 where the address names a row, anonymous visitors are sent to the login. Roles are
written out here, not derived from the rights table: the table is what is being checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from households.models import Household
from tests import factories, standings
from tests.api import rows
from tests.house import routes_audits, routes_funds, routes_people, routes_samples, routes_trust
from villages.rights import Role

CADRE, HELPER, TOWNSHIP, COUNTY = Role.VILLAGE_CADRE, Role.HELPER, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER
LEADER, DEPARTMENT, AUDITOR = Role.COUNTY_LEADER, Role.DEPARTMENT_OFFICER, Role.AUDITOR
ACCOUNTS, SECURITY, INSPECTOR = Role.ACCOUNTS_ADMIN, Role.SECURITY_ADMIN, Role.INSPECTOR

EVERYBODY = frozenset(Role)
READERS = frozenset({CADRE, HELPER, TOWNSHIP, COUNTY, LEADER, DEPARTMENT, AUDITOR, INSPECTOR})
WRITERS = frozenset({CADRE, TOWNSHIP, COUNTY})
OFFICES = frozenset({TOWNSHIP, COUNTY})
EXPORTERS = frozenset({CADRE, TOWNSHIP, COUNTY, AUDITOR})
VIEWERS = READERS - {HELPER}  # of figures, units and cadres
ADMINS = frozenset({ACCOUNTS, SECURITY})
DONE = (200, 204, 302, 400, 409, 422)  # what an empty POST may answer to somebody who has the right


class World:
    """A village with one of everything; rows are made when a route first asks for them."""

    def __init__(self, household: Household | None = None) -> None:
        self.household = household or factories.household(members=2)
        self._made: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = MAKERS[name](self)
        return self._made[name]


MAKERS: dict[str, Callable[[World], Any]] = {
    "member": lambda world: world.household.members.order_by("person_no").last(),
    "other_member": lambda world: world.household.members.order_by("person_no").first(),
    "annual": lambda world: factories.annual_record(world.household),
    "assessment": lambda world: factories.assessment(world.household),
    "attachment": lambda world: factories.attachment(world.household),
    "account": lambda world: factories.posted(CADRE),
    "posting": lambda world: world.account.postings.get(),
    "village_year": lambda world: factories.village_year(),
    "unit": lambda world: factories.unit(place=factories.place(factories.VILLAGE)),
    "cadre": lambda world: factories.cadre(),
    "job": lambda world: factories.job(),
    "message": lambda world: factories.message(),
    "support": lambda world: factories.support(world.household),
    "sheet_import": lambda world: factories.sheet_import(),
    "batch": lambda world: rows.batch(world.household),
    "notice": lambda world: rows.notice(world.household),
    "saved_filter": lambda world: factories.saved_filter(),
    "working_year": lambda world: factories.working_year(),
    "office_name": lambda world: factories.office_name(),
    "programme": lambda world: factories.programme(),
    "closing": lambda world: factories.closing(),
    "late_fact": lambda world: factories.late_fact(world.household),
    "objection": lambda world: rows.objection(world.household),
    "lead": lambda world: factories.lead(world.household),
    "tested": lambda world: factories.income_test(world.lead).lead,
    "monitored": lambda world: factories.restand(
        world.household, monitor_type="1", risks=["01"], risk_identified_on=date(2026, 1, 5), risk_cleared=False
    ),
    "pairing": lambda world: factories.pairing(world.household),
    "application": lambda world: rows.application(world.household),
    "window": lambda world: rows.window(),
    "line": lambda world: factories.poverty_line(place=factories.place(factories.COUNTY)),
    "correction": lambda world: standings.order(world.household),
    "proposal": lambda world: standings.proposal(world.household),
    "department_list": lambda world: standings.department_list(),
    "criteria_set": lambda world: factories.criteria_set(place=factories.place(factories.COUNTY)),
    **routes_audits.MAKERS,
    **routes_funds.MAKERS,
    **routes_samples.MAKERS,
    **routes_trust.MAKERS,
}


def nothing(world: World) -> dict[str, Any]:
    return {}


def pk_of(name: str) -> Callable[[World], dict[str, Any]]:
    """The route's ``pk`` is that of the world's row ``name``."""
    return lambda world: {"pk": getattr(world, name).pk}


@dataclass(frozen=True)
class Route:
    """Expected answers of one address.

    ``may`` roles get ``ok``, others ``refused``; strangers of ``may`` get ``stranger`` (by default 404 when the address
    has arguments, else ``ok``); ``special`` overrides single roles.
    """

    may: frozenset[Role] = EVERYBODY
    kwargs: Callable[[World], dict[str, Any]] = nothing
    method: str = "get"
    data: Callable[[World], dict[str, Any]] = nothing
    query: str = ""
    ok: tuple[int, ...] = ()
    refused: int = 403
    stranger: tuple[int, ...] = ()
    anonymous: int = 302
    special: Mapping[Role, int] = field(default_factory=dict)
    json: bool = False

    @property
    def allowed(self) -> tuple[int, ...]:
        return self.ok or (DONE if self.method == "post" else (200,))

    @property
    def outside(self) -> tuple[int, ...]:
        return self.stranger or ((404,) if self.kwargs is not nothing else self.allowed)

    def wanted(self, role: Role) -> tuple[int, ...]:
        """What somebody of that role inside the place may get."""
        if role in self.special:
            return (self.special[role],)
        return self.allowed if role in self.may else (self.refused,)


def public(**more: Any) -> Route:
    return Route(anonymous=200, **more)


IN_COUNTY = (200, 404)
"""What strangers get where whoever works in the county sees the row: those of the next village or township do."""


def sent(page: Route) -> tuple[Route, Route]:
    """A page and the form on it, which the same people may send."""
    return page, replace(page, method="post")


HEALTH_AND_PEOPLE = {
    "healthz": public(),
    "readyz": Route(anonymous=200),
    "login/": public(ok=(302,)),
    "login/code/": Route(anonymous=302, ok=(302,)),
    "login/security/": Route(),
    "login/security/begin/": Route(method="post", ok=(302,)),
    "login/security/confirm/": Route(method="post", ok=(422,)),
    "login/security/codes/": Route(method="post", ok=(422,)),
    "login/security/remove/": Route(method="post", ok=(422,)),
    "logout/": Route(method="post", ok=(302,)),
    "password/": sent(Route()),
    "me/": Route(),
    "lists/<slug:code>/print/": Route(
        method="post", kwargs=lambda world: {"code": "units"}, ok=(302,), stranger=(302,)
    ),
    "me/type/": Route(method="post", ok=(302,)),
    "": Route(),
    "accounts/": Route(may=ADMINS | {AUDITOR}),
    "accounts/new/": sent(Route(may=frozenset({ACCOUNTS}))),
    "accounts/villages/": sent(Route(may=frozenset({ACCOUNTS}))),
    "accounts/postings/villages/": sent(Route(may=frozenset({SECURITY}))),
    "accounts/postings/<int:pk>/end/": Route(may=frozenset({SECURITY}), kwargs=pk_of("posting"), method="post"),
    "accounts/<int:pk>/": Route(may=ADMINS | {AUDITOR}, kwargs=pk_of("account")),
    "accounts/<int:pk>/edit/": sent(Route(may=frozenset({ACCOUNTS}), kwargs=pk_of("account"))),
    "accounts/<int:pk>/reset/": Route(
        may=frozenset({ACCOUNTS}), kwargs=pk_of("account"), method="post", special={SECURITY: 403}
    ),
    "accounts/<int:pk>/factor/": Route(may=frozenset({SECURITY}), kwargs=pk_of("account"), method="post"),
    "accounts/<int:pk>/lock/": Route(may=frozenset({ACCOUNTS}), kwargs=pk_of("account"), method="post"),
    "accounts/<int:pk>/unlock/": Route(may=frozenset({ACCOUNTS}), kwargs=pk_of("account"), method="post"),
    "accounts/<int:pk>/close/": Route(may=frozenset({ACCOUNTS}), kwargs=pk_of("account"), method="post"),
    "accounts/<int:pk>/reopen/": Route(may=frozenset({ACCOUNTS}), kwargs=pk_of("account"), method="post"),
    "accounts/<int:pk>/postings/": Route(may=frozenset({SECURITY}), kwargs=pk_of("account"), method="post"),
}

UNITS = {
    "units/": Route(may=VIEWERS | {ACCOUNTS}),
    "units/new/": sent(Route(may=frozenset({COUNTY, ACCOUNTS}))),
    "units/<int:pk>/": sent(Route(may=frozenset({COUNTY, ACCOUNTS}), kwargs=pk_of("unit"))),
    "cadres/": Route(may=VIEWERS | {ACCOUNTS}),
    "cadres/new/": sent(Route(may=frozenset({COUNTY, ACCOUNTS}))),
    "cadres/<int:pk>/": sent(Route(may=frozenset({COUNTY, ACCOUNTS}), kwargs=pk_of("cadre"))),
}


def code_of(code: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"code": factories.place(code).pk}


AT_VILLAGE, AT_TOWNSHIP = code_of(factories.VILLAGE), code_of(factories.TOWNSHIP)
KEPT_VILLAGE = Route(may=frozenset({COUNTY}), kwargs=AT_VILLAGE)

PLACES = {
    "places/": Route(ok=(302,)),
    "places/search": Route(query="?q=qx"),
    "places/<int:code>/": Route(kwargs=AT_VILLAGE),
    "places/<int:code>/profile/": sent(KEPT_VILLAGE),
    "places/<int:code>/files/new/": sent(replace(KEPT_VILLAGE, may=WRITERS)),
    "village-files/": Route(may=VIEWERS),
    "village-files/gaps/": Route(may=VIEWERS),
    "village-files/sheet/": Route(may=EXPORTERS),
    "village-files/import/": sent(Route(may=OFFICES)),
    "village-files/<int:pk>/": Route(may=VIEWERS, kwargs=pk_of("village_year")),
    **{
        f"village-files/<int:pk>/{part}/": sent(Route(may=WRITERS, kwargs=pk_of("village_year")))
        for part in ("basic", "level", "facilities", "living", "services", "help", "effect")
    },
    "places/<int:code>/villages/new/": sent(replace(KEPT_VILLAGE, kwargs=AT_TOWNSHIP)),
    "places/<int:code>/groups/new/": replace(KEPT_VILLAGE, method="post"),
    "places/<int:code>/rename/": sent(KEPT_VILLAGE),
    "places/<int:code>/merge/": sent(KEPT_VILLAGE),
    "places/<int:code>/split/": sent(KEPT_VILLAGE),
}

STANDARDS = {
    "closings/": Route(may=READERS),
    "closings/late/": Route(may=READERS),
    "closings/<int:pk>/verify/": Route(may=READERS, kwargs=pk_of("closing"), stranger=IN_COUNTY),
    "closings/<int:county>/<int:year>/": Route(
        may=frozenset({COUNTY}), kwargs=lambda world: {"county": factories.COUNTY, "year": factories.YEAR}
    ),
    "periods/": Route(may=READERS),
    "periods/year/new/": sent(Route(may=frozenset({COUNTY}))),
    "periods/office/new/": sent(Route(may=frozenset({COUNTY}))),
    "periods/programme/new/": sent(Route(may=frozenset({COUNTY}))),
    "periods/working-year/<int:pk>/withdraw/": Route(
        may=frozenset({COUNTY}), kwargs=pk_of("working_year"), method="post"
    ),
    "periods/office-name/<int:pk>/withdraw/": Route(
        may=frozenset({COUNTY}), kwargs=pk_of("office_name"), method="post"
    ),
    "periods/programme/<int:pk>/withdraw/": Route(may=frozenset({COUNTY}), kwargs=pk_of("programme"), method="post"),
    "standards/": Route(may=READERS),
    "standards/lines/new/": sent(Route(may=frozenset({COUNTY}))),
    "standards/lines/<int:pk>/correct/": sent(Route(may=frozenset({COUNTY}), kwargs=pk_of("line"))),
    "standards/lines/<int:pk>/withdraw/": Route(may=frozenset({COUNTY}), kwargs=pk_of("line"), method="post"),
    "standards/sets/new/": sent(Route(may=frozenset({COUNTY}))),
    "standards/sets/<int:pk>/withdraw/": Route(may=frozenset({COUNTY}), kwargs=pk_of("criteria_set"), method="post"),
}

JOBS = {
    "jobs/": Route(),
    "messages/": Route(),
    "messages/reminders/": Route(),
    "messages/read/": Route(method="post"),
    "messages/new/": sent(Route(may=OFFICES)),
    "messages/sent/": Route(may=OFFICES),
    "messages/<int:pk>/": Route(may=frozenset(), kwargs=pk_of("message"), refused=404),
    "jobs/<uuid:pk>/": Route(may=frozenset({COUNTY, AUDITOR}), kwargs=pk_of("job"), refused=404),
    "jobs/<uuid:pk>/progress/": Route(may=frozenset({COUNTY, AUDITOR}), kwargs=pk_of("job"), refused=404),
    "jobs/<uuid:pk>/cancel/": Route(
        may=frozenset({COUNTY}), kwargs=pk_of("job"), method="post", refused=404, special={AUDITOR: 403}
    ),
    "jobs/<uuid:pk>/retry/": Route(
        may=frozenset({COUNTY}), kwargs=pk_of("job"), method="post", refused=404, special={AUDITOR: 403}
    ),
    "jobs/<uuid:pk>/result/": Route(may=frozenset({COUNTY, AUDITOR}), kwargs=pk_of("job"), refused=404, ok=(404,)),
}

REVIEW = {
    "reviews/": Route(may=READERS),
    "reviews/progress/": Route(may=READERS),
    "reviews/household/<int:pk>/": sent(Route(may=WRITERS, kwargs=pk_of("household"))),
    "reviews/household/<int:pk>/decision/": sent(Route(may=frozenset({COUNTY}), kwargs=pk_of("household"))),
    "reviews/decision/<int:pk>/withdraw/": Route(
        may=frozenset({COUNTY}), kwargs=pk_of("support"), method="post"
    ),
}  # fmt: skip

SHEETS = {
    "sheets/": (Route(may=EXPORTERS), Route(may=OFFICES, method="post")),
    "sheets/export/": sent(Route(may=EXPORTERS)),
    "sheets/templates/<slug:layout>/": Route(
        may=EXPORTERS, kwargs=lambda world: {"layout": "roster-2022"}, stranger=(200,)
    ),
    "sheets/<int:pk>/": Route(may=frozenset({COUNTY, AUDITOR}), kwargs=pk_of("sheet_import"), special={TOWNSHIP: 404}),
    **{
        f"sheets/<int:pk>/{verb}/": Route(
            may=frozenset({COUNTY}), kwargs=pk_of("sheet_import"), method="post", special={TOWNSHIP: 404}
        )
        for verb in ("columns", "confirm", "discard", "undo")
    },
    "sheets/<int:pk>/households/": Route(
        may=frozenset({COUNTY, AUDITOR}), kwargs=pk_of("sheet_import"), special={TOWNSHIP: 404}
    ),
    "sheets/<int:pk>/rejects/": Route(
        may=frozenset({COUNTY}), kwargs=pk_of("sheet_import"), ok=(404,), special={TOWNSHIP: 404}
    ),
}

HOUSEHOLD = pk_of("household")
AT_COUNTY = code_of(factories.COUNTY)
SETTLERS = frozenset({CADRE, TOWNSHIP, COUNTY})
STANDING = {
    "households/<int:pk>/standing/": Route(may=READERS, kwargs=HOUSEHOLD),
    "corrections/": Route(may=READERS),
    "corrections/new/": sent(Route(may=frozenset({COUNTY}))),
    "corrections/<int:pk>/": Route(may=READERS, kwargs=pk_of("correction")),
    **{
        f"corrections/<int:pk>/{verb}/": Route(may=frozenset({COUNTY}), kwargs=pk_of("correction"), method="post")
        for verb in ("approve", "refuse")
    },
    "opening/": Route(may=frozenset({COUNTY, AUDITOR}), ok=(302,)),
    "opening/<int:code>/": Route(may=frozenset({COUNTY, AUDITOR}), kwargs=AT_COUNTY),
    "opening/<int:code>/close/": Route(may=frozenset({COUNTY}), kwargs=AT_COUNTY, method="post"),
    "proposals/": Route(may=READERS),
    "proposals/<int:pk>/": Route(may=READERS, kwargs=pk_of("proposal")),
    "proposals/<int:pk>/take/": Route(may=frozenset({CADRE, TOWNSHIP}), kwargs=pk_of("proposal"), method="post"),
    "proposals/<int:pk>/dismiss/": Route(may=SETTLERS, kwargs=pk_of("proposal"), method="post"),
    "department-lists/": Route(may=frozenset({COUNTY, AUDITOR})),
    "department-lists/rows/": Route(may=READERS),
    "department-lists/<int:pk>/": Route(may=READERS, kwargs=pk_of("department_list"), stranger=(200,)),
}


def file_of(world: World) -> dict[str, Any]:
    return {"pk": world.household.pk, "file": world.attachment.pk}


def typed(route: Route) -> tuple[Route, Route]:
    """A page everybody reads who may ``route``, with a form that only writers may send."""
    return route, replace(route, may=WRITERS, method="post", query="")


UNMASKERS = frozenset({CADRE, TOWNSHIP, COUNTY, AUDITOR})
REGISTER = {
    "households/": Route(may=READERS),
    "households/find/": Route(may=READERS, method="post"),
    "households/counts/": Route(may=READERS),
    "households/walk/": Route(may=READERS),
    "households/saved/": (Route(may=READERS), Route(may=READERS, method="post")),
    **{
        f"households/saved/<int:pk>/{verb}/": Route(  # somebody else's, for all of them
            may=READERS, kwargs=pk_of("saved_filter"), method="post", ok=(404,)
        )
        for verb in ("rename", "drop", "share")
    },
    "households/columns/": Route(may=READERS, method="post"),
    "households/pick/": Route(may=EXPORTERS, method="post"),
    "households/selection/": (Route(may=EXPORTERS, ok=(302,)), Route(may=EXPORTERS, method="post")),
    "households/new/": sent(Route(may=WRITERS)),
    "households/check-id/": Route(
        may=WRITERS, method="post", data=lambda world: {"village": world.household.village_id}, stranger=(403,)
    ),
    "households/<int:pk>/": Route(may=READERS, kwargs=HOUSEHOLD),
    "households/<int:pk>/basic/": typed(Route(may=READERS, kwargs=HOUSEHOLD)),
    "households/<int:pk>/members/": typed(Route(may=READERS, kwargs=HOUSEHOLD)),
    "households/<int:pk>/living/": typed(Route(may=READERS, kwargs=HOUSEHOLD)),
    "households/<int:pk>/income/": typed(Route(may=READERS, kwargs=HOUSEHOLD)),
    "households/<int:pk>/guarantees/": typed(Route(may=READERS, kwargs=HOUSEHOLD)),
    "households/<int:pk>/files/": typed(Route(may=READERS, kwargs=HOUSEHOLD)),
    "households/<int:pk>/files/<int:file>/": Route(may=READERS, kwargs=file_of),
    "households/<int:pk>/files/<int:file>/remove/": Route(may=WRITERS, kwargs=file_of, method="post"),
    "households/<int:pk>/review/": Route(may=READERS, kwargs=HOUSEHOLD),
    "households/<int:pk>/history/": Route(may=READERS, kwargs=HOUSEHOLD, special={SECURITY: 404}),
    "households/<int:pk>/income/total/": Route(may=READERS, kwargs=HOUSEHOLD, method="post"),
    "households/<int:pk>/copy/": Route(may=WRITERS, kwargs=HOUSEHOLD, method="post"),
    "households/<int:pk>/unmask/": Route(may=UNMASKERS, kwargs=HOUSEHOLD, method="post"),
    "households/<int:pk>/verdict/": Route(may=READERS, kwargs=HOUSEHOLD),
    "households/<int:pk>/events/<slug:kind>/": (
        Route(may=WRITERS, kwargs=lambda world: {"pk": world.household.pk, "kind": "birth"}),
        Route(may=OFFICES, kwargs=lambda world: {"pk": world.household.pk, "kind": "split"}, method="post"),
        Route(may=frozenset({COUNTY}), kwargs=lambda world: {"pk": world.household.pk, "kind": "void"}, method="post"),
    ),
    "flips/": Route(may=READERS),
    "recompute/<int:code>/": Route(may=OFFICES, kwargs=lambda world: {"code": factories.VILLAGE}, method="post"),
    "workbench/checks/": Route(may=frozenset({CADRE})),
}


def token_of(world: World) -> dict[str, Any]:
    return {"token": world.notice.token}


def open_page(**more: Any) -> Route:
    """A page that is the same for everybody, signed in or not, wherever posted."""
    ok = more.pop("ok", 200)
    return Route(ok=(ok,), stranger=(ok,), anonymous=ok, **more)


PUBLIC = {
    "robots.txt": open_page(),
    "gongshi/": open_page(),
    "gongshi/heyan/": (open_page(), open_page(method="post", ok=422)),
    "gongshi/fengyin/": open_page(),
    "gongshi/heyan/keys.pem": open_page(),
    "gongshi/objection/": open_page(),
    "gongshi/<int:code>/": open_page(kwargs=code_of(factories.VILLAGE)),
    "gongshi/n/<slug:token>/": open_page(kwargs=token_of),
    "gongshi/n/<slug:token>/objection/": sent(open_page(kwargs=token_of, ok=410)),  # the notice of 2020 is over
    "gongshi/n/<slug:token>/objection/sent/": open_page(kwargs=token_of, ok=303),
}
BATCH = pk_of("batch")
DRAFTERS = frozenset({CADRE, TOWNSHIP})
UNSEEN = {HELPER: 404}  # a helper sees his own households, not a village's list
OBJECTIONS = {
    "objections/": Route(may=READERS),
    "objections/new/": Route(may=WRITERS),
    "objections/new/<int:pk>/": sent(Route(may=WRITERS, kwargs=pk_of("notice"))),
    "objections/<int:pk>/": Route(may=READERS, kwargs=pk_of("objection"), special=UNSEEN),
    "objections/<int:pk>/unmask/": Route(may=OFFICES, kwargs=pk_of("objection"), method="post"),
    "objections/<int:pk>/<slug:step>/": (
        Route(may=OFFICES, kwargs=lambda world: {"pk": world.objection.pk, "step": "assign"}, method="post"),
        Route(may=WRITERS, kwargs=lambda world: {"pk": world.objection.pk, "step": "investigate"}, method="post",
              special={CADRE: 422}),
    ),
}  # fmt: skip
PRINTS = {
    "procedures/notices/<int:pk>/print/": Route(may=READERS, kwargs=pk_of("notice"), special=UNSEEN),
    "procedures/notices/<int:pk>/print.docx": Route(may=READERS, kwargs=pk_of("notice"), special=UNSEEN),
    "procedures/<int:pk>/print/<slug:form>/": Route(
        may=READERS, kwargs=lambda world: {"pk": world.batch.pk, "form": "minutes"}, special=UNSEEN
    ),
    "procedures/<int:pk>/print/<slug:form>.docx": Route(
        may=READERS, kwargs=lambda world: {"pk": world.batch.pk, "form": "approval"}, special=UNSEEN
    ),
}
PROCEDURES = {
    "procedures/": Route(may=READERS),
    "procedures/post/": Route(may=WRITERS, method="post"),
    "procedures/new/": sent(Route(may=DRAFTERS)),
    "procedures/templates/": Route(may=READERS),
    "procedures/templates/<int:pk>/": (
        Route(may=READERS, kwargs=lambda world: {"pk": world.batch.template_id}, stranger=(200,)),
        Route(
            may=frozenset({COUNTY}),
            kwargs=lambda world: {"pk": world.batch.template_id},
            method="post",
            stranger=(422,),  # a national template is everybody's; a version is made for one's own county
        ),
    ),
    "procedures/templates/<int:pk>/retire/": Route(
        may=frozenset({COUNTY}), kwargs=lambda world: {"pk": world.batch.template_id}, method="post", stranger=(302,)
    ),
    "procedures/windows/": sent(Route(may=frozenset({COUNTY}))),
    "procedures/windows/<int:pk>/withdraw/": Route(may=frozenset({COUNTY}), kwargs=pk_of("window"), method="post"),
    "procedures/export/": Route(may=EXPORTERS),
    "procedures/applications/": Route(may=READERS),
    "procedures/applications/new/": sent(Route(may=DRAFTERS)),
    "procedures/applications/<int:pk>/": (
        Route(may=READERS, kwargs=pk_of("application")),
        Route(may=DRAFTERS, kwargs=pk_of("application"), method="post"),
    ),
    "procedures/quotas/": Route(may=VIEWERS, ok=(302,)),
    "procedures/quotas/<int:code>/": (
        Route(may=VIEWERS, kwargs=code_of(factories.VILLAGE)),
        Route(may=frozenset({COUNTY}), kwargs=code_of(factories.VILLAGE), method="post"),
    ),
    "procedures/<int:pk>/": Route(may=READERS, kwargs=BATCH, special=UNSEEN),
    "procedures/<int:pk>/quorum/": Route(may=READERS, kwargs=BATCH, special=UNSEEN),
    "procedures/<int:pk>/add/": sent(Route(may=DRAFTERS, kwargs=BATCH)),
    "procedures/<int:pk>/stay/": (
        Route(may=READERS, kwargs=BATCH, special=UNSEEN),
        Route(may=DRAFTERS, kwargs=BATCH, method="post", special=UNSEEN),
    ),
    "procedures/<int:pk>/entries/<int:entry>/": typed(
        Route(
            may=READERS,
            kwargs=lambda world: {"pk": world.batch.pk, "entry": world.batch.entries.get().pk},
            special=UNSEEN,
        )
    ),
    "procedures/<int:pk>/papers/<int:paper>/": Route(
        may=READERS, kwargs=lambda world: {"pk": world.batch.pk, "paper": 1}, ok=(404,)
    ),
    "procedures/<int:pk>/do/<slug:action>/": (
        Route(
            may=DRAFTERS, kwargs=lambda world: {"pk": world.batch.pk, "action": "start"}, method="post", special=UNSEEN
        ),
        Route(
            may=OFFICES, kwargs=lambda world: {"pk": world.batch.pk, "action": "review"}, method="post", special=UNSEEN
        ),
        Route(
            may=frozenset({COUNTY}),
            kwargs=lambda world: {"pk": world.batch.pk, "action": "approve"},
            method="post",
            special=UNSEEN,
        ),
        Route(
            may=WRITERS, kwargs=lambda world: {"pk": world.batch.pk, "action": "stop"}, method="post", special=UNSEEN
        ),
    ),
}
LEAD = pk_of("lead")
RAISERS = WRITERS | {HELPER, DEPARTMENT}


def lead_step(step: str, may: frozenset[Role], **more: Any) -> Route:
    return Route(may=may, kwargs=lambda world: {"pk": world.lead.pk, "step": step}, method="post", **more)


LEADS = {
    "monitoring/": Route(may=READERS),
    "monitoring/clearing/": Route(may=VIEWERS),
    "monitored/": Route(may=READERS),
    "leads/": Route(may=READERS),
    "leads/new/": sent(Route(may=RAISERS)),
    "leads/<int:pk>/": Route(may=READERS, kwargs=LEAD),
    "leads/<int:pk>/unmask/": Route(may=EXPORTERS, kwargs=LEAD, method="post", ok=(403,)),  # nobody told this one
    "leads/<int:pk>/do/<slug:step>/": (
        lead_step("check", WRITERS),
        lead_step("visit", WRITERS),
        lead_step("dismiss", OFFICES),
        lead_step("hand", OFFICES),
    ),
    "leads/<int:pk>/income/": typed(Route(may=READERS, kwargs=LEAD)),
    "leads/<int:pk>/income/total/": Route(may=READERS, kwargs=LEAD, method="post"),
    "leads/<int:pk>/income/print/": Route(may=READERS, kwargs=pk_of("tested")),
    "leads/applications/<int:pk>/income/": typed(Route(may=READERS, kwargs=pk_of("application"))),
    "leads/applications/<int:pk>/income/total/": Route(may=READERS, kwargs=pk_of("application"), method="post"),
    "leads/applications/<int:pk>/income/print/": Route(may=READERS, kwargs=pk_of("application"), ok=(404,)),
}
DASHBOARD = {
    "dashboard/": Route(may=VIEWERS, ok=(200, 302)),
    "dashboard/<int:code>/": Route(may=VIEWERS, kwargs=lambda world: {"code": factories.VILLAGE}),
    "dashboard/<int:code>/notices/": Route(may=READERS, kwargs=lambda world: {"code": factories.VILLAGE}),
    "dashboard/<int:code>/progress/": Route(
        may=VIEWERS, kwargs=lambda world: {"code": factories.VILLAGE}, ok=(200, 204)
    ),
}
REPORTS = {
    "reports/": Route(may=VIEWERS),
    "reports/<slug:code>/": Route(may=VIEWERS, kwargs=lambda world: {"code": "age"}, stranger=(200,)),
    "reports/<slug:code>/sheet/": Route(may=VIEWERS, kwargs=lambda world: {"code": "age"}, stranger=(200,)),
    "people/": Route(may=READERS),
    "people/find/": Route(may=READERS, method="post"),
    "people/export/": Route(may=EXPORTERS, method="post"),
    "people/doubles/": Route(may=OFFICES),
    "people/doubles/<int:one>/<int:other>/": Route(
        may=OFFICES, kwargs=lambda world: {"one": world.member.pk, "other": world.other_member.pk}
    ),
    **routes_people.pages(Route, OFFICES),
}
ROUTES: dict[str, Route | tuple[Route, ...]] = {
    **HEALTH_AND_PEOPLE,
    **routes_trust.pages(Route, pk_of),
    **UNITS,
    **JOBS,
    **REGISTER,
    **STANDING,
    **PUBLIC,
    **OBJECTIONS,
    **PRINTS,
    **DASHBOARD,
    **REPORTS,
    **PROCEDURES,
    **LEADS,
    **REVIEW,
    **SHEETS,
    **PLACES,
    **STANDARDS,
    **routes_audits.pages(Route, pk_of),
    **routes_funds.pages(Route, pk_of),
    **routes_samples.pages(Route, pk_of),
}
