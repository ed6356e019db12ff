"""Health checks answer what the reverse proxy and the operator need."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError

from povreg.overview import health
from povreg.overview.tasks import worker_heartbeat


def test_healthz_needs_no_database(client):
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_when_database_redis_and_worker_answer(client):
    worker_heartbeat.delay()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": True, "redis": True, "worker": True}


@pytest.mark.django_db
def test_not_ready_without_a_worker(client):
    cache.clear()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": True, "redis": True, "worker": False}


@pytest.mark.django_db
def test_not_ready_without_redis(client, settings):
    worker_heartbeat.delay()
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["redis"] is False


@pytest.mark.django_db
def test_not_ready_without_a_database(client, monkeypatch):
    def refuse():
        raise DatabaseError("server is gone")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] is False
