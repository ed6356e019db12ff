"""Groups 5, 6 and 7 of dictionary.md 7: classes, risks, and the order of days."""

# ruff: noqa: S608 - the text is put together from declarations only

from audits.checks.check import ERROR, check
from households.eligibility.clearing.conditions import delivered_sql

SINCE = 2021
MONITORED = "h.monitor_type <> '' AND h.risk_cleared IS NOT TRUE"
PERSONS_KNOWN = "h.people > 0"


def without_measure() -> str:
    """Nothing was delivered since the household was included."""
    since = "SELECT h.household_id, h.risk_identified_on AS since, h.risks, h.monitor_type, h.village_id"
    return f"(SELECT {delivered_sql()} FROM ({since}) e) = 0"


check(
    "risk-none", 5, "监测对象没有登记风险", f"{MONITORED} AND cardinality(h.risks) = 0", severity=ERROR, since=SINCE,
    source="dictionary.md 7 第5组 1_11_001", advice="按入户核实的情况登记风险类型。", blocks=True,
)  # fmt: skip
check(
    "risk-illness", 5, "风险含因病，全家没有患病的",
    f"'01' = ANY(h.risks) AND {PERSONS_KNOWN} AND h.health_unknown = 0 AND h.ill = 0", since=SINCE,
    shows=("household.risks",), source="dictionary.md 7 第5组", advice="核对风险类型或成员的健康状况。",
)  # fmt: skip
check(
    "risk-disability", 5, "风险含因残，没有残疾的成员",
    f"'02' = ANY(h.risks) AND {PERSONS_KNOWN} AND h.health_unknown = 0 AND h.disabled = 0", since=SINCE,
    shows=("household.risks",), source="dictionary.md 7 第5组 2_11_001", advice="核对风险类型，或补填残疾证号。",
)  # fmt: skip
check(
    "risk-school", 5, "风险含因学，没有在校的成员",
    f"'03' = ANY(h.risks) AND {PERSONS_KNOWN} AND h.school_unknown = 0 AND h.students = 0", since=SINCE,
    shows=("household.risks",), source="dictionary.md 7 第5组", advice="核对风险类型或在校生状况。",
)  # fmt: skip
check(
    "risk-house", 5, "风险含住房，住房等级是 A、B 级",
    "'04' = ANY(h.risks) AND h.house_grade IN ('A', 'B')", since=SINCE, shows=("annual.house_grade",),
    source="dictionary.md 7 第6组", advice="核对住房鉴定；风险已经解决的，按程序消除。",
)  # fmt: skip
check(
    "risk-water", 5, "风险含饮水，年度登记饮水安全", "'05' = ANY(h.risks) AND h.water_safe", since=SINCE,
    source="dictionary.md 7 第6组", advice="到户看水；风险已经解决的，按程序消除。",
)  # fmt: skip
check(
    "risk-labour", 5, "风险含缺劳动力，完全劳动力超过四分之一",
    "'06' = ANY(h.risks) AND h.able * 4 > h.people", since=SINCE, shows=(("劳动力", "h.able"), ("人数", "h.people")),
    source="dictionary.md 7 第5组 5_18_008", advice="核对风险类型或成员的劳动技能。",
)  # fmt: skip
check(
    "causes-many", 5, "致贫原因超过 %(most)s 个", "cardinality(h.causes) > %(most)s", params={"most": 3},
    shows=("household.other_causes",), source="policy.md 5.3", advice="保留最主要的原因。",
)  # fmt: skip
check(
    "edge-was-poor", 7, "边缘易致贫户同时是脱贫户", "h.monitor_type = '2' AND h.exit_status = '1'", severity=ERROR,
    since=SINCE, source="policy-2026.md 3", advice="脱贫户应认定为脱贫不稳定户，请按程序更正。", blocks=True,
)  # fmt: skip
check(
    "unstable-not-out", 7, "脱贫不稳定户不是脱贫户", "h.monitor_type = '1' AND h.exit_status NOT IN ('1', '')",
    severity=ERROR, since=SINCE, source="policy-2026.md 3", advice="核对脱贫属性和监测对象类型。",
)  # fmt: skip
check(
    "cleared-soon", 7, "纳入不满 %(months)s 个月就消除风险",
    "h.risk_cleared AND h.risk_cleared_on < h.risk_identified_on + make_interval(months => %(months)s)",
    severity=ERROR, since=SINCE, params={"months": 6},
    shows=("household.risk_identified_on", "household.risk_cleared_on"), source="dictionary.md 7 第7组；policy.md 6.13",
    advice="收入要稳定半年以上才能消除，请核对。",
)  # fmt: skip
check(
    "cleared-at-once", 7, "纳入当月或次月就消除风险",
    "h.risk_cleared AND date_trunc('month', h.risk_cleared_on) <= "
    "date_trunc('month', h.risk_identified_on) + interval '1 month'", severity=ERROR, since=SINCE,
    shows=("household.risk_identified_on", "household.risk_cleared_on"), source="dictionary.md 7 第7组 5_18_009",
    advice="核对两个日期；不符合消除条件的，按程序更正。",
)  # fmt: skip
check(
    "cleared-no-way", 7, "风险已消除，没有消除方式", "h.risk_cleared AND h.risk_clear_way = ''", since=SINCE,
    source="dictionary.md 7 第7组 1_11_004", advice="补填消除方式。",
)  # fmt: skip
check(
    "cleared-no-measure", 6, "登记为帮扶消除，没有已到户的措施或凭据",
    f"h.risk_cleared AND h.risk_clear_way = '1' AND {without_measure()}", since=SINCE,
    source="dictionary.md 7 第6组 1_11_009", advice="登记已落实的措施，或上传凭据。",
)  # fmt: skip
check(
    "no-measure-month", 6, "纳入监测满 %(days)s 天，没有已到户的措施",
    f"{MONITORED} AND h.risk_identified_on < register_today() - %(days)s AND {without_measure()}", since=SINCE,
    params={"days": 30}, shows=("household.risk_identified_on",), source="dictionary.md 7 第6组 1_11_010",
    advice="针对风险落实措施并登记。",
)  # fmt: skip
check(
    "cleared-no-labour", 7, "整户没有劳动能力，标注了风险消除",
    "h.risk_cleared AND h.people > 0 AND h.labour_unknown = 0 AND h.partly_able = 0", since=SINCE,
    source="policy.md 6.15", advice="兜底保障后暂不标注消除，继续跟踪。",
)  # fmt: skip
check(
    "monitored-long", 7, "监测满 %(months)s 个月还没有消除风险",
    f"{MONITORED} AND h.risk_identified_on < register_today() - make_interval(months => %(months)s)", since=SINCE,
    params={"months": 36}, shows=("household.risk_identified_on",), source="policy.md 6.13",
    advice="核对帮扶是否对症；符合条件的，按程序消除。",
)  # fmt: skip
check(
    "monitored-untested", 7, "监测对象没有测算过收入",
    f"{MONITORED} AND NOT EXISTS (SELECT FROM households_incometest i WHERE i.household_id = h.household_id)",
    since=SINCE, source="policy-2026.md 4", advice="按近十二个月的收支测算收入。",
)  # fmt: skip
check(
    "identified-early", 7, "首次识别时间早于 2013 年", "h.identified_on < DATE '2013-01-01'", severity=ERROR,
    shows=("household.identified_on",), source="policy.md 1", advice="建档立卡从 2013 年底开始，请核对。",
)  # fmt: skip
check(
    "exit-same-year", 7, "当年识别、当年脱贫", "h.exit_year = extract(year FROM h.identified_on)", severity=ERROR,
    shows=("household.identified_on", "household.exit_year"), source="dictionary.md 7 第7组 GZP",
    advice="当年识别的当年不得脱贫，请核对两个时间。",
)  # fmt: skip
check(
    "exit-first", 7, "脱贫年度早于识别年度", "h.exit_year < extract(year FROM h.identified_on)", severity=ERROR,
    shows=("household.identified_on", "household.exit_year"), source="dictionary.md 7 第7组",
    advice="核对识别时间和脱贫年度。",
)  # fmt: skip
check(
    "person-before-household", 7, "人员识别时间早于户的首次识别时间",
    "p.identified_on < h.identified_on", per="member", shows=("household.identified_on",),
    source="dictionary.md 7 第7组", advice="核对人员识别时间。",
)  # fmt: skip
check(
    "lead-late", 7, "线索登记满 %(days)s 天没有办结",
    "EXISTS (SELECT FROM households_lead l WHERE l.household_id = h.household_id AND l.state <> 'decided' "
    "AND l.found_on < register_today() - %(days)s)", since=SINCE, params={"days": 15},
    source="policy.md 6.9", advice="从线索到认定一般不超过 15 天，请尽快核实办结。",
)  # fmt: skip
check(
    "record-missing", 3, "没有这一年的年度登记", "NOT h.recorded", source="policy.md 10.1(3)",
    advice="入户调查，补录年度登记。",
)  # fmt: skip
