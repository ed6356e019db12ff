"""The page components render what docs/components.md promises, in words as well as in colour."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

TEMPLATES = Path(__file__).parents[2] / "templates"
IMPORTS = "".join(f'{{% import "components/{name}.html" as {name} %}}' for name in ("ui", "where", "inputs", "marks"))
CHIPS = [
    {"code": "income", "label": "收入", "result": "pass", "text": "收入 4,862 元 > 4,000 元"},
    {"code": "housing", "label": "住房", "result": "fail", "text": "住房 C级", "url": "/why/"},
    {"code": "water", "label": "饮水", "result": "missing"},
]


def render(source: str, **context) -> str:
    """The markup of a snippet of template, without needless white space."""
    request = RequestFactory().get("/list/", {"q": "王", "page": "2"})
    template = engines["jinja2"].from_string(IMPORTS + source)
    return " ".join(template.render({"request": request, **context}, request).split())


def test_strip_says_every_result_in_words():
    page = render('{{ marks.strip(chips, verdict="fail", why_url="/why/") }}', chips=CHIPS)
    assert "收入 4,862 元 &gt; 4,000 元" in page
    assert "：未达标" in page
    assert "饮水 未记录" in page
    assert 'href="/why/"' in page


def test_figure_is_grouped_and_leads_to_its_rows():
    page = render('{{ ui.stat("在册", n, unit="户", url="/households/") }}', n=32847)
    assert "32,847" in page
    assert 'href="/households/"' in page


def test_fact_without_value_is_called_not_recorded():
    page = render("{{ ui.facts(items) }}", items=[{"label": "开户银行", "value": None}, {"label": "人口", "value": 0}])
    assert page.count("未记录") == 1
    assert "<dd> 0 </dd>" in page


def test_change_is_a_sentence_and_what_was_typed_is_escaped():
    change = {"when": "8月6日", "who": "李建国", "field": "住房等级", "before": "B", "after": "<b>C</b>"}
    page = render("{{ marks.changes(items) }}", items=[change])
    assert "由 <span" in page
    assert "&lt;b&gt;C&lt;/b&gt;" in page


def test_pager_keeps_the_filters():
    page = render("{{ ui.pager(request, page) }}", page=Paginator(range(120), 50).page(2))
    assert "共 120 户，第 2 页，共 3 页" in page
    assert "q=%E7%8E%8B&amp;page=3" in page


@pytest.mark.parametrize(("running", "polls"), [(True, True), (False, False)])
def test_job_asks_again_only_while_it_runs(running, polls):
    page = render('{{ ui.job("/jobs/1/", running, "导入", done=5, total=10) }}', running=running)
    assert ("hx-get" in page) is polls


def test_warning_is_answered_beside_the_field():
    warnings = [{"code": "W7", "text": "有经营收入却没有支出，请核实。", "confirmed": True}]
    page = render(
        '{% call inputs.field(label="支出", name="cost", warnings=w) %}<input id="cost">{% endcall %}', w=warnings
    )
    assert 'name="confirmed" value="W7" checked' in page
    assert "有经营收入却没有支出" in page


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)
def test_template_compiles_and_holds_nothing_inline(path):
    source = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for forbidden in ("<style", ' style="', " onclick=", " onchange=", "<script>", "javascript:"):
        assert forbidden not in source, f"{forbidden} in {path.name}: the content security policy refuses it"
    engines["jinja2"].get_template(path.relative_to(TEMPLATES).as_posix())


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_page_needs_no_context(name):
    assert "返回工作台" in engines["jinja2"].get_template(f"{name}.html").render()


MOMENT = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)  # 0:30 of the next day in the county


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('{{ at|date("Y-m-d H:i") }}', "2026-12-01 00:30"),
        ("{{ at }}", "2026年12月1日 00:30"),
        ('{{ at.date()|date("Y-m-d") }}', "2026-11-30"),
    ],
)
def test_a_moment_is_shown_in_the_time_of_the_county(source, text):
    assert engines["jinja2"].from_string(source).render({"at": MOMENT}) == text
