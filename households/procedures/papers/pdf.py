"""A printed paper as PDF, with its fonts inside: the same on every machine and in every print shop.

Typst sets the pages (households/data/paper.typ); what a paper says is data there and cannot become markup.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import segno
import typst

from households.procedures.papers.blocks import Block, Box, Facts, Grid, Paper, Qr, Sheet, Stamp, Text

PDF = "application/pdf"
TEMPLATE = Path(__file__).resolve().parents[2] / "data" / "paper.typ"
FONTS = [pylopdf_fonts_zh_cn.serif_path().parent]


def pdf(paper: Paper) -> bytes:
    """The file. A sheet begins on a page of its own and counts its pages."""
    said = json.dumps({"title": paper.title, "sheets": [_sheet(each) for each in paper.sheets]}, ensure_ascii=False)
    return typst.compile(TEMPLATE, font_paths=FONTS, ignore_system_fonts=True, sys_inputs={"paper": said})


def _sheet(sheet: Sheet) -> dict[str, Any]:
    body, head = sheet.points
    return {
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "footer": sheet.footer,
        "body": body,
        "head": head,
        "blocks": [_block(each) for each in sheet.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Text():
            said: dict[str, Any] = {"text": block.text, "style": block.style}
        case Grid():
            said = {"heads": block.heads, "rows": block.rows, "widths": block.widths, "tall": block.tall}
        case Facts():
            said = {"rows": block.rows}
        case Box():
            said = {"label": block.label, "text": block.text, "signers": block.signers}
        case Stamp():
            said = {"office": block.office, "day": block.day}
        case Qr():
            said = {"caption": block.caption, "drawing": drawing(block.url)}
    return {"kind": block.kind, **said}


def drawing(url: str) -> str:
    """The QR code as SVG."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=4, border=2, xmldecl=False)
    return out.getvalue().decode()
