"""Verbs over a chosen set of households: export them, judge them again (both are jobs), remind those who enter them."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from households.find.asked import Asked
from households.selection.chosen import MOST, Selection, places_of
from households.sheets.layouts import ANNUAL, LAYOUTS
from povreg.jobs.models import Job
from povreg.jobs.services import launch
from povreg.kit.scopes import PARENT_LENGTH
from villages.messages.services import send_note as send_to_role
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

LENGTHS = (0, *PARENT_LENGTH)  # of place codes
EXPORT, RECOMPUTE = "selection-export", "selection-recompute"
AS_LISTED = "list"
KINDS = {AS_LISTED: "农户名单", "roster-2022": LAYOUTS["roster-2022"].label, "annual": ANNUAL.label}
"""What a chosen set can be exported as: the list as it is shown, or one of the offices' layouts."""


def request_export(
    *,
    by: User,
    selection: Selection,
    kind: str = AS_LISTED,
    columns: Sequence[str] = (),
    unmasked: bool = False,
    reason: str = "",
) -> Job:
    """Export the chosen households for one's own use.

    Raises PermissionDenied without EXPORT; ValidationError (field ``unmasked``) for full numbers in the list, which has
    none, (field ``reason``) for full numbers without a reason, and when the set is empty, too large, or reaches beyond
    where the right to full numbers holds.
    """
    right = Right.EXPORT_UNMASKED if unmasked else Right.EXPORT
    if not by.can(Right.EXPORT) or not by.can(right):
        raise PermissionDenied
    if unmasked and kind == AS_LISTED:
        raise ValidationError({"unmasked": "农户名单里的号码总是遮盖的。要完整号码，请选花名册或年度记录。"})
    if unmasked and not reason.strip():
        raise ValidationError({"reason": "导出完整证件号码要写明理由，例如用于哪项工作。"})
    count = _counted(by, selection, Right.EXPORT)
    if unmasked and selection.rows(by, right).count() < count:
        raise ValidationError("所选农户中有您不能导出完整号码的，请缩小范围，或导出遮盖的号码。")
    params = {"kind": kind, "columns": list(columns), "unmasked": unmasked, "reason": reason.strip()[:200]}
    return _launch(by, EXPORT, f"导出{KINDS[kind]}（所选 {count} 户）", selection, right, params, count)


def request_recompute(*, by: User, selection: Selection) -> Job:
    """Judge the chosen households again for the selection's year.

    Raises PermissionDenied without RECOMPUTE, ValidationError for an empty or too large set.
    """
    check_right(by, Right.RECOMPUTE)
    count = _counted(by, selection, Right.RECOMPUTE)
    title = f"重新评定所选 {count} 户（{selection.year} 年）"
    return _launch(by, RECOMPUTE, title, selection, Right.RECOMPUTE, {}, count)


def send_note(*, by: User, selection: Selection, place: Place, text: str, role: str) -> int:
    """Ask those who enter under a place to see to the chosen households: the note leads to their list. Returns how many
    were told.

    Raises ValidationError for households chosen by hand or by a typed search (their list has no address), when there
    are none, and as ``villages.messages.services.send_note``; PermissionDenied without NOTE_SEND there.
    """
    if selection.ids is not None or not set(selection.codes) - {"order"}:
        raise ValidationError("请用条件指明是哪些户，例如未达标项；逐户挑选或按姓名查到的名单不能放进提醒。")
    if not selection.rows(by).order_by().exists():
        raise ValidationError("没有符合条件的户，不用提醒。请核对条件。")
    url = Asked(selection.codes).url(year=selection.year)
    return send_to_role(by=by, place=place, text=text, url=url, role=role)


def _counted(by: User, selection: Selection, right: Right) -> int:
    count = selection.rows(by, right).order_by().count()
    if not count:
        raise ValidationError("没有选中任何户，或所选农户不在您可以办理的范围内。请回到名单重新选择。")
    if count > MOST:
        raise ValidationError(f"选中 {count} 户，一次最多办理 {MOST} 户。请先按县或乡镇筛选，分几次办理。")
    return count


def _launch(
    by: User, kind: str, title: str, selection: Selection, right: Right, params: dict[str, Any], count: int
) -> Job:
    """``place_code`` is the one place where the right holds, or what several have in common (then ``places``)."""
    places = places_of(by, right, selection.codes)
    more = {"places": places} if len(places) > 1 else {}
    return launch(
        by=by,
        kind=kind,
        title=title,
        place_code=common_place(places),
        params={"selection": selection.params(), **params, **more},
        expected=count,
    )


def common_place(codes: Sequence[str]) -> str:
    """Code of the lowest place that holds them all; empty for the whole country."""
    first, last = min(codes), max(codes)
    return first[: max(length for length in LENGTHS if length <= len(first) and first[:length] == last[:length])]
