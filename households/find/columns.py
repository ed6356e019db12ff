"""The columns of the household list, each declared once: how a row shows it, and what a sheet writes of it.

A row is a Household as :func:`households.find.listing.decorate` leaves it. What a cell shows are plain values, drawn by
the macro that the column names (templates/households/find/rows.html).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.urls import reverse

from households.eligibility.criteria import BY_CODE
from households.eligibility.criterion import FAIL, MISSING, PASS, RESULT_WORDS, missing_words, no_line_words
from households.eligibility.explain import result_of
from households.models.assessment import Verdict
from households.register.fields import SECTIONS
from households.standing.words import ORDINARY
from povreg.kit.masking import mask_phone
from povreg.kit.sheets.columns import Column as SheetColumn
from povreg.kit.sheets.kinds import Day, Kind, Whole, Yuan
from villages.codes.selectors import label

NO_HEAD = "（未登记户主）"
WARN = "warn"
BAR, AT = 64, 32  # pixels: the bar of an income, and where the line stands in it
SHORT_SECTIONS = {
    "basic": "基本情况", "members": "成员", "living": "生产生活", "income": "收支", "guarantees": "保障",
    "files": "附件",
}  # fmt: skip


@dataclass(frozen=True)
class Show:
    """How a page shows rows: the year its links lead to, whether it spans several townships."""

    year: int
    wide: bool = False


class Square(NamedTuple):
    """One criterion in the row of squares."""

    label: str
    result: str


class Seven(NamedTuple):
    """The criteria of a household: a square each, and in words only what is not in order."""

    squares: tuple[Square, ...]
    words: str = ""
    tone: str = ""


class Income(NamedTuple):
    """Income a head: ``length`` of its bar in pixels, with the line at :data:`AT` of :data:`BAR`; ``words`` stand for
    the bar where there is no line to draw."""

    amount: Any
    length: float = 0.0
    tone: str = ""
    words: str = ""


@dataclass(frozen=True)
class Column:
    """``shown`` is what the macro ``draw`` makes the inside of a cell from, ``value`` what a sheet writes; ``css`` the
    class of heading and cell.

    ``load`` reads what rows do not hold: ids of households to texts, in one query for all of them."""

    code: str
    label: str
    draw: str
    shown: Callable[[Any, Show], Any]
    value: Callable[[Any], Any]
    css: str = ""
    kind: Kind = Kind()  # noqa: RUF009 - without state
    width: float = 14.0
    usual: bool = False
    load: Callable[[list[int]], Mapping[int, str]] | None = None

    @property
    def sheet(self) -> SheetColumn:
        return SheetColumn(self.label, f"list.{self.code}", self.kind, width=self.width)


def address(name: str, pk: int, year: int) -> str:
    """The address of a household's page or section."""
    return f"{_pattern(name).replace('/0/', f'/{pk}/', 1)}?year={year}"


@lru_cache(maxsize=64)
def _pattern(name: str) -> str:
    return reverse(name, args=[0])


def _place(row: Any, show: Show) -> str:
    township = str(row.village.parent or "") if show.wide else ""
    return " ".join(filter(None, (township, str(row.village), row.group_name)))


def _place_text(row: Any) -> str:
    return " ".join(filter(None, (str(row.village.parent or ""), str(row.village), row.group_name)))


def _per_head(row: Any, _show: Show) -> Income | None:
    """None where income was not recorded."""
    found = row.assessment
    if found is not None and found.line_amount is None:
        return Income(found.per_head, words=no_line_words(found.year))
    if found is None or found.per_head is None:
        return None
    tone = FAIL if "income" in found.failed else WARN if found.borderline else PASS
    share = float(found.per_head / found.line_amount)
    return Income(found.per_head, round(min(max(share * AT, 1), BAR), 1), tone)


