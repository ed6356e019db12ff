"""What departments' lists say of households (部门比对), as an app above this one tells it: the comparison step of a
list takes its result from there, and the office confirms it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from households.models import Batch, ComparisonHit
from povreg.kit.scopes import county_of

FRESH = timedelta(days=60)
"""How old a department's list may be when a list of households is begun, to serve as its comparison."""


@dataclass(frozen=True)
class Named:
    """A household that a department's list names: for what, by whom, how it was answered ("" not yet). ``stands``: it
    speaks against taking the household in; None while nobody has looked."""

    household_id: int
    what: str
    source: str
    on: date
    answer: str
    stands: bool | None
    is_hard: bool = True

    @property
    def words(self) -> str:
        return f"{self.what}（{self.source}）：{self.answer or '待核实'}"


@dataclass(frozen=True)
class Teller:
    """``named`` (household ids): who is named; ``lists`` (county, since): what was compared, as words; ``lacking`` the
    same of what speaks against a household and was not compared."""

    named: Callable[[Collection[int]], list[Named]]
    lists: Callable[[str, date], list[str]]
    lacking: Callable[[str, date], list[str]]


_tellers: list[Teller] = []


def tell_comparisons(teller: Teller) -> None:
    """Have an app above say what departments' lists found."""
    _tellers[:] = [teller]


def named_of(households: Collection[int]) -> dict[int, list[Named]]:
    """Household id to what lists say of it: departments' lists, and results that the county put on record itself."""
    found: dict[int, list[Named]] = {}
    for each in [*_own(households), *(row for teller in _tellers for row in teller.named(households))]:
        found.setdefault(each.household_id, []).append(each)
    return found


def _own(households: Collection[int]) -> list[Named]:
    rows = ComparisonHit.objects.filter(household__in=list(households)).select_related("comparison")
    return [
        Named(
            household_id=row.household_id, what=row.get_what_display(), source=row.comparison.source,
            on=row.comparison.compared_on, answer=row.explanation,
            stands=None if row.state == ComparisonHit.State.OPEN else False,
        )
        for row in rows.order_by("pk")
    ]  # fmt: skip


def lists_for(batch: Batch) -> list[str]:
    """The departments' lists that serve a list of households: handed over shortly before it began, or since."""
    return [text for teller in _tellers for text in teller.lists(*_asked(batch))] if batch.started_on else []


def covers(batch: Batch) -> bool:
    """Whether departments' lists say all that a comparison is asked for: cars, flats, companies and public pay."""
    return bool(batch.started_on and _tellers) and not any(teller.lacking(*_asked(batch)) for teller in _tellers)


def _asked(batch: Batch) -> tuple[str, date]:
    assert batch.started_on is not None
    return county_of(batch.place_id), batch.started_on - FRESH
