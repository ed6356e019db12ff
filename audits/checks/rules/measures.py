"""Group 6 of dictionary.md 7: measures against risks, causes, people and the ledger, both ways; and visits (group 12).

A measure stands for its household: a rule says at most once of a household that it is broken. What a measure answers
is what the catalogue says its entry answers.
"""

# ruff: noqa: S608 - the text is put together from declarations only

from collections.abc import Sequence

from assistance.policies.conditions import VOCATIONAL
from audits.checks.check import MEMBER, check
from audits.checks.rules.standing import MONITORED, SINCE
from households.models import Household
from households.models.codes import REGISTERED_POOR
from households.register.logic.rule import listed
from povreg.kit.values import shown

LEDGER_SINCE = 2026
"""The first year whose money is in the ledger."""
OF_LEDGER = "('central', 'province', 'city', 'county', 'trade', 'social', 'cooperation')"
IN_YEAR = "g.delivered_on BETWEEN make_date(%(year)s, 1, 1) AND make_date(%(year)s, 12, 31)"
SINCE_RISK = "(h.risk_identified_on IS NULL OR g.delivered_on >= h.risk_identified_on)"
LONG_IN = "h.risk_identified_on < register_today() - %(days)s"
ABLE = "h.partly_able > 0"
NO_RISK = f"{MONITORED} AND cardinality(h.risks) = 0"
"""Which risk is not recorded: nothing can be held against it."""


def risks_said(codes: Sequence[str]) -> str:
    """因病、因灾: kinds of risk by their names."""
    return shown(Household._meta.get_field("risks"), list(codes))


def given(where: str, owner: str = "h.household_id") -> str:
    """The household was given a measure that fits, of the catalogue's entry ``c``."""
    return (
        "EXISTS (SELECT FROM assistance_measure g JOIN assistance_catalogueitem c ON c.id = g.item_id "
        f"WHERE g.household_id = {owner} AND g.withdrawn_on IS NULL AND {where})"
    )


def given_in_year(code: str) -> str:
    """The household was given an entry of the catalogue in the year."""
    return given(f"{IN_YEAR} AND c.code = '{code}'")


def ever_given(code: str) -> str:
    return given(f"c.code = '{code}'")