def _seven(row: Any, _show: Show) -> Seven | None:
    """None where the household was not judged."""
    found = row.assessment
    if found is None:
        return None
    judged = found.criteria_set.criteria
    results = tuple((code, result_of(found, code)) for code in BY_CODE if code in judged)
    failing = tuple(BY_CODE[code].failing_text(found.evidence) for code, result in results if result == FAIL)
    near = f"收入高于线 {found.margin:.1%}" if found.borderline and found.margin is not None else ""
    return _of_results(results, failing, near, tuple((code, missing_words(found, code)) for code in found.reasons))


@lru_cache(maxsize=4096)
def _of_results(
    results: tuple[tuple[str, str], ...], failing: tuple[str, ...], near: str, reasons: tuple[tuple[str, str], ...]
) -> Seven:
    """The squares of one combination of results; there are few of them."""
    squares = tuple(
        Square(BY_CODE[code].short, WARN if near and BY_CODE[code].against_line else result) for code, result in results
    )
    told = dict(reasons)
    lacking = [BY_CODE[code].short for code, result in results if result == MISSING and code not in told]
    words = [*failing, *told.values()]
    if lacking:
        missing = RESULT_WORDS[MISSING]
        words.append(f"{'、'.join(lacking)} {missing}" if len(lacking) <= 2 else f"{len(lacking)} 项{missing}")
    words += [near] if near else []
    tone = FAIL if failing else WARN if near else MISSING if lacking or told else ""
    return Seven(squares, "，".join(words), tone)


def _verdict(row: Any, _show: Show) -> tuple[str, str]:
    """(result, words)."""
    found = row.assessment
    return (found.verdict, str(Verdict(found.verdict).label)) if found else ("none", "未评定")


def _verdict_text(row: Any) -> str:
    return _verdict(row, Show(0))[1]


def _strip_text(row: Any) -> str:
    found = row.assessment
    if found is None:
        return "未评定"
    parts = [str(Verdict(found.verdict).label)]
    parts += [missing_words(found, code) for code in found.reasons]
    unrecorded = [code for code in found.missing if code not in found.reasons]
    for codes, words in ((found.failed, RESULT_WORDS[FAIL]), (unrecorded, RESULT_WORDS[MISSING])):
        named = [criterion.short for code, criterion in BY_CODE.items() if code in codes]
        parts += [f"{words}：{'、'.join(named)}"] if named else []
    return "；".join(parts)


def _gaps(row: Any, show: Show) -> list[tuple[str, str]]:
    """(label, address) of every section that is incomplete."""
    return [
        (SHORT_SECTIONS.get(gap, gap), address(f"household-{gap}", row.pk, show.year))
        for gap in (row.assessment.gaps if row.assessment else ())
        if gap in SECTIONS
    ]


def _gaps_text(row: Any) -> str:
    gaps = row.assessment.gaps if row.assessment else ()
    return "、".join(SHORT_SECTIONS.get(gap, gap) for gap in gaps)


def _text(value: Callable[[Any], Any]) -> Callable[[Any, Show], Any]:
    return lambda row, _show: value(row)


def _coded(table: str, name: str) -> Callable[[Any], str]:
    return lambda row: label(table, getattr(row, name))


def _of_year(table: str, name: str) -> Callable[[Any], str]:
    """A code of what the household is in the year shown."""
    return lambda row: label(table, getattr(row.standing, name)) if row.standing else ""


def _attr(row: Any, _show: Show) -> str:
    if row.standing is None:
        return ""
    codes = ("exit_status", "household_attr") if row.standing.exit_status else ("exit_status",)
    words = [label(table, getattr(row.standing, table)) for table in codes]
    words += [label("monitor_type", row.standing.monitor_type)] if _watched(row.standing) else []
    return " ".join(filter(None, words)) or ("在册" if _has_class(row.standing) else ORDINARY)


def _watched(standing: Any) -> bool:
    """Whether a risk goes on, or monitoring is all that is known of the household."""
    return bool(standing.monitor_type) and (standing.risk_cleared is False or not standing.exit_status)


def _has_class(standing: Any) -> bool:
    return bool(standing.at_end if hasattr(standing, "at_end") else standing.in_register)


def _attr_text(row: Any) -> str:
    return label("household_attr", row.standing.household_attr) if row.standing else ""


