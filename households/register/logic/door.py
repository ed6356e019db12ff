"""Checks at the door: what cannot be a name, a phone, an account, a day of identification or a year of a plan."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from households.register.logic.facts import HouseholdFacts, Person
from households.register.logic.rule import Hit, Severity, member_rule, rule
from households.register.names import name_fault
from households.register.written import account_fault, phone_fault
from povreg.kit.values import plain

FIRST_IDENTIFIED = date(2012, 1, 1)
"""Nobody was identified before: the file system began in 2014, on lists of 2013."""
FIRST_PLAN, PLANS_AHEAD = 2014, 10  # years


@member_rule(
    "name-written",
    text="姓名不像姓名",
    opens=("member.name",),
    group=1,
    severity=Severity.ERROR,
    fields=("member.name",),
)
def name_as_written(facts: HouseholdFacts, person: Person) -> str | None:
    fault = name_fault(person.name or "")
    return f"姓名{fault}。" if person.name and fault else None


@member_rule(
    "phone-written",
    text="联系电话不像电话",
    opens=("member.phone",),
    group=1,
    severity=Severity.ERROR,
    fields=("member.phone",),
)
def phone_as_written(facts: HouseholdFacts, person: Person) -> str | None:
    return phone_fault(person.phone or "") or None


@rule(
    "home-phone",
    text="户联系电话不像电话",
    opens=("household.phone",),
    group=1,
    severity=Severity.ERROR,
    fields=("household.phone",),
)
def home_phone(facts: HouseholdFacts) -> Iterator[Hit]:
    if fault := phone_fault(facts.household.phone or ""):
        yield Hit(fault)


@rule(
    "bank-account",
    text="银行卡号不像卡号",
    opens=("household.bank_account",),
    group=1,
    severity=Severity.ERROR,
    fields=("household.bank_account",),
)
def bank_account(facts: HouseholdFacts) -> Iterator[Hit]:
    if fault := account_fault(facts.household.bank_account or ""):
        yield Hit(fault)


@member_rule(
    "identified-day",
    text="人员识别时间还没有到，或早于出生日期",
    sets="p.identified_on > register_today() OR p.identified_on < p.birth_date",
    group=1,
    severity=Severity.ERROR,
    fields=("member.identified_on", "member.birth_date"),
)
def identified_day(facts: HouseholdFacts, person: Person) -> str | None:
    """Not to come, not before the person was born."""
    day = person.identified_on
    if day is None:
        return None
    if day > timezone.localdate():
        return f"人员识别时间 {plain(day)}还没有到，请核对。"
    if person.birth_date and day < person.birth_date:
        return "人员识别时间早于出生日期，请核对其中一项。"
    return None


@member_rule(
    "identified-before-files",
    text="人员识别时间在建档立卡以前",
    sets=f"p.identified_on < '{FIRST_IDENTIFIED}'",
    group=1,
    severity=Severity.WARNING,
    fields=("member.identified_on",),
)
def identified_before_files(facts: HouseholdFacts, person: Person) -> str | None:
    if person.identified_on and person.identified_on < FIRST_IDENTIFIED:
        return f"人员识别时间 {plain(person.identified_on)}在建档立卡以前，请核对年份。"
    return None


@rule(
    "planned-year",
    text="计划脱贫年度不对",
    sets=(
        f"h.planned_exit_year NOT BETWEEN {FIRST_PLAN} AND extract(year FROM register_today()) + {PLANS_AHEAD}"
        " OR h.planned_exit_year < extract(year FROM h.identified_on)"
    ),
    group=4,
    severity=Severity.ERROR,
    fields=("household.planned_exit_year",),
)
def planned_year(facts: HouseholdFacts) -> Iterator[Hit]:
    year, last = facts.household.planned_exit_year, timezone.localdate().year + PLANS_AHEAD
    if year is None:
        return
    if not FIRST_PLAN <= year <= last:
        yield Hit(f"计划脱贫年度 {year} 不对，应在 {FIRST_PLAN} 至 {last} 年之间，请填写四位年份。")
    elif facts.household.identified_on and year < facts.household.identified_on.year:
        yield Hit(f"计划脱贫年度 {year} 早于识别的年份 {facts.household.identified_on.year}，请核对。", seen=(year,))
