"""A sheet through the API: uploaded, checked by a job, confirmed once; what is refused, and to whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from households.models import Household, SheetImport
from povreg.jobs.services import run_here
from tests import factories
from tests.api.conftest import calling
from tests.households.sheets.sheetbooks import cells_of, person, save
from villages.rights import Role

IMPORTS = "/api/v1/imports/"


@pytest.fixture
def client(db) -> Any:
    factories.place(factories.VILLAGE)
    return calling(factories.posted(Role.TOWNSHIP_OFFICER))


def upload(client: Any, content: bytes, **fields: Any) -> Any:
    file = SimpleUploadedFile("花名册.xlsx", content)
    return client.post(IMPORTS, {"file": file, "county": factories.COUNTY, **fields}, format="multipart")


def worked(client: Any, answer: dict[str, Any]) -> dict[str, Any]:
    """What the address says once the worker has done the job."""
    run_here(SheetImport.objects.get(pk=answer["id"]).job)
    return client.get(f"{IMPORTS}{answer['id']}/").json()


def book(tmp_path, *rows: dict[str, Any]) -> bytes:
    return save(tmp_path / "roster.xlsx", {"花名册": list(rows)}).read_bytes()


def test_a_roster_is_uploaded_checked_and_confirmed_once(client, tmp_path):
    good, bad = person(), person("500154201200000002", 证件号码="123")
    response = upload(client, book(tmp_path, good, bad))
    assert (response.status_code, response.json()["status"]) == (201, "checking")
    checked = worked(client, response.json())
    assert (checked["status"], checked["layout"], checked["outcome"]) == ("checked", "roster-2022", None)
    counts = checked["check"]
    assert (counts["rows_read"], counts["created"], counts["rejected"]) == (2, 1, 1)
    assert [(each["row"], each["code"]) for each in counts["rejects"]] == [(3, "id_length")]
    assert Household.objects.count() == 0
    path = f"{IMPORTS}{checked['id']}/"
    response = client.post(f"{path}confirm/")
    assert (response.status_code, response.json()["status"]) == (200, "importing")
    done = worked(client, response.json())
    assert (done["status"], done["outcome"]["created"], Household.objects.count()) == ("done", 1, 1)
    again = client.post(f"{path}confirm/")
    assert (again.status_code, again.json()["code"]) == (409, "state")
    rejects = tmp_path / "rejects.xlsx"
    rejects.write_bytes(b"".join(client.get(f"{path}rejects/").streaming_content))
    assert len(cells_of(rejects)) == 1


def test_what_cannot_be_read_is_refused_with_the_reason(client, tmp_path):
    response = upload(client, b"no workbook")
    assert (response.status_code, list(response.json()["fields"])) == (422, ["file"])
    assert upload(client, b"").status_code == 422
    assert upload(client, book(tmp_path, person()), layout="poem").status_code == 400
    assert upload(client, book(tmp_path, person()), county="50").status_code == 404
    assert client.post(IMPORTS, {"county": factories.COUNTY}, format="json").status_code == 415
    assert SheetImport.objects.count() == 0


def test_an_import_is_for_who_may_and_where_he_may(client, tmp_path):
    content = book(tmp_path, person())
    answer = upload(client, content).json()
    cadre = calling(factories.posted(Role.VILLAGE_CADRE))
    assert upload(cadre, content).status_code == 403
    stranger = calling(factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY))
    assert upload(stranger, content).status_code == 404
    for verb in ("confirm", "discard"):
        assert stranger.post(f"{IMPORTS}{answer['id']}/{verb}/").status_code == 404
    assert client.post(f"{IMPORTS}{answer['id']}/confirm/").status_code == 409
    worked(client, answer)
    assert client.post(f"{IMPORTS}{answer['id']}/discard/").json()["status"] == "cancelled"


def test_columns_are_assigned_by_name(client, tmp_path):
    row = {{"证件号码": "公民号"}.get(name, name): value for name, value in person().items()}
    headers = list(row)
    content = save(tmp_path / "renamed.xlsx", {"花名册": [row]}, headers).read_bytes()
    answer = upload(client, content, layout="roster-2022").json()
    assert answer["status"] == "uploaded"
    path = f"{IMPORTS}{answer['id']}/columns/"
    response = client.post(path, {"columns": [{"header": "公民号", "column": "证件号码"}]}, format="json")
    assert (response.status_code, response.json()["status"]) == (200, "checking")
    assert worked(client, answer)["check"]["created"] == 1
