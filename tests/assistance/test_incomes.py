"""Ways to earn: as many as the document counts, no figure without a source, the county's own beside the shipped."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from assistance.catalogue.incomes import models_for, put_followers
from assistance.models import CatalogueItem, IncomeModel
from tests import factories as make
from tests.factories_assistance import measure
from villages.rights import Role

pytestmark = pytest.mark.django_db


def test_twenty_four_are_shipped_with_what_is_known_of_them() -> None:
    rows = list(IncomeModel.objects.filter(place=None))
    assert len(rows) == len({row.code for row in rows}) == 24
    assert {row.item_code for row in rows} <= set(CatalogueItem.objects.values_list("code", flat=True))
    assert all(row.profit is None and not row.source for row in rows), "no source gives a figure"


def test_the_county_enters_its_own_figures_with_their_source(client: Client) -> None:
    make.place(make.COUNTY)
    client.force_login(xian := make.posted(Role.COUNTY_OFFICER))
    row = IncomeModel.objects.get(code="M05", place=None)
    typed = {"name": "生猪养殖", "unit": "头", "months": "6", "spent": "1500", "earned": "2300.50", "is_active": "on"}
    refused = client.post(f"/income-models/{row.pk}/", {**typed, "version": 1})
    assert refused.status_code == 422 and "数据来源" in refused.content.decode()
    sent = {**typed, "source": "区农业农村委 2026年测算", "version": 1}
    assert client.post(f"/income-models/{row.pk}/", sent).status_code == 302
    own = models_for(xian).get(code="M05")
    assert (own.place_id, own.profit) == (make.COUNTY, Decimal("800.50")) and models_for(xian).count() == 24
    assert "800.50" in client.get("/income-models/").content.decode()
    again = {**sent, "earned": "2400", "version": own.version}
    assert client.post(f"/income-models/{own.pk}/", again).status_code == 302
    assert client.post(f"/income-models/{own.pk}/", again).status_code == 409
    row.refresh_from_db()
    assert row.earned is None


def test_households_that_follow_one_are_counted() -> None:
    household = make.household(members=1)
    for _ in range(2):
        measure(household, "110201", delivered_on=timezone.localdate())
    user = make.posted(Role.COUNTY_OFFICER)
    rows = list(models_for(user))
    put_followers(rows, user)
    assert {row.code: row.homes for row in rows if row.homes} == {"M05": 1}
