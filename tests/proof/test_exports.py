"""What leaves is recorded and signed; every forged file is recognised, with the rows named to those who may know."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client

from povreg.kit.sheets.columns import Column
from povreg.kit.sheets.digest import DIGEST_LABEL, KEY_LABEL, SIGNATURE_LABEL
from povreg.kit.sheets.kinds import Day, Moment, Text, Whole, Yuan
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.sheets.writer import SheetOut, write_workbook
from povreg.proof import keys, signing
from povreg.proof.comparing import compare
from povreg.proof.models import ExportRecord, SigningKey
from povreg.proof.verifying import ALTERED, UNALTERED, UNKNOWN, Verdict, checked, verify
from povreg.shell.environment import new_key
from tests import factories
from tests.owner import owner
from villages.rights import Role

pytestmark = pytest.mark.django_db
COLUMNS = (
    Column("户编号", "no", Text(24)), Column("姓名", "name", Text(40)),
    Column("人数", "size", Whole(0, 99)), Column("收入", "income", Yuan()),
    Column("识别时间", "on", Day()), Column("登记时间", "at", Moment()),
)  # fmt: skip
MOMENT = datetime.fromisoformat("2020-09-03T08:05:00")
ROWS = [
    [f"5001542012{n:08}", f"王{n}", n % 7, 4000.5 + n, date(2015, 8, n % 28 + 1), MOMENT + timedelta(seconds=4001 * n)]
    for n in range(1, 41)
]
ABOUT = [("表格", "名单"), ("筛选", "全部"), ("导出人", "李某（li）")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "out.xlsx"
    sheets = [SheetOut("名单", COLUMNS, ROWS), SheetOut("另表", COLUMNS[:2], [row[:2] for row in ROWS[:5]], "标题")]
    officer = factories.posted(Role.COUNTY_OFFICER)
    write_workbook(path, sheets, ABOUT, Leaving("test", "名单", officer, factories.COUNTY, True, "核对"))
    return path


def forged(path: Path, change: Callable[[Any], None]) -> Verdict:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return verify(path)


def rewrite(book: Any) -> None:
    """What a forger can do: the digest over what the file says now, and a signature of his own."""
    about = {row[0].value: row[1] for row in book["说明"].iter_rows()}
    about[DIGEST_LABEL].value = "0" * 64
    stranger = signing.Signer(signing.Ed25519PrivateKey.generate())
    about[SIGNATURE_LABEL].value, about[KEY_LABEL].value = stranger.sign("book", "0" * 64), stranger.key_id


def named(verdict: Verdict) -> list[tuple[str, str, int, str]]:
    return [(row.sheet, row.kind, row.row or row.was, row.name) for row in verdict.rows]


def test_it_is_recorded_with_who_what_filter_columns_rows_and_reason(file: Path) -> None:
    record = ExportRecord.objects.get()
    assert (record.kind, record.title, record.rows, record.reason) == ("test", "名单（完整号码）", 45, "核对")
    assert (record.narrowed, record.unmasked, record.place_code) == ("全部", True, factories.COUNTY)
    assert record.by.name and record.sheets[1]["heads"] == [["标题"], ["户编号", "姓名"]]
    assert record.size == file.stat().st_size
    with pytest.raises(Exception, match=r"append_only|permission denied"):
        ExportRecord.objects.update(reason="")


def test_the_signature_holds_without_us(file: Path) -> None:
    about = {row[0].value: row[1].value for row in openpyxl.load_workbook(file)["说明"].iter_rows()}
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(signing.signers()[0].public))
    public.verify(base64.b64decode(about[SIGNATURE_LABEL]), f"povreg book 1\n{about[DIGEST_LABEL]}\n".encode())


def test_saved_again_by_another_program_it_is_unaltered(file: Path) -> None:
    assert verify(file).unaltered
    assert forged(file, lambda book: None).unaltered


def value(book: Any) -> None:
    book["名单"]["B3"] = "赵六"
    rewrite(book)


def header(book: Any) -> None:
    sheet = book["名单"]
    sheet["C1"].value, sheet["D1"].value = sheet["D1"].value, sheet["C1"].value
    rewrite(book)


def provenance(book: Any) -> None:
    cell = next(row[1] for row in book["说明"].iter_rows() if row[0].value == "导出人")
    cell.value = "王某（wang）"


def deleted(book: Any) -> None:
    book["名单"].delete_rows(11, 2)


def extra(book: Any) -> None:
    book.create_sheet("补充", 0).append(["户编号"])


def formula(book: Any) -> None:
    book["名单"]["D2"] = "=4001.5"


def lines(book: Any) -> None:
    rewrite(book)


FORGED: list[tuple[Any, list[str], list[tuple[str, str, int, str]]]] = [
    (value, [], [("名单", "changed", 3, ROWS[1][0])]),
    (header, ["“人数”成了“收入”"], []),
    (provenance, ["“说明”里的“导出人”被改"], []),
    (deleted, [], [("名单", "deleted", 10, ROWS[9][0]), ("名单", "deleted", 11, ROWS[10][0])]),
    (extra, ["多出工作表“补充”"], []),
    (formula, ["公式"], [("名单", "changed", 2, ROWS[0][0])]),
    (lines, ["摘要、签名"], []),
    (lambda book: book.remove(book["另表"]), ["少了工作表“另表”"], []),
    (lambda book: book["名单"].append(["9", "孙", 1, 2]), [], [("名单", "added", 42, "9")]),
]


@pytest.mark.parametrize(("change", "faults", "rows"), FORGED)
def test_a_forged_file_is_recognised_and_its_rows_named(file: Path, change: Any, faults: Any, rows: Any) -> None:
    verdict = forged(file, change)
    assert verdict.state == ALTERED
    for fault in faults:
        assert any(fault in found for found in verdict.faults), verdict.faults
    assert named(verdict) == rows


def test_rows_in_another_order_are_told_without_naming_them_all(file: Path) -> None:
    def swap(book: Any) -> None:
        sheet = book["名单"]
        first = [cell.value for cell in sheet[2]]
        sheet.delete_rows(2)
        sheet.append(first)

    verdict = forged(file, swap)
    assert verdict.state == ALTERED and "顺序" in verdict.faults[0] and not verdict.rows


def test_a_file_of_somebody_else_is_none_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    book = openpyxl.Workbook()
    book.save(path)
    assert checked(path).state == UNKNOWN
    path.write_bytes(b"no workbook")
    assert checked(path).state == UNKNOWN


def test_a_record_changed_by_the_owner_of_the_database_proves_nothing(file: Path) -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger fires
        cursor.execute("UPDATE proof_exportrecord SET digest = %s", ["0" * 64])
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert verify(file).state == ALTERED


def test_rotation_leaves_what_was_signed_whole(file: Path, settings: Any) -> None:
    old = settings.SIGNING_KEYS
    with owner():
        keys.record_signing_keys()
    settings.SIGNING_KEYS = [new_key()]
    with pytest.raises(keys.SigningKeyError, match="不是这个数据库登记"):
        keys.check_signing_keys()
    assert forged(file, lambda book: None).state == ALTERED  # nobody vouches for the key that signed
    settings.SIGNING_KEYS = [settings.SIGNING_KEYS[0], *old]
    with owner():
        keys.record_signing_keys()
    settings.SIGNING_KEYS = settings.SIGNING_KEYS[:1]
    keys.check_signing_keys()
    assert forged(file, lambda book: None).state == UNALTERED
    settings.SIGNING_KEYS = old
    with pytest.raises(keys.SigningKeyError, match="已由"):
        keys.check_signing_keys()


def test_a_key_that_the_owner_of_the_database_adds_is_trusted_by_nobody() -> None:
    forger = signing.Signer(signing.Ed25519PrivateKey.generate())
    with owner():
        SigningKey.objects.create(key_id=forger.key_id, public=forger.public, vouched_by=forger.key_id,
                                  voucher=forger.sign("key", forger.public))  # fmt: skip
    assert forger.key_id not in signing.trusted()


def test_the_page_names_rows_to_those_who_may_export_there_only(file: Path, client: Client) -> None:
    forged(file, value)
    here, there = factories.posted(Role.COUNTY_OFFICER), factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY)
    for account, told in ((None, False), (here, True), (there, False)):
        client.logout()
        if account:
            client.force_login(account)
        page = client.post("/gongshi/heyan/", {"file": SimpleUploadedFile("a.xlsx", file.read_bytes())})
        text = page.content.decode()
        assert page.status_code == 200 and "被改动过" in text
        assert (ROWS[1][0] in text) is told and ("核对" in text) is told


def test_the_command_says_it_by_its_exit_code(file: Path, tmp_path: Path, capsys: Any) -> None:
    call_command("verify_export", file)
    forged(file, value)
    for path, code in ((file, 1), (tmp_path / "none.xlsx", 2)):
        with pytest.raises(SystemExit) as ended:
            call_command("verify_export", path)
        assert ended.value.code == code
    assert f"第 3 行（{ROWS[1][0]}）：内容被改" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("then", "now", "found"),
    [
        ("abc", "abc", []),
        ("abc", "axc", [("changed", 1, 1)]),
        ("abc", "ac", [("deleted", -1, 1)]),
        ("aba", "ba", [("deleted", -1, 0)]),
        ("abc", "abxc", [("added", 2, -1)]),
        ("abcd", "dabc", [("moved", -1, -1)]),
        ("", "a", [("added", 0, -1)]),
    ],
)
def test_rows_are_compared_as_a_reader_would(then: str, now: str, found: list[tuple[str, int, int]]) -> None:
    assert list(compare([c.encode() for c in then], [c.encode() for c in now])) == found
