"""Every address as every role, as a stranger of every role, and without login (design.md section 6)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pytest
from django import forms
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from households.models import Household
from povreg.kit.api.errors import CHINESE
from povreg.kit.headers import FILE_POLICY, is_file
from povreg.kit.reader_role import OPENED
from tests import factories
from tests.house import routes_assistance, routes_papers
from tests.house.routes import ROUTES as PAGES, Route, World
from tests.house.routes_api import API
from tests.house.routes_procedures import PROCEDURES
from tests.house.routes_volunteer import with_volunteers
from villages.models import User
from villages.rights import READERS, Role

ROUTES = with_volunteers({**PAGES, **API, **routes_assistance.ROUTES, **routes_papers.ROUTES, **PROCEDURES})
OWN = ("povreg", "villages", "households", "assistance", "audits")
ELSEWHERE = {
    Role.VILLAGE_CADRE: factories.NEXT_VILLAGE,
    Role.VOLUNTEER: factories.NEXT_VILLAGE,
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
NO_METHODS = {"api/v1/<anything:rest>"}  # all that is no address
CASES = [(route, case) for route in sorted(set(ROUTES) & set(ADDRESSES)) for case in cases(route)]
every_case = pytest.mark.parametrize(
    ("route", "expected"), CASES, ids=[f"{case.method} {route}" for route, case in CASES]
)


def test_every_address_has_its_row():
    assert sorted(set(ADDRESSES) - set(ROUTES)) == [], "addresses without a row in tests/house/routes.py"
    assert sorted(set(ROUTES) - set(ADDRESSES)) == [], "rows of addresses that are no longer there"


@dataclass(frozen=True)
class People:
    """Who asks, and the household it is about. They are stored once for the whole file; a person is the number of a
    session, for a client may lose its own."""

    household: Household
    insiders: dict[Role, str]
    strangers: dict[Role, str]
    newcomer: str


@pytest.fixture(scope="module")
def people(module_db) -> People:
    """Somebody of every role in whose scope the household lies (a helper is paired with it), and somebody of every
    role next door."""
    household = factories.household(members=2)
    insiders = {role: factories.posted(role) for role in Role}
    factories.pairing(household, insiders[Role.HELPER])
    strangers = {role: factories.posted(role, ELSEWHERE.get(role, factories.OTHER_COUNTY)) for role in Role}
    newcomer = factories.posted(Role.COUNTY_OFFICER, must_change_password=True)
    return People(
        household,
        {role: session_of(account) for role, account in insiders.items()},
        {role: session_of(account) for role, account in strangers.items()},
        session_of(newcomer),
    )


def session_of(account: User) -> str:
    client = Client()
    client.force_login(account)
    session = client.session
    session["began"] = session["seen"] = int(time.time()) + 3600  # no request prolongs it, which would store it anew
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def world(db, people) -> World:
    return World(people.household)


def address(route: str, expected: Route, world: World) -> str:
    """The path, with the world's rows put in for the arguments."""
    given = expected.kwargs(world)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda argument: str(given[argument[1]]), f"/{route}") + expected.query


def ask(path: str, expected: Route, world: World, session: str = "", **more: object) -> HttpResponse:
    """The answer to one person; what the request changed is taken back, so that the next one finds the same world."""
    data = expected.data(world)
    return answered(session, lambda client: getattr(client, expected.method)(path, data, **more))


def check_file(answer: HttpResponse) -> None:
    """Every file that any address of this table hands out to anybody is closed like all of them."""
    if is_file(answer):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == FILE_POLICY


def answered(session: str, send: Callable[[Client], HttpResponse]) -> HttpResponse:
    client = Client()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        answer = send(client)
        transaction.set_rollback(True)
    check_file(answer)
    if answer.request["REQUEST_METHOD"] not in READING:
        for cache in caches.all():  # what was taken back must not be remembered
            cache.clear()
    return answer


READING = {"GET", "HEAD", "OPTIONS", "TRACE"}


WRITTEN = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"


