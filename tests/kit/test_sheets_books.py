"""Workbooks: columns found by header, hostile files refused, what is written read back, digests that prove it."""

from __future__ import annotations

import io
import os
import pickle
import resource
import zipfile
from datetime import date

import openpyxl
import psutil
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from povreg.kit.boxed import Died, pieces
from povreg.kit.sheets.columns import Column, Layout, SheetSpec, match
from povreg.kit.sheets.digest import BookDigest
from povreg.kit.sheets.finding import Wish, Wishes, find_layout, find_sheet, look_over, open_sheets
from povreg.kit.sheets.kinds import Day, Kind, Yuan
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.sheets.reader import SheetError, Workbook, check_name
from povreg.kit.sheets.writer import SheetOut, write_workbook

NAME = Column("姓名", "a.name", Kind(), must_exist=True)
MONTHS = Column("务工时间（月）", "a.months", Kind(), ("务工月数",))
AMOUNT = Column("金额", "a.amount", Yuan())
SPEC = SheetSpec("名单", "人", (NAME, MONTHS, AMOUNT))
LAYOUT = Layout("test", "测试表", (SPEC,))


def save(path, *sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    "header", ["务工时间（月）", "务工时间(月)", " 务工 时间（月） ", "务工时间\n（月）", "务工月数", "*务工时间月"]
)
def test_headers_match_whatever_their_brackets_and_blanks(header):
    assert match(SPEC, [header, "姓名"]).columns == {0: MONTHS, 1: NAME}


def test_unknown_headers_are_reported_and_the_reason_is_not():
    found = match(SPEC, ["姓名", "星座", "", None, "退回原因"])
    assert (dict(found.columns), list(found.unknown)) == ({0: NAME}, ["星座"])


def test_a_header_that_stands_twice_is_asked_about_unless_one_column_is_empty():
    headers = ["姓名", "星座", "务工月数", "姓名"]
    found = match(SPEC, headers)
    assert (dict(found.columns), found.doubtful, list(found.unknown)) == ({2: MONTHS}, ((NAME, (0, 3)),), ["星座"])
    assert not found.missing(SPEC)
    assert match(SPEC, headers, filled=lambda at: at != 0).columns == {2: MONTHS, 3: NAME}
    assert match(SPEC, headers, {"@A": "姓名"}).columns == {0: NAME, 2: MONTHS}
    assert match(SPEC, headers, {"@A": ""}).columns == {2: MONTHS, 3: NAME}


@pytest.mark.parametrize("header", ["姓名（必填）", "*姓名", "【必填】姓名", "1.姓名", "姓\u200b名", "姓名(如张三)"])
def test_what_decorates_a_header_is_left_out(header):
    assert match(SPEC, [header]).columns == {0: NAME}


def test_brackets_that_say_whose_column_it_is_are_kept():
    assert match(SPEC, ["姓名（帮扶人）", "户主姓名"]).columns == {}


def test_a_header_in_ten_thousands_of_yuan_says_so():
    assert match(SPEC, ["金额（万元）"]).in_thousands == {0}


def test_a_header_of_two_rows_takes_its_groups_into_account(tmp_path):
    spec = SheetSpec("名单", "人", (NAME, Column("户联系电话", "a.phone", Kind())))
    rows = [
        ["某县名单"],
        ["姓名", "户", None, "帮扶人", None],
        [None, "联系电话", "人数", "单位", "姓名"],
        ["张", "1", 2, "甲", "李"],
    ]
    with Workbook(save(tmp_path / "a.xlsx", ("甲", rows))) as book:
        [found] = open_sheets(book, Layout("t", "测试", (spec,)))
        assert found.header_row == 3
        assert found.match.columns[1].field == "a.phone"
        assert [positions for _, positions in found.match.doubtful] == [(0, 4)]


def test_sheets_and_header_rows_are_chosen_by_hand(tmp_path):
    rows = [["姓名", "金额"], ["姓名", "务工月数"], ["张", 3]]
    with Workbook(save(tmp_path / "a.xlsx", ("甲", rows), ("乙", rows))) as book:
        wishes = Wishes(sheets={"甲": Wish(header_row=2), "乙": Wish(use=False)})
        [found] = open_sheets(book, LAYOUT, wishes)
        assert (found.sheet, found.header_row, list(found.match.columns)) == ("甲", 2, [0, 1])
        assert [(each.sheet.name, each.why) for each in look_over(book, LAYOUT, wishes)] == [
            ("甲", ""),
            ("乙", "指定不读取"),
        ]


