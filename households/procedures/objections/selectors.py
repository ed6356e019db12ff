"""What the staff reads of objections, and whose name, phone and words somebody may see.

An objection is often about the village's own people. Who raised it and what was written is read by those who handle
objections, by whom it was assigned to and by whom it was received; everybody else who sees the list sees that it is
there and how far it is. Name and phone are masked until somebody with the right to unmask asks, with a reason, which is
logged (policy.md 11.6).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from households.models import Notice, Objection, UnmaskLog
from households.procedures.engine import clock
from households.procedures.engine.duties import levels_of
from households.procedures.engine.errors import ProcedureError
from households.procedures.objections.services import own_level
from povreg.kit.history import act
from povreg.kit.masking import mask_name, mask_phone
from povreg.kit.scopes import ancestors, within
from villages.models import Posting, User
from villages.rights import Right, roles_with

SHORTEST_REASON = 4
State = Objection.State
STEPS: dict[str, str] = {
    State.RECEIVED: "assign",
    State.ASSIGNED: "investigate",
    State.INVESTIGATED: "decide",
    State.DECIDED: "answer",
}


def objections(user: User) -> QuerySet[Objection]:
    """The objections a person may see, the most pressing first."""
    rows = Objection.objects.visible_to(user).select_related("notice__batch", "place__parent", "line", "assigned_to")
    return rows.order_by("due_on", "pk")


def running_notices(user: User) -> QuerySet[Notice]:
    """Lists on the board for which the person may take an objection."""
    condition = Q(pk__in=[])
    for code in user.places_with(Right.OBJECTION_TAKE):
        condition |= within("place_id", code)
    rows = Notice.objects.visible_to(user).running().filter(condition, ends_on__gte=clock.today())
    return rows.select_related("batch", "place__parent").order_by("ends_on", "place_id")


def may_read(user: User, row: Objection) -> bool:
    """Whether the person may read what was written."""
    own = user.pk in (row.assigned_to_id, row.received_by_id)
    return bool(own or user.can(Right.OBJECTION_HANDLE, row.place_id))


def may_unmask(user: User, row: Objection) -> bool:
    """Whether the person may see who raised it."""
    return bool((row.name or row.phone) and may_read(user, row) and user.can(Right.UNMASK, row.place_id))


def unmask(*, by: User, objection: Objection, reason: str) -> dict[str, str]:
    """Full name and phone of whoever raised it, logged. Raises PermissionDenied, ProcedureError without a reason."""
    if not may_unmask(by, objection):
        raise PermissionDenied
    if len(reason.strip()) < SHORTEST_REASON:
        raise ProcedureError(f"请写明查看姓名和电话的理由，至少 {SHORTEST_REASON} 个字。")
    with act(by=by, verb="reveal_objector", reason=reason):
        UnmaskLog.objects.create(by=by, place_id=objection.place_id, what="异议人姓名电话", reason=reason.strip()[:200])
    return {"name": objection.name, "phone": objection.phone}


@dataclass(frozen=True)
class ObjectionPage:
    """One objection as this person may see it; ``step`` is what he may do now ("" for nothing, then ``why_not``)."""

    row: Objection
    left: clock.Left | None
    text: str
    name: str
    phone: str
    may_unmask: bool
    steps: tuple[str, ...]
    why_not: str


def objection_page(user: User, row: Objection) -> ObjectionPage:
    readable = may_read(user, row)
    steps, why_not = next_steps(user, row)
    return ObjectionPage(
        row=row,
        left=None if row.state == State.ANSWERED else clock.left(row.due_on, "working"),
        text=row.text if readable else "",
        name=mask_name(row.name),
        phone=mask_phone(row.phone),
        may_unmask=may_unmask(user, row),
        steps=steps,
        why_not=why_not,
    )


def next_steps(user: User, row: Objection) -> tuple[tuple[str, ...], str]:
    """Which forms the page offers to this person, the one that is due first, or why there is none."""
    if row.state == State.ANSWERED:
        return (), ""
    handles = user.can(Right.OBJECTION_HANDLE, row.place_id)
    due = STEPS[State(row.state)]
    if due == "investigate" and (handles or row.assigned_to_id == user.pk):
        return ("investigate", "assign") if handles else ("investigate",), ""
    if not handles:
        return (), "由乡镇或县的经办人办理。" if due != "investigate" else f"由核查人{row.assigned_to}办理。"
    if due == "decide" and (why := may_not_decide(user, row)):
        return ("investigate", "assign"), why
    return {"decide": ("decide", "investigate", "assign")}.get(due, (due,)), ""


def may_not_decide(user: User, row: Objection) -> str:
    """Why the person does not decide this objection; empty when he may."""
    level = own_level(user, row.notice.batch)
    if levels_of(user, [row.notice.batch])[row.notice.batch_id] - {level}:
        return "您已在其他级别办理过这份名单，异议请由其他人员决定。"
    return ""


def investigators(row: Objection) -> QuerySet[User]:
    """Accounts that may be given the objection: whoever takes objections at its village today."""
    codes = [*ancestors(row.place_id), row.place_id]
    held = Posting.objects.today().filter(role__in=roles_with(Right.OBJECTION_TAKE), place_id__in=codes)
    rows = User.objects.filter(pk__in=held.values("user_id"), is_active=True)
    return rows.order_by("-place_id", "name")
