"""Each reject code of contract.md section 3: a row that gets it, and its neighbour that does not; and their order."""

from __future__ import annotations

from datetime import date, timedelta

import openpyxl
import pytest
from django.utils import timezone

from households.models import Household, Member
from households.sheets.exports import Export, export_sheet
from households.sheets.layouts import LAYOUTS
from households.sheets.rejects import FAULTY, write_rejects
from households.standing.opening import close_opening
from povreg.kit.idnumber import check_digit
from tests import factories
from tests.households.sheets.sheetbooks import (
    cells_of,
    codes,
    counted,
    import_file,
    new_id,
    person,
    run,
    save,
    told,
)
from villages.places.services import rename_place
from villages.rights import Role

pytestmark = pytest.mark.django_db
NO = "500154201200000001"


@pytest.fixture
def book(tmp_path):
    return tmp_path / "roster.xlsx"


def second(**cells):
    """A household of two whose second row is the one in question (row 3)."""
    return [person(), person(relation="配偶", **cells)]


@pytest.mark.parametrize("header", ["户编号", "姓名", "证件号码", "行政村", "与户主关系"])
@pytest.mark.parametrize("blank", [None, "  ", "　"])
def test_a_blank_required_cell_is_named(book, header, blank):
    outcome = run(book, second(**{header: blank}))
    assert codes(outcome) == [(3, "required")]
    assert outcome.rejects[0].column == header
    assert "请填写" in outcome.rejects[0].message


def test_every_other_cell_may_be_blank(book):
    kept = ("乡(镇)", "行政村", "户编号", "姓名", "证件号码", "与户主关系")
    outcome = run(book, [{name: cell for name, cell in person().items() if name in kept}])
    assert counted(outcome) == (1, 1, 0, 0, 0)


def wrong_check(number):
    return number[:17] + ("0" if number[17] != "0" else "1")


def with_birth(digits):
    first = f"500198{digits}001"
    return first + check_digit(first)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (lambda: new_id()[:17], "id_length"),
        (lambda: new_id() + "1", "id_length"),
        (lambda: new_id() + "411", "id_length"),
        (lambda: "1234567890123", "id_length"),
        (lambda: with_birth("19800230"), "id_birthdate"),
        (lambda: with_birth("18991231"), "id_birthdate"),
        (lambda: "5001981980+1+1001X", "id_birthdate"),
        (lambda: "50019819_80101001X", "id_birthdate"),
        (lambda: with_birth(f"{timezone.localdate() + timedelta(days=2):%Y%m%d}"), "id_birthdate"),
        (lambda: wrong_check(new_id()), "id_checksum"),
        (lambda: wrong_check(new_id()) + "41", "id_checksum"),
        (lambda: "50019X" + new_id()[6:], "id_checksum"),
    ],
)
def test_a_faulty_id_gets_its_code(book, number, code):
    assert codes(run(book, second(证件号码=number()))) == [(3, code)]


@pytest.mark.parametrize(
    "given",
    [
        lambda number: f" {number[:6]} {number[6:]} ",
        lambda number: number.lower(),
        lambda number: "".join(chr(ord(sign) + 0xFEE0) for sign in number),
        lambda number: number + "41",
        lambda number: number + "4101",
    ],
)
def test_blanks_full_width_small_x_and_certificates_are_read(book, given):
    number = next(found for found in iter(new_id, "") if found.endswith("X"))
    outcome = run(book, [person(证件号码=given(number))])
    assert counted(outcome) == (1, 1, 0, 0, 0)
    assert Member.objects.get().id_no.startswith(number)


def test_an_old_number_is_upgraded_with_a_warning(book):
    number = new_id(date(1962, 3, 4))
    outcome = run(book, [person(证件号码=number[:6] + number[8:17])])
    assert [(each.row, each.code) for each in told(outcome)] == [(2, "id_upgraded")]
    assert Member.objects.get().id_no == number


def test_the_same_id_earlier_in_the_file_counts_whatever_became_of_that_row(book):
    rows = [person(), person(relation="之子", 民族="火星族")]
    rows.append(person(relation="之女", 证件号码=rows[1]["证件号码"]))
    rows.append(person("500154201200000002", 证件号码=rows[0]["证件号码"].lower()))
    assert codes(run(book, rows)) == [(3, "unknown_code"), (4, "duplicate_person"), (5, "duplicate_person")]


