"""What would change a criterion (怎样才能达标): a plain sentence and the place where it is entered.

Works on a stored verdict: its evidence holds figures and ids only, so the caller hands in the members' names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from households.models import Assessment
from households.models.annual import WATER_ITEMS
from households.register.completeness import label_of

CENT = Decimal("0.01")


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

    def people(self, key: str) -> str:
        """The names of the members under a key of the evidence: 张三、李四."""
        return "、".join(self.names.get(pk, "已不在户的成员") for pk in self.evidence.get(key) or [])

    def remedy(self, text: str, section: str, anchor: str) -> list[Remedy]:
        return [Remedy(self.code, text, section, anchor)]


def yuan(amount: Decimal) -> str:
    """1,234.50 without needless zeros: 1,234.5 and 4,000."""
    text = f"{amount.quantize(CENT):,.2f}"
    return text.removesuffix(".00")


def income(case: Case) -> list[Remedy]:
    row, line, per_head = case.assessment, case.line, case.per_head
    if line is None:
        return case.remedy(f"本地没有{row.year}年的标准线：请县扶贫办在“标准”中登记。", "", "")
    if per_head is None:
        return case.remedy(f"{row.year}年收入支出没有记录：现在填写。", "income", "wage_income")
    each = line - per_head + CENT
    return case.remedy(
        f"人均纯收入 {yuan(per_head)} 元，不高于标准 {yuan(line)} 元：还差人均 {yuan(each)} 元"
        f"（全户 {row.persons} 人共 {yuan(each * row.persons)} 元）。请落实增收措施，或核对收入支出各项有无漏记。",
        "income",
        "wage_income",
    )


def _yes_no(case: Case, column: str, label: str, advice: str) -> list[Remedy]:
    if case.result == "missing":
        return case.remedy(f"{label}{case.assessment.year}年没有记录：现在填写。", "guarantees", column)
    return case.remedy(f"{label}记录为“否”：{advice}", "guarantees", column)


def food(case: Case) -> list[Remedy]:
    return _yes_no(case, "food", "不愁吃", "落实主食和蛋白质保障后，重新核实并更新记录。")


def clothing(case: Case) -> list[Remedy]:
    return _yes_no(case, "clothing", "不愁穿", "落实四季换洗衣服和被褥后，重新核实并更新记录。")


def power(case: Case) -> list[Remedy]:
    return _yes_no(case, "power_living", "生活用电", "接通生活用电后更新记录。")


def broadcast(case: Case) -> list[Remedy]:
    return _yes_no(case, "broadcast", "广播电视", "接通广播电视后更新记录。")


def water(case: Case) -> list[Remedy]:
    bad = [name for name in WATER_ITEMS if case.evidence.get(name) is False]
    if not bad:
        return _yes_no(case, "water_safe", "饮水安全", "完成饮水改造并取得水质检测后更新记录。")
    labels = "、".join(label_of(f"annual.{name}").removesuffix("达标") for name in bad)
    return case.remedy(f"饮水的{labels}不达标：四项须全部达标，改造后更新记录。", "guarantees", bad[0])


def education(case: Case) -> list[Remedy]:
    if case.result == "missing":
        return case.remedy(
            f"{case.people('school_unknown')}的在校生状况没有记录：现在填写。", "members", "school_status"
        )
    return case.remedy(
        f"{case.people('out_of_school')}在义务教育年龄但不在校：劝返复学；若因病休学、残疾无法就学、送教上门或已完成义务教育，"
        "请登记未上学原因。",
        "members",
        "dropout_reason",
    )


def medical(case: Case) -> list[Remedy]:
    if case.result == "missing":
        return case.remedy(
            f"{case.people('insurance_unknown')}的医疗保险没有记录：现在填写。", "members", "ins_resident"
        )
    return case.remedy(
        f"{case.people('uninsured')}没有参加居民医保或职工医保：协助参保后更新记录。", "members", "ins_resident"
    )


def housing(case: Case) -> list[Remedy]:
    if case.result == "missing":
        return case.remedy("住房等级和住房保障方式都没有记录：现在填写。", "guarantees", "house_grade")
    grade = case.evidence.get("house_grade", "")
    return case.remedy(
        f"住房 {grade} 级，未改造：登记危房改造、上传新的鉴定表，或登记住房保障方式（公租房、投亲、租赁、养老院等）。",
        "guarantees",
        "house_grade",
    )
