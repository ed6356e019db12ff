"""The tag of an answer moves with whatever the answer shows."""

from __future__ import annotations

import pytest
from django.db.models import F

from households.eligibility.services import recompute_household
from households.models import Household, Member
from households.models.codes import HEAD
from povreg.kit.api.resources import RESOURCES
from povreg.kit.history import act
from tests import factories as make
from tests.api.conftest import calling
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def household() -> Household:
    make.poverty_line()
    make.criteria_set(year_from=2013)
    household = make.household(members=2)
    make.annual_record(household)
    return household


def test_it_moves_with_members_and_verdict_though_the_version_stands(household: Household) -> None:
    client = calling(make.posted(Role.COUNTY_OFFICER))
    address = f"/api/v1/households/{household.pk}/"
    tags = [client.get(address).headers["ETag"]]
    assert client.get(address).headers["ETag"] == tags[0]
    assert client.get(address, headers={"If-None-Match": tags[0]}).status_code == 304

    head = Member.objects.get(pk=household.head_id) if hasattr(household, "head_id") else Member.objects.first()
    with act(by=None, verb="load_test"):
        Member.objects.filter(pk=head.pk).update(name="改过名")
    tags.append(client.get(address).headers["ETag"])
    with act(by=None, verb="load_test"):
        recompute_household(by=None, household=household)
    tags.append(client.get(address).headers["ETag"])
    assert len(set(tags)) == 3, client.get(address).json()
    household.refresh_from_db()

    stale = client.patch(address, {"version": household.version}, format="json", headers={"If-Match": tags[0]})
    assert (stale.status_code, stale.json()["code"]) == (412, "changed")
    fresh = client.patch(address, {"version": household.version}, format="json", headers={"If-Match": tags[-1]})
    assert fresh.status_code == 200, fresh.json()


def test_a_verb_on_the_household_asks_for_what_hangs_on_it(household: Household) -> None:
    client = calling(make.posted(Role.COUNTY_OFFICER))
    address = f"/api/v1/households/{household.pk}/"
    stale = client.get(address).headers["ETag"]
    other = Member.objects.exclude(relation=HEAD).get()
    with act(by=None, verb="load_test"):
        Member.objects.filter(pk=other.pk).update(name="换了名", version=F("version") + 1)
    body = {"new_head": other.pk, "relations": []}
    refused = client.post(f"{address}head/", body, format="json", headers={"If-Match": stale})
    assert (refused.status_code, refused.json()["code"]) == (412, "changed")
    assert Member.objects.get(pk=other.pk).relation != HEAD, "nothing was changed"


def test_every_resource_whose_rows_are_changed_gives_them_a_tag() -> None:
    """The tag is made of what the row's own address answers, so there must be one."""
    changed = {code: view for code, view in RESOURCES.items() if hasattr(view, "partial_update")}
    assert {"households", "members", "annual-records", "accounts", "units", "village-files"} <= set(changed)
    assert [code for code, view in changed.items() if not hasattr(view, "retrieve")] == []


def test_a_list_takes_no_if_match() -> None:
    client = calling(make.posted(Role.COUNTY_OFFICER))
    answer = client.post("/api/v1/units/", {}, format="json", headers={"If-Match": '"x"'})
    assert answer.status_code == 412
