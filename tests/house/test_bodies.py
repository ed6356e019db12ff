"""Bodies too large, too many and not to be stored (povreg.kit.bodies)."""

from __future__ import annotations

import errno
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, OperationalError
from django.test import Client
from django.urls import reverse

from povreg.kit.api.errors import answer_to
from povreg.kit.bodies import Bodies
from tests import factories
from villages.rights import Role

API, TOKEN = "/api/v1/households/search/", "/api/v1/auth/token/"


@pytest.fixture
def officer(db, client) -> Client:
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    return client


def refused(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("address", [API, TOKEN])
def test_json_over_the_limit_is_413(officer, address):
    body = json.dumps({"text": "a" * (3 * 2**20)})
    answer = officer.post(address, body, content_type="application/json")
    assert refused(answer) == (413, "too_large")
    assert "3.0 MB，超过 2.5 MB" in answer.json()["message"]


def test_a_form_over_the_limit_is_413_with_a_page(officer, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    answer = officer.post(reverse("login"), {"file": SimpleUploadedFile("a.bin", b"0" * 2000)})
    assert (answer.status_code, "没有保存" in answer.content.decode()) == (413, True)


@pytest.mark.parametrize("address", ["/login/", "/api/v1/imports/"])
def test_many_files_are_413(officer, address):
    files = {f"f{number}": SimpleUploadedFile("a.bin", b"0") for number in range(150)}
    answer = officer.post(address, files)
    assert answer.status_code == 413
    assert "分几次" in answer.content.decode()


def test_an_ordinary_upload_still_arrives(officer):
    answer = officer.post("/api/v1/imports/", {"file": SimpleUploadedFile("a.xlsx", b"PK"), "x": "1"})
    assert answer.status_code in (400, 422)
    assert "malformed" not in answer.content.decode()


def test_nul_is_refused_wherever_it_stands(officer):
    body = '{"text": "a\\u0000b"}'
    answers = [
        officer.get("/households/?q=%00"),
        officer.get("/households/%00/"),
        officer.post("/login/", {"username": "a\0", "password": "b"}),
        officer.post(API, body, content_type="application/json"),
        officer.get("/households/", headers={"Cookie": "povreg=a\0"}),
    ]
    assert [answer.status_code for answer in answers] == [400] * 5
    assert all("�" not in answer.content.decode() for answer in answers)


def test_a_script_gets_a_line(officer):
    answer = officer.get("/households/?q=%00", headers={"HX-Request": "true"})
    assert answer.content.decode().startswith("提交的内容含有不可见的空字符")


def test_what_only_the_database_refuses_is_no_accident_of_ours(rf):
    net = Bodies(lambda request: None)
    assert net.process_exception(rf.get("/x/"), DataError("numeric field overflow")).status_code == 400
    assert net.process_exception(rf.get("/x/"), ValueError("another")) is None
    assert answer_to(DataError("out of range")).status == 400
    assert answer_to(ValueError("A string literal cannot contain NUL (0x00) characters.")).status == 400
    assert answer_to(ValueError("another")).status == 500


def full() -> list[Exception]:
    """How a full disk shows itself: that of the files, that of the database."""
    refused = OperationalError("could not extend file")
    refused.__cause__ = type("Full", (Exception,), {"pgcode": "53100"})()
    return [OSError(errno.ENOSPC, "No space left on device"), refused]


@pytest.mark.parametrize("fault", full())
def test_a_full_disk_is_said_to_be_one(rf, fault):
    answer = Bodies(lambda request: None).process_exception(rf.post("/x/"), fault)
    assert answer.status_code == 507 and "磁盘已满，没有保存" in answer.content.decode()
    told = answer_to(fault)
    assert told.status == 507 and "磁盘已满" in told.message
    assert Bodies(lambda request: None).process_exception(rf.post("/x/"), OSError(errno.EIO, "x")) is None
