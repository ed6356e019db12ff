"""Saved filters over the API: kept as codes, one's own to change, shared by offices to be read."""

from __future__ import annotations

import pytest

from households.models import SavedFilter
from tests import factories
from tests.api.conftest import calling
from villages.rights import Role

pytestmark = pytest.mark.django_db
SAVED = "/api/v1/saved-filters/"
YEAR = factories.YEAR
HOUSING = {"verdict": "fail", "failed": "housing"}


@pytest.fixture
def officer():
    return factories.posted(Role.TOWNSHIP_OFFICER)


def sent(client, path="", **facts):
    response = client.post(f"{SAVED}{path}", facts, format="json")
    return response.status_code, response.json() if response.content else {}


def test_a_filter_is_kept_under_a_name_and_read_as_it_was_sent(officer):
    given = {**HOUSING, "poor": False, "removed": True, "figures": ["health.02"], "main_cause": "02", "order": "income"}
    status, answer = sent(calling(officer), name="住房 未达标", filters=given, columns=["phone"])
    assert (status, answer["filters"], answer["mine"]) == (201, given, True), answer
    row = SavedFilter.objects.get()
    assert (row.query["cause"], row.query["poor"], row.query["removed"]) == ("02", "no", "1")
    assert [each["id"] for each in calling(officer).get(SAVED, {"mine": "true"}).json()["results"]] == [row.pk]


def test_what_cannot_be_kept_is_refused(officer):
    client = calling(officer)
    assert sent(client, name="空", filters={})[1]["fields"]["query"]
    assert sent(client, name="长" * 21, filters=HOUSING)[0] == 422
    assert sent(client, name="住房", filters=HOUSING)[0] == 201
    assert list(sent(client, name="住房", filters=HOUSING)[1]["fields"]) == ["name"]
    assert sent(client, name="住房", filters={"gap": "income"}, replace=True)[1]["filters"] == {"gap": "income"}
    for wrong in ({"text": "谭春秀"}, {"verdict": "谭"}, {"year": 2020}):
        assert sent(client, name="试", filters=wrong)[0] == 400
    assert sent(client, name="试", filters={"figures": ["nonsense.1"]})[0] == 422
    assert SavedFilter.objects.count() == 1


def test_one_s_own_is_renamed_shared_and_dropped(officer):
    row = factories.saved_filter(officer)
    client = calling(officer)
    assert sent(client, f"{row.pk}/rename/", name="住房")[1]["name"] == "住房"
    assert sent(client, f"{row.pk}/share/", on=True)[1]["shared_in"] == factories.TOWNSHIP
    assert sent(client, f"{row.pk}/share/", on=False)[1]["shared_in"] == ""
    assert sent(client, f"{row.pk}/drop/") == (204, {})
    assert not SavedFilter.objects.exists()


def test_a_shared_one_is_used_and_not_changed(officer):
    row = factories.saved_filter(officer, shared_in=factories.TOWNSHIP)
    cadre = calling(factories.posted(Role.VILLAGE_CADRE))
    [found] = cadre.get(SAVED, {"mine": "false"}).json()["results"]
    assert (found["id"], found["mine"]) == (row.pk, False)
    for verb, facts in (("rename", {"name": "改"}), ("share", {"on": False}), ("drop", {})):
        assert sent(cadre, f"{row.pk}/{verb}/", **facts)[0] == 403
    stranger = calling(factories.posted(Role.VILLAGE_CADRE, "500154202200"))
    assert stranger.get(SAVED).json()["results"] == []
    assert stranger.get(f"{SAVED}{row.pk}/").status_code == 404
    assert sent(stranger, f"{row.pk}/drop/")[0] == 404
    assert SavedFilter.objects.get() == row


def test_who_may_send_no_notes_shares_nothing():
    cadre = factories.posted(Role.VILLAGE_CADRE)
    row = factories.saved_filter(cadre)
    assert sent(calling(cadre), f"{row.pk}/share/", on=True)[0] == 403


def test_the_households_of_a_filter_are_one_s_own(officer):
    rows = [factories.household(code, members=1) for code in (factories.VILLAGE, factories.NEXT_VILLAGE)]
    for row in rows:
        factories.assessment(row, failed=["housing"])
    saved = factories.saved_filter(officer, shared_in=factories.TOWNSHIP, query=HOUSING)
    path = f"{SAVED}{saved.pk}/households/"
    found = calling(officer).get(path, {"year": YEAR}).json()
    assert (found["count"], [row["id"] for row in found["results"]]) == (2, [row.pk for row in rows])
    assert found["results"][0]["assessment"]["failed"] == ["housing"]
    cadre = calling(factories.posted(Role.VILLAGE_CADRE))
    assert [row["id"] for row in cadre.get(path, {"year": YEAR}).json()["results"]] == [rows[0].pk]
    assert cadre.get(path, {"year": YEAR - 1}).json()["count"] == 0
    assert cadre.get(path, {"year": 3000}).status_code == 400
    assert cadre.get(path, {"place": factories.VILLAGE}).status_code == 400
