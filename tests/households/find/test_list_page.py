"""The list of households and the first page of a new one."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import Household
from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = factories.YEAR


@pytest.fixture
def officer(client):
    account = factories.posted(Role.TOWNSHIP_OFFICER)
    client.force_login(account)
    return account


@pytest.fixture
def cadre(client):
    account = factories.posted(Role.VILLAGE_CADRE)
    client.force_login(account)
    return account


def shown(client, query=""):
    page = client.get(f"/households/?year={YEAR}&{query}")
    assert page.status_code == 200
    return {row.pk for row in page.context["page"].rows}


@pytest.mark.parametrize(
    ("query", "facts", "verdict"),
    [
        ("verdict=fail", {}, {"failed": ["housing"]}),
        ("failed=housing", {}, {"failed": ["housing"]}),
        ("missing=water", {}, {"missing": ["water"]}),
        ("gap=income", {}, {"gaps": ["income"]}),
        ("borderline=1", {}, {"borderline": True}),
        ("exit_status=1", {"exit_status": "1"}, {}),
        ("attr=04", {"household_attr": "04"}, {}),
        ("type=01", {"exit_status": "1"}, {}),
        ("cause=03", {"main_cause": "03"}, {}),
    ],
)
def test_a_filter_in_the_address_narrows_the_list(client, officer, query, facts, verdict):
    wanted = factories.household(members=1, **facts)
    other = factories.household(members=1)
    factories.assessment(wanted, **verdict)
    factories.assessment(other)
    assert shown(client) == {wanted.pk, other.pk}
    assert shown(client, query) == {wanted.pk}


def test_a_place_narrows_the_list(client, officer):
    here = factories.household(members=1)
    there = factories.household(factories.NEXT_VILLAGE, members=1)
    assert shown(client) == {here.pk, there.pk}
    assert shown(client, f"place={factories.NEXT_VILLAGE}") == {there.pk}


def test_a_name_or_number_never_stands_in_an_address(client, cadre):
    wanted, other = factories.household(members=1), factories.household(members=1)
    person = wanted.members.get()
    type(person).objects.filter(pk=person.pk).update(name="谭春秀")
    for typed in ("春秀", f" {person.id_no.lower()} "):
        answer = client.post("/households/find/?exit_status=0", {"search": typed})
        assert answer.status_code == 302
        assert "exit_status=0" in answer.url
        assert typed.strip() not in answer.url
        assert {row.pk for row in client.get(answer.url).context["page"].rows} == {wanted.pk}
    assert other.pk in shown(client)


def test_a_search_belongs_to_the_session_that_made_it(client, cadre):
    factories.household(members=1)
    address = client.post("/households/find/", {"search": "没有这个人"}).url
    assert client.get(address).context["page"].rows == []
    client.logout()
    client.force_login(cadre)
    assert len(client.get(address).context["page"].rows) == 1


def test_the_list_ends_at_the_posting(client, cadre):
    own = factories.household(members=1)
    factories.household(factories.NEXT_VILLAGE, members=1)
    assert shown(client) == {own.pk}
    assert shown(client, f"place={factories.NEXT_VILLAGE}") == set()


def test_an_empty_list_says_what_to_do(client, cadre):
    assert "登记新户" in client.get("/households/").content.decode()
    assert "没有符合条件的户" in client.get("/households/?verdict=fail").content.decode()


def test_an_unknown_page_gives_the_nearest(client, cadre):
    factories.household(members=1)
    for number in ("0", "99", "x"):
        assert client.get(f"/households/?page={number}").status_code == 200


def test_statements_do_not_grow_with_the_list(client, officer):
    def statements():
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/households/?year={YEAR}")
        return len(caught)

    factories.assessment(factories.household(members=2), failed=["income"])
    statements()
    few = statements()
    for _ in range(20):
        factories.assessment(factories.household(members=3), missing=["water"], gaps=["income"])
    assert statements() <= few


# -- a new household ---------------------------------------------------------------------------------------------------


def head(**facts):
    number = factories.id_number(date(1975, 8, 9))
    return {"village": factories.VILLAGE, "name": "王明海", "id_no": number, "main_cause": "07", **facts}


def test_a_new_household_goes_on_to_its_members(client, cadre):
    answer = client.post("/households/new/", head(group_name="3组", phone="13800001234"))
    row = Household.objects.get()
    assert answer.url.startswith(f"/households/{row.pk}/members/")
    person = row.members.get()
    assert (row.village_id, row.phone, person.relation, person.sex) == (factories.VILLAGE, "13800001234", "01", "1")


def test_a_refused_new_household_keeps_what_was_typed(client, cadre):
    answer = client.post("/households/new/", head(id_no="5001981975"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "还差 8 位" in page
    assert 'value="王明海"' in page
    assert not Household.objects.exists()


def test_a_new_household_wants_a_village_out_of_the_list(client, cadre):
    answer = client.post("/households/new/", head(village=""))
    assert answer.status_code == 422
    assert "请选择行政村" in answer.content.decode()


def test_nobody_registers_next_door(client, cadre):
    factories.place(factories.NEXT_VILLAGE)
    assert client.post("/households/new/", head(village=factories.NEXT_VILLAGE)).status_code == 403
    assert not Household.objects.exists()


def test_a_cadre_s_own_village_is_filled_in(client, cadre):
    assert client.get("/households/new/").context["form"]["village"].value() == factories.VILLAGE


def test_the_picker_of_an_officer_stays_in_the_township(client, officer):
    assert client.get("/households/new/").context["under"] == factories.TOWNSHIP
