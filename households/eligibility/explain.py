"""A stored verdict in words: each criterion's value, evidence and remedy, from what the recompute kept.

Nothing is judged here: the results are those of the stored row, so page and verdict cannot disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from households.eligibility import blockers
from households.eligibility.criteria import BY_CODE, FAIL, MISSING, PASS, Criterion
from households.eligibility.remedies import Case, Remedy, yuan
from households.eligibility.sources import Source, sources
from households.models import Assessment, Member
from households.register.completeness import label_of
from villages.codes import selectors as codes

PERSON_LISTS = ("out_of_school", "school_unknown", "uninsured", "insurance_unknown")
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
    ids = {pk for assessment in assessments for key in PERSON_LISTS for pk in assessment.evidence.get(key) or []}
    return dict(Member.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def chips(assessment: Assessment) -> list[Chip]:
    """The chips of one verdict, each leading to its explanation. Reads nothing."""
    page = verdict_url(assessment)
    return [
        Chip(case.code, criterion.short, case.result, chip_text(criterion, case), f"{page}#{case.code}")
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


def chip_text(criterion: Criterion, case: Case) -> str:
    """What the chip says: 收入 4,862 元 > 4,000 元; 住房 C级; 饮水 未记录."""
    if case.result == MISSING:
        return f"{criterion.short} 未记录"
    if criterion.code == "income" and case.per_head is not None and case.line is not None:
        return f"收入 {yuan(case.per_head)} 元 {'>' if case.result == PASS else '≤'} {yuan(case.line)} 元"
    if case.result == FAIL and criterion.code == "housing":
        return f"住房 {case.evidence.get('house_grade', '')}级"
    if case.result == FAIL and criterion.code in ("education", "medical"):
        key, what = ("out_of_school", "不在校") if criterion.code == "education" else ("uninsured", "未参保")
        return f"{criterion.short} {len(case.evidence.get(key) or [])} 人{what}"
    return criterion.short


@dataclass(frozen=True)
class Row:
    """One criterion on the explanation page."""

    criterion: Criterion
    result: str
    value: str
    source: Source | None
    remedies: list[dict[str, str]]


def rows(assessment: Assessment) -> list[Row]:
    """Every criterion of a verdict with value, source and what would change it, in a constant number of queries."""
    names = names_in([assessment])
    found = sources(assessment, criteria_of(assessment))
    return [
        Row(criterion, case.result, value_text(case), found.get(criterion.code), _items(assessment, criterion, case))
        for criterion, case in _cases(assessment, names)
    ]


def _items(assessment: Assessment, criterion: Criterion, case: Case) -> list[dict[str, str]]:
    remedies = criterion.remedy(case) if case.result != PASS else []
    return [{"text": each.text, "url": remedy_url(assessment, each)} for each in remedies]


def value_text(case: Case) -> str:
    """The recorded facts of a criterion in words, for the explanation page."""
    return _VALUES[case.code](case)


def _income(case: Case) -> str:
    if case.per_head is None or case.net_income is None:
        return "十项收支都没有记录"
    persons = case.assessment.persons
    return f"家庭纯收入 {yuan(case.net_income)} 元 ÷ {persons} 人 = 人均 {yuan(case.per_head)} 元"


def _answer(case: Case) -> str:
    (fact,) = BY_CODE[case.code].facts
    return _yes_no(case.evidence[fact]) if fact in case.evidence else "没有记录"


def _water(case: Case) -> str:
    recorded = [name for name in BY_CODE["water"].facts if name in case.evidence]
    return "；".join(f"{label_of(f'annual.{name}')}：{_yes_no(case.evidence[name])}" for name in recorded) or "没有记录"


def _yes_no(value: Any) -> str:
    return "是" if value else "否"


def _education(case: Case) -> str:
    children = case.evidence.get("school_age")
    if not children:
        return "没有义务教育年龄的成员"
    parts = [f"义务教育年龄 {children} 人"]
    parts += _listed(case, {"out_of_school": "不在校", "school_unknown": "在校生状况没有记录"})
    return "；".join(parts)


def _medical(case: Case) -> str:
    parts = [f"计入 {case.assessment.persons} 人"]
    parts += _listed(case, {"uninsured": "没有参保", "insurance_unknown": "参保情况没有记录"})
    return "；".join(parts) if len(parts) > 1 else f"{parts[0]}，都已参保"


def _listed(case: Case, kinds: Mapping[str, str]) -> list[str]:
    return [f"{text}：{case.people(key)}" for key, text in kinds.items() if case.evidence.get(key)]


def _housing(case: Case) -> str:
    grade, security = case.evidence.get("house_grade", ""), case.evidence.get("house_security", "")
    parts = [f"住房等级 {grade} 级"] if grade else []
    parts += [f"住房保障方式：{codes.label('house_security', security)}"] if security else []
    return "；".join(parts) or "没有记录"


_VALUES = {
    "income": _income,
    "food": _answer,
    "clothing": _answer,
    "water": _water,
    "education": _education,
    "medical": _medical,
    "housing": _housing,
    "power": _answer,
    "broadcast": _answer,
}
