"""The description of the API against the API: invented requests of every operation, as several roles."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.throttling import SimpleRateThrottle
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from tests import factories
from tests.api import rows
from villages.models import ApiToken, User
from villages.people.rights import Role
from villages.people.tokens import LIVES, digest_of

OPERATIONS = [
    found.ok()
    for found in schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application()).get_all_operations()
]
ROLES = [Role.COUNTY_OFFICER, Role.HELPER, Role.ACCOUNTS_ADMIN]
ELSEWHERE = [ignored_auth]  # every address without login: tests/house/test_urls.py
ON_WRITES = [ignored_auth, positive_data_acceptance]  # the rules of the register refuse what a schema cannot say
BOUNDED = settings(
    max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)


@pytest.fixture
def callers(db, monkeypatch) -> dict[Role, dict[str, str]]:
    """A village with one of everything, and the headers of people of several roles who are posted there."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda connection: None)
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": None, "token": None})
    household = factories.household(members=3)
    factories.annual_record(household)
    factories.assessment(household, failed=["income"])
    rows.objection(household)
    people = {role: factories.posted(role) for role in ROLES}
    factories.pairing(household, people[Role.HELPER])
    factories.job(people[Role.COUNTY_OFFICER])
    return {role: bearer(account) for role, account in people.items()}


def bearer(account: User) -> dict[str, str]:
    token = f"invented-token-{account.pk}"
    ApiToken.objects.create(user=account, digest=digest_of(token), expires_at=timezone.now() + LIVES)
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.slow
@pytest.mark.parametrize("mode", GenerationMode)
def test_the_api_does_as_described(mode, callers):
    """Requests that fit the description are answered as described, those that do not are refused, none fails."""
    faults = [fault for operation in OPERATIONS if (fault := fault_of(operation, mode, callers))]
    assert not faults, "\n\n".join(faults)


def fault_of(operation: Any, mode: GenerationMode, callers: dict[Role, dict[str, str]]) -> str:
    """What schemathesis has to say about an operation, whoever asks; empty when nothing."""

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: schemathesis.Case) -> None:
        for headers in callers.values():
            case.call_and_validate(
                headers=headers, excluded_checks=ELSEWHERE if operation.method == "get" else ON_WRITES
            )

    try:
        attempt()
    except FailureGroup as group:
        return f"{operation.label} ({mode}): {group.exceptions}\n{group}"
    return ""
