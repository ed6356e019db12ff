"""The frame of every page: what this person may open, where he is, which year is worked on."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple, cast

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from households.register.years import default_year, year_of, years_offered
from villages.messages.selectors import unread_count
from villages.models.signed_in import SignedInRequest
from villages.people.selectors import county_name, who
from villages.rights import Right

YEARS_BEFORE = 4


class Entry(NamedTuple):
    """One entry of the main menu; no rights: for everybody who is signed in."""

    label: str
    url_name: str
    rights: tuple[Right, ...] = ()


MENU = (
    Entry("工作台", "workbench"),
    Entry("农户", "households", (Right.HOUSEHOLD_VIEW,)),
    Entry("名单与公示", "procedures", (Right.BATCH_VIEW,)),
    Entry("看板", "dashboard", (Right.DASHBOARD_VIEW,)),
    Entry("报表", "reports", (Right.DASHBOARD_VIEW,)),
    Entry("人员", "people", (Right.HOUSEHOLD_VIEW,)),
    Entry("表格", "sheets", (Right.IMPORT, Right.EXPORT)),
    Entry("异议", "objections", (Right.OBJECTION_TAKE, Right.OBJECTION_HANDLE)),
    Entry("消息", "messages"),
    Entry("标准", "standards", (Right.STANDARD_VIEW,)),
    Entry("区划", "places", (Right.PLACE_EDIT,)),
    Entry("单位干部", "units", (Right.UNIT_VIEW,)),
    Entry("账号", "accounts", (Right.ACCOUNT_VIEW,)),
    Entry("任务", "jobs", (Right.IMPORT, Right.EXPORT, Right.RECOMPUTE, Right.JOB_VIEW_ALL)),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html. Everything is worked out only when a template asks: fragments cost nothing."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": [], "county_name": "", "who": None, "years": None}
    request = cast(SignedInRequest, request)
    return {
        "nav": SimpleLazyObject(lambda: menu(request)),
        "county_name": SimpleLazyObject(lambda: county_name(user)),
        "who": SimpleLazyObject(lambda: who(user)),
        "years": SimpleLazyObject(lambda: years(request)),
    }


def menu(request: SignedInRequest) -> list[dict[str, Any]]:
    """The entries this person may open; the one he is in is ``active``."""
    entries = [(entry, address(entry.url_name)) for entry in MENU if may_open(request.user, entry)]
    return [
        {"label": entry.label, "url": url, "active": is_inside(request.path, url), "count": waiting(request, entry)}
        for entry, url in entries
        if url
    ]


def waiting(request: SignedInRequest, entry: Entry) -> int:
    """What an entry says beside its name: unread messages."""
    return unread_count(request.user) if entry.url_name == "messages" else 0


def may_open(user: Any, entry: Entry) -> bool:
    return not entry.rights or any(user.can(right) for right in entry.rights)


@cache
def address(url_name: str) -> str:
    """The address of a page, or nothing while the page is not part of this installation."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def is_inside(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def years(request: SignedInRequest) -> dict[str, Any] | None:
    """The year worked on and the others one may switch to; nothing for roles that see no household."""
    if not request.user.can(Right.HOUSEHOLD_VIEW):
        return None
    current, latest = year_of(request), default_year(request.user)
    around = [year for year in years_offered() if latest - YEARS_BEFORE <= year <= latest + 1]
    return {"current": current, "others": sorted({*around, current}, reverse=True)}
