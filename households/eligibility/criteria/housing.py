"""住房安全有保障: a sound house, or housing secured in another way."""

from collections.abc import Mapping
from typing import Any

from households.eligibility.criterion import FAIL, MISSING, NO_RECORD, Case, Criterion, Remedy, decided
from households.models.codes import SOUND_HOUSE, UNSAFE_HOUSE
from households.register.completeness import Item, item
from households.register.terms import AllOf, Among, AnyOf, Filled, HasFile, Not
from villages.codes import selectors as codes

GRADE, SECURITY = "annual.house_grade", "annual.house_security"
PICTURES = ("01", "02")  # attachment_kind: photographs of the house, the report on its safety


def value(case: Case) -> str:
    grade, security = case.evidence.get("house_grade", ""), case.evidence.get("house_security", "")
    parts = [f"住房等级 {grade} 级"] if grade else []
    parts += [f"住房保障方式：{codes.label('house_security', security)}"] if security else []
    return "；".join(parts) or NO_RECORD


def failing(evidence: Mapping[str, Any]) -> str:
    grade = evidence.get("house_grade", "")
    return f"住房 {grade} 级" if grade else ""


def chip(case: Case) -> str:
    return f"住房 {case.evidence.get('house_grade', '')}级" if case.result == FAIL else CRITERION.short


def remedy(case: Case) -> list[Remedy]:
    if case.result == MISSING:
        return case.remedy("住房等级和住房保障方式都没有记录：现在填写。", "guarantees", "house_grade")
    grade = case.evidence.get("house_grade", "")
    return case.remedy(
        f"住房 {grade} 级，未改造：登记危房改造、上传新的鉴定表，或登记住房保障方式（公租房、投亲、租赁、养老院等）。",
        "guarantees",
        "house_grade",
    )


CRITERION = Criterion(
    order=70,
    code="housing",
    label="住房安全有保障",
    short="住房",
    section="guarantees",
    result=decided(
        fails=AllOf((Among(GRADE, UNSAFE_HOUSE), Not(Filled(SECURITY)))),
        unknown=Not(AnyOf((Among(GRADE, SOUND_HOUSE), Filled(SECURITY)))),
    ),
    record=("house_grade", "house_security"),
    asks=(
        item("guarantees", GRADE, done=AnyOf((Filled(GRADE), Filled(SECURITY))), label="住房等级或保障方式"),
        Item("files", "files.house", "住房照片或安全鉴定表", HasFile(PICTURES), Among(GRADE, UNSAFE_HOUSE)),
    ),
    value=value,
    chip=chip,
    failing=failing,
    remedy=remedy,
)
