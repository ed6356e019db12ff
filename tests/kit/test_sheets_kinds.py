"""Cells there and back: what is written is read as the same value, and every spelling people use is read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from povreg.kit.sheets.cells import BLANKS, UNCALCULATED, Fault, Told, error_in, text_of
from povreg.kit.sheets.kinds import (
    Account,
    Choice,
    Day,
    Identity,
    Kind,
    Moment,
    Month,
    Number,
    Phone,
    Text,
    Whole,
    YesNo,
    Yuan,
)

COLOURS = {"01": "红色", "02": "白色", "99": "其他"}
CHOICE = Choice(
    find=lambda text: next((c for c, label in COLOURS.items() if text in (c, label)), None), labels=lambda: COLOURS
)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
amounts = st.decimals(-9_999_999_999, 9_999_999_999, places=2, allow_nan=False)
EVERY = (Kind(), Text(10), Number(24), Phone(), YesNo(), CHOICE, Yuan(), Whole(0, 12), Day(), Month(), Moment())
letters = st.characters(codec="utf-8", exclude_categories=("C", "Z"))
words = st.text(letters, min_size=1, max_size=40).filter(lambda word: text_of(word) == word and says(word))


def says(word: str) -> bool:
    """Whether a cell with this word has something to say: neither a sign for nothing nor an error."""
    return word not in BLANKS and error_in(word) is None


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Kind(), words),
        (Text(40), words),
        (Number(24), st.from_regex(r"[0-9A-Z]{1,24}", fullmatch=True)),
        (Phone(), st.from_regex(r"1[0-9]{10}", fullmatch=True)),
        (YesNo(), st.booleans()),
        (CHOICE, st.sampled_from(sorted(COLOURS))),
        (Yuan(), amounts),
        (Whole(0, 12), st.integers(0, 12)),
        (Day(), days),
        (Month(), days),
        (Moment(), st.datetimes().map(lambda at: at.replace(microsecond=0))),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Kind) else "",
)
def test_what_is_written_is_read_back(kind, values):
    @given(values)
    def there_and_back(value):
        assert kind.parse(kind.write(value)) == value

    there_and_back()
    assert kind.parse(kind.write(None)) is None


@given(st.one_of(st.none(), st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.datetimes(), days))
def test_no_cell_breaks_a_reader(cell):
    for kind in (
        Kind(),
        Text(10),
        Number(24),
        Phone(),
        YesNo(),
        CHOICE,
        Yuan(),
        Whole(0, 12),
        Day(),
        Month(),
        Moment(),
    ):
        value = kind.parse(cell)
        assert value is None or isinstance(value, Fault | Told | str | bool | int | Decimal | date)


@pytest.mark.parametrize("blank", [None, "", "  ", "　", "\t"])
def test_blank_is_not_recorded(blank):
    for kind in (
        Kind(),
        Text(10),
        Number(24),
        Phone(),
        YesNo(),
        CHOICE,
        Yuan(),
        Whole(0, 12),
        Day(),
        Month(),
        Moment(),
    ):
        assert kind.parse(blank) is None


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (datetime(2020, 9, 30, 8, 15, tzinfo=UTC), date(2020, 9, 30)),
        (date(2020, 9, 30), date(2020, 9, 30)),
        (44104, date(2020, 9, 30)),
        ("202009", date(2020, 9, 1)),
        (202009, date(2020, 9, 1)),
        (202009.0, date(2020, 9, 1)),
        ("２０２００９", date(2020, 9, 1)),
        ("2020-09", date(2020, 9, 1)),
        ("2020/9", date(2020, 9, 1)),
        ("2020/9/3", date(2020, 9, 3)),
        ("2020.9.3", date(2020, 9, 3)),
        ("2020-09-30 00:00:00", date(2020, 9, 30)),
        ("20200930", date(2020, 9, 30)),
        ("2020年9月", date(2020, 9, 1)),
        ("2020年9月3日", date(2020, 9, 3)),
    ],
)
def test_dates_in_every_known_spelling(cell, day):
    assert Month().parse(cell) == day == Day().parse(cell)


@pytest.mark.parametrize(
    "cell", ["2020", "202013", "2020-13", "2020-02-30", "20", "去年", 12, "2020年", "999912", True]
)
def test_what_is_no_date(cell):
    assert Month().parse(cell).code == "bad_date"


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (3000, "3000"), (0.1 + 0.2, "0.30"), ("1,234.5", "1234.50"), ("１２３", "123"), (" 5 ", "5"), (-3.005, "-3.01"),
        ("2.675", "2.68"), (2.675, "2.68"), (".5", "0.50"), (0, "0"), ("5321.5元", "5321.50"),
        ("￥5,321.50", "5321.50"),
        ("0.53万元", "5300"), ("1.2万", "12000"), ("3000元/年", "3000"),
    ],
)  # fmt: skip
def test_amounts_round_half_up_to_cents(cell, amount):
    assert Yuan().parse(cell) == Decimal(amount)


@pytest.mark.parametrize(
    "cell", ["三千", "约3000", "1,23", "NaN", "1e5", "--1", ".", "1 000", True, 1e10, float("inf")]
)
def test_what_is_no_amount(cell):
    assert Yuan().parse(cell).code == "bad_number"


@pytest.mark.parametrize(("cell", "number"), [(3.0, 3), ("3", 3), ("3个月", 3), ("０", 0), ("12.0", 12)])
def test_whole_numbers(cell, number):
    assert Whole(0, 12, suffix="个月").parse(cell) == number


@pytest.mark.parametrize("cell", [3.5, 13, -1, "三", True])
def test_what_is_no_whole_number(cell):
    assert Whole(0, 12).parse(cell).code == "bad_number"


def test_a_number_that_lost_its_digits_is_refused():
    for kind in (Number(24), Identity(), Phone(), Account()):
        assert kind.parse(500154201001100032).code == "id_as_number"
        assert kind.parse("5.00154E+17").code == "id_as_number"
    assert Number(24).parse(12345) == "12345"
    assert Number(24).parse("5" * 25).code == "bad_number"


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", UNCALCULATED])
def test_errors_are_no_facts(cell):
    for kind in (
        Kind(),
        Text(10),
        Number(24),
        Phone(),
        YesNo(),
        CHOICE,
        Yuan(),
        Whole(0, 12),
        Day(),
        Month(),
        Moment(),
    ):
        assert kind.parse(cell).code == "error_value"


@pytest.mark.parametrize("cell", ["/", "—", "-", "无", "\u200b"])
def test_words_for_nothing_are_blank(cell):
    for kind in (Kind(), Text(10), Number(24), Phone(), Account(), YesNo(), CHOICE, Yuan(), Whole(0, 12), Day()):
        assert kind.parse(cell) is None
    assert Choice(find={"无": "04"}.get, labels=dict).parse("无") == "04"


def test_long_values_are_refused_and_never_cut():
    assert Text(5).parse("五个字的话") == "五个字的话"
    assert Text(5).parse("六个字的一句话").code == "check"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("138 0000 1234", "13800001234"),
        ("023-52220000", "023-52220000"),
        ("5222000", "5222000"),
        (13800001234, "13800001234"),
    ],
)
def test_telephone_numbers(cell, number):
    assert Phone().parse(cell) == number


@pytest.mark.parametrize("cell", ["同上", "找村主任", "138", "023-52220000转8001找村主任家里座机"])
def test_what_is_no_telephone_number(cell):
    assert Phone().parse(cell).code == "bad_number"


def test_of_two_numbers_the_first_counts_and_it_is_told():
    told = Phone().parse("13800000001/13800000002")
    assert (told.value, told.code, told.asks) == ("13800000001", "two_phones", False)


def test_a_month_that_may_have_lost_its_nought_is_asked_about():
    told = Month().parse(2014.1)
    assert (told.value, told.code, told.asks) == (date(2014, 10, 1), "month_zero", True)
    assert [Month().parse(cell) for cell in (2014.12, 2014.2, "2014.10", "2014.1")] == [
        date(2014, 12, 1), date(2014, 2, 1), date(2014, 10, 1), date(2014, 1, 1),
    ]  # fmt: skip


def test_days_to_come_and_days_too_early_are_refused():
    kind = Day(date(2000, 1, 1), past=True, today=lambda: date(2026, 1, 1))
    assert [kind.parse(cell).code for cell in ("2026-01-02", "190001")] == ["bad_date"] * 2
    assert kind.parse("2026-01-01") == date(2026, 1, 1)


def test_a_masked_phone_says_nothing():
    assert Phone().parse("138****1234") is None


def test_a_message_names_fault_and_remedy():
    assert CHOICE.parse("蓝色").message == "“蓝色”不在可填的范围内，请改填：红色、白色、其他"


def test_text_of_a_cell():
    assert [text_of(cell) for cell in (None, 3.0, 2.5, True, " a\x00b ", date(2020, 1, 2))] == [
        "", "3", "2.5", "是", "ab", "2020-01-02",
    ]  # fmt: skip
