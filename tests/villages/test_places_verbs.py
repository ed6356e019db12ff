"""New villages and groups, new names, village facts: what is done, what is refused, who may."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from povreg.kit.stale import Conflict
from tests import factories
from villages.models import Place, PlaceChange, VillageProfile
from villages.places import services
from villages.rights import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
FACTS = {
    "is_poor": True, "in_mountain_cluster": False, "village_attr": "01", "delisted_year": 2018,
    "households": 410, "population": 1500, "collective_income": None,
}  # fmt: skip


@pytest.fixture
def officer():
    """The county officer; the county has its township and village."""
    factories.place()
    return factories.posted(Role.COUNTY_OFFICER)


@pytest.fixture
def neighbour():
    """A county officer of another county."""
    return factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY)


def refused(call, field, text):
    with pytest.raises(ValidationError, match=text) as fault:
        call()
    assert list(fault.value.message_dict) == [field]


def verb_of(row):
    return row.history.latest("pgh_id").pgh_context.metadata["verb"]


# New villages


def test_a_village_is_added_under_its_township(officer):
    village = services.add_village(
        by=officer, township=factories.TOWNSHIP, code="500154201299", name="新泉村村民委员会"
    )
    village.refresh_from_db()
    assert (village.short_name, village.initials, village.level) == ("新泉村", "xqc", Place.Level.VILLAGE)
    assert village.parent_id == factories.TOWNSHIP


@pytest.mark.parametrize(
    ("code", "name", "field", "text"),
    [
        ("500154202299", "新泉村", "code", "前 9 位是乡镇代码"),
        ("50015420129", "新泉村", "code", "12 位数字"),
        ("50015420129x", "新泉村", "code", "12 位数字"),
        (factories.VILLAGE, "新泉村", "code", "已被使用"),
        ("500154201299", " ", "name", "请填写名称"),
        ("500154201299", "泉秀村村委会", "name", "已有“泉秀村”"),
    ],
)
def test_a_village_with_a_wrong_code_or_name_is_refused(officer, code, name, field, text):
    refused(lambda: services.add_village(by=officer, township=factories.TOWNSHIP, code=code, name=name), field, text)


def test_a_village_lies_under_a_township_only(officer):
    refused(
        lambda: services.add_village(by=officer, township=factories.COUNTY, code="500154201299", name="新泉村"),
        "township",
        "不是乡镇",
    )


# Groups


def test_groups_are_numbered_in_the_village(officer):
    codes = [
        services.add_group(by=officer, village=factories.VILLAGE, name=name).code for name in ("1组", "2组", "大坪")
    ]
    assert codes == [f"{factories.VILLAGE}00{number}" for number in (1, 2, 3)]


def test_a_group_of_the_same_name_is_refused(officer):
    services.add_group(by=officer, village=factories.VILLAGE, name="1组")
    refused(lambda: services.add_group(by=officer, village=factories.VILLAGE, name="１ 组"), "name", "已有“1组”")


def test_a_group_lies_under_a_village_only(officer):
    refused(lambda: services.add_group(by=officer, village=factories.TOWNSHIP, name="1组"), "village", "不是行政村")


def test_the_thousandth_group_is_refused(officer):
    factories.place(f"{factories.VILLAGE}999", name="999组")
    with pytest.raises(ValidationError, match="组号已用完"):
        services.add_group(by=officer, village=factories.VILLAGE, name="新组")


# New names


def test_a_new_name_keeps_the_old_one_and_its_decision(officer):
    change = services.rename_place(
        by=officer, place=factories.VILLAGE, name="新泉村村民委员会", on=TODAY, document="开州府〔2020〕1号"
    )
    village = Place.objects.get(pk=factories.VILLAGE)
    assert (village.short_name, village.initials) == ("新泉村", "xqc")
    assert (change.kind, change.old_name) == (PlaceChange.Kind.RENAME, factories.NAMES[factories.VILLAGE])
    assert verb_of(village) == "rename_place"
    assert village.history.latest("pgh_id").pgh_context.metadata["reason"] == "开州府〔2020〕1号"


@pytest.mark.parametrize(
    ("facts", "field", "text"),
    [
        ({"name": factories.NAMES[factories.VILLAGE]}, "name", "与原名称相同"),
        ({"name": "小园村村民委员会"}, "name", "已有“小园村”"),
        ({"name": ""}, "name", "请填写名称"),
        ({"on": TODAY + timedelta(days=1)}, "on", "还没有到"),
        ({"document": " "}, "document", "批复文号"),
    ],
)
def test_a_wrong_new_name_is_refused(officer, facts, field, text):
    factories.place(factories.NEXT_VILLAGE)
    given = {"name": "新泉村村民委员会", "on": TODAY, "document": "文号"} | facts
    refused(lambda: services.rename_place(by=officer, place=factories.VILLAGE, **given), field, text)


def test_an_abolished_place_keeps_its_name(officer):
    Place.objects.filter(pk=factories.VILLAGE).update(retired_on=date(2020, 5, 1))
    refused(
        lambda: services.rename_place(by=officer, place=factories.VILLAGE, name="新泉村", on=TODAY, document="文号"),
        "place",
        "已于2020年05月01日撤销",
    )


# Village facts


def save(by, version=0, **facts):
    return services.save_profile(by=by, village=factories.VILLAGE, version=version, facts=FACTS | facts)


def test_village_facts_are_recorded_and_corrected(officer):
    assert save(officer).version == 1
    assert save(officer, version=1, population=1600).version == 2
    profile = VillageProfile.objects.get(pk=factories.VILLAGE)
    assert (profile.population, profile.delisted_year) == (1600, 2018)
    assert verb_of(profile) == "save_profile"


@pytest.mark.parametrize(
    ("facts", "field", "text"),
    [
        ({"is_poor": False}, "delisted_year", "非贫困村不填出列年度"),
        ({"delisted_year": TODAY.year + 1}, "delisted_year", "不能晚于今年"),
        ({"population": 400}, "population", "不能少于总户数"),
    ],
)
def test_facts_that_contradict_each_other_are_refused(officer, facts, field, text):
    refused(lambda: save(officer, **facts), field, text)
    assert not VillageProfile.objects.exists()


def test_somebody_elses_change_in_between_is_not_overwritten(officer):
    save(officer)
    with pytest.raises(Conflict, match="保存过这条记录"):
        save(officer, version=0, population=1)


def test_facts_belong_to_villages(officer):
    with pytest.raises(ValidationError, match="不是行政村"):
        services.save_profile(by=officer, village=factories.TOWNSHIP, version=0, facts=FACTS)


# Who may


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COUNTY_OFFICER])
def test_only_the_county_office_looks_after_places(role):
    person = factories.posted(role)
    factories.place()
    with pytest.raises(PermissionDenied):
        services.add_group(by=person, village=factories.VILLAGE, name="1组")


def test_a_neighbouring_county_may_change_nothing_here(neighbour):
    factories.place()
    calls = [
        lambda: services.add_village(by=neighbour, township=factories.TOWNSHIP, code="500154201299", name="新泉村"),
        lambda: services.add_group(by=neighbour, village=factories.VILLAGE, name="1组"),
        lambda: services.rename_place(by=neighbour, place=factories.VILLAGE, name="新", on=TODAY, document="文号"),
        lambda: save(neighbour),
    ]
    for call in calls:
        with pytest.raises(PermissionDenied):
            call()
