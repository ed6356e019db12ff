"""What the pages of sheets show."""

from typing import Any

from django.db.models import QuerySet

from households.models import SheetImport
from households.sheets.layouts import LAYOUTS
from povreg.kit.scopes import COUNTY, county_of
from povreg.kit.sheets.reader import Found, SheetError, Workbook, find_sheet
from povreg.kit.storage import plain_copy
from villages.models import Place, User
from villages.rights import Right


def recent_imports(user: User) -> QuerySet[SheetImport]:
    """Imports the person may see, newest first."""
    return SheetImport.objects.visible_to(user).select_related("county", "by", "job")


def same_file(sheet: SheetImport, user: User) -> list[SheetImport]:
    """Earlier imports of the very same file that went through."""
    rows = recent_imports(user).filter(sha256=sheet.sha256, status=SheetImport.Status.DONE)
    return list(rows.exclude(pk=sheet.pk)[:3])


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


def columns_found(sheet: SheetImport) -> list[dict[str, Any]]:
    """Per sheet of the layout: which header is which column, which are unknown, which columns are absent."""
    layout = LAYOUTS[sheet.layout]
    try:
        with plain_copy(sheet.file) as path, Workbook(path) as book:
            found = [(spec, find_sheet(book, spec, sheet.mapping)) for spec in layout.sheets]
    except (SheetError, OSError):
        return []
    return [_columns(each, sheet.mapping) for _spec, each in found if each is not None]


def _columns(found: Found, chosen: dict[str, str]) -> dict[str, Any]:
    matched = [(str(found.headers[at]).strip(), column) for at, column in sorted(found.match.columns.items())]
    taken = {column.field for _, column in matched}
    open_columns = [column for column in found.spec.columns if column.field not in taken]
    rows = [{"header": header, "column": column.header, "by_hand": header in chosen} for header, column in matched]
    renamed = [row for row in rows if not row["by_hand"] and row["header"] != row["column"]]
    return {
        "name": found.sheet,
        "by_hand": [row for row in rows if row["by_hand"]],
        "renamed": renamed,
        "plain": [row["header"] for row in rows if not row["by_hand"] and row not in renamed],
        "unknown": [{"header": header, "chosen": chosen.get(header, "")} for header in found.match.unknown],
        "missing": [column.header for column in found.match.missing(found.spec)],
        "absent": [column.header for column in open_columns if column.listed],
        "choices": [column.header for column in open_columns],
    }
