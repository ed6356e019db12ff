"""The sheets offices exchange (contract.md section 3, dictionary.md 6.6): one column list each.

``field`` says where a cell goes: ``household.x`` and ``member.x`` are current facts, ``annual.x`` and ``year.x`` the
yearly record of the household and of the member, ``row.x`` is what the import needs to place the row, ``place.x`` is
written on export and not read. A roster never touches yearly records.
"""

from households.sheets.layouts.annual import ANNUAL, ANNUAL_2023
from households.sheets.layouts.departments import DEPARTMENT_LIST
from households.sheets.layouts.monitoring import MONITORED, RISK_CLEARED
from households.sheets.layouts.parts import MODELS
from households.sheets.layouts.review import REVIEWS
from households.sheets.layouts.rosters import ROSTER_2016, ROSTER_2019, ROSTER_2022, ROSTER_2023
from households.sheets.layouts.village import RESIDENTS
from povreg.kit.sheets.columns import Layout

EXPORTED = {
    layout.code: layout
    for layout in (
        ROSTER_2023, ROSTER_2022, ROSTER_2019, ROSTER_2016, MONITORED, RISK_CLEARED, RESIDENTS, REVIEWS, ANNUAL,
        ANNUAL_2023,
    )
}  # fmt: skip
"""What is handed out; the others are only taken in."""
LAYOUTS = {**EXPORTED, DEPARTMENT_LIST.code: DEPARTMENT_LIST}
YEARLY = (ANNUAL, ANNUAL_2023, REVIEWS)
"""Layouts of one year: whoever exports them names it."""

__all__ = [
    "ANNUAL", "DEPARTMENT_LIST", "EXPORTED", "LAYOUTS", "MODELS", "MONITORED", "RESIDENTS", "REVIEWS", "RISK_CLEARED",
    "ROSTER_2016", "ROSTER_2019",
    "ROSTER_2022", "YEARLY", "is_yearly",
]  # fmt: skip


def is_yearly(layout: Layout) -> bool:
    """Whether the layout holds what was recorded for a year, not people with their current facts."""
    return layout in YEARLY
