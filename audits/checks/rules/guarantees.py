"""Group 4 of dictionary.md 7: who left poverty, or is out of monitoring, with a guarantee that is not met."""

from collections.abc import Sequence

from audits.checks.check import ERROR, MEMBER, check
from households.eligibility.criteria import BY_CODE

LAST_OF_POVERTY = 2020
CRITERIA = {
    "income": "收入",
    "food": "吃",
    "clothing": "穿",
    "education": "义务教育",
    "medical": "基本医疗",
    "housing": "住房",
    "water": "饮水",
}


def judged(condition: str) -> str:
    """The verdict of the year says so."""
    return (
        "EXISTS (SELECT FROM households_assessment x WHERE x.household_id = h.household_id "
        f"AND x.year = %(year)s AND {condition})"
    )


def criteria_said(codes: Sequence[str]) -> str:
    """住房、饮水: criteria by the names that their chips have."""
    return "、".join(BY_CODE[code].short if code in BY_CODE else code for code in codes)


NO_VERDICT, NO_INCOME = "x.id IS NULL", "x.per_head IS NULL"


def undecided(code: str) -> str:
    """The verdict of the year does not say whether the criterion is met."""
    return f"({NO_VERDICT} OR '{code}' = ANY(x.missing))"


OUT, UNWATCHED, CLEARED = "h.exit_status = '1'", "h.monitor_type = ''", "h.risk_cleared"
for _code, _label in CRITERIA.items():
    _fails, _open = judged(f"'{_code}' = ANY(x.failed)"), undecided(_code)
    check(
        f"out-{_code}", 4, f"已脱贫，{_label}未达标", f"{OUT} AND {_fails}", severity=ERROR, until=LAST_OF_POVERTY,
        source="policy.md 10.1(1)", advice="入户核实；确实未达标的，补上保障，或按程序标注返贫。", blocks=True,
        unknown=f"{OUT} AND {_open}",
    )  # fmt: skip
    check(
        f"unwatched-{_code}", 4, f"脱贫户没有纳入监测，{_label}未达标", f"{OUT} AND {UNWATCHED} AND {_fails}",
        severity=ERROR, since=LAST_OF_POVERTY + 1, source="dictionary.md 7 第4组 1_02_001 至 006",
        advice="入户核实；确实有风险的，登记线索，按程序纳入监测。", unknown=f"{OUT} AND {UNWATCHED} AND {_open}",
    )  # fmt: skip
    check(
        f"cleared-{_code}", 4, f"风险已消除，{_label}又不达标", f"{CLEARED} AND {_fails}", severity=ERROR,
        since=LAST_OF_POVERTY + 1, source="dictionary.md 7 第4组 1_02_008、009，第7组 4_11_010",
        advice="入户核实；风险重新出现的，登记线索。",
        unknown=f"{CLEARED} AND {_open}",
    )  # fmt: skip
check(
    "ill-no-major", 4, "患大病或慢性病，没有参加大病保险",
    "p.health IN ('02', '03') AND p.ins_major IS FALSE", per=MEMBER, shows=("member.health",),
    source="dictionary.md 7 第4组 1_02_003；policy.md 10.1(1)", advice="核对参保情况，帮助参加大病保险。",
)  # fmt: skip
check(
    "verdict-missing", 4, "保障情况没有记录全，评定缺数据",
    "h.exit_status <> '' AND " + judged("x.verdict = 'missing'"), source="policy.md 10.1(3)",
    shows=(("缺少的指标", "(SELECT to_jsonb(x.missing) FROM households_assessment x WHERE "
            "x.household_id = h.household_id AND x.year = %(year)s)", criteria_said),),
    advice="补录缺少的指标，重新评定。", unknown=f"h.exit_status <> '' AND {NO_VERDICT}",
)  # fmt: skip
check(
    "roster-house-differs", 4, "名册说是危房，年度登记的住房等级是 A、B 级",
    "h.declared_dilapidated AND h.house_grade IN ('A', 'B')", shows=("annual.house_grade",),
    source="policy.md 5.11", advice="核对鉴定报告，改正其中一处。",
)  # fmt: skip
check(
    "roster-water-differs", 4, "名册说饮水没有解决，年度登记饮水安全",
    "h.declared_water_safe IS FALSE AND h.water_safe", source="policy.md 5.11", advice="到户看水，改正其中一处。",
)  # fmt: skip
check(
    "roster-income-differs", 10, "名册的人均纯收入与年度登记相差超过 %(percent)s%%",
    "h.declared_income > 0 AND "
    + judged("abs(x.per_head - h.declared_income) > h.declared_income * %(percent)s / 100"),
    params={"percent": 10}, shows=(("名册人均纯收入", "h.declared_income"),), source="dictionary.md 8.5",
    advice="核对两处的收入各项，说明差在哪里。", unknown=f"h.declared_income IS NULL OR {NO_INCOME}",
)  # fmt: skip
check(
    "house-unsafe-no-way", 4, "住房 C、D 级，没有住房保障方式",
    "h.house_grade IN ('C', 'D') AND h.house_security = ''", severity=ERROR, shows=("annual.house_grade",),
    source="policy.md 3 住房", advice="核对实际住在哪里；没有安全住房的，列入改造。",
)  # fmt: skip
check(
    "water-difficult-safe", 4, "饮水困难，却没有饮水安全的结论", "h.water_difficult AND h.water_safe IS NULL",
    source="policy.md 10.1(3)", advice="按水量、水质、取水方便、保证率四项核实。",
)  # fmt: skip
