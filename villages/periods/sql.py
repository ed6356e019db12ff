"""Which kind of line judges, as SQL for statements over sets of villages; the parameter is ``year``.

The same choice as :func:`villages.periods.selectors.era_of` makes for one place.
"""

# ruff: noqa: S608 - the text is put together from declarations in this package only

from povreg.kit.scopes import COUNTY
from villages.periods.eras import eras

YEAR = "%(year)s::int"


def national_line_kind() -> str:
    """The kind of line that judges by the whole country's rules."""
    *earlier, last = eras()
    cases = " ".join(f"WHEN {YEAR} <= {each.year_to} THEN '{each.line}'" for each in earlier)
    return f"(CASE {cases} ELSE '{last.line}' END)"


def line_kind(village: str) -> str:
    """The kind of line that judges a village (SQL expression): that of its county's programme, else the country's."""
    programme = f"""SELECT g.line_kind FROM villages_programme g
        WHERE g.county_id = left({village}, {COUNTY}) AND g.withdrawn_at IS NULL
        AND g.year_from <= {YEAR} AND (g.year_to IS NULL OR g.year_to >= {YEAR})
        ORDER BY g.year_from DESC, g.id DESC LIMIT 1"""
    return f"coalesce(({programme}), {national_line_kind()})"
