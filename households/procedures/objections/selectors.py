"""What the staff reads of objections, and whose name, phone and words somebody may see.

An objection is often about the village's own people. What was written is read by those who handle objections, by whom
it was assigned to and by whom it was received; everybody else who sees the list sees that it is there and how far
it is.
Who raised it is kept from everybody who has a part in the household's case (households.procedures.objections.parties),
from the village where the objection speaks of its people, and, where that was asked for (要求保密), from all who do not
handle objections. To the others name and phone are masked until somebody with the right to unmask asks, with a reason,
which is logged (policy.md 11.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, QuerySet, When

from households.models import Notice, Objection, UnmaskLog
from households.procedures.engine import clock
from households.procedures.engine.duties import levels_of
from households.procedures.engine.errors import ProcedureError
from households.procedures.objections.parties import (
    batch_of,
    keep_cases as keep_cases,
    of_village,
    part_of,
    parties,
    proposers,
)
from households.procedures.objections.services import own_level
from povreg.kit.history import act
from povreg.kit.masking import mask_name, mask_phone
from povreg.kit.scopes import ancestors, within
from villages.models import Posting, User
from villages.rights import Right, roles_with
from villages.rights.ready import ReadyFor

SHORTEST_REASON = 4
LATE_FOR = timedelta(days=366)
"""How long after its last day an objection to a notice is still entered here (by phone, letter or visit)."""
State = Objection.State
STEPS: dict[str, str] = {
    State.RECEIVED: "assign",
    State.ASSIGNED: "investigate",
    State.INVESTIGATED: "decide",
    State.DECIDED: "answer",
}


def objections(user: User) -> QuerySet[Objection]:
    """The objections a person may see, the most pressing first."""
    rows = Objection.objects.visible_to(user).select_related(
        "notice__batch", "batch", "place__parent", "line", "assigned_to"
    )
    return rows.order_by("due_on", "pk")


def _open_within(user: Any, place: str) -> QuerySet[Objection]:
    return Objection.objects.visible_to(user).open().filter(within("place_id", place))


OPEN_WITHIN = ReadyFor(_open_within, str)
"""Those of a place that a person may see and nobody has answered: the list narrowed by state and place."""


def open_to_objections(user: User) -> QuerySet[Notice]:
    """Lists to which the person may take an objection: those on the board first, then those whose days are over."""
    condition = Q(pk__in=[])
    for code in user.places_with(Right.OBJECTION_TAKE):
        condition |= within("place_id", code)
    since = clock.today() - LATE_FOR
    rows = Notice.objects.visible_to(user).filter(condition, ends_on__gte=since, posted_on__lte=clock.today())
    runs = Case(When(state=Notice.State.OPEN, ends_on__gte=clock.today(), then=0), default=1)
    return rows.select_related("batch", "place__parent").order_by(runs, "-ends_on", "place_id")


def may_read(user: User, row: Objection) -> bool:
    """Whether the person may read what was written."""
    if user.pk == row.received_by_id:
        return True
    if user.pk in of_village(row):
        return False
    own = user.pk == row.assigned_to_id
    handles = user.can(Right.OBJECTION_HANDLE, row.place_id)
    return own or (handles and user.pk not in proposers(row))


def may_know(user: User, row: Objection) -> bool:
    """Whether the person may learn who raised it, even masked."""
    if not may_read(user, row) or user.pk in parties(row):
        return False
    return user.can(Right.OBJECTION_HANDLE, row.place_id) or not row.is_confidential


def may_unmask(user: User, row: Objection) -> bool:
    """Whether the person may see who raised it."""
    return bool((row.name or row.phone) and user.can(Right.UNMASK, row.place_id) and may_know(user, row))


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
    missed: str
    knows: bool
    name: str
    phone: str
    may_unmask: bool
    steps: tuple[str, ...]
    why_not: str


def objection_page(user: User, row: Objection) -> ObjectionPage:
    readable, knows = may_read(user, row), may_know(user, row)
    steps, why_not = next_steps(user, row)
    return ObjectionPage(
        row=row,
        left=None if row.state == State.ANSWERED else clock.left(row.due_on, "working"),
        text=row.text if readable else "",
        knows=knows,
        missed=row.missed if readable else "",
        name=mask_name(row.name) if knows else "",
        phone=mask_phone(row.phone) if knows else "",
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
        if part := part_of(user, row):
            return ("assign",) if handles else (), f"您{part}，由其他人员核查。"
        return ("investigate", "assign") if handles else ("investigate",), ""
    if not handles:
        return (), "由乡镇或县的经办人办理。" if due != "investigate" else f"由核查人{row.assigned_to}办理。"
    if due == "decide" and (why := may_not_decide(user, row)):
        return ("investigate", "assign"), why
    return {"decide": ("decide", "investigate", "assign")}.get(due, (due,)), ""


def may_not_decide(user: User, row: Objection) -> str:
    """Why the person does not decide this objection; empty when he may."""
    batch = batch_of(row)
    if levels_of(user, [batch])[batch.pk] - {own_level(user, batch)}:
        return "您已在其他级别办理过这份名单，异议请由其他人员决定。"
    return "异议反映的是村干部的问题，请由其他人员决定。" if user.pk in of_village(row) else ""


def investigators(row: Objection) -> QuerySet[User]:
    """Accounts that may be given the objection: whoever takes objections at its village today and has no part in the
    case."""
    codes = [*ancestors(row.place_id), row.place_id]
    held = Posting.objects.today().filter(role__in=roles_with(Right.OBJECTION_TAKE), place_id__in=codes)
    rows = User.objects.filter(pk__in=held.values("user_id"), is_active=True).exclude(pk__in=parties(row))
    return rows.order_by("-place_id", "name")
