"""Health checks answer what the reverse proxy and the operator need."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError

from povreg.jobs.workers import CLOCK, note_alive
from povreg.overview import health


def test_healthz_needs_no_database(client):
    assert client.get("/healthz").json() == {"status": "ok"}


PARTS = {"database": True, "redis": True, "worker": True, "clock": True, "disk": True}


@pytest.fixture
def workers():
    note_alive()
    note_alive(CLOCK)


@pytest.mark.django_db
def test_ready_when_all_parts_answer(client, workers):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", **PARTS}


@pytest.mark.django_db
def test_the_web_serves_without_workers_and_says_so(client):
    cache.clear()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "degraded", **PARTS, "worker": False, "clock": False}


@pytest.mark.django_db
def test_the_web_serves_without_redis_and_says_so(client, settings, workers):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert (response.json()["status"], response.json()["redis"]) == ("degraded", False)


@pytest.mark.django_db
def test_not_ready_when_the_disk_is_full(client, monkeypatch, workers):
    monkeypatch.setattr(health, "LEAST_ROOM", 2**70)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", **PARTS, "disk": False}


@pytest.mark.django_db
def test_not_ready_without_a_database(client, monkeypatch):
    def refuse():
        raise DatabaseError("server is gone")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] is False
