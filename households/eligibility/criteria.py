"""The criteria of 两不愁三保障, each declared once (contract.md section 4; policy.md 3 and 7).

A criterion is two SQL fragments over the inputs of one household (alias ``i``, put together in
:mod:`households.eligibility.sql`) and a sentence on what would change it. The same declaration serves the recompute of
a county, the recompute of one household, the explanation page, the dashboard and any what-if.
"""

from collections.abc import Callable
from dataclasses import dataclass

from households.eligibility import remedies
from households.eligibility.remedies import Case, Remedy
from households.models.annual import EXPENSE_FIELDS, INCOME_FIELDS, TRANSFER_FIELDS, WATER_ITEMS, WORKSHEET_FIELDS

PASS, FAIL, MISSING = "pass", "fail", "missing"
OUT_OF_SCHOOL = "01"  # 非在校生
EXCUSED = ("01", "02", "03", "04")  # 因病休学, 残疾无法就学, 送教上门, 已完成义务教育 (policy.md 3.3, 3.4)


@dataclass(frozen=True)
class Criterion:
    """One criterion.

    ``result`` is SQL for 'pass', 'fail' or 'missing', ``facts`` the inputs it looks at, which the verdict keeps as
    evidence (figures and ids, never names). ``remedy`` says in Chinese what would change it; ``section`` is the entry
    section that holds its facts.
    """

    code: str
    label: str
    short: str
    section: str
    result: str
    facts: tuple[str, ...]
    remedy: Callable[[Case], list[Remedy]]


def _answer(column: str) -> str:
    """A yes/no/not recorded cell as a result."""
    return f"CASE WHEN i.{column} THEN '{PASS}' WHEN NOT i.{column} THEN '{FAIL}' ELSE '{MISSING}' END"


def _worst(failed: str, unknown: str) -> str:
    """Fail if some member fails, missing if nobody fails and something of a member is not recorded, else pass."""
    cases = f"WHEN i.{failed} IS NOT NULL THEN '{FAIL}' WHEN i.{unknown} IS NOT NULL THEN '{MISSING}'"
    return f"CASE {cases} ELSE '{PASS}' END"


# Net income of the household, yuan a year: blank items count 0, ten blank items are "not recorded" (null).
NET_INCOME = (
    f"CASE WHEN num_nonnulls({', '.join(f'a.{name}' for name in WORKSHEET_FIELDS)}) > 0 THEN "
    + " + ".join(f"coalesce(a.{name}, 0)" for name in INCOME_FIELDS + TRANSFER_FIELDS)
    + "".join(f" - coalesce(a.{name}, 0)" for name in EXPENSE_FIELDS)
    + " END"
)

_AT_SCHOOL_AGE = "m.birth_date <= r.school_born_by AND m.birth_date > r.school_born_after"
_NOT_EXCUSED = " AND ".join(f"y.dropout_reason <> '{code}'" for code in EXCUSED)

# What the criteria ask of the counted members of a household (m member, y the member's year or null, r the rule):
# aggregates over one household. Lists hold member ids in order and are null when nobody is meant.
MEMBER_FACTS = {
    "persons": "count(*)",
    "school_age": f"count(*) FILTER (WHERE {_AT_SCHOOL_AGE})",
    "out_of_school": "array_agg(m.id ORDER BY m.id) FILTER (WHERE "
    f"{_AT_SCHOOL_AGE} AND y.school_status = '{OUT_OF_SCHOOL}' AND {_NOT_EXCUSED})",
    "school_unknown": "array_agg(m.id ORDER BY m.id) FILTER (WHERE "
    f"{_AT_SCHOOL_AGE} AND coalesce(y.school_status, '') = '')",
    "uninsured": "array_agg(m.id ORDER BY m.id) FILTER (WHERE (y.ins_resident OR y.ins_employee) IS NOT TRUE "
    "AND (NOT y.ins_resident OR NOT y.ins_employee))",
    "insurance_unknown": "array_agg(m.id ORDER BY m.id) FILTER (WHERE "
    "y.ins_resident IS NULL AND y.ins_employee IS NULL)",
}

