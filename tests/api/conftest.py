"""Callers of the API."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests import factories
from villages.models import User


def calling(account: User) -> APIClient:
    client = APIClient()
    client.force_login(account)
    return client


@pytest.fixture
def as_role(db) -> Any:
    """A client signed in as somebody posted in a role (and place)."""

    def sign_in(role: Any, code: str = "") -> APIClient:
        return calling(factories.posted(role, code))

    return sign_in
