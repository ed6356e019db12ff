"""What a criterion is made of. Each of them is one object in one file of :mod:`households.eligibility.criteria`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from households.models import Assessment
from households.models.assessment import Verdict
from households.register.completeness import Item
from households.register.terms import Term

PASS, FAIL, MISSING = (str(each) for each in (Verdict.PASS, Verdict.FAIL, Verdict.MISSING))
RESULT_WORDS = {PASS: Verdict.PASS.label, FAIL: Verdict.FAIL.label, MISSING: "未记录"}
"""Results of a criterion in words; of the whole verdict: Verdict."""
CENT = Decimal("0.01")
NO_RECORD = "没有记录"


def no_line_words(year: int) -> str:
    """What every page says of income where no line was entered for the year: it is nobody's missing record."""
    return f"还没有{year}年标准线"


def missing_words(assessment: Assessment, code: str) -> str:
    """Why a criterion of a verdict has no result, in a few words."""
    return no_line_words(assessment.year) if code in assessment.reasons else RESULT_WORDS[MISSING]


@dataclass(frozen=True)
class Remedy:
    """One thing to do. ``section`` and ``anchor`` name the entry section and the field in it."""

    criterion: str
    text: str
    section: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Case:
    """One criterion of one verdict: its result, and the names of the members that the evidence names by id."""

    assessment: Assessment
    code: str
    result: str
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def evidence(self) -> dict[str, Any]:
        return self.assessment.evidence

    @property
    def per_head(self) -> Decimal | None:
        """Yuan a person and year; None when income is not recorded."""
        return self.assessment.per_head

    @property
    def net_income(self) -> Decimal | None:
        return self.assessment.net_income

    @property
    def line(self) -> Decimal | None:
        """Yuan a person and year; None where no line was published."""
        return self.assessment.line_amount

    @property
    def missing_words(self) -> str:
        """Why there is no result: nothing was recorded, or there is no line to judge by."""
        return missing_words(self.assessment, self.code)

    def people(self, key: str) -> str:
        """The names of the members under a key of the evidence: 张三、李四."""
        return "、".join(self.names.get(pk, "已不在户的成员") for pk in self.evidence.get(key) or [])

    def listed(self, kinds: Mapping[str, str]) -> list[str]:
        """The members under several keys of the evidence, each with what is said of them; nothing of nobody."""
        return [f"{text}：{self.people(key)}" for key, text in kinds.items() if self.evidence.get(key)]

    def remedy(self, text: str, section: str, anchor: str) -> list[Remedy]:
        return [Remedy(self.code, text, section, anchor)]


@dataclass(frozen=True)
class OfMembers:
    """What a criterion asks of the counted members of a household: who ``whom`` holds for.

    The verdict's evidence keeps their ids in order (absent: nobody), or with ``count`` how many they are.
    """

    name: str
    whom: Term
    count: bool = False

    def sql(self) -> str:
        """An aggregate over the members (``m``), their rows of the year (``y``) and the village's rule (``r``)."""
        what = "count(*)" if self.count else "array_agg(m.id ORDER BY m.id)"
        return f"{what} FILTER (WHERE {self.whom.sql()})"

    @property
    def anybody(self) -> str:
        """SQL over the household's aggregates (``p``): it holds for somebody."""
        return f"p.{self.name} > 0" if self.count else f"p.{self.name} IS NOT NULL"


@dataclass(frozen=True, eq=False, kw_only=True)
class Criterion:
    """One criterion, all of it.

    ``result`` is SQL for 'pass', 'fail' or 'missing' of one household: its record of the year (``a``), the aggregates
    ``members`` over those who count (``p``), net income and persons (``n``: ``per_head``, yuan) and the rule of its
    village (``r``: ``line_amount``); :func:`decided` puts it together. ``record`` are the columns of the record it
    looks at, ``of_year`` those of the members' rows: a change of them is where the facts of the verdict come from. The
    verdict keeps ``kept`` as evidence, figures and ids, never names.

    ``section`` is the entry section that holds its facts, ``asks`` what entry must ask for it. ``value`` says in words
    what is recorded, ``chip`` what the strip says where it is more than the short label, ``failing`` what a list says
    where it fails, ``remedy`` what would change the result. ``order`` is its place among the others; only one criterion
    is ``against_line``: its margin makes a household 踩线, and a new line may turn it.
    """

    order: int
    code: str
    label: str
    short: str
    section: str
    result: str
    record: tuple[str, ...] = ()
    members: tuple[OfMembers, ...] = ()
    of_year: tuple[str, ...] = ()
    keeps_record: bool = True
    asks: tuple[Item, ...] = ()
    value: Callable[[Case], str]
    remedy: Callable[[Case], list[Remedy]]
    chip: Callable[[Case], str] | None = None
    failing: Callable[[Mapping[str, Any]], str] | None = None
    against_line: bool = False

    @property
    def kept(self) -> tuple[str, ...]:
        """Names of the facts that the verdict keeps."""
        return (*(self.record if self.keeps_record else ()), *(each.name for each in self.members))

    @property
    def people(self) -> tuple[str, ...]:
        """Names of the facts that are members' ids."""
        return tuple(each.name for each in self.members if not each.count)

    def chip_text(self, case: Case) -> str:
        """What the chip of a household's page says: 收入 4,862 元 > 4,000 元; 住房 C级; 饮水 未记录."""
        if case.result != MISSING and self.chip is not None:
            return self.chip(case)
        return f"{self.short} {case.missing_words}" if case.result == MISSING else self.short

    def failing_text(self, evidence: Mapping[str, Any]) -> str:
        """What a list says of it where it fails: 住房 C 级; 饮水未达标."""
        return (self.failing(evidence) if self.failing else "") or f"{self.short}{RESULT_WORDS[FAIL]}"


def decided(*, fails: Term | str, unknown: Term | str) -> str:
    """The result of a criterion: 'fail', else 'missing', else 'pass'. Conditions on members as SQL (``anybody``)."""
    bad, blank = (each if isinstance(each, str) else each.sql() for each in (fails, unknown))
    return f"CASE WHEN {bad} THEN '{FAIL}' WHEN {blank} THEN '{MISSING}' ELSE '{PASS}' END"


def yuan(amount: Decimal) -> str:
    """1,234.50 without needless zeros: 1,234.5 and 4,000."""
    text = f"{amount.quantize(CENT):,.2f}"
    return text.removesuffix(".00")


def yes_no(value: Any) -> str:
    return "是" if value else "否"
