"""The plain way to write a workbook: openpyxl, cell by cell. The rows are read from an existing workbook, as the
export reads them from the database."""

import sys

from openpyxl import Workbook
from python_calamine_plus import CalamineWorkbook


def main(source: str, target: str) -> None:
    rows = CalamineWorkbook.from_path(source).get_sheet_by_index(0).to_python()
    book = Workbook()
    sheet = book.active
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            sheet.cell(row=number, column=column, value=value)
    book.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
