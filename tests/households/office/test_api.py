"""Standing through the API: the same verbs, refused in the same words."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from households.models import CorrectionOrder, DepartmentList
from tests import factories, standings
from villages.rights import Role

pytestmark = pytest.mark.django_db


def caller(role, **where):
    client = APIClient()
    client.force_authenticate(factories.posted(role, **where))
    return client


def post(client, path, body=None):
    return client.post(f"/api/v1/{path}", body or {}, format="json")


def test_an_order_is_asked_for_and_approved_by_another():
    row = factories.household(members=1)
    one, two = caller(Role.COUNTY_OFFICER), caller(Role.COUNTY_OFFICER)
    wanted = {"household": row.pk, "spell": row.spells.get().pk, "klass": "out", "since": "2018-12-31",
              "document": "更正1号", "reason": "误录"}  # fmt: skip
    answer = post(one, "corrections/", wanted)
    assert (answer.status_code, answer.json()["state"]) == (201, "open")
    path = f"corrections/{answer.json()['id']}"
    assert post(one, f"{path}/approve/").status_code == 403
    assert post(two, f"{path}/approve/").json()["state"] == "approved"
    row.refresh_from_db()
    assert row.exit_status == "1"
    assert post(two, f"{path}/refuse/", {"reason": "晚了"}).status_code == 422
    assert post(one, "corrections/", wanted | {"document": " "}).status_code in (400, 422)
    assert CorrectionOrder.objects.count() == 1


def test_a_county_closes_its_opening_once():
    office = caller(Role.COUNTY_OFFICER)
    assert office.get("/api/v1/openings/").json()["results"][0]["state"] == "建库期"
    assert post(office, f"openings/{factories.COUNTY}/close/").status_code == 200
    assert post(office, f"openings/{factories.COUNTY}/close/").status_code == 422
    assert post(office, f"openings/{factories.OTHER_COUNTY}/close/").status_code == 404


def test_differences_are_settled():
    taken, dropped = (
        standings.proposal(factories.ordinary(members=1)),
        standings.proposal(factories.ordinary(members=1)),
    )
    cadre = caller(Role.VILLAGE_CADRE)
    answer = post(cadre, f"proposals/{taken.pk}/take/", {"year": 2026})
    assert (answer.status_code, answer.json()["state"]) == (200, "taken")
    assert post(cadre, f"proposals/{taken.pk}/take/").status_code == 422
    assert post(cadre, f"proposals/{dropped.pk}/dismiss/").status_code == 400
    assert post(cadre, f"proposals/{dropped.pk}/dismiss/", {"reason": "名册写错"}).json()["state"] == "dismissed"


def test_a_departments_list_is_taken_whole_or_not_at_all():
    first, second = factories.household(members=1), factories.ordinary(members=1)
    office = caller(Role.COUNTY_OFFICER)
    lines = [{"household": row.pk, "klass": "dibao", "since": "2024-01-01"} for row in (first, second)]
    paper = {"county": factories.COUNTY, "document": "民政1号", "as_of": "2026-03-01"}
    wrong = [lines[0], lines[1] | {"klass": "poor"}]
    assert post(office, "department-lists/", paper | {"lines": wrong}).status_code == 422
    assert not DepartmentList.objects.exists()
    assert post(office, "department-lists/", paper | {"lines": lines}).status_code == 201
    assert second.spells.get().since == date(2024, 1, 1)
    assert office.get("/api/v1/households/", {"civil": "dibao", "year": 2026}).json()["count"] == 2
    stranger = caller(Role.COUNTY_OFFICER, code=factories.OTHER_COUNTY)
    assert post(stranger, "department-lists/", paper | {"lines": lines}).status_code == 404
