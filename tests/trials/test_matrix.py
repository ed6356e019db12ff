"""The matrix run twice: every address as strangers of every role, as it is and with the application's filter removed,
so that the database alone decides. No byte of a foreign household either way (`make matrix`; ROLES=helper,… for some).

What differs between the two runs lies in tables that name no household and have no second lock (policies.OPEN)."""

from __future__ import annotations

import io
import logging
import os
import zipfile
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse

from households.models import Household, Member
from povreg.kit.headers import is_file
from tests import factories
from tests.house.routes import Route, World
from tests.house.test_second_lock import _subclasses
from tests.house.test_urls import CASES, ELSEWHERE, People, address, answered, ask, rows_written, session_of
from villages.rights import Role
from villages.rights.policies import policies
from villages.rights.scope import ScopedQuerySet

NAMES = ("欧阳远客", "欧阳归人")
ASKED = "欧阳"  # a search box shows what was asked for
OWN = frozenset({"villages_message", "households_look"})
OF_ONES_OWN = (200,)
"""What the table of addresses says where the address names no row: a form, a kind of report. Everybody gets one of his
own places."""


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """Refusals are what is asked for here; each would be told with all calls that led to it."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def people(module_db) -> People:
    """A household with marks that stand nowhere else, and somebody of every role next door."""
    household = factories.household(members=2, phone="13987650001")
    for member, name in zip(household.members.order_by("person_no"), NAMES, strict=True):
        Member.objects.filter(pk=member.pk).update(name=name)
    strangers = {role: factories.posted(role, ELSEWHERE.get(role, factories.OTHER_COUNTY)) for role in Role}
    return People(household, {}, {role: session_of(account) for role, account in strangers.items()}, "")


def marks_of(household: Household) -> list[bytes]:
    rows = [(member.name[2:], member.id_no, member.person_no) for member in household.members.all()]
    return [mark.encode() for row in rows for mark in row] + [household.household_no.encode(), b"13987650001"]


def remove_the_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    for found in {ScopedQuerySet, *_subclasses(ScopedQuerySet)}:
        if "visible_to" in vars(found):
            monkeypatch.setattr(found, "visible_to", lambda self, user: self)


def texts_of(body: bytes) -> Iterator[bytes]:
    """What an answer holds; a workbook is opened."""
    yield body
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            yield from map(packed.read, packed.namelist())


class Written:
    """Which tables were written since they were last looked at, what was taken back included."""

    def __init__(self) -> None:
        self.counted: dict[str, int] = {}

    def look(self) -> set[str]:
        before, self.counted = self.counted, rows_written()
        return {table for table, count in self.counted.items() if count > before.get(table, 0)}


class Run:
    """What strangers got, with or without the filter."""

    def __init__(self, household: Household, written: Written) -> None:
        self.marks = marks_of(household)
        self.written = written
        self.secured = {policy.table for policy in policies()}
        self.leaks: list[str] = []
        self.codes: list[tuple[str, int]] = []

    def answered(self) -> dict[int, int]:
        return dict(sorted(Counter(code for _, code in self.codes).items()))

    def look(self, what: str, answer: HttpResponse, named: bool) -> None:
        body = b"".join(answer)
        self.codes.append((what, answer.status_code))
        self.leaks += [f"{what}: {mark.decode()}" for text in texts_of(body) for mark in self.marks if mark in text]
        if named and answer.status_code == 200 and is_file(answer):
            self.leaks.append(f"{what}: a file")

    def ask(self, route: str, case: Route, path: str, world: World, role: Role, session: str) -> None:
        what = f"{case.method} {route} {role.value}"
        form = {"content_type": "application/json"} if case.json else {}
        self.look(what, ask(path, case, world, session, **form), "<" in route and case.stranger != OF_ONES_OWN)
        if case.method == "get" and "<" not in route:
            found = answered(session, lambda client: client.get(path.split("?")[0], {"q": ASKED}))
            self.look(f"{what} asked", found, False)
        self.leaks += [f"{what}: wrote {table}" for table in sorted(self.written.look() & self.secured - OWN)]


def test_the_filter_is_removed(db: None, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the second run would prove nothing. A test itself sees all rows, so the filter alone decides here."""
    stranger = factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY)
    assert not Household.objects.visible_to(stranger).filter(pk=people.household.pk).exists()
    remove_the_filter(monkeypatch)
    assert Household.objects.visible_to(stranger).filter(pk=people.household.pk).exists()


def test_strangers_find_no_byte_with_and_without_the_filter(
    db: None, people: People, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    roles = [Role(code) for code in os.environ.get("ROLES", ",".join(Role)).split(",")]
    written = Written()
    first, second = Run(people.household, written), Run(people.household, written)
    closed = [(route, case) for route, case in CASES if case.anonymous != 200]
    for number, (route, case) in enumerate(closed):
        if number % 50 == 0:
            with capsys.disabled():
                print(f"{number} of {len(closed)} addresses", flush=True)
        with transaction.atomic():
            world = World(people.household)
            path = address(route, case, world)
            case.data(world)
            written.look()
            for role in roles:
                first.ask(route, case, path, world, role, people.strangers[role])
                with monkeypatch.context() as open_lock:
                    remove_the_filter(open_lock)
                    second.ask(route, case, path, world, role, people.strangers[role])
            transaction.set_rollback(True)
    pairs = zip(first.codes, second.codes, strict=True)
    differ = Counter(one[0].split()[1] for one, other in pairs if one != other)
    with capsys.disabled():
        print(f"\n{len(roles)} roles, {len(first.codes)} requests twice; answered {first.answered()},")
        print(f"without the filter {second.answered()}; {differ.total()} are answered otherwise:")
        print("\n".join(f"  {what} ({count})" for what, count in sorted(differ.items())))
    assert not first.leaks and not second.leaks, "\n".join([*first.leaks[:40], *second.leaks[:40]])
