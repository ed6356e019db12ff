"""What an address says is anybody's: a page answers what is no number, no code and no word as well."""

from __future__ import annotations

import inspect
import re
import sys
from functools import cache, partial

import pytest
from django.test import Client

from povreg.kit.values import digits_of, month_of
from tests.house.routes import Route
from tests.house.test_urls import (  # noqa: F401  fixtures
    ADDRESSES,
    CASES,
    address,
    answered,
    people,
    world,
)

ASKED = re.compile(r'(?:GET|query_params)\.(?:get|getlist)\("(\w+)"|GET\["(\w+)"\]')
MEAN = ("²", "9" * 30, "--5", "\x00", "😀①")
"""A digit that is no number, more digits than a column holds, two signs, what PostgreSQL keeps in no text."""


def test_a_number_is_what_a_column_holds() -> None:
    assert [digits_of(text) for text in ("12", "0", "", "²", "１２", "-1", "9" * 30)] == [12, 0, *[None] * 5]
    assert month_of("2026-0²") == month_of("²²²²-01") == month_of("")


@cache
def asked_by(module: str) -> tuple[str, ...]:
    """The names that the views of a module ask addresses for."""
    found = {name for pair in ASKED.findall(inspect.getsource(sys.modules[module])) for name in pair if name}
    return tuple(sorted(found))


def view_of(route: str) -> str:
    """The module of the view at an address; empty where programs ask."""
    view = ADDRESSES[route].callback
    module = inspect.getmodule(getattr(view, "view_class", inspect.unwrap(view)))
    return module.__name__ if module is not None and not route.startswith("api/") else ""


PAGES = [
    (route, case)
    for route, case in CASES
    if case.method == "get" and case.may and (found := view_of(route)) and asked_by(found)
]


@pytest.mark.parametrize(("route", "case"), PAGES, ids=[route for route, _ in PAGES])
def test_no_page_breaks_at_what_its_address_says(route: str, case: Route, world, people) -> None:  # noqa: F811
    anybody = next((each for role, each in people.insiders.items() if role in case.may), "")
    session = "" if case.anonymous == 200 else anybody
    path = address(route, case, world).partition("?")[0]
    for name in asked_by(view_of(route)):
        for text in MEAN:
            answer = answered(session, partial(Client.get, path=path, data={name: text}))
            assert answer.status_code < 500, (name, text)
