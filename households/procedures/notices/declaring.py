"""A household declares by itself (一码申报, policy-2026.md 6): six fields and its consent, without login, taken in as a
lead. The number only finds the household and is not kept. What becomes of it is read by the tracking number."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from households.leads.services import LONGEST, take_declaration
from households.models import Batch, BatchEntry, Lead, Member
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.procedure import procedure_of
from povreg.kit.crypto import lookup_hash
from povreg.kit.idnumber import normalise
from povreg.kit.masking import mask_numbers
from povreg.kit.registry import Registry
from villages.models import Place

SHORTEST = 10
STATES = {Lead.State.NEW: "已收到，等待入户核实", Lead.State.CHECKING: "正在核实", Lead.State.DECIDED: "已办结"}
ANSWERS = {
    Lead.Outcome.LISTED: "已列入名单，按程序评议、公示和审批，结果看公示。",
    Lead.Outcome.DISMISSED: "经核实，不纳入。",
    Lead.Outcome.HANDED_OVER: "已转有关部门办理。",
    Lead.Outcome.WITHDRAWN: "情况已经消失。",
}

LEFT = {
    BatchEntry.State.OUT: "经评议或审核，没有纳入。",
    BatchEntry.State.BACK: "退回村里补充材料，以后接着办理。",
}
ENDED = {
    Batch.State.DONE: "已批准：{}。",
    Batch.State.STOPPED: "所在的名单已终止，村里会另行办理，请向村委会询问。",
}
"""What became of who was put on a list, and of the list."""


@dataclass(frozen=True)
class Declared:
    """What was typed: who, where, what happened; ``proxy`` is who typed it for the household, where another did."""

    name: str
    phone: str
    id_no: str
    village: Place
    group: str
    said: str
    risks: Collection[str]
    proxy: str = ""


def declare(given: Declared) -> Lead:
    """Take a declaration in; the village's cadres are told. Raises ProcedureError for what is missing."""
    if not SHORTEST <= len(given.said.strip()) <= LONGEST:
        raise ProcedureError({"said": f"请写明发生了什么、有什么困难，{SHORTEST} 到 {LONGEST} 个字。"})
    number = normalise(given.id_no)
    found = Member.objects.present().filter(id_hash=lookup_hash(number), household__village=given.village).first()
    proxy = f"（由{given.proxy.strip()}代为申报）" if given.proxy.strip() else ""
    return take_declaration(
        village=given.village, household=found.household if found else None, name=given.name, phone=given.phone,
        group=given.group, said=f"{given.said.strip()}{proxy}", risks=given.risks,
    )  # fmt: skip


@dataclass(frozen=True)
class Followed:
    """How far a declaration is: nothing of what was written, nobody's name."""

    tracking_no: str
    state: str
    received_on: date
    answer: str
    reason: str
    answered_on: date | None
    due_on: date | None = None


FOLLOWED: Registry[Callable[[str], Followed | None]] = Registry("what is followed by a tracking number")
"""By code: what higher apps took in, by its number without blanks and strokes."""


def followed(tracking_no: str) -> Followed | None:
    """The declaration of a tracking number, or what a higher app knows by it; blanks, strokes and small letters are
    forgiven."""
    wanted = "".join(letter for letter in tracking_no.upper() if letter.isalnum())
    return _declaration(wanted) or next((found for follow in FOLLOWED if (found := follow(wanted))), None)


def _declaration(wanted: str) -> Followed | None:
    rows = Lead.objects.filter(tracking=wanted, source=Lead.Source.APPLICATION)
    row = rows.select_related("batch").first()
    if row is None:
        return None
    done = row.state == Lead.State.DECIDED
    answer, reason = _outcome(row) if done else ("", "")
    return Followed(
        tracking_no=row.tracking_no,
        state=STATES[Lead.State(row.state)],
        received_on=row.found_on,
        answer=answer,
        reason=mask_numbers(reason),
        answered_on=row.decided_on if done else None,
    )


def _outcome(row: Lead) -> tuple[str, str]:
    """What came of it, and why where nothing did; of a household put on a list, what was decided there or, where it
    went on on a later one, on that."""
    if row.outcome == Lead.Outcome.LISTED and row.batch is not None:
        about = {"household": row.household_id, "batch__kind": row.batch.kind, "batch__year": row.batch.year}
        entry = BatchEntry.objects.filter(**about).select_related("batch").order_by("pk").last()
        if entry is not None and entry.state in LEFT:
            return LEFT[BatchEntry.State(entry.state)], entry.reason
        if entry is not None and entry.batch.state in ENDED:
            return ENDED[Batch.State(entry.batch.state)].format(procedure_of(row.batch.kind).label), ""
    reason = row.outcome_reason if row.outcome == Lead.Outcome.DISMISSED else ""
    return ANSWERS.get(Lead.Outcome(row.outcome), ""), reason
