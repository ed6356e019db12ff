"""What has to hold besides the criteria of the year, each condition declared once.

``result`` is SQL for 'pass', 'fail' or 'missing' over the inputs of one episode (:mod:`.sql`): the episode (``e``), its
household (``h``), the latest income test (``t``), the people (``l``), the papers (``w``) and the rule (``r``). Not
recorded is not met.
"""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from households.eligibility.criterion import FAIL, MISSING, PASS
from households.models.codes import MEASURE_PAPER, SOME_LABOUR, SPENDING_RISKS, SUDDEN, WITHOUT_LABOUR

Evidence = Mapping[str, Any]


@dataclass(frozen=True)
class Condition:
    """``short`` is what lists say, ``words`` what the household's page says of the evidence, ``advice`` what to do."""

    code: str
    label: str
    short: str
    result: str
    words: Callable[[Evidence], str]
    advice: str


def codes(values: tuple[str, ...]) -> str:
    """Codes as an SQL list."""
    return ", ".join(f"'{each}'" for each in values)


def months_words(evidence: Evidence) -> str:
    if evidence.get("months") is None:
        return "纳入日期没有记录"
    return f"纳入满 {evidence['months']} 个月，要满 {evidence['calm_months']} 个月"


def spending_words(evidence: Evidence) -> str:
    if not evidence.get("tested_on"):
        return "没有测算过收入和刚性支出" if evidence.get("spending_asked") else "风险与刚性支出无关"
    return f"{evidence['tested_on']} 测算：刚性支出{'过大' if evidence.get('is_heavy') else '不大'}"


def measure_words(evidence: Evidence) -> str:
    count = evidence.get("delivered") or 0
    return f"纳入后有 {count} 项措施或凭据" if count else "纳入后没有已到户的措施，也没有凭据"


def labour_words(evidence: Evidence) -> str:
    if evidence.get("backstop"):
        return "整户无劳动能力兜底保障户"
    if evidence.get("able"):
        return f"有劳动能力的 {evidence['able']} 人"
    return "劳动能力没有记录" if evidence.get("labour_unknown") else "没有人有劳动能力"


_delivered: list[str] = [
    f"(SELECT count(*) FROM households_attachment f WHERE f.household_id = e.household_id AND f.removed_at IS NULL "
    f"AND f.kind = '{MEASURE_PAPER}' AND (e.since IS NULL OR f.created_at::date >= e.since))"
]


def count_delivered(sql: str) -> None:
    """Let something count as a delivered measure: SQL for a number over the episode (``e``: household_id, since)."""
    if sql not in _delivered:
        _delivered.append(sql)


def delivered_sql() -> str:
    """How many measures, or papers of measures, an episode has."""
    return " + ".join(_delivered)


MONTHS, SPENDING, MEASURE, LABOUR = "months", "spending", "measure", "labour"
SPENDING_ASKED = f"(e.monitor_type = '{SUDDEN}' OR e.risks && ARRAY[{codes(SPENDING_RISKS)}]::varchar[])"
CONDITIONS = (
    Condition(
        MONTHS,
        "收入稳定半年以上",
        "纳入未满半年",
        f"CASE WHEN e.months IS NULL THEN '{MISSING}' WHEN e.months >= r.calm_months THEN '{PASS}' ELSE '{FAIL}' END",
        months_words,
        "纳入满半年后再看；纳入日期没有记录的，请核对名单。",
    ),
    Condition(
        SPENDING,
        "大额刚性支出已解决",
        "刚性支出",
        f"CASE WHEN t.is_heavy THEN '{FAIL}' WHEN t.id IS NOT NULL OR NOT {SPENDING_ASKED} THEN '{PASS}' "
        f"ELSE '{MISSING}' END",
        spending_words,
        "重新测算近十二个月的收入和合规自付支出；支出仍大的，落实救助和理赔。",
    ),
    Condition(
        MEASURE,
        "至少一项帮扶措施已落实",
        "措施",
        f"CASE WHEN w.delivered > 0 THEN '{PASS}' ELSE '{MISSING}' END",
        measure_words,
        "落实针对风险的帮扶措施；已经落实的，登记措施或上传“帮扶措施凭据”。",
    ),
    Condition(
        LABOUR,
        "家里有人有劳动能力",
        "劳动能力",
        f"CASE WHEN h.no_labour_backstop THEN '{FAIL}' WHEN l.able > 0 THEN '{PASS}' "
        f"WHEN l.unknown > 0 THEN '{MISSING}' ELSE '{FAIL}' END",
        labour_words,
        "整户没有劳动能力的，兜底保障后暂不标注风险消除，继续跟踪；劳动能力没有记录的，请补录。",
    ),
)
BY_CODE = {each.code: each for each in CONDITIONS}
PEOPLE = (
    f"count(*) FILTER (WHERE m.labour IN ({codes(SOME_LABOUR)})) AS able, "
    f"count(*) FILTER (WHERE m.labour NOT IN ({codes((*SOME_LABOUR, *WITHOUT_LABOUR))})) AS unknown"
)
"""Of the people who live there now: who can work, and of whom it is not known."""
EVIDENCE = {
    "months": "e.months", "calm_months": "r.calm_months", "tested_on": "t.asked_on", "is_heavy": "t.is_heavy",
    "spending_asked": SPENDING_ASKED, "delivered": "w.delivered", "able": "l.able", "labour_unknown": "l.unknown > 0",
    "backstop": "coalesce(h.no_labour_backstop, false)",
}  # fmt: skip
