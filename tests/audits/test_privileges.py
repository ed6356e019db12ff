"""The privilege review: what it shows, and its signature."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import PrivilegeReview
from audits.privileges import selectors
from audits.privileges.services import sign_review
from households.models import StepRecord
from tests import factories
from tests.api import rows
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db
COUNTY = factories.COUNTY


def test_accounts_that_nobody_uses() -> None:
    long_ago = timezone.now() - timedelta(days=120)
    never, lately, fresh = (factories.posted(Role.VILLAGE_CADRE) for _ in range(3))
    User.objects.filter(pk__in=[never.pk, lately.pk]).update(created_at=long_ago)
    User.objects.filter(pk=lately.pk).update(last_login=timezone.now())
    assert list(selectors.unused(COUNTY)) == [never]
    assert fresh not in selectors.unused(COUNTY)
    assert not selectors.unused(factories.OTHER_COUNTY)


def test_postings_that_must_not_meet_in_one_person() -> None:
    both, plain = factories.posted(Role.COUNTY_OFFICER), factories.posted(Role.TOWNSHIP_OFFICER)
    factories.posting(both, Role.AUDITOR)
    factories.posting(plain, Role.VILLAGE_CADRE)
    [(who, roles)] = selectors.conflicting(COUNTY)
    assert who == both
    assert "审计人员" in roles


def test_deeds_of_one_hand() -> None:
    hand, other = factories.posted(Role.COUNTY_OFFICER), factories.posted(Role.COUNTY_OFFICER)
    household = factories.household(members=1)
    ended = {"state": "decided", "outcome": "dismissed", "outcome_reason": "不属实", "decided_on": date(2026, 3, 1)}
    factories.lead(household, checked_by=hand, decided_by=hand, **ended)
    factories.lead(household, checked_by=hand, decided_by=other, **ended)
    assert [(each.what, each.who) for each in selectors.one_hand(COUNTY)] == [("线索由核实的人办结", hand.name)]


def test_a_list_that_one_person_carried_through_two_levels() -> None:
    hand = factories.posted(Role.COUNTY_OFFICER)
    batch = rows.batch(factories.household(members=1))
    step = batch.template.steps.first()
    record = {"batch": batch, "step": step, "round": 1, "outcome": "passed", "on": date(2026, 3, 1), "by": hand}
    StepRecord.objects.create(level="township", **record)
    assert not selectors.batches_at_two_levels(COUNTY)
    StepRecord.objects.create(level="county", **record)
    [deed] = selectors.batches_at_two_levels(COUNTY)
    assert deed.who == hand.name
    assert deed.url == reverse("procedure", args=[batch.pk])


def test_a_quarter_is_signed_once_with_what_was_seen() -> None:
    auditor = factories.posted(Role.AUDITOR)
    county = factories.place(COUNTY)
    with pytest.raises(ValidationError, match="复核意见"):
        sign_review(by=auditor, county=county, said="")
    with pytest.raises(PermissionDenied):
        sign_review(by=factories.posted(Role.COUNTY_OFFICER), county=county, said="停用两个账号")
    row = sign_review(by=auditor, county=county, said="停用两个账号")
    assert row.counts["accounts"] == 2
    assert (row.year, row.quarter) == selectors.quarter_of(timezone.localdate())
    with pytest.raises(ValidationError, match="已经签字"):
        sign_review(by=auditor, county=county, said="停用两个账号")


@pytest.mark.parametrize(("day", "quarter"), [(date(2026, 3, 31), 1), (date(2026, 4, 1), 2), (date(2026, 12, 31), 4)])
def test_quarters(day: date, quarter: int) -> None:
    assert selectors.quarter_of(day) == (2026, quarter)


def test_an_auditor_signs_on_the_page(client: Client) -> None:
    client.force_login(factories.posted(Role.AUDITOR))
    page = client.get(reverse("privileges")).content.decode()
    assert "审计人员" in page
    assert "未签字" in page
    page = client.post(reverse("privileges"), {"said": "无异议，停用一个账号"}, follow=True).content.decode()
    assert "已签字" in page
    assert PrivilegeReview.objects.count() == 1
