"""The engine of declared lists and edit pages: columns, rows, addresses."""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import django_filters
import pytest
from django.test import RequestFactory

from povreg.kit.pages import filters
from povreg.kit.pages.columns import NUMBER, Column, along, day_text, moment_text, yuan_text
from povreg.kit.pages.filters import without
from povreg.kit.pages.listing import Action, Empty, Listing, Tabs
from povreg.kit.pages.shown import ShownList
from povreg.kit.sheets.kinds import Day, YesNo


class Person:
    name, username = "测试", "test"

    def can(self, right, code=None):
        return right == "yes"


ROWS = [SimpleNamespace(pk=number, name=f"第{number}", size=number, unit=None) for number in range(1, 8)]
LISTING = Listing(
    code="toys",
    title="玩具",
    unit="个",
    rows=lambda user: ROWS,
    columns=(
        Column("name", "名称", phone="title"),
        Column("size", "大小", kind=NUMBER),
        Column("secret", "秘密", lambda row: "x", for_whom=lambda user: user.can("no")),
        Column("only", "只在表里", lambda row: "表", on_page=False),
    ),
    actions=(Action("新增", "units", ("yes",)), Action("别人的", "units", ("no",))),
    tabs=Tabs("kind", lambda user: (("", "全部"), ("a", "甲"))),
    empty=Empty("没有"),
    size=3,
)


def shown(query=""):
    request = RequestFactory().get(f"/toys/?{query}")
    request.user = Person()
    return ShownList(LISTING, request)


def test_a_page_shows_its_rows_and_the_way_to_the_others():
    page = shown("page=2&kind=a")
    assert [row.cells[0].text for row in page.rows] == ["第4", "第5", "第6"]
    assert page.count == 7
    assert page.page_url(3) == "?kind=a&page=3"
    assert [(tab.label, tab.url, tab.here) for tab in page.tabs] == [
        ("全部", "?kind=", False),
        ("甲", "?kind=a", True),
    ]


def test_columns_and_buttons_are_those_of_the_person():
    page = shown()
    assert [column.label for column in page.columns] == ["名称", "大小"]
    assert [column.label for column in LISTING.sheet_columns(Person())] == ["名称", "大小", "只在表里"]
    assert [action.label for action in page.actions] == ["新增"]


def test_page_and_workbook_hold_the_same_values():
    written = list(LISTING.written_rows(ROWS, Person()))
    assert written[2] == ["第3", 3, "表"]
    assert [cell.text for cell in shown().rows[2].cells] == ["第3", "3"]


@pytest.mark.parametrize(
    ("column", "value", "text", "cell"),
    [
        (Column("x", "数", kind=NUMBER), 1234, "1,234", 1234),
        (Column("x", "日", kind=Day()), date(2020, 9, 3), "2020年9月3日", date(2020, 9, 3)),
        (Column("x", "问", kind=YesNo()), False, "否", "否"),
        (Column("x", "空", blank="未登记"), "", "未登记", None),
        (Column("x", "零", kind=NUMBER), 0, "0", 0),
        (Column("x", "几行"), ("甲", "乙"), "甲、乙", "甲；乙"),
        (Column("x", "期限"), date(2020, 9, 3), "2020年9月3日", date(2020, 9, 3)),
        (Column("x", "年", text=lambda year: f"{year} 年"), 2020, "2020 年", 2020),
    ],
)
def test_a_value_reads_as_its_kind_says(column, value, text, cell):
    row = SimpleNamespace(pk=1, x=value)
    assert column.cell(row, Person()).text == text
    assert column.written(row) == cell


def test_words_for_days_moments_and_money():
    at = datetime(2020, 9, 3, 8, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (day_text(None), day_text(at), moment_text(at)) == ("", "2020年9月3日", "2020年9月3日 08:05")
    assert (yuan_text(Decimal("3747.00")), yuan_text(Decimal("0.5"))) == ("3,747", "0.50")
    assert along("unit__name")(ROWS[0]) is None


class ToyFilters(django_filters.FilterSet):
    q = filters.Typed("name", label="名称")
    year = filters.Year(label="年度")


def test_the_api_has_no_filter_for_what_people_type():
    assert set(without(ToyFilters, ("q",)).base_filters) == {"year"}
    assert set(ToyFilters.base_filters) == {"q", "year"}
    assert without(ToyFilters, ()) is ToyFilters
