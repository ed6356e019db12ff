"""Lists on paper: every row, in the columns that somebody chose, which are remembered for him and nobody else."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests import factories
from villages.models import PrintColumns
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client):
    account = factories.posted(Role.COUNTY_OFFICER)
    client.force_login(account)
    return account


def heads(client: Client, address: str) -> list[str]:
    page = client.get(address).text
    return re.findall(r"<th[^>]*>([^<]*)</th>", page.split('<table class="grid">')[1])


@pytest.mark.parametrize(
    ("code", "address", "first", "wanted", "chosen"),
    [
        ("units", "/units/?print=1", "单位", ["name", "place"], ["序号", "单位", "所在地"]),
        ("households", "/households/?print=1&year=2020", "户主", ["head", "phone"], ["序号", "户主", "联系电话"]),
        ("people", "/people/?print=1&year=2020", "行政村", ["name", "age"], ["序号", "姓名", "年龄"]),
    ],
)
def test_columns_are_chosen_and_kept_for_who_chose_them(client, officer, code, address, first, wanted, chosen):
    factories.unit()
    factories.assessment(factories.household(members=1))
    usual = heads(client, address)
    assert usual[1] == first
    came = {"HTTP_REFERER": f"http://testserver{address}"}
    answer = client.post(f"/lists/{code}/print/", {"column": [*wanted, "no-such"]}, **came)
    assert answer.url == address
    assert heads(client, address) == chosen
    other = Client()
    other.force_login(factories.posted(Role.COUNTY_OFFICER))
    assert heads(other, address) == usual
    client.post(f"/lists/{code}/print/", {"usual": "1", "column": wanted}, **came)
    assert heads(client, address) == usual
    assert not PrintColumns.objects.exists()
    assert client.post("/lists/no-such/print/", {}).status_code == 404


def test_a_paper_holds_all_pages_and_says_where_it_ends(client, officer, monkeypatch):
    for _ in range(3):
        factories.unit()
    assert client.get("/units/?print=1").text.count('<td class="count">') == 3
    monkeypatch.setattr("povreg.kit.pages.printed.MOST_PRINTED", 2)
    page = client.get("/units/?print=1").text
    assert page.count('<td class="count">') == 2
    assert "共 3 个单位" in page and "只印前 2 个单位" in page


def test_numbers_stay_masked_on_paper(client, officer):
    home = factories.household(members=1)
    page = client.get("/people/?print=1&year=2020").text
    number = home.members.get().id_no
    assert number not in page and f"{number[:6]}********{number[-4:]}" in page
