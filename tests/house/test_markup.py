"""The formatter of templates breaks long lines, and a page reads as before."""

import pytest
from jinja2 import Environment

from povreg.shell.markup import formatted
from povreg.shell.markup.wrapping import SLACK, WIDTH

LONG = "对名单有不同意见的，可以在公示期内提出，村民委员会应当核实并答复，" * 3
WORDS = "<p><b>LONG</b>{% if yes %}第一步{% else %}没有{% endif %}<b>字</b>{{ name }}<i>完</i></p>"
BLANKS = "<p>LONG{% if yes %} · 第二步{% endif %} {% if yes %}·{% endif %} 完 <b>字</b> LONG</p>"
LINKS = "<p>{% for x in many %}<a href='/{{ x }}/'>LONG</a>{% if not loop.last %}、{% endif %}{% endfor %}</p>"
SNIPPETS = {
    "words that touch": WORDS.replace("LONG", LONG),
    "blanks that are seen": BLANKS.replace("LONG", LONG),
    "a loop of links": LINKS.replace("LONG", LONG[:40]),
    "a table": "<table><tr><th>户主</th>{% for x in many %}<td class='num'>{{ x }}</td>{% endfor %}</tr></table>" * 2,
    "a long tag": "<input " + " ".join(f'data-{n}="一二三 四五六"' for n in range(20)) + ">",
    "a tag that is closed elsewhere": f"{{% if yes %}}<a href='/'>{{% endif %}}{LONG}{{% if yes %}}</a>{{% endif %}}",
}


def rendered(source: str) -> str:
    """The page with every run of white space as one blank, and without the blanks beside tags of tables."""
    page = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True).from_string(source)
    text = " ".join(page.render(yes=True, name="王", many=range(9)).split())
    for name in ("table", "tr", "th", "td", "p"):
        for tag in (f"<{name}", f"</{name}"):
            text = text.replace(f" {tag}", tag)
        text = text.replace(f"<{name}> ", f"<{name}>").replace(f"</{name}> ", f"</{name}>")
    return text


@pytest.mark.parametrize("source", SNIPPETS.values(), ids=SNIPPETS)
def test_formatted_reads_as_before_and_stays_as_it_is(source):
    first = formatted(source)
    assert rendered(first) == rendered(source)
    assert formatted(first) == first
    assert max(map(len, first.splitlines())) <= WIDTH + SLACK


def test_structure_stands_on_lines_of_its_own():
    source = (
        "{% block content %}<section><h2>标题</h2>{% for x in y %}<p>{{ x }}</p>{% endfor %}</section>{% endblock %}"
    )
    assert formatted(source).splitlines() == [
        "{% block content %}",
        "  <section>",
        "    <h2>标题</h2>",
        "    {% for x in y %}<p>{{ x }}</p>{% endfor %}",
        "  </section>",
        "{% endblock %}",
    ]
