"""What a page prints: as a reader expects it, and never as markup that somebody typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.template import engines
from django.template.defaultfilters import floatformat
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import example, given, strategies as st
from markupsafe import escape


def drawn(source: str, **given: Any) -> str:
    return engines["jinja2"].from_string(source).render(given)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("张小梅", "张小梅"),
        ("<b>张</b>", "&lt;b&gt;张&lt;/b&gt;"),
        ('a"b', "a&#34;b"),
        ("", ""),
        (3, "3"),
        (None, ""),
        (True, "True"),
        (Decimal("1.50"), "1.50"),
        (date(2026, 3, 1), "2026年3月1日"),
        (mark_safe("<i>好</i>"), "<i>好</i>"),
        (SimpleLazyObject(lambda: "<i>"), "&lt;i&gt;"),
        (SimpleLazyObject(lambda: 7), "7"),
        (gettext_lazy("<"), "&lt;"),
        (["<"], "[&#39;&lt;&#39;]"),
    ],
)
def test_a_value_is_printed_and_escaped(value: Any, wanted: str) -> None:
    assert drawn("{{ value }}", value=value) == wanted
    assert drawn("{% macro m(v) %}[{{ v }}]{% endmacro %}{{ m(value) }}", value=value) == f"[{wanted}]"


@given(st.text())
def test_whatever_is_typed_is_escaped_as_by_markupsafe(text: str) -> None:
    assert drawn("<p>{{ text }}</p>", text=text) == f"<p>{escape(text)}</p>"


def test_a_mappings_own_keys_come_before_its_methods() -> None:
    row = {"items": "三件", "values": ["一"]}
    assert drawn("{{ row.items }} {{ row.values[0] }} {{ row['items'] }}", row=row) == "三件 一 三件"


def test_what_was_not_given_may_be_asked_for_but_not_printed() -> None:
    assert drawn("{% if nothing %}是{% else %}否{% endif %}") == "否"
    with pytest.raises(Exception, match="nothing"):
        drawn("{{ nothing }}")


AMOUNTS = st.decimals(-(10**19), 10**19, places=4) | st.decimals(allow_nan=True, allow_infinity=True)


@given(AMOUNTS, st.sampled_from(["1g", "2g"]))
@example(Decimal("-0"), "2g")
@example(Decimal("0.005"), "2g")
@example(Decimal("1234.25"), "1g")
def test_an_amount_reads_as_django_writes_it(value, form):
    assert drawn("{{ value|floatformat(form) }}", value=value, form=form) == str(floatformat(value, form))
