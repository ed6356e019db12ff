"""A printed paper as .docx that can be edited."""

from __future__ import annotations

import io
from typing import Any

import segno
from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from households.procedures.papers.blocks import (
    Block,
    Box,
    Facts,
    Grid,
    Paper,
    Qr,
    Sheet,
    Stamp,
    Text,
)

ROOM = Mm(16)  # above the name of an office, for its stamp
WIDTH = 170  # millimetres between the margins of A4
BODY, TITLE = "仿宋", "方正小标宋简体"
LANGUAGE = "zh-CN"
SIGN = "：　　　　　　　　"
DAY = "　　　　年　　月　　日"
ALIGN = {"centre": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def docx(paper: Paper) -> bytes:
    """The file, ready to be sent."""
    document = Document()
    _page(document, max(sheet.points[0] for sheet in paper.sheets))
    document.core_properties.title = paper.title
    document.core_properties.author = document.core_properties.comments = ""
    for number, sheet in enumerate(paper.sheets):
        if number:
            document.add_page_break()
        _sheet(document, sheet)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any, points: float) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(points)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    _in_chinese(document)
    normal.paragraph_format.space_after = Pt(4)


def _in_chinese(document: Any) -> None:
    """Where a computer lacks the typeface another one takes its place, with the signs of the language that is told."""
    for told in document.styles.element.iter(qn("w:lang")):
        told.set(qn("w:val"), LANGUAGE)
        told.set(qn("w:eastAsia"), LANGUAGE)


def _sheet(document: Any, sheet: Sheet) -> None:
    body, title = sheet.points
    for text, size, bold in ((sheet.title, title, True), (sheet.subtitle, body, False)):
        if text:
            run = _paragraph(document, text, "centre").runs[0]
            run.font.size, run.bold = Pt(size), bold
            run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TITLE if bold else BODY)
    for block in sheet.blocks:
        WRITERS[type(block)](document, block)


def _paragraph(holder: Any, text: str, style: str = "plain") -> Any:
    paragraph = holder.add_paragraph(text)
    if style in ALIGN:
        paragraph.alignment = ALIGN[style]
    if style == "body":
        paragraph.paragraph_format.first_line_indent = paragraph.style.font.size * 2
    if style in ("heading", "part"):
        paragraph.runs[0].bold = paragraph.paragraph_format.keep_with_next = True
    return paragraph


def _text(document: Any, block: Text) -> None:
    _paragraph(document, block.text, block.style)


def _table(document: Any, rows: int, widths: tuple[int, ...]) -> Any:
    table = document.add_table(rows, len(widths))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(WIDTH * width // 100)
    return table


def _fill(cells: Any, texts: tuple[str, ...], widths: tuple[int, ...]) -> None:
    for cell, text, width in zip(cells, texts, widths, strict=True):
        cell.text, cell.width = text, Mm(WIDTH * width // 100)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        spaced = cell.paragraphs[0].paragraph_format
        spaced.space_before = spaced.space_after = Pt(1)


def _grid(document: Any, block: Grid) -> None:
    table = _table(document, 1 + len(block.rows), block.widths)
    grid = list(table.rows)
    for row, texts in zip(grid, [block.heads, *block.rows], strict=True):
        _fill(row.cells, texts, block.widths)
        if block.tall:
            row.height = Mm(11)
    repeat = grid[0]._tr.get_or_add_trPr()
    repeat.append(repeat.makeelement(qn("w:tblHeader"), {}))
    _gap(document)


def _facts(document: Any, block: Facts) -> None:
    widths = (21, 29, 21, 29)
    table = _table(document, len(block.rows), widths)
    for row, pairs in zip(table.rows, block.rows, strict=True):
        _fill(row.cells, tuple(text for pair in pairs for text in pair), widths)
    _gap(document)


def _box(document: Any, block: Box) -> None:
    table = _table(document, 1, (20, 80))
    row = table.rows[0]
    row.height = Mm(24)
    _fill(row.cells, (block.label, block.text), (20, 80))
    for signer in block.signers:
        text = signer if "：" in signer else f"{signer}{SIGN}{DAY}"
        _paragraph(row.cells[1], text, "right")
    _gap(document)


def _stamp(document: Any, block: Stamp) -> None:
    office = _paragraph(document, f"{block.office}（盖章）", "right")
    office.paragraph_format.space_before, office.paragraph_format.keep_with_next = ROOM, True
    _paragraph(document, block.day, "right")


def _qr(document: Any, block: Qr) -> None:
    picture = io.BytesIO()
    segno.make(block.url, error="m").save(picture, kind="png", scale=6, border=2)
    picture.seek(0)
    paragraph = document.add_paragraph()
    paragraph.add_run().add_picture(picture, width=Mm(28))
    paragraph.add_run(f"　{block.caption}")


def _gap(document: Any) -> None:
    document.add_paragraph().paragraph_format.space_after = Pt(0)


WRITERS: dict[type[Block], Any] = {
    Text: _text,
    Grid: _grid,
    Facts: _facts,
    Box: _box,
    Stamp: _stamp,
    Qr: _qr,
}
