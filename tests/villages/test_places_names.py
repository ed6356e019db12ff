"""Names of villages with and without their committee, and pinyin initials (contract.md section 2)."""

import pytest

from povreg.kit.pinyin import initials
from villages.places.names import clean_name, township_short_name, village_short_name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("关庙社区居民委员会", "关庙社区"),
        ("泉秀村村民委员会", "泉秀村"),
        ("泉秀村村委会", "泉秀村"),
        ("多福巷社区居委会", "多福巷社区"),
        ("梅庄村民委员会", "梅庄"),
        ("泉秀村", "泉秀村"),
        (" 泉秀 村　村民委员会 ", "泉秀村"),
        ("第２村村委会", "第2村"),
        ("丁村委会", "丁村"),  # a single character alone would not be a name
        ("居委会", "居委会"),  # one place is called nothing else
        ("", ""),
    ],
)
def test_a_village_is_called_without_its_committee(name, short):
    assert village_short_name(name) == short
    assert village_short_name(short) == short


def test_a_township_is_called_without_its_office():
    assert township_short_name("汉丰街道办事处") == "汉丰街道"
    assert township_short_name("关面乡人民政府") == "关面乡"
    assert township_short_name("关面乡") == "关面乡"


def test_blanks_and_full_width_digits_do_not_make_another_name():
    assert clean_name("　第１ 组 ") == "第1组"


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("关面乡", "gmx"),
        ("重庆市", "cqs"),
        ("长沙镇", "csz"),
        ("厦门", "xm"),
        ("解放村", "jfc"),
        ("解家沟", "xjg"),
        ("3组", "3z"),
        ("３组", "3z"),
        ("A区（一）", "aqy"),
        ("曾小明", "zxm"),
        ("㙟里", "ll"),
        ("·", ""),
    ],
)
def test_initials_are_those_of_place_names(text, letters):
    assert initials(text) == letters
