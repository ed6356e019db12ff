"""Which household is to be visited how often, and whether it was: by class, as assistance/data/visit_rules.json says.

A period is a calendar month or quarter. A household is **done** once it was visited in the running one, **late** when
not even the one before saw anybody (of who was taken in by then), else **due** until the period ends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from assistance.models import Visit
from households.models import Household

RULES_JSON = Path(__file__).resolve().parent.parent / "data" / "visit_rules.json"
MONTHS = {"month": 1, "quarter": 3}
DONE, DUE, LATE = "done", "due", "late"


@dataclass(frozen=True)
class Rule:
    """How often a class is visited; ``source`` says who says so."""

    code: str
    label: str
    every: str
    words: str
    source: str

    def period(self, day: date) -> tuple[date, date]:
        """First and last day of the period that holds a day."""
        months = MONTHS[self.every]
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        return first, _months_on(first, months) - timedelta(days=1)

    def before(self, day: date) -> date:
        """The first day of the period before that of a day."""
        first, _last = self.period(day)
        return self.period(first - timedelta(days=1))[0]


def _months_on(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


@cache
def rules() -> dict[str, Rule]:
    """The rules by class."""
    return {row["code"]: Rule(**row) for row in json.loads(RULES_JSON.read_text(encoding="utf-8"))}


def rule_words() -> str:
    """监测对象每月一次，其他在册户每季一次."""
    return "，".join(f"{rule.label}{rule.words}" for rule in rules().values())


def with_visits(rows: QuerySet[Household]) -> Any:
    """Registered households with ``is_monitored`` and the day of the ``last_visit``."""
    visits = Visit.objects.filter(household=OuterRef("pk"), withdrawn_on__isnull=True).order_by()
    last = visits.values("household").annotate(day=Max("visited_on")).values("day")
    watched = ExpressionWrapper(~Q(monitor_type="") & ~Q(risk_cleared=True), BooleanField())
    return rows.annotate(is_monitored=watched, last_visit=Subquery(last))


def bounds(day: date) -> dict[str, tuple[date, date]]:
    """By class the first days of the period that holds a day, and of the one before."""
    return {code: (rule.period(day)[0], rule.before(day)) for code, rule in rules().items()}


def in_state(state: str, day: date | None = None) -> Q:
    """Condition over :func:`with_visits` for done, due or late."""
    return since(state, bounds(day or timezone.localdate()))


def since(state: str, days: Mapping[str, tuple[date, date]]) -> Q:
    """The same for periods that begin on certain ``days`` (:func:`bounds`)."""
    found = Q()
    for code, (first, before) in days.items():
        whose = Q(is_monitored=code == "monitored")
        conditions = {
            DONE: Q(last_visit__gte=first),
            LATE: Q(last_visit__lt=before),
            DUE: Q(last_visit__gte=before, last_visit__lt=first) | Q(last_visit__isnull=True),
        }
        found |= whose & conditions[state]
    return found


@dataclass(frozen=True)
class Standing:
    """Where one household stands: the rule, the state, the last visit, the last day of the visit that is due."""

    rule: Rule
    state: str
    last: date | None
    until: date

    @property
    def words(self) -> str:
        """逾期 3 天, 还有 6 天, 今天到期, 本月已走."""
        if self.state == DONE:
            return "本月已走" if self.rule.every == "month" else "本季已走"
        days = (self.until - timezone.localdate()).days
        return f"逾期 {-days} 天" if days < 0 else "今天到期" if days == 0 else f"还有 {days} 天"

    @property
    def tone(self) -> str:
        return {DONE: "plain", DUE: "warn", LATE: "fail"}[self.state]


def standing_of(row: Household, day: date | None = None) -> Standing:
    """Of a row of :func:`with_visits`."""
    day = day or timezone.localdate()
    rule = rules()["monitored" if row.is_monitored else "others"]  # type: ignore[attr-defined]
    last = row.last_visit  # type: ignore[attr-defined]
    first, until = rule.period(day)
    if last is None:
        return Standing(rule, DUE, None, until)
    if last >= first:
        return Standing(rule, DONE, last, until)
    if last >= rule.before(day):
        return Standing(rule, DUE, last, until)
    missed = rule.period(rule.period(last)[1] + timedelta(days=1))[1]
    return Standing(rule, LATE, last, missed)
