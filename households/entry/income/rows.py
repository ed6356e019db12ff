"""Rows of the income worksheet as ready markup: a page has twenty of them, and drawn cell by cell by a template they
took longer than the rest of the section."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString

from povreg.kit.drawn import cell_warnings

NOTHING = '<span class="soft none">—</span>'


def row_html(row: Mapping[str, Any]) -> SafeString:
    """One item (``views_income._row``): last year's amount, this year's box, what differs."""
    field, warnings = row["field"], row["warnings"]
    css = f"num{' cell-changed' if row['marked'] else ''}{' cell-warned' if warnings else ''}"
    return SafeString(
        f'<tr>\n<th scope="row"><label for="{escape(field.id_for_label)}">{escape(field.label)}</label></th>\n'
        f'<td class="num" data-label="上年">{_amount(row["before"])}</td>\n'
        f'<td class="{css}" data-label="本年">{field}{field.errors}</td>\n'
        f'<td class="soft small" data-label="说明">{escape(row["note"])}{cell_warnings(warnings)}</td>\n</tr>'
    )


def _amount(value: Decimal | None) -> str:
    return NOTHING if value is None else f"{value:,.2f}"
