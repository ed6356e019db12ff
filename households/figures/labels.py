"""Figures in words, and as choices of a filter."""

from collections.abc import Iterable

from households.eligibility import measures
from households.figures.dimensions import DIMENSIONS, HOUSEHOLD, PERSON
from households.figures.parts import OF_PERSON

UNKNOWN = "认不出的统计项"


def figure_label(text: str) -> str:
    """What a list says it was narrowed to: 健康状况：患有大病."""
    code, _, name = text.partition(".")
    dimension = DIMENSIONS.get(code)
    if dimension is None:
        return measures.figure_label(text) or UNKNOWN
    bucket = dimension.names().get(name)
    return f"{dimension.label}：{bucket}" if bucket else UNKNOWN


def choices(of: str = "", only: Iterable[str] = ()) -> list[tuple[str, list[tuple[str, str]]]]:
    """Figures for a select with groups: (label of the dimension, [(figure, label of the bucket)]).

    ``of`` household or person (empty: both); ``only`` names the dimensions wanted, in their order.
    """
    known = {OF_PERSON: PERSON, "": DIMENSIONS}.get(of, HOUSEHOLD)
    wanted = [known[code] for code in only if code in known] if only else known.values()
    return [
        (dimension.label, [(f"{dimension.code}.{code}", label) for code, label in dimension.names().items()])
        for dimension in wanted
    ]
