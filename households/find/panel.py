"""The controls of the list's further filters: selects, figures by dimension, ticks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from households.figures.labels import choices
from households.find.filters import GROUPS, SELECTS, TICKS, Filter, Group


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

    @property
    def chosen(self) -> int:
        """How many of its conditions hold."""
        return sum(bool(each.value) for each in self.controls) + sum(on for _name, _label, on in self.ticks)


def further(codes: Mapping[str, Any]) -> tuple[list[Block], list[str]]:
    """The blocks of the panel, and the figures that no control of it shows."""
    figures = list(codes.get("figure", ()))
    return [_block(group, codes, figures) for group in GROUPS], figures


def chosen(codes: Mapping[str, Any]) -> int:
    """How many of the panel's conditions are set."""
    inside = {name for group in GROUPS for name in (*group.selects, *group.ticks)}
    return len(inside & set(codes)) + len(codes.get("figure", ()))


def _block(group: Group, values: Mapping[str, str], figures: list[str]) -> Block:
    block = Block(group.label, group.note)
    block.controls.extend(_select(SELECTS[name], values.get(name, "")) for name in group.selects)
    block.controls.extend(_figures(group.figures, figures))
    block.ticks.extend((name, TICKS[name], values.get(name) == "1") for name in group.ticks)
    return block


def _select(wanted: Filter, value: str) -> Control:
    options = wanted.choices()
    return Control(wanted.name, wanted.name, wanted.label, options, value)


def _figures(dimensions: Iterable[str], figures: list[str]) -> Iterable[Control]:
    """A select for each dimension; the figures it shows are taken out of ``figures``."""
    for code in dimensions:
        for label, options in choices(only=[code]):
            value = next((text for text in figures if text in dict(options)), "")
            if value:
                figures.remove(value)
            yield Control(f"figure-{code}", "figure", label, options, value)
