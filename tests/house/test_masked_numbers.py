"""Whether a masked number can be put together again from what povreg says beside it (povreg.kit.masking).

A role's answers on every address are laid side by side: every mask and every day that stands in them is tried as a
number, as somebody would who has an afternoon. None may be a number that is stored.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from openpyxl import load_workbook

from households.models import Member
from households.sheets.exports import Export, export_sheet
from households.sheets.layouts import EXPORTED
from povreg.jobs import running
from povreg.jobs.models import Job
from povreg.kit.idnumber import check_digit
from tests import factories
from tests.api.conftest import calling
from tests.house.routes import World
from tests.house.test_urls import CASES, People, address, ask, session_of
from villages.models import Cadre
from villages.rights import Role

DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:-|/|\.|年)?(0?[1-9]|1[0-2])(?:-|/|\.|月)?([0-2]?\d|3[01])(?!\d)")
MASK = re.compile(r"(?<!\d)(\d{6})\*{8,}(\d{3}[\dX])")
WHOLE = re.compile(r"(?<!\d)\d{17}[\dX]")
BORN = date(2012, 5, 17)
ASKING = (Role.COUNTY_OFFICER, Role.HELPER)  # with the right to unmask and to edit, and without


def put_together(texts: Iterable[str]) -> set[str]:
    """Every whole number that stands in the texts, and every one that masks and days in them make."""
    found: set[str] = set()
    masks: set[tuple[str, str]] = set()
    days: set[str] = set()
    for text in texts:
        found |= set(WHOLE.findall(text))
        masks |= set(MASK.findall(text))
        days |= {f"{int(year)}{int(month):02}{int(day):02}" for year, month, day in DAY.findall(text)}
    tried = {f"{area}{day}{end}" for area, end in masks for day in days}
    return found | {number for number in tried if check_digit(number[:17]) == number[17]}


def test_the_test_would_find_one():
    number = factories.id_number(BORN, "2")
    masked = f"{number[:6]}********{number[14:]}"
    for spelt in ("2012-05-17", "2012年5月17日", "20120517", "2012/5/17"):
        assert put_together([masked, spelt]) >= {number}
    assert number in put_together([f"x{number}y"])
    assert put_together([masked, "2012", "2012年"]) == set()


@pytest.fixture(scope="module")
def people(module_db) -> People:
    """A household of three: a head, a child, and one born into it who has a number by now."""
    household = factories.household(members=2)
    factories.member(household, born=BORN, joined_on=BORN, joined_reason="06", relation="03", sex="2")
    insiders = {role: factories.posted(role) for role in ASKING}
    factories.pairing(household, insiders[Role.HELPER])
    return People(household, {role: session_of(account) for role, account in insiders.items()}, {}, "")


def said(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace")


def sealed() -> set[str]:
    """Every number of a person of the register, and of a cadre."""
    return {*Member.objects.values_list("id_no", flat=True), *Cadre.objects.values_list("id_no", flat=True)} - {""}


@pytest.mark.parametrize("role", ASKING)
def test_no_role_can_put_a_number_together(db, people, role):
    session, answers, stored = people.insiders[role], {}, sealed()
    for route, case in CASES:
        if case.method == "get" and role in case.may and not route.startswith("api/v1/schema"):
            with transaction.atomic():  # each with a world of its own
                world = World(people.household)
                path = address(route, case, world)
                answers[path] = said(ask(path, case, world, session))
                stored |= sealed()
                transaction.set_rollback(True)
    found = f"/api/v1/members/search/ {role}"
    answers[found] = said(search(people, session))
    assert any(MASK.search(text) for text in answers.values()), "nothing masked was shown: the test sees nothing"
    leaked = put_together(answers.values()) & stored
    assert not leaked, {path for path, text in answers.items() if put_together([text]) & leaked} or answers.keys()


def search(people: People, session: str) -> Any:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    body = {"text": people.household.members.get(relation="01").name, "year": factories.YEAR}
    return client.post("/api/v1/members/search/", body, content_type="application/json")


def cells(book: bytes) -> list[str]:
    sheets = load_workbook(io.BytesIO(book), read_only=True).worksheets
    return [str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row if cell]


def test_exports_say_no_more_than_pages(db, people, tmp_path, client):
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    client.post("/people/export/", query_params={"year": factories.YEAR, "place": factories.VILLAGE})
    running.run(Job.objects.latest("created_at").pk)
    texts = cells(Job.objects.latest("created_at").result_file.read())
    for name, layout in EXPORTED.items():
        out = tmp_path / f"{name}.xlsx"
        export_sheet(Export(layout, factories.place(factories.VILLAGE), factories.YEAR), out)
        texts += cells(out.read_bytes())
    assert any(MASK.fullmatch(text) for text in texts)
    assert not put_together(texts) & sealed()


def test_where_no_number_is_known_the_day_is_shown(db):
    household = factories.household(members=1)
    newborn = factories.member(household, born=BORN, relation="03")
    Member.objects.filter(pk=newborn.pk).update(id_no="", id_hash="", id_valid=False)
    client = calling(factories.posted(Role.COUNTY_OFFICER))
    assert client.get(f"/api/v1/members/{newborn.pk}/").json()["birth_date"] == "2012-05-17"
    head = household.members.get(relation="01")
    assert client.get(f"/api/v1/members/{head.pk}/").json()["birth_date"] == "1975"
