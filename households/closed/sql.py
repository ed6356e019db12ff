"""Closed years in SQL, for statements over many counties."""

from povreg.kit.scopes import COUNTY


def open_sql(village: str) -> str:
    """SQL: the county that a column's village (or wider place) lies in has not closed the parameter ``year``. The
    closings are looked up once a statement."""
    closed = "ARRAY(SELECT z.county_id FROM households_yearclosing z WHERE z.year = %(year)s)"
    return f"left({village}, {COUNTY}) <> ALL ({closed})"
