"""Yearly files of villages in the API."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests import factories
from villages.models import VillageYear
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cadre() -> APIClient:
    client = APIClient()
    client.force_authenticate(factories.posted(Role.VILLAGE_CADRE))
    return client


def test_a_file_is_begun_read_changed_and_listed(cadre: Any) -> None:
    made = cadre.post("/api/v1/village-files/", {"village": factories.VILLAGE, "year": 2020})
    assert (made.status_code, made.data["version"]) == (201, 1), made.data
    path = f"/api/v1/village-files/{made.data['id']}/"
    changed = cadre.patch(path, {"version": 1, "clinics": 0, "collective_business": "1200.50"})
    assert changed.status_code == 200, changed.data
    assert (changed.data["gaps"], changed.data["collective_income"]) == (["无标准化卫生室"], "1200.50")
    assert cadre.patch(path, {"version": 1, "clinics": 1}).status_code == 409
    assert cadre.patch(path, {"version": 2, "clinics": "1"}).status_code == 400
    assert cadre.patch(path, {"version": 2, "households": 5, "population": 4}).status_code == 422
    assert cadre.get("/api/v1/village-files/?year=2020&gap=clinic").data["count"] == 1
    assert cadre.get("/api/v1/village-files/?year=2020&gap=bus").data["count"] == 0
    assert VillageYear.objects.count() == 1


def test_the_village_next_door_is_not_there(cadre: Any) -> None:
    row = factories.village_year(factories.NEXT_VILLAGE)
    assert cadre.get(f"/api/v1/village-files/{row.pk}/").status_code == 404
    assert cadre.post("/api/v1/village-files/", {"village": factories.NEXT_VILLAGE, "year": 2020}).status_code == 404
