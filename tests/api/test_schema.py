"""The description of the API against the API: invented requests of every operation, as every role and as nobody.

All checks of schemathesis are on, with what schemathesis.toml says. A body that fits its description may still be
refused by a rule that no schema can state: that is 404 (a reference), 409 (a state) or 422 (a rule), never 400.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.throttling import SimpleRateThrottle
from schemathesis import GenerationMode as Mode
from schemathesis.core.failures import FailureGroup

from povreg.kit.api.resources import RESOURCES as DECLARED
from tests.api.known import Known
from villages.rights import Role

CALLERS = [*Role, None]
TURNS = 5
RESOURCES = ["schema", "auth", *sorted(code for code, _view in DECLARED.items())]
FEW = settings(
    max_examples=2,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@pytest.fixture(scope="module")
def operations(django_db_setup, django_db_blocker) -> list[Any]:
    with django_db_blocker.unblock():
        schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def known(db, monkeypatch) -> Known:
    """A village with one of everything."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda connection: None)
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": None, "token": None})
    return Known()


def test_every_operation_is_tried(operations):
    assert {resource_of(operation) for operation in operations} <= set(RESOURCES)


@pytest.mark.slow
@pytest.mark.parametrize("resource", RESOURCES)
def test_the_api_does_as_described(resource, known, operations):
    """Requests that fit the description are answered as described, those that do not are refused, none fails. Each is
    sent as invented by some roles in turn, and one of each operation, aimed at rows that are there, by every role."""
    callers = {role.value if role else "nobody": known.headers(role) for role in CALLERS}
    names = list(callers)
    by_turns = [{name: callers[name] for name in names[start::TURNS]} for start in range(TURNS)]
    faults: list[str] = []
    for operation in operations:
        if resource_of(operation) == resource:
            fitting, others = (cases_of(operation, mode) for mode in (Mode.POSITIVE, Mode.NEGATIVE))
            for turn, case in enumerate([*fitting, *others]):
                faults += faults_of(case, by_turns[turn % TURNS])
            known.aim(fitting[-1])
            faults += faults_of(fitting[-1], callers)
    assert not faults, f"{len(faults)} faults\n\n" + "\n\n".join(faults[:20])


def resource_of(operation: Any) -> str:
    return str(operation.path.split("/")[3])


def cases_of(operation: Any, mode: Mode) -> list[Any]:
    """A few invented requests."""
    found = []

    @FEW
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        found.append(case)

    collect()
    return found


def faults_of(case: Any, callers: dict[str, dict[str, str]]) -> Iterator[str]:
    """What schemathesis has to say about one request, by caller; what the request changed is taken back."""
    for name, headers in callers.items():
        with transaction.atomic():
            try:
                case.call_and_validate(headers=headers)
            except FailureGroup as group:
                yield f"{case.operation.label} as {name} ({case.meta.generation.mode}): {group} {group.exceptions}"
            transaction.set_rollback(True)
