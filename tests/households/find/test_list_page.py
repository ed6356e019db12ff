"""The list of households and the first page of a new one."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import Household, Spell
from tests import factories, standings
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


# -- standing ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def kinds():
    """One household of each kind of standing, with what the address calls it."""
    watched = factories.household(
        exit_status="1", exit_year=2018, monitor_type="1", risk_identified_on=date(2019, 3, 1)
    )  # fmt: skip
    safe = factories.household(
        exit_status="1", exit_year=2018, monitor_type="3", risk_identified_on=date(2019, 3, 1), risk_cleared=True,
        risk_cleared_on=date(2020, 3, 1),
    )  # fmt: skip
    poor = factories.ordinary()
    line = standings.department_row(poor, klass_id="tekun")
    Spell.objects.create(household=poor, village_id=poor.village_id, klass_id="tekun", since=date(2024, 1, 1),
                         origin="department", department_row=line)  # fmt: skip
    return {"watched": watched, "safe": safe, "civil": poor, "ordinary": factories.ordinary()}


@pytest.mark.parametrize(
    ("asked", "year", "names"),
    [
        ("monitor=any", 2026, {"watched", "safe"}),
        ("monitor=1", 2026, {"watched"}),
        ("risk=open", 2026, {"watched"}),
        ("risk=cleared", 2026, {"safe"}),
        ("monitor=3&risk=open", 2019, {"safe"}),
        ("risk=cleared", 2019, set()),
        ("monitor=any", 2018, set()),
        ("civil=any", 2026, {"civil"}),
        ("civil=tekun", 2026, {"civil"}),
        ("civil=dibao", 2026, set()),
        ("civil=any&everybody=1", 2023, set()),
        ("candidate=1", 2026, {"ordinary"}),
        ("everybody=1", 2026, {"watched", "safe", "civil", "ordinary"}),
        ("figure=monitor_type.1", 2026, {"watched"}),
    ],
)
def test_the_list_is_narrowed_by_standing(client, kinds, asked, year, names):
    for row in kinds.values():
        factories.assessment(row, year)
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    page = client.get(f"/households/?year={year}&{asked}").content.decode()
    assert {name for name, row in kinds.items() if f"/households/{row.pk}/" in page} == names


def test_a_past_year_shows_no_standing_of_today(client, kinds):
    factories.assessment(kinds["watched"], 2016, exit_status="0", monitor_type="")
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    page = client.get("/households/?year=2016").content.decode()
    row = page[page.index(f"/households/{kinds['watched'].pk}/") :]
    assert "未脱贫" in row
    assert "脱贫不稳定户" not in row
