"""The second lock costs no index: each statement that a page asks is planned over the same indexes with the policy and
without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from households.models import AnnualRecord, Assessment, Household, Member, Presence
from povreg.kit.crypto import lookup_hash
from povreg.kit.reach import at, reaching
from povreg.kit.scopes import within
from tests import factories
from tests.owner import owner

pytestmark = pytest.mark.django_db
VILLAGE, YEAR = factories.VILLAGE, 2025
PINNED: dict[str, QuerySet[Any]] = {
    "households of a village": Household.objects.filter(village_id=VILLAGE).order_by("household_no"),
    "households of a township": Household.objects.filter(within("village_id", factories.TOWNSHIP)),
    "a household": Household.objects.filter(pk=1),
    "by number": Member.objects.filter(id_hash=lookup_hash("x")),
    "by phone": Household.objects.filter(phone_hash=lookup_hash("1")).exclude(phone_hash=""),
    "by name": Member.objects.filter(within("village_id", factories.COUNTY), name="李建国"),
    "members of a household": Member.objects.filter(household_id=1),
    "records of a year": AnnualRecord.objects.filter(village_id=VILLAGE, year=YEAR),
    "verdict of a household": Assessment.objects.filter(household_id=1, year=YEAR),
    "who lived there": Presence.objects.filter(household_id=1),
}


def indexes_of(plan: Any) -> Iterator[str]:
    """Names of the indexes of our own tables in a plan, without those of the policy's own look-ups."""
    if isinstance(plan, dict):
        if "Index Name" in plan and "Subplan Name" not in plan:
            yield str(plan["Index Name"])
        for value in plan.values():
            yield from indexes_of(value)
    elif isinstance(plan, list):
        for each in plan:
            yield from indexes_of(each)


def planned(rows: QuerySet[Any]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # the tables of a test are small
    with reaching(at(factories.COUNTY)):
        return set(indexes_of(json.loads(rows.explain(format="json"))))


@pytest.mark.parametrize("name", PINNED)
def test_the_policy_takes_no_index_away(name: str) -> None:
    rows = PINNED[name]
    with owner():
        without = planned(rows.all())
    assert without, "planned over an index at all"
    secured = planned(rows.all())
    by_key = any(index.endswith("_pkey") for index in secured)  # as good as any; in small tables several cost the same
    assert without <= secured or by_key
