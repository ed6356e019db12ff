"""The sections of a household's page, and what stands beside them; subjects and higher apps add theirs.

A section has an address of its own (``/households/<pk>/<code>/``, named ``household-<code>``) and a place in the page's
side list. Those of the register are entered one after the other; a section of another app is looked at or acted on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase

from povreg.kit.registry import Registry
from villages.rights import Right

Count = Callable[[Any], dict[str, str]]


def no_count(_page: Any) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Section:
    """``view(request, pk, section)`` answers; ``step``: it stands in the order of entering; ``form``: it is saved by
    the page's main button; ``count(page)`` is said beside the label (``count`` and ``tone``); ``right``: who sees it at
    the household's village (None: who sees the household)."""

    code: str
    label: str
    view: Callable[..., HttpResponseBase]
    step: bool = False
    form: bool = False
    count: Count = no_count
    right: Right | None = None


@dataclass(frozen=True)
class Aside:
    """A card beside the sections: ``template`` shows what ``load(page)`` finds as ``card``; None: nothing to show."""

    code: str
    template: str
    load: Callable[[Any], Any]


SECTIONS: Registry[Section] = Registry("section of the household page")
ASIDES: Registry[Aside] = Registry("card beside the household page")


def add_section(section: Section, order: int = 0) -> None:
    """Declare a section; the register's own have the orders 10 to 90."""
    SECTIONS.add(section.code, section, order)


def add_aside(card: Aside, order: int = 0) -> None:
    """Declare a card; the register's own have the orders 10 to 90."""
    ASIDES.add(card.code, card, order)