def test_a_person_present_in_another_registered_household_is_a_duplicate(book):
    other = factories.household(members=1)
    number = other.members.get().id_no
    assert codes(run(book, second(证件号码=number))) == [(3, "duplicate_person")]


@pytest.mark.parametrize("how", ["left", "removed", "same household", "other county"])
def test_a_person_who_left_or_whose_household_is_gone_is_no_duplicate(book, how):
    village = factories.OTHER_VILLAGE if how == "other county" else factories.VILLAGE
    other = factories.household(village, members=2, **({"household_no": NO} if how == "same household" else {}))
    somebody = other.members.get(relation="03")
    if how == "left":
        Member.objects.filter(pk=somebody.pk).update(left_on=date(2020, 1, 1), left_reason="02")
    if how == "removed":
        Household.objects.filter(pk=other.pk).update(removed_on=date(2020, 1, 1))
    head = other.members.get(relation="01").id_no if how == "same household" else new_id()
    outcome = run(book, [person(证件号码=head), person(relation="之子", 证件号码=somebody.id_no)])
    assert codes(outcome) == []


@pytest.mark.parametrize(
    "name", ["子虚村", "泉秀", "泉秀村", "泉秀村村民委员会", "泉秀村委会", "泉秀村民委员会", "泉秀社区"]
)
def test_a_village_is_found_with_or_without_its_suffix(book, name):
    outcome = run(book, second(行政村=name))
    assert codes(outcome) == ([(3, "unknown_place")] if name in ("子虚村", "泉秀社区") else [])


def test_a_village_of_another_township_is_not_found(book):
    factories.place("500154202200")
    rows = [person("500154201200000009", **{"乡(镇)": "满月镇", "行政村": "泉秀村"})]
    assert codes(run(book, rows)) == [(2, "unknown_place")]


def test_a_renamed_township_is_found_by_its_former_name(book):
    factories.place(factories.VILLAGE)
    rename_place(
        by=factories.posted(Role.COUNTY_OFFICER), place=factories.TOWNSHIP, name="关口镇人民政府",
        on=date(2021, 3, 1), document="民〔2021〕3号",
    )  # fmt: skip
    rows = [person(f"H{at}", **{"乡(镇)": name}) for at, name in enumerate(("关口镇", "关面乡", "关外乡"))]
    assert codes(run(book, rows)) == [(4, "unknown_place")]


def test_a_merged_village_leads_to_its_successor(book):
    gone = factories.place(factories.NEXT_VILLAGE)
    gone.retired_on, gone.successor = date(2021, 1, 1), factories.place(factories.VILLAGE)
    gone.save()
    run(book, [person(行政村="小园村")])
    assert Household.objects.get().village_id == factories.VILLAGE


