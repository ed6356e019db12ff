"""The columns of the household list, each declared once: how a row shows it, and what a sheet writes of it.

A row is a Household as :func:`households.find.listing.decorate` leaves it. ``html`` answers ready markup: rows are
put together without a component call each, which is most of what a page of fifty used to cost.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from households.eligibility.criteria import BY_CODE, FAIL, MISSING, PASS
from households.register.fields import SECTIONS
from povreg.kit.masking import mask_phone
from povreg.kit.sheets.columns import Column as SheetColumn
from povreg.kit.sheets.kinds import Day, Kind, Whole, Yuan
from villages.codes.selectors import label

UNRECORDED = '<span class="unrecorded">未记录</span>'
UNASSESSED = '<span class="unrecorded">未评定</span>'
NO_HEAD = "（未登记户主）"
RESULTS = {PASS: "", FAIL: "未达标", MISSING: "未记录"}
VERDICTS = {"pass": "达标", "fail": "未达标", "missing": "数据缺失"}
SHORT_SECTIONS = {
    "basic": "基本情况", "members": "成员", "living": "生产生活", "income": "收支", "guarantees": "保障",
    "files": "附件",
}  # fmt: skip


@dataclass(frozen=True)
class Show:
    """How a page shows rows: the year its links lead to, whether it spans several townships."""

    year: int
    wide: bool = False


@dataclass(frozen=True)
class Column:
    """``html`` draws the inside of a cell, ``value`` is what a sheet writes; ``css`` the class of heading and cell.

    ``load`` reads what rows do not hold: ids of households to texts, in one query for all of them."""

    code: str
    label: str
    html: Callable[[Any, Show], str]
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


def _sub(text: str, under: str) -> str:
    return f'<div>{escape(text)}<span class="sub">{escape(under)}</span></div>' if under else escape(text)


def _place(row: Any, show: Show) -> str:
    township = str(row.village.parent or "") if show.wide else ""
    return _sub(str(row.village), " ".join(filter(None, (township, row.group_name))))


def _place_text(row: Any) -> str:
    return " ".join(filter(None, (str(row.village.parent or ""), str(row.village), row.group_name)))


def _per_head(row: Any, _show: Show) -> str:
    found = row.assessment
    if found is None or found.per_head is None:
        return UNRECORDED
    border = ' <span class="tag tag-warn">踩线</span>' if found.borderline else ""
    return f"{found.per_head:,.2f}{border}"


def _strip(row: Any, _show: Show) -> str:
    found = row.assessment
    if found is None:
        return UNASSESSED
    grade = found.evidence.get("house_grade", "") if "housing" in found.failed else ""
    return _drawn(tuple(found.criteria_set.criteria), tuple(found.failed), tuple(found.missing), grade, found.verdict)


@lru_cache(maxsize=4096)
def _drawn(
    judged: tuple[str, ...], failed: tuple[str, ...], missing: tuple[str, ...], grade: str, verdict: str
) -> SafeString:
    """The strip of one combination of results; there are few of them."""
    chips = []
    for code, criterion in BY_CODE.items():
        if code in judged:
            result = FAIL if code in failed else MISSING if code in missing else PASS
            text = f"住房 {grade}级" if grade and code == "housing" else f"{criterion.short} {RESULTS[result]}".strip()
            chips.append({"code": code, "label": criterion.short, "result": result, "text": text})
    context = {"chips": chips, "verdict": verdict}
    return SafeString(render_to_string("households/register/list_strip.html", context).strip())


def _strip_text(row: Any) -> str:
    found = row.assessment
    if found is None:
        return "未评定"
    parts = [VERDICTS.get(found.verdict, found.verdict)]
    for codes, words in ((found.failed, "未达标"), (found.missing, "未记录")):
        named = [criterion.short for code, criterion in BY_CODE.items() if code in codes]
        parts += [f"{words}：{'、'.join(named)}"] if named else []
    return "；".join(parts)


def _gaps(row: Any, show: Show) -> str:
    links = [
        f'<a href="{address(f"household-{gap}", row.pk, show.year)}">{SHORT_SECTIONS.get(gap, gap)}</a>'
        for gap in (row.assessment.gaps if row.assessment else ())
        if gap in SECTIONS
    ]
    return f"<span>{'、'.join(links)}</span>" if links else ""


def _gaps_text(row: Any) -> str:
    gaps = row.assessment.gaps if row.assessment else ()
    return "、".join(SHORT_SECTIONS.get(gap, gap) for gap in gaps)


def _text(value: Callable[[Any], Any]) -> Callable[[Any, Show], str]:
    def html(row: Any, _show: Show) -> str:
        text = value(row)
        return escape(str(text)) if text not in ("", None) else "—"

    return html


def _coded(table: str, name: str) -> Callable[[Any], str]:
    return lambda row: label(table, getattr(row, name))


def _attr(row: Any, _show: Show) -> str:
    return _sub(label("household_attr", row.household_attr) or "—", label("exit_status", row.exit_status))


def _attr_text(row: Any) -> str:
    return label("household_attr", row.household_attr)


def _phone(row: Any) -> str:
    return mask_phone(row.phone) if row.phone else ""


def _head_of(row: Any) -> str:
    return row.head_name or NO_HEAD


def _day(name: str) -> Callable[[Any, Show], str]:
    def html(row: Any, _show: Show) -> str:
        day = getattr(row, name)
        return f"{day:%Y-%m-%d}" if day else "—"

    return html


def _plain(code: str, title: str, value: Callable[[Any], Any], **more: Any) -> Column:
    return Column(code, title, _text(value), value, **more)


HEAD = _plain("head", "户主", _head_of, css="nowrap", width=10)
COLUMNS = {
    each.code: each
    for each in (
        _plain("no", "户编号", lambda row: row.household_no, css="tabular", width=22, usual=True),
        Column("village", "村组", _place, _place_text, css="nowrap", width=26, usual=True),
        _plain("persons", "人口", lambda row: row.persons, css="num", kind=Whole(0, 99), width=7, usual=True),
        Column("attr", "类型", _attr, _attr_text, css="nowrap", usual=True),
        _plain("type", "户类型", _coded("household_type", "household_type"), css="nowrap"),
        _plain("exit", "脱贫属性", _coded("exit_status", "exit_status"), css="nowrap"),
        _plain("cause", "致贫原因", _coded("cause", "main_cause"), css="nowrap"),
        Column(
            "income",
            "人均纯收入",
            _per_head,
            lambda row: row.assessment.per_head if row.assessment else None,
            css="num",
            kind=Yuan(),
            usual=True,
        ),
        Column("strip", "两不愁三保障", _strip, _strip_text, width=40, usual=True),
        Column("gaps", "还缺", _gaps, _gaps_text, css="small", width=30, usual=True),
        _plain("phone", "联系电话", _phone, css="tabular nowrap"),
        Column("identified", "识别时间", _day("identified_on"), lambda row: row.identified_on, "tabular nowrap", Day()),
        _plain("exit_year", "脱贫年度", lambda row: row.exit_year, css="num", kind=Whole(1900, 2200), width=10),
        _plain("planned", "计划脱贫年度", lambda row: row.planned_exit_year, css="num", kind=Whole(1900, 2200)),
        _plain("monitor", "监测对象类型", _coded("monitor_type", "monitor_type"), css="nowrap", width=18),
        _plain("address", "家庭住址", lambda row: row.address, width=30),
    )
}


def add_column(code: str, title: str, load: Callable[[list[int]], Mapping[int, str]], width: float = 16.0) -> None:
    """A column of a higher layer, called when its app starts; its texts are loaded only where it is shown."""
    value = _loaded(code)
    COLUMNS[code] = Column(code, title, _text(value), value, "nowrap", width=width, load=load)


def _loaded(code: str) -> Callable[[Any], str]:
    return lambda row: row.loaded.get(code, "")


def prepare(rows: Sequence[Any], columns: Iterable[Column]) -> None:
    """Load what the columns show beyond the rows themselves."""
    loaded = {column.code: column.load([row.pk for row in rows]) for column in columns if column.load}
    for row in rows:
        row.loaded = {code: texts.get(row.pk, "") for code, texts in loaded.items()}


USUAL = tuple(code for code, column in COLUMNS.items() if column.usual)


def chosen(codes: Iterable[str]) -> tuple[Column, ...]:
    """The columns of some codes in their declared order; the usual ones when none of them is known."""
    wanted = set(codes)
    return tuple(column for code, column in COLUMNS.items() if code in wanted) or chosen(USUAL)


def row_html(row: Any, columns: Iterable[Column], show: Show, pick: bool = False) -> SafeString:
    """One row of the table, which becomes a card on phones."""
    name = escape(_head_of(row))
    box = (
        f'<td class="pick"><label><input type="checkbox" name="id" value="{row.pk}">'
        f'<span class="visually-hidden">选择 {name} {escape(row.household_no)}</span></label></td>'
        if pick
        else ""
    )
    cells = "".join(
        f'<td data-label="{column.label}"{_class(column.css)}>{column.html(row, show)}</td>' for column in columns
    )
    link = address("household", row.pk, show.year)
    return SafeString(f'<tr>{box}<th scope="row" class="nowrap"><a href="{link}">{name}</a></th>{cells}</tr>')


def _class(css: str) -> str:
    return f' class="{css}"' if css else ""
