"""How names, phones, accounts and groups are written, and what is refused of each."""

import pytest
from hypothesis import given, strategies as st

from households.register.names import name_fault
from households.register.written import (
    account_fault,
    account_written,
    group_written,
    phone_fault,
    phone_written,
    two_names,
)


@pytest.mark.parametrize("name", ["王明海", "欧阳春秀", "阿依古丽·买买提", "MariaLopez", "𠮷田", "王明海（小）"])
def test_names_that_are_names(name):
    assert name_fault(name) == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("王明海500198197508094217", "证件号码一栏"),
        ("1", "数字"),
        ("******", "不是真实姓名"),
        ("王", "一个字"),
        ("张" * 300, "300 个字"),
        ("王#海", "符号"),
    ],
)
def test_names_that_are_none(name, said):
    assert said in name_fault(name)


def test_two_names_in_one_box_are_told():
    assert two_names("王明海 李梅花")
    assert two_names("王明\t李梅")
    assert not two_names("王 明 海")
    assert not two_names("欧阳 春秀")


@pytest.mark.parametrize(
    "phone", ["13800001234", "138 0000 1234", "+86 138-0000-1234", "023-52220000", "02352220000", "52220000", ""]
)
def test_phones_that_are_phones(phone):
    assert phone_fault(phone) == ""


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("1380000123", "现有 10 位"),
        ("138000012345", "现有 12 位"),
        ("13800001234、13900001234", "不止一个"),
        ("1.38E+10", "科学记数法"),
        ("无", "请留空"),
        ("12345", "现有 5 位"),
        ("同上", "请留空"),
    ],
)
def test_phones_that_are_none(phone, said):
    assert said in phone_fault(phone)


def test_a_mobile_number_is_kept_one_way():
    assert {
        phone_written(text) for text in ("13800001234", "138 0000 1234", "+8613800001234", "１３８００００１２３４")
    } == {"13800001234"}


def test_accounts():
    assert account_written("6228 4800 1234 5678 901") == "6228480012345678901"
    assert not account_fault("6228480012345678901")
    assert "科学记数法" in account_fault("6.22848E+18")
    assert "现有 5 位" in account_fault("62284")
    assert "留空" in account_fault("同上")


@pytest.mark.parametrize("group", ["2组", "２组", "第二组", "第2组", "二组", "2村民小组", "第 2 组", "02组"])
def test_one_group_is_one(group):
    assert group_written(group) == "2组"


@pytest.mark.parametrize("group", ["王家湾组", "3社", "石桥", "一队"])
def test_other_names_of_groups_stay(group):
    assert group_written(group) == group


@given(st.integers(1, 199))
def test_chinese_numbers_of_groups(number):
    signs = "零一二三四五六七八九"
    tens, ones = divmod(number % 100, 10)
    text = (
        ("一百" if number >= 100 else "")
        + (f"{signs[tens] if tens > 1 or number >= 100 else ''}十" if tens else "零" if number > 100 and ones else "")
        + (signs[ones] if ones else "")
    )
    assert group_written(f"第{text}组") == f"{number}组"
