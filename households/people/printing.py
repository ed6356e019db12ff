"""The list of people on paper, in the columns that the person chose for it."""

from __future__ import annotations

from households.figures.labels import figure_label
from households.people.columns import SHEET, cells
from households.people.listing import PeopleFilters, people_page
from povreg.kit.pages.columns import plain_text
from povreg.kit.pages.printed import MOST_PRINTED, Paper, PaperCell, offer
from villages.models import User

CODE = "people"
USUAL = ("village", "group", "name", "relation", "sex", "age", "id_no", "health", "labour", "education")
TYPED = "按输入的文字查找"


def people_paper(user: User, filters: PeopleFilters, year: int, place: str, back: str) -> Paper:
    """The filtered people, household by household."""
    offered = offer(user, CODE, ((each.field, each.header, each.kind.numeric) for each in SHEET), USUAL)
    columns = [column for column, each in zip(SHEET, offered, strict=True) if each.on]
    page = people_page(user, filters, year, size=MOST_PRINTED)
    rows = []
    for values in map(cells, page.rows):
        said = (values[column.field] for column in columns)
        kinds = (column.kind for column in columns)
        rows.append([
            PaperCell("" if value is None or value == "" else plain_text(value, kind))
            for value, kind in zip(said, kinds, strict=True)
        ])  # fmt: skip
    count = page.whole or page.count
    words = [f"{year}年", place, *map(figure_label, filters.figures), TYPED if filters.search else ""]
    return Paper(
        CODE, "人员名单", " · ".join(filter(None, words)), "人", count, offered, rows, back, more=count > len(rows)
    )
