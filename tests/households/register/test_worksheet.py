"""The net income worksheet: exact sums, blanks, rounding half up (contract.md section 4)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as some

from households.models.annual import EXPENSE_FIELDS, INCOME_FIELDS, TRANSFER_FIELDS, WORKSHEET_FIELDS
from households.register.worksheet import add_up, of_record, per_head

amounts = some.none() | some.decimals(0, 9_999_999, places=2)
sheets = some.fixed_dictionaries(dict.fromkeys(WORKSHEET_FIELDS, amounts))
persons = some.integers(1, 12)


@given(sheets, persons)
def test_sums_are_exact(items, count):
    sums = add_up(items, count)
    if all(amount is None for amount in items.values()):
        assert sums.net is None and sums.per_head is None
        return
    total = {
        names: sum(Fraction(items[name] or 0) for name in names)
        for names in (INCOME_FIELDS, TRANSFER_FIELDS, EXPENSE_FIELDS)
    }
    net = total[INCOME_FIELDS] + total[TRANSFER_FIELDS] - total[EXPENSE_FIELDS]
    assert Fraction(sums.transfer) == total[TRANSFER_FIELDS]
    assert Fraction(sums.gross) == total[INCOME_FIELDS] + total[TRANSFER_FIELDS]
    assert Fraction(sums.net) == net
    assert abs(Fraction(sums.per_head) - net / count) <= Fraction(1, 200)


@given(sheets, persons)
def test_a_blank_counts_nothing(items, count):
    if any(amount is not None for amount in items.values()):
        filled = {name: amount or Decimal(0) for name, amount in items.items()}
        assert add_up(items, count) == add_up(filled, count)


@given(some.decimals(-999_999, 9_999_999, places=2), persons)
def test_a_head_s_share_has_two_decimals(net, count):
    assert per_head(net, count).as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("net", "count", "share"),
    [("10.01", 2, "5.01"), ("10.05", 10, "1.01"), ("-10.01", 2, "-5.01"), ("4000", 3, "1333.33"), ("2", 3, "0.67")],
)
def test_half_is_rounded_up(net, count, share):
    assert per_head(Decimal(net), count) == Decimal(share)


def test_nothing_recorded_is_not_zero():
    assert add_up({}, 4).per_head is None
    assert of_record(None, 4).net is None
    assert add_up({"wage_income": Decimal(0)}, 4).per_head == Decimal("0.00")


def test_nobody_has_no_share():
    sums = add_up({"wage_income": Decimal(100)}, 0)
    assert (sums.net, sums.per_head) == (Decimal(100), None)
