"""The export centre: every dataset holds as many rows as SQL counts; masked by default; every form proves itself."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models as db
from django.test import Client
from django.utils import timezone

from audits.exports.declared import DATASETS, open_to
from audits.exports.services import request_datasets
from audits.exports.writing import DAY, MOMENT, kind_of, reasons_of
from audits.models import Finding
from audits.trail.selectors import changes_of
from households.models import Household, Member, RegisterEvent, UnmaskLog
from povreg.jobs.models import Job
from povreg.jobs.services import run_here
from povreg.kit.crypto import lookup_hash
from povreg.kit.history import act
from povreg.kit.sheets.digest import canonical
from povreg.kit.storage import plain_copy
from povreg.proof.models import ExportRecord
from povreg.proof.verifying import ALTERED, verify
from tests import factories
from tests.api import rows
from tests.audits import made
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db
NUMBER = "500198197003042518"


@pytest.fixture
def auditor() -> User:
    return factories.posted(Role.AUDITOR)


@pytest.fixture
def household() -> Household:
    household = factories.household(members=2)
    first = household.members.order_by("person_no").first()
    assert first is not None
    Member.objects.filter(pk=first.pk).update(id_no=NUMBER, id_hash=lookup_hash(NUMBER))
    factories.annual_record(household)
    factories.assessment(household)
    made.finding(household)
    factories.lead(household)
    rows.objection(household)
    return household


def exported(by: User, codes: list[str], **more: Any) -> Job:
    columns = more.pop("columns", {})
    wanted = {code: columns.get(code, []) for code in codes}
    job = request_datasets(by=by, datasets=wanted, place=factories.place(factories.COUNTY), **more)
    job.refresh_from_db()
    return job if job.status == Job.Status.DONE else run_here(job)


def content(job: Job) -> bytes:
    with plain_copy(job.result_file) as path:
        return Path(path).read_bytes()


def test_every_dataset_has_a_sheet_with_as_many_rows_as_sql_counts(household: Household, auditor: User) -> None:
    codes = [each.code for each in open_to(auditor)]
    job = exported(auditor, codes)
    book = openpyxl.load_workbook(io.BytesIO(content(job)), read_only=True)
    found = {sheet.title: sum(1 for row in sheet.iter_rows(min_row=2) if any(c.value is not None for c in row))
             for sheet in book}  # fmt: skip
    in_place = {each.code: each for each in DATASETS}
    for code in codes:
        dataset = in_place[code]
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{dataset.model._meta.db_table}"')
            (held,) = cursor.fetchone()
        if dataset.place in ("place_code", "code") or "place_id" in dataset.place:  # some are of no place, or of others
            assert found[dataset.label[:31]] <= held, code
        else:
            assert found[dataset.label[:31]] == held, code
    assert (found["农户"], found["家庭成员"], found["公示公告"], found["异议"]) == (1, 2, 1, 1)


def test_numbers_are_masked_and_no_day_of_birth_stands_beside(household: Household, auditor: User) -> None:
    job = exported(auditor, ["members"], columns={"members": ["name", "id_no", "birth_date"]})
    rows = list(openpyxl.load_workbook(io.BytesIO(content(job)))["家庭成员"].values)
    assert len(rows[0]) == 3
    assert (rows[1][1], str(rows[1][2])[-1]) == ("500198********2518", "年")
    assert "已遮盖" in job.result_name and ExportRecord.objects.get().unmasked is False


def test_who_came_by_birth_came_in_a_year(household: Household, auditor: User) -> None:
    """Beside a masked number the day would be the day of birth: in the export centre and in the trail."""
    born, grown = household.members.order_by("-person_no")
    with act(by=None, verb="load_test", reason="出生"):
        Member.objects.filter(pk=born.pk).update(joined_on=date(2024, 5, 17), joined_reason="06")
        RegisterEvent.objects.create(
            household=household, village_id=household.village_id, member=born, member_change="06",
            happened_on=date(2024, 5, 17),
        )  # fmt: skip
    wanted = {"members": ["person_no", "joined_on"], "events": ["happened_on"]}
    book = openpyxl.load_workbook(io.BytesIO(content(exported(auditor, ["members", "events"], columns=wanted))))
    days = dict(list(book["家庭成员"].values)[1:])
    assert days == {born.person_no: "2024年", grown.person_no: "2014-01-01"}
    assert [row[0] for row in list(book["人员和户变动"].values)[1:]] == ["2024年"]
    whole = exported(auditor, ["members"], columns=wanted, unmasked=True, reason="审计抽查")
    days = dict(list(openpyxl.load_workbook(io.BytesIO(content(whole)))["家庭成员"].values)[1:])
    assert days[born.person_no].date() == date(2024, 5, 17)
    context = str(born.history.latest("pgh_id").pgh_context_id)  # type: ignore[attr-defined]
    found = changes_of(auditor, context)
    assert found is not None
    told = [str(change) for _what, _kind, fields in found[1] for change in fields]
    assert sum("改为 2024年" in each for each in told) == 2 and not any("5月17日" in each for each in told)


def test_whole_numbers_need_right_and_reason_and_are_logged(household: Household, auditor: User) -> None:
    with pytest.raises(ValidationError, match="理由"):
        exported(auditor, ["members"], unmasked=True)
    job = exported(auditor, ["members"], unmasked=True, reason="审计抽查", form="csv")
    with zipfile.ZipFile(io.BytesIO(content(job))) as archive:
        (name,) = archive.namelist()
        assert NUMBER in archive.read(name).decode("utf-8-sig") and "完整号码" in name
    assert UnmaskLog.objects.get().reason == "审计抽查" and ExportRecord.objects.get().unmasked
    with pytest.raises(PermissionDenied):
        exported(factories.posted(Role.VILLAGE_CADRE), ["members"])


def test_a_csv_proves_itself_and_a_forged_one_is_recognised(
    household: Household, auditor: User, tmp_path: Path
) -> None:
    job = exported(auditor, ["members"], columns={"members": ["name", "person_no", "relation"]}, form="csv")
    path = tmp_path / "a.csv"
    with zipfile.ZipFile(io.BytesIO(content(job))) as archive:
        path.write_bytes(archive.read(archive.namelist()[0]))
    assert verify(path).unaltered
    lines = list(csv.reader(path.open(encoding="utf-8-sig")))
    with path.open("w", encoding="utf-8", newline="") as again:
        csv.writer(again, quoting=csv.QUOTE_ALL).writerows(lines)
    assert verify(path).unaltered
    lines[1][0] = "赵六"
    with path.open("w", encoding="utf-8", newline="") as again:
        csv.writer(again).writerows(lines)
    verdict = verify(path)
    assert verdict.state == ALTERED and [(row.kind, row.row) for row in verdict.rows] == [("changed", 2)]


def test_a_parquet_file_holds_the_rows_and_is_proven_by_its_bytes(
    household: Household, auditor: User, tmp_path: Path
) -> None:
    job = exported(auditor, ["annual"], form="parquet", year=2020)
    path = tmp_path / "a.parquet"
    with zipfile.ZipFile(io.BytesIO(content(job))) as archive:
        path.write_bytes(archive.read(archive.namelist()[0]))
    table = pq.read_table(path)
    assert table.num_rows == 1
    said = dict(json.loads(pq.read_metadata(path).metadata["说明".encode()]))
    assert said["数据行数"] == "1" and verify(path).unaltered


def test_days_and_moments_leave_as_such(household: Household, auditor: User) -> None:
    for dataset in DATASETS:
        for field in dataset.columns().values():
            kind = kind_of(field, False)
            if isinstance(field, db.DateTimeField):
                assert kind is MOMENT, f"{dataset.code}.{field.name}"
            elif isinstance(field, db.DateField) and field.name != "birth_date" and not reasons_of(field):
                assert kind is DAY, f"{dataset.code}.{field.name}"
    wanted = {"columns": {"findings": ["opened_on", "updated_at"]}}
    finding = Finding.objects.get()
    moment = timezone.localtime(finding.updated_at).replace(tzinfo=None, microsecond=0)
    (_, (day, at)) = openpyxl.load_workbook(io.BytesIO(content(exported(auditor, ["findings"], **wanted))))["整改"].rows
    assert (day.value.date(), day.number_format) == (finding.opened_on, "yyyy-mm-dd")
    assert (at.value, at.number_format) == (moment, "yyyy-mm-dd hh:mm:ss")
    for form in ("parquet", "csv"):
        with zipfile.ZipFile(io.BytesIO(content(exported(auditor, ["findings"], form=form, **wanted)))) as archive:
            data = archive.read(archive.namelist()[0])
        if form == "csv":
            assert data.decode("utf-8-sig").splitlines()[1] == f"{finding.opened_on},{canonical(moment)}"
        else:
            (row,) = pq.read_table(io.BytesIO(data)).to_pylist()
            assert list(row.values()) == [finding.opened_on, moment]


def test_an_auditor_of_another_county_gets_nothing_of_it(household: Household) -> None:
    stranger = factories.posted(Role.AUDITOR, factories.OTHER_COUNTY)
    with pytest.raises(PermissionDenied):
        exported(stranger, ["households"])
    assert DATASETS["households"].found(stranger, "", None).count() == 0


def test_the_page_starts_the_job(household: Household, auditor: User, client: Client) -> None:
    client.force_login(auditor)
    assert client.post("/exports/new/", {}).status_code == 422
    answer = client.post("/exports/new/", {"datasets": ["households"], "place": factories.COUNTY, "form": "xlsx"})
    assert answer.status_code == 302
    run_here(Job.objects.get())
    assert "农户" in client.get("/exports/").content.decode()