def test_an_unknown_header_can_be_assigned_but_not_a_known_one():
    found = match(SPEC, ["名字", "金额"], {"名字": "姓名", "金额": "姓名", "没有": "金额"})
    assert found.columns == {0: NAME, 1: AMOUNT}


@pytest.mark.parametrize("title", [[], [["某县名单"]]])
def test_the_header_stands_in_the_first_or_second_row(tmp_path, title):
    path = save(tmp_path / "a.xlsx", ("甲", [*title, ["金额", "姓名"], [1.5, "张"]]))
    with Workbook(path) as book:
        [found] = open_sheets(book, LAYOUT)
        assert list(book.rows(found.sheet, found.header_row)) == [(2 + len(title), [1.5, "张"])]


def test_the_sheet_is_found_among_others(tmp_path):
    path = save(tmp_path / "a.xlsx", ("封面", [["说明"]]), ("甲", [["姓名"], ["张"]]), ("名单", [["姓名"], ["李"]]))
    with Workbook(path) as book:
        found = find_sheet(book, SPEC)
        assert found is not None
        assert found.sheet == "名单"


def test_a_layout_is_recognised_by_its_share_of_columns(tmp_path):
    other = Layout("other", "别的表", (SheetSpec("表", "人", (NAME, Column("性别", "a.sex", Kind()))),))
    with Workbook(save(tmp_path / "a.xlsx", ("x", [["姓名", "性别"]]))) as book:
        assert find_layout(book, [LAYOUT, other]) is other
    with Workbook(save(tmp_path / "b.xlsx", ("x", [["地址", "性别"]]))) as book:
        assert find_layout(book, [LAYOUT, other]) is None


def test_a_missing_column_is_named(tmp_path):
    with Workbook(save(tmp_path / "a.xlsx", ("甲", [["金额"]]))) as book, pytest.raises(SheetError, match="姓名"):
        open_sheets(book, LAYOUT)
    with Workbook(save(tmp_path / "b.xlsx", ("甲", [["别的"]]))) as book, pytest.raises(SheetError, match="表头"):
        open_sheets(book, LAYOUT)


def test_cells_keep_their_types_and_blank_rows_their_numbers(tmp_path):
    rows = [["h"], ["01"], [None], [7], [1.25], [True], [date(2020, 9, 30)]]
    path = save(tmp_path / "a.xlsx", ("甲", rows))
    with Workbook(path) as book:
        read = list(book.rows("甲", after=1))
    assert [number for number, _ in read] == [2, 4, 5, 6, 7]
    assert [cells[0] for _, cells in read[:4]] == ["01", 7, 1.25, True]
    assert Day().parse(read[4][1][0]) == date(2020, 9, 30)


def test_other_files_are_refused_with_the_way_out(tmp_path):
    path = tmp_path / "a.xlsx"
    for content in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + b"0" * 600 + b"\x00"):
        path.write_bytes(content)
        with pytest.raises(SheetError, match="另存为"):
            Workbook(path)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    with pytest.raises(SheetError, match="没有工作表"):
        Workbook(path)


