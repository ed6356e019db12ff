"""Everything a dashboard shows of a place and year, put together from summaries."""

from collections.abc import Sequence
from typing import Any

from households.eligibility.criterion import no_line_words
from households.register.years import years_offered
from povreg.kit.scopes import COUNTY
from povreg.overview.dashboard import charts, figures, notices, table
from povreg.overview.dashboard.behind import Behind
from povreg.overview.dashboard.below import places_below
from povreg.overview.dashboard.nearest import nearest_the_line
from povreg.overview.dashboard.tallies import Counts, counts_of_children, counts_of_years
from villages.models import Place, PovertyLine, User
from villages.periods.selectors import era_of
from villages.standards.rules import Thresholds
from villages.standards.selectors import criteria_set_for, line_for


def page_of(
    user: User, place: Place, year: int, counts: Counts, children: Sequence[Place] | None = None
) -> dict[str, Any]:
    """Cards, charts and tables; nothing where no household was judged. ``children``: the places below, if known."""
    if not counts.rows:
        return {}
    children = places_below(place) if children is None else children
    behind = Behind(place.pk, year)
    criteria_set = criteria_set_for(year, place.pk)
    criteria = figures.criteria_in(criteria_set)
    thresholds = Thresholds.of(criteria_set.params if criteria_set else None)
    era = era_of(year, place.pk)
    line = line_for(era.line, year, place.pk)
    return {
        "criteria_set": criteria_set,
        "no_line": no_line_words(year) if line is None and len(place.pk) >= COUNTY else "",
        "cards": [*figures.cards(counts, behind, thresholds, era), *notices.card(user, behind)],
        "charts": _charts(place, counts, behind, criteria, thresholds, line),
        **_below(user, place, children, counts, behind, criteria),
    }


def _charts(
    place: Place,
    counts: Counts,
    behind: Behind,
    criteria: list[str],
    thresholds: Thresholds,
    line: PovertyLine | None,
) -> dict[str, Any]:
    years = counts_of_years(place.pk, years_offered())
    found = {
        "unmet": charts.unmet_chart(counts, behind, criteria, line is not None or len(place.pk) < COUNTY),
        "income": charts.income_chart(counts, behind, line, thresholds.borderline),
        "cause": charts.cause_chart(counts, behind),
        "trend": charts.trend_chart(years, behind),
        "sides": charts.sides_chart(counts, behind, criteria),
    }
    return {name: data for name, data in found.items() if data}


def _below(
    user: User, place: Place, children: Sequence[Place], counts: Counts, behind: Behind, criteria: list[str]
) -> dict[str, Any]:
    """The places below that have households; under a village, the households nearest the line."""
    if place.level >= Place.Level.VILLAGE:
        return {"table": [], "nearest": nearest_the_line(user, place.pk, behind.year)}
    found = counts_of_children(place.pk, behind.year)
    there = [(child, found[child.pk], behind.at(child.pk)) for child in children if child.pk in found]
    return {
        "table": [table.table_row(*each) for each in there],
        "level_name": there[0][0].get_level_display() if there else "",
        "sum": table.table_row(place, counts, behind),
        "heat": table.heat(there, counts, behind, criteria),
    }
