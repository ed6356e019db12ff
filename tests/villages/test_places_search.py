"""Finding places by name, code and initials, inside one's postings only."""

import pytest
from django.urls import reverse

from tests import factories
from tests.factories import COUNTY, NEXT_VILLAGE, OTHER_VILLAGE, TOWNSHIP, VILLAGE
from villages.models import Place
from villages.places import selectors
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    for code in (VILLAGE, NEXT_VILLAGE, OTHER_VILLAGE, "500154202200"):
        factories.place(code)
    factories.place("500154202201", name="关面村民委员会")
    return factories.posted(Role.COUNTY_OFFICER)


def found(user, text, **more):
    return [one.code for one in selectors.search_places(user, text, **more)]


@pytest.mark.parametrize("text", ["泉秀", "秀村", "泉秀村村民委员会", " 泉 秀 ", VILLAGE, "5001542012", "qxc", "QX"])
def test_a_village_is_found_by_name_code_and_initials(officer, text):
    assert VILLAGE in found(officer, text)


@pytest.mark.parametrize("text", ["", "  ", "子虚", "999", "zz", "%", "_", "泉%村"])
def test_what_is_not_there_is_not_found(officer, text):
    assert found(officer, text) == []


def test_names_that_start_with_the_text_come_first_then_higher_places(officer):
    factories.place("500154201203", name="新关面村民委员会")
    assert found(officer, "关面") == [TOWNSHIP, "500154202201", "500154201203"]


def test_a_hit_says_where_it_lies(officer):
    (hit,) = selectors.search_places(officer, "泉秀")
    assert (hit.name, hit.path) == ("泉秀村", "开州区 关面乡")
    (hit,) = selectors.search_places(officer, "开州")
    assert hit.path == "重庆市"


def test_the_search_can_be_narrowed_to_a_level_and_a_place(officer):
    assert found(officer, "关面", level="village") == ["500154202201"]
    assert found(officer, "关面", level="town") == [TOWNSHIP]
    assert found(officer, "村", under=TOWNSHIP, level="village") == [VILLAGE, NEXT_VILLAGE]


def test_abolished_places_are_not_offered(officer):
    Place.objects.filter(pk=VILLAGE).update(retired_on="2020-01-01")
    assert found(officer, "泉秀") == []


def test_a_person_finds_places_of_his_own_postings_only(officer):
    assert OTHER_VILLAGE not in found(officer, "村", level="village")
    cadre = factories.posted(Role.VILLAGE_CADRE)
    assert found(cadre, "村") == [VILLAGE]
    assert found(factories.user(), "村") == []


def test_the_number_of_queries_does_not_grow_with_the_hits(officer, django_assert_num_queries):
    for number in range(30):
        factories.place(f"500154201{300 + number}")
    officer.postings_today()
    with django_assert_num_queries(2):
        assert len(selectors.search_places(officer, "村")) == 20


def test_breadcrumbs_run_from_the_county_down():
    factories.place()
    assert [place.code for place in selectors.breadcrumbs(VILLAGE)] == [COUNTY, TOWNSHIP, VILLAGE]
    assert [place.code for place in selectors.breadcrumbs("50")] == ["50"]


def test_children_are_the_current_places_one_level_down(officer):
    assert list(selectors.children(TOWNSHIP)) == list(Place.objects.filter(code__in=[VILLAGE, NEXT_VILLAGE]))
    assert [place.code for place in selectors.children("")] == ["50"]
    Place.objects.filter(pk=NEXT_VILLAGE).update(retired_on="2020-01-01")
    assert [place.code for place in selectors.children(TOWNSHIP)] == [VILLAGE]


def test_lines_of_a_county_count_villages_and_poor_ones(officer):
    factories.village_profile(VILLAGE, is_poor=True, households=100, population=300)
    factories.village_profile(NEXT_VILLAGE, is_poor=False, households=50)
    lines = {line.place.code: line for line in selectors.lines_of(Place.objects.get(pk=COUNTY))}
    line = lines[TOWNSHIP]
    assert (line.villages, line.poor, line.households, line.population) == (2, 1, 150, 300)
    other = lines["500154202"]
    assert (other.villages, other.poor, other.households) == (2, 0, None)


def test_lines_can_be_limited_to_places_with_poor_villages(officer):
    factories.village_profile(VILLAGE, is_poor=True)
    lines = selectors.lines_of(Place.objects.get(pk=COUNTY), only_poor=True)
    assert [line.place.code for line in lines] == [TOWNSHIP]


def test_lines_of_a_province_count_townships(officer):
    (line,) = selectors.lines_of(Place.objects.get(pk="50"))
    assert (line.place.code, line.townships, line.villages) == ("5001", 3, 5)


# The answer to the picker


def test_the_picker_gets_code_name_and_path(client, officer):
    client.force_login(officer)
    answer = client.get(reverse("place-search"), {"q": "qxc", "level": "village"})
    assert answer.json() == {"results": [{"code": VILLAGE, "name": "泉秀村", "path": "开州区 关面乡"}]}


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "村" * 500}, {"q": "村", "level": "不存在", "under": "x"}])
def test_an_odd_question_gets_an_ordinary_answer(client, officer, query):
    client.force_login(officer)
    assert client.get(reverse("place-search"), query).status_code == 200


def test_the_picker_answers_no_stranger(client):
    assert client.get(reverse("place-search"), {"q": "村"}).status_code == 302
