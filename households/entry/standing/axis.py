"""A household's years on one axis: what it was on each axis of classes, and its income against the line of each year.

All places are per cent of the picture's width, heights are pixels; the template draws what stands here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from households.models import Assessment, Spell
from households.models.standing import CIVIL, MONITORING, POVERTY, Known, StandingClass
from households.standing.words import period_words, risks_words

FIRST_YEAR = 2014
LEFT, RIGHT = 11.0, 99.5  # where the years begin and end
HEAD, ROW, BAR = 30, 34, 22  # pixels: the years above, a line of bars, a bar
INCOME, TALLEST = 132, 84  # pixels: the block of incomes, the tallest bar in it
LETTER = 1.25  # per cent that a letter takes on a laptop
LABELS = {POVERTY: "户的身份", MONITORING: "防返贫监测", CIVIL: "民政对象"}
TONES = {"poor": "poor", "leaving": "poor", "returned": "back", "listed": "listed", "out": "out"}


@dataclass(frozen=True)
class Bar:
    """``said`` is the whole of it for who points at it; ``vague`` ends are hatched: no day is known."""

    x: float
    width: float
    y: int
    tone: str
    text: str
    text_x: float
    anchor: str
    said: str
    vague_since: bool = False
    vague_until: bool = False


@dataclass(frozen=True)
class Column:
    """A year's income a head and its line; ``line_y`` is None where none was entered."""

    x: float
    width: float
    y: float
    height: float
    short: bool
    text: str
    line_y: float | None
    line_x: float
    line_width: float


@dataclass
class Axis:
    years: list[tuple[int, float]]
    ticks: list[float]
    today: float
    height: int = 0
    lines: list[tuple[str, int]] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    incomes: list[Column] = field(default_factory=list)
    income_y: int = 0
    base_y: int = 0


@dataclass(frozen=True)
class Scale:
    first: date
    last: date

    def at(self, day: date) -> float:
        share = (day - self.first).days / (self.last - self.first).days
        return round(LEFT + (RIGHT - LEFT) * min(max(share, 0), 1), 2)


def axis_of(spells: Sequence[Spell], judged: Sequence[Assessment], today: date) -> Axis:
    """The picture of a household's spells and verdicts."""
    begun = [each.since.year for each in spells if each.since]
    first = min([FIRST_YEAR, *begun, *(each.year for each in judged)])
    scale = Scale(date(first, 1, 1), date(today.year + 1, 1, 1))
    years = range(first, today.year + 1)
    step = 1 if len(years) <= 16 else 2
    axis = Axis(
        [(year, scale.at(date(year, 7, 1))) for year in years if not (today.year - year) % step],
        [scale.at(date(year, 1, 1)) for year in (*years, today.year + 1)],
        scale.at(today),
    )
    y = HEAD
    for kind in (POVERTY, MONITORING, CIVIL):
        own = [each for each in spells if each.axis == kind]
        if own or kind == POVERTY:
            axis.lines.append((LABELS[kind], y + ROW // 2 + 4))
            axis.bars += [_bar(each, number, own, scale, y, today) for number, each in enumerate(own)]
            y += ROW
    axis.height = y + 6
    if any(each.per_head is not None for each in judged):
        _add_incomes(axis, judged, scale)
    return axis


def _bar(spell: Spell, number: int, own: Sequence[Spell], scale: Scale, y: int, today: date) -> Bar:
    begin = scale.at(spell.since or scale.first)
    end = max(scale.at(min(spell.until or today, today)), begin + 0.5)
    following = scale.at(own[number + 1].since or scale.last) if number + 1 < len(own) else RIGHT
    text, said = _words(spell, number)
    needed = len(text) * LETTER + 1
    inside = needed <= end - begin
    text_x, anchor = begin + 0.6, "start"
    if not inside and needed <= following - end:
        text_x = end + 0.5
    elif not inside and (number == 0 or scale.at(own[number - 1].until or scale.last) <= begin - needed):
        text_x, anchor = begin - 0.5, "end"
    elif not inside:
        text = text[: max(int((end - begin - 1) / LETTER), 0)]
    return Bar(
        begin, round(end - begin, 2), y + (ROW - BAR) // 2, _tone(spell), text, round(text_x, 2), anchor, said,
        spell.since is None or spell.since_known == Known.UNKNOWN, spell.until_known == Known.UNKNOWN,
    )  # fmt: skip


def _words(spell: Spell, number: int) -> tuple[str, str]:
    name = str(spell.klass)
    if spell.axis == MONITORING:
        risks = risks_words(spell.episode) if hasattr(spell, "episode") else []
        name = f"{'第 %s 次：' % (number + 1) if number else ''}{name}{' ' + risks[0] if risks else ''}"
    axis = StandingClass.Axis(spell.axis).label
    return name, f"{axis}：{spell.klass}，{period_words(spell)}"


def _tone(spell: Spell) -> str:
    if spell.axis == MONITORING:
        return "watched" if spell.until is None else "cleared"
    return "civil" if spell.axis == CIVIL else TONES.get(spell.klass_id, "out")


def _add_incomes(axis: Axis, judged: Sequence[Assessment], scale: Scale) -> None:
    tallest = max([*(each.per_head or 0 for each in judged), *(each.line_amount or 0 for each in judged)])
    axis.income_y, axis.base_y = axis.height + 34, axis.height + INCOME - 12
    axis.height += INCOME
    for each in judged:
        if each.per_head is not None:
            axis.incomes.append(_column(each, scale, tallest, axis.base_y))


def _column(row: Assessment, scale: Scale, tallest: Decimal | int, base: int) -> Column:
    left, right = scale.at(date(row.year, 1, 1)), scale.at(date(row.year + 1, 1, 1))
    income, line = row.per_head or Decimal(0), row.line_amount
    height = float(max(income, Decimal(0)) / tallest * TALLEST) if tallest > 0 else 0.0
    at_line = base - float(line / tallest * TALLEST) if line is not None and tallest > 0 else None
    quarter = (right - left) / 4
    return Column(
        round(left + quarter, 2), round(2 * quarter, 2), round(base - height, 1), round(height, 1),
        line is not None and income <= line, f"{income:,.0f}", None if at_line is None else round(at_line, 1),
        left, round(right - left, 2),
    )  # fmt: skip
