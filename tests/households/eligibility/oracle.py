"""The verdict of one household and year in plain Python, written from contract.md section 4, not from the SQL.

Property tests generate households out of these records, judge them here, store them, recompute them in the database and
compare. Nothing of the product is imported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

ITEMS = (
    "wage_income", "business_income", "property_income", "tr_family_planning", "tr_dibao", "tr_wubao", "tr_pension",
    "tr_eco", "tr_other", "business_expense",
)  # fmt: skip
WATER = ("water_quantity", "water_quality", "water_access", "water_reliability")
EXCUSES = {"01", "02", "03", "04"}  # 因病休学, 残疾无法就学, 送教上门, 已完成义务教育


@dataclass
class YearOfMember:
    """What is recorded for a member and year; "" and None: not recorded."""

    school_status: str = ""
    dropout_reason: str = ""
    ins_resident: bool | None = None
    ins_employee: bool | None = None


@dataclass
class Person:
    birth_date: date | None
    joined_on: date | None = None
    left_on: date | None = None
    year: YearOfMember | None = None


@dataclass
class Family:
    people: list[Person]
    record: dict[str, object] | None
    identified_on: date | None = None
    return_year: int | None = None


@dataclass
class Rules:
    line: Decimal | None
    criteria: tuple[str, ...]
    school_from: int = 6
    school_until: int = 16
    borderline: Decimal = Decimal("0.10")


@dataclass
class Outcome:
    persons: int
    net: Decimal | None
    per_head: Decimal | None
    verdict: str
    results: dict[str, str]
    borderline: bool
    blockers: list[str] = field(default_factory=list)

    @property
    def eligible(self) -> bool:
        return self.verdict == "pass" and not self.blockers


def judge(family: Family, year: int, rules: Rules) -> Outcome:
    counted = [person for person in family.people if counts(person, year)]
    persons = max(len(counted), 1)
    net = net_income(family.record)
    per_head = None if net is None else (net / persons).quantize(Decimal("0.01"), ROUND_HALF_UP)
    record = family.record or {}
    every = {
        "income": income(per_head, rules.line),
        "food": answer(record.get("food")),
        "clothing": answer(record.get("clothing")),
        "water": water(record),
        "education": education(counted, year, rules),
        "medical": medical(counted),
        "housing": housing(record),
        "power": answer(record.get("power_living")),
        "broadcast": answer(record.get("broadcast")),
    }
    results = {code: every[code] for code in rules.criteria}
    close = rules.line is not None and per_head is not None and per_head < rules.line * (1 + rules.borderline)
    return Outcome(
        persons=persons,
        net=net,
        per_head=per_head,
        verdict=worst(results.values()),
        results=results,
        borderline=results.get("income") == "pass" and close,
        blockers=["identified_this_year"] if new_this_year(family, year) else [],
    )


def counts(person: Person, year: int) -> bool:
    """Counted at 30 September: born and joined by then, and not gone by then."""
    day = date(year, 9, 30)
    if person.birth_date and person.birth_date > day:
        return False
    joined = person.joined_on is None or person.joined_on <= day
    gone = person.left_on is not None and person.left_on <= day
    return joined and not gone


def net_income(record: dict[str, object] | None) -> Decimal | None:
    amounts = {name: (record or {}).get(name) for name in ITEMS}
    if all(amount is None for amount in amounts.values()):
        return None
    plus = sum((Decimal(str(amounts[name])) for name in ITEMS[:-1] if amounts[name] is not None), Decimal(0))
    return plus - Decimal(str(amounts["business_expense"] or 0))


def income(per_head: Decimal | None, line: Decimal | None) -> str:
    if per_head is None or line is None:
        return "missing"
    return "pass" if per_head > line else "fail"


def answer(value: object) -> str:
    return "missing" if value is None else "pass" if value else "fail"


def water(record: dict[str, object]) -> str:
    items = [record.get(name) for name in WATER]
    if False in items:
        return "fail"
    return "pass" if all(items) else answer(record.get("water_safe"))


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def education(counted: list[Person], year: int, rules: Rules) -> str:
    results = ["pass"]
    for person in counted:
        if person.birth_date is None:
            continue
        if rules.school_from <= age_on(person.birth_date, date(year, 9, 1)) < rules.school_until:
            results.append(schooling(person.year or YearOfMember()))
    return worst(results)


def schooling(facts: YearOfMember) -> str:
    if facts.school_status == "":
        return "missing"
    out = facts.school_status == "01" and facts.dropout_reason not in EXCUSES
    return "fail" if out else "pass"


def medical(counted: list[Person]) -> str:
    results = ["pass"]
    for person in counted:
        facts = person.year or YearOfMember()
        kinds = (facts.ins_resident, facts.ins_employee)
        results.append("pass" if True in kinds else "fail" if False in kinds else "missing")
    return worst(results)


def housing(record: dict[str, object]) -> str:
    grade, security = record.get("house_grade") or "", record.get("house_security") or ""
    if security or grade in ("A", "B"):
        return "pass"
    return "fail" if grade in ("C", "D") else "missing"


def worst(results: object) -> str:
    found = set(results)  # type: ignore[call-overload]
    return "fail" if "fail" in found else "missing" if "missing" in found else "pass"


def new_this_year(family: Family, year: int) -> bool:
    identified = family.identified_on is not None and family.identified_on.year == year
    return identified or family.return_year == year
