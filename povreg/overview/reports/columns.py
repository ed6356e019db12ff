"""Columns of their own: the amounts of income and land, and how complete the entry is.

A column takes its figure from the aggregates of a row, so that a row of totals is worked out from sums, never from
rounded figures.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, Exists, OuterRef, Q, Sum

from households.figures.dimensions import HOUSEHOLD, of_land, of_worksheet
from households.models import Assessment
from households.models.annual import EXPENSE_FIELDS
from households.register.fields import SECTIONS
from povreg.overview.reports.grid import MU, SHARE, YUAN, percent

CENT = Decimal("0.01")
NOT_OUT = "0"  # code of exit_status: 未脱贫
Sums = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: its unit, its figure out of the sums of a row, and the figure that narrows the list behind it (None: no
    list, empty: the list of the whole row); ``people`` if it is a list of them."""

    code: str
    label: str
    unit: str
    value: Callable[[Sums], Any]
    figure: str | None = None
    people: bool | None = None


@dataclass(frozen=True)
class Amounts:
    """Items that a household has an amount of: their dimension, their unit, which of them are spent.

    ``base`` is the figure of the households over which an average is taken: those where anything is recorded.
    """

    dimension: str
    unit: str
    labels: Callable[[], Mapping[str, str]]
    base: str
    spent: tuple[str, ...] = ()

    def aggregates(self, year: int) -> dict[str, Aggregate]:
        """Households that have each item, its sum, and the households and people over whom averages are taken."""
        dimension, _, code = self.base.partition(".")
        base = HOUSEHOLD[dimension].bucket(code, year)
        known = base.rows if base else None
        found: dict[str, Aggregate] = {
            "homes": Count("pk", filter=known),
            "heads": Sum("judged__persons", filter=known),
        }
        for bucket in HOUSEHOLD[self.dimension].buckets(year):
            found[f"n_{bucket.code}"] = Count("pk", filter=bucket.rows)
            found[f"s_{bucket.code}"] = Sum(f"record__{bucket.code}")
        return found

    def earned(self, sums: Sums) -> Decimal:
        return sum((self.amount(sums, code) for code in self.labels() if code not in self.spent), Decimal(0))

    def net(self, sums: Sums) -> Decimal:
        return self.earned(sums) - sum((self.amount(sums, code) for code in self.spent), Decimal(0))

    @staticmethod
    def amount(sums: Sums, code: str) -> Decimal:
        return Decimal(sums.get(f"s_{code}") or 0)


INCOME = Amounts("income_item", YUAN, of_worksheet, "worksheet.yes", EXPENSE_FIELDS)
LAND = Amounts("land_item", MU, of_land, "recorded.yes")
AMOUNTS = {"structure": INCOME, "land": LAND}
SHOWN = {"sum": "合计", "homes": "户数", "per_home": "户均", "per_head": "人均"}
"""What the columns of items may show when places or buckets stand in the rows."""


def each(amount: Decimal, count: Any) -> Decimal | None:
    """An amount for each household or head, to the cent; None of nobody."""
    return (amount / count).quantize(CENT) if count else None


def of_item(amounts: Amounts, code: str) -> tuple[Column, ...]:
    """The columns of a report with items in the rows, for one item."""
    figure = f"{amounts.dimension}.{code}"
    return (
        Column("homes", "户数", "户", lambda sums: sums[f"n_{code}"], figure),
        Column("of_homes", "占登记户", SHARE, lambda sums: percent(sums[f"n_{code}"], sums["homes"])),
        *of_sum(amounts.unit, lambda sums: amounts.amount(sums, code), figure),
        Column(
            "share",
            "占总收入" if amounts.spent else "占合计",
            SHARE,
            lambda sums: percent(amounts.amount(sums, code), amounts.earned(sums)),
        ),
    )


def of_sum(unit: str, value: Callable[[Sums], Decimal], figure: str) -> tuple[Column, ...]:
    """An amount and its averages; behind them stand the households that have it."""
    return (
        Column("sum", "合计", unit, value, figure),
        Column("per_home", "户均", unit, lambda sums: each(value(sums), sums["homes"]), figure),
        Column("per_head", "人均", unit, lambda sums: each(value(sums), sums["heads"]), figure),
    )


