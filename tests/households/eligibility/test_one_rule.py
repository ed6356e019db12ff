"""A rule of law stands once: when it changes, verdict, report, completeness and entry page follow alike."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection

from households.eligibility import sql
from households.eligibility.assess import recompute
from households.figures.dimensions import DIMENSIONS
from households.figures.joined import counted, with_their_year
from households.figures.rows import narrow_people
from households.models import Assessment, Household, Member
from households.register import completeness
from households.register.logic.check import check_all
from households.register.logic.facts import gather
from tests import factories as make
from villages.rights import Role
from villages.standards import rules
from villages.standards.services import publish_set_version

pytestmark = pytest.mark.django_db
YEAR = make.YEAR
SET = {"criteria": ["income", "education"], "year_from": 2014, "source": "区府发〔2020〕1号"}


def family(village: str, age: int, **facts) -> Member:
    """A head and a child of an age on 1 September who is not in school, with no reason given."""
    row = make.household(village, members=1)
    make.annual_record(row)
    child = make.member(row, born=date(YEAR - age, 3, 4), school_status="01", **facts)
    for person in row.members.all():
        make.member_year(person)
    return child


def said_of(child: Member) -> dict[str, bool]:
    """Where a child counts as one of school age who is out of school."""
    house = child.household
    recompute(child.village_id[:6], YEAR)
    verdict = Assessment.objects.get(household=house, year=YEAR)
    facts = gather(house, YEAR)
    counts = completeness.count(facts)
    people = counted(Member.objects.filter(pk=child.pk), YEAR)
    found = {
        "verdict": verdict.evidence.get("out_of_school") == [child.pk] and "education" in verdict.failed,
        "list of the figure": narrow_people(people, ["schooling.out"], YEAR).exists(),
        "report": bucket_of(child) == "out",
        "completeness": f"{child.name} 未上学原因" in counts["members"].missing,
        "logic": any(each.rule == "school-left" and each.target == str(child.pk) for each in check_all(facts)),
    }
    assert (verdict.filled, verdict.fields) == totals(counts), "the set and the page count alike"
    assert in_sql(house) == totals(counts), "and so does the way to the next household"
    return found


def bucket_of(child: Member) -> str:
    rows = with_their_year(Member.objects.filter(pk=child.pk), YEAR)
    return rows.annotate(bucket=DIMENSIONS["schooling"].case(YEAR)).values_list("bucket", flat=True).get()


def totals(counts: dict[str, completeness.SectionCount]) -> tuple[int, int]:
    return sum(each.filled for each in counts.values()), sum(each.total for each in counts.values())


def in_sql(house: Household) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(completeness.statement("h.id = %(pk)s"), {"pk": house.pk, "year": YEAR})
        return cursor.fetchone()[2:]


@pytest.fixture
def children() -> SimpleNamespace:
    """Of 17 years, of 6 years, and one of 17 in the next county."""
    make.poverty_line("4000")
    here = make.VILLAGE
    return SimpleNamespace(old=family(here, 17), young=family(here, 6), far=family(make.OTHER_VILLAGE, 17))


def test_school_age_of_a_county(children):
    everywhere = set(said_of(children.young))
    assert not any(said_of(children.old).values())
    assert all(said_of(children.young).values())

    publish_set_version(by=None, name="区标准", place=make.place(make.COUNTY), params={"school_age": [7, 18]}, **SET)

    assert {name for name, said in said_of(children.old).items() if said} == everywhere
    assert not any(said_of(children.young).values())
    assert not any(said_of(children.far).values()), "the next county keeps the ages of the law"


def test_a_township_of_the_county_may_differ(children):
    publish_set_version(by=None, name="区标准", place=make.place(make.COUNTY), params={"school_age": [6, 18]}, **SET)
    publish_set_version(by=None, name="镇标准", place=make.place(make.TOWNSHIP), **SET)
    other = family("500154202200", 17)
    assert all(said_of(other).values())
    assert not any(said_of(children.old).values()), "the township's own set says nothing of ages: those of the law"


def test_the_entry_page_asks(children, client):
    client.force_login(make.posted(Role.VILLAGE_CADRE))
    asked = "17 岁属义务教育年龄而不在校"
    url = f"/households/{children.old.household_id}/members/?year={YEAR}"
    assert asked not in client.get(url).content.decode()
    publish_set_version(by=None, name="区标准", place=make.place(make.COUNTY), params={"school_age": [6, 18]}, **SET)
    assert asked in client.get(url).content.decode()


def test_the_count_day(children, monkeypatch):
    """Who left in August is counted once the day is the end of June."""
    child = children.young
    Member.objects.filter(pk=child.pk).update(left_on=date(YEAR, 8, 15), left_reason="02")
    assert persons(child) == {"verdict": 1, "figure": 0, "register": 1}
    monkeypatch.setattr(rules, "COUNT_DAY", rules.MonthDay(6, 30))
    sql._recompute_statement.cache_clear()
    assert persons(child) == {"verdict": 2, "figure": 1, "register": 2}
    sql._recompute_statement.cache_clear()


def persons(child: Member) -> dict[str, int]:
    recompute(make.COUNTY, YEAR)
    house = child.household
    return {
        "verdict": Assessment.objects.get(household=house, year=YEAR).persons,
        "figure": counted(Member.objects.filter(pk=child.pk), YEAR).count(),
        "register": len(gather(house, YEAR).counted),
    }


def test_the_margin_of_a_county(client):
    """A margin of 20 per cent: verdict, dashboard and explanation say the same."""
    make.poverty_line("4000")
    row = make.household(members=1)
    make.annual_record(row, wage_income=4600, business_income=None, tr_pension=None, business_expense=None)
    publish_set_version(by=None, name="区标准", place=make.place(make.COUNTY), params={"borderline": "0.2"}, **SET)
    recompute(make.COUNTY, YEAR)
    assert Assessment.objects.get(household=row).borderline
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    for page in (f"/dashboard/{make.COUNTY}/?year={YEAR}", f"/households/{row.pk}/verdict/?year={YEAR}"):
        assert "高于标准不足 20%" in client.get(page).content.decode(), page
