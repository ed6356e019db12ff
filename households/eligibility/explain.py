"""A stored verdict in words: each criterion's value, evidence and remedy, from what the recompute kept.

Nothing is judged here: the results are those of the stored row, so page and verdict cannot disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from households.eligibility import blockers
from households.eligibility.criteria import BY_CODE
from households.eligibility.criterion import FAIL, MISSING, PASS, Case, Criterion, Remedy
from households.eligibility.sources import Source, sources
from households.models import Assessment, Member

Names = Mapping[int, str]


@dataclass(frozen=True)
class Chip:
    """One criterion on the strip of the household page (``c-strip``)."""

    code: str
    label: str
    result: str
    text: str
    url: str


def result_of(assessment: Assessment, code: str) -> str:
    """pass, fail or missing."""
    if code in assessment.failed:
        return FAIL
    return MISSING if code in assessment.missing else PASS


def criteria_of(assessment: Assessment) -> list[Criterion]:
    """The criteria the verdict was made of, in the declared order."""
    judged = assessment.criteria_set.criteria
    return [criterion for code, criterion in BY_CODE.items() if code in judged]


def results(assessment: Assessment) -> dict[str, str]:
    """Criterion code to result."""
    return {criterion.code: result_of(assessment, criterion.code) for criterion in criteria_of(assessment)}


def names_in(assessments: Iterable[Assessment]) -> dict[int, str]:
    """Names of the members that the evidence of some verdicts names by id, in one query."""
    keys = [key for criterion in BY_CODE.values() for key in criterion.people]
    ids = {pk for assessment in assessments for key in keys for pk in assessment.evidence.get(key) or []}
    return dict(Member.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def chips(assessment: Assessment) -> list[Chip]:
    """The chips of one verdict, each leading to its explanation. Reads nothing."""
    page = verdict_url(assessment)
    return [
        Chip(case.code, criterion.short, case.result, criterion.chip_text(case), f"{page}#{case.code}")
        for criterion, case in _cases(assessment, {})
    ]


def remedies(assessment: Assessment, names: Names | None = None) -> list[Remedy]:
    """What would turn the verdict, criterion by criterion: failures first, then what is not recorded, then blockers."""
    names = names_in([assessment]) if names is None else names
    cases = [pair for pair in _cases(assessment, names) if pair[1].result != PASS]
    cases.sort(key=lambda pair: pair[1].result != FAIL)
    found = [remedy for criterion, case in cases for remedy in criterion.remedy(case)]
    return found + [Remedy(code, blockers.advice(code)) for code in assessment.blockers]


def remedy_items(assessment: Assessment, names: Names | None = None) -> list[dict[str, str]]:
    """:func:`remedies` as ``{text, url}`` for ``c-remedies``: the url leads to the field."""
    return [{"text": each.text, "url": remedy_url(assessment, each)} for each in remedies(assessment, names)]


def verdict_url(assessment: Assessment) -> str:
    return f"{reverse('household-verdict', args=[assessment.household_id])}?year={assessment.year}"


def remedy_url(assessment: Assessment, remedy: Remedy) -> str:
    """The field that a remedy is about, on the household page."""
    if not remedy.section:
        return ""
    page = reverse(f"household-{remedy.section}", args=[assessment.household_id])
    return f"{page}?year={assessment.year}#id_{remedy.anchor}"


def _cases(assessment: Assessment, names: Names) -> list[tuple[Criterion, Case]]:
    return [
        (criterion, Case(assessment, criterion.code, result_of(assessment, criterion.code), names))
        for criterion in criteria_of(assessment)
    ]


@dataclass(frozen=True)
class Row:
    """One criterion on the explanation page; ``missing`` says why it has no result."""

    criterion: Criterion
    result: str
    value: str
    source: Source | None
    remedies: list[dict[str, str]]
    missing: str = ""


def rows(assessment: Assessment) -> list[Row]:
    """Every criterion of a verdict with value, source and what would change it, in a constant number of queries."""
    names = names_in([assessment])
    found = sources(assessment, criteria_of(assessment))
    return [_row(criterion, case, found.get(criterion.code)) for criterion, case in _cases(assessment, names)]


@dataclass(frozen=True)
class Beside:
    """One of the two lines that income is held against, where both exist."""

    name: str
    amount: Decimal
    words: str


def lines_beside(assessment: Assessment) -> list[Beside]:
    """The country's line and the province's side by side (国标, 省标), with where income stands to each; nothing
    where only one of them was entered."""
    amounts = {"国标": assessment.national_amount, "省标": assessment.provincial_amount}
    known = {name: amount for name, amount in amounts.items() if amount is not None}
    if len(known) < len(amounts):
        return []
    return [Beside(name, amount, _stands(assessment.per_head, amount)) for name, amount in known.items()]


def _stands(per_head: Decimal | None, amount: Decimal) -> str:
    if per_head is None:
        return "收入没有记录"
    return "高于" if per_head > amount else "等于，未超过" if per_head == amount else "低于"


def _row(criterion: Criterion, case: Case, source: Source | None) -> Row:
    items = _items(case.assessment, criterion, case)
    missing = case.missing_words if case.result == MISSING else ""
    return Row(criterion, case.result, criterion.value(case), source, items, missing)


def _items(assessment: Assessment, criterion: Criterion, case: Case) -> list[dict[str, str]]:
    remedies = criterion.remedy(case) if case.result != PASS else []
    return [{"text": each.text, "url": remedy_url(assessment, each)} for each in remedies]
