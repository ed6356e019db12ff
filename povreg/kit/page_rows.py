"""Rows of a page by their ids, in statements that are planned once whatever the number of rows.

A statement takes as many ids as a page has rows; those that are lacking are blank, and a longer page takes several.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from povreg.kit.prepared import Ready

PAGE = 50
NOBODY: dict[type, Any] = {int: 0, str: ""}


def by_ids(make: Callable[..., Any], kind: type = int, *before: type) -> Callable[..., Iterator[Any]]:
    """A function that reads the rows of any number of ids with ``make``, which takes a page of them after the values
    ``before``."""
    ready = Ready(make, *before, *[kind] * PAGE)

    def read(ids: Iterable[Any], *values: Any) -> Iterator[Any]:
        known = list(dict.fromkeys(ids))
        for start in range(0, len(known), PAGE):
            batch = known[start : start + PAGE]
            yield from ready(*values, *batch, *[NOBODY[kind]] * (PAGE - len(batch)))

    return read
