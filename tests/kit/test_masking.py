"""What a screen may show of numbers and names."""

import pytest
from hypothesis import given, strategies as some

from povreg.kit.masking import mask_bank, mask_id, mask_name, mask_phone

numbers = some.text("0123456789X", min_size=15, max_size=22)


def test_as_the_contract_writes_them():
    assert mask_id("500198198001021234") == "500198********1234"
    assert mask_phone("13800001234") == "138****1234"


@given(numbers)
def test_an_id_keeps_its_length_its_area_and_its_end(text):
    masked = mask_id(text)
    assert len(masked) == len(text)
    assert (masked[:6], masked[-4:]) == (text[:6], text[-4:])
    assert set(masked[6:-4]) == {"*"}


@given(some.text("0123456789", max_size=10))
def test_a_short_number_shows_nothing(text):
    assert set(mask_id(text)) <= {"*"}


@given(some.text("0123456789", min_size=16, max_size=19))
def test_a_bank_card_hides_its_middle(text):
    assert set(mask_bank(text)[6:-4]) == {"*"}


@given(some.text("0123456789", max_size=7))
def test_a_short_phone_shows_nothing(text):
    assert set(mask_phone(text)) <= {"*"}


@pytest.mark.parametrize(
    ("name", "shown"), [("王明海", "王*海"), ("陈林", "陈*"), ("欧阳明海", "欧**海"), ("王", "王"), ("", "")]
)
def test_the_middle_of_a_name_is_hidden(name, shown):
    assert mask_name(name) == shown
