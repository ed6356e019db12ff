"""Loans that did not serve the household (the three patterns of document 003), posts without attendance, 低保 against
the lines (groups 6, 9 and 14 of dictionary.md 7)."""

# ruff: noqa: S608 - the text is put together from declarations only

from audits.checks.check import ERROR, check
from audits.checks.rules.guarantees import NO_INCOME, judged, undecided
from audits.checks.rules.standing import SINCE
from villages.standards.sql import line_in_force

OPEN_LOAN = (
    "SELECT FROM assistance_measure g JOIN assistance_catalogueitem c ON c.id = g.item_id WHERE c.kind = 'loan' "
    "AND g.withdrawn_on IS NULL AND g.settled_on IS NULL AND g.household_id = {home}"
)
LOAN = OPEN_LOAN.format(home="h.household_id")
DIVIDEND = (
    "SELECT FROM assistance_partnerlink k WHERE k.household_id = h.household_id AND k.form = 'dividend' "
    "AND k.until IS NULL AND abs(k.since - g.delivered_on) <= %(days)s"
)
check(
    "loan-interest-only", 6, "借了小额信贷，自己没有经营，只从企业分红（只给利息）",
    f"EXISTS ({LOAN} AND EXISTS ({DIVIDEND})) AND h.recorded AND coalesce(h.business_income, 0) = 0",
    severity=ERROR, params={"days": 90}, source="document 003：只给利息；policy.md 8.7 不得入股分红",
    advice="核对贷款给谁用了；转给企业用的，收回整改，并登记“发现的问题”。",
)  # fmt: skip
POOLED = (
    "SELECT FROM assistance_partnerlink k WHERE k.household_id = h.household_id AND k.form = 'dividend' "
    "AND k.until IS NULL AND (SELECT count(DISTINCT o.household_id) FROM assistance_partnerlink o WHERE "
    f"o.partner_id = k.partner_id AND o.form = 'dividend' AND o.until IS NULL AND EXISTS ("
    f"{OPEN_LOAN.format(home='o.household_id')} AND abs(o.since - g.delivered_on) <= %(days)s)) >= %(homes)s"
)
check(
    "loan-pooled", 6, "%(homes)s 户以上的小额信贷集中到同一个主体（垒大户）",
    f"EXISTS ({LOAN} AND EXISTS ({DIVIDEND})) AND EXISTS ({POOLED})", severity=ERROR,
    params={"days": 90, "homes": 3}, source="document 003：垒大户；policy.md 8.7 不得转贷",
    advice="贷款由谁用、谁还，逐户核实；集中使用的收回整改。",
)  # fmt: skip
check(
    "loan-not-reached", 6, "小额信贷发放满 %(months)s 个月，本户没有生产经营收支（未到户）",
    f"EXISTS ({LOAN} AND g.delivered_on < register_today() - make_interval(months => %(months)s)) AND h.recorded "
    "AND coalesce(h.business_income, 0) = 0 AND coalesce(h.business_expense, 0) = 0",
    params={"months": 12}, source="document 003：未到户", advice="核对贷款是不是到了本户、用在什么上。",
)  # fmt: skip
check(
    "loan-overdue", 6, "小额信贷逾期没有还清", f"EXISTS ({LOAN} AND g.ends_on < register_today())",
    source="policy-2026.md 11", advice="了解原因，催收或按约定代偿；确有困难的，登记线索。",
)  # fmt: skip
check(
    "post-unattended", 9, "在公益性岗位 %(days)s 天没有考勤",
    "EXISTS (SELECT FROM assistance_measure g JOIN assistance_catalogueitem c ON c.id = g.item_id WHERE "
    "c.kind = 'post' AND g.withdrawn_on IS NULL AND g.household_id = h.household_id "
    "AND coalesce(g.settled_on, g.ends_on) >= register_today() AND g.delivered_on < register_today() - %(days)s "
    "AND NOT EXISTS (SELECT FROM assistance_postmonth m WHERE m.post_id = g.id "
    "AND m.month > register_today() - %(days)s))",
    since=2026, params={"days": 92}, source="policy-2026.md 11", advice="在岗的按月登记考勤，离岗的登记离岗。",
)  # fmt: skip
DIBAO_LINE = line_in_force("'dibao'", "h.village_id")
PER_HEAD = (
    "(SELECT x.per_head FROM households_assessment x WHERE x.household_id = h.household_id AND x.year = %(year)s)"
)
WITHOUT = "h.exit_status <> '' AND h.dibao_people = 0 AND h.tekun_people = 0 AND h.people > 0"
check(
    "below-dibao-line", 14, "人均纯收入低于低保标准，没有人享受低保、特困",
    f"{WITHOUT} AND {PER_HEAD} < (SELECT d.amount FROM {DIBAO_LINE} d)", since=SINCE, source="document 001 两线合一",
    advice="帮助申请低保；不符合的写明原因。", unknown=f"{WITHOUT} AND {NO_INCOME}",
)  # fmt: skip
check(
    "dibao-below-line", 14, "享受低保，人均纯收入仍低于标准线",
    "h.dibao_people > 0 AND " + judged("'income' = ANY(x.failed)"), since=SINCE, source="document 001 两线合一",
    advice="核对低保金是不是足额发放、收入是不是记全。", unknown=f"h.dibao_people > 0 AND {undecided('income')}",
)  # fmt: skip
