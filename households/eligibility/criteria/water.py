"""饮水安全: four recorded items decide, one failure is enough (policy.md 3.16); otherwise the yes/no cell decides."""

from households.eligibility.answered import answer_remedy
from households.eligibility.criterion import NO_RECORD, Case, Criterion, Remedy, decided, yes_no
from households.models.annual import WATER_ITEMS
from households.register.completeness import item, label_of
from households.register.terms import AllOf, AnyOf, Filled, Is, Not

ITEMS = tuple(f"annual.{name}" for name in WATER_ITEMS)
SAFE = "annual.water_safe"
ALL_MET = AllOf(tuple(Is(name, True) for name in ITEMS))
ONE_FAILS = AnyOf(tuple(Is(name, False) for name in ITEMS))
COLUMNS = ("water_safe", *WATER_ITEMS)


def value(case: Case) -> str:
    recorded = [name for name in COLUMNS if name in case.evidence]
    return "；".join(f"{label_of(f'annual.{name}')}：{yes_no(case.evidence[name])}" for name in recorded) or NO_RECORD


def remedy(case: Case) -> list[Remedy]:
    bad = [name for name in WATER_ITEMS if case.evidence.get(name) is False]
    if not bad:
        return answer_remedy(case, "water_safe", "饮水安全", "完成饮水改造并取得水质检测后更新记录。")
    labels = "、".join(label_of(f"annual.{name}").removesuffix("达标") for name in bad)
    return case.remedy(f"饮水的{labels}不达标：四项须全部达标，改造后更新记录。", "guarantees", bad[0])


CRITERION = Criterion(
    order=40,
    code="water",
    label="饮水安全",
    short="饮水",
    section="guarantees",
    result=decided(
        fails=AnyOf((ONE_FAILS, AllOf((Is(SAFE, False), Not(ALL_MET))))),
        unknown=Not(AnyOf((ALL_MET, Is(SAFE, True)))),
    ),
    record=COLUMNS,
    asks=(item("guarantees", SAFE, done=AnyOf((Filled(SAFE), AllOf(tuple(Filled(name) for name in ITEMS))))),),
    value=value,
    remedy=remedy,
)
