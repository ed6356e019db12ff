"""Tokens, sessions, throttles, the form of refusals; exports and jobs; places and standards over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from povreg.jobs.models import Job
from povreg.jobs.services import run_here
from tests import factories
from tests.api.conftest import calling
from villages.models import ApiToken, Place, PovertyLine
from villages.rights import Role

PASSWORD = "Quan-Xiu-2020"
LOGIN = "/api/v1/auth/token/"
PLACES = "/api/v1/places/"


@pytest.fixture
def cadre(db):
    return factories.posted(Role.VILLAGE_CADRE, username="cun9", password=PASSWORD)


def asked(username: str = "cun9", password: str = PASSWORD, **more):
    return APIClient().post(LOGIN, {"username": username, "password": password}, format="json", **more)


def with_token(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def refusal(response) -> tuple[int, str]:
    answer = response.json()
    assert set(answer) == {"code", "message", "fields"}
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer["message"])
    return response.status_code, answer["code"]


def test_a_token_opens_the_api_and_is_kept_as_a_hash(cadre):
    response = asked()
    token = response.json()["token"]
    assert response.status_code == 201
    assert with_token(token).get(PLACES).status_code == 200
    row = ApiToken.objects.get()
    assert token not in (row.digest, str(row.__dict__))
    assert timedelta(hours=11) < row.expires_at - timezone.now() <= timedelta(hours=12)


def test_a_token_ends_by_time_by_revoking_and_with_the_password(cadre):
    token = asked().json()["token"]
    assert with_token(token).delete(LOGIN).status_code == 204
    assert refusal(with_token(token).get(PLACES)) == (401, "authentication_failed")
    token = asked().json()["token"]
    ApiToken.objects.update(
        created_at=timezone.now() - timedelta(hours=13), expires_at=timezone.now() - timedelta(hours=1)
    )
    assert refusal(with_token(token).get(PLACES)) == (401, "authentication_failed")
    token = asked().json()["token"]
    cadre.password_changed_at = timezone.now()
    cadre.save()
    assert refusal(with_token(token).get(PLACES)) == (401, "authentication_failed")


def test_a_closed_or_locked_account_has_no_living_token(cadre):
    token = asked().json()["token"]
    cadre.locked_until = timezone.now() + timedelta(days=1)
    cadre.save()
    assert refusal(with_token(token).get(PLACES)) == (401, "authentication_failed")
    cadre.locked_until, cadre.is_active = None, False
    cadre.save()
    assert refusal(with_token(token).get(PLACES)) == (401, "authentication_failed")


def test_wrong_passwords_wait_as_on_the_login_page(cadre):
    for _ in range(4):
        assert refusal(asked(password="wrong")) == (401, "authentication_failed")
    assert "连续 5 次" in asked(password="wrong").json()["message"]
    assert asked().status_code == 401
    cadre.refresh_from_db()
    assert not cadre.is_locked


def test_an_initial_password_opens_nothing(cadre):
    cadre.must_change_password = True
    cadre.save()
    assert refusal(asked()) == (403, "password_change_required")
    assert ApiToken.objects.count() == 0
    assert refusal(calling(cadre).get(PLACES)) == (403, "password_change_required")


def test_an_address_asks_for_few_tokens_a_minute(cadre, monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": "2/min", "token": "2/min"})
    assert [asked(username=f"nobody{number}").status_code for number in range(3)] == [401, 401, 429]
    client = calling(cadre)
    assert [client.get(PLACES).status_code for _ in range(2)] == [200, 200]
    response = client.get(PLACES)
    assert refusal(response) == (429, "throttled")
    assert int(response.headers["Retry-After"]) > 0


def test_every_refusal_has_the_same_form(cadre):
    client = calling(cadre)
    assert refusal(APIClient().get(PLACES)) == (401, "not_authenticated")
    assert refusal(with_token("nonsense").get(PLACES)) == (401, "authentication_failed")
    assert refusal(client.get("/api/v1/exports/1/")) == (404, "not_found")
    assert refusal(client.get("/api/v1/nowhere")) == (404, "not_found")
    assert refusal(client.delete(PLACES)) == (405, "method_not_allowed")
    assert refusal(client.put(f"{PLACES}?page=1&x=2")) == (405, "method_not_allowed")
    assert refusal(client.put(f"{LOGIN}?x=2")) == (405, "method_not_allowed")
    assert refusal(client.post("/api/v1/households/search/", "a=1", content_type="text/plain")) == (
        415,
        "unsupported_media_type",
    )
    for text in ("{", "[" * 5000, '{"name": NaN}', '"\\ud800"', "\xff"):
        response = client.post("/api/v1/households/search/", text, content_type="application/json")
        assert refusal(response)[0] == 400, text[:10]


def test_an_accident_is_answered_in_the_same_form(cadre, monkeypatch):
    monkeypatch.setattr("villages.api.PlaceViewSet.list", lambda *args, **kwargs: 1 // 0)
    assert refusal(calling(cadre).get(PLACES)) == (500, "error")


def test_a_session_needs_its_csrf_token_to_change_anything(cadre):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cadre)
    response = client.post("/api/v1/households/search/", "{}", content_type="application/json")
    assert refusal(response) == (403, "csrf_failed")
    token = asked().json()["token"]
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert client.post("/api/v1/households/search/", {}, format="json").status_code == 200


def test_an_export_is_asked_for_watched_and_fetched(cadre):
    factories.household(members=2)
    client = calling(cadre)
    response = client.post("/api/v1/exports/", {"layout": "roster-2022", "place": factories.VILLAGE}, format="json")
    assert response.status_code == 201, response.json()
    path = f"/api/v1/exports/{response.json()['id']}/"
    assert client.get(f"{path}result/").status_code == 404
    run_here(Job.objects.get())
    state = client.get(path).json()
    assert (state["status"], state["has_result"]) == ("done", True)
    result = client.get(f"{path}result/")
    assert b"".join(result.streaming_content).startswith(b"PK")
    township = calling(factories.posted(Role.TOWNSHIP_OFFICER))
    assert township.get(path).status_code == 404
    assert township.get("/api/v1/exports/").json()["results"] == []


def test_what_may_not_be_exported_is_not(cadre):
    client = calling(cadre)
    wanted = {"layout": "roster-2022", "place": factories.VILLAGE, "unmasked": True, "reason": "上级核查"}
    assert refusal(client.post("/api/v1/exports/", wanted, format="json")) == (403, "permission_denied")
    factories.place(factories.OTHER_VILLAGE)
    wanted = {"layout": "roster-2022", "place": factories.OTHER_VILLAGE}
    assert refusal(client.post("/api/v1/exports/", wanted, format="json")) == (404, "not_found")
    response = client.post("/api/v1/exports/", {"layout": "annual", "place": factories.VILLAGE}, format="json")
    assert list(response.json()["fields"]) == ["year"]
    assert Job.objects.count() == 0


def test_jobs_are_cancelled_and_repeated_by_their_owner(db):
    officer = factories.posted(Role.COUNTY_OFFICER)
    job = factories.job(officer)
    client = calling(officer)
    assert client.post(f"/api/v1/jobs/{job.pk}/cancel/").json()["status"] == "cancelled"
    assert refusal(client.post(f"/api/v1/jobs/{job.pk}/cancel/")) == (409, "conflict")
    assert client.post(f"/api/v1/jobs/{job.pk}/retry/").json()["status"] == "queued"
    auditor = calling(factories.posted(Role.AUDITOR))
    assert auditor.get(f"/api/v1/jobs/{job.pk}/").status_code == 200
    assert refusal(auditor.post(f"/api/v1/jobs/{job.pk}/cancel/")) == (403, "permission_denied")
    stranger = calling(factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY))
    assert refusal(stranger.get(f"/api/v1/jobs/{job.pk}/")) == (404, "not_found")


def test_places_are_listed_under_ones_own(cadre):
    factories.place(factories.NEXT_VILLAGE)
    found = calling(cadre).get(PLACES).json()["results"]
    assert [place["code"] for place in found] == [factories.VILLAGE]
    officer = calling(factories.posted(Role.COUNTY_OFFICER))
    query = {"parent": factories.TOWNSHIP, "level": "village", "retired": "false"}
    assert len(officer.get(PLACES, query).json()["results"]) == 2
    new = {"parent": factories.TOWNSHIP, "code": "500154201209", "name": "新桥村民委员会"}
    assert officer.post(PLACES, new, format="json").status_code == 201
    assert Place.objects.get(pk="500154201209").name == "新桥村民委员会"
    assert calling(cadre).post(PLACES, new, format="json").status_code == 403
    assert list(officer.post(PLACES, new, format="json").json()["fields"]) == ["code"]


def test_a_county_publishes_and_withdraws_its_own_line(cadre):
    officer = calling(factories.posted(Role.COUNTY_OFFICER))
    line = {"kind": "exit", "year": 2020, "place": factories.COUNTY, "amount": "4100.50", "source": "县发〔2020〕1号"}
    response = officer.post("/api/v1/standards/", line, format="json")
    assert (response.status_code, response.json()["amount"]) == (201, "4100.50")
    path = f"/api/v1/standards/{response.json()['id']}/"
    assert calling(cadre).get(path).status_code == 200
    assert calling(cadre).post(f"{path}withdraw/", {"reason": "有误"}, format="json").status_code == 403
    assert officer.post(f"{path}withdraw/", {"reason": "有误"}, format="json").status_code == 200
    assert PovertyLine.objects.get(pk=response.json()["id"]).withdrawn_reason == "有误"
    national = PovertyLine.objects.filter(place__isnull=True).first()
    path = f"/api/v1/standards/{national.pk}/withdraw/"
    assert officer.post(path, {"reason": "有误"}, format="json").status_code == 403
