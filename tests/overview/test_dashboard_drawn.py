"""Rows of the dashboard's tables."""

from decimal import Decimal
from typing import Any

from django.template import engines


def drawn(name: str, row: dict[str, Any], **more: Any) -> str:
    rows = engines["jinja2"].env.get_template("overview/dashboard_rows.html").module
    return getattr(rows, name)(row, **more)


def place(**more: Any) -> dict[str, Any]:
    urls = {f"{name}_url": f"/x?place=1&y={name}" for name in ("rows", "people", "borderline", "poor", "other")}
    plain = {"name": "甲<镇>", "url": "/dashboard/1/", "total": 1500, "people": 5403, "borderline": 0, "verdicts": []}
    shares = {"poor": "—", "other": "91.5%", "entered": Decimal("99.7"), "entered_text": "99.7%"}
    return {**urls, **plain, **shares, "worst": None, "incomplete": 2, "incomplete_url": "/x?place=1", **more}


def test_names_and_addresses_are_escaped_and_every_figure_is_a_link():
    row = drawn("place", place())
    assert "甲&lt;镇&gt;" in row and "<镇>" not in row
    assert '<a href="/x?place=1&amp;y=rows">1,500</a>' in row and '<a href="/x?place=1&amp;y=people">5,403</a>' in row
    assert "缺 2 户" in row and 'value="99.7"' in row


def test_what_is_nobody_is_no_link():
    row = drawn("place", place(entered=None, incomplete=0))
    assert "y=borderline" not in row and "y=poor" not in row and "progress" not in row


def test_a_sum_has_no_address_of_its_own_and_no_shade():
    cell = {
        "count": 3,
        "text": "3",
        "share": Decimal("2.1"),
        "title": "占 2.1%",
        "shade": 2,
        "url": "/x?failed=housing",
    }
    nobody = {**cell, "count": 0, "text": "0", "shade": 0}
    one = drawn("heat", {"name": "甲镇", "url": "/dashboard/1/", "cells": [cell, nobody]})
    whole = drawn("heat", {"name": "合计", "url": "/dashboard/1/", "cells": [cell, nobody]}, total=True)
    assert 'class="num heat-2"' in one and one.count("/x?failed=housing") == 1
    assert "heat-" not in whole and "/dashboard/1/" not in whole and ">3</a>" in whole
