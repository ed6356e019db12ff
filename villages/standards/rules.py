"""The ages, days and margins of the law, each once (contract.md section 4; policy.md 3.3).

Days are the same everywhere. School age and the margin of 踩线 are those of the criteria set in force for a place and
year, whose ``params`` may override them: Python takes them from :class:`Thresholds`, sets of rows from
:func:`thresholds_sql` (which set is in force: villages.standards.selectors and villages.standards.sql).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple


class MonthDay(NamedTuple):
    """A day that comes back every year."""

    month: int
    day: int

    def of(self, year: int) -> date:
        return date(year, self.month, self.day)

    def sql(self, year: str = "%(year)s::int") -> str:
        """The day of a year that is an SQL expression."""
        return f"make_date({year}, {self.month}, {self.day})"

    def __str__(self) -> str:
        return f"{self.month} 月 {self.day} 日"


COUNT_DAY = MonthDay(9, 30)
"""Who lives in a household on this day is counted for the year; ages are those of this day where nothing else is
said."""
SCHOOL_DAY = MonthDay(9, 1)
"""School age is judged on this day: the school year begins."""
WORKING_AGE = range(16, 60)
"""Years of age of who may work (劳动法 第十五条) and is not old yet."""

MARRIAGE_AGE = {"1": 22, "2": 20}
"""Years of age from which one may marry, by sex (民法典 第一千零四十七条)."""


def count_day(year: int) -> date:
    """The day on which it is decided who counts for a year."""
    return COUNT_DAY.of(year)


def count_day_sql() -> str:
    """The count day of ``%(year)s`` as SQL."""
    return COUNT_DAY.sql()


def school_day(year: int) -> date:
    """The day on which school age is judged."""
    return SCHOOL_DAY.of(year)


@dataclass(frozen=True)
class Thresholds:
    """What a criteria set may change; the defaults are those of the law.

    ``school_from`` years are reached on the school day, ``school_until`` are not; a household whose income is less than
    the share ``borderline`` above the line is 踩线. Of an income test (policy-2026.md 4): one less than the share
    ``watch`` above the monitor line is in the watch band; spending of the share ``heavy`` of the income is heavy (no
    national figure; the share at which health spending is called catastrophic elsewhere), a fall by the share
    ``sharp_fall`` sharp; ``not_counted`` names the items that are left out unless somebody says otherwise (出售财物,
    policy.md 7.6). A risk is removed ``calm_months`` months after inclusion at the earliest (policy-2026.md 8).
    """

    school_from: int = 6
    school_until: int = 16
    borderline: Decimal = Decimal("0.10")
    watch: Decimal = Decimal("0.10")
    heavy: Decimal = Decimal("0.40")
    sharp_fall: Decimal = Decimal("0.30")
    calm_months: int = 6
    not_counted: tuple[str, ...] = ("sale_income",)

    @classmethod
    def of(cls, params: Mapping[str, Any] | None) -> "Thresholds":
        """The thresholds of a set, out of its ``params``."""
        found = {name: _at(params or {}, kept.path) for name, kept in KEPT.items()}
        return cls(**{name: KEPT[name].read(value) for name, value in found.items() if value is not None})

    def of_school_age(self, age: int | None) -> bool:
        """Whether this is school age; ``age`` in completed years on the school day, None where it is not known."""
        return age is not None and self.school_from <= age < self.school_until

    @property
    def school_words(self) -> str:
        return f"满 {self.school_from} 岁不满 {self.school_until} 岁"

    @property
    def percent(self) -> str:
        """The margin of 踩线 in per cent, without needless zeros."""
        return f"{(self.borderline * 100).normalize():f}"

    @property
    def borderline_words(self) -> str:
        return f"高于标准不足 {self.percent}%"


class Kept(NamedTuple):
    """Where ``CriteriaSet.params`` holds a threshold, and what it is in Python and in SQL."""

    path: tuple[str, ...]
    read: Callable[[Any], Any]
    sql: str


def _share(value: Any) -> Decimal:
    return Decimal(str(value))


KEPT = {
    "school_from": Kept(("school_age", "0"), int, "int"),
    "school_until": Kept(("school_age", "1"), int, "int"),
    "borderline": Kept(("borderline",), _share, "numeric"),
    "watch": Kept(("watch",), _share, "numeric"),
    "heavy": Kept(("heavy",), _share, "numeric"),
    "sharp_fall": Kept(("sharp_fall",), _share, "numeric"),
    "calm_months": Kept(("calm_months",), int, "int"),
    "not_counted": Kept(("not_counted",), tuple, "text"),
}
ORDINARY = Thresholds()


def _at(params: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        if isinstance(params, list):
            params = params[int(step)] if int(step) < len(params) else None
        else:
            params = params.get(step) if isinstance(params, dict) else None
    return params


def threshold_sql(name: str, params: str) -> str:
    """One threshold as SQL, out of an expression for the set's ``params`` (null: the law's)."""
    kept = KEPT[name]
    return f"coalesce(({params} #>> '{{{','.join(kept.path)}}}')::{kept.sql}, {getattr(ORDINARY, name)})"


def born_sql(years: int | str, params: str) -> str:
    """Who was born by this day (SQL) has completed so many years on the school day of ``%(year)s``; ``years`` may be
    the name of a threshold."""
    passed = years if isinstance(years, int) else threshold_sql(years, params)
    return SCHOOL_DAY.sql(f"%(year)s::int - {passed}")
