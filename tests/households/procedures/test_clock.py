"""Counting days across weekends, holidays and year ends."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from households.procedures.engine import clock

DAYS = st.dates(date(2014, 1, 2), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2020, 8, 7), True),  # a Friday
        (date(2020, 8, 8), False),  # a Saturday
        (date(2020, 10, 1), False),  # National Day, a Thursday
        (date(2020, 10, 10), True),  # a Saturday worked instead
        (date(2018, 12, 29), True),  # worked for the New Year of 2019
        (date(2018, 12, 31), False),
        (date(2020, 2, 1), False),  # the Spring Festival of 2020 was prolonged
        (date(2031, 10, 1), True),  # a year without a table: only weekends are off
    ],
)
def test_working_days(day, works):
    assert clock.is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "days", "rule", "end"),
    [
        (date(2020, 8, 6), 7, "working", date(2020, 8, 17)),
        (date(2020, 9, 28), 7, "working", date(2020, 10, 14)),  # National Day in between, a Saturday worked
        (date(2019, 12, 30), 5, "working", date(2020, 1, 7)),  # across the year end
        (date(2020, 12, 28), 7, "calendar", date(2021, 1, 4)),
        (date(2020, 2, 27), 3, "calendar", date(2020, 3, 1)),  # a leap year
        (date(2020, 8, 6), 0, "working", date(2020, 8, 6)),
    ],
)
def test_the_day_of_posting_does_not_count(start, days, rule, end):
    assert clock.end_of(start, days, rule) == end


@given(DAYS, st.integers(1, 40))
def test_a_notice_runs_for_exactly_its_working_days(start, days):
    end = clock.end_of(start, days, "working")
    counted = [start + timedelta(number) for number in range(1, (end - start).days + 1)]
    assert sum(map(clock.is_working_day, counted)) == days == clock.days_between(start, end, "working")
    assert clock.is_working_day(end)


@given(DAYS, st.integers(0, 40), st.sampled_from(["working", "calendar"]))
def test_a_longer_notice_never_ends_earlier_and_working_days_never_run_shorter(start, days, rule):
    assert clock.end_of(start, days, rule) <= clock.end_of(start, days + 1, rule)
    assert clock.end_of(start, days, "calendar") <= clock.end_of(start, days, "working")


def test_what_is_left_and_what_is_over():
    with clock.at(date(2020, 9, 30)):
        assert str(clock.left(date(2020, 10, 9), "working")) == "还有 1 个工作日"
        assert str(clock.left(date(2020, 9, 30))) == "今天到期"
        assert str(clock.left(date(2020, 9, 28))) == "逾期 2 天" and clock.left(date(2020, 9, 28)).is_overdue


def test_years_without_a_certain_table_are_named():
    assert clock.remarks(date(2020, 12, 1), date(2021, 1, 8)) == []
    assert clock.remarks(date(2030, 1, 1), date(2030, 2, 1)) == ["2030 年节假日安排尚未收录，工作日只扣除周末。"]
    assert "暂定" in clock.remarks(date(2026, 1, 1), date(2026, 1, 9))[0]


def test_every_make_up_day_is_a_weekend_and_no_day_is_both():
    table = clock.calendar()
    assert all(day.weekday() >= 5 for day in table.worked)
    assert not table.off & table.worked
    assert set(range(2014, 2027)) <= set(table.sources)
