"""Signatures on paper: capacity and date, in the prescribed order (policy.md 2.9, dictionary.md 6.1).

The household signs first, then village, township and county; between the dates of these three lie at least
``template.signature_gap_days`` days. The order is checked when signing and again before approval.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import F

from households.models import Batch, Signature
from households.models.template import CAPACITY_LEVEL, Capacity, Level
from households.procedures.engine.duties import TIER
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.stage import day_of, enter
from povreg.kit.history import act
from villages.models import User

ORDER = (Level.HOUSEHOLD, Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)


def sign(*, by: User, batch: Batch, capacity: str, name: str, signed_on: date | None = None) -> Signature:
    """Note a signature that the current step asks for. Signing again in the same capacity replaces the earlier one.

    Raises ProcedureError for a capacity the step does not ask for, a date out of order, PermissionDenied.
    """
    with act(by=by, verb="record_signature"):
        stage = enter(by, batch)
        if capacity not in stage.step.signers or capacity == Capacity.HEAD:
            raise ProcedureError(f"“{stage.step.label}”不需要{_label(capacity)}签字。")
        if not name.strip():
            raise ProcedureError("请填写签字人姓名。")
        row = Signature.objects.create(
            batch=stage.batch,
            step=stage.step,
            round=stage.batch.round,
            capacity=capacity,
            name=name.strip()[:40],
            signed_on=day_of(stage, signed_on),
            by=by,
        )
        wrong = faults(stage.batch)
        if wrong:
            raise ProcedureError("".join(wrong))
    return row


def _label(capacity: str) -> str:
    return Capacity(capacity).label if capacity in Capacity.values else "这一身份"


def _level(capacity: str) -> Level:
    level = CAPACITY_LEVEL[capacity]
    return level if level == Level.HOUSEHOLD else TIER[level]


@dataclass(frozen=True)
class Signed:
    """One signature that counts: at which step of the template, on which day."""

    position: int
    on: date


Levels = dict[Level, list[Signed]]


def by_level(batches: Collection[Batch]) -> dict[int, Levels]:
    """Batch id to the signatures of its present round by level; the latest of a capacity in a step counts."""
    rows = Signature.objects.filter(batch__in=batches, round=F("batch__round"))
    rows = rows.exclude(entry__state__in=("out", "back")).order_by("pk")
    latest = {
        (row["batch"], row["step__position"], row["entry"], row["capacity"]): row["signed_on"]
        for row in rows.values("batch", "step__position", "entry", "capacity", "signed_on")
    }
    found: dict[int, Levels] = {}
    for (batch, position, _, capacity), signed_on in latest.items():
        found.setdefault(batch, {}).setdefault(_level(capacity), []).append(Signed(position, signed_on))
    return found


def faults(batch: Batch) -> list[str]:
    """What is wrong with the order and the distance of the dates; empty when nothing is.

    A level's last date is compared with what the next level signed in later steps.
    """
    return faults_of([batch]).get(batch.pk, [])


def faults_of(batches: Collection[Batch]) -> dict[int, list[str]]:
    """:func:`faults` of many batches in one statement."""
    signed = by_level(batches)
    return {batch.pk: _faults(signed.get(batch.pk, {}), batch.template.signature_gap_days) for batch in batches}


def _faults(signed: Levels, gap: int) -> list[str]:
    levels = [level for level in ORDER if level in signed]
    found = []
    for below, above in pairwise(levels):
        last = max(each.on for each in signed[below])
        reached = max(each.position for each in signed[below])
        later = [each.on for each in signed[above] if each.position > reached]
        least = gap if below != Level.HOUSEHOLD else 0
        if later and (min(later) - last).days < least:
            found.append(
                f"{above.label}签字日期（{min(later):%Y-%m-%d}）与{below.label}签字日期（{last:%Y-%m-%d}）"
                f"{_wrong((min(later) - last).days, least)}请核对纸质签字后重新登记。"
            )
    return found


def _wrong(apart: int, least: int) -> str:
    return "先后颠倒。" if apart < 0 else f"相隔 {apart} 天，应不少于 {least} 天。"