def items_across(amounts: Amounts, show: str) -> tuple[Column, ...]:
    """The items as columns, each showing one of SHOWN."""
    return tuple(_across(amounts, code, label, show) for code, label in amounts.labels().items())


def _across(amounts: Amounts, code: str, label: str, show: str) -> Column:
    figure = f"{amounts.dimension}.{code}"
    if show == "homes":
        return Column(code, label, "户", lambda sums: sums[f"n_{code}"], figure)
    over = {"per_home": "homes", "per_head": "heads"}.get(show)

    def value(sums: Sums) -> Decimal | None:
        amount = amounts.amount(sums, code)
        return each(amount, sums[over]) if over else amount

    return Column(code, label, amounts.unit, value, figure)


def scale_aggregates(year: int, *, people: bool) -> dict[str, Aggregate]:
    """Households or people, and those of them who have not left poverty."""
    name = "people" if people else "homes"
    return {name: Count("pk"), f"{name}_poor": Count("pk", filter=_not_out(year, people=people))}


def _not_out(year: int, *, people: bool) -> Q:
    """Households that were poor at the end of the year, as its rows say, or people of them."""
    if not people:
        return Q(judged__exit_status=NOT_OUT)
    rows = Assessment.objects.filter(year=year, exit_status=NOT_OUT, household=OuterRef("lived__household_id"))
    return Q(Exists(rows))


def mark_aggregates(marks: Iterable[tuple[str, str]], year: int) -> dict[str, Aggregate]:
    """All households, and those that each figure holds for."""
    found: dict[str, Aggregate] = {}
    for number, (figure, _label) in enumerate(marks):
        dimension, _, code = figure.partition(".")
        bucket = HOUSEHOLD[dimension].bucket(code, year)
        found[f"m{number}"] = Count("pk", filter=bucket.rows if bucket else None)
    return found | {"homes": Count("pk")}


def of_marks(marks: Iterable[tuple[str, str]]) -> tuple[Column, ...]:
    """A column for each figure, and the whole of the row."""
    found = [
        Column(figure, label, "户", _counted(f"m{number}"), figure) for number, (figure, label) in enumerate(marks)
    ]
    return (*found, Column("homes", "在册户", "户", _counted("homes"), ""))


def entry_aggregates(year: int) -> dict[str, Aggregate]:
    """Households, those complete in each section and in all, those without a record, entry fields filled and asked."""
    found: dict[str, Aggregate] = {"homes": Count("pk")}
    for dimension, code in (("gap", "none"), ("recorded", "no"), *(("done", section) for section in SECTIONS)):
        bucket = HOUSEHOLD[dimension].bucket(code, year)
        found[f"{dimension}_{code}"] = Count("pk", filter=bucket.rows if bucket else None)
    return found | {"filled": Sum("judged__filled"), "asked": Sum("judged__fields")}


def _counted(name: str) -> Callable[[Sums], Any]:
    return lambda sums: sums[name]


SCALE = (
    Column("homes", "在册户", "户", _counted("homes"), ""),
    Column("people", "人口", "人", _counted("people"), "", people=True),
    Column("per_home", "户均人口", "人/户", lambda sums: each(Decimal(sums["people"]), sums["homes"])),
    Column("homes_poor", "未脱贫户", "户", _counted("homes_poor"), f"exit_status.{NOT_OUT}"),
    Column("people_poor", "未脱贫人口", "人", _counted("people_poor"), f"exit_status.{NOT_OUT}", people=True),
)
ENTRY = (
    Column("homes", "在册户", "户", _counted("homes"), ""),
    Column("filled", "已填项占比", SHARE, lambda sums: percent(sums["filled"] or 0, sums["asked"])),
    Column("complete", "全部填完", "户", _counted("gap_none"), "gap.none"),
    *(Column(code, label, "户", _counted(f"done_{code}"), f"done.{code}") for code, label in SECTIONS.items()),
    Column("unrecorded", "没有本年记录", "户", _counted("recorded_no"), "recorded.no"),
)
