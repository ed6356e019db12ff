"""A criterion is one object: one that nothing else knows of is judged, explained, listed, asked for and exported."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from households.eligibility import criteria
from households.eligibility.assess import recompute, recompute_households
from households.eligibility.criterion import Case, Criterion, Remedy
from households.find.columns import COLUMNS
from households.models import Assessment, Household
from households.register import completeness
from households.register.logic.check import check_all
from households.register.logic.facts import gather
from households.register.logic.rule import RULES
from tests import factories as make
from villages.rights import Role
from villages.standards import hooks
from villages.standards.services import publish_set_version

pytestmark = pytest.mark.django_db
YEAR, OLDEST = make.YEAR, 1950


def remedy(case: Case) -> list[Remedy]:
    return case.remedy("老旧房请列入改造计划。", "living", "house_built_year")


TOY = Criterion(
    order=75,
    code="old_house",
    label="不住老旧房",
    short="房龄",
    section="living",
    result=f"CASE WHEN a.house_built_year < {OLDEST} THEN 'fail' WHEN a.house_built_year IS NULL THEN 'missing' "
    "ELSE 'pass' END",
    record=("house_built_year",),
    asks=(completeness.item("living", "annual.house_built_year"),),
    value=lambda case: f"建于 {case.evidence.get('house_built_year', '不详')} 年",
    chip=lambda case: f"房龄 {YEAR - case.evidence['house_built_year']} 年",
    failing=lambda evidence: f"建于 {evidence['house_built_year']} 年",
    remedy=remedy,
)


@pytest.fixture
def toy() -> Iterator[None]:
    """The criterion is enrolled, and forgotten afterwards."""
    registries = (criteria.BY_CODE, RULES, hooks._criteria)
    kept, asked = [dict(each) for each in registries], list(completeness._asked)
    criteria.enrol(TOY)
    yield
    completeness._asked[:] = asked
    for registry, before in zip(registries, kept, strict=True):
        registry.clear()
        registry.update(before)


@pytest.fixture
def houses(toy) -> dict[str, Household]:
    """One old house, one new, one of unknown age, judged by a set of the county that holds the toy."""
    make.poverty_line("4000")
    found = {}
    for name, year in (("old", 1943), ("new", 2015), ("unknown", None)):
        found[name] = make.household(members=1)
        make.annual_record(found[name], house_built_year=year)
        make.member_year(found[name].members.get())
    publish_set_version(
        by=None, name="加一项", criteria=["income", "old_house"], place=make.place(make.COUNTY), year_from=2018,
        source="区府发〔2020〕1号",
    )  # fmt: skip
    recompute(make.COUNTY, YEAR)
    return found


def verdict_of(row: Household) -> Assessment:
    return Assessment.objects.select_related("criteria_set").get(household=row, year=YEAR)


def test_judged_as_a_set_and_alone(houses):
    wanted = {"old": ("fail", ["old_house"], []), "new": ("pass", [], []), "unknown": ("missing", [], ["old_house"])}
    names = ("verdict", "failed", "missing", "evidence", "gaps", "filled", "fields")
    together = {name: verdict_of(row) for name, row in houses.items()}
    assert {name: (row.verdict, row.failed, row.missing) for name, row in together.items()} == wanted
    assert together["old"].evidence == {"house_built_year": 1943}
    Assessment.objects.all().delete()
    recompute_households([row.pk for row in houses.values()], YEAR)
    for name, row in houses.items():
        alone = verdict_of(row)
        assert [getattr(alone, each) for each in names] == [getattr(together[name], each) for each in names]


def test_explained_and_on_the_strip(houses, client):
    client.force_login(make.posted(Role.VILLAGE_CADRE))
    row = houses["old"]
    explained = client.get(f"/households/{row.pk}/verdict/?year={YEAR}").content.decode()
    for words in ("不住老旧房", "建于 1943 年", "老旧房请列入改造计划。", f"房龄 {YEAR - 1943} 年"):
        assert words in explained, words
    page = client.get(f"/households/{row.pk}/?year={YEAR}").content.decode()
    assert f"房龄 {YEAR - 1943} 年" in page
    assert "老旧房请列入改造计划。" in page


def test_listed_filtered_and_exported(houses, client):
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    page = client.get(f"/households/?year={YEAR}&failed=old_house").content.decode()
    assert "建于 1943 年" in page and houses["old"].household_no in page
    assert houses["new"].household_no not in page
    row = houses["old"]
    row.assessment = verdict_of(row)
    assert "未达标：房龄" in COLUMNS["strip"].value(row)


def test_entry_asks_for_it(houses):
    facts = gather(houses["unknown"], YEAR)
    assert "建房年份" in completeness.count(facts)["living"].missing
    assert any(each.rule == "required-annual-house-built-year" for each in check_all(facts))
    assert "建房年份" not in completeness.count(gather(houses["old"], YEAR))["living"].missing
    assert verdict_of(houses["unknown"]).fields == sum(each.total for each in completeness.count(facts).values())
