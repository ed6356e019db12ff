"""The whole file of one household bound as one PDF: 卷内目录 with the page of every paper, then the papers and scans in
their order, numbered through."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, cast

import pikepdf
import typst
from pikepdf import Dictionary, Name, OutlineItem, Pdf, Stream
from PIL import Image

from households.models import Paper
from households.procedures.papers.pdf import FONTS, PDF, pdf
from households.procedures.papers.whole import IN_MEMORY, Address, HouseholdFile, Item, scan_of

A4 = (595, 842)
MARGIN = 36
"""Points, as PDF counts."""
COLOURS = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}
UNREADABLE = "打不开"
NUMBERS = """#set page("a4", margin: 8mm, fill: none)
#set text(9pt, font: "Noto Serif SC")
#for n in range(1, int(sys.inputs.last) + 1) { if n > 1 { pagebreak() }; align(right)[#n] }"""


def bound(file: HouseholdFile, address: Address) -> IO[bytes]:
    """The PDF; a scan that cannot be opened is named in the contents and left out."""
    there: dict[int, Pdf] = {}
    for number, item in enumerate(file.items, 1):
        part = _part(file, item, address) if item.name else None
        if part is not None:
            there[number] = part
        elif item.name:
            file.items[number - 1] = replace(item, state=UNREADABLE)
    front = len(_opened(pdf(file.contents())).pages)
    starts = _starts(front + 1, there)
    whole = _opened(pdf(file.contents({n: str(page) for n, page in starts.items()})))
    for part in there.values():
        whole.pages.extend(part.pages)
    _number(whole)
    with whole.open_outline() as outline:
        outline.root.append(OutlineItem("卷内目录", 0))
        outline.root.extend(OutlineItem(file.items[n - 1].title, page - 1) for n, page in starts.items())
    out = cast("BinaryIO", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - whoever sends it closes it
    whole.save(out)
    out.seek(0)
    return out


def _starts(first: int, parts: dict[int, Pdf]) -> dict[int, int]:
    """Number of an item to its first page."""
    found = {}
    for number, part in parts.items():
        found[number] = first
        first += len(part.pages)
    return found


def _opened(content: bytes) -> Pdf:
    return pikepdf.open(io.BytesIO(content))


def _part(file: HouseholdFile, item: Item, address: Address) -> Pdf | None:
    """The pages of a paper; None for a scan that cannot be opened."""
    if item.paper is None:
        return _opened(pdf(file.printed(item, address)))
    try:
        return _scanned(item.paper)
    except (OSError, ValueError, pikepdf.PdfError):
        return None


def _scanned(paper: Paper) -> Pdf:
    content = scan_of(paper)
    return _opened(content) if paper.content_type == PDF else _picture(content)


def _picture(content: bytes) -> Pdf:
    """One page of A4 with a picture as large as it fits; a JPEG lies in it as it was stored."""
    with Image.open(io.BytesIO(content)) as image:
        size, mode = image.size, image.mode
        if image.format != "JPEG" or mode not in COLOURS:
            content, mode = _as_jpeg(image), "RGB"
    made = pikepdf.new()
    page = made.add_blank_page(page_size=A4)
    drawn = Stream(
        made, content, Type=Name.XObject, Subtype=Name.Image, Width=size[0], Height=size[1],
        ColorSpace=COLOURS[mode], BitsPerComponent=8, Filter=Name.DCTDecode,
    )  # fmt: skip
    page.obj.Resources = Dictionary(XObject=Dictionary(Scan=drawn))
    page.obj.Contents = Stream(made, _placed(size).encode())
    return made


def _as_jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def _placed(size: Sequence[int]) -> str:
    """Draw the picture in the middle, within the margins."""
    scale = min((side - 2 * MARGIN) / length for side, length in zip(A4, size, strict=True))
    wide, high = (scale * length for length in size)
    across, up = (A4[0] - wide) / 2, (A4[1] - high) / 2
    return f"q {wide:.2f} 0 0 {high:.2f} {across:.2f} {up:.2f} cm /Scan Do Q"


def _number(whole: Pdf) -> None:
    """Write each page's number in its upper corner."""
    said = {"last": str(len(whole.pages))}
    fonts: Any = FONTS  # described as texts where the source is one
    numbers = _opened(typst.compile(NUMBERS.encode(), font_paths=fonts, ignore_system_fonts=True, sys_inputs=said))
    for page, number in zip(whole.pages, numbers.pages, strict=True):
        page.add_overlay(number, None)
