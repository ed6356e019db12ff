"""Season windows: a function is open at a place between two days (policy.md 1.24, 1.25)."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q
from django.utils import timezone

from households.models import SeasonWindow
from households.models.template import kind_label
from households.procedures.engine import clock
from households.procedures.engine.errors import ProcedureError
from povreg.kit.history import act
from povreg.kit.scopes import ancestors
from villages.models import User
from villages.periods.selectors import office_name
from villages.rights import Right
from villages.rights.checks import check_right

Function = SeasonWindow.Function


def is_open(function: str, kind: str, place_code: str, day: date | None = None) -> bool:
    """Whether a function is open for a kind at a place. The windows of the most specific place count; where none was
    ever set, the function is open."""
    return place_code not in closed_at(function, kind, [place_code], day)


def closed_at(function: str, kind: str, places: Collection[str], day: date | None = None) -> set[str]:
    """Those of the places at which a function is closed, in one statement for all of them."""
    day = day or clock.today()
    above = {code for place in places for code in (*ancestors(place), place)}
    rows = SeasonWindow.objects.filter(
        Q(kind="") | Q(kind=kind), function=function, place_id__in=above, withdrawn_at=None
    )
    windows: dict[str, list[bool]] = {}
    for place, opens, closes in rows.values_list("place_id", "opens_on", "closes_on"):
        windows.setdefault(place, []).append(opens <= day <= closes)
    nearest = {
        place: max((code for code in windows if place.startswith(code)), key=len, default="") for place in places
    }
    return {place for place, code in nearest.items() if code and not any(windows[code])}


def demand(function: str, kind: str, place_code: str) -> None:
    """Raise ProcedureError when the function is closed today."""
    if not is_open(function, kind, place_code):
        raise ProcedureError(closed_words(function, kind, place_code))


def closed_words(function: str, kind: str, place_code: str) -> str:
    label = f"{kind_label(kind)}·{Function(function).label}"
    return f"现在不在“{label}”的开放时间内，请等{office_name(place_code)}开放后再办理。"


def open_window(
    *, by: User, function: str, kind: str, place: str, opens_on: date, closes_on: date, reason: str
) -> SeasonWindow:
    """Open a function for a place from one day to another (both included). Raises ProcedureError, PermissionDenied."""
    check_right(by, Right.TEMPLATE_EDIT, place)
    if closes_on < opens_on:
        raise ProcedureError("关闭日期早于开放日期，请改正。")
    if not reason.strip():
        raise ProcedureError("请写明开放的依据（文件或通知）。")
    with act(by=by, verb="open_window", reason=reason):
        return SeasonWindow.objects.create(
            function=function,
            kind=kind,
            place_id=place,
            opens_on=opens_on,
            closes_on=closes_on,
            reason=reason.strip(),
            by=by,
        )


def close_window(*, by: User | None, window: SeasonWindow, reason: str = "") -> SeasonWindow:
    """Withdraw a window: it no longer counts. Raises PermissionDenied."""
    check_right(by, Right.TEMPLATE_EDIT, window.place_id)
    with act(by=by, verb="close_window", reason=reason):
        window.withdrawn_at = window.withdrawn_at or timezone.now()
        window.save(update_fields=["withdrawn_at"])
    return window
