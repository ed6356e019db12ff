"""Units and cadres: who keeps them, masked numbers, two people at the same record (dictionary.md 5.2)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from povreg.kit.stale import Conflict
from tests import factories
from villages.models import Cadre, Unit, UnitVillage
from villages.rights import Role
from villages.units import services
from villages.units.lists import CADRES, UNITS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady_counts")]


@pytest.fixture
def xian():
    return factories.posted(Role.COUNTY_OFFICER, username="xian")


def save_unit(by, unit=None, **facts):
    defaults = {"name": "区水利局", "kind": Unit.Kind.SUPPORT, "place": factories.place(factories.COUNTY)}
    return services.save_unit(by=by, unit=unit, **defaults | facts)


def save_cadre(by, cadre=None, **facts):
    return services.save_cadre(by=by, cadre=cadre, **{"name": "王立新", "place": factories.place(), **facts})


def test_a_unit_with_the_villages_it_supports(xian):
    unit = save_unit(xian, villages=[factories.place(factories.VILLAGE)], phone="023-52220000")
    assert [place.pk for place in unit.villages.all()] == [factories.VILLAGE]
    metadata = unit.history.latest("pgh_id").pgh_context.metadata
    assert (metadata["user"], metadata["verb"]) == (xian.pk, "save_unit")
    kept = UnitVillage.objects.get(unit=unit).history.get()
    assert kept.pgh_context.metadata["verb"] == "save_unit"


@pytest.mark.parametrize("role", [Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_LEADER, Role.AUDITOR])
def test_no_other_role_keeps_units_and_cadres(role):
    other = factories.posted(role)
    with pytest.raises(PermissionDenied):
        save_unit(other)
    with pytest.raises(PermissionDenied):
        save_cadre(other)


def test_nobody_keeps_those_next_door(xian):
    stranger = factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY)
    unit, cadre = factories.unit(), factories.cadre()
    with pytest.raises(PermissionDenied):
        save_unit(stranger, unit, place=factories.place(factories.OTHER_COUNTY), version=1)
    with pytest.raises(PermissionDenied):
        save_cadre(stranger, cadre, place=factories.place(factories.OTHER_VILLAGE), version=1)
    with pytest.raises(ValidationError, match="不在您的管辖范围内"):
        save_unit(xian, villages=[factories.place(factories.OTHER_VILLAGE)])


def test_a_unit_is_recorded_once(xian):
    save_unit(xian)
    with pytest.raises(ValidationError, match="已有名称为"):
        save_unit(xian)


def test_a_number_fills_sex_and_birth_date(xian):
    number = factories.id_number(date(1980, 5, 6), "2")
    cadre = save_cadre(xian, id_no=f" {number.lower()} ", phone="１３８００００１２３４")
    assert (cadre.sex, cadre.birth_date, cadre.id_no) == ("2", date(1980, 5, 6), number)
    assert cadre.phone == "13800001234"


def test_an_empty_number_leaves_the_stored_one(xian):
    cadre = factories.cadre(phone="13800001234")
    saved = save_cadre(xian, cadre, version=1, post="队长")
    assert (saved.id_no, saved.phone, saved.post) == (cadre.id_no, "13800001234", "队长")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"id_no": "123"}, "id_no"),
        ({"id_no": "500198199913013333"}, "id_no"),
        ({"id_no": "500198198005061234"}, "id_no"),
        ({"phone": "2380000"}, "phone"),
        ({"username": "nobody"}, "username"),
        ({"stationed_to": date(2020, 1, 1)}, "stationed_from"),
        ({"stationed_from": date(2020, 2, 1), "stationed_to": date(2020, 1, 1)}, "stationed_to"),
    ],
)
def test_wrong_facts_are_named(xian, facts, field):
    with pytest.raises(ValidationError) as refusal:
        save_cadre(xian, **facts)
    assert field in refusal.value.message_dict
    assert not Cadre.objects.exists()


def test_a_person_is_recorded_once(xian):
    number = factories.cadre().id_no
    with pytest.raises(ValidationError, match="已经登记过一名干部"):
        save_cadre(xian, id_no=number)


def test_an_account_belongs_to_one_cadre(xian):
    account = factories.posted(Role.HELPER, username="bangfu")
    factories.posted(Role.HELPER, factories.OTHER_COUNTY, username="elsewhere")
    assert save_cadre(xian, username="BangFu").user == account
    with pytest.raises(ValidationError, match="已属于另一名干部"):
        save_cadre(xian, name="李四", username="bangfu")
    with pytest.raises(ValidationError, match="没有找到账号"):
        save_cadre(xian, name="李四", username="elsewhere")


def test_the_slower_of_two_is_told(xian):
    cadre = factories.cadre()
    save_cadre(xian, cadre, version=1, post="队长")
    with pytest.raises(Conflict) as refusal:
        save_cadre(xian, cadre, version=1, post="队员")
    [clash] = refusal.value.clashes
    assert (refusal.value.who, clash.label, clash.stored, clash.typed) == (xian.name, "职务", "队长", "队员")


def test_lists_are_narrowed_and_scoped(xian):
    water = factories.unit(name="区水利局", leader_name="赵局长")
    factories.unit(name="区民政局", kind=Unit.Kind.DEPARTMENT)
    factories.unit(name="万州水利局", place=factories.place(factories.OTHER_COUNTY))
    assert list(UNITS.found(xian, {"q": "水利"})) == [water]
    assert list(UNITS.found(xian, {"q": "赵局"})) == [water]
    assert list(UNITS.found(xian, {"kind": "support"})) == [water]
    first = factories.cadre(is_first_secretary=True, unit=water)
    gone = factories.cadre(is_first_secretary=True, stationed_from=date(2018, 1, 1), stationed_to=date(2019, 1, 1))
    factories.cadre(place=factories.place(factories.OTHER_VILLAGE))
    assert set(CADRES.found(xian)) == {first, gone}
    assert list(CADRES.found(xian, {"duty": "first_secretary"})) == [first]
    assert list(CADRES.found(xian, {"q": "水利"})) == [first]
    assert list(CADRES.found(xian, {"place": factories.NEXT_VILLAGE})) == []


# The pages


def test_lists_cost_the_same_however_long(xian, client, django_assert_max_num_queries):
    for _ in range(5):
        factories.cadre(unit=factories.unit())
    client.force_login(xian)
    client.get(reverse("units"))
    for name in ("units", "cadres"):
        with django_assert_max_num_queries(7):
            assert client.get(reverse(name)).status_code == 200


def test_numbers_are_masked_everywhere(xian, client):
    cadre = factories.cadre(phone="13800001234")
    client.force_login(xian)
    for url in (reverse("cadres"), reverse("cadre-edit", args=[cadre.pk])):
        page = client.get(url).text
        assert "138****1234" in page
        assert "13800001234" not in page
        assert cadre.id_no not in page


def test_a_unit_is_recorded_on_its_page(xian, client):
    factories.place(factories.NEXT_VILLAGE)
    client.force_login(xian)
    form = {
        "name": "区水利局",
        "kind": "support",
        "level": "4",
        "place": factories.COUNTY,
        "villages": "小园村",
        "is_active": "on",
    }
    assert client.post(reverse("unit-new"), form).url == reverse("units")
    unit = Unit.objects.get()
    assert [place.pk for place in unit.villages.all()] == [factories.NEXT_VILLAGE]
    page = client.get(reverse("unit-edit", args=[unit.pk])).text
    assert "关面乡小园村" in page
    form |= {"villages": "没有村\n小园村", "version": unit.version}
    refused = client.post(reverse("unit-edit", args=[unit.pk]), form)
    assert refused.status_code == 422
    assert "没有找到“没有村”" in refused.text


def test_villages_of_the_same_name_want_their_township(xian, client):
    factories.place("500154202201", name="小园村民委员会")
    factories.place(factories.NEXT_VILLAGE)
    client.force_login(xian)
    form = {"name": "区水利局", "kind": "support", "place": factories.COUNTY, "villages": "小园村"}
    assert "不止一个，请在前面写上乡镇" in client.post(reverse("unit-new"), form).text
    client.post(reverse("unit-new"), form | {"villages": "满月镇小园村、500154201201"})
    assert Unit.objects.get().villages.count() == 2


def test_the_slower_of_two_sees_what_is_stored_and_may_save_again(xian, client):
    cadre = factories.cadre(post="队员")
    client.force_login(xian)
    url = reverse("cadre-edit", args=[cadre.pk])
    form = {"name": cadre.name, "place": factories.VILLAGE, "post": "队长", "version": 1, "is_team_member": "on"}
    save_cadre(xian, cadre, version=1, post="第一书记", is_team_member=True)
    refused = client.post(url, form)
    assert refused.status_code == 409
    assert "职务：由“队员”改为“第一书记”" in refused.text
    assert f"{xian.name} 在 " in refused.text, "who was faster"
    assert 'value="队长"' in refused.text, "nothing typed is lost"
    assert 'name="version" value="2"' in refused.text
    assert client.post(url, form | {"version": 2}).status_code == 302
    cadre.refresh_from_db()
    assert cadre.post == "队长"
