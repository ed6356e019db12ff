"""Identity numbers: GB 11643 read, upgraded and refused with the first fault in the order of the reject codes."""

from datetime import date

import pytest
from hypothesis import given, strategies as some

from povreg.kit.idnumber import IdFault, IdNumber, age_on, check_digit, half_width, normalise, parse, upgrade

TODAY = date(2020, 9, 30)
GOOD = "500198198001020018"
days = some.dates(date(1900, 1, 1), TODAY)
orders = some.integers(0, 999)


def number(born, order, area="500198"):
    first17 = f"{area}{born:%Y%m%d}{order:03}"
    return first17 + check_digit(first17)


@given(days, orders)
def test_a_well_formed_number_says_birth_and_sex(born, order):
    read = parse(number(born, order), TODAY)
    assert isinstance(read, IdNumber)
    assert (read.birth_date, read.area, read.upgraded, read.is_certificate) == (born, "500198", False, False)
    assert read.sex == ("1" if order % 2 else "2")


@given(days, orders, some.integers(0, 16), some.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born, order, position, shift):
    good = number(born, order)
    wrong = good[:position] + str((int(good[position]) + shift) % 10) + good[position + 1 :]
    assert isinstance(parse(wrong, TODAY), IdFault)


@given(days, orders, some.integers(0, 15))
def test_two_neighbours_swapped_are_always_noticed(born, order, position):
    good = number(born, order)
    swapped = good[:position] + good[position + 1] + good[position] + good[position + 2 :]
    if swapped != good:
        assert isinstance(parse(swapped, TODAY), IdFault)


@given(some.dates(date(1900, 1, 1), date(1999, 12, 31)), orders)
def test_fifteen_digits_are_upgraded(born, order):
    old = f"500198{born:%y%m%d}{order:03}"
    read = parse(old, TODAY)
    assert isinstance(read, IdNumber)
    assert (read.upgraded, read.birth_date, read.text) == (True, born, upgrade(old))


@given(days, orders, some.integers(1, 7), some.integers(1, 4))
def test_a_certificate_starts_with_a_number(born, order, kind, grade):
    read = parse(f"{number(born, order)}{kind}{grade}", TODAY)
    assert isinstance(read, IdNumber) and read.is_certificate and read.birth_date == born


@given(days, orders)
def test_how_it_was_typed_does_not_matter(born, order):
    good = number(born, order)
    wide = "".join(chr(ord(each) + 0xFEE0) for each in good)
    spaced = f" {good[:6]} {good[6:14].lower()}　{good[14:].lower()} "
    assert parse(wide, TODAY) == parse(spaced, TODAY) == parse(good, TODAY)


@given(some.text(max_size=30))
def test_anything_typed_is_read_or_refused(text):
    assert isinstance(parse(text, TODAY), IdNumber | IdFault)


@given(some.text(max_size=30))
def test_normalising_twice_is_normalising_once(text):
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", IdFault.LENGTH),
        ("5001981980010200", IdFault.LENGTH),
        (GOOD + "1", IdFault.LENGTH),
        (GOOD[:6] + "19801301" + GOOD[14:], IdFault.BIRTHDATE),
        (GOOD[:6] + "18991231" + GOOD[14:], IdFault.BIRTHDATE),
        (GOOD[:6] + "20201001" + GOOD[14:], IdFault.BIRTHDATE),
        (GOOD[:6] + "19800230" + "0000", IdFault.BIRTHDATE),
        ("A" + GOOD[1:], IdFault.CHECKSUM),
        (GOOD[:17] + ("0" if GOOD[17] != "0" else "1"), IdFault.CHECKSUM),
        ("50019819800102X01X", IdFault.CHECKSUM),
    ],
)
def test_the_first_fault_is_named(text, fault):
    assert parse(text, TODAY) is fault


def test_a_check_digit_of_ten_is_x():
    born = next(n for n in (number(date(1980, 1, 2), order) for order in range(1000)) if n.endswith("X"))
    assert isinstance(parse(born.lower(), TODAY), IdNumber)


def test_full_width_becomes_half_width():
    assert half_width("１２３Ｘ　ａ") == "123X a"


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2004, 9, 1), date(2020, 9, 1), 16),
        (date(2004, 9, 2), date(2020, 9, 1), 15),
        (date(2004, 2, 29), date(2005, 2, 28), 0),
        (date(2004, 2, 29), date(2005, 3, 1), 1),
    ],
)
def test_age_is_completed_years(born, day, age):
    assert age_on(born, day) == age
