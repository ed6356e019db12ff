"""Group 9: work away from home and public jobs (dictionary.md section 7)."""

from collections.abc import Iterator
from decimal import Decimal

from households.models.codes import WITHOUT_LABOUR
from households.register.logic.facts import HouseholdFacts, Person
from households.register.logic.rule import Hit, Severity, listed, member_rule, rule
from villages.codes.selectors import label
from villages.standards.rules import WORKING_AGE

WORK_FIELDS = ("member.work_months", "member.work_place")
JOB_FIELDS = ("member.public_job", "member.public_job_months")
LOWEST_WAGE, USUAL_WAGE, HIGHEST_WAGE = Decimal(100), Decimal(400), Decimal(30_000)
"""Yuan a month."""


PUBLIC_JOB_UNDER = 70  # years of age


def has_public_job(person: Person) -> bool:
    return person.public_job not in ("", "0")


def works(person: Person) -> bool:
    return bool(person.work_months) or has_public_job(person)


@member_rule(
    "work-months", text="务工时间超过十二个月", group=9, severity=Severity.ERROR, fields=("member.work_months",)
)
def work_months(facts: HouseholdFacts, person: Person) -> str | None:
    if person.work_months is not None and not 0 <= person.work_months <= 12:
        return f"务工时间 {person.work_months} 个月不对，一年最多 12 个月，请改为 0 至 12。"
    return None


@member_rule(
    "public-job-months-range",
    text="公益性岗位超过十二个月",
    sets="p.public_job_months NOT BETWEEN 0 AND 12",
    group=9,
    severity=Severity.ERROR,
    fields=("member.public_job_months",),
)
def public_job_months_range(facts: HouseholdFacts, person: Person) -> str | None:
    if person.public_job_months is not None and not 0 <= person.public_job_months <= 12:
        return f"公益性岗位 {person.public_job_months} 个月不对，一年最多 12 个月，请改为 0 至 12。"
    return None


@member_rule(
    "work-place-only",
    text="有务工地点，没有务工时间",
    sets="p.work_place <> '' AND coalesce(p.work_months, 0) = 0",
    group=9,
    severity=Severity.WARNING,
    fields=WORK_FIELDS,
)
def work_place_only(facts: HouseholdFacts, person: Person) -> str | None:
    if person.work_place and not person.work_months:
        return "填了务工地点，没有填务工时间，请填写本年务工几个月，没有务工的请清空务工地点。"
    return None


@member_rule(
    "work-months-only",
    text="有务工时间，没有务工地点",
    sets="p.work_months > 0 AND p.work_place = ''",
    group=9,
    severity=Severity.WARNING,
    fields=("member.work_place", "member.work_months"),
)
def work_months_only(facts: HouseholdFacts, person: Person) -> str | None:
    if person.work_months and not person.work_place:
        return f"务工 {person.work_months} 个月，没有填务工地点，请选择务工地点。"
    return None


@member_rule(
    "work-no-labour",
    text="没有劳动力却务工",
    sets=f"p.work_months > 0 AND p.labour IN ({listed(WITHOUT_LABOUR)})",
    group=9,
    severity=Severity.WARNING,
    fields=("member.work_months", "member.labour"),
)
def work_no_labour(facts: HouseholdFacts, person: Person) -> str | None:
    if person.work_months and person.labour in WITHOUT_LABOUR:
        labour = label("labour", person.labour)
        return f"劳动技能是“{labour}”，却务工 {person.work_months} 个月，请核对其中一项。"
    return None


@member_rule(
    "work-child",
    text="未满十六岁务工",
    sets=f"p.work_months > 0 AND p.age < {WORKING_AGE.start}",
    group=9,
    severity=Severity.WARNING,
    fields=("member.work_months", "member.birth_date"),
)
def work_child(facts: HouseholdFacts, person: Person) -> str | None:
    if person.work_months and person.age is not None and person.age < WORKING_AGE.start:
        return f"{person.age} 岁，未满 {WORKING_AGE.start} 周岁不得务工，请核对务工时间或证件号码。"
    return None


@member_rule(
    "work-tekun",
    text="特困供养却务工",
    sets="p.work_months > 0 AND p.tekun NOT IN ('', '0')",
    group=9,
    severity=Severity.WARNING,
    fields=("member.work_months", "member.tekun"),
)
def work_tekun(facts: HouseholdFacts, person: Person) -> str | None:
    if person.work_months and person.tekun not in ("", "0"):
        return "享受特困供养又有务工时间，请核对其中一项。"
    return None