# Columns of the year's record (alias a) that criteria read as i.<column>.
RECORD_FACTS = (
    *WORKSHEET_FIELDS,
    "food",
    "clothing",
    "water_safe",
    *WATER_ITEMS,
    "house_grade",
    "house_security",
    "power_living",
    "broadcast",
)

_FOUR = " AND ".join(f"i.{name}" for name in WATER_ITEMS)

CRITERIA = (
    Criterion(
        "income",
        "人均纯收入超过标准",
        "收入",
        "income",
        # A place without a line cannot be judged; the rounded figure is compared (contract.md section 4).
        f"CASE WHEN i.per_head > i.line_amount THEN '{PASS}' WHEN i.per_head <= i.line_amount THEN '{FAIL}' "
        f"ELSE '{MISSING}' END",
        (),  # net income, persons, line and the figure a head are columns of the verdict
        remedies.income,
    ),
    Criterion("food", "不愁吃", "不愁吃", "guarantees", _answer("food"), ("food",), remedies.food),
    Criterion("clothing", "不愁穿", "不愁穿", "guarantees", _answer("clothing"), ("clothing",), remedies.clothing),
    Criterion(
        "water",
        "饮水安全",
        "饮水",
        "guarantees",
        # Four recorded items decide; one failure is enough (policy.md 3.16); otherwise the yes/no cell decides.
        f"CASE WHEN NOT ({_FOUR}) THEN '{FAIL}' WHEN {_FOUR} THEN '{PASS}' "
        f"WHEN i.water_safe THEN '{PASS}' WHEN NOT i.water_safe THEN '{FAIL}' ELSE '{MISSING}' END",
        ("water_safe", *WATER_ITEMS),
        remedies.water,
    ),
    Criterion(
        "education",
        "义务教育有保障",
        "义务教育",
        "members",
        _worst("out_of_school", "school_unknown"),
        ("school_age", "out_of_school", "school_unknown"),
        remedies.education,
    ),
    Criterion(
        "medical",
        "基本医疗有保障",
        "基本医疗",
        "members",
        _worst("uninsured", "insurance_unknown"),
        ("uninsured", "insurance_unknown"),
        remedies.medical,
    ),
    Criterion(
        "housing",
        "住房安全有保障",
        "住房",
        "guarantees",
        f"CASE WHEN i.house_security <> '' OR i.house_grade IN ('A', 'B') THEN '{PASS}' "
        f"WHEN i.house_grade IN ('C', 'D') THEN '{FAIL}' ELSE '{MISSING}' END",
        ("house_grade", "house_security"),
        remedies.housing,
    ),
    Criterion(
        "power",
        "生活用电有保障",
        "生活用电",
        "guarantees",
        _answer("power_living"),
        ("power_living",),
        remedies.power,
    ),
    Criterion(
        "broadcast",
        "广播电视有保障",
        "广播电视",
        "guarantees",
        _answer("broadcast"),
        ("broadcast",),
        remedies.broadcast,
    ),
)
BY_CODE = {criterion.code: criterion for criterion in CRITERIA}


@dataclass(frozen=True)
class Param:
    """A threshold that ``CriteriaSet.params`` may override: path in the JSON, SQL type, default (SQL literal)."""

    path: str
    kind: str
    default: str

    def sql(self, source: str) -> str:
        return f"coalesce(({source} #>> '{{{self.path}}}')::{self.kind}, {self.default})"


PARAMS = {
    "school_from": Param("school_age,0", "int", "6"),  # years, reached on the school day
    "school_until": Param("school_age,1", "int", "16"),  # years, not yet reached on the school day
    "school_day": Param("school_day", "text", "'09-01'"),  # MM-DD
    "count_day": Param("count_day", "text", "'09-30'"),  # MM-DD; who lives in the household then is counted
    "borderline": Param("borderline", "numeric", "0.10"),  # 踩线: less than this share above the line
}
