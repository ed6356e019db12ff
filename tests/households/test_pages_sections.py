"""The sections of the household page: what is shown, what a save does, and that nothing typed is lost."""

from __future__ import annotations

import pytest

from households.models import AnnualRecord
from tests import factories
from villages.people.rights import Role

pytestmark = pytest.mark.django_db
YEAR = factories.YEAR
SECTIONS = ("basic", "members", "living", "income", "guarantees", "files", "history")


@pytest.fixture
def cadre(client):
    account = factories.posted(Role.VILLAGE_CADRE)
    client.force_login(account)
    return account


@pytest.fixture
def household():
    row = factories.household(members=4)
    factories.annual_record(row)
    factories.annual_record(row, YEAR - 1, wage_income=20000)
    for person in row.members.all():
        factories.member_year(person)
    return row


def url(row, section, year=YEAR):
    return f"/households/{row.pk}/{section}/?year={year}"


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens(client, cadre, household, section):
    factories.assessment(household, failed=["housing"], missing=["water"])
    answer = client.get(url(household, section))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "王明海" in page
    assert "怎样才能达标" in page


def test_overview(client, cadre, household):
    assert "家庭成员" in client.get(f"/households/{household.pk}/").content.decode()
