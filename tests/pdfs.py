"""PDFs as tests need them, made by the library that the product cleans them with."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf

Change = Callable[[pikepdf.Pdf], object]


def a_pdf(change: Change = lambda pdf: None, **saving: Any) -> bytes:
    """One empty page, and what ``change`` did to it; ``saving`` goes to the writer (passwords)."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        change(pdf)
        pdf.save(out, **saving)
    return out.getvalue()