SAVED_BY_ANOTHER = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">
<office:body><office:spreadsheet><table:table table:name="名单">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def ods(path, rows):
    """A spreadsheet of OpenDocument, as LibreOffice and WPS write it."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", SAVED_BY_ANOTHER.format(rows=lines))
        package.writestr("META-INF/manifest.xml", MANIFEST)
    return path


def xlsm(path, rows):
    return save(path, ("名单", rows))


@pytest.mark.parametrize(("suffix", "write"), [("ods", ods), ("xlsm", xlsm)])
def test_workbooks_of_other_programs_are_read(tmp_path, suffix, write):
    path = write(tmp_path / f"a.{suffix}", [["姓名", "务工月数"], ["王明海", "8"]])
    check_name(path.name)
    with Workbook(path) as book:
        assert list(book.rows("名单")) == [(1, ["姓名", "务工月数"]), (2, ["王明海", "8"])]


@pytest.mark.parametrize(("name", "said"), [("名单.et", "WPS 自己的格式"), ("名单.pdf", "不是表格")])
def test_files_that_only_their_own_program_reads_are_told_so(name, said):
    with pytest.raises(SheetError, match=said):
        check_name(name)


def test_a_binary_workbook_is_told_so(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.bin", b"")
    with pytest.raises(SheetError, match="xlsb"):
        Workbook(path)


def test_a_broken_workbook_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook><sheets>")
    with pytest.raises(SheetError, match="打不开"):
        Workbook(path)


def test_a_zip_bomb_is_refused_unopened(tmp_path):
    path = save(tmp_path / "a.xlsx", ("甲", [["姓名"]]))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet9.xml", b"0" * (8 * 2**20))
    with pytest.raises(SheetError, match="过大"):
        Workbook(path)


def test_a_workbook_that_lies_about_its_size_takes_only_its_reader_down(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(save(tmp_path / "plain.xlsx", ("甲", [["姓名"], ["王明"]]))) as plain:
        parts = {name: plain.read(name) for name in plain.namelist() if not name.endswith("sharedStrings.xml")}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(name, content)
        with package.open("xl/sharedStrings.xml", "w") as strings:
            strings.write(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>')
            for _ in range(450):
                strings.write(b"a" * 2**20)
            strings.write(b"</t></si></sst>")
        package.getinfo("xl/sharedStrings.xml").file_size = 4096
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SheetError, match="过大"):
        Workbook(path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # KiB
    assert grown < 50 * 2**10


def test_a_reader_left_halfway_leaves_no_child(tmp_path):
    path = save(tmp_path / "a.xlsx", ("甲", [[str(number)] for number in range(1000)]))
    with Workbook(path) as book:
        rows = book.rows("甲")
        assert next(rows) == (1, ["0"])
        children = psutil.Process().children()
        rows.close()
    assert not [child for child in children if child.is_running() and "workbook.py" in str(child.cmdline())]


def test_a_child_hands_over_plain_values_only():
    evil = pickle.dumps(os.system)
    with pytest.raises(Died):
        list(pieces(io.BytesIO(evil)))
    assert list(pieces(io.BytesIO(pickle.dumps([date(2020, 1, 1), 1.5, "字"]) + pickle.dumps(None)))) == [
        [date(2020, 1, 1), 1.5, "字"]
    ]


LEAVING = Leaving("test", "名单")


class Unrecorded:
    """Stands for the record of an export where there is no database."""

    number = "1"

    def __init__(self, leaving):
        self.digest = BookDigest()

    def lines(self):
        return ()

    def proof(self):
        return ()

    def close(self, path):
        """Nothing is kept."""


@pytest.fixture(autouse=True)
def unrecorded(monkeypatch):
    monkeypatch.setattr("povreg.kit.sheets.leaving._recorders", [Unrecorded])


cells = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12),
    st.sampled_from(["=1+1", "+1", "-1", "@x", "007", "1e5", "是", "<a&b>"]),
    st.integers(-(10**9), 10**9),
    st.decimals(-(10**8), 10**8, places=2).map(float),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(cells, cells, cells), max_size=6))
def test_what_is_written_is_read_back_and_verified(tmp_path, rows):
    path = tmp_path / "w.xlsx"
    digest = write_workbook(path, [SheetOut("名单", SPEC.listed, rows, "标题")], [("表头所在行", "2")], LEAVING)
    full = [row for row in rows if any(cell not in (None, "") for cell in row)]
    assert digest.rows == len(full)
    with Workbook(path) as book:
        read = [(row + [""] * 3)[:3] for _, row in book.rows("名单", after=2)]
    assert read == [
        ["" if cell is None else cell for cell in row] for row in rows if any(c not in (None, "") for c in row)
    ]
    again = BookDigest()
    with Workbook(path) as book:
        for name in book.sheet_names:
            again.sheet(name)
            for _, cells in book.rows(name):
                (again.tell if name == "说明" else again.add)(cells)
    assert again.hexdigest() == digest.hexdigest()


def test_texts_never_become_formulas(tmp_path):
    path = tmp_path / "w.xlsx"
    write_workbook(path, [SheetOut("名单", SPEC.listed, [("=1+1", "@x", None), ("-1", "+1", 2.0)])], [], LEAVING)
    sheet = openpyxl.load_workbook(path)["名单"]
    assert [[cell.data_type for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["s", "s", "n"],
        ["s", "s", "n"],
    ]
    assert sheet["A2"].value == "=1+1"


def test_a_written_workbook_prints_landscape_with_its_header_on_every_page_and_filters(tmp_path):
    path = tmp_path / "w.xlsx"
    write_workbook(path, [SheetOut("名'单", SPEC.listed, [("张", 1, 2.0), ("李", 2, 3.0)], "标题")], [], LEAVING)
    sheet = openpyxl.load_workbook(path)["名'单"]
    assert (sheet.auto_filter.ref, sheet.print_title_rows) == ("A2:C4", "$1:$2")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
