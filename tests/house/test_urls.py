"""Every address as every role, as a stranger of every role, and without login (design.md section 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import factories
from tests.house.routes import ROUTES as PAGES, Route, World
from tests.house.routes_api import API
from villages.models import User
from villages.rights import Role

ROUTES = {**PAGES, **API}
ELSEWHERE = {
    Role.VILLAGE_CADRE: factories.NEXT_VILLAGE,
    Role.TOWNSHIP_OFFICER: factories.OTHER_TOWNSHIP,
}


def cases(route: str) -> Sequence[Route]:
    found = ROUTES[route]
    return (found,) if isinstance(found, Route) else found


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


ADDRESSES = dict(patterns(get_resolver()))
CASES = [(route, case) for route in sorted(set(ROUTES) & set(ADDRESSES)) for case in cases(route)]
every_case = pytest.mark.parametrize(
    ("route", "expected"), CASES, ids=[f"{case.method} {route}" for route, case in CASES]
)


def test_every_address_has_its_row():
    assert sorted(set(ADDRESSES) - set(ROUTES)) == [], "addresses without a row in tests/house/routes.py"
    assert sorted(set(ROUTES) - set(ADDRESSES)) == [], "rows of addresses that are no longer there"


@pytest.fixture
def world(db) -> World:
    return World()


def address(route: str, expected: Route, world: World) -> str:
    """The path, with the world's rows put in for the arguments."""
    given = expected.kwargs(world)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda argument: str(given[argument[1]]), f"/{route}") + expected.query


def status(path: str, expected: Route, world: World, client: Client) -> int:
    form = {"content_type": "application/json"} if expected.json else {}
    return getattr(client, expected.method)(path, expected.data(world), **form).status_code


def signed_in(account: User) -> Client:
    client = Client()
    client.force_login(account)
    return client


def insider(role: Role, world: World) -> User:
    """Somebody of that role in whose scope the world lies; a helper is paired with its household."""
    account = factories.posted(role)
    if role == Role.HELPER:
        factories.pairing(world.household, account)
    return account


@every_case
def test_address_as_every_role(route, expected, world):
    path = address(route, expected, world)
    wrong = {}
    for role in Role:
        wanted = expected.wanted(role)
        got = status(path, expected, world, signed_in(insider(role, world)))
        if got not in wanted:
            wrong[role.value] = (got, wanted)
    assert not wrong, f"{route}: role: (got, wanted) {wrong}"


@every_case
def test_address_as_a_stranger(route, expected, world):
    path = address(route, expected, world)
    wrong = {}
    for role in expected.may:
        client = signed_in(factories.posted(role, ELSEWHERE.get(role, factories.OTHER_COUNTY)))
        got = status(path, expected, world, client)
        if got not in expected.outside:
            wrong[role.value] = (got, expected.outside)
    assert not wrong, f"{route}: role elsewhere: (got, wanted) {wrong}"


@every_case
def test_address_without_login(route, expected, world):
    path = address(route, expected, world)
    response = getattr(Client(), expected.method)(path, expected.data(world))
    assert response.status_code == expected.anonymous
    if expected.anonymous != 302:
        return
    assert response.url.startswith(reverse("login"))
    if route == "logout/":
        return
    asked_by_script = getattr(Client(), expected.method)(path, headers={"HX-Request": "true"})
    assert asked_by_script.status_code == 401
    assert asked_by_script.headers["X-Login-Required"]


@every_case
def test_address_before_the_first_password_change(route, expected, world):
    """With an initial password every page leads to the password page, those that need no login excepted."""
    if route in {"login/", "logout/", "password/"} or expected.anonymous != 302:
        return
    client = signed_in(factories.posted(Role.COUNTY_OFFICER, must_change_password=True))
    response = getattr(client, expected.method)(address(route, expected, world))
    assert (response.status_code, response.url) == (302, reverse("password_change"))