def _risk(row: Any) -> str:
    if row.standing is None or not row.standing.monitor_type:
        return ""
    return "已消除" if row.standing.risk_cleared else "未消除"


def _phone(row: Any) -> str:
    return mask_phone(row.phone) if row.phone else ""


def _head_of(row: Any) -> str:
    return row.head_name or NO_HEAD


def _day(row: Any, _show: Show) -> str:
    return f"{row.identified_on:%Y-%m-%d}" if row.identified_on else ""


def _plain(code: str, title: str, value: Callable[[Any], Any], **more: Any) -> Column:
    return Column(code, title, "text", _text(value), value, **more)


HEAD = _plain("head", "户主", _head_of, css="nowrap", width=10)
COLUMNS = {
    each.code: each
    for each in (
        _plain("no", "户编号", lambda row: row.household_no, css="tabular", width=22, usual=True),
        Column("village", "村组", "text", _place, _place_text, css="nowrap", width=26, usual=True),
        _plain("persons", "人", lambda row: row.persons, css="num", kind=Whole(0, 99), width=7, usual=True),
        Column("attr", "身份", "text", _attr, _attr_text, css="nowrap", usual=True),
        _plain("type", "户类型", _of_year("household_type", "household_type"), css="nowrap"),
        _plain("exit", "脱贫属性", _of_year("exit_status", "exit_status"), css="nowrap"),
        _plain("cause", "致贫原因", _coded("cause", "main_cause"), css="nowrap"),
        Column(
            "income",
            "人均纯收入",
            "income",
            _per_head,
            lambda row: row.assessment.per_head if row.assessment else None,
            css="num",
            kind=Yuan(),
            usual=True,
        ),
        Column("strip", "两不愁三保障", "seven", _seven, _strip_text, width=40, usual=True),
        Column("verdict", "结论", "verdict", _verdict, _verdict_text, "nowrap", width=10, usual=True),
        Column("gaps", "还缺", "links", _gaps, _gaps_text, css="small", width=30, usual=True),
        _plain("phone", "联系电话", _phone, css="tabular nowrap"),
        Column("identified", "识别时间", "text", _day, lambda row: row.identified_on, "tabular nowrap", Day()),
        _plain("exit_year", "脱贫年度", lambda row: row.exit_year, css="num", kind=Whole(1900, 2200), width=10),
        _plain("planned", "计划脱贫年度", lambda row: row.planned_exit_year, css="num", kind=Whole(1900, 2200)),
        _plain("monitor", "监测对象类型", _of_year("monitor_type", "monitor_type"), css="nowrap", width=18),
        _plain("risk", "风险", _risk, css="nowrap", width=10),
        _plain("address", "家庭住址", lambda row: row.address, width=30),
    )
}


def add_column(code: str, title: str, load: Callable[[list[int]], Mapping[int, str]], width: float = 16.0) -> None:
    """A column of a higher layer, called when its app starts; its texts are loaded only where it is shown."""
    value = _loaded(code)
    COLUMNS[code] = Column(code, title, "text", _text(value), value, "nowrap", width=width, load=load)


def _loaded(code: str) -> Callable[[Any], str]:
    return lambda row: row.loaded.get(code, "")


def prepare(rows: Sequence[Any], columns: Iterable[Column]) -> None:
    """Load what the columns show beyond the rows themselves."""
    loaded = {column.code: column.load([row.pk for row in rows]) for column in columns if column.load}
    for row in rows:
        row.loaded = {code: texts.get(row.pk, "") for code, texts in loaded.items()}


USUAL = tuple(code for code, column in COLUMNS.items() if column.usual)
ON_PAGE = tuple(code for code in USUAL if code not in ("no", "gaps"))
"""What the page shows to who chose nothing: a household on one line. A sheet has all of the usual ones."""


def chosen(codes: Iterable[str], usual: Sequence[str] = USUAL) -> tuple[Column, ...]:
    """The columns of some codes in their declared order; the usual ones when none of them is known."""
    wanted = set(codes)
    return tuple(column for code, column in COLUMNS.items() if code in wanted) or chosen(usual)
