"""Group 8: age against schooling and labour (dictionary.md section 7)."""

from households.models.codes import (
    FULL_LABOUR,
    HEALTHY,
    LOST_LABOUR,
    NO_LABOUR,
    OUT_OF_SCHOOL,
    SOME_LABOUR,
    WEAK_LABOUR,
    WITHOUT_LABOUR,
)
from households.register.logic.facts import HouseholdFacts, Person
from households.register.logic.rule import Severity, listed, member_rule
from villages.codes.selectors import label
from villages.standards.rules import WORKING_AGE

SCHOOL_FIELDS = ("member.school_status", "member.birth_date")
LABOUR_FIELDS = ("member.labour", "member.birth_date")
AGES: dict[str, tuple[int, int]] = {
    "02": (2, 6),
    "03": (6, 14),
    **dict.fromkeys(("04", "05", "06"), (12, 17)),
    **dict.fromkeys(("07", "08", "09", "10", "11", "12"), (15, 20)),
    **dict.fromkeys(("13", "14", "15", "16"), (18, 60)),
    "17": (20, 60),
    "18": (0, 6),
}
"""Usual ages (both included, on 1 September) by school status."""
AGES_SQL = " OR ".join(
    f"(p.school_status = '{code}' AND p.school_age NOT BETWEEN {low} AND {high})" for code, (low, high) in AGES.items()
)
ONE_YEAR_GRADES = tuple(f"{code:02d}" for code in range(4, 16))
PRIMARY_OR_LESS = ("01", "02", "06")
UPPER_EDUCATION = ("04", "05", "07", "08", "09")
SCHOOLED_UNDER = 23
"""Years of age from which nobody asks any more whether compulsory education was completed."""


@member_rule(
    "school-age",
    text="年龄与在校生状况不符",
    sets=f"{AGES_SQL}",
    group=8,
    severity=Severity.WARNING,
    fields=SCHOOL_FIELDS,
)
def school_age(facts: HouseholdFacts, person: Person) -> str | None:
    low, high = AGES.get(person.school_status, (0, 999))
    if person.school_age is None or low <= person.school_age <= high:
        return None
    status = label("school_status", person.school_status)
    return f"{person.school_age} 岁读“{status}”，一般是 {low} 至 {high} 岁，请核对在校生状况或证件号码。"


@member_rule(
    "school-left",
    text="义务教育年龄不在校，没有原因",
    sets=(
        "p.school_age >= h.school_from AND p.school_age < h.school_until AND p.school_status = '01' "
        "AND p.dropout_reason = ''"
    ),
    group=8,
    severity=Severity.WARNING,
    fields=("member.school_status", "member.dropout_reason"),
)
def school_left(facts: HouseholdFacts, person: Person) -> str | None:
    """Of compulsory age, not in school, and no reason given (policy.md 3.3, 3.4)."""
    if not facts.thresholds.of_school_age(person.school_age):
        return None
    if person.school_status == OUT_OF_SCHOOL and not person.dropout_reason:
        return f"{person.school_age} 岁属义务教育年龄而不在校，请核对在校生状况；确实不在校的，请选择未上学原因。"
    return None


@member_rule(
    "school-and-reason",
    text="在校又有未上学原因",
    sets="p.in_school AND p.dropout_reason <> ''",
    group=8,
    severity=Severity.WARNING,
    fields=("member.dropout_reason", "member.school_status"),
)
def school_and_reason(facts: HouseholdFacts, person: Person) -> str | None:
    if person.in_school and person.dropout_reason:
        return "已登记在校，又选了未上学原因，两项只留一项，请核对。"
    return None


@member_rule(
    "school-and-education",
    text="在校生又填了文化程度",
    sets="p.in_school AND p.education <> ''",
    group=8,
    severity=Severity.WARNING,
    fields=("member.education", "member.school_status"),
)
def school_and_education(facts: HouseholdFacts, person: Person) -> str | None:
    """文化程度 is for those not in school (3_01_003)."""
    if person.in_school and person.education:
        return "在校生不填文化程度（两项只填一项），请清空文化程度或核对在校生状况。"
    return None


@member_rule(
    "education-low",
    text="刚过义务教育年龄，文化程度在小学及以下",
    sets=(
        f"p.age >= h.school_until AND p.age < {SCHOOLED_UNDER} AND NOT p.in_school "
        f"AND p.education IN ({listed(PRIMARY_OR_LESS)})"
    ),
    group=8,
    severity=Severity.WARNING,
    fields=("member.education", "member.birth_date"),
)
def education_low(facts: HouseholdFacts, person: Person) -> str | None:
    if person.age not in range(facts.thresholds.school_until, SCHOOLED_UNDER) or person.in_school:
        return None
    if person.education in PRIMARY_OR_LESS:
        degree = label("education", person.education)
        return f"{person.age} 岁、不在校，文化程度是“{degree}”，请核对是否完成义务教育。"
    return None


@member_rule(
    "education-high",
    text="不满 15 岁，文化程度在高中及以上",
    sets=f"p.age <= 14 AND p.education IN ({listed(UPPER_EDUCATION)})",
    group=8,
    severity=Severity.WARNING,
    fields=("member.education", "member.birth_date"),
)
def education_high(facts: HouseholdFacts, person: Person) -> str | None:
    if person.age is not None and person.age <= 14 and person.education in UPPER_EDUCATION:
        return f"{person.age} 岁，文化程度是“{label('education', person.education)}”，请核对文化程度或证件号码。"
    return None


