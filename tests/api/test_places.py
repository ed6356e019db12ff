"""Decisions on places, what is known of a village, and sets of criteria over the API."""

from __future__ import annotations

import pytest

from households.models import Household
from tests import factories
from tests.factories import COUNTY, NEXT_VILLAGE, OTHER_COUNTY, TOWNSHIP, VILLAGE
from villages.models import CriteriaSet, Place, VillageProfile
from villages.rights import Role

pytestmark = pytest.mark.django_db
DECIDED = {"on": "2020-09-01", "document": "开州府发〔2020〕7号"}


@pytest.fixture
def county(as_role):
    for code in (VILLAGE, NEXT_VILLAGE):
        factories.place(code)
    return as_role(Role.COUNTY_OFFICER)


def sent(client, path, method="post", **facts):
    response = getattr(client, method)(f"/api/v1/{path}", facts, format="json")
    return response.status_code, response.json()


def test_a_village_is_described_and_changed_at_the_version_read(county, as_role):
    path = f"places/{VILLAGE}/profile/"
    assert county.get(f"/api/v1/{path}").json()["version"] == 0
    status, row = sent(county, path, "patch", version=0, is_poor=True, population=1200, collective_income="53000.50")
    assert (status, row["version"], row["population"], row["collective_income"]) == (200, 1, 1200, "53000.50"), row
    assert sent(county, path, "patch", version=0, population=1300)[0] == 409
    status, row = sent(county, path, "patch", version=1, households=320)
    assert (status, row["households"], row["population"], row["is_poor"]) == (200, 320, 1200, True)
    assert as_role(Role.VILLAGE_CADRE).get(f"/api/v1/{path}").json()["households"] == 320


def test_a_description_that_cannot_be_is_refused(county, as_role):
    path = f"places/{VILLAGE}/profile/"
    for field, facts in (
        ("population", {"households": 10, "population": 9}),
        ("delisted_year", {"delisted_year": 2018}),
        ("village_attr", {"village_attr": "zz"}),
    ):
        status, answer = sent(county, path, "patch", version=0, **facts)
        assert (status, list(answer["fields"])) == (422, [field])
    assert sent(county, path, "patch", version=0, population="viele")[0] == 400
    assert sent(county, f"places/{TOWNSHIP}/profile/", "patch", version=0)[0] == 422
    assert sent(as_role(Role.VILLAGE_CADRE), path, "patch", version=0)[0] == 403
    assert sent(as_role(Role.COUNTY_OFFICER, OTHER_COUNTY), path, "patch", version=0)[0] == 404
    assert not VillageProfile.objects.exists()


def test_villages_are_merged_with_their_households(county):
    household = factories.household(NEXT_VILLAGE, members=1)
    status, changes = sent(county, f"places/{VILLAGE}/merge/", sources=[NEXT_VILLAGE], **DECIDED)
    assert (status, [row["households_moved"] for row in changes]) == (200, [1]), changes
    assert Household.objects.get(pk=household.pk).village_id == VILLAGE
    assert Place.objects.get(pk=NEXT_VILLAGE).successor_id == VILLAGE
    assert sent(county, f"places/{VILLAGE}/merge/", sources=[NEXT_VILLAGE], **DECIDED)[0] == 422


def test_groups_go_to_another_village(county):
    moving = factories.household(VILLAGE, members=1, group_name="3组")
    staying = factories.household(VILLAGE, members=1, group_name="1组")
    status, changes = sent(county, f"places/{VILLAGE}/split/", target=NEXT_VILLAGE, groups=["3组"], **DECIDED)
    assert (status, changes[0]["target"], changes[0]["households_moved"]) == (200, NEXT_VILLAGE, 1), changes
    assert Household.objects.get(pk=moving.pk).village_id == NEXT_VILLAGE
    assert Household.objects.get(pk=staying.pk).village_id == VILLAGE
    status, answer = sent(county, f"places/{VILLAGE}/split/", target=NEXT_VILLAGE, groups=["9组"], **DECIDED)
    assert (status, list(answer["fields"])) == (422, ["groups"])


def test_who_may_decide_and_where(county, as_role):
    elsewhere = factories.place("360121100200").pk
    assert sent(county, f"places/{VILLAGE}/merge/", sources=[elsewhere], **DECIDED)[0] == 404
    assert sent(county, f"places/{VILLAGE}/split/", target=elsewhere, groups=["1组"], **DECIDED)[0] == 404
    late = {**DECIDED, "on": "2099-01-01"}
    assert list(sent(county, f"places/{VILLAGE}/merge/", sources=[NEXT_VILLAGE], **late)[1]["fields"]) == ["on"]
    officer = as_role(Role.TOWNSHIP_OFFICER)
    assert sent(officer, f"places/{VILLAGE}/merge/", sources=[NEXT_VILLAGE], **DECIDED)[0] == 403
    assert not Place.objects.exclude(retired_on=None).exists()


def test_a_county_publishes_its_own_set_of_criteria_and_stops_it(county, as_role):
    new = {
        "name": "开州标准",
        "place": COUNTY,
        "year_from": 2020,
        "criteria": ["income", "housing"],
        "source": "县发〔2020〕2号",
    }
    ages = {"first": 7, "until": 16}
    status, row = sent(county, "criteria-sets/", **new, school_age=ages, borderline=15)
    assert (status, row["version"], row["params"]) == (201, 1, {"school_age": [7, 16], "borderline": "0.15"}), row
    assert sent(county, "criteria-sets/", **new)[1]["version"] == 2
    for field, wrong in (("criteria", {"criteria": ["nonsense"]}), ("year_to", {"year_to": 2019})):
        status, answer = sent(county, "criteria-sets/", **{**new, **wrong})
        assert (status, list(answer["fields"])) == (422, [field])
    path = f"criteria-sets/{row['id']}/withdraw/"
    assert sent(as_role(Role.VILLAGE_CADRE), path, reason="作废")[0] == 403
    assert sent(county, path)[0] == 400
    assert sent(county, path, reason="作废")[1]["is_active"] is False
    national = CriteriaSet.objects.filter(place=None).first()
    assert sent(county, f"criteria-sets/{national.pk}/withdraw/", reason="作废")[0] == 403
