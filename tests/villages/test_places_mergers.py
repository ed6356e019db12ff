"""Mergers and splits: what moves, what stays findable, what is refused."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests import factories
from tests.factories import NEXT_VILLAGE, OTHER_VILLAGE, VILLAGE
from villages.models import Place, PlaceChange, Posting, VillageProfile
from villages.places import services
from villages.places.mergers import Part, merge_villages, split_village
from villages.rights import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
THIRD = "500154201202"
DECISION = {"on": TODAY, "document": "开州府〔2020〕7号"}


@pytest.fixture
def officer():
    for code in (VILLAGE, NEXT_VILLAGE, THIRD):
        factories.place(code)
    return factories.posted(Role.COUNTY_OFFICER)


def merge(by, *sources, target=VILLAGE, **decision):
    return merge_villages(by=by, sources=sources or [NEXT_VILLAGE], target=target, **DECISION | decision)


def split(by, parts, source=VILLAGE, **more):
    return split_village(by=by, source=source, parts=parts, **DECISION | more)


def refused(call, field, text):
    with pytest.raises(ValidationError, match=text) as fault:
        call()
    assert list(fault.value.message_dict) == [field]
    assert not PlaceChange.objects.exists()


# Mergers


def test_a_merger_moves_every_household_and_retires_the_source(officer):
    moved = factories.household(NEXT_VILLAGE, members=2)
    record = factories.annual_record(moved)
    stayed = factories.household(VILLAGE)
    (change,) = merge(officer)
    for row in (moved, record, stayed, moved.members.first()):
        row.refresh_from_db()
        assert row.village_id == VILLAGE
    source = Place.objects.get(pk=NEXT_VILLAGE)
    assert (source.retired_on, source.successor_id) == (TODAY, VILLAGE)
    assert (change.kind, change.households_moved, change.document) == ("merge", 1, "开州府〔2020〕7号")


def test_the_history_of_a_moved_household_names_verb_and_decision(officer):
    moved = factories.household(NEXT_VILLAGE)
    merge(officer)
    context = moved.history.latest("pgh_id").pgh_context.metadata
    assert (context["verb"], context["reason"], context["user"]) == ("merge_villages", DECISION["document"], officer.pk)


def test_several_villages_merge_at_once(officer):
    assert [change.source_id for change in merge(officer, NEXT_VILLAGE, THIRD)] == [NEXT_VILLAGE, THIRD]
    assert set(Place.objects.get(pk=VILLAGE).predecessors.values_list("code", flat=True)) == {NEXT_VILLAGE, THIRD}


def test_groups_go_on_under_the_target(officer):
    services.add_group(by=officer, village=VILLAGE, name="1组")
    for name in ("1组", "9组"):
        services.add_group(by=officer, village=NEXT_VILLAGE, name=name)
    merge(officer)
    current = Place.objects.current().filter(level=Place.Level.GROUP)
    assert list(current.values_list("parent_id", "short_name")) == [(VILLAGE, "1组"), (VILLAGE, "9组")]
    heirs = Place.objects.filter(parent_id=NEXT_VILLAGE).values_list("successor_id", flat=True)
    assert list(heirs) == [f"{VILLAGE}001", f"{VILLAGE}002"]


def test_figures_of_the_villages_add_up(officer):
    factories.village_profile(
        NEXT_VILLAGE, is_poor=True, delisted_year=2018, households=100, population=300, collective_income=5000
    )
    factories.village_profile(VILLAGE, is_poor=False, households=200, population=700, collective_income=None)
    merge(officer)
    profile = VillageProfile.objects.get(pk=VILLAGE)
    assert (profile.households, profile.population, profile.collective_income) == (300, 1000, 5000)
    assert (profile.is_poor, profile.delisted_year) == (True, 2018)


def test_a_poor_village_still_on_the_list_keeps_the_merged_one_on_it(officer):
    factories.village_profile(NEXT_VILLAGE, is_poor=True, delisted_year=2018)
    factories.village_profile(VILLAGE, is_poor=True, delisted_year=None)
    merge(officer)
    assert VillageProfile.objects.get(pk=VILLAGE).delisted_year is None


def test_figures_follow_into_a_village_that_had_none(officer):
    factories.village_profile(NEXT_VILLAGE, is_poor=True, households=100)
    merge(officer)
    assert VillageProfile.objects.get(pk=VILLAGE).households == 100


def test_cadres_and_supporting_units_follow(officer):
    cadre = factories.posted(Role.VILLAGE_CADRE, NEXT_VILLAGE)
    worker = factories.cadre(place=factories.place(NEXT_VILLAGE))
    unit = factories.unit()
    unit.villages.add(NEXT_VILLAGE)
    merge(officer)
    assert cadre.postings_today() == [(Role.VILLAGE_CADRE, VILLAGE)]
    assert Posting.objects.get(user=cadre, place=NEXT_VILLAGE).ends_on == TODAY - timedelta(days=1)
    worker.refresh_from_db()
    cadre.refresh_from_db()
    assert (worker.place_id, cadre.place_id) == (VILLAGE, VILLAGE)
    assert list(unit.villages.values_list("code", flat=True)) == [VILLAGE]


def test_postings_of_the_past_stay_where_they_were(officer):
    cadre = factories.posted(Role.VILLAGE_CADRE, NEXT_VILLAGE)
    Posting.objects.filter(user=cadre).update(ends_on=date(2019, 1, 1))
    merge(officer)
    assert list(Posting.objects.filter(user=cadre).values_list("place_id", flat=True)) == [NEXT_VILLAGE]


def test_a_cadre_of_both_villages_is_posted_once(officer):
    cadre = factories.posted(Role.VILLAGE_CADRE, NEXT_VILLAGE)
    factories.posting(cadre, Role.VILLAGE_CADRE, VILLAGE)
    merge(officer)
    assert cadre.postings_today() == [(Role.VILLAGE_CADRE, VILLAGE)]


@pytest.mark.parametrize(
    ("sources", "more", "field", "text"),
    [
        ([VILLAGE], {}, "sources", "不能并入或划入自己"),
        ([OTHER_VILLAGE], {}, "sources", "不在同一个县"),
        ([factories.TOWNSHIP], {}, "sources", "不是行政村"),
        (["500154201998"], {}, "sources", "没有代码为 500154201998 的地点"),
        ([NEXT_VILLAGE], {"on": TODAY + timedelta(days=1)}, "on", "还没有到"),
        ([NEXT_VILLAGE], {"document": ""}, "document", "批复文号"),
    ],
)
def test_nonsense_is_refused(officer, sources, more, field, text):
    factories.place(OTHER_VILLAGE)
    factories.posting(officer, Role.COUNTY_OFFICER, factories.OTHER_COUNTY)
    refused(lambda: merge(officer, *sources, **more), field, text)


def test_a_merger_without_sources_is_refused(officer):
    refused(lambda: merge_villages(by=officer, sources=[], target=VILLAGE, **DECISION), "sources", "请选择")


def test_an_abolished_village_takes_no_part(officer):
    Place.objects.filter(pk=VILLAGE).update(retired_on=date(2019, 1, 1))
    refused(lambda: merge(officer), "sources", "已于2019年01月01日撤销")


# Splits


def test_groups_go_to_another_village_with_their_households(officer):
    gone = [factories.household(VILLAGE, group_name=name) for name in ("1组", "2组")]
    stays = factories.household(VILLAGE, group_name="3组")
    (change,) = split(officer, {NEXT_VILLAGE: Part(groups=["1组", "2组"])})
    for row, village in ((gone[0], NEXT_VILLAGE), (gone[1], NEXT_VILLAGE), (stays, VILLAGE)):
        row.refresh_from_db()
        assert row.village_id == village
    assert (change.kind, change.households_moved) == ("split", 2)
    assert Place.objects.get(pk=VILLAGE).retired_on is None


def test_single_households_and_the_rest_go_to_different_villages(officer):
    first, second = factories.household(VILLAGE), factories.household(VILLAGE)
    changes = split(officer, {NEXT_VILLAGE: Part(household_ids=[first.pk])}, rest_to=THIRD)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.village_id, second.village_id) == (NEXT_VILLAGE, THIRD)
    assert [change.households_moved for change in changes] == [1, 1]
    source = Place.objects.get(pk=VILLAGE)
    assert (source.retired_on, source.successor_id) == (TODAY, THIRD)


def test_households_of_another_village_are_not_dragged_along(officer):
    elsewhere = factories.household(THIRD)
    here = factories.household(VILLAGE)
    split(officer, {NEXT_VILLAGE: Part(household_ids=[here.pk, elsewhere.pk])})
    elsewhere.refresh_from_db()
    assert elsewhere.village_id == THIRD


@pytest.mark.parametrize(
    ("parts", "field", "text"),
    [
        ({}, "target", "请至少选择"),
        ({VILLAGE: Part(groups=["1组"])}, "target", "自己"),
        ({NEXT_VILLAGE: Part(groups=["没有的组"])}, "groups", "没有农户"),
        ({NEXT_VILLAGE: Part()}, "groups", "没有农户"),
        ({NEXT_VILLAGE: Part(groups=["1组"]), THIRD: Part(groups=["1组"])}, "groups", "同一农户"),
        ({OTHER_VILLAGE: Part(groups=["1组"])}, "target", "不在同一个县"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(officer, parts, field, text):
    factories.place(OTHER_VILLAGE)
    factories.posting(officer, Role.COUNTY_OFFICER, factories.OTHER_COUNTY)
    household = factories.household(VILLAGE, group_name="1组")
    refused(lambda: split(officer, parts), field, text)
    household.refresh_from_db()
    assert household.village_id == VILLAGE


# Who may


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COUNTY_OFFICER])
def test_only_the_county_office_merges_and_splits(role):
    person = factories.posted(role)
    for call in (lambda: merge(person), lambda: split(person, {NEXT_VILLAGE: Part(groups=["1组"])})):
        with pytest.raises(PermissionDenied):
            call()


def test_a_county_does_not_merge_its_neighbours_village(officer):
    factories.place(OTHER_VILLAGE)
    with pytest.raises(PermissionDenied):
        merge(officer, OTHER_VILLAGE)
    with pytest.raises(PermissionDenied):
        merge(factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY))
