"""Groups 1, 2, 3, 8, 9 and 11 of dictionary.md 7: people across households, insurance, jobs."""

from audits.checks.check import ERROR, MEMBER, check

ELSEWHERE = (
    "EXISTS (SELECT FROM households_member o WHERE o.id_hash = p.id_hash AND o.household_id <> p.household_id "
    "AND o.left_on IS NULL)"
)
check(
    "id-twice-county", 1, "同一证件号码在两户登记", f"p.id_hash <> '' AND {ELSEWHERE}",
    severity=ERROR, per=MEMBER, source="dictionary.md 7 第1组；policy.md 10.1(11)",
    advice="核对这个人住在哪一户，在另一户登记转出或并为一人。", blocks=True,
)  # fmt: skip
check(
    "birth-missing", 3, "没有出生日期", "p.birth_date IS NULL", per=MEMBER,
    source="dictionary.md 7 第3组", advice="补填证件号码，或按户口簿填写出生日期。",
)  # fmt: skip
check(
    "age-extreme", 1, "年龄超过 %(oldest)s 岁", "p.age > %(oldest)s", per=MEMBER, params={"oldest": 105},
    shows=("member.birth_date",), source="policy.md 10.1(2)", advice="核对证件号码；已经去世的，登记死亡。",
)  # fmt: skip
check(
    "household-empty", 2, "空挂户：没有一个家庭成员", "h.people = 0", severity=ERROR,
    source="policy.md 10.1(10)；10.4 玉溪十原则", advice="补登记家庭成员；户已不存在的，办理销户。", blocks=True,
)  # fmt: skip
check(
    "head-child", 2, "户主是未满 16 岁的孩子，户里有成年人",
    "h.head_birth > make_date(%(year)s::int - 16, 9, 30) AND EXISTS (SELECT FROM facts_people q "
    "WHERE q.household_id = h.household_id AND q.age >= 18)",
    source="dictionary.md 7 第2组", advice="核对谁是户主，更换户主。",
)  # fmt: skip
check(
    "household-large", 2, "一户超过 %(most)s 人", "h.people > %(most)s", params={"most": 10},
    shows=(("人数", "h.people"),), source="policy.md 10.1(10)", advice="核对是否把几户登记成了一户。",
)  # fmt: skip
check(
    "elder-split", 2, "老人单独成户，一年内刚分户",
    "h.people = 1 AND h.head_birth < make_date(%(year)s::int - 60, 9, 30) AND EXISTS (SELECT FROM "
    "households_registerevent e WHERE (e.household_id = h.household_id OR e.other_id = h.household_id) "
    "AND e.household_change = '02' AND e.happened_on > register_today() - %(days)s)",
    params={"days": 365}, source="policy.md 10.4 玉溪十原则：故意分户",
    advice="核对老人是否由子女赡养，是否为享受政策而分户。",
)  # fmt: skip
check(
    "insured-twice", 11, "居民医保和职工医保都登记为参加", "p.ins_resident AND p.ins_employee", per=MEMBER,
    shows=("member.ins_resident", "member.ins_employee"), source="dictionary.md 7 第11组",
    advice="核对参加的是哪一种，只留一种。",
)  # fmt: skip
check(
    "insured-none", 11, "居民医保和职工医保都没有参加", "p.ins_resident IS FALSE AND p.ins_employee IS NOT TRUE",
    severity=ERROR, per=MEMBER, shows=("member.ins_resident", "member.ins_employee"),
    source="dictionary.md 7 第11组；policy.md 3", advice="帮助参保；已经参保的，改正登记。",
)  # fmt: skip
check(
    "pension-twice", 11, "居民养老和职工养老都登记为参加", "p.pen_resident AND p.pen_employee", per=MEMBER,
    shows=("member.pen_resident", "member.pen_employee"), source="dictionary.md 7 第11组",
    advice="核对参加的是哪一种，只留一种。",
)  # fmt: skip
check(
    "pension-none", 11, "16 岁以上不在校，没有参加养老保险",
    "p.pen_resident IS FALSE AND p.pen_employee IS NOT TRUE AND p.age >= 16 AND NOT p.in_school", per=MEMBER,
    shows=("member.pen_resident", "member.pen_employee"), source="dictionary.md 7 第11组",
    advice="帮助参保；已经参保的，改正登记。",
)  # fmt: skip
check(
    "major-without-basic", 11, "登记参加大病保险，却没有参加基本医保",
    "p.ins_major AND p.ins_resident IS FALSE AND p.ins_employee IS NOT TRUE", per=MEMBER,
    source="dictionary.md 7 第11组", advice="大病保险随基本医保参加，请核对。",
)  # fmt: skip
check(
    "work-and-job", 9, "务工和公益性岗位合计超过 12 个月",
    "coalesce(p.work_months, 0) + coalesce(p.public_job_months, 0) > 12", per=MEMBER,
    shows=("member.work_months", "member.public_job_months"), source="dictionary.md 7 第9组",
    advice="核对两项的起止时间，扣除重叠的月份。",
)  # fmt: skip
check(
    "tekun-and-dibao", 14, "同一人又享受低保又享受特困供养", "p.dibao NOT IN ('', '0') AND p.tekun NOT IN ('', '0')",
    severity=ERROR, per=MEMBER, shows=("member.dibao", "member.tekun"), source="policy.md 10.1(5)",
    advice="两项不能同时享受，请和民政核对。",
)  # fmt: skip
check(
    "child-unattended", 14, "事实无人抚养的孩子没有享受低保或特困",
    "p.age < 18 AND p.dibao IN ('', '0') AND p.tekun IN ('', '0') AND EXISTS (SELECT FROM households_member m "
    "WHERE m.id = p.member_id AND m.unattended)", per=MEMBER, since=2021,
    source="policy.md 5.13", advice="和民政核对事实无人抚养儿童基本生活补贴。", asks=("member.unattended",),
)  # fmt: skip
check(
    "cert-expired", 1, "残疾证已过有效期",
    "EXISTS (SELECT FROM households_member m WHERE m.id = p.member_id AND m.disability_valid_until < register_today())",
    per=MEMBER, source="policy.md 5.13", advice="提醒换证，换证后改正有效期。", asks=("member.disability_valid_until",),
)  # fmt: skip
check(
    "student-over", 8, "%(oldest)s 岁以上仍在校", "p.in_school AND p.age > %(oldest)s", per=MEMBER,
    params={"oldest": 30}, shows=("member.school_status",), source="policy.md 10.1(3)",
    advice="核对在校生状况；已经毕业的，改填文化程度。",
)  # fmt: skip
