"""What must be recorded for a rule to say anything: facts and lists, read off its own expression.

A rule that finds nothing has either looked and found it well, or had nothing to look at. The second is never shown as
the first: a run counts whom a rule could not judge, and which lists nobody has recorded there yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.db import connection

from audits.checks.catalogue import catalogue, is_gap
from audits.checks.check import VILLAGE, Check
from households.models import Household, Member, MemberYear
from households.register.completeness import label_of
from households.register.fields import ANNUAL_FACTS, YEAR_FACTS, verbose
from villages.models import VillageYear

COLUMN = re.compile(r"\b([hpqv])\.([a-z][a-z_0-9]*)")
MADE_OF = {
    "able": "member.labour", "partly_able": "member.labour", "labour_unknown": "member.labour",
    "ill": "member.health", "health_unknown": "member.health", "disabled": "member.health", "healths": "member.health",
    "students": "member.school_status", "school_unknown": "member.school_status", "in_school": "member.school_status",
    "school_before": "member.school_status", "school_two_before": "member.school_status",
    "workers": "member.work_months", "worked_months": "member.work_months",
    "public_jobs": "member.public_job", "has_job": "member.public_job",
    "dibao_people": "member.dibao", "tekun_people": "member.tekun", "heads": "member.relation",
    "spouses": "member.relation", "spouse_id": "member.relation", "head_sex": "member.sex",
    "head_birth": "member.birth_date", "age": "member.birth_date", "school_age": "member.birth_date",
    "has_id": "member.id_no", "id_valid": "member.id_no", "id_area": "member.id_no", "id_hash": "member.id_no",
    "by_id": "member.id_type", "has_cert": "member.disability_cert", "causes": "household.main_cause",
    "phone_hash": "household.phone", "bank_hash": "household.bank_account",
}  # fmt: skip
"""The fact that a derived column of the gathered facts is made of."""
OF_THE_WHOLE = {"recorded": "年度登记", "people": "家庭成员"}
SHORT = 4


@dataclass(frozen=True)
class ListNeed:
    """A list without which a rule is silent: its rules name ``table``, in words where ``also`` stands."""

    code: str
    label: str
    table: str
    also: str = ""
    where: str = "true"

    @property
    def there(self) -> str:
        inside = "t.village_id >= %(low)s AND t.village_id < %(high)s"
        return f"EXISTS (SELECT FROM {self.table} t WHERE {inside} AND {self.where})"


LISTS = (
    ListNeed("assessments", "当年的评定", "households_assessment", where="t.year = %(year)s"),
    ListNeed("civil", "民政低保名单", "households_spell", "axis = 'civil'", "t.axis = 'civil'"),
    ListNeed("department", "部门的低保名单", "households_departmentrow", where="t.klass_id = 'dibao'"),
    ListNeed("measures", "帮扶措施登记", "assistance_measure"),
    ListNeed("pairings", "结对登记", "assistance_pairing"),
    ListNeed("visits", "走访记录", "assistance_visit"),
    ListNeed("payments", "资金拨付登记", "assistance_disbursement"),
    ListNeed("links", "带贫主体带动登记", "assistance_partnerlink"),
    ListNeed("work", "务工登记", "assistance_workspell"),
    ListNeed("attendance", "公益岗位考勤", "assistance_postmonth"),
    ListNeed("tests", "收入测算", "households_incometest"),
    ListNeed("leads", "线索登记", "households_lead"),
    ListNeed("events", "户的变动登记", "households_registerevent"),
    ListNeed("village-files", "村情台账", "villages_villageyear", where="t.year = %(year)s"),
    ListNeed("profiles", "村基本情况", "villages_villageprofile"),
)
LABELS = {each.code: each.label for each in LISTS}


@dataclass(frozen=True)
class Needs:
    """Labels of the facts a rule looks at, and the lists."""

    facts: tuple[str, ...]
    lists: tuple[ListNeed, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.facts, *(each.label for each in self.lists))

    @property
    def words(self) -> str:
        return "、".join(self.all)

    @property
    def short(self) -> str:
        """As much as a line of a table takes; a list comes first, since it is there or not for everybody."""
        first = (*(each.label for each in self.lists), *self.facts)
        return "、".join(first[:SHORT]) + (f"等 {len(first)} 项" if len(first) > SHORT else "")


def needs_of(check: Check) -> Needs:
    """What a rule needs. An entry still to be made needs nothing else."""
    return _needs(check.id)


@cache
def _needs(code: str) -> Needs:
    check = catalogue()[code]
    if is_gap(check):
        return Needs((), ())
    named = list(_columns(check.where)) or list(check.logic.fields if check.logic else ())
    named += check.asks
    labels = (_label(name) for name in named)
    return Needs(tuple(dict.fromkeys(filter(None, labels))), tuple(_lists(check)))


def _columns(where: str) -> Iterator[str]:
    for alias, name in COLUMN.findall(where):
        yield MADE_OF.get(name) or f"{'village' if alias == 'v' else _table_of(name)}.{name}"


def _table_of(name: str) -> str:
    """Which table a column of the gathered facts comes from."""
    if name in ANNUAL_FACTS:
        return "annual"
    own = {field.name for field in Household._meta.concrete_fields}
    return "household" if name in own and name not in YEAR_FACTS else "member"


def _label(name: str) -> str:
    """The label of a fact; empty for what is none (keys of rows)."""
    table, _, field_name = name.partition(".")
    if field_name in OF_THE_WHOLE:
        return OF_THE_WHOLE[field_name]
    if field_name.endswith("_id") or field_name in ("person_no", "year", "during"):
        return ""
    models = {"village": (VillageYear,), "member": (MemberYear, Member)}.get(table)
    if models is None:
        return label_of(name)
    known = (model for model in models if field_name in {field.name for field in model._meta.concrete_fields})
    found = next(known, None)
    return verbose(found, field_name) if found else ""


def _lists(check: Check) -> Iterator[ListNeed]:
    for each in LISTS:
        named = each.table in check.where and each.also in check.where
        if named or (each.code == "village-files" and check.per == VILLAGE):
            yield each


def lacking(low: str, high: str, year: int) -> list[str]:
    """The lists of which nothing is recorded in a range of places."""
    columns = ", ".join(each.there for each in LISTS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", {"low": low, "high": high, "year": year})
        there = cursor.fetchone()
    return [each.code for each, found in zip(LISTS, there, strict=True) if not found]