@pytest.mark.parametrize(
    ("header", "wrong", "code"),
    [
        ("民族", "火星族", "unknown_code"),
        ("健康状况", "亚健康", "unknown_code"),
        ("与户主关系", "邻居", "unknown_code"),
        ("危房户", "也许", "unknown_code"),
        ("人均纯收入", "约三千", "bad_number"),
        ("人均纯收入", "NaN", "bad_number"),
        ("务工时间（月）", "十二", "bad_number"),
        ("务工时间（月）", 13, "bad_number"),
        ("务工时间（月）", 3.5, "bad_number"),
        ("人数", "三口", "bad_number"),
        ("数据日期", "去年底", "bad_date"),
        ("首次识别时间", "201513", "bad_date"),
        ("风险识别时间", "2020年13月", "bad_date"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_a_remedy(book, header, wrong, code):
    outcome = run(book, second(**{header: wrong}))
    assert codes(outcome) == [(3, code)]
    assert outcome.rejects[0].column == header
    assert outcome.rejects[0].message.startswith(f"{header}：")


@pytest.mark.parametrize(
    ("header", "spelling", "field", "code"),
    [
        ("在校生状况", "高中一年级", "school_status", "07"),
        ("在校生状况", "高中一", "school_status", "07"),
        ("在校生状况", "普通高中一年级", "school_status", "07"),
        ("在校生状况", "中职二年级", "school_status", "11"),
        ("劳动技能", "01", "labour", "01"),
        ("劳动技能", 1, "labour", "01"),
        ("健康状况", " 残 疾 ", "health", "04"),
        ("民族", "汉", "ethnicity", "01"),
    ],
)
def test_labels_codes_and_spellings_are_understood(book, header, spelling, field, code):
    run(book, [person(**{header: spelling})])
    assert getattr(Member.objects.get(), field) == code


def test_a_blank_school_cell_with_an_education_means_not_at_school(book):
    run(
        book,
        [person(), person(relation="之子", 文化程度=None), person(relation="之女", 在校生状况="小学", 文化程度=None)],
    )
    assert list(Member.objects.order_by("person_no").values_list("school_status", flat=True)) == ["01", "", "03"]


def test_without_its_head_the_rest_of_a_household_is_rejected(book):
    rows = [person(证件号码="1"), person(relation="配偶"), person(relation="之子", 民族="火星族"), person("H2")]
    assert codes(run(book, rows)) == [(2, "id_length"), (3, "no_head"), (4, "unknown_code")]
    assert Household.objects.get().household_no == "H2"


def test_a_rejected_member_does_not_reject_the_rest(book):
    outcome = run(book, [person(人数=3), person(relation="配偶", 证件号码="1"), person(relation="之子")])
    assert codes(outcome) == [(3, "id_length")]
    assert [(each.row, each.code) for each in told(outcome)] == [(2, "member_count")]


def test_two_heads_reject_the_household(book):
    outcome = run(book, [person(), person(relation="户主"), person(relation="之子"), person("H2")])
    assert codes(outcome) == [(2, "many_heads"), (3, "many_heads"), (4, "many_heads")]


def test_a_second_head_that_was_rejected_does_not_count(book):
    assert codes(run(book, [person(), person(relation="户主", 证件号码="1")])) == [(3, "id_length")]


def test_a_head_beside_the_registered_one_is_refused_unless_the_sheet_moves_him(book):
    of = factories.household(household_no=NO, members=2)
    old, young = of.members.order_by("person_no")
    row = person(证件号码=young.id_no, 姓名=young.name)
    assert codes(run(book, [row])) == [(2, "many_heads")]
    rows = [person(relation="之父", 证件号码=old.id_no, 姓名=old.name), row]
    assert codes(run(book, rows)) == []
    assert of.members.get(relation="01").pk == young.pk


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"姓名": None, "证件号码": "1", "行政村": "子虚村", "民族": "火星族"}, "required"),
        ({"证件号码": "1", "行政村": "子虚村"}, "id_length"),
        ({"行政村": "子虚村", "民族": "火星族", "人均纯收入": "多"}, "unknown_place"),
        ({"民族": "火星族", "人均纯收入": "多"}, "unknown_code"),
        ({"人均纯收入": "多", "数据日期": "早"}, "bad_number"),
    ],
)
def test_the_first_reason_in_the_contracts_order_is_given(book, cells, code):
    assert codes(run(book, second(**cells))) == [(3, code)]


def test_a_duplicate_comes_before_its_unknown_place(book):
    rows = [person(), person(relation="之子", 行政村="子虚村")]
    rows[1]["证件号码"] = rows[0]["证件号码"]
    assert codes(run(book, rows)) == [(3, "duplicate_person")]


def test_the_rejects_workbook_says_why_and_comes_back_as_it_is(book, tmp_path):

    rows = [
        person(人数=2),
        person(relation="配偶", 民族="火星族"),
        person("H2", 证件号码="1"),
        person("H2", relation="之子"),
    ]
    outcome = run(book, rows)
    rejects = tmp_path / "rejects.xlsx"
    write_rejects(book, rejects, LAYOUTS["roster-2022"], outcome)
    back = cells_of(rejects)
    assert [row["户编号"] for row in back] == [NO, "H2", "H2"]
    assert "民族" in back[0]["退回原因"]
    assert list(back[0])[-1] == "退回原因"
    assert codes(import_file(rejects)) == [(2, "unknown_code"), (3, "id_length"), (4, "no_head")]
    back[0]["民族"], back[1]["证件号码"] = "汉族", new_id()
    save(rejects, {"名单": back})
    assert counted(import_file(rejects)) == (3, 3, 0, 0, 0)
    assert Member.objects.count() == 4


