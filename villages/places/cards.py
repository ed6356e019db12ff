"""Cards that subjects above put on the page of a village."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from povreg.kit.registry import Registry
from villages.models import Place, User


@dataclass(frozen=True)
class PlaceCard:
    """A heading, facts (label and value; "" is shown as unrecorded), a sentence, and links (label, address)."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""
    links: tuple[tuple[str, str], ...] = ()


CARDS: Registry[Callable[[User, Place], PlaceCard | None]] = Registry("card of a village")


def cards_of(user: User, village: Place) -> list[PlaceCard]:
    """The cards this person sees, in the order of declaring."""
    found: list[Any] = [card(user, village) for _code, card in CARDS.items()]
    return [card for card in found if card is not None]
