"""Plain forms sent by a script, pages compressed, and the way back after signing in."""

import pytest

from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db


def test_a_form_sent_by_a_script_is_told_where_to_go_on(client):
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    plain = client.post("/me/type/", {"size": "large"})
    assert plain.status_code == 302
    sent = client.post("/me/type/", {"size": "large"}, headers={"X-Whole-Page": "1", "HX-Request": "true"})
    assert (sent.status_code, sent.headers["HX-Redirect"]) == (204, plain.headers["Location"])


def test_a_stranger_comes_back_to_the_page_with_its_query(client):
    answer = client.post("/households/new/", headers={"Referer": "http://testserver/households/new/?year=2020&place=1"})
    assert answer.headers["Location"] == "/login/?next=/households/new/%3Fyear%3D2020%26place%3D1"
    elsewhere = client.post("/households/new/", headers={"Referer": "http://other.example/x/?y=1"})
    assert elsewhere.headers["Location"] == "/login/?next=/"


def test_pages_are_compressed_for_who_can_read_that_and_files_are_not(client):
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    page = client.get("/households/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert len(page.content) * 3 < len(client.get("/households/").content)
    assert "Content-Encoding" not in client.get("/units/?sheet=xlsx", headers={"Accept-Encoding": "gzip"}).headers
