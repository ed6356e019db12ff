"""Accounts, postings, units and cadres over the API: opened, posted, locked and closed as on the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from tests import factories
from tests.api.conftest import calling
from tests.api.known import bearer
from villages.models import Cadre, Posting, Unit, User
from villages.rights import Role

pytestmark = pytest.mark.django_db
NEW = {"username": "liming", "name": "李明", "place": factories.TOWNSHIP}


@pytest.fixture
def admin(as_role):
    return as_role(Role.ACCOUNTS_ADMIN)


@pytest.fixture
def security(as_role):
    return as_role(Role.SECURITY_ADMIN)


def sent(client, path, method="post", **facts):
    response = getattr(client, method)(f"/api/v1/{path}", facts, format="json")
    return response.status_code, response.json() if response.content else {}


# -- accounts ----------------------------------------------------------------------------------------------------------


def test_an_account_is_opened_with_a_password_that_is_told_once(admin):
    factories.place(factories.TOWNSHIP)
    response = admin.post("/api/v1/accounts/", NEW, format="json")
    answer = response.json()
    assert response.status_code == 201, answer
    account, password = User.objects.get(username="liming"), answer["initial_password"]
    assert account.check_password(password)
    assert account.must_change_password
    assert response.headers["Cache-Control"] == "no-store"
    assert (answer["account"]["state"], answer["account"]["postings"]) == ("unposted", [])
    assert password not in str(sent(admin, f"accounts/{account.pk}/", "get"))
    asked = APIClient().post("/api/v1/auth/token/", {"username": "liming", "password": password}, format="json")
    assert (asked.status_code, asked.json()["code"]) == (403, "password_change_required")


def test_an_account_that_cannot_be_opened_is_not(admin, as_role):
    factories.place(factories.TOWNSHIP)
    factories.user(username="liming")
    before = User.objects.count()
    assert list(sent(admin, "accounts/", **NEW)[1]["fields"]) == ["username"]
    for wrong in ({"username": "李明"}, {"name": ""}, {"place": "5"}, {"password": "Geheim-2020"}):
        assert sent(admin, "accounts/", **{**NEW, "username": "liming2", **wrong})[0] == 400
    factories.place(factories.OTHER_TOWNSHIP)
    elsewhere = factories.place(factories.OTHER_COUNTY).pk
    assert sent(admin, "accounts/", **{**NEW, "username": "liming2", "place": elsewhere})[0] == 404
    assert sent(as_role(Role.COUNTY_OFFICER), "accounts/", **{**NEW, "username": "liming2"})[0] == 403
    assert User.objects.count() == before + 1  # the officer just posted


def test_accounts_are_listed_narrowed_and_found_by_post(admin):
    cadre = factories.posted(Role.VILLAGE_CADRE, name="谭春秀", must_change_password=False)
    factories.posted(Role.VILLAGE_CADRE, "360121100200")

    def listed(**query):
        return [row["id"] for row in admin.get("/api/v1/accounts/", query).json()["results"]]

    assert listed(role="village_cadre") == listed(place=factories.VILLAGE) == [cadre.pk]
    assert listed(state="closed") == []
    assert admin.get("/api/v1/accounts/", {"q": "谭春秀"}).status_code == 400
    assert admin.get("/api/v1/accounts/", {"state": "gone"}).status_code == 400
    [found] = sent(admin, "accounts/search/", text="春秀", role="village_cadre")[1]["results"]
    assert (found["id"], found["postings"][0]["place"]) == (cadre.pk, factories.VILLAGE)


def test_an_account_is_corrected_locked_closed_and_opened_again(admin):
    account = factories.posted(Role.VILLAGE_CADRE, must_change_password=False)
    path, day = f"accounts/{account.pk}/", timezone.localdate() + timedelta(days=3)
    unit = factories.unit()
    assert sent(admin, path, "patch", name="李明", unit=unit.pk)[1]["unit"] == unit.pk
    account.refresh_from_db()
    assert (account.name, account.place_id) == ("李明", factories.VILLAGE)
    assert list(sent(admin, f"{path}lock/", until="2020-01-01", reason="调离")[1]["fields"]) == ["until"]
    headers = bearer(account)
    assert sent(admin, f"{path}lock/", until=f"{day}", reason="调离")[1]["state"] == "locked"
    assert APIClient().get("/api/v1/places/", headers=headers).status_code == 401
    assert sent(admin, f"{path}unlock/")[1]["state"] == "open"
    assert sent(admin, f"{path}close/", reason="退休")[1]["state"] == "closed"
    assert sent(admin, f"{path}reopen/")[1]["state"] == "open"
    password = sent(admin, f"{path}reset/")[1]["initial_password"]
    account.refresh_from_db()
    assert account.check_password(password)


def test_nobody_manages_himself_or_strangers(admin, as_role):
    own = factories.posted(Role.ACCOUNTS_ADMIN)
    assert sent(calling(own), f"accounts/{own.pk}/close/", reason="试")[0] == 422
    account = factories.posted(Role.VILLAGE_CADRE)
    elsewhere = as_role(Role.ACCOUNTS_ADMIN, factories.OTHER_COUNTY)
    assert sent(elsewhere, f"accounts/{account.pk}/close/", reason="试")[0] == 404
    auditor = factories.posted(Role.AUDITOR)
    status, answer = sent(admin, f"accounts/{auditor.pk}/reset/")
    assert status == 422
    assert "安全管理员" in answer["message"]
    account.refresh_from_db()
    assert account.is_active


def test_the_villages_of_a_township_get_accounts_and_postings_at_once(admin, security):
    codes = [factories.place(code).pk for code in (factories.VILLAGE, factories.NEXT_VILLAGE)]
    status, made = sent(admin, "accounts/villages/", township=factories.TOWNSHIP)
    assert (status, [row["account"]["username"] for row in made]) == (201, [f"c{code}" for code in sorted(codes)])
    assert len({row["initial_password"] for row in made}) == 2
    assert sent(security, "postings/villages/", township=factories.TOWNSHIP) == (201, {"granted": 2})
    assert sent(admin, "accounts/villages/", township=factories.TOWNSHIP) == (201, [])
    assert list(sent(admin, "accounts/villages/", township=factories.VILLAGE)[1]["fields"]) == ["township"]
    assert sent(admin, "postings/villages/", township=factories.TOWNSHIP)[0] == 403


@pytest.mark.parametrize("name", ["accounts", "postings"])
def test_a_list_costs_the_same_sql_however_long_it_is(admin, name):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(f"/api/v1/{name}/").json()["count"] > 1
        return len(queries)

    factories.posted(Role.VILLAGE_CADRE)
    cost()
    few = cost()
    for role in (Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.AUDITOR):
        factories.posting(factories.posted(role), Role.COUNTY_LEADER)
    assert cost() == few <= 8


# -- postings ----------------------------------------------------------------------------------------------------------


def test_a_posting_is_granted_and_ended(security):
    account = factories.user(place=factories.place(factories.VILLAGE))
    new = {"user": account.pk, "role": "village_cadre", "place": factories.VILLAGE, "starts_on": "2020-01-01"}
    status, row = sent(security, "postings/", **new)
    assert (status, row["role"], row["ends_on"]) == (201, "village_cadre", None), row
    assert list(sent(security, "postings/", **new)[1]["fields"]) == ["role"]
    assert [each["id"] for each in sent(security, f"accounts/{account.pk}/postings/", "get")[1]] == [row["id"]]
    assert security.get("/api/v1/postings/", {"user": account.pk, "current": "true"}).json()["count"] == 1
    yesterday = timezone.localdate() - timedelta(days=1)
    assert sent(security, f"postings/{row['id']}/end/")[1]["posting"]["ends_on"] == f"{yesterday}"
    assert sent(security, f"postings/{row['id']}/end/")[0] == 422


def test_a_posting_to_come_is_taken_back(security):
    day = timezone.localdate() + timedelta(days=9)
    account = factories.user(place=factories.place(factories.VILLAGE))
    row = factories.posting(account, Role.VILLAGE_CADRE, starts_on=day)
    assert sent(security, f"postings/{row.pk}/end/", last_day=f"{timezone.localdate()}") == (200, {"posting": None})
    assert not Posting.objects.filter(pk=row.pk).exists()


def test_a_posting_that_must_not_be_is_refused(security, admin):
    auditor = factories.posted(Role.AUDITOR)
    new = {"user": auditor.pk, "role": "county_officer", "place": factories.COUNTY, "starts_on": "2020-01-01"}
    assert list(sent(security, "postings/", **new)[1]["fields"]) == ["role"]
    assert list(sent(security, "postings/", **{**new, "role": "village_cadre"})[1]["fields"]) == ["place"]
    elsewhere = factories.place(factories.OTHER_COUNTY).pk
    assert list(sent(security, "postings/", **{**new, "place": elsewhere})[1]["fields"]) == ["place"]
    assert sent(security, "postings/", **{**new, "place": elsewhere})[0] == 404
    assert sent(admin, "postings/", **new)[0] == 403
    stranger = factories.user(place=factories.place("360121100200"))
    assert sent(security, "postings/", **{**new, "user": stranger.pk})[0] == 404
    own = factories.posted(Role.SECURITY_ADMIN)
    assert sent(calling(own), f"postings/{own.postings.get().pk}/end/")[0] == 422


# -- units and cadres --------------------------------------------------------------------------------------------------


def test_a_unit_is_recorded_and_changed(admin):
    for code in (factories.VILLAGE, factories.NEXT_VILLAGE):
        factories.place(code)
    new = {"name": "区林业局", "kind": "support", "place": factories.COUNTY, "villages": [factories.VILLAGE]}
    status, row = sent(admin, "units/", **new)
    assert (status, row["villages"], row["version"]) == (201, [factories.VILLAGE], 1), row
    assert list(sent(admin, "units/", **new)[1]["fields"]) == ["name"]
    path = f"units/{row['id']}/"
    status, row = sent(admin, path, "patch", version=1, phone="023-52220000")
    assert (status, row["phone"], row["villages"], row["name"]) == (
        200,
        "023-52220000",
        [factories.VILLAGE],
        "区林业局",
    )
    status, answer = sent(admin, path, "patch", version=1, phone="023-52220001")
    assert (status, answer["code"], answer["fields"]["version"]["stored"]) == (409, "conflict", "2")
    assert sent(admin, path, "patch", version=2, villages=[factories.NEXT_VILLAGE])[1]["villages"] == [
        factories.NEXT_VILLAGE
    ]
    assert admin.get("/api/v1/units/", {"kind": "support", "name": "林业"}).json()["count"] == 1


def test_a_unit_that_cannot_be_is_refused(admin, as_role):
    factories.place(factories.TOWNSHIP)
    new = {"name": "区林业局", "kind": "support", "place": factories.COUNTY}
    for wrong in ({"phone": "无"}, {"kind": "other"}, {"name": " "}):
        assert sent(admin, "units/", **{**new, **wrong})[0] == 400
    assert list(sent(admin, "units/", **new, level="zz")[1]["fields"]) == ["level"]
    assert sent(admin, "units/", **new, villages=[factories.TOWNSHIP])[0] == 404
    assert sent(admin, "units/", **{**new, "place": factories.place(factories.OTHER_COUNTY).pk})[0] == 404
    assert sent(as_role(Role.TOWNSHIP_OFFICER), "units/", **{**new, "place": factories.TOWNSHIP})[0] == 403
    assert not Unit.objects.exists()


def test_a_cadre_is_recorded_changed_and_found_with_numbers_masked(admin):
    factories.place(factories.VILLAGE)
    number = factories.id_number(factories.date(1985, 3, 4), "2")
    new = {"name": "周敏", "place": factories.VILLAGE, "id_no": number, "phone": "13900001234", "is_team_member": True}
    status, row = sent(admin, "cadres/", **new)
    assert (status, row["sex"], row["birth_date"]) == (201, "2", "1985"), row
    assert (row["id_no"], row["phone"]) == (f"500198********{number[-4:]}", "139****1234")
    path = f"cadres/{row['id']}/"
    assert sent(admin, path, "patch", version=1, phone="139****1234")[0] == 400
    assert sent(admin, path, "patch", version=1, post="驻村队员")[1]["post"] == "驻村队员"
    assert sent(admin, path, "patch", version=1, post="队长")[0] == 409
    cadre = Cadre.objects.get()
    assert (cadre.phone, cadre.id_no) == ("13900001234", number)
    assert [each["id"] for each in sent(admin, "cadres/search/", text="驻村", duty="team_member")[1]["results"]] == [
        cadre.pk
    ]
    assert admin.get("/api/v1/cadres/", {"duty": "first_secretary"}).json()["count"] == 0


def test_a_cadre_that_cannot_be_is_refused(admin, as_role):
    factories.place(factories.VILLAGE)
    new = {"name": "周敏", "place": factories.VILLAGE}
    for field, value in (("id_no", "500198198503040001"), ("phone", "12345"), ("education", "zz"), ("username", "x9")):
        status, answer = sent(admin, "cadres/", **new, **{field: value})
        assert status == 422, (field, answer)
        assert list(answer["fields"]) == [field]
    assert sent(admin, "cadres/", **new, sex="1")[0] == 400
    assert sent(as_role(Role.VILLAGE_CADRE), "cadres/", **new)[0] == 403
    cadre = factories.cadre()
    stranger = as_role(Role.COUNTY_OFFICER, factories.OTHER_COUNTY)
    assert sent(stranger, f"cadres/{cadre.pk}/", "patch", version=0, post="x")[0] == 404
    assert Cadre.objects.count() == 1
