"""Components drawn in one go: what each part says, and that nothing typed or stored becomes markup."""

import pytest
from django import forms
from django.template import engines
from lxml import html

from povreg.kit.drawn import change_list, field_row, menu_links, sidenav_list, steps_bar, strip_card, verdict_word

ODD = "<b>&\"'"


class Asked(forms.Form):
    name = forms.CharField(label=ODD, help_text=f"h{ODD}")
    kind = forms.ChoiceField(label="问", choices=[("a", ODD)], widget=forms.RadioSelect, required=False)


def tree(markup):
    return html.fragment_fromstring(str(markup), create_parent="div")


def text(markup, path):
    return ["".join(found.itertext()).strip() for found in tree(markup).xpath(path)]


def test_a_row_has_label_control_hint_and_what_is_required():
    row = field_row(Asked()["name"], unit=ODD, prev=f"上年 {ODD}", wide="yes", secret=True)
    assert text(row, "//label[@for='id_name']") == [f"{ODD}必填"]
    assert text(row, "//div[@class='field wide'][@data-secret]//span[@class='unit']") == [ODD]
    assert text(row, "//p[@class='prev']") == [f"上年 {ODD}"]
    assert text(row, "//p[@class='hint'][@id='id_name_helptext']") == [f"h{ODD}"]
    assert len(tree(row).xpath("//div[@class='field-control']/input[@name='name'][@aria-describedby]")) == 1
    assert not tree(row).xpath("//b")


def test_a_fault_stands_below_and_what_was_typed_stays():
    row = field_row(Asked({"name": "", "kind": "z"})["kind"])
    assert text(row, "//fieldset[@class='field']/legend") == ["问"]
    assert "z" in text(row, "//ul[contains(@class, 'errorlist')]")[0]
    assert not tree(row).xpath("//label[@for='id_kind']")


def test_own_words_win_over_the_field_s():
    row = field_row(Asked()["name"], label="名", hint="提示")
    assert text(row, "//label") == ["名必填"] and text(row, "//p[@class='hint']") == ["提示"]


def test_warnings_ask_for_a_tick_where_they_have_a_code():
    warnings = [{"text": ODD, "code": f"W1.{ODD}", "confirmed": True}, {"text": "只说", "code": ""}]
    row = tree(field_row(Asked()["kind"], warnings=warnings))
    assert row.xpath("//div[@class='field field-warned']")
    assert [box.get("value") for box in row.xpath("//input[@name='confirmed'][@checked]")] == [f"W1.{ODD}"]
    assert len(row.xpath("//div[@class='field-warning']")) == 2


def test_a_control_of_one_s_own_is_named_by_its_id():
    engine = engines["django"]
    page = engine.from_string('{% cotton field label="甲" name="own" required="yes" %}<input id="own">{% endcotton %}')
    row = page.render({})
    assert text(row, "//label[@for='own']") == ["甲必填"]
    assert tree(row).xpath("//div[@class='field-control']/input[@id='own']")


@pytest.mark.parametrize("gap", ["", " "])
def test_menus_mark_where_one_is_and_what_waits(gap):
    links = menu_links(
        [{"label": "甲", "url": "/?a=1&b=2", "active": True, "count": 3}, {"label": ODD, "url": "/"}], gap=gap
    )
    assert text(links, "//a[@aria-current='page']") == [f"甲{gap}3"]
    assert [a.get("href") for a in tree(links).xpath("//a")] == ["/?a=1&b=2", "/"]
    assert text(menu_links([{"label": n, "url": "/"} for n in "一二三"], most=2), "//a") == ["一", "二"]


def test_sections_say_what_is_lacking():
    items = [
        {"label": "甲", "url": "/a", "count": "缺 2", "tone": "fail", "active": True},
        {"label": "乙", "url": "/b"},
    ]
    assert text(sidenav_list(items), "//li/a[@aria-current]/span[@class='cnt tone-fail']") == ["缺 2"]
    assert not tree(sidenav_list(items[1:])).xpath("//span[@class='cnt']")
    steps = steps_bar("本户", "1/2", items, prev_url="/p", next_url="/n", next_label="跳过")
    assert text(steps, "//nav/a") == ["‹ 上一项", "跳过 ›"]
    assert text(steps, "//details/summary/small") == ["1/2"]


def test_the_strip_says_what_holds_and_leads_there():
    chips = [
        {"code": "income", "label": "收入", "result": "pass", "text": f"收入 {ODD}", "url": "/w#income"},
        {"code": "water", "label": "饮水", "result": "missing", "text": "", "url": "/w#water"},
        {"code": "food", "label": "吃", "result": "fail", "text": "", "url": "/w#food"},
    ]
    strip = strip_card(chips, "2020年", "fail", "未达标", "/w")
    assert text(strip, "//li/a") == [f"收入 {ODD}：达标", "饮水 未记录", "吃：未达标"]
    assert text(strip, "//div[@class='verdict']//b[@class='tone-fail']") == ["未达标"]
    assert not tree(strip_card(chips, small="yes")).xpath("//a")


def test_verdicts_without_words_get_theirs():
    assert [text(verdict_word(each), "//b") for each in ("pass", "fail", "")] == [["达标"], ["未达标"], ["数据缺失"]]


def test_changes_read_as_sentences():
    base = {"when": "8月6日 10:12", "who": ODD, "reason": ""}
    told = change_list(
        [
            base | {"field": "住址", "before": "甲", "after": ODD},
            base | {"field": "住址", "before": "", "after": "乙"},
            base | {"field": "住址", "before": "甲", "after": None},
            base | {"verb": "新增本户", "reason": "漏登"},
        ]
    )
    assert text(told, "//li") == [
        f"8月6日 10:12 {ODD} 将 住址 由 甲 改为 {ODD}",
        f"8月6日 10:12 {ODD} 填写 住址：乙",
        f"8月6日 10:12 {ODD} 清空 住址（原为 甲）",
        f"8月6日 10:12 {ODD} 新增本户原因：漏登",
    ]
    assert text(change_list([], "无"), "//p") == ["无"]
