"""The figures a dashboard shows, each declared once: which households count in which bucket, and how a list finds them.

``bucket`` is SQL for the bucket one household counts in (alias ``b``: its verdict of the year with the household's own
columns), null for none. ``rows`` is the same condition on :class:`~households.models.Assessment`, so that a figure and
the list behind it agree.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from households.eligibility.blockers import label as blocker_label
from households.models import Clearance

BAND = 500  # yuan; a band is (low, low + BAND]
LOWEST, HIGHEST = -BAND, 12_000  # first and last band: (-inf, 0] and (12000, inf)
STEPS = 10  # bands of a tenth of the line on both sides of it: their edges meet at the line itself
NO_INCOME, THRICE = -STEPS - 1, 2 * STEPS  # first and last of them: nothing or less, three times the line and more


@dataclass(frozen=True)
class Measure:
    """One split of the households of a place and year. ``many`` says that ``bucket`` is an array of them.

    A measure with an ``amount`` (SQL aggregate kept beside the counts) has the one bucket ``all``: every household, or
    those that meet the SQL condition ``of``.
    """

    code: str
    bucket: str
    rows: Callable[[str], Q]
    many: bool = False
    amount: str = ""
    of: str = "true"

    @property
    def label(self) -> str:
        """SQL for ``measure/bucket`` (several: joined by commas), null for none."""
        if self.many:
            return f"'{self.code}/' || nullif(array_to_string({self.bucket}, ',{self.code}/'), '')"
        return f"'{self.code}/' || {self.bucket}"


def _one(column: str) -> str:
    return f"CASE WHEN b.{column} THEN 'yes' END"


def _code(column: str) -> str:
    return f"coalesce(nullif(b.{column}, ''), 'none')"


def _episode(**facts: Any) -> Q:
    """Households with an open monitoring episode in the year of which the removal of risk says this."""
    same = {"household_id": OuterRef("household_id"), "year": OuterRef("year")}
    return Q(Exists(Clearance.objects.filter(**same, **facts)))


def _recorded(bucket: str) -> str:
    return "" if bucket == "none" else bucket


BAND_CODE = re.compile(r"-?[0-9]{1,9}")


def _step(bucket: str, otherwise: int) -> int:
    return int(bucket) if BAND_CODE.fullmatch(bucket) else otherwise


def _band_rows(bucket: str) -> Q:
    low = _step(bucket, HIGHEST * 1000)
    above = Q(per_head__gt=low) if low > LOWEST else Q(per_head__isnull=False)
    return above & Q(per_head__lte=low + BAND) if low < HIGHEST else above


def line_edges(step: int) -> tuple[Decimal | None, Decimal | None]:
    """Between which multiples of the line the band ``step`` lies: band -1 is (0.9, 1], band 0 is (1, 1.1), band 1
    [1.1, 1.2); None where the band is open."""
    low = None if step <= NO_INCOME else 1 + Decimal(step) / STEPS
    high = None if step >= THRICE else 1 + Decimal(step + 1) / STEPS
    return low, high


def _line_rows(bucket: str) -> Q:
    """Up to the line the upper edge counts in, beyond it the lower one: who earns just the line has not passed it."""
    step = _step(bucket, THRICE * 1000)
    low, high = line_edges(step)
    found = Q(per_head__isnull=False, line_amount__gt=0)
    if low is not None:
        found &= Q(**{f"per_head__{'gte' if step > 0 else 'gt'}": F("line_amount") * low})
    if high is not None:
        found &= Q(**{f"per_head__{'lt' if step >= 0 else 'lte'}": F("line_amount") * high})
    return found


BELOW = {"national": "national_amount", "provincial": "provincial_amount"}
"""The two lines that income stands beside where both were entered (国标, 省标)."""
BOTH_LINES = "both"


def _below_sql() -> str:
    """Of a household with income and both lines: that it has them, and which it does not exceed."""
    found = ", ".join(f"CASE WHEN b.per_head <= b.{column} THEN '{bucket}' END" for bucket, column in BELOW.items())
    known = " AND ".join(f"b.{column} IS NOT NULL" for column in ("per_head", *BELOW.values()))
    return f"CASE WHEN {known} THEN array_remove(ARRAY['{BOTH_LINES}', {found}], NULL) END"


def _below_rows(bucket: str) -> Q:
    found = Q(per_head__isnull=False, national_amount__isnull=False, provincial_amount__isnull=False)
    if bucket in BELOW:
        return found & Q(per_head__lte=F(BELOW[bucket]))
    return found if bucket == BOTH_LINES else Q(pk__in=[])


MEASURES = (
    Measure("total", "'all'", lambda _: Q(), amount="0"),
    Measure("verdict", "b.verdict", lambda bucket: Q(verdict=bucket)),
    Measure("failed", "b.failed", lambda bucket: Q(failed__contains=[bucket]), many=True),
    Measure("missing", "b.missing", lambda bucket: Q(missing__contains=[bucket]), many=True),
    Measure("eligible", _one("eligible"), lambda _: Q(eligible=True)),
    Measure("borderline", _one("borderline"), lambda _: Q(borderline=True)),
    Measure("monitored", "b.watched_type", lambda bucket: _episode(monitor_type=bucket)),
    Measure("watched", "CASE WHEN b.watched_type IS NOT NULL THEN 'yes' END", lambda _: _episode()),
    Measure("clearable", _one("clearable"), lambda _: _episode(eligible=True)),
    Measure(
        "lacking",
        "b.lacking",
        lambda bucket: _episode(failed__contains=[bucket]) | _episode(missing__contains=[bucket]),
        many=True,
    ),
    Measure("blocker", "b.blockers", lambda bucket: Q(blockers__contains=[bucket]), many=True),
    Measure(
        "income_band",
        f"CASE WHEN b.per_head IS NOT NULL THEN "  # greatest() looks past null
        f"least(greatest((ceil(b.per_head / {BAND}) - 1) * {BAND}, {LOWEST}), {HIGHEST})::int END",
        _band_rows,
    ),
    Measure(
        "line_band",
        "CASE WHEN b.per_head > b.line_amount AND b.line_amount > 0 THEN "
        f"least(floor((b.per_head - b.line_amount) * {STEPS} / b.line_amount), {THRICE})::int "
        "WHEN b.per_head <= b.line_amount AND b.line_amount > 0 THEN "
        f"greatest(-1 - floor((b.line_amount - b.per_head) * {STEPS} / b.line_amount), {NO_INCOME})::int END",
        _line_rows,
    ),
    Measure("below", _below_sql(), _below_rows, many=True),
    Measure("cause", _code("main_cause"), lambda bucket: Q(main_cause=_recorded(bucket))),
    Measure("exit_status", _code("exit_status"), lambda bucket: Q(exit_status=_recorded(bucket))),
    Measure("household_attr", _code("household_attr"), lambda bucket: Q(household_attr=_recorded(bucket))),
    Measure("gap", "b.gaps", lambda bucket: Q(gaps__contains=[bucket]), many=True),
    Measure(
        "incomplete",
        "CASE WHEN cardinality(b.gaps) > 0 THEN 'yes' END",
        lambda _: Q(gaps__len__gt=0),
    ),
    Measure("filled", "'all'", lambda _: Q(), amount="sum(b.filled)"),
    Measure("fields", "'all'", lambda _: Q(), amount="sum(b.fields)"),
    Measure(
        "net_income",  # yuan; with the people of these households: net income a head of a place
        "'all'",
        lambda _: Q(per_head__isnull=False),
        amount="sum(b.net_income)",
        of="b.per_head IS NOT NULL",
    ),
)
BELOW_LABELS = {BOTH_LINES: "国标、省标都有", "national": "未超过国标", "provincial": "未超过省标"}
BY_CODE = {measure.code: measure for measure in MEASURES}


def figure(text: str) -> Q:
    """The condition behind a figure named ``measure.bucket`` in an address; nothing for one that is not declared."""
    code, _, bucket = text.partition(".")
    return BY_CODE[code].rows(bucket) if code in BY_CODE and bucket else Q(pk__in=[])


def figure_label(text: str) -> str:
    """What a list says it was narrowed to by a figure."""
    code, _, bucket = text.partition(".")
    if code == "income_band":
        return f"人均纯收入 {band_label(bucket)} 元"
    if code == "line_band":
        return f"人均纯收入为标准线的 {line_label(bucket)}"
    if code == "below":
        return BELOW_LABELS.get(bucket, "")
    named = {
        "total": "已评定",
        "incomplete": "录入未完成",
        "net_income": "已记录收入",
        "blocker": f"不得退出：{blocker_label(bucket)}",
        "monitored": "风险未消除的监测对象",
        "watched": "风险未消除",
        "clearable": "可以消除风险",
        "lacking": "风险消除还差条件",
    }
    return named.get(code, "")


def line_label(bucket: str) -> str:
    """Where a band stands to the line, in per cent of it: 90%—100%, 300% 以上."""
    low, high = line_edges(_step(bucket, THRICE))
    if low is None or not high:
        return "0 及以下" if low is None else f"{low:.0%} 以上"
    return f"{low:.0%}—{high:.0%}"


def band_label(bucket: str) -> str:
    """Above 3,500 and up to 4,000 yuan reads 3500—4000; the first band is "0 及以下", the last "12000 以上"."""
    low = _step(bucket, HIGHEST)
    if low <= LOWEST:
        return "0 及以下"
    return f"{low} 以上" if low >= HIGHEST else f"{low}—{low + BAND}"
