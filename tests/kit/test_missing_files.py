"""A stored file that the disk has not any more is a sentence: on every page and in the API, in jobs, in commands."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import pghistory.models
import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db.models import FileField

from audits.models import ComparisonList, Evidence, SamplePhoto
from households.models import Archive, ArchivePaper, Attachment, BulkAct, ObjectionPhoto, Paper, SheetImport
from households.sheets import jobs as sheets
from households.sheets.selectors import sheets_found
from povreg.jobs.models import Job
from povreg.jobs.services import JobError
from povreg.kit.sheets.finding import Wishes
from povreg.kit.storage import SealedStorage, StoredFileMissing, plain_copy
from tests import factories as make
from tests.api import rows
from tests.audits import made, sampled
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def officer(client):
    account = make.posted(Role.COUNTY_OFFICER)
    client.force_login(account)
    return account


def of_attachment(officer) -> list[str]:
    row = make.attachment(make.household())
    return [f"/households/{row.household_id}/files/{row.pk}/", f"/api/v1/attachments/{row.pk}/file/"]


def of_paper(officer) -> list[str]:
    batch = rows.batch(make.household())
    row = rows.paper(batch)
    return [f"/procedures/{batch.pk}/papers/{row.pk}/", f"/api/v1/batches/{batch.pk}/papers/{row.pk}/"]


def of_rejects(officer) -> list[str]:
    row = make.sheet_import(by=officer)
    row.rejects.save("rejects.xlsx", ContentFile(b"PK"))
    return [f"/sheets/{row.pk}/rejects/", f"/api/v1/imports/{row.pk}/rejects/"]


def of_result(officer) -> list[str]:
    job = make.job(owner=officer, kind="sheet-export", status=Job.Status.DONE, result_name="名册.xlsx")
    job.result_file.save(f"{uuid4()}.xlsx", ContentFile(b"PK"))
    return [f"/jobs/{job.pk}/result/", f"/api/v1/jobs/{job.pk}/result/", f"/api/v1/exports/{job.pk}/result/"]


SCAN = {"content_type": "image/jpeg", "size": 2, "sha256": "0" * 64}


def of_photo(officer) -> list[str]:
    row = rows.objection(make.household())
    photo = ObjectionPhoto(objection=row, by=None, **SCAN)
    photo.file.save("photo.jpg", ContentFile(b"PK"))
    return [f"/objections/{row.pk}/photos/{photo.pk}/"]


def of_archive(officer) -> list[str]:
    day = date(2017, 12, 1)
    facts = {"place": make.place(), "year": 2017, "subject": "脱贫退出", "decided_on": day, "entered_on": day}
    row = Archive.objects.create(by=officer, **facts)
    paper = ArchivePaper(archive=row, title="材料 1", by=officer, **SCAN)
    paper.file.save("scan.jpg", ContentFile(b"PK"))
    return [f"/procedures/archives/{row.pk}/{paper.pk}/"]


def of_act(officer) -> list[str]:
    """The one scan of an act lies with each of its lists."""
    batch = rows.batch(make.household())
    act = BulkAct(place_id=make.COUNTY, step_kind="county_review", batch_ids=[batch.pk], by=officer, **SCAN)
    act.file.save("scan.jpg", ContentFile(b"PK"))
    paper = rows.paper(batch)
    Paper.objects.filter(pk=paper.pk).update(file=act.file.name)
    return [f"/procedures/{batch.pk}/papers/{paper.pk}/"]


def of_evidence(officer) -> list[str]:
    row = made.finding(make.household())
    step = row.steps.get()
    paper = Evidence(finding=row, step=step, by=officer, **SCAN)
    paper.file.save("scan.jpg", ContentFile(b"PK"))
    return [f"/findings/{row.pk}/evidence/{paper.pk}/"]


def of_sample(officer) -> list[str]:
    case = sampled.case()
    photo = SamplePhoto(case=case, by=officer, **SCAN)
    photo.file.save("photo.jpg", ContentFile(b"PK"))
    return [f"/samples/cases/{case.pk}/photos/{photo.pk}/"]


NOBODYS = {ComparisonList}
"""Models whose file goes as soon as it is read."""
DOORS = {
    Attachment: of_attachment, Paper: of_paper, SheetImport: of_rejects, Job: of_result, ObjectionPhoto: of_photo,
    ArchivePaper: of_archive, BulkAct: of_act, Evidence: of_evidence, SamplePhoto: of_sample,
}  # fmt: skip


def lose_files(settings) -> None:
    for stored in Path(settings.MEDIA_ROOT).rglob("*.*"):
        stored.unlink()


@pytest.mark.parametrize("doors", DOORS.values(), ids=lambda doors: doors.__name__)
def test_every_address_of_a_file_says_that_it_is_gone(client, officer, settings, doors, caplog):
    addresses = doors(officer)
    for address in addresses:
        there = client.get(address)
        assert there.status_code == 200, address
        assert there.getvalue(), address
    lose_files(settings)
    for address in addresses:
        gone = client.get(address)
        assert gone.status_code == 404, address
        said = gone.json()["message"] if address.startswith("/api/") else gone.text
        assert "已不在服务器上" in said and "系统管理员" in said, address
    assert caplog.text.count("stored file missing: ") == len(addresses)


def test_no_model_with_files_is_left_out():
    """A new one needs its doors above."""
    fields = [(model, each) for model in apps.get_models() for each in model._meta.fields]
    histories = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    assert {model for model, each in fields if isinstance(each, FileField)} - set(histories) - NOBODYS == set(DOORS)


def test_another_missing_page_stays_as_it_was(client, officer):
    assert "没有找到这个页面或记录" in client.get("/jobs/nothing/").text


def test_an_import_whose_workbook_is_gone_says_so_and_its_page_opens(client, officer, settings):
    row = make.sheet_import(by=officer)
    lose_files(settings)
    with pytest.raises(JobError, match="上传的文件已不在服务器上"):
        sheets.preview(make.job(owner=officer, kind="sheet-preview", params={"sheet": row.pk}))
    assert sheets_found(row, Wishes()) == []
    assert client.get(f"/sheets/{row.pk}/").status_code == 200


def test_who_reads_a_path_is_told_in_the_same_way():
    with pytest.raises(StoredFileMissing), SealedStorage().open("imports/none.xlsx"):
        pass
    with pytest.raises(FileNotFoundError), plain_copy(Attachment(file="imports/none.xlsx").file):
        pass
