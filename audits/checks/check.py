"""What a rule is: data, and one SQL expression.

A rule looks at the facts of a household (alias ``h``), at one of its members beside it (``p``), or at the yearly file
of a village (``v``): households.register.logic.sets says what ``h`` and ``p`` have. What else it asks of other tables
stands in the expression. Parameters are ``%(name)s``; ``year`` is always there. The logic rules of entry are such
rules as they are declared in the register (:func:`of_logic`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from households.register.fields import ANNUAL_FACTS
from households.register.logic import check as _declared  # noqa: F401  its import declares the logic rules
from households.register.logic.rule import RULES, Rule
from povreg.kit.values import BIRTH

HOUSEHOLD, MEMBER, VILLAGE = "household", "member", "village"
ERROR, WARNING, GAP = "E", "W", "G"
GROUPS: Mapping[int, str] = {
    1: "证件号码",
    2: "户主和家庭关系",
    3: "应填未填",
    4: "两不愁三保障",
    5: "致贫原因和风险",
    6: "帮扶措施",
    7: "时间先后",
    8: "年龄、上学、劳动力",
    9: "务工和公益岗位",
    10: "收入和生产生活",
    11: "医保养老",
    12: "联系方式和帮扶人",
    13: "村情",
    14: "低保特困和跨部门",
}
"""dictionary.md section 7."""
PARAMETERS: Mapping[str, str] = {
    "days": "天数",
    "homes": "户数",
    "months": "月数",
    "most": "最多",
    "oldest": "最大年龄",
    "percent": "百分比",
    "times": "倍数",
}
"""What a county may set about rules, in the words that pages say."""

COLLECTIONS: Mapping[str, str] = {
    "policy-2026.md": "2026年政策汇编",
    "policy.md": "政策汇编",
    "dictionary.md": "系统校验规则汇编",
    "document": "文件",
}


Shown = str | tuple[str, str] | tuple[str, str, Callable[[Any], str]]
"""A fact that a doubt keeps: "table.field", or a label with SQL, and what says its codes in words."""


@dataclass(frozen=True)
class Check:
    """A rule. ``text`` says what is wrong, ``advice`` what to do, ``source`` where the rule comes from; ``shows`` are
    the facts a doubt keeps. It holds for the years ``since`` to ``until``; a
    household with an open doubt of a rule that ``blocks`` may not stand on a list. ``unknown`` is SQL that says of a
    row that the rule cannot be judged (with ``x`` and ``b``, a household's verdict of the year and of the year before);
    without it the facts of ``where`` tell (audits.checks.unjudged). ``asks`` are facts that it reads of other rows."""

    id: str
    group: int
    text: str
    severity: str
    where: str
    per: str = HOUSEHOLD
    advice: str = "请入户核对，改正后疑点自动消除。"
    source: str = ""
    shows: tuple[Shown, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    since: int = 0
    until: int = 9999
    blocks: bool = False
    unknown: str = ""
    asks: tuple[str, ...] = ()
    logic: Rule | None = None

    @property
    def group_label(self) -> str:
        return GROUPS[self.group]

    @property
    def basis(self) -> str:
        """Where the rule comes from, as a reader is told: the collections by their names."""
        said = self.source
        for ours, told in COLLECTIONS.items():
            said = said.replace(ours, told)
        return said

    def in_year(self, year: int) -> bool:
        return self.since <= year <= self.until

    def say(self, label: str, value: Any) -> str:
        """A fact it shows by SQL of its own, in words."""
        for each in self.shows:
            if isinstance(each, tuple) and len(each) == 3 and each[0] == label:
                return each[2](value)
        return plain(value)

    @property
    def seen_sql(self) -> str:
        """The facts that a doubt keeps, as a JSON object."""
        parts = [part for each in self.shows for part in _shown(each, self.per)]
        return f"jsonb_strip_nulls(jsonb_build_object({', '.join(parts)}))"


def plain(value: Any) -> str:
    """A fact that is no code."""
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _shown(each: Shown, per: str) -> tuple[str, ...]:
    if isinstance(each, tuple):
        label, sql = each[:2]
        return (f"'{label}'", sql)
    table, _, name = each.partition(".")
    alias = {"member": "p", "village": "v"}.get(table, "h")
    if name == BIRTH:  # the number may be shown masked beside it
        return (f"'{each}'", f"extract(year FROM {alias}.{name})::int") if per == MEMBER else ()
    return (f"'{each}'", f"{alias}.{name}") if alias != "p" or per == MEMBER else ()


CHECKS: dict[str, Check] = {}


def check(
    id: str, group: int, text: str, where: str, *, severity: str = WARNING, per: str = HOUSEHOLD, **more: Any
) -> Check:
    """Declare a rule. Raises ValueError for an id that is taken."""
    if id in CHECKS or id in RULES:
        raise ValueError(f"rule {id!r} is declared twice")
    CHECKS[id] = Check(id, group, text, severity, where, per, **more)
    return CHECKS[id]


MEMBER_COLUMNS = frozenset(
    {
        "relation", "sex", "birth_date", "ethnicity", "education", "school_status", "dropout_reason", "health",
        "labour", "work_place", "work_months", "public_job", "public_job_months", "dibao", "tekun", "ins_resident",
        "ins_employee", "pen_resident", "pen_employee",
    }
)  # fmt: skip
HOUSEHOLD_COLUMNS = frozenset({"main_cause", "other_causes", "cause_note", "risks", "no_labour_backstop"})


def _facts_of(fields: Iterable[str]) -> tuple[str, ...]:
    """Of the facts a logic rule concerns those that are not sealed."""
    kept = {"member": MEMBER_COLUMNS, "household": HOUSEHOLD_COLUMNS, "annual": frozenset(ANNUAL_FACTS)}
    parts = [(name, *name.partition(".")[::2]) for name in fields]
    return tuple(name for name, table, field_name in parts if field_name in kept.get(table, ()))


def of_logic(rule: Rule) -> Check:
    """A logic rule of entry as a rule over sets."""
    return Check(
        id=rule.id,
        group=rule.group,
        text=rule.text,
        severity=rule.severity.value,
        where=rule.sets or rule.suspects,
        per=rule.per,
        advice="请在农户页面改正；情况属实的，在那里确认。",
        source="录入时的逻辑检查",
        shows=_facts_of(rule.fields),
        logic=rule,
    )
