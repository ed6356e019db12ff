"""What an income test says (policy-2026.md 3 and 4): pure arithmetic, yuan of twelve months.

Net income is what was earned and received less the cost of earning it, less what the household itself paid for
medicine, school, housing and disaster (合规自付: after every reimbursement), plus insurance and relief; shared by the
people of the household. Below the line is inside the range. The line is a reference, not the only test, so the watch
band above it raises a hint; nothing recorded is never safe.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Any, NamedTuple

from households.models.annual import EXPENSE_FIELDS, INCOME_FIELDS, TRANSFER_FIELDS
from households.models.codes import EDGE, OUT_OF_POVERTY, REGISTERED_POOR, SUDDEN, UNSTABLE
from households.models.income import MADE_GOOD_FIELDS, NEW_INCOME_FIELDS, PAID_FIELDS, IncomeRange, NoRange
from households.register.worksheet import CENT, ZERO, per_head
from povreg.kit.pages.columns import yuan_text
from villages.standards.rules import ORDINARY, Thresholds

EARNED = (*INCOME_FIELDS, *NEW_INCOME_FIELDS, *TRANSFER_FIELDS)
"""What says that income was recorded at all: one of these."""
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("收入", (*INCOME_FIELDS, *NEW_INCOME_FIELDS)),
    ("转移性收入", TRANSFER_FIELDS),
    ("理赔和救助", MADE_GOOD_FIELDS),
    ("生产经营性支出", EXPENSE_FIELDS),
    ("合规自付支出（各类报销、补助后自己付的）", PAID_FIELDS),
)


class Period(NamedTuple):
    """First and last day, both in it."""

    since: date
    until: date


def period_of(asked_on: date) -> Period:
    """The twelve whole months that end before the month of application or discovery."""
    first = asked_on.replace(day=1)
    return Period(first.replace(year=first.year - 1), first - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Sums:
    """``earned`` less ``cost`` is the income before spending; ``net`` is what is compared."""

    earned: Decimal
    cost: Decimal
    paid: Decimal
    made_good: Decimal

    @property
    def before_spending(self) -> Decimal:
        return self.earned - self.cost

    @property
    def net(self) -> Decimal:
        return self.before_spending - self.paid + self.made_good


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a test says. ``sums`` and ``per_head`` are None where income was not recorded; an empty ``result`` is no
    verdict. ``gap`` is what the household would have to earn more (inside) or less (above) for another side of the
    line, in yuan of the whole household."""

    result: str
    reason: str
    persons: int
    sums: Sums | None
    per_head: Decimal | None
    line: Decimal | None
    watch_until: Decimal | None
    gap: Decimal | None
    is_heavy: bool
    is_sharp_fall: bool


def judge(
    items: Mapping[str, Any],
    persons: int,
    line: Decimal | None,
    *,
    left_out: Collection[str] = (),
    before_per_head: Decimal | None = None,
    thresholds: Thresholds = ORDINARY,
) -> Outcome:
    """Judge one test. ``items`` are amounts by name, missing ones and None are blank; those ``left_out`` count nothing.

    ``before_per_head`` is the income of the year before, a fall from it may be sharp. Raises nothing: what is missing
    is said in ``reason``.
    """
    sums = add_up(items, left_out)
    head = per_head(sums.net, persons) if sums else None
    reason = _reason(sums, persons, line)
    watch_until = (line * (1 + thresholds.watch)).quantize(CENT, ROUND_HALF_UP) if line is not None else None
    return Outcome(
        result=_range(head, line, watch_until, reason),
        reason=reason,
        persons=persons,
        sums=sums,
        per_head=head,
        line=line,
        watch_until=watch_until,
        gap=_gap(sums, persons, line) if not reason else None,
        is_heavy=sums is not None and is_heavy(sums, thresholds),
        is_sharp_fall=sums is not None and is_sharp_fall(sums, persons, before_per_head, thresholds),
    )


def add_up(items: Mapping[str, Any], left_out: Collection[str] = ()) -> Sums | None:
    """The sums of what counts; None when no income that counts was recorded: spending alone says nothing."""
    amounts = {name: Decimal(value) for name, value in items.items() if value is not None and name not in left_out}
    if not any(name in amounts for name in EARNED):
        return None
    parts = (EARNED, EXPENSE_FIELDS, PAID_FIELDS, MADE_GOOD_FIELDS)
    earned, spent, paid, made_good = (sum((amounts[n] for n in names if n in amounts), ZERO) for names in parts)
    return Sums(earned, spent, paid, made_good=made_good)


