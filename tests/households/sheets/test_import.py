"""Importing rosters and the annual workbook: what is written, what stays, what the counts and the history say."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from households.models import AnnualRecord, Household, Member, MemberYear
from households.register import after
from households.sheets.layouts import LAYOUTS
from households.sheets.rejects import write_rejects
from povreg.kit.crypto import lookup_hash
from povreg.kit.sheets.finding import Wishes
from povreg.kit.sheets.reader import SheetError
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

pytestmark = pytest.mark.django_db
NO = "500154201200000001"
MEMBER_EVENTS = apps.get_model("households", "MemberEvent")


@pytest.fixture
def book(tmp_path):
    return tmp_path / "book.xlsx"


def family(**cells):
    return [person(**cells), person(relation="配偶"), person(relation="之子", 文化程度=None, 在校生状况="小学")]


def test_a_roster_row_becomes_current_facts_and_no_yearly_record(book):
    number = new_id(date(1968, 10, 17))
    row = person(
        证件号码=number, 人编号=f"{NO}01", 数据日期="2020/12/31", 首次识别时间="2015年8月", 风险识别时间=202011,
        风险消除时间="2021-06", 风险是否消除="是", 人联系电话="１３８ ０００１ ２３４５",
        **{"易返贫致贫户(监测对象)类型": "脱贫不稳定户"},
    )  # fmt: skip
    assert counted(run(book, [row])) == (1, 1, 0, 0, 0)
    of, who = Household.objects.get(), Member.objects.get()
    assert (of.household_no, of.village_id, of.group_name, of.main_cause) == (NO, factories.VILLAGE, "2组", "01")
    assert (of.declared_dilapidated, of.declared_water_safe, of.declared_income) == (False, True, Decimal("4613.72"))
    assert (of.household_type, of.monitor_type, of.exit_status) == ("01", "1", "1")
    assert (of.data_date, of.identified_on) == (date(2020, 12, 31), date(2015, 8, 1))
    assert (of.risk_cleared, of.risk_identified_on, of.risk_cleared_on) == (True, date(2020, 11, 1), date(2021, 6, 1))
    assert (of.phone, of.phone_hash) == ("13800001234", lookup_hash("13800001234"))
    assert (who.person_no, who.name, who.id_no, who.birth_date) == (f"{NO}01", "李建国", number, date(1968, 10, 17))
    assert (who.id_hash, who.id_area, who.id_valid, who.id_type) == (lookup_hash(number), "500198", True, "1")
    assert (who.name_initials, who.phone, who.work_months, who.ins_major) == ("ljg", "13800012345", 8, True)
    assert who.village_id == factories.VILLAGE
    assert not AnnualRecord.objects.exists()
    assert not MemberYear.objects.exists()


def test_blank_person_numbers_are_the_households_number_and_the_next_digits(book):
    rows = family()
    rows[1]["人编号"] = f"{NO}07"
    run(book, rows)
    assert sorted(Member.objects.values_list("person_no", flat=True)) == [f"{NO}07", f"{NO}08", f"{NO}09"]


def test_a_person_number_that_is_taken_is_replaced(book):
    rows = family()
    rows[0]["人编号"] = rows[1]["人编号"] = f"{NO}01"
    assert counted(run(book, rows)) == (3, 3, 0, 0, 0)
    assert counted(import_file(book)) == (3, 0, 0, 3, 0)
    assert Member.objects.filter(person_no=f"{NO}01").count() == 1


def test_the_same_file_twice_touches_nothing(book):
    rows = [*family(), *family(户编号="H2")]
    for row in rows[4:]:
        row["户编号"] = "H2"
    assert counted(run(book, rows)) == (6, 6, 0, 0, 0)
    before = list(Member.objects.order_by("pk").values_list("version", "updated_at"))
    assert counted(import_file(book)) == (6, 0, 0, 6, 0)
    assert list(Member.objects.order_by("pk").values_list("version", "updated_at")) == before
    assert MEMBER_EVENTS.objects.count() == 6


def test_changed_cells_update_and_blank_cells_leave_the_value(book):
    rows = family()
    run(book, rows)
    rows[0] |= {"致贫原因1": "因残", "人均纯收入": None}
    rows[1] |= {"健康状况": "残疾", "姓名": "王 小 英", "劳动技能": None}
    outcome = run(book, rows, wishes=Wishes(confirmed=frozenset({"name_differs"})))
    assert counted(outcome) == (3, 0, 2, 1, 0)
    of = Household.objects.get()
    assert (of.main_cause, of.declared_income, of.version) == ("02", Decimal("4613.72"), 3)
    who = Member.objects.get(relation="02")
    assert (who.health, who.name, who.labour, who.version) == ("04", "王小英", "01", 2)


def test_household_facts_come_from_the_heads_row(book):
    rows = [person(relation="之子", 自然村="9组"), person(自然村="1组")]
    run(book, rows)
    assert Household.objects.get().group_name == "1组"


def test_a_corrected_id_is_the_same_person_by_number_and_name(book):
    rows = family()
    for position, row in enumerate(rows, 1):
        row["人编号"] = f"{NO}{position:02}"
    run(book, rows)
    corrected = new_id(date(1976, 1, 2))
    outcome = run(book, [rows[0] | {"证件号码": corrected}, *rows[1:]])
    assert counted(outcome) == (3, 0, 1, 2, 0)
    assert [each.code for each in told(outcome)] == ["id_changed"]
    assert Member.objects.get(person_no=f"{NO}01").birth_date == date(1976, 1, 2)


def test_heads_may_change_places_in_one_import(book):
    rows = family()
    run(book, rows)
    rows[0]["与户主关系"], rows[1]["与户主关系"] = "配偶", "户主"
    assert counted(run(book, rows)) == (3, 0, 2, 1, 0)
    assert Member.objects.get(relation="01").id_no == rows[1]["证件号码"]


def test_a_member_alone_joins_the_registered_household(book):
    run(book, family())
    assert counted(run(book, [person(relation="之女")])) == (1, 1, 0, 0, 0)
    assert Household.objects.get().members.count() == 4


def test_a_household_registered_in_another_village_is_not_moved(book):
    factories.place(factories.NEXT_VILLAGE)
    run(book, family())
    rows = [row | {"行政村": "小园村"} for row in cells_of(book)]
    outcome = run(book, rows)
    assert counted(outcome) == (3, 0, 0, 3, 0)
    assert [each.code for each in told(outcome)] == ["village_differs"]
    assert Household.objects.get().village_id == factories.VILLAGE


def test_who_has_left_is_updated_but_does_not_come_back(book):
    rows = family()
    run(book, rows)
    Member.objects.filter(relation="03").update(left_on=date(2020, 5, 1), left_reason="02")
    outcome = import_file(book)
    assert [each.code for each in told(outcome)] == ["member_left"]
    assert Member.objects.filter(left_on__isnull=False).count() == 1


def test_risk_dates_in_the_wrong_order_are_left_out_with_a_warning(book):
    outcome = run(book, [person(风险识别时间="202106", 风险消除时间="202011")])
    assert counted(outcome) == (1, 1, 0, 0, 0)
    assert {each.code for each in told(outcome)} == {"risk_order"}
    assert Household.objects.get().risk_cleared_on is None


def test_a_dry_run_says_the_same_and_keeps_nothing(book):
    rows = [*family(), person(relation="之子", 民族="火星族")]
    dry = run(book, rows, dry_run=True)
    assert not Household.objects.exists()
    assert counted(dry) == (4, 3, 0, 0, 1)
    assert counted(import_file(book)) == counted(dry)


def test_columns_are_found_by_header_in_any_order_with_a_title_above(book):
    rows = [
        {name.replace("（", " (").replace("）", ")"): cell for name, cell in reversed(row.items())} for row in family()
    ]
    save(book, {"随便": [row | {"民 族 特色": "x"} for row in rows]}, title="某县名单")
    outcome = import_file(book)
    assert counted(outcome) == (3, 3, 0, 0, 0)
    assert outcome.unknown_columns == ["民 族 特色"]
    assert Member.objects.filter(work_months=8).count() == 3


def test_row_numbers_are_those_of_the_spreadsheet(book):
    rows = [person(), {}, person("H2", 证件号码="1"), {}]
    outcome = run(book, rows)
    assert (outcome.counts.rows_read, codes(outcome)) == (2, [(4, "id_length")])


def test_missing_columns_make_the_file_unreadable(book):
    save(book, {"名单": [{name: cell for name, cell in person().items() if name != "证件号码"}]})
    with pytest.raises(SheetError, match="证件号码"):
        import_file(book)


def test_the_history_knows_who_imported(book):
    officer = factories.posted(factories.Role.COUNTY_OFFICER)
    run(book, family(), by=officer)
    events = MEMBER_EVENTS.objects.all()
    assert {event.pgh_context.metadata["verb"] for event in events} == {"import_sheet"}
    assert {event.pgh_context.metadata["user"] for event in events} == {officer.pk}


def test_changed_households_are_judged_again_after_the_commit(book, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr(after, "_followers", [lambda ids, left, year: told.append(ids)])
    with django_capture_on_commit_callbacks(execute=True):
        run(book, family())
    with django_capture_on_commit_callbacks(execute=True):
        import_file(book)
    assert told == [[Household.objects.get().pk]]


@pytest.mark.parametrize("prefix", [factories.VILLAGE, factories.TOWNSHIP, factories.OTHER_TOWNSHIP])
def test_rows_outside_ones_area_are_rejected(book, prefix):
    outcome = run(book, [person()], within=[prefix])
    inside = factories.VILLAGE.startswith(prefix)
    assert codes(outcome) == ([] if inside else [(2, "unknown_place")])
    assert inside or "范围" in outcome.rejects[0].message


def test_a_household_number_of_a_place_outside_ones_area_is_refused(book):
    factories.place("500154202200", name="甘泉村村民委员会")
    run(book, [person(**{"乡(镇)": "满月镇", "行政村": "甘泉村"})])
    assert codes(run(book, [person(relation="之子")], within=[factories.TOWNSHIP])) == [(2, "unknown_place")]


# The annual workbook


def annual(of, people=(), **cells):
    rows = {"户": [{"年度": 2020, "户编号": of.household_no, "工资性收入": 12000.5, "不愁吃": "是", **cells}]}
    rows["人"] = [
        {
            "年度": 2020,
            "户编号": of.household_no,
            "人编号": who.person_no,
            "在校生状况": "小学",
            "居民医保": "是",
            **more,
        }
        for who, more in people
    ] or [{"年度": None, "户编号": None, "人编号": None, "在校生状况": None, "居民医保": None}]
    return rows


def test_annual_rows_become_yearly_records(book):
    of = factories.household(members=2)
    head, child = of.members.order_by("person_no")
    rows = annual(
        of, [(head, {"在校生状况": "非在校生"}), (child, {"职工医保": "否"})], 住房等级="c级", 住房保障方式="公租房"
    )
    assert counted(run(book, rows, "annual")) == (3, 3, 0, 0, 0)
    record = AnnualRecord.objects.get()
    assert (record.household, record.village_id, record.year) == (of, of.village_id, 2020)
    assert (record.wage_income, record.food, record.clothing) == (Decimal("12000.50"), True, None)
    assert (record.house_grade, record.house_security, record.business_income) == ("C", "01", None)
    year = MemberYear.objects.get(member=child)
    assert (year.school_status, year.ins_resident, year.ins_employee, year.household) == ("03", True, False, of)
    assert counted(import_file(book, "annual")) == (3, 0, 0, 3, 0)
    assert counted(run(book, annual(of, [(head, {"居民医保": "否"})], 不愁穿="是"), "annual")) == (2, 0, 2, 0, 0)


def test_annual_rejects(book):
    of, other = factories.household(members=1), factories.household(members=1)
    rows = annual(of, [(of.members.get(), {}), (other.members.get(), {}), (of.members.get(), {"年度": None})])
    rows["户"] += [
        rows["户"][0] | {"户编号": "没有的"},
        rows["户"][0] | {"年度": None, "不愁吃": "也许"},
        rows["户"][0] | {"户编号": other.household_no, "不愁吃": "也许", "工资性收入": "多"},
        rows["户"][0] | {"户编号": other.household_no, "年度": "二〇二〇"},
        rows["户"][0],
    ]
    rows["人"] += [rows["人"][0] | {"户编号": "没有的"}, rows["人"][0] | {"人编号": None}]
    outcome = run(book, rows, "annual")
    assert [(each.sheet, each.row, each.code) for each in outcome.rejects] == [
        ("人", 3, "unknown_person"),
        ("人", 4, "required"),
        ("人", 5, "duplicate_person"),
        ("人", 6, "unknown_person"),
        ("户", 3, "unknown_household"),
        ("户", 4, "required"),
        ("户", 5, "unknown_code"),
        ("户", 6, "bad_number"),
        ("户", 7, "duplicate_person"),
    ]
    assert counted(outcome) == (11, 2, 0, 0, 9)


@pytest.mark.parametrize("prefix", [factories.TOWNSHIP, factories.OTHER_TOWNSHIP])
def test_annual_rows_outside_ones_area_are_rejected(book, prefix):
    of = factories.household(members=1)
    outcome = run(book, annual(of, [(of.members.get(), {})]), "annual", within=[prefix])
    inside = of.village_id.startswith(prefix)
    assert [each.code for each in outcome.rejects] == ([] if inside else ["unknown_household"] * 2)


# The sample township


@pytest.fixture
def township(shared_data, db):
    call_command("load_places", str(shared_data / "places"), under="500154", verbosity=0)
    return shared_data / "rosters"


def test_the_sample_township_matches_its_key_and_its_corrected_rejects_come_in(township, tmp_path):
    key = json.loads((township / "guanmian-2020-roster-2022.key.json").read_text())
    report, rejects = tmp_path / "report.json", tmp_path / "rejects.xlsx"
    source = township / "guanmian-2020-roster-2022.xlsx"
    options = {"layout": "roster-2022", "county": "500154"}
    call_command("import_sheet", str(source), report=report, rejects=rejects, **options)
    found = json.loads(report.read_text())
    assert [found[name] for name in ("rows_read", "created", "rejected")] == [1195, 1159, 36]
    assert [[each["row"], each["code"]] for each in found["rejects"]] == key["rejects"]
    assert Household.objects.count() == 314
    call_command("import_sheet", str(source), report=report, **options)
    again = json.loads(report.read_text())
    assert [again[name] for name in ("created", "updated", "unchanged", "rejected")] == [0, 0, 1159, 36]
    corrected = [correct(row) for row in cells_of(rejects)]
    save(rejects, {"名单": [row for row in corrected if row]})
    outcome = import_file(rejects)
    assert codes(outcome) == []
    call_command(
        "import_sheet", str(township / "guanmian-2020-annual.xlsx"), report=report, layout="annual", county="500154"
    )
    yearly = json.loads(report.read_text())
    assert [yearly[name] for name in ("rows_read", "created", "rejected")] == [1451, 1451, 0]
    assert AnnualRecord.objects.count() == 309


def correct(row):
    """What a cadre would do with each rejected row of the sample; a duplicate is dropped."""
    reason = row["退回原因"]
    if "相同的证件号码" in reason:
        return None
    if "行政村：" in reason:
        row["行政村"] = "关面村"
    if "证件号码：" in reason:
        row["证件号码"] = new_id(date(1970, 1, 1))
    if "姓名：" in reason:
        row["姓名"] = "张三"
    for header in ("户编号", "与户主关系", "健康状况", "民族", "文化程度"):
        if f"{header}：" in reason and "没有可导入的户主" not in reason:
            row[header] = {"与户主关系": "之子", "民族": "汉族", "健康状况": "健康"}.get(header, row[header])
    return row


def test_the_command_ends_with_2_and_says_what_to_do(tmp_path, capsys):
    path = Path(tmp_path / "x.xlsx")
    path.write_bytes(b"not a workbook")
    factories.place(factories.VILLAGE)
    with pytest.raises(SystemExit) as ended:
        call_command("import_sheet", str(path), layout="annual", county="500154")
    assert ended.value.code == 2
    assert "找不到年度记录的表头" in capsys.readouterr().err


# The 2016 layout has no household numbers


def old_row(relation="户主", **cells):
    row = person(relation=relation)
    keep = ("姓名", "证件号码", "与户主关系", "民族", "文化程度", "健康状况", "行政村", "在校生状况")
    return {
        "镇(乡)": "关面乡", **{name: row.get(name) for name in keep}, "劳动能力": "普通劳动力",
        "是否参加新农合": "是", "脱贫属性": "未脱贫", "贫困户属性": "低保贫困户", "主要致贫原因": "因学",
        "银行卡号": "6217 0000 1234 5678", **cells,
    }  # fmt: skip


def test_2016_rows_belong_together_from_head_to_head(book):
    rows = [old_row(), old_row("配偶"), old_row(), old_row("之子"), old_row("之女")]
    assert counted(run(book, rows, "roster-2016")) == (5, 5, 0, 0, 0)
    numbers = list(Household.objects.order_by("household_no").values_list("household_no", "members__name").distinct())
    assert [number for number, _ in numbers] == ["5001542012000001", "5001542012000002"]
    of = Household.objects.get(household_no="5001542012000002")
    assert of.members.count() == 3
    assert (of.exit_status, of.household_attr, of.main_cause, of.bank_account) == ("0", "04", "03", "6217000012345678")
    assert of.members.filter(declared_ins_resident=True, school_status="01").count() == 3
    assert counted(import_file(book, "roster-2016")) == (5, 0, 0, 5, 0)
    assert counted(run(book, rows[2:] + rows[:2], "roster-2016")) == (5, 0, 0, 5, 0)


def test_2016_rejected_members_come_back_to_their_household(book, tmp_path):
    rows = [old_row(), old_row("配偶", 民族="火星族"), old_row(证件号码="1"), old_row("之子")]
    outcome = run(book, rows, "roster-2016")
    assert codes(outcome) == [(3, "unknown_code"), (4, "id_length"), (5, "no_head")]
    rejects = tmp_path / "rejects.xlsx"
    write_rejects(book, rejects, LAYOUTS["roster-2016"], outcome)
    back = cells_of(rejects)
    assert [row["户编号"] for row in back] == ["5001542012000001", None, None]
    back[0]["民族"], back[1]["证件号码"] = "汉族", new_id()
    save(rejects, {"名单": back})
    assert counted(import_file(rejects, "roster-2016")) == (3, 3, 0, 0, 0)
    assert sorted(of.members.count() for of in Household.objects.all()) == [2, 2]


def test_2019_rows(book):
    row = {
        "县": "开州区", "乡镇": "关面乡", "行政村": "泉秀村", "户编号": NO, "姓名": "李建国", "证件号码": new_id(),
        "与户主关系": "户主", "务工状况": "省外", "务工时间": 10, "参加大病医疗": "是", "脱贫属性": "已脱贫",
        "脱贫年度": "2018年",
        "贫困户属性": "一般贫困户", "致贫原因": "缺技术", "联系电话": 13800001234,
    }  # fmt: skip
    assert counted(run(book, [row], "roster-2019")) == (1, 1, 0, 0, 0)
    of, who = Household.objects.get(), Member.objects.get()
    assert (of.exit_status, of.exit_year, of.household_attr, of.main_cause) == ("1", 2018, "01", "07")
    assert (of.phone, who.work_place, who.work_months, who.ins_major) == ("13800001234", "04", 10, True)


def test_what_changes_is_told_by_column_and_who_is_not_in_the_sheet(book):
    rows = family()
    run(book, rows)
    rows[0] |= {"致贫原因1": "因残", "户联系电话": "13900001111"}
    rows[1] |= {"健康状况": "残疾", "务工时间（月）": 3}
    outcome = run(book, rows[:2], dry_run=True)
    found = {each["field"]: each for each in outcome.changes["columns"]}
    assert set(found) == {"main_cause", "phone", "healths", "work_months"}
    assert [(each["old"], each["new"]) for each in found["main_cause"]["examples"]] == [("因病", "因残")]
    assert "139" not in str(found["phone"]["examples"])
    assert (found["healths"]["changed"], found["healths"]["filled"], outcome.changes["absent"]) == (1, 0, 1)
    assert not outcome.changes["large"]
    cells = outcome.changes["cells"]
    assert cells["count"] == 4
    assert [NO, "泉秀村", "（户）", "主要致贫原因", "因病", "因残"] in cells["rows"]
    assert {row[2] for row in cells["rows"]} == {"（户）", "李建国"}
    assert outcome.changes["gone"] == {"count": 1, "rows": [[NO, "泉秀村", "李建国"]]}


def test_who_is_new_or_unlisted_or_registered_elsewhere_is_named(book):
    factories.place(factories.NEXT_VILLAGE)
    first = [*family(), person("H2", 姓名="赵大山"), person("H3", 姓名="孙小河")]
    run(book, first)
    rows = [first[0], person(relation="之女", 姓名="李小红"), first[3] | {"行政村": "小园村"}]
    told = run(book, [*rows, person("H4", 姓名="周新来")], dry_run=True).changes
    assert [row[2:] for row in told["entered"]["rows"]] == [["李小红", "加入登记过的户"], ["周新来", "新登记的户"]]
    assert told["unlisted"] == {"count": 1, "rows": [["H3", "泉秀村", "孙小河"]]}
    assert told["moved"] == {"count": 1, "rows": [["H2", "泉秀村", "小园村"]]}
    assert told["gone"]["count"] == 2


def test_somebody_who_may_be_registered_already_under_another_number_is_told(book):
    born = date(2024, 5, 6)
    run(book, [person("H1", 姓名="张小娃", 证件号码=new_id(born))])
    rows = [person("H2", 姓名="张小娃", 证件号码=new_id(born)), person("H3", 姓名="张小妹", 证件号码=new_id(born))]
    outcome = run(book, rows)
    assert [each.row for each in outcome.warnings if each.code == "likely_duplicate"] == [2]
    assert outcome.counts.created == 2


def of_2022(name, born):
    return person(f"H{born.year}", 姓名=name, 证件号码=new_id(born), 人联系电话="13800007777")


def of_2016(name, born):
    return old_row(姓名=name, 证件号码=new_id(born), 银行卡号="6228480478012345678")


@pytest.mark.parametrize(("layout", "row"), [("roster-2022", of_2022), ("roster-2016", of_2016)])
def test_a_namesake_of_one_phone_or_account_is_told(book, layout, row):
    """The number was copied wrong, birthday and all: what else is shared says so."""
    run(book, [row("张小娃", date(1970, 5, 6))], layout)
    again = [row("张小娃", date(1971, 5, 6)), row("张大娃", date(1972, 5, 6))]
    outcome = run(book, again, layout)
    assert [each.row for each in outcome.warnings if each.code == "likely_duplicate"] == [2]
    assert outcome.counts.created == 2


def test_a_column_of_telephones_sorted_by_itself_is_asked_about(book, monkeypatch):
    monkeypatch.setattr("households.sheets.roster.MANY_CHANGES", 3)
    rows = [person(f"H{at}", 户联系电话=f"1380000{at:04}") for at in range(4)]
    run(book, rows)
    for row, phone in zip(rows, [each["户联系电话"] for each in rows[1:] + rows[:1]], strict=True):
        row["户联系电话"] = phone
    outcome = run(book, rows)
    assert [each.code for each in outcome.questions] == ["many_changes"]
    assert Household.objects.get(household_no="H0").phone == "13800000000"
    run(book, rows, wishes=Wishes(confirmed=frozenset({"many_changes"})))
    assert Household.objects.get(household_no="H0").phone == "13800000001"
