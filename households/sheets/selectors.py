"""What the pages of sheets show."""

from collections.abc import Mapping
from typing import Any

from django.db.models import BooleanField, Case, QuerySet, When

from households.models import Household, SheetImport
from households.models.member import head_name
from households.sheets.layouts import LAYOUTS
from households.sheets.undo import touched_by
from povreg.kit.masking import mask_numbers
from povreg.kit.scopes import COUNTY, county_of
from povreg.kit.sheets.cells import text_of
from povreg.kit.sheets.columns import by_letter, letter_of
from povreg.kit.sheets.finding import Found, Wishes, look_over
from povreg.kit.sheets.reader import SheetError, Workbook
from povreg.kit.storage import plain_copy
from villages.models import Place, User
from villages.rights import Right


def recent_imports(user: User) -> QuerySet[SheetImport]:
    """Imports the person may see, newest first."""
    return SheetImport.objects.visible_to(user).select_related("county", "by", "job")


def households_touched(sheet: SheetImport, user: User) -> QuerySet[Household]:
    """The households that an import changed, as far as the person may see them, with head and whether it entered them
    (``head``, ``entered``)."""
    touched = touched_by(sheet)
    entered = [pk for pk, new in touched.items() if new]
    rows = Household.objects.visible_to(user).filter(pk__in=list(touched)).select_related("village__parent")
    new = Case(When(pk__in=entered, then=True), default=False, output_field=BooleanField())
    return rows.annotate(head=head_name(), entered=new).order_by("village_id", "household_no")


def same_file(sheet: SheetImport, user: User) -> list[SheetImport]:
    """Earlier imports of the very same file that went through."""
    rows = recent_imports(user).filter(sha256=sheet.sha256, status=SheetImport.Status.DONE)
    return list(rows.exclude(pk=sheet.pk)[:3])


def tells_of_doubles(result: Mapping[str, Any]) -> bool:
    """Whether an import's report, or its check, names somebody who may be registered already."""
    return bool((result or {}).get("warnings_by_code", {}).get("likely_duplicate"))


def counties_to_import(user: User) -> list[Place]:
    """Counties into which somebody may import, at least in part. A prefecture's officer gets its counties."""
    places = user.places_with(Right.IMPORT)
    own = {county_of(code) for code in places if len(code) >= COUNTY}
    rows = Place.objects.filter(level=Place.Level.COUNTY)
    above = [code for code in places if len(code) < COUNTY]
    found = {place.pk: place for place in rows.filter(pk__in=own)}
    for code in above:
        found |= {place.pk: place for place in rows.under(code)}
    return [found[code] for code in sorted(found)]


SAMPLE = 2  # rows shown of a column that is to be assigned


def sheets_found(sheet: SheetImport, wishes: Wishes) -> list[dict[str, Any]]:
    """Every sheet of the file: whether it is read, where its header stands, and per column what it is taken for."""
    layout = LAYOUTS[sheet.layout]
    try:
        with plain_copy(sheet.file) as path, Workbook(path) as book:
            seen = look_over(book, layout, wishes)
    except (SheetError, OSError):
        return []
    found = [
        {
            "name": each.sheet.name, "visible": each.sheet.visible, "used": each.found is not None, "why": each.why,
            "hidden": len(each.sheet.hidden), "read_hidden": wishes.of(each.sheet.name).hidden,
            "header_chosen": wishes.of(each.sheet.name).header_row,
            **(_columns(each.found, each.sheet.top or (), wishes.columns) if each.found else NO_COLUMNS),
        }
        for each in seen
    ]  # fmt: skip
    shown: list[list[str]] = []
    for each in found:
        each["same"] = each["headers"] in shown
        shown.append(each["headers"])
    return found


NO_COLUMNS: dict[str, Any] = {
    "header_row": None, "headers": [], "rows": [],
    "by_hand": [], "renamed": [], "plain": [], "doubtful": [], "unknown": [], "missing": [],
    "absent": [], "choices": [],
}  # fmt: skip


def _columns(found: Found, top: Any, chosen: Mapping[str, str]) -> dict[str, Any]:
    taken = {column.field for column in found.match.columns.values()}
    taken |= {column.field for column, _rivals in found.match.doubtful}
    open_columns = [column for column in found.spec.columns if column.field not in taken]
    rows = [_row(found, at, column.header, top, chosen) for at, column in sorted(found.match.columns.items())]
    renamed = [row for row in rows if not row["by_hand"] and row["header"] != row["column"]]
    doubtful = [_row(found, at, column.header, top, chosen) for column, rivals in found.match.doubtful for at in rivals]
    return {
        "header_row": found.header_row,
        "headers": [text_of(header) for header in found.headers],
        "rows": rows,
        "by_hand": [row for row in rows if row["by_hand"]],
        "renamed": renamed,
        "plain": [row["header"] for row in rows if not row["by_hand"] and row not in renamed],
        "doubtful": doubtful,
        "unknown": [_row(found, at, "", top, chosen) for at in found.match.unknown_at],
        "missing": [column.header for column in found.match.missing(found.spec)],
        "absent": [column.header for column in open_columns if column.listed],
        "choices": [column.header for column in found.spec.columns],
    }


def _row(found: Found, at: int, column: str, top: Any, chosen: Mapping[str, str]) -> dict[str, Any]:
    header = text_of(found.headers[at])
    samples = [text_of(cells[at]) for number, cells in top if number > found.header_row and at < len(cells)]
    return {
        "key": by_letter(at), "letter": letter_of(at), "header": header, "column": column,
        "by_hand": by_letter(at) in chosen or (header in chosen and column != header),
        "chosen": chosen.get(by_letter(at), chosen.get(header, "")),
        "sample": _shown(column, [text for text in samples if text][:SAMPLE]),
    }  # fmt: skip


def _shown(column: str, samples: list[str]) -> str:
    """Examples of what stands in a column; long numbers only by their beginning and end."""
    return "、".join(mask_numbers(text)[:16] for text in samples)
