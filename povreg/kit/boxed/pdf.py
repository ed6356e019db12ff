"""Child of povreg.kit.pdf: reads a PDF from standard input and writes it anew to standard output without what acts.

Nothing is written for a file that is locked with a password; the child fails over one that it cannot read. What no page
needs any longer (earlier revisions, removed files and scripts) is not written.
"""

import io
import resource
import sys
from collections.abc import Iterator
from typing import Any

MEMORY = 768 * 2**20  # bytes of address space
SECONDS = 20  # of processor

PARTS = frozenset(
    {
        *("/AA", "/OpenAction", "/JS", "/JavaScript"),  # what happens by itself, scripts
        *("/EmbeddedFiles", "/EF", "/AF", "/Collection"),  # files inside the file
        *("/XFA", "/RichMediaContent", "/RichMediaSettings", "/Requirements"),  # forms that compute, players
    }
)
ACTS = frozenset(
    {
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"),
        *("/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView"),
    }
)
NOTES = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})


def limit() -> None:
    """Before the reader is even loaded."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def every(pdf: Any, lib: Any) -> Iterator[Any]:
    """Each dictionary and array of the file, those of streams and those inside others, too."""
    waiting = [pdf.trailer, *pdf.objects]
    while waiting:
        found = waiting.pop()
        if isinstance(found, lib.Array):
            yield found
            waiting += [each for each in found if inside(each, lib)]
        elif isinstance(found, (lib.Dictionary, lib.Stream)):
            yield found
            waiting += [each for _, each in found.items() if inside(each, lib)]


def inside(value: Any, lib: Any) -> bool:
    """Whether the value stands right here; what is only pointed at comes by itself."""
    return isinstance(value, (lib.Array, lib.Dictionary)) and not value.is_indirect


def silence(found: Any) -> None:
    """Take what acts out of one dictionary."""
    for name in PARTS.intersection(found.keys()):
        del found[name]
    if text(found.get("/S")) in ACTS or text(found.get("/Subtype")) in NOTES:
        for name in list(found.keys()):
            if name != "/Length":
                del found[name]


def text(value: Any) -> str:
    return str(value) if value is not None else ""


def main() -> None:
    limit()
    import pikepdf  # noqa: PLC0415 - under the limits

    try:
        pdf = pikepdf.open(io.BytesIO(sys.stdin.buffer.read()))
    except pikepdf.PasswordError:
        return
    if pdf.is_encrypted:
        return
    for found in every(pdf, pikepdf):
        if not isinstance(found, pikepdf.Array):
            silence(found)
    if not len(pdf.pages):
        raise SystemExit(1)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    sys.stdout.buffer.write(out.getvalue())


if __name__ == "__main__":
    main()
