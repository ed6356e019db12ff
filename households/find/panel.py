"""The controls of the list's filters: selects, figures by dimension, ticks. Drawn once for each choice of values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from households.figures.labels import choices
from households.find.filters import FIRST, GROUPS, SELECTS, TICKS, Filter, Group


@dataclass(frozen=True)
class Control:
    """One select: ``key`` makes its id, ``blank`` is the label of no choice."""

    key: str
    name: str
    label: str
    options: list[tuple[str, str]]
    value: str
    blank: str = "全部"


@dataclass(frozen=True)
class Block:
    """One group of the panel with its controls and ticks (name, label, on)."""

    label: str
    note: str
    controls: list[Control] = field(default_factory=list)
    ticks: list[tuple[str, str, bool]] = field(default_factory=list)


def first(codes: Mapping[str, Any]) -> list[Control]:
    """The commonest filters, always in view."""
    return [_select(SELECTS[name], codes.get(name, "")) for name in FIRST]


def further(codes: Mapping[str, Any]) -> SafeString:
    """The panel of all other conditions."""
    values = tuple((name, value) for name, value in codes.items() if name in SELECTS or name in TICKS)
    return _drawn(values, tuple(codes.get("figure", ())))


def chosen(codes: Mapping[str, Any]) -> int:
    """How many of the panel's conditions are set; other orders than the usual one count, too."""
    inside = {name for group in GROUPS for name in (*group.selects, *group.ticks)}
    return len(inside & set(codes)) + len(codes.get("figure", ()))


@lru_cache(maxsize=256)
def _drawn(values: tuple[tuple[str, str], ...], figures: tuple[str, ...]) -> SafeString:
    open_figures = list(figures)
    blocks = [_block(group, dict(values), open_figures) for group in GROUPS]
    context = {"blocks": blocks, "others": open_figures}
    return render_to_string("households/register/list_panel.html", context)


def _block(group: Group, values: Mapping[str, str], figures: list[str]) -> Block:
    block = Block(group.label, group.note)
    block.controls.extend(_select(SELECTS[name], values.get(name, "")) for name in group.selects)
    block.controls.extend(_figures(group.figures, figures))
    block.ticks.extend((name, TICKS[name], values.get(name) == "1") for name in group.ticks)
    return block


def _select(wanted: Filter, value: str) -> Control:
    options = wanted.choices()
    if wanted.name == "order":
        return Control(wanted.name, wanted.name, wanted.label, options[1:], value, options[0][1])
    return Control(wanted.name, wanted.name, wanted.label, options, value)


def _figures(dimensions: Iterable[str], figures: list[str]) -> Iterable[Control]:
    """A select for each dimension; the figures it shows are taken out of ``figures``."""
    for code in dimensions:
        for label, options in choices(only=[code]):
            value = next((text for text in figures if text in dict(options)), "")
            if value:
                figures.remove(value)
            yield Control(f"figure-{code}", "figure", label, options, value)