@member_rule(
    "public-job-age",
    text="公益性岗位人员年龄不符",
    sets=f"p.has_job AND p.age NOT BETWEEN {WORKING_AGE.start} AND {PUBLIC_JOB_UNDER} - 1",
    group=9,
    severity=Severity.WARNING,
    fields=(*JOB_FIELDS[:1], "member.birth_date"),
)
def public_job_age(facts: HouseholdFacts, person: Person) -> str | None:
    if has_public_job(person) and person.age is not None and not WORKING_AGE.start <= person.age < PUBLIC_JOB_UNDER:
        return f"{person.age} 岁在公益性岗位，一般应满 {WORKING_AGE.start} 岁、不满 {PUBLIC_JOB_UNDER} 岁，请核对。"
    return None


@member_rule(
    "public-job-no-months",
    text="公益性岗位没有月数",
    sets="p.has_job AND coalesce(p.public_job_months, 0) = 0",
    group=9,
    severity=Severity.WARNING,
    fields=(JOB_FIELDS[1], JOB_FIELDS[0]),
)
def public_job_no_months(facts: HouseholdFacts, person: Person) -> str | None:
    if has_public_job(person) and not person.public_job_months:
        return "有公益性岗位，没有填在岗几个月，请填写。"
    return None


@rule(
    "public-job-many",
    text="一户三人以上在公益性岗位",
    sets="h.public_jobs >= 3",
    group=9,
    severity=Severity.WARNING,
    fields=("member.public_job",),
)
def public_job_many(facts: HouseholdFacts) -> Iterator[Hit]:
    holders = tuple(person.name for person in facts.people if has_public_job(person))
    if len(holders) >= 3:
        yield Hit(f"一户有 {len(holders)} 人在公益性岗位（{'、'.join(holders)}），请核对。", seen=holders)


@rule(
    "wage-no-worker",
    text="有工资性收入，没有人务工",
    sets="h.wage_income <> 0 AND h.people > 0 AND h.workers = 0",
    group=9,
    severity=Severity.WARNING,
    fields=("annual.wage_income",),
)
def wage_no_worker(facts: HouseholdFacts) -> Iterator[Hit]:
    wage = facts.record.wage_income if facts.record else None
    if wage and facts.people and not any(works(person) for person in facts.people):
        yield Hit(f"工资性收入 {wage:,} 元，但没有成员务工或在公益性岗位，请核对收入或成员的务工时间。", seen=(wage,))


@rule(
    "worker-no-wage",
    text="有人务工，工资性收入为 0",
    sets="h.wage_income = 0 AND h.workers > 0",
    group=9,
    severity=Severity.WARNING,
    fields=("annual.wage_income",),
)
def worker_no_wage(facts: HouseholdFacts) -> Iterator[Hit]:
    workers = tuple(person.name for person in facts.people if works(person))
    if facts.record and facts.record.wage_income == 0 and workers:
        yield Hit(f"{'、'.join(workers)}本年务工，但工资性收入为 0，请核对。", seen=workers)


@rule(
    "wage-by-month",
    text="按月平均工资过低或过高",
    sets=(
        "h.wage_income <> 0 AND h.worked_months > 0 "
        f"AND h.wage_income / h.worked_months NOT BETWEEN {USUAL_WAGE} AND {HIGHEST_WAGE}"
    ),
    group=9,
    severity=Severity.WARNING,
    fields=("annual.wage_income",),
)
def wage_by_month(facts: HouseholdFacts) -> Iterator[Hit]:
    """Wage income over all months worked: 100 to 30000 yuan, doubted under 400."""
    months = sum((person.work_months or 0) + (person.public_job_months or 0) for person in facts.people)
    wage = facts.record.wage_income if facts.record else None
    if not wage or not months:
        return
    monthly = wage / months
    if not USUAL_WAGE <= monthly <= HIGHEST_WAGE:
        doubt = "偏低" if monthly < USUAL_WAGE else "偏高"
        message = (
            f"全家务工和在岗合计 {months} 个月，工资性收入平均每月 {monthly:,.0f} 元，{doubt}，请核对收入或务工时间。"
        )
        yield Hit(message, seen=(months,))
