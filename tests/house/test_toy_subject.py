"""A new subject adds itself (model, list, edit page, household section, history source, menu entry, API resource)
without touching a file of a lower layer (docs/extending.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.urls import clear_url_caches
from rest_framework.test import APIClient

from audits.exports.declared import DATASETS
from audits.trail.sources import trail_sources
from households.entry.declared import SECTIONS
from households.history.selectors import household_history
from households.history.sources import SOURCES
from povreg.kit import menu
from povreg.kit.api.resources import RESOURCES
from povreg.kit.app_role import grant_app
from povreg.kit.pages import listing
from povreg.overview import nav
from tests import factories
from tests.owner import owner
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def toy(db: None) -> Iterator[Any]:
    """The toy app, installed for one test."""
    with override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS, "tests.toy"], ROOT_URLCONF="tests.toy.urls"):
        models = [apps.get_model("toy", name) for name in ("Well", "WellEvent")]
        with owner(), connection.schema_editor() as schema:
            for model in models:
                schema.create_model(model)
            pgtrigger.install(
                *(f"toy.Well:{trigger.name}" for _model, trigger in pgtrigger.registered() if _model is models[0])
            )
        with owner():
            grant_app()
        forget_addresses()
        yield models[0]
    forget()


def forget() -> None:
    """Nothing of the toy is left for the tests that follow."""
    SECTIONS.drop("wells")
    SOURCES.drop("toy.well")
    RESOURCES.drop("wells")
    DATASETS.drop("toy-well")
    trail_sources.cache_clear()
    menu._entries.pop(("households", "水井"), None)
    listing._listings.pop("wells", None)
    forget_addresses()


def forget_addresses() -> None:
    for kept in (menu.address, nav.opened_by, nav.pages_in):
        kept.cache_clear()
    clear_url_caches()


def test_a_new_subject_adds_itself(toy: Any, client: Client) -> None:
    house = factories.household(members=1)
    well = toy.objects.create(household=house, village_id=house.village_id, depth=8)
    cadre = factories.posted(Role.VILLAGE_CADRE, house.village_id)
    client.force_login(cadre)

    page = client.get("/wells/").content.decode()
    assert house.household_no in page
    assert "水井" in page
    assert client.get("/wells/", {"sheet": "1"}).status_code == 200

    assert client.post(f"/wells/{well.pk}/", {"depth": ""}).status_code == 422
    assert client.post(f"/wells/{well.pk}/", {"depth": "15"}).status_code == 302
    well.refresh_from_db()
    assert well.depth == 15

    section = client.get(f"/households/{house.pk}/wells/").content.decode()
    assert "15 米" in section
    assert f"/households/{house.pk}/wells/" in client.get(f"/households/{house.pk}/").content.decode()
    assert "/wells/" in client.get("/households/").content.decode()

    told = [each for each in household_history(cadre, house) if each.subject == "水井"]
    assert [str(change) for change in told[0].changes] == ["井深由 8 改为 15"]
    assert told[0].verb == "加深水井"

    api = APIClient()
    api.force_authenticate(cadre)
    assert [row["depth"] for row in api.get("/api/v1/wells/").json()["results"]] == [15]


def test_a_stranger_sees_nothing_of_it(toy: Any, client: Client) -> None:
    house = factories.household(members=1)
    well = toy.objects.create(household=house, village_id=house.village_id, depth=8)
    client.force_login(factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE))
    assert house.household_no not in client.get("/wells/").content.decode()
    assert client.get(f"/wells/{well.pk}/").status_code == 404
    assert client.get(f"/households/{house.pk}/wells/").status_code == 404
