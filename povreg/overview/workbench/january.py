"""What the county office owes every January: the line of the new year."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from households.eligibility.criterion import no_line_words
from households.eligibility.lines import line_label, line_owed
from households.register.years import calendar_year
from povreg.kit.scopes import COUNTY
from povreg.kit.workbench import Due, Rank, Viewer, offer
from villages.rights import Right, Role


@offer(Role.COUNTY_OFFICER)
def line_of_the_year(viewer: Viewer) -> Sequence[Due]:
    """The line that judges this year, for each county of the office that has none yet; one click enters it."""
    year = calendar_year()
    counties = [code for code in viewer.places if len(code) == COUNTY and viewer.user.can(Right.STANDARD_EDIT, code)]
    owed = [(code, kind) for code in counties if (kind := line_owed(year, code))]
    return [
        Due(
            no_line_words(year),
            enter_line(kind, year, code),
            "登记标准线",
            f"省里公布{year}年{line_label(kind)}后请在这里登记；登记之前本年收入不作评定，不借用其他年度的标准。",
            tag=f"{year}年",
            tone="warn",
            rank=Rank.SOON,
        )
        for code, kind in owed
    ]


def enter_line(kind: str, year: int, county: str) -> str:
    """The form of a new line, filled in as far as it is known."""
    return f"{reverse('line-new')}?{urlencode({'kind': kind, 'year': year, 'place': county})}"
