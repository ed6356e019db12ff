"""Closed years in SQL, for statements over many counties."""

from povreg.kit.scopes import COUNTY


def open_sql(village: str) -> str:
    """SQL: the county that a column's village (or wider place) lies in has not closed the parameter ``year``. The
    closings are looked up once a statement. Wrapped so that the planner takes half of the rows to be meant: told
    plainly it takes nearly none where there is one county, and looks up a county's households one by one."""
    closed = "ARRAY(SELECT z.county_id FROM households_yearclosing z WHERE z.year = %(year)s)"
    return f"coalesce(left({village}, {COUNTY}) = ANY ({closed}), false) = false"
