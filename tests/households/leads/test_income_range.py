"""The income test against a plain oracle, and each of its rules with an example that passes and one that fails."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from households.models.codes import EDGE, SUDDEN, UNSTABLE
from households.models.income import TEST_FIELDS, IncomeTest
from households.register.income_range import EARNED, PARTS, Standing, judge, period_of, possible_classes, standing_of
from villages.standards.rules import Thresholds

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LINE = Decimal("8800")
CENT = Decimal("0.01")
MINUS = ("business_expense", "paid_medical", "paid_schooling", "paid_housing", "paid_disaster")


def yuan(least: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(least * 100, most * 100).map(lambda cents: Decimal(cents) / 100)


amounts = st.dictionaries(st.sampled_from(TEST_FIELDS), st.none() | yuan(0, 300_000), max_size=8)


def oracle(items, persons, line, left_out):
    """Result and figure a head, said the long way round."""
    counted = {name: value for name, value in items.items() if value is not None and name not in left_out}
    if line is None:
        return ""
    if persons == 0 or not [name for name in counted if name in EARNED]:
        return "unrecorded"
    net = Decimal(0)
    for name, value in counted.items():
        net = net - value if name in MINUS else net + value
    head = (net / persons).quantize(CENT, ROUND_HALF_UP)
    if head < line:
        return "inside"
    return "watch" if head < (line * Decimal("1.1")).quantize(CENT, ROUND_HALF_UP) else "outside"


@unhurried
@given(
    items=amounts,
    persons=st.integers(0, 8),
    line=st.none() | yuan(1000, 20_000),
    left_out=st.lists(st.sampled_from(TEST_FIELDS), max_size=4, unique=True),
)
def test_a_test_says_what_plain_arithmetic_says(items, persons, line, left_out):
    assert judge(items, persons, line, left_out=left_out).result == oracle(items, persons, line, left_out)


@unhurried
@given(items=amounts, persons=st.integers(1, 8))
def test_the_gap_leads_just_over_the_line(items, persons):
    """What is said would change the verdict does so, and a good deal less does not."""
    found = judge(items, persons, LINE)
    if found.gap is None or found.sums is None:
        return
    if found.result == "inside":
        more = dict(items) | {"tr_other": (items.get("tr_other") or 0) + found.gap}
        assert judge(more, persons, LINE).result != "inside"
        less = dict(items) | {"tr_other": (items.get("tr_other") or 0) + found.gap - CENT * persons}
        assert found.gap < CENT * persons or judge(less, persons, LINE).result == "inside"
    else:
        worse = dict(items) | {"paid_medical": (items.get("paid_medical") or 0) + found.gap + CENT * persons}
        assert judge(worse, persons, LINE).result == "inside"


@unhurried
@given(items=amounts, persons=st.integers(1, 8), more=yuan(0, 100_000))
def test_more_spending_never_makes_a_household_safer(items, persons, more):
    order = ["inside", "watch", "outside"]
    before = judge(items, persons, LINE)
    if before.result == "unrecorded":
        return
    after = judge(dict(items) | {"paid_medical": (items.get("paid_medical") or 0) + more}, persons, LINE)
    assert order.index(after.result) <= order.index(before.result)


def test_every_amount_of_the_model_has_its_part():
    listed = [name for _title, names in PARTS for name in names]
    assert sorted(listed) == sorted(TEST_FIELDS)
    assert all(IncomeTest._meta.get_field(name) for name in TEST_FIELDS)


@pytest.mark.parametrize(
    ("asked", "since", "until"),
    [
        (date(2026, 6, 10), date(2025, 6, 1), date(2026, 5, 31)),
        (date(2026, 1, 31), date(2025, 1, 1), date(2025, 12, 31)),
        (date(2024, 3, 1), date(2023, 3, 1), date(2024, 2, 29)),
    ],
)
def test_the_period_ends_before_the_month(asked, since, until):
    assert period_of(asked) == (since, until)


@pytest.mark.parametrize(
    ("income", "result"),
    [("8799.99", "inside"), ("8800", "watch"), ("9679.99", "watch"), ("9680", "outside")],
)
def test_the_edges_of_the_bands(income, result):
    assert judge({"wage_income": income}, 1, LINE).result == result


def test_a_set_widens_the_watch_band():
    assert judge({"wage_income": "9700"}, 1, LINE).result == "outside"
    assert judge({"wage_income": "9700"}, 1, LINE, thresholds=Thresholds.of({"watch": "0.2"})).result == "watch"


@pytest.mark.parametrize(
    "items",
    [{}, {"wage_income": None}, {"paid_medical": "50000"}, {"business_expense": "100"}, {"relief": "3000"}],
)
def test_nothing_earned_recorded_is_never_safe(items):
    found = judge(items, 3, LINE)
    assert (found.result, found.reason) == ("unrecorded", "no_income")
    assert not any(each.fits for each in possible_classes(Standing.FORMER_POOR, found, event=True))


def test_recorded_nought_is_inside():
    assert judge({"wage_income": "0"}, 3, LINE).result == "inside"


def test_without_people_nothing_is_said():
    assert judge({"wage_income": "50000"}, 0, LINE).reason == "no_persons"


def test_without_a_line_there_is_no_verdict():
    found = judge({"wage_income": "100"}, 1, None)
    assert (found.result, found.reason, found.per_head) == ("", "no_line", Decimal("100.00"))


def test_an_item_that_is_switched_off_counts_nothing():
    items = {"wage_income": "8000", "sale_income": "3000"}
    assert judge(items, 1, LINE).result == "outside"
    assert judge(items, 1, LINE, left_out=["sale_income"]).result == "inside"
    assert judge({"sale_income": "30000"}, 1, LINE, left_out=["sale_income"]).reason == "no_income"


def test_spending_counts_less_and_insurance_more():
    """Paid after every reimbursement, less what insurance and relief gave."""
    assert judge({"wage_income": "12000", "paid_medical": "5000"}, 1, LINE).result == "inside"
    assert judge({"wage_income": "12000", "paid_medical": "5000", "claims": "4000"}, 1, LINE).result == "outside"


def fits(standing, items, *, persons=1, event=False, before=None):
    found = judge(items, persons, LINE, before_per_head=before)
    return {each.code for each in possible_classes(standing, found, event=event) if each.fits}


LOW = {"wage_income": "8000"}


def test_inside_the_range_the_standing_names_the_class():
    assert fits(Standing.FORMER_POOR, LOW) == {UNSTABLE}
    assert fits(Standing.ORDINARY, LOW) == {EDGE}
    assert fits(Standing.POOR, LOW) == set()


def test_a_former_poor_household_is_never_on_the_edge():
    for items in (LOW, {"wage_income": "50000", "paid_medical": "30000"}, {"wage_income": "90000"}):
        assert EDGE not in fits(Standing.FORMER_POOR, items, event=True)


def test_sudden_hardship_lies_above_the_range_with_heavy_spending():
    """Fifty thousand earned, thirty paid for medicine: above the line, and yet in need."""
    heavy = {"wage_income": "50000", "paid_medical": "30000"}
    assert fits(Standing.FORMER_POOR, heavy) == fits(Standing.ORDINARY, heavy) == {SUDDEN}
    assert fits(Standing.ORDINARY, {"wage_income": "50000", "paid_medical": "3000"}) == set()
    assert fits(Standing.ORDINARY, heavy | {"claims": "25000"}) == set()


def test_inside_the_range_it_is_not_sudden_hardship():
    assert fits(Standing.ORDINARY, {"wage_income": "20000", "paid_medical": "15000"}) == {EDGE}


def test_a_sharp_fall_needs_an_event():
    fallen = {"wage_income": "20000"}
    assert fits(Standing.ORDINARY, fallen, before=Decimal("40000"), event=True) == {SUDDEN}
    assert fits(Standing.ORDINARY, fallen, before=Decimal("40000")) == set()
    assert fits(Standing.ORDINARY, fallen, before=Decimal("22000"), event=True) == set()


def test_the_standing_is_read_from_the_exit_status():
    assert [standing_of(code) for code in ("", "1", "0", "3")] == [
        Standing.ORDINARY, Standing.FORMER_POOR, Standing.POOR, Standing.POOR,
    ]  # fmt: skip
