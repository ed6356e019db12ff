"""Who is found although he left, is read otherwise, or was asked for by half a number; and walking through a list."""

from __future__ import annotations

from datetime import date

import pytest

from households.models import Household
from households.register import member_changes
from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = factories.YEAR


@pytest.fixture
def officer(client):
    account = factories.posted(Role.COUNTY_OFFICER)
    client.force_login(account)
    return account


def search(client, typed):
    return client.post(f"/households/find/?year={YEAR}", {"search": typed}, follow=True)


def test_who_died_is_found_and_said_to_be_dead(client, officer):
    household = factories.household(members=1)
    old = factories.member(household, name="谭春生", born=date(1940, 3, 1), relation="11")
    number = old.id_no
    member_changes.record_leaving(by=None, member=old, kind="01", on=date(2019, 5, 3))
    for typed in ("谭春生", "tanchunsheng", "tcs", number):
        answer = search(client, typed)
        [found] = answer.context["gone"]
        assert (found["name"], found["what"]) == ("谭春生", "2019年5月3日死亡")
        assert f"/households/{household.pk}/members/" in found["url"]
        assert not answer.context["rows"]
    assert search(client, "王明海").context["gone"] == []


def test_a_stranger_s_dead_are_not_found(client):
    household = factories.household(members=1)
    old = factories.member(household, name="谭春生", born=date(1940, 3, 1), relation="11")
    member_changes.record_leaving(by=None, member=old, kind="01", on=date(2019, 5, 3))
    client.force_login(factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE))
    assert search(client, "谭春生").context["gone"] == []


@pytest.mark.parametrize("typed", ["500198********1234", "138****1234"])
def test_a_masked_number_is_said_to_be_of_no_use(client, officer, typed):
    factories.household(members=1)
    assert "请输完整的 18 位" in search(client, typed).content.decode()


def test_the_end_of_a_number_is_said_to_be_of_no_use(client, officer):
    factories.household(members=1)
    assert "只能按完整的号码查" in search(client, "4217").content.decode()


@pytest.mark.parametrize("typed", ["wangyue", "wangle", "wy", "wl"])
def test_a_name_is_found_by_each_reading(client, officer, typed):
    household = factories.household(members=1)
    factories.member(household, name="王乐")
    factories.member(factories.household(members=1), name="李明")
    assert [row["pk"] for row in search(client, typed).context["rows"]] == [household.pk]


def test_pages_of_a_list_are_walked(client, officer, monkeypatch):
    for module in ("households.find.listing", "households.find.paged"):
        monkeypatch.setattr(f"{module}.ROWS", 2)
    rows = [factories.household(members=1) for _number in range(5)]
    told = client.get(f"/households/walk/?year={YEAR}&page=2&end=after").json()
    assert told["rows"] == [row.pk for row in rows[2:4]]
    assert "page=3" in told["after"]
    assert "page=1" in told["before"]
    last = client.get(f"{told['after']}").json()
    assert (last["rows"], last["after"]) == ([rows[4].pk], "")


def test_saving_goes_on_in_the_list_one_came_from(client):
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    first, second, third = (factories.household(members=1) for _number in range(3))
    foreign = factories.household(factories.NEXT_VILLAGE, members=1)

    def led(**following):
        typed = {"version": Household.objects.get(pk=first.pk).version, "then": "household", **following}
        return client.post(f"/households/{first.pk}/basic/?year={YEAR}", typed).headers["Location"]

    assert led(following=third.pk) == f"/households/{third.pk}/basic/?year={YEAR}"
    assert led(following="list", list="/households/?verdict=fail") == "/households/?verdict=fail"
    for wrong in ({"following": foreign.pk}, {"following": "list", "list": "//evil.example/households/"}):
        assert f"/households/{second.pk}/" in led(**wrong)


def test_an_untouched_form_says_that_nothing_was_changed(client):
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    household = factories.household(members=1)
    for section in ("basic", "members", "income"):
        url = f"/households/{household.pk}/{section}/?year={YEAR}"
        answer = client.post(url, {"version": household.version, "new-TOTAL_FORMS": 0}, follow=True)
        assert "没有改动，不用保存" in answer.content.decode(), section
        assert "已保存" not in answer.content.decode(), section