def test_faulty_cells_are_coloured(book, tmp_path):

    outcome = run(book, second(民族="火星族", 人均纯收入="多"))
    write_rejects(book, tmp_path / "r.xlsx", LAYOUTS["roster-2022"], outcome)
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    coloured = [sheet.cell(1, cell.column).value for cell in sheet[2] if cell.fill.fgColor == FAULTY.fgColor]
    assert coloured == ["民族", "人均纯收入"]


def test_rejected_rows_stand_for_themselves_and_keep_numbers_as_text(book, tmp_path):
    rows = [
        person("5001542012009", 姓名="李建国"),
        person("5001542012009", "配偶", 证件号码=500198196001011000, 民族="火星族"),
    ]
    rows[1] |= dict.fromkeys(("户编号", "行政村", "乡(镇)"))
    outcome = run(book, [*rows, {"序号": "合计", "人数": 2}])
    assert codes(outcome) == [(3, "id_as_number")]
    write_rejects(book, tmp_path / "r.xlsx", LAYOUTS["roster-2022"], outcome)
    [row] = cells_of(tmp_path / "r.xlsx")
    assert (row["户编号"], row["行政村"], row["户主姓名"]) == ("5001542012009", "泉秀村", "李建国")
    assert row["证件号码"] == "500198196001011???"
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    at = [cell.value for cell in sheet[1]].index("证件号码") + 1
    assert (sheet.cell(2, at).number_format, sheet.cell(2, at).data_type) == ("@", "s")
    assert sheet.column_dimensions[openpyxl.utils.get_column_letter(at)].width >= 24


def test_a_newborn_without_a_number_passes_out_and_in_again(book, tmp_path):
    of = factories.household(household_no=NO, members=2)
    child = of.members.exclude(relation="01").get()
    Member.objects.filter(pk=child.pk).update(id_no="", id_hash="", id_type="", id_valid=False)
    export_sheet(Export(LAYOUTS["roster-2022"], factories.place(), unmasked=True, reason="核对"), tmp_path / "out.xlsx")
    outcome = import_file(tmp_path / "out.xlsx")
    assert (codes(outcome), outcome.counts.unchanged) == ([], 2)
    assert codes(run(book, [person("H7"), person("H7", "配偶", 证件号码=None)])) == [(3, "required")]


@pytest.mark.parametrize(("said", "code"), [("西关", "ambiguous_place"), ("西关村委会", ""), ("西关居委会", "")])
def test_a_name_of_two_committees_is_refused_unless_it_says_which(book, said, code):
    for number, name in (("300", "西关村民委员会"), ("301", "西关居民委员会")):
        factories.place(f"{factories.TOWNSHIP}{number}", name=name, short_name="西关")
    outcome = run(book, [person(行政村=said)])
    assert codes(outcome) == ([(2, code)] if code else [])
    if code:
        assert "西关村民委员会" in outcome.rejects[0].message
        assert "西关居民委员会" in outcome.rejects[0].message
    else:
        assert Household.objects.get().village_id.endswith("300" if "村" in said else "301")


def wife_of(man):
    """A household whose 配偶 is a man as its head: an error of entry (spouse-sex)."""
    return [person("H5", 证件号码=man), person("H5", "配偶", 证件号码=factories.id_number(date(1976, 1, 1), sex="1"))]


def test_what_entry_refuses_is_a_warning_in_the_opening_stock_and_a_reject_afterwards(book):
    rows = wife_of(factories.id_number(date(1975, 1, 1), sex="1"))
    outcome = run(book, rows)
    assert (codes(outcome), outcome.counts.created) == ([], 2)
    said = [each for each in outcome.warnings if each.code == "check" and "spouse-sex" in each.message]
    assert [(each.row, "性别相同" in each.message) for each in said] == [(3, True)]
    close_opening(by=None, county=factories.COUNTY)
    assert codes(run(book, [rows[0] | {"自然村": "8组"}, rows[1]])) == []  # wrong before, and no worse
    rows = [row | {"户编号": "H6", "证件号码": new} for row, new in zip(rows, men(), strict=True)]
    outcome = run(book, [*rows, person("H8")])
    assert codes(outcome) == [(3, "check")]
    assert counted(outcome) == (3, 2, 0, 0, 1)
    assert Household.objects.get(household_no="H6").members.count() == 1


def men():
    return [factories.id_number(date(1977, 1, day), sex="1") for day in (1, 2)]
