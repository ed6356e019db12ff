"""One cleaning for sheets, pages and the API: nothing unseen stays, a middle dot has one form."""

import pytest

from povreg.kit.plaintext import DOT, plain_name, seen


@pytest.mark.parametrize("dot", "·•・．‧∙⋅●")
def test_a_middle_dot_has_one_form(dot):
    assert plain_name(f"买买提{dot}热合曼") == f"买买提{DOT}热合曼"


@pytest.mark.parametrize("unseen", ["\u202a", "\u200b", "\ufeff", "\u00a0", "\u3000", " ", "\t"])
def test_what_cannot_be_seen_is_no_part_of_a_name(unseen):
    assert plain_name(f"{unseen}王{unseen}明海{unseen}") == "王明海"


def test_ordinary_texts_stay_as_they_are():
    assert plain_name("王明海（小）") == "王明海（小）"
    assert plain_name("Maria.Lopez") == "Maria.Lopez"
    assert seen(" 第一行\n第二行 ") == "第一行\n第二行"
