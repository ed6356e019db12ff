"""The registry of what can be opened: pages of a domain, and what can be noted down in one go.

Every app declares its own pages when it is ready; the roof builds the two bars, the foot of a phone and the page of
everything else from them (povreg/overview/nav.py). A part that does not exist declares nothing, so no entry is dead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entry:
    """A page in the second bar of a domain.

    Whoever holds one of ``rights`` may open it; without rights everybody may who is signed in. ``order`` places it in
    its domain, whose first page that a person may open is what the domain leads to. ``also`` names further pages whose
    addresses do not begin with this one's, yet belong to it; ``count`` says how many things there wait for a person;
    ``during`` (of person and year) whether it is there in the year worked on, always where it is None. ``inside`` names
    the domain of the pages it is made of, where it stands for several (走访: 该走访的户, 走访记录, 走访进度).
    """

    domain: str
    label: str
    url_name: str
    rights: tuple[str, ...] = ()
    order: int = 0
    also: tuple[str, ...] = ()
    hint: str = ""
    count: Callable[[Any], int] | None = None
    during: Callable[[Any, int], bool] | None = None
    inside: str = ""

    @property
    def url(self) -> str:
        return address(self.url_name)

    @property
    def roots(self) -> tuple[str, ...]:
        """The beginnings of the addresses that stand for this entry."""
        return tuple(filter(None, map(address, (self.url_name, *self.also))))


@dataclass(frozen=True)
class Quick:
    """Something a person in the field notes down at once (记一笔): what happened, and a word on when it is used."""

    label: str
    hint: str
    url_name: str
    rights: tuple[str, ...]
    order: int = 0

    @property
    def url(self) -> str:
        return address(self.url_name)


_entries: dict[tuple[str, str], Entry] = {}
_quick: dict[str, Quick] = {}


def declare(*found: Entry | Quick) -> None:
    """Take pages in; declaring one again changes nothing. Raises ValueError where two claim one place."""
    for each in found:
        if isinstance(each, Quick):
            _once(_quick, each.url_name, each)
        else:
            _once(_entries, (each.domain, each.label), each)


def _once(where: dict, key: object, each: Entry | Quick) -> None:
    if where.setdefault(key, each) != each:
        raise ValueError(f"{key} is declared twice")


def entries(domain: str = "") -> list[Entry]:
    """The pages of a domain, or of all, in their order."""
    found = [each for each in _entries.values() if not domain or each.domain == domain]
    return sorted(found, key=lambda each: (each.order, each.label))


def quick() -> list[Quick]:
    return sorted(_quick.values(), key=lambda each: each.order)


def open_to(user: object, found: Iterable[Entry | Quick]) -> list:
    """Those of ``found`` that exist in this installation and that this person may open."""
    return [each for each in found if each.url and may_open(user, each.rights)]


def may_open(user: object, rights: Iterable[str]) -> bool:
    wanted = list(rights)
    return not wanted or any(user.can(right) for right in wanted)  # type: ignore[attr-defined]


@cache
def address(url_name: str) -> str:
    """The address of a page, or nothing while the page is not part of this installation."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
