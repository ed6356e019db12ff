"""Group 14 of dictionary.md 7 and policy.md 10.1 (5): 低保 and 特困 against households, people and money."""

from audits.checks.check import ERROR, MEMBER, check

GENERAL, DIBAO, TEKUN = "('01', '07')", "('02', '09')", "('06', '10')"
CIVIL = (
    "EXISTS (SELECT FROM households_spell s WHERE s.household_id = h.household_id AND s.axis = 'civil' "
    "AND s.klass_id = '{}' AND s.during @> register_today())"
)
check(
    "dibao-nobody", 14, "低保户没有享受低保的成员",
    f"h.household_attr IN {DIBAO} AND h.people > 0 AND h.dibao_people = 0", shows=("household.household_attr",),
    source="policy.md 10.1(5)", advice="和民政核对，改正户属性或成员的低保登记。",
)  # fmt: skip
check(
    "general-with-dibao", 14, "一般户有享受低保的成员",
    f"h.household_attr IN {GENERAL} AND h.dibao_people > 0", shows=("household.household_attr",),
    source="policy.md 10.1(5)", advice="和民政核对，改正户属性或成员的低保登记。",
)  # fmt: skip
check(
    "tekun-nobody", 14, "特困供养户没有特困供养的成员",
    f"h.household_attr IN {TEKUN} AND h.people > 0 AND h.tekun_people = 0", shows=("household.household_attr",),
    source="policy.md 10.1(5)", advice="和民政核对，改正户属性或成员的特困登记。",
)  # fmt: skip
check(
    "tekun-able", 14, "特困供养户有 16 至 65 岁的完全劳动力",
    f"h.household_attr IN {TEKUN} AND p.age BETWEEN 16 AND 65 AND p.labour IN ('01', '02')", per=MEMBER,
    shows=("member.labour",), source="policy.md 10.1(5)", advice="和民政核对是否符合特困供养条件。",
)  # fmt: skip
check(
    "dibao-and-tekun-money", 14, "同时有低保金和五保金", "h.tr_dibao > 0 AND h.tr_wubao > 0", severity=ERROR,
    shows=("annual.tr_dibao", "annual.tr_wubao"), source="policy.md 10.1(5)", advice="核对领的是哪一种。",
)  # fmt: skip
check(
    "general-with-money", 14, "一般户有低保金或五保金",
    f"h.household_attr IN {GENERAL} AND (h.tr_dibao > 0 OR h.tr_wubao > 0)",
    shows=("annual.tr_dibao", "annual.tr_wubao"), source="policy.md 10.1(5)", advice="和民政核对户属性或金额。",
)  # fmt: skip
check(
    "dibao-no-money", 14, "低保户的低保金为 0 或没有填",
    f"h.household_attr IN {DIBAO} AND h.recorded AND coalesce(h.tr_dibao, 0) = 0", source="policy.md 10.1(5)",
    advice="核对一卡通发放，补填低保金。",
)  # fmt: skip
check(
    "tekun-no-money", 14, "特困户的供养金为 0 或没有填",
    f"h.household_attr IN {TEKUN} AND h.recorded AND coalesce(h.tr_wubao, 0) = 0", source="policy.md 10.1(5)",
    advice="核对一卡通发放，补填供养金。",
)  # fmt: skip
check(
    "no-labour-no-dibao", 14, "整户没有劳动力，没有人享受低保或特困",
    "h.people > 0 AND h.labour_unknown = 0 AND h.partly_able = 0 AND h.dibao_people = 0 AND h.tekun_people = 0",
    source="dictionary.md 7 第11组 5_19_003", advice="核对是否符合低保、特困条件，帮助申请。",
)  # fmt: skip
check(
    "civil-dibao-unmarked", 14, "民政名单上是低保户，没有成员登记享受低保",
    CIVIL.format("dibao") + " AND h.people > 0 AND h.dibao_people = 0", since=2021,
    source="policy.md 10.1(5)；policy-2026.md 2", advice="按民政名单补登记成员。",
)  # fmt: skip
check(
    "dibao-not-civil", 14, "有成员登记享受低保，民政名单上没有这一户",
    "h.dibao_people > 0 AND NOT " + CIVIL.format("dibao")
    + " AND EXISTS (SELECT FROM households_departmentrow d JOIN villages_place v ON v.code = d.village_id "
    "WHERE d.klass_id = 'dibao' AND left(d.village_id, 6) = left(h.village_id, 6))", since=2021,
    source="policy.md 10.1(5)；policy-2026.md 2", advice="和民政核对；已经停发的，改正登记。",
)  # fmt: skip