def _reason(sums: Sums | None, persons: int, line: Decimal | None) -> str:
    if line is None:
        return NoRange.NO_LINE
    if persons < 1:
        return NoRange.NO_PERSONS
    return NoRange.NO_INCOME if sums is None else ""


def _range(head: Decimal | None, line: Decimal | None, watch_until: Decimal | None, reason: str) -> str:
    if reason == NoRange.NO_LINE:
        return ""
    if reason or head is None or line is None or watch_until is None:
        return IncomeRange.UNRECORDED
    if head < line:
        return IncomeRange.INSIDE
    return IncomeRange.WATCH if head < watch_until else IncomeRange.OUTSIDE


def _gap(sums: Sums | None, persons: int, line: Decimal | None) -> Decimal | None:
    return abs(whole_gap(sums.net, persons, line)) if sums is not None and line is not None else None


def whole_gap(net: Decimal, persons: int, line: Decimal) -> Decimal:
    """What a household lacks to the line, in yuan of all its people; below zero where it is above. Every page that
    names the gap takes it from here, so that no two say different amounts."""
    return line * persons - net


def is_heavy(sums: Sums, thresholds: Thresholds = ORDINARY) -> bool:
    """Whether unavoidable spending, after insurance and relief, eats a large share of the income before it."""
    spent = sums.paid - sums.made_good
    return spent > 0 and spent >= sums.before_spending * thresholds.heavy


def is_sharp_fall(sums: Sums, persons: int, before: Decimal | None, thresholds: Thresholds = ORDINARY) -> bool:
    """Whether income before spending fell by a large share against the year before."""
    now = per_head(sums.before_spending, persons)
    return before is not None and before > 0 and now is not None and now <= before * (1 - thresholds.sharp_fall)


class Standing(Enum):
    """What a household is as far as the classes of monitoring ask."""

    POOR = "在册贫困户"
    FORMER_POOR = "脱贫户"
    ORDINARY = "普通农户"


def standing_of(exit_status: str) -> Standing:
    """The standing that an exit status says; without one a household is an ordinary one."""
    if exit_status == OUT_OF_POVERTY:
        return Standing.FORMER_POOR
    return Standing.POOR if exit_status in REGISTERED_POOR else Standing.ORDINARY


class Possible(NamedTuple):
    """Whether a household may be taken into a class of monitoring (monitor_type), and why or why not."""

    code: str
    fits: bool
    why: str


def possible_classes(standing: Standing, outcome: Outcome, *, event: bool) -> list[Possible]:
    """The three classes (policy-2026.md 3), each with the reason; ``event``: something sudden happened.

    A former poor household is never 边缘易致贫户. 突发严重困难户 are above the range, with heavy spending or a sharp
    fall after an event, whatever they were before; what they are otherwise stays.
    """
    return [
        Possible(UNSTABLE, *_within(outcome, standing, Standing.FORMER_POOR, "不是脱贫户，不能认定为脱贫不稳定户")),
        Possible(EDGE, *_within(outcome, standing, Standing.ORDINARY, "脱贫户不能认定为边缘易致贫户")),
        Possible(SUDDEN, *_sudden(outcome, standing, event)),
    ]


def _unknown(outcome: Outcome, standing: Standing) -> str:
    """Why no class can be named at all; empty where one can."""
    if standing is Standing.POOR:
        return "在册贫困户不另列为监测对象"
    return str(NoRange(outcome.reason).label) if outcome.reason else ""


def _within(outcome: Outcome, standing: Standing, wanted: Standing, other: str) -> tuple[bool, str]:
    if why := _unknown(outcome, standing):
        return False, why
    if standing is not wanted:
        return False, other
    if outcome.result != IncomeRange.INSIDE:
        return False, f"人均 {yuan_text(outcome.per_head)} 元，不低于监测线 {yuan_text(outcome.line)} 元"
    return True, f"{standing.value}，人均 {yuan_text(outcome.per_head)} 元，低于监测线 {yuan_text(outcome.line)} 元"


def _sudden(outcome: Outcome, standing: Standing, event: bool) -> tuple[bool, str]:
    if why := _unknown(outcome, standing):
        return False, why
    if outcome.result == IncomeRange.INSIDE:
        return False, "收入已在监测范围内，按另外两类认定"
    if outcome.is_heavy:
        return True, "收入在监测线以上，但刚性支出过大"
    if outcome.is_sharp_fall and event:
        return True, "收入在监测线以上，但突发情况后收入骤减"
    if outcome.is_sharp_fall:
        return False, "收入骤减，但没有填写突发情况"
    return False, "没有过大的刚性支出，也没有收入骤减"
