"""Exports: who and what is in them, what is masked, and that they come back unchanged."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from households.models import Household, Member, UnmaskLog
from households.sheets.blank import blank_workbook
from households.sheets.exports import Export, export_sheet
from households.sheets.layouts import ANNUAL, LAYOUTS
from povreg.kit.crypto import lookup_hash
from povreg.kit.sheets.finding import find_layout, open_sheets
from povreg.kit.sheets.reader import Workbook
from povreg.shell.environment import new_key
from tests import factories
from tests.households.sheets.sheetbooks import (
    ROSTER_HEADERS,
    cells_of,
    counted,
    import_file,
)
from villages.rights import Role

pytestmark = pytest.mark.django_db
ROSTERS = [code for code in LAYOUTS if code.startswith("roster")] + ["residents"]


def sealed(name, text):
    return {name: text, f"{name.removesuffix('_account')}_hash": lookup_hash(text)}


@pytest.fixture
def county():
    """Two villages, three households, every column of every layout filled somewhere."""
    factories.place(factories.NEXT_VILLAGE, name="小园村村民委员会")
    full = factories.household(
        members=3, household_no="500154201200000002", household_attr="04", exit_status="1", exit_year=2018,
        declared_income=Decimal("4613.70"), declared_dilapidated=False, declared_water_safe=True, monitor_type="1",
        risk_identified_on=date(2020, 11, 1), risk_cleared_on=date(2021, 6, 15), risk_cleared=True,
        data_date=date(2020, 12, 31), bank_name="=农商行", **sealed("phone", "13800001234"),
        **sealed("bank_account", "6217000012345678"),
    )  # fmt: skip
    head, student, other = full.members.order_by("person_no")
    Member.objects.filter(pk=head.pk).update(
        education="03", school_status="01", work_place="04", work_months=8, ins_major=True,
        identified_on=date(2015, 8, 1), declared_ins_resident=True, declared_pen_resident=False,
    )  # fmt: skip
    Member.objects.filter(pk=student.pk).update(school_status="07", name="李一", relation="03")
    Member.objects.filter(pk=other.pk).update(school_status="01", relation="02", person_no=f"{full.household_no}00")
    factories.household(members=1, household_no="500154201200000001")
    factories.household(factories.NEXT_VILLAGE, members=1, household_no="500154201100000001")
    return full


def export(path, layout="roster-2022", place=factories.COUNTY, **options):
    return export_sheet(Export(LAYOUTS[layout], factories.place(place), **options), path)


@pytest.mark.parametrize("layout", ROSTERS)
def test_a_change_of_keys_is_no_change_of_facts(county, tmp_path, settings, layout):
    export(tmp_path / "out.xlsx", layout, unmasked=True, reason="核对")
    settings.FIELD_ENCRYPTION_KEYS = [new_key(), *settings.FIELD_ENCRYPTION_KEYS]
    assert counted(import_file(tmp_path / "out.xlsx", layout)) == (5, 0, 0, 5, 0)


def test_what_was_not_declared_is_the_figure_of_the_year(county, tmp_path):
    """Income a head of the latest year that has one; brought in again it declares nothing. Days are dates."""
    home = Household.objects.get(household_no="500154201200000001")
    factories.assessment(home, 2019, per_head=Decimal("5000.00"))
    factories.assessment(home, 2020, per_head=Decimal("5321.50"))
    path = tmp_path / "out.xlsx"
    export(path, unmasked=True, reason="核对")
    rows = {row["户编号"]: row for row in cells_of(path)}
    assert (rows[home.household_no]["人均纯收入"], rows[county.household_no]["人均纯收入"]) == (5321.5, 4613.7)
    assert rows[county.household_no]["数据日期"].date() == date(2020, 12, 31)
    assert import_file(path).counts.updated == 0
    assert Household.objects.get(pk=home.pk).declared_income is None


def test_an_education_without_a_school_status_comes_back_unchanged(county, tmp_path):
    Member.objects.filter(relation="01").update(education="02", school_status="")
    export(tmp_path / "out.xlsx", unmasked=True, reason="核对")
    assert counted(import_file(tmp_path / "out.xlsx")) == (5, 0, 0, 5, 0)


@pytest.mark.parametrize("layout", ROSTERS)
def test_what_is_exported_unmasked_comes_back_unchanged(county, tmp_path, layout):
    path = tmp_path / "out.xlsx"
    assert export(path, layout, unmasked=True, reason="核对").rows == 5
    assert counted(import_file(path, layout)) == (5, 0, 0, 5, 0)


def test_an_annual_export_comes_back_unchanged(county, tmp_path):
    factories.annual_record(county, house_security="02", clothing=False, tr_eco=None, water_safe=None)
    factories.annual_record(county, year=2019)
    for who in county.members.all():
        factories.member_year(who, school_status="03", dropout_reason="06", ins_employee=None)
    path = tmp_path / "out.xlsx"
    assert export(path, "annual", year=2020).rows == 4
    assert [row["年度"] for row in cells_of(path, "户")] == [2020]
    assert counted(import_file(path, "annual")) == (4, 0, 0, 4, 0)


def test_households_come_in_order_of_place_and_number_with_the_head_first(county, tmp_path):
    export(tmp_path / "out.xlsx")
    rows = cells_of(tmp_path / "out.xlsx")
    assert list(rows[0]) == ROSTER_HEADERS
    assert [row["户编号"][-9:] for row in rows] == ["200000001", "200000002", "200000002", "200000002", "100000001"]
    assert [row["与户主关系"] for row in rows[1:4]] == ["户主", "配偶", "之子"]
    assert [row["人数"] for row in rows] == [1, 3, 3, 3, 1]
    assert [row["序号"] for row in rows] == [1, 2, 3, 4, 5]
    assert (rows[0]["县(市、区、旗)"], rows[0]["乡(镇)"], rows[0]["行政村"]) == ("开州区", "关面乡", "泉秀村")


def test_who_left_or_was_removed_is_not_in_it(county, tmp_path):
    Member.objects.filter(name="李一").update(left_on=date(2020, 1, 1), left_reason="02")
    Household.objects.filter(household_no="500154201200000001").update(removed_on=date(2020, 1, 1))
    assert export(tmp_path / "out.xlsx").rows == 3
    assert export(tmp_path / "village.xlsx", place=factories.NEXT_VILLAGE).rows == 1


def test_labels_and_the_blank_school_cell_of_the_2022_layout(county, tmp_path):
    export(tmp_path / "out.xlsx")
    head, spouse, child = cells_of(tmp_path / "out.xlsx")[1:4]
    assert (head["文化程度"], head["在校生状况"]) == ("初中", None)
    assert (spouse["文化程度"], spouse["在校生状况"]) == (None, "非在校生")
    assert child["在校生状况"] == "普通高中一年级"
    assert (head["首次识别时间"], head["风险消除时间"], head["危房户"]) == ("201401", "2021-06-15", "否")
    assert head["人均纯收入"] == 4613.7


def test_numbers_are_masked_unless_a_reason_is_given_and_logged(county, tmp_path):
    path = tmp_path / "out.xlsx"
    number = county.members.get(relation="01").id_no
    export(path, "roster-2016")
    masked = cells_of(path, header_row=2)[1]
    assert (masked["证件号码"], masked["联系电话"]) == (f"500198********{number[-4:]}", "138****1234")
    assert masked["银行卡号"] == "621700******5678"
    assert not UnmaskLog.objects.exists()
    officer = factories.posted(Role.COUNTY_OFFICER)
    export(path, "roster-2016", unmasked=True, reason="与银行核对", by=officer)
    assert cells_of(path, header_row=2)[1]["证件号码"] == number
    log = UnmaskLog.objects.get()
    assert (log.by, log.place_id, log.rows, log.reason) == (officer, "500154", 5, "与银行核对")


@pytest.mark.parametrize("reason", ["", "  "])
def test_full_numbers_without_a_reason_are_refused(county, tmp_path, reason):
    with pytest.raises(ValidationError, match="理由"):
        export(tmp_path / "out.xlsx", unmasked=True, reason=reason)
    with pytest.raises(ValidationError, match="年度"):
        export(tmp_path / "out.xlsx", "annual")


def test_a_masked_export_brings_nothing_in(county, tmp_path):
    export(tmp_path / "out.xlsx")
    outcome = import_file(tmp_path / "out.xlsx")
    assert counted(outcome) == (5, 0, 0, 0, 5)
    assert {each.code for each in outcome.rejects} == {"id_birthdate"}


def test_typed_formulas_are_text(county, tmp_path):
    export(tmp_path / "out.xlsx", "roster-2016")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    formulas = {cell.value: cell.data_type for row in sheet for cell in row if str(cell.value).startswith(("=", "+"))}
    assert formulas == {"=农商行": "s"}


def test_the_last_sheet_says_where_from_when_and_proves_the_rows(county, tmp_path, capsys):
    path = tmp_path / "out.xlsx"
    digest = export(path, place=factories.TOWNSHIP)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[-1] == "说明"
    about = {row[0].value: row[1].value for row in book["说明"]}
    assert about["范围"] == "重庆市市辖区开州区关面乡（500154201）"
    assert (about["数据行数"], about["数据摘要（SHA-256）"]) == ("5", digest.hexdigest())
    assert about["证件和电话"] == "已遮盖"
    call_command("verify_export", path)
    assert "核验通过" in capsys.readouterr().out
    book.worksheets[0]["I2"] = "别人"
    book.save(path)
    with pytest.raises(SystemExit):
        call_command("verify_export", path)
    assert f"第 2 行（{book.worksheets[0]['G2'].value}" in capsys.readouterr().out


def test_the_command_writes_the_file(county, tmp_path):
    path = tmp_path / "out.xlsx"
    call_command("export_sheet", layout="roster-2019", place="500154201", out=path, unmasked=True, reason="核对")
    assert len(cells_of(path)) == 5
    with pytest.raises(CommandError, match="999999"):
        call_command("export_sheet", layout="roster-2019", place="999999", out=path)
    with pytest.raises(CommandError, match="--place"):
        call_command("export_sheet", layout="roster-2019", out=path)


def test_one_sees_only_his_places(county, tmp_path):
    cadre = factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE)
    assert export(tmp_path / "out.xlsx", by=cadre).rows == 1


def test_rows_are_read_through_one_query_a_sheet(county, tmp_path, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):  # the record that is kept, an act of its own, takes half of them
        export(tmp_path / "out.xlsx")


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_the_blank_workbook_is_recognised_as_its_layout(tmp_path, layout):
    path = tmp_path / "blank.xlsx"
    path.write_bytes(blank_workbook(layout).getvalue())
    with Workbook(path) as book:
        assert find_layout(book, list(LAYOUTS.values())) is layout
        found = open_sheets(book, layout)
        assert [list(each.match.columns.values()) for each in found] == [list(each.spec.listed) for each in found]
        assert not any(each.match.unknown for each in found)
    about = openpyxl.load_workbook(path)["说明"]
    assert {row[1].value for row in about.iter_rows(min_row=6)} >= {column.header for column in layout.sheets[0].listed}
    assert counted(import_file(path, layout.code))[0] == 0
    assert layout is not ANNUAL or {"户", "人"} <= set(openpyxl.load_workbook(path).sheetnames)
