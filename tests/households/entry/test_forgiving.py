"""Entry that helps: namesakes told apart, relations proposed, what does not apply left out, units read with numbers."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from households.entry.events.forms import names_apart
from households.register.kin import proposed
from tests import factories
from villages.codes.controls import plain_number
from villages.rights import Role

YEAR = factories.YEAR
MAN, WOMAN = "1", "2"


def somebody(pk: int, relation: str, sex: str = MAN) -> SimpleNamespace:
    return SimpleNamespace(pk=pk, relation=relation, sex=sex)


@pytest.mark.parametrize(
    ("new", "wanted"),
    [
        (2, {1: "02", 3: "03", 4: "05", 5: "07", 6: "15"}),  # the wife: her man, her son and his, the man's father
        (3, {1: "11", 2: "12", 4: "02", 5: "03", 6: "17"}),  # the only son
        (6, {1: "03", 2: "05", 3: "07", 5: "21"}),  # the father; whose wife the son's wife is, is not proposed
    ],
)
def test_another_head_has_the_relations_that_follow(new, wanted):
    family = [
        somebody(1, "01"), somebody(2, "02", WOMAN), somebody(3, "03"), somebody(4, "05", WOMAN), somebody(5, "07"),
        somebody(6, "11"),
    ]  # fmt: skip
    assert proposed(family)[new] == wanted


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3亩", "3"), ("3.5 亩", "3.5"), ("1,200元", "1200"), ("￥5,321.50", "5321.50"), ("８０平方米", "80"),
        ("0.53万元", "5300.00"), ("2公里", "2"), ("", ""),
    ],
)  # fmt: skip
def test_numbers_are_read_with_their_units(typed, number):
    assert plain_number(typed) == number


@pytest.mark.parametrize("typed", ["120 350", "3亩 4亩", "12,34"])
def test_two_cells_in_one_box_are_refused(typed):
    with pytest.raises(ValidationError, match="两个格子"):
        plain_number(typed)


@pytest.fixture
def household(client, db):
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    return factories.household(members=1)


def test_namesakes_are_told_apart_by_age_and_the_end_of_their_number(household):
    one, other = (factories.member(household, name="王强", born=date(born, 5, 6)) for born in (1980, 2012))
    called = names_apart([*household.members.all()])
    assert called[household.members.get(relation="01").pk] == "王明海"
    assert called[one.pk] != called[other.pk]
    assert all(f"尾号 {each.id_no[-4:]}" in called[each.pk] and "岁" in called[each.pk] for each in (one, other))


def line_of(client, household, member) -> str:
    page = client.get(f"/households/{household.pk}/members/?year={YEAR}&edit={member.pk}").text
    return page[page.index(f'data-member="{member.pk}"') :].split("</tbody>")[0]


def test_what_does_not_apply_at_an_age_is_not_asked(client, household):
    old = factories.member(household, name="王国福", born=date(YEAR - 75, 1, 1), relation="11")
    child = factories.member(household, name="王小红", born=date(YEAR - 9, 1, 1), relation="04", sex="2")
    assert "dropout_reason" not in line_of(client, household, old)
    assert "dropout_reason" in line_of(client, household, child)
    assert "public_job" not in line_of(client, household, child)


def test_the_four_parts_of_water_are_folded_until_one_is_recorded(client, household):
    folded = r'<details class="disclose"(?P<open> open)?>\s*<summary>\s*逐项检测过的'
    page = client.get(f"/households/{household.pk}/guarantees/?year={YEAR}").text
    assert re.search(folded, page)["open"] is None


def test_save_is_the_first_button_and_a_phone_has_a_camera(client, household):
    page = client.get(f"/households/{household.pk}/basic/?year={YEAR}").text
    bar = page[page.index('class="savebar') :]
    assert re.findall(r"<button[^>]*>\s*([^<\s]*)", bar)[0] == "保存"
    page = client.get(f"/households/{household.pk}/files/?year={YEAR}").text
    assert 'capture="environment"' in page
    assert re.search(r'<input[^>]*id="id_file"[^>]*multiple', page)


def test_all_sections_say_one_age_that_of_the_year(client, household):
    """Somebody born on the last day of a year: a year older by the year than by any day in it."""
    factories.member(household, name="王小红", born=date(YEAR - 11, 12, 31), relation="04", sex="2")
    assert "女 11" in client.get(f"/households/{household.pk}/members/?year={YEAR}").text
    lines = client.get(f"/households/{household.pk}/guarantees/?year={YEAR}").context["lines"]
    assert str(lines[-1]["age"]).startswith("11")
