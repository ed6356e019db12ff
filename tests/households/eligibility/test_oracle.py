"""The criteria in SQL against a plain Python oracle, on thousands of invented households."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from households.eligibility.assess import recompute, recompute_households
from households.eligibility.explain import results
from households.models import AnnualRecord, Assessment, Household, Member, MemberYear
from households.standing import stated
from tests import factories as make, schema
from tests.households.eligibility import oracle
from tests.households.eligibility.oracle import (
    Family,
    Person,
    Rules,
    YearOfMember,
)

pytestmark = pytest.mark.django_db

YEAR = 2020
DEFAULT = ("income", "food", "clothing", "water", "education", "medical", "housing")
WIDE = (*DEFAULT, "power", "broadcast")
FAMILIES = 1500  # a seed
BIRTHDAYS = [
    date(YEAR - age, 9, 1) + timedelta(days=shift) for age in (5, 6, 7, 15, 16, 17, 18) for shift in (-1, 0, 1)
]
DAYS = [date(YEAR, 9, 29), date(YEAR, 9, 30), date(YEAR, 10, 1), date(YEAR - 3, 1, 1)]
MAYBE = (True, True, False, None)

RULES = {
    make.OTHER_VILLAGE: Rules(Decimal("4000"), DEFAULT),  # the country's line and set
    make.VILLAGE: Rules(Decimal("4100"), DEFAULT, borderline=Decimal("0.15")),  # its county's
    make.NEXT_VILLAGE: Rules(Decimal("5200.50"), DEFAULT, borderline=Decimal("0.15")),  # a line of its own
    "500154202200": Rules(Decimal("3500"), WIDE, 5, 18, Decimal("0.2")),  # its township's line, set and thresholds
}


@pytest.fixture
def standards():
    for code in RULES:
        make.place(code)
    county, township, village = map(make.place, (make.COUNTY, make.OTHER_TOWNSHIP, make.NEXT_VILLAGE))
    make.poverty_line("4000")
    make.poverty_line("4100", place=county)
    make.poverty_line("9999", place=township, withdrawn_at="2020-01-01T00:00Z")
    make.poverty_line("8888", place=township, kind="dibao")
    make.poverty_line("3500", place=township)
    make.poverty_line("5200.50", place=village)
    make.poverty_line("7777", year=YEAR - 1, place=village)
    make.criteria_set(criteria=list(DEFAULT), year_from=2020, place=county, params={"borderline": "0.15"})
    make.criteria_set(criteria=["income"], year_from=2010, place=township)
    make.criteria_set(criteria=["food"], year_from=2021, place=township)
    make.criteria_set(criteria=["food"], year_from=2012, year_to=2019, place=village)
    make.criteria_set(criteria=["food"], year_from=2019, place=township, is_active=False)
    params = {"school_age": [5, 18], "borderline": "0.2"}
    make.criteria_set(criteria=list(WIDE), year_from=2018, place=township, params=params)


def invent(random: Random) -> Family:
    people = [invent_person(random) for _ in range(random.choice((0, 1, 2, 3, 4, 6)))]
    record = invent_record(random, max(len(people), 1)) if random.random() < 0.93 else None
    identified = random.choice((None, date(YEAR, 1, 1), date(YEAR, 12, 31), date(YEAR - 1, 12, 31), date(2014, 5, 6)))
    return Family(people, record, identified, random.choice((None, None, None, YEAR, YEAR - 1)))


def invent_person(random: Random) -> Person:
    born = random.choice((None, date(1960, 2, 29), date(1985, 6, 7), *BIRTHDAYS))
    joined = random.choice((None, None, *DAYS))
    left = random.choice((None, None, None, None, *DAYS))
    joined = min(joined, left) if joined and left else joined
    year = None
    if random.random() < 0.9:
        status = random.choice(("", "01", "03", "03", "04", "06"))
        reason = random.choice(("", "01", "02", "03", "04", "05", "06", "99"))
        year = YearOfMember(status, reason, random.choice(MAYBE), random.choice((True, False, None)))
    return Person(born, joined, left, year)


def invent_record(random: Random, persons: int) -> dict[str, object]:
    record: dict[str, object] = {}
    if random.random() < 0.9:
        around = random.choice((3500, 4000, 4100, 4200, 4400, 4715, Decimal("5200.50"), 5500, 9000, -100, 0)) * persons
        shift = random.choice((0, "0.01", "-0.01", "0.02", "0.005", 1, -1, 700))
        record["wage_income"] = Decimal(around) + Decimal(str(shift)).quantize(Decimal("0.01"))
        for name in random.sample(oracle.ITEMS[1:], random.randrange(4)):
            record[name] = Decimal(random.randrange(0, 30000)) / 100
    record |= {name: random.choice(MAYBE) for name in ("food", "clothing", "water_safe", "power_living", "broadcast")}
    if random.random() < 0.4:
        record |= {name: random.choice((True, True, True, False, None)) for name in oracle.WATER}
    record["house_grade"] = random.choice(("", "A", "B", "C", "D"))
    record["house_security"] = random.choice(("", "", "", "01", "99"))
    return record


def store(families: dict[str, tuple[str, Family]]) -> None:
    """All families at once: households, members, this year's facts, and last year's to be looked past."""
    households = Household.objects.bulk_create(
        Household(household_no=no, village_id=village) for no, (village, _family) in families.items()
    )
    stated.state(((row.pk, said_of(families[row.household_no][1])) for row in households), "测试名册")
    members, years, records = [], [], []
    for household in households:
        family = families[household.household_no][1]
        own = {"household_id": household.pk, "village_id": household.village_id}
        for number, person in enumerate(family.people):
            members.append((Member(**own, **member_facts(household, number, person)), person))
        records.append(AnnualRecord(**own, year=YEAR - 1, food=False, house_grade="D", wage_income=1))
        if family.record is not None:
            records.append(AnnualRecord(**own, year=YEAR, **family.record))
    Member.objects.bulk_create(member for member, _person in members)
    for member, person in members:
        own = {"member_id": member.pk, "household_id": member.household_id, "village_id": member.village_id}
        years.append(MemberYear(**own, year=YEAR - 1, school_status="01", ins_resident=False, ins_employee=False))
        if person.year is not None:
            years.append(MemberYear(**own, year=YEAR, **vars(person.year)))
    AnnualRecord.objects.bulk_create(records)
    MemberYear.objects.bulk_create(years)
    schema.analyze()


def said_of(family: Family) -> dict[str, object]:
    status = "3" if family.return_year else "0"
    return {"exit_status": status, "identified_on": family.identified_on, "return_year": family.return_year}


def member_facts(household: Household, number: int, person: Person) -> dict[str, object]:
    return {
        "person_no": f"{household.household_no}{number:02}",
        "name": "王小一",
        "relation": "01" if number == 0 else "03",
        "birth_date": person.birth_date,
        "joined_on": person.joined_on,
        "left_on": person.left_on,
        "left_reason": "08" if person.left_on else "",
    }


def found(row: Assessment) -> oracle.Outcome:
    return oracle.Outcome(
        row.persons, row.net_income, row.per_head, row.verdict, results(row), row.borderline, row.blockers
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sql_agrees_with_the_oracle(standards, seed):
    random = Random(seed)
    villages = list(RULES)
    families = {f"{village[:6]}{number:012}": (village, invent(random)) for number in range(FAMILIES)
                for village in [random.choice(villages)]}  # fmt: skip
    store(families)

    counties = (make.COUNTY, make.OTHER_COUNTY)
    outcome = [recompute(county, YEAR) for county in counties]

    assert sum(each.assessed for each in outcome) == FAMILIES
    rows = {row.household.household_no: row for row in Assessment.objects.select_related("household", "criteria_set")}
    wanted = {no: oracle.judge(family, YEAR, RULES[village]) for no, (village, family) in families.items()}
    wrong = [(no, found(rows[no]), outcome) for no, outcome in wanted.items() if found(rows[no]) != outcome]
    assert not wrong, wrong[:3]
    assert {no: row.eligible for no, row in rows.items()} == {no: each.eligible for no, each in wanted.items()}
    assert {each.verdict for each in wanted.values()} == {"pass", "fail", "missing"}, (
        "the sample must hold every verdict"
    )


def test_a_household_alone_gets_the_verdict_of_the_set(standards):
    """The recompute after a save and the recompute of the county are the same statement."""
    random = Random(9)
    store({f"500154{number:012}": (make.VILLAGE, invent(random)) for number in range(60)})
    recompute(make.COUNTY, YEAR)
    names = [field.attname for field in Assessment._meta.concrete_fields if field.name not in ("id", "assessed_at")]
    from_set = {row["household_id"]: row for row in Assessment.objects.values(*names)}
    Assessment.objects.all().delete()

    for pk in from_set:
        recompute_households([pk], YEAR)

    assert {row["household_id"]: row for row in Assessment.objects.values(*names)} == from_set
