"""Pages of places: who sees what, what a form does, and how a refusal comes back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.factories import COUNTY, NEXT_VILLAGE, OTHER_VILLAGE, TOWNSHIP, VILLAGE
from villages.models import Place, PlaceChange, VillageProfile
from villages.rights import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate().isoformat()
DECISION = {"on": TODAY, "document": "开州府〔2020〕7号"}
EDITS = {
    "village-profile": VILLAGE,
    "village-new": TOWNSHIP,
    "place-rename": VILLAGE,
    "village-merge": VILLAGE,
    "village-split": VILLAGE,
}


@pytest.fixture
def officer(client):
    for code in (VILLAGE, NEXT_VILLAGE):
        factories.place(code)
    person = factories.posted(Role.COUNTY_OFFICER)
    client.force_login(person)
    return person


def address(name, code=VILLAGE):
    return reverse(name, args=[code])


# Browsing


@pytest.mark.parametrize(
    ("role", "code"), [(Role.COUNTY_OFFICER, COUNTY), (Role.TOWNSHIP_OFFICER, TOWNSHIP), (Role.VILLAGE_CADRE, VILLAGE)]
)
def test_browsing_starts_at_ones_posting(client, role, code):
    client.force_login(factories.posted(role))
    assert client.get(reverse("places")).url == address("place", code)


def test_several_postings_are_listed_outermost_only(client):
    person = factories.posted(Role.TOWNSHIP_OFFICER)
    factories.posting(person, Role.VILLAGE_CADRE, VILLAGE)
    factories.posting(person, Role.VILLAGE_CADRE, "500154202200")
    client.force_login(person)
    page = client.get(reverse("places")).content.decode()
    assert address("place", TOWNSHIP) in page
    assert address("place", "500154202200") in page
    assert address("place", VILLAGE) not in page


def test_a_township_lists_its_villages_with_the_poor_mark(client, officer):
    factories.village_profile(VILLAGE, is_poor=True, delisted_year=2018, households=1410)
    page = client.get(address("place", TOWNSHIP)).content.decode()
    assert "2018 年出列" in page
    assert "1,410" in page
    assert address("place", NEXT_VILLAGE) in page
    assert address("place", NEXT_VILLAGE) not in client.get(address("place", TOWNSHIP), {"poor": "1"}).content.decode()


def test_a_place_outside_the_postings_is_not_found(client, officer):
    factories.place(OTHER_VILLAGE)
    assert client.get(address("place", OTHER_VILLAGE)).status_code == 404
    assert client.get(address("place", "50")).status_code == 404
    assert client.get(address("place", "123")).status_code == 404


def test_an_abolished_village_points_to_its_successor(client, officer):
    Place.objects.filter(pk=NEXT_VILLAGE).update(retired_on="2020-05-01", successor=VILLAGE)
    page = client.get(address("place", NEXT_VILLAGE)).content.decode()
    assert "2020年5月1日撤销" in page
    assert address("village-profile", NEXT_VILLAGE) not in page


@pytest.mark.parametrize("name", EDITS)
def test_who_does_not_look_after_places_gets_no_form(client, name):
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER))
    assert client.get(address(name, EDITS[name])).status_code == 403


@pytest.mark.parametrize("name", EDITS)
def test_a_neighbouring_county_finds_no_form(client, name):
    factories.place()
    client.force_login(factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY))
    assert client.get(address(name, EDITS[name])).status_code == 404


@pytest.mark.parametrize(("name", "code"), [("village-profile", TOWNSHIP), ("village-new", VILLAGE)])
def test_a_form_is_offered_at_its_own_level_only(client, officer, name, code):
    assert client.get(address(name, code)).status_code == 404


@pytest.mark.parametrize("name", EDITS)
def test_every_form_opens(client, officer, name):
    assert client.get(address(name, EDITS[name])).status_code == 200


# Saving


def test_village_facts_are_saved_from_the_form(client, officer):
    facts = {"is_poor": "on", "village_attr": "01", "delisted_year": "2018", "households": "410", "population": "1500"}
    answer = client.post(address("village-profile"), facts | {"collective_income": "52000.5"})
    assert answer.url == address("place")
    profile = VillageProfile.objects.get(pk=VILLAGE)
    assert (profile.is_poor, profile.households, str(profile.collective_income)) == (True, 410, "52000.50")
    assert "410 户" in client.get(answer.url).content.decode()


def test_refused_facts_stay_on_the_form_with_the_reason(client, officer):
    answer = client.post(
        address("village-profile"), {"delisted_year": "2018", "households": "1.5", "collective_income": "五万"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写整数" in page
    assert "请填写金额" in page
    assert 'value="五万"' in page
    answer = client.post(address("village-profile"), {"delisted_year": "2018"})
    assert "非贫困村不填出列年度" in answer.content.decode()


def test_an_older_form_does_not_overwrite(client, officer):
    factories.village_profile(VILLAGE, households=100, version=3)
    answer = client.post(address("village-profile"), {"version": "2", "households": "1"})
    assert answer.status_code == 409
    assert VillageProfile.objects.get(pk=VILLAGE).households == 100


def test_a_village_and_a_group_are_added(client, officer):
    client.post(address("village-new", TOWNSHIP), {"code": "500154201299", "name": "新泉村村民委员会"})
    client.post(address("group-new", "500154201299"), {"name": "1组"})
    assert Place.objects.get(pk="500154201299001").short_name == "1组"


def test_a_refused_group_comes_back_on_the_page_of_the_village(client, officer):
    answer = client.post(address("group-new"), {"name": ""})
    assert answer.status_code == 422
    assert "请填写名称" in answer.content.decode()


def test_a_village_gets_a_new_name(client, officer):
    client.post(address("place-rename"), {"name": "新泉村村民委员会", **DECISION})
    assert "由“泉秀村民委员会”更名" in client.get(address("place")).content.decode()


def test_villages_are_merged_and_the_change_is_shown(client, officer):
    factories.household(NEXT_VILLAGE)
    answer = client.post(address("village-merge"), {"sources": [NEXT_VILLAGE], **DECISION}, follow=True)
    page = answer.content.decode()
    assert "已把 1 个村并入泉秀村，随迁 1 户" in page
    assert "小园村并入泉秀村" in page


def test_a_village_of_another_township_is_merged_through_the_picker(client, officer):
    factories.place("500154202200")
    client.post(address("village-merge"), {"other": "500154202200", **DECISION})
    assert Place.objects.get(pk="500154202200").successor_id == VILLAGE


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (DECISION, "请选择要并入的村"),
        ({"sources": [NEXT_VILLAGE], "on": "昨天", "document": "文号"}, "不是日期"),
        ({"sources": [NEXT_VILLAGE], "on": TODAY}, "请填写批复文号"),
        ({"sources": [OTHER_VILLAGE], **DECISION}, "不在本乡镇"),
        ({"other": OTHER_VILLAGE, **DECISION}, "没有找到"),
    ],
)
def test_a_refused_merger_changes_nothing(client, officer, data, text):
    factories.place(OTHER_VILLAGE)
    answer = client.post(address("village-merge"), data)
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert not PlaceChange.objects.exists()


def test_groups_are_handed_over(client, officer):
    moved = factories.household(VILLAGE, group_name="2组")
    client.post(address("village-split"), {"target": NEXT_VILLAGE, "groups": "1组、2组", **DECISION})
    moved.refresh_from_db()
    assert moved.village_id == NEXT_VILLAGE


def test_a_split_without_such_a_group_says_so(client, officer):
    answer = client.post(address("village-split"), {"target": NEXT_VILLAGE, "groups": "8组", **DECISION})
    assert answer.status_code == 422
    assert "所选的组里没有农户" in answer.content.decode()
