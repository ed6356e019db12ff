"""The blank workbook of a layout: headers, lists for coded cells, and a sheet that explains every column."""

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from povreg.kit.sheets.columns import Column, Layout, SheetSpec
from povreg.kit.sheets.kinds import Choice, YesNo
from povreg.kit.sheets.writer import ABOUT_SHEET

ROWS = 2000  # rows that carry formats and lists
HEADING = Font(bold=True)
MUST = PatternFill("solid", fgColor="FDE9D9")
PLAIN = PatternFill("solid", fgColor="EEF2F7")
LISTS = "选项"
LONGEST_LIST = 255  # characters a list inside a cell rule may have


def blank_workbook(layout: Layout) -> io.BytesIO:
    """The workbook, ready to be sent."""
    book = Workbook()
    book.remove(book.active)
    lists: dict[str, str] = {}
    for spec in layout.sheets:
        _data_sheet(book, spec, lists)
    _about(book, layout)
    if LISTS in book.sheetnames:
        book[LISTS].sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return content


def _data_sheet(book: Workbook, spec: SheetSpec, lists: dict[str, str]) -> None:
    sheet = book.create_sheet(spec.name)
    header_row = 2 if spec.title else 1
    if spec.title:
        sheet["A1"] = spec.title
        sheet["A1"].font = HEADING
    for number, column in enumerate(spec.listed, 1):
        cell = sheet.cell(header_row, number, column.header)
        cell.font, cell.fill = HEADING, MUST if column.must_fill else PLAIN
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.comment = Comment(_advice(column)[:400], "建档立卡")
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        if not column.kind.numeric:
            sheet.column_dimensions[letter].number_format = "@"
        _offer_list(book, sheet, column, f"{letter}{header_row + 1}:{letter}{ROWS}", lists)
    sheet.freeze_panes = f"A{header_row + 1}"


def _offer_list(book: Workbook, sheet: Any, column: Column, cells: str, lists: dict[str, str]) -> None:
    if isinstance(column.kind, YesNo):
        formula = '"是,否"'
    elif isinstance(column.kind, Choice):
        labels = list(column.kind.labels().values())
        inside = ",".join(labels)
        formula = f'"{inside}"' if len(inside) <= LONGEST_LIST and '"' not in inside else _outside(book, labels, lists)
    else:
        return
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
    rule.add(cells)
    sheet.add_data_validation(rule)


def _outside(book: Workbook, labels: list[str], lists: dict[str, str]) -> str:
    """A list too long for a rule stands on a hidden sheet."""
    key = "|".join(labels)
    if key not in lists:
        sheet = book[LISTS] if LISTS in book.sheetnames else book.create_sheet(LISTS)
        letter = get_column_letter(len(lists) + 1)
        for row, label in enumerate(labels, 1):
            sheet[f"{letter}{row}"] = label
        lists[key] = f"{LISTS}!${letter}$1:${letter}${len(labels)}"
    return lists[key]


def _advice(column: Column) -> str:
    must = "必填。" if column.must_fill else ""
    return f"{must}{column.kind.help}。{column.note}"


def _about(book: Workbook, layout: Layout) -> None:
    sheet = book.create_sheet(ABOUT_SHEET)
    sheet.append([layout.label])
    sheet.append([layout.about])
    sheet.append(["列的先后不限，表头文字不要改；没有登记的留空；不要合并单元格。证件号码等列请保持文本格式。"])
    sheet.append([])
    sheet.append(["工作表", "列名", "必填", "怎样填", "说明"])
    for spec in layout.sheets:
        for column in spec.listed:
            must = "必填" if column.must_fill else ""
            sheet.append([spec.name, column.header, must, column.kind.help, column.note])
    for letter, width in zip("ABCDE", (18, 26, 8, 60, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    for cell in (sheet["A1"], *sheet[5]):
        cell.font = HEADING
    for row in sheet.iter_rows(min_row=6):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
