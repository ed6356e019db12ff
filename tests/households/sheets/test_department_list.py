"""A department's list as a sheet: it begins and ends the classes that are the department's, and adds up."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from households.models import DepartmentList, Spell
from households.sheets.layouts import DEPARTMENT_LIST
from households.standing.departments import Named, take_department_list
from tests import factories, standings
from tests.households.sheets import sheetbooks as books
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(tmp_path):
    return tmp_path / "民政.xlsx"


@pytest.fixture
def house():
    row = factories.household(members=2)
    check_now()
    standings.close()
    return row


def check_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def line(row, **cells):
    return {
        "文件号或批次": "民政1号", "名单日期": "2026-03-01", "户编号": row.household_no, "民政对象类别": "低保户",
        "起始日期": "2024-01-01", **cells,
    }  # fmt: skip


def run(book, *rows):
    outcome = books.run(book, list(rows), DEPARTMENT_LIST.code)
    check_now()
    return outcome


def held(row):
    return [(each.klass_id, each.since, each.until) for each in row.spells.filter(axis="civil").order_by("since")]


def test_a_list_begins_a_class_and_the_next_one_ends_it(book, house):
    assert books.counted(run(book, line(house))) == (1, 1, 0, 0, 0)
    assert held(house) == [("dibao", date(2024, 1, 1), None)]
    ended = line(house, 文件号或批次="民政〔2026〕2号", 终止日期="2026-01-01")
    assert books.counted(run(book, ended)) == (1, 0, 1, 0, 0)
    assert held(house) == [("dibao", date(2024, 1, 1), date(2026, 1, 1))]


def test_the_same_file_twice_changes_nothing(book, house):
    run(book, line(house))
    assert books.counted(run(book, line(house))) == (1, 0, 0, 1, 0)
    assert DepartmentList.objects.count() == 1
    assert Spell.objects.filter(axis="civil").count() == 1


def test_another_class_takes_over(book, house):
    run(book, line(house))
    run(book, line(house, 文件号或批次="2号", 民政对象类别="特困供养", 起始日期="2025-05-01"))
    assert held(house) == [("dibao", date(2024, 1, 1), date(2025, 5, 1)), ("tekun", date(2025, 5, 1), None)]


def test_single_persons_are_named(book, house):
    first, second = house.members.order_by("pk")
    rows = [line(house, 证件号码=first.id_no), line(house, 户编号="", 证件号码=second.id_no)]
    assert books.counted(run(book, *rows)) == (2, 2, 0, 0, 0)
    named = DepartmentList.objects.get().rows.get()
    assert set(named.members.all()) == {first, second}


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"户编号": "", "证件号码": ""}, "required"),
        ({"户编号": "500154000000000000"}, "unknown_household"),
        ({"证件号码": factories.id_number(date(1960, 1, 1))}, "unknown_person"),
        ({"民政对象类别": "贫困户"}, "unknown_code"),
        ({"起始日期": "昨天"}, "bad_date"),
        ({"名单日期": "2099-01-01"}, "bad_date"),
        ({"终止日期": "2023-01-01"}, "check"),
    ],
)
def test_a_wrong_row_comes_back_and_the_others_go_in(book, house, cells, code):
    other = factories.ordinary(members=1)
    outcome = run(book, line(house, **cells), line(other))
    assert books.codes(outcome) == [(2, code)]
    assert books.counted(outcome) == (2, 1, 0, 0, 1)
    assert held(other) and not held(house)


def test_what_contradicts_the_register_comes_back(book, house):
    run(book, line(house))
    outcome = run(book, line(house, 文件号或批次="2号", 民政对象类别="特困供养", 起始日期="2023-01-01"))
    assert books.codes(outcome) == [(2, "check")]
    assert "已是“低保户”" in outcome.rejects[0].message


def test_a_list_is_no_way_to_another_class(house):
    office = factories.posted(Role.COUNTY_OFFICER)
    paper = {"county": factories.COUNTY, "department": "", "document": "1号", "as_of": date(2026, 3, 1)}
    with pytest.raises(Exception, match="部门认定的类别"):
        take_department_list(by=office, named=[Named(house.pk, "poor", date(2024, 1, 1))], **paper)
    village = factories.posted(Role.VILLAGE_CADRE)
    with pytest.raises(PermissionDenied):
        take_department_list(by=village, named=[Named(house.pk, "dibao", date(2024, 1, 1))], **paper)
    with pytest.raises(Exception, match="文件号"):
        take_department_list(by=office, named=[Named(house.pk, "dibao", date(2024, 1, 1))], **paper | {"document": " "})


def test_the_database_lets_no_department_end_a_class_without_its_row(book, house):
    run(book, line(house))
    with pytest.raises(Exception, match="no origin"):
        house.spells.filter(axis="civil").update(until=date(2025, 1, 1), until_known="day", end_origin="department")
        check_now()