DIBAO, TEKUN, SUBSIDY, RAIN, LABOUR_EXPORT = "410101", "410102", "410302", "310203", "120101"
ANY_SINCE = given(SINCE_RISK)
UNANSWERED = "SELECT r.code FROM unnest(h.risks) r(code) WHERE NOT " + given(
    f"{SINCE_RISK} AND (r.code = ANY(g.risks) OR r.code = ANY(c.risks))"
)
check(
    "risk-unanswered", 6, "有风险没有对应的措施，已满 %(days)s 天",
    f"{MONITORED} AND {LONG_IN} AND EXISTS ({UNANSWERED})",
    since=SINCE, params={"days": 30},
    shows=(("没有措施的风险", f"(SELECT to_jsonb(array({UNANSWERED})))", risks_said),),
    source="dictionary.md 7 第6组 5_18、1_11_010", advice="针对每一项风险落实措施；已经落实的，登记到户。",
    unknown=NO_RISK,
)  # fmt: skip
check(
    "measure-no-risk", 6, "有的措施不针对本户任何一项风险",
    f"{MONITORED} AND cardinality(h.risks) > 0 AND "
    + given(f"{SINCE_RISK} AND cardinality(c.risks) > 0 AND NOT c.risks && h.risks AND NOT g.risks && h.risks"),
    since=SINCE, shows=("household.risks",), source="dictionary.md 7 第6组 5_18",
    advice="核对是措施登错了，还是风险没有登记全；风险变了的，先改风险。", unknown=NO_RISK,
)  # fmt: skip
POOR = f"h.exit_status IN ({listed(REGISTERED_POOR)})"
DEVELOPING = given(f"{SINCE_RISK} AND c.nature = 'developing'")
MORE_THAN_SECURITY = given(f"{SINCE_RISK} AND c.batch <> 'backstop'")
check(
    "cause-unanswered", 6, "措施没有一项针对主要致贫原因",
    f"{POOR} AND h.main_cause NOT IN ('', '99') AND {given('true')} AND NOT {given('h.main_cause = ANY(c.causes)')}",
    shows=("household.main_cause",), until=SINCE - 1, source="policy.md 8.5 六个精准",
    advice="按致贫原因补上措施，或核对致贫原因。", unknown=f"{POOR} AND h.main_cause = ''",
)  # fmt: skip
check(
    "measure-no-cause", 6, "有的措施不针对本户任何一项致贫原因",
    f"{POOR} AND cardinality(h.causes) > 0 AND " + given("cardinality(c.causes) > 0 AND NOT c.causes && h.causes"),
    shows=("household.main_cause", "household.other_causes"), until=SINCE - 1, source="policy.md 8.5 六个精准",
    advice="核对措施或致贫原因；两样都对的，确认情况属实。", unknown=f"{POOR} AND cardinality(h.causes) = 0",
)  # fmt: skip
check(
    "no-developing", 6, "有劳动力，纳入满 %(days)s 天没有开发式措施",
    f"{MONITORED} AND {ABLE} AND {LONG_IN} AND NOT {DEVELOPING}",
    since=SINCE, params={"days": 180}, source="dictionary.md 7 第6组 5_12_007",
    advice="有劳动力（含弱劳力、半劳力）的户，至少落实一项开发式措施。",
)  # fmt: skip
check(
    "only-security", 6, "有劳动力，只有综合保障类措施",
    f"{MONITORED} AND {ABLE} AND {ANY_SINCE} AND NOT {MORE_THAN_SECURITY}",
    since=SINCE, source="dictionary.md 7 第6组 5_11_032", advice="不能只靠兜底，补上产业、就业等措施。",
)  # fmt: skip
check(
    "dibao-measure-status", 6, "登记了农村低保措施，家里没有人享受低保",
    f"h.dibao_people = 0 AND h.people > 0 AND {given_in_year(DIBAO)}",
    source="dictionary.md 7 第6组 5_16_003", advice="核对民政名单，改正成员的低保，或撤回这项措施。",
)  # fmt: skip
check(
    "dibao-status-measure", 6, "监测对象有人享受低保，没有登记低保措施",
    f"{MONITORED} AND h.dibao_people > 0 AND NOT {ever_given(DIBAO)}", since=SINCE,
    source="dictionary.md 7 第6组 5_16_004", advice="登记低保措施；已经停发的，改正成员的低保。",
)  # fmt: skip
check(
    "tekun-measure-status", 6, "登记了特困供养措施，家里没有特困供养人员",
    f"h.tekun_people = 0 AND h.people > 0 AND {given_in_year(TEKUN)}",
    source="dictionary.md 7 第6组 5_16_005", advice="核对民政名单，改正成员的特困，或撤回这项措施。",
)  # fmt: skip
check(
    "tekun-status-measure", 6, "监测对象有特困供养人员，没有登记特困供养措施",
    f"{MONITORED} AND h.tekun_people > 0 AND NOT {ever_given(TEKUN)}", since=SINCE,
    source="dictionary.md 7 第6组 5_16_006", advice="登记特困供养措施；已经停止的，改正成员的特困。",
)  # fmt: skip
check(
    "subsidy-not-disabled", 6, "登记了残疾人两项补贴，家里没有残疾人",
    f"h.disabled = 0 AND h.people > 0 AND h.health_unknown = 0 AND {given_in_year(SUBSIDY)}",
    source="dictionary.md 7 第6组 5_16_007", advice="补填残疾证号，或撤回这项措施。",
)  # fmt: skip
RAINED = given(f"{IN_YEAR} AND g.member_id = p.member_id AND c.code = '{RAIN}'", "p.household_id")
RAINED_LATELY = given(
    f"g.delivered_on > register_today() - 365 AND g.member_id = p.member_id AND c.code = '{RAIN}'", "p.household_id"
)
check(
    "rain-not-student", 6, "登记了雨露计划补助，不是中职、高职在校生",
    f"p.school_status NOT IN ('', {listed(VOCATIONAL)}) AND {RAINED}", per=MEMBER, shows=("member.school_status",),
    source="dictionary.md 7 第6组 1111_2", advice="核对在校生状况；已经毕业的，看补助是不是发到上学的那一期。",
)  # fmt: skip
check(
    "student-no-rain", 6, "中职、高职在校生，近一年没有雨露计划补助",
    f"p.school_status IN ({listed(VOCATIONAL)}) AND NOT {RAINED_LATELY} "
    "AND (h.exit_status <> '' OR h.monitor_type <> '')",
    per=MEMBER, since=SINCE, shows=("member.school_status",), source="dictionary.md 7 第6组 1111_2",
    advice="春秋两学期各发一次；符合条件没有领的，帮助申请。",
)  # fmt: skip
AWAY = (
    "EXISTS (SELECT FROM facts_people p WHERE p.household_id = h.household_id AND p.work_place IN ('03', '04')) OR "
    "EXISTS (SELECT FROM assistance_workspell w WHERE w.household_id = h.household_id AND w.\"where\" IN ('03', '04') "
    "AND (w.until IS NULL OR w.until >= make_date(%(year)s, 1, 1)))"
)
check(
    "work-nobody-away", 6, "登记了县外务工措施，没有人在县外务工",
    f"{given_in_year(LABOUR_EXPORT)} AND NOT ({AWAY})", source="dictionary.md 7 第6组 5_17_011 至 013",
    advice="核对务工地点，或撤回这项措施。",
)  # fmt: skip
check(
    "measure-unpaid", 6, "有的措施写了财政、行业或社会资金，没有拨付记录",
    given(f"{IN_YEAR} AND g.amount > 0 AND g.payment_id IS NULL AND g.source IN {OF_LEDGER}"),
    since=LEDGER_SINCE, source="policy.md 9.1", advice="选上是哪一笔拨付；没有拨付的，核对钱是不是到了户。",
)  # fmt: skip
PAID = (
    "SELECT FROM assistance_disbursement d WHERE d.household_id = h.household_id AND d.reverses_id IS NULL "
    "AND d.paid_on BETWEEN make_date(%(year)s, 1, 1) AND make_date(%(year)s, 12, 31)"
)
NAMED = "SELECT FROM assistance_measure g WHERE g.payment_id = d.id AND g.withdrawn_on IS NULL"
check(
    "payment-no-measure", 6, "资金发到户满 %(days)s 天，没有登记成措施",
    f"EXISTS ({PAID} AND NOT d.is_reversed AND d.paid_on < register_today() - %(days)s AND NOT EXISTS ({NAMED}))",
    since=LEDGER_SINCE, params={"days": 30}, source="policy.md 9.1", advice="在“资金拨付”里从这一笔登记措施。",
)  # fmt: skip
check(
    "measure-payment-reversed", 6, "有的措施依据的拨付已经冲正",
    f"EXISTS ({PAID} AND d.is_reversed AND EXISTS ({NAMED}))",
    since=LEDGER_SINCE, source="policy.md 9.1", advice="重新拨付的，改选新的一笔；不再发的，撤回措施。",
)  # fmt: skip
SEEN = (
    "EXISTS (SELECT FROM assistance_visit w WHERE w.household_id = h.household_id AND w.withdrawn_on IS NULL "
    "AND w.visited_on > register_today() - %(days)s)"
)
check(
    "not-visited", 12, "%(days)s 天没有人走访", f"h.exit_status <> '' AND NOT {SEEN}", since=LEDGER_SINCE,
    params={"days": 365}, source="dictionary.md 7 第12组；policy-2026.md 11", advice="尽快上门走访，记下看到的情况。",
)  # fmt: skip
check(
    "monitored-not-visited", 12, "监测对象 %(days)s 天没有人走访", f"{MONITORED} AND {LONG_IN} AND NOT {SEEN}",
    since=LEDGER_SINCE, params={"days": 62}, source="policy-2026.md 11 每月走访", advice="监测对象每月至少走访一次。",
)  # fmt: skip
