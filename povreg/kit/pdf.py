"""PDFs of people we do not trust, made harmless: pages stay, what acts is gone (povreg.kit.boxed.pdf)."""

from povreg.kit.boxed import Died, turned

SECONDS = 15  # by the clock; somebody waits, and a household is locked meanwhile


class Locked(Exception):  # noqa: N818 - what the file is
    """The file asks a password, or forbids its changing."""


class Unreadable(Exception):  # noqa: N818 - what the file is
    """Broken, without pages, or so large inside that reading it was stopped."""


def harmless(content: bytes) -> bytes:
    """The same pages without scripts, actions that run by themselves or leave the file, players and files inside.

    The same content gives the same bytes. Raises Locked, Unreadable.
    """
    try:
        cleaned = turned("pdf.py", content, SECONDS)
    except (Died, OSError) as fault:
        raise Unreadable from fault
    if not cleaned:
        raise Locked
    return cleaned
