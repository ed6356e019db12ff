"""Figures: every row in one bucket, grouping and list by the same condition, and what each dimension says of a case."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Count

from households.eligibility.assess import recompute
from households.figures.dimensions import DIMENSIONS, HOUSEHOLD, PERSON
from households.figures.joined import counted_people, joined_households
from households.figures.labels import choices, figure_label
from households.figures.parts import OF_HOUSEHOLD, OF_PERSON
from households.figures.rows import narrow_households, narrow_people
from households.models import Assessment, Household, Member, Presence
from households.register.years import counts_in
from povreg.kit.idnumber import age_on
from tests import factories as make
from tests.households.figures import figure_world
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = make.YEAR


@pytest.fixture
def leader():
    return make.posted(Role.COUNTY_LEADER)


@pytest.fixture
def world(leader):
    figure_world.fill()
    return leader


def registered(user):
    return Household.objects.visible_to(user).registered()


def rows_of(dimension, user):
    if dimension.of == OF_PERSON:
        return counted_people(user, YEAR)
    return joined_households(registered(user), YEAR)


def listed(dimension, bucket, user):
    """How many rows the list behind a figure has."""
    figures = [f"{dimension.code}.{bucket.code}"]
    if dimension.of == OF_PERSON:
        return narrow_people(counted_people(user, YEAR), figures, YEAR).count()
    return narrow_households(registered(user), figures, YEAR, user).count()


# Each row in one bucket; the cell and its list.


def test_buckets_are_exclusive_exhaustive_and_agree_with_their_lists(world):
    for dimension in DIMENSIONS.values():
        rows, buckets = rows_of(dimension, world), dimension.buckets(YEAR)
        sizes = {each.code: rows.filter(each.rows).count() for each in buckets}
        assert sizes == {each.code: listed(dimension, each, world) for each in buckets}, dimension.code
        if dimension.many:
            continue
        assert sum(sizes.values()) == rows.count() > 0, dimension.code
        grouped = rows.annotate(bucket=dimension.case(YEAR)).order_by().values_list("bucket").annotate(Count("pk"))
        assert dict(grouped) == {code: size for code, size in sizes.items() if size}, dimension.code
        for each in buckets:
            own = rows.filter(each.rows).annotate(bucket=dimension.case(YEAR)).order_by()
            assert set(own.values_list("bucket", flat=True)) <= {each.code}, dimension.code


def test_a_row_may_be_in_several_buckets_of_a_dimension_with_many(world):
    with pytest.raises(TypeError, match="several"):
        HOUSEHOLD["other_cause"].case(YEAR)
    row = registered(world).filter(other_causes__len=2).first()
    for cause in row.other_causes:
        assert row in narrow_households(registered(world), [f"other_cause.{cause}"], YEAR, world)
    assert row not in narrow_households(registered(world), ["other_cause.none"], YEAR, world)


def test_the_people_who_count_are_those_of_the_verdicts(world):
    people = counted_people(world, YEAR)
    stays = Presence.objects.filter(household__removed_on=None, household__in_register=True).select_related("member")
    counted = {each.member_id for each in stays if counts_in(YEAR, [each], each.member.birth_date)}
    assert {each.pk for each in people} == counted
    for verdict in Assessment.objects.filter(year=YEAR, counted=True):
        own = people.filter(lived__household=verdict.household_id).count()
        assert verdict.persons == max(own, 1)


def test_ages_are_those_of_30_september(world):
    bands = {(0, 5): "0", (6, 15): "6", (16, 29): "16", (30, 39): "30", (40, 49): "40", (50, 59): "50"}
    people = counted_people(world, YEAR).annotate(bucket=PERSON["age"].case(YEAR))
    for person in people.filter(birth_date__lte=date(YEAR, 9, 30)):
        age = age_on(person.birth_date, date(YEAR, 9, 30))
        assert person.bucket == next((code for (low, high), code in bands.items() if low <= age <= high), "60")
    assert {each.bucket for each in people.filter(birth_date=None)} <= {"none"}


# What a figure says of one case.


@pytest.fixture
def home(leader):
    row = make.household(members=2, other_causes=["03", "08"])
    make.annual_record(row, house_area_m2=Decimal("50"), main_road_km=Decimal("3.0"), arable_mu=Decimal("0"))
    return row


def holds(user, figure, year=YEAR):
    return narrow_households(registered(user), [figure], year, user).exists()


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("house_area.50", "house_area.25"),
        ("house_per_head.25", "house_per_head.13"),
        ("main_road.3", "main_road.1"),
        ("house_grade.A", "house_grade.none"),
        ("other_cause.08", "other_cause.none"),
        ("poor_village.no", "poor_village.yes"),
        ("income_item.wage_income", "income_item.tr_dibao"),
        ("toilet.none", "toilet.no"),
        ("recorded.yes", "recorded.no"),
        ("able.yes", "able.no"),
        ("size.2", "size.1"),
        ("income.12000", "income.10000"),
        ("income_line.more", "income_line.below"),
        ("verdict.missing", "verdict.none"),
        ("failed.none", "failed.water"),
    ],
)
def test_what_holds_of_a_household_and_what_does_not(leader, home, yes, no):
    recompute(make.COUNTY, YEAR)
    assert holds(leader, yes), yes
    assert not holds(leader, no), no


def test_an_amount_of_nothing_is_not_had(leader, home):
    assert not holds(leader, "land_item.arable_mu")
    home.annual_records.update(arable_mu=Decimal("1.5"))
    assert holds(leader, "land_item.arable_mu")


def test_another_year_has_its_own_record(leader, home):
    assert holds(leader, "house_grade.none", YEAR - 1)
    assert not holds(leader, "house_grade.A", YEAR - 1)


def test_the_fact_of_the_year_stands_before_the_current_one(leader, home):
    head = home.members.get(relation="01")
    Member.objects.filter(pk=head.pk).update(health="03")
    assert narrow_people(counted_people(leader, YEAR), ["health.03"], YEAR).get() == head
    make.member_year(head, health="02")
    assert not narrow_people(counted_people(leader, YEAR), ["health.03"], YEAR).exists()
    assert narrow_people(counted_people(leader, YEAR), ["health.02"], YEAR).get() == head
    assert narrow_people(counted_people(leader, YEAR - 1), ["health.03"], YEAR - 1).get() == head


def test_a_household_is_found_by_one_of_its_people_who_counts(leader, home):
    child = home.members.get(relation="03")
    make.member_year(child, health="04")
    assert holds(leader, "health.04")
    Member.objects.filter(pk=child.pk).update(left_on=date(YEAR, 9, 30), left_reason="01")
    assert not holds(leader, "health.04")


def test_people_are_narrowed_by_what_their_household_is(leader, home):
    make.assessment(home, persons=2)
    make.household(members=1, main_cause="09")
    people = counted_people(leader, YEAR)
    assert {each.household_id for each in narrow_people(people, ["cause.02", "sex.1"], YEAR)} == {home.pk}
    assert not narrow_people(people, ["cause.02", "cause.09"], YEAR).exists()


def test_several_figures_must_all_hold(leader, home):
    make.assessment(home, persons=2)
    rows = registered(leader)
    assert narrow_households(rows, ["house_grade.A", "cause.02", "sex.1"], YEAR, leader).exists()
    assert not narrow_households(rows, ["house_grade.A", "cause.03"], YEAR, leader).exists()
    assert narrow_households(rows, [], YEAR, leader).count() == rows.count()


@pytest.mark.parametrize(
    "text",
    ["", "health", "health.", "health.77", "nothing.01", "income_band.x", "income_band.9" * 9, "age.06", ".", "x"],
)
def test_a_figure_that_is_none_leaves_nothing(leader, home, text):
    assert not narrow_households(registered(leader), [text], YEAR, leader).exists()
    assert not narrow_people(counted_people(leader, YEAR), [text], YEAR).exists()
    assert figure_label(text) == "认不出的统计项"


def test_measures_of_the_dashboard_are_figures_too(leader, home):
    make.assessment(home, blockers=["identified_this_year"], gaps=["income"])
    assert holds(leader, "incomplete.yes")
    assert holds(leader, "blocker.identified_this_year")
    assert not holds(leader, "blocker.other")
    assert narrow_people(counted_people(leader, YEAR), ["incomplete.yes"], YEAR).count() == 2


def test_nobody_is_found_through_people_he_may_not_see(home):
    stranger = make.posted(Role.VILLAGE_CADRE, make.NEXT_VILLAGE)
    assert not narrow_households(registered(stranger), ["sex.1"], YEAR, stranger).exists()
    assert not counted_people(stranger, YEAR).exists()


# Words.


def test_figures_are_said_in_words():
    assert figure_label("health.03") == "健康状况：患有大病"
    assert figure_label("age.60") == "年龄：60 岁及以上"
    assert figure_label("main_road.20") == "与村主干路距离：20 公里及以上"
    assert figure_label("incomplete.yes") == "录入未完成"


def test_choices_are_grouped_by_dimension():
    found = dict(choices(OF_PERSON, ["health", "sex"]))
    assert list(found) == ["健康状况", "性别"]
    assert ("health.03", "患有大病") in found["健康状况"]
    assert len(choices()) == len(choices(OF_PERSON)) + len(choices(OF_HOUSEHOLD)) == len(DIMENSIONS)