def rows_written() -> dict[str, int]:
    """By table, since the transaction began."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())


def not_theirs(before: dict[str, int]) -> set[str]:
    """Tables written since, beyond those of the audit and of oneself."""
    own = {*OPENED, *(f"{table}event" for table in OPENED), "pghistory_context"}
    return {table for table, count in rows_written().items() if count > before.get(table, 0)} - own


def unsaid(before: dict[str, int]) -> set[str]:
    """Histories written since without an act: nobody could say who did it, or why."""
    after = rows_written()
    if after.get("pghistory_context", 0) > before.get("pghistory_context", 0):
        return set()
    return {table for table, count in after.items() if table.endswith("event") and count > before.get(table, 0)}


def wrong_for_people(path: str, expected: Route, world: World, people: People) -> Iterator[str]:
    """Every role inside the place, and those that may, elsewhere."""
    asking = [("", role, session, expected.wanted(role)) for role, session in people.insiders.items()]
    asking += [(" elsewhere", role, people.strangers[role], expected.outside) for role in expected.may]
    form = {"content_type": "application/json"} if expected.json else {}
    for where, role, session, wanted in asking:
        watched = expected.method != "get" and role in READERS
        before = rows_written() if watched or (role in expected.may and not where) else {}
        got = ask(path, expected, world, session, **form).status_code
        if got not in wanted:
            yield f"{role.value}{where} got {got}, wanted {wanted}"
        if watched and (written := not_theirs(before)):
            yield f"{role.value}{where} wrote {written}"
        if not where and role in expected.may and (silent := unsaid(before)):
            yield f"{role.value} wrote {silent} without an act"


def wrong_for_nobody(route: str, path: str, expected: Route, world: World) -> Iterator[str]:
    """Without login: to the login page, or 401 where a script asks for a part of a page."""
    answer = ask(path, expected, world)
    if answer.status_code != expected.anonymous:
        yield f"nobody got {answer.status_code}, wanted {expected.anonymous}"
    elif expected.anonymous == 302:
        if not answer.url.startswith(reverse("login")):
            yield f"nobody is sent to {answer.url}"
        if route not in {"logout/", "login/code/"}:
            by_script = ask(path, expected, world, headers={"HX-Request": "true"})
            if by_script.status_code != 401 or not by_script.headers["X-Login-Required"]:
                yield f"nobody's script got {by_script.status_code}"


def wrong_for_a_newcomer(route: str, path: str, expected: Route, world: World, people: People) -> Iterator[str]:
    """With an initial password every page leads to the password page, those that need no login excepted."""
    if route not in {"login/", "login/code/", "logout/", "password/"} and expected.anonymous == 302:
        answer = ask(path, expected, world, people.newcomer)
        if (answer.status_code, answer.get("Location")) != (302, reverse("password_change")):
            yield f"a newcomer got {answer.status_code} {answer.get('Location')}"


@every_case
def test_address(route, expected, world, people):
    path = address(route, expected, world)
    expected.data(world)  # the rows it names are made before anybody asks
    wrong = [
        *wrong_for_people(path, expected, world, people),
        *wrong_for_nobody(route, path, expected, world),
        *wrong_for_a_newcomer(route, path, expected, world, people),
    ]
    assert not wrong, f"{route}: " + "; ".join(wrong)


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE")


def by_method(path: str, people: People, expected: Route) -> dict[str, HttpResponse]:
    """What somebody who may gets for each method, OPTIONS first, with nothing in the body."""
    may = sorted(expected.may, key=lambda role: role.value)
    session = people.insiders[may[0]] if may else ""

    def sender(method: str) -> Callable[[Client], HttpResponse]:
        return lambda client: client.generic(method, path)

    return {method: answered(session, sender(method)) for method in ("OPTIONS", *METHODS)}


@pytest.mark.parametrize("route", sorted(set(ROUTES) - NO_METHODS))
def test_methods_are_answered_as_the_standard_says(route, world, people):
    """OPTIONS names what the address takes; what it does not name is refused; HEAD is GET without a body."""
    expected = cases(route)[0]
    path = address(route, expected, world)
    answers = by_method(path, people, expected)
    options = answers.pop("OPTIONS")
    allowed = set(options.headers.get("Allow", "").split(", "))
    assert options.status_code == 204
    assert {"OPTIONS", *(case.method.upper() for case in cases(route))} <= allowed
    refused = {method for method, answer in answers.items() if answer.status_code == 405}
    assert refused == set(METHODS) - allowed
    assert all(set(answers[method].headers["Allow"].split(", ")) == allowed for method in refused)
    assert answers["HEAD"].status_code == answers["GET"].status_code
    assert b"".join(answers["HEAD"]) == b""


ROWLESS = "9" * 30
PARAMETER = re.compile(r"""(?:GET|query_params)(?:\.get\(|\.getlist\(|\[)["'](\w+)["']""")


def every_subclass(of: type) -> Iterator[type]:
    for each in of.__subclasses__():
        yield each
        yield from every_subclass(each)


@pytest.fixture(scope="module")
def parameters() -> list[str]:
    """Every name that a page or form of the product reads, whichever."""
    source = "".join(path.read_text() for app in OWN for path in (settings.BASE_DIR / app).rglob("*.py"))
    fields = {name for form in every_subclass(forms.BaseForm) for name in getattr(form, "base_fields", ())}
    return sorted({*PARAMETER.findall(source), *fields, "page", "year", "sort"})


def sentence_of(answer: HttpResponse) -> str:
    return "".join(CHINESE.findall(b"".join(answer).decode()))


@pytest.mark.parametrize("route", sorted(set(ROUTES)))
def test_no_value_makes_an_address_stumble(route, world, people, parameters):
    """Numbers of thirty digits and NUL in the address, its parameters and its form: a sentence, never 500."""
    for expected in cases(route):
        may = sorted(expected.may, key=lambda role: role.value)
        session = people.insiders[may[0]] if may else ""
        path, data = address(route, replace(expected, query=""), world), expected.data(world)
        rowless = re.sub(r"<int:\w+>", ROWLESS, f"/{route}")
        rowless = re.sub(r"<(?:\w+:)?\w+>", ROWLESS, rowless)
        numbers = dict.fromkeys(parameters, ROWLESS)
        sends = {
            "no row": lambda client, to=rowless: client.get(to),
            "numbers": lambda client, to=path, given=numbers: client.get(to, given),
            "NUL": lambda client, to=path: client.get(to, {"q": "\0"}),
        }
        if expected.method == "post" and not expected.json:
            sends["form"] = lambda client, to=path, given={**numbers, **data}: client.post(to, given)
            sends["NUL in form"] = lambda client, to=path: client.post(to, {"q": "a\0b"})
        answers = {name: answered(session, send) for name, send in sends.items()}
        silent = {
            name: answer.status_code
            for name, answer in answers.items()
            if answer.status_code >= 500 or (answer.status_code >= 400 and not sentence_of(answer))
        }
        assert not silent or (route == "readyz" and set(silent.values()) == {503}), silent
        assert answers["NUL"].status_code == 400
        assert answers["no row"].status_code in ((404,) if "<int:" in route else (200, 302, 400, 403, 404, 405, 503))