@member_rule(
    "preschool-education",
    text="七岁以上仍是学龄前儿童",
    sets="p.age >= 7 AND p.education = '06'",
    group=8,
    severity=Severity.WARNING,
    fields=("member.education",),
)
def preschool_education(facts: HouseholdFacts, person: Person) -> str | None:
    if person.education == "06" and person.age is not None and person.age >= 7:
        return f"{person.age} 岁，文化程度仍是“学龄前儿童”，请改填现在的文化程度或在校生状况。"
    return None


@member_rule(
    "school-standstill",
    text="连续三年同一个年级",
    sets=(
        f"p.school_status IN ({listed(ONE_YEAR_GRADES)}) AND p.school_status = p.school_before "
        "AND p.school_status = p.school_two_before"
    ),
    group=8,
    severity=Severity.WARNING,
    fields=("member.school_status",),
)
def school_standstill(facts: HouseholdFacts, person: Person) -> str | None:
    """The same one-year grade three years running."""
    years = [person.school_status, *person.earlier_school]
    if person.school_status in ONE_YEAR_GRADES and len(years) >= 3 and len(set(years[:3])) == 1:
        return f"连续三年都是“{label('school_status', person.school_status)}”，请更新在校生状况。"
    return None


@member_rule(
    "labour-child",
    text="未满十六岁有劳动力",
    sets=f"p.age < {WORKING_AGE.start} AND p.labour NOT IN ('', '04')",
    group=8,
    severity=Severity.WARNING,
    fields=LABOUR_FIELDS,
)
def labour_child(facts: HouseholdFacts, person: Person) -> str | None:
    if _is_child(person) and person.labour not in ("", NO_LABOUR):
        return f"{person.age} 岁，未满 {WORKING_AGE.start} 周岁应为“无劳动力”，请改正劳动技能或核对证件号码。"
    return None


@member_rule(
    "labour-student",
    text="在校生有劳动力",
    sets=(f"p.in_school AND p.labour IN ({listed(SOME_LABOUR)}) AND NOT coalesce(p.age < {WORKING_AGE.start}, false)"),
    group=8,
    severity=Severity.WARNING,
    fields=("member.labour", "member.school_status"),
)
def labour_student(facts: HouseholdFacts, person: Person) -> str | None:
    """Students count as without labour (1111_07)."""
    if person.in_school and person.labour in SOME_LABOUR and not _is_child(person):
        return "在校生应为“无劳动力”，请改正劳动技能或核对在校生状况。"
    return None


def _is_child(person: Person) -> bool:
    return person.age is not None and person.age < WORKING_AGE.start


@member_rule(
    "labour-able",
    text="劳动年龄、健康、不在校，却没有劳动力",
    sets=(
        f"p.age BETWEEN {WORKING_AGE.start} AND {WORKING_AGE.stop} - 1 AND p.health = '01' "
        "AND NOT p.in_school AND p.labour IN ('03', '04', '05')"
    ),
    group=8,
    severity=Severity.WARNING,
    fields=("member.labour", "member.healths"),
)
def labour_able(facts: HouseholdFacts, person: Person) -> str | None:
    """Of working age, healthy, not in school, and yet without full labour."""
    if person.age not in WORKING_AGE or person.health != HEALTHY or person.in_school:
        return None
    if person.labour in (*WITHOUT_LABOUR, WEAK_LABOUR):
        return (
            f"{person.age} 岁、健康、不在校，劳动技能却是“{label('labour', person.labour)}”，请核对劳动技能或健康状况。"
        )
    return None


@member_rule(
    "labour-lost-healthy",
    text="丧失劳动力却健康",
    sets=(
        f"p.labour = '03' AND p.health = '01' AND NOT coalesce(p.age BETWEEN {WORKING_AGE.start} "
        f"AND {WORKING_AGE.stop} - 1, false)"
    ),
    group=8,
    severity=Severity.WARNING,
    fields=("member.labour", "member.healths"),
)
def labour_lost_healthy(facts: HouseholdFacts, person: Person) -> str | None:
    if person.labour == LOST_LABOUR and person.health == HEALTHY and person.age not in WORKING_AGE:
        return "劳动技能是“丧失劳动力”，健康状况却是“健康”，请核对其中一项。"
    return None


@member_rule(
    "labour-old",
    text="六十岁以上仍是完全劳动力",
    sets=f"p.age >= {WORKING_AGE.stop} AND p.labour IN ({listed(FULL_LABOUR)})",
    group=8,
    severity=Severity.WARNING,
    fields=LABOUR_FIELDS,
)
def labour_old(facts: HouseholdFacts, person: Person) -> str | None:
    if person.age is not None and person.age >= WORKING_AGE.stop and person.labour in FULL_LABOUR:
        return f"{person.age} 岁仍是“{label('labour', person.labour)}”，请核对劳动技能。"
    return None


@member_rule(
    "labour-disabled",
    text="重度肢体残疾却是完全劳动力",
    suspects=f"p.has_cert AND p.labour IN ({listed(FULL_LABOUR)})",
    group=8,
    severity=Severity.WARNING,
    fields=("member.labour", "member.disability_cert"),
)
def labour_disabled(facts: HouseholdFacts, person: Person) -> str | None:
    """Severe physical disability (category 4, grades 1 and 2) with full labour."""
    if (person.disability_cert or "")[18:20] in ("41", "42") and person.labour in FULL_LABOUR:
        return "持重度肢体残疾证，劳动技能却是完全劳动力，请核对劳动技能或残疾证号。"
    return None
