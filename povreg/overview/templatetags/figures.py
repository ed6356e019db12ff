"""Filters of pages that show hundreds of figures."""

from django import template

register = template.Library()


@register.filter
def thousands(value: int) -> str:
    """1,500: as ``intcomma``, but several times quicker, for there is nothing to localise."""
    return f"{value:,}"
