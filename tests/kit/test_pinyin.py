"""Names as people type them: initials, whole syllables, surnames that are read in a way of their own."""

import pytest

from povreg.kit.pinyin import initials, lettered_otherwise, name_spelled, read_otherwise, typed_pinyin


@pytest.mark.parametrize(
    ("name", "short", "whole"),
    [
        ("张伟", "zw", "zhangwei"),
        ("查明海", "zmh", "zhaminghai"),
        ("尉迟春秀", "yccx", "yuchichunxiu"),
        ("单小一", "sxy", "shanxiaoyi"),
        ("曾国强", "zgq", "zengguoqiang"),
        ("吕秀", "lx", "lvxiu"),
        ("阿依古丽·买买提", "ayglmmt", "ayigulimaimaiti"),
        ("", "", ""),
    ],
)
def test_a_name_is_spelled_whole_and_by_initials(name, short, whole):
    assert name_spelled(name) == (short, whole)


def test_a_surname_s_reading_is_not_used_inside_the_name():
    assert name_spelled("王任") == ("wr", "wangren")
    assert name_spelled("李区")[1] == "liqu"


@pytest.mark.parametrize("typed", ["zhangwei", "Zhang Wei", "zhang'wei", "Zhāng wěi", "ＺＨＡＮＧＷＥＩ"])
def test_typed_pinyin_is_read_however_it_is_written(typed):
    assert typed_pinyin(typed) == "zhangwei"


@pytest.mark.parametrize("typed", ["lü xiu", "lvxiu", "Lyu Xiu", "lǚxiù"])
def test_the_u_with_dots_has_several_spellings(typed):
    assert typed_pinyin(typed) == "lvxiu"


def test_places_keep_their_initials():
    assert (initials("重庆市"), initials("长沙"), initials("番禺")) == ("cqs", "cs", "py")


@pytest.mark.parametrize(
    ("name", "whole"), [("王单", "wangdan"), ("单伟", "shanwei"), ("王解", "wangjie"), ("解伟", "xiewei")]
)
def test_a_surname_s_reading_is_the_surname_s_only(name, whole):
    assert name_spelled(name)[1] == whole


@pytest.mark.parametrize(
    ("typed", "kept", "sign"),
    [
        ("wangyue", "wangle", "乐"),
        ("zhangchao", "changchao", "长"),
        ("danwei", "shanwei", "单"),
        ("wangzhao", "wangchao", "朝"),
    ],
)
def test_a_character_is_found_by_all_its_readings(typed, kept, sign):
    assert any(way.spelling == kept and sign in way.characters for way in read_otherwise(typed))


def test_plain_syllables_have_one_spelling():
    assert read_otherwise("lifu") == []
    assert any(way.spelling == "wl" and "乐" in way.characters for way in lettered_otherwise("wy"))
