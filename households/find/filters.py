"""The filters of the household list, each declared once: for its controls, for what the list says it shows, and for
what an address or a saved filter may hold.

In an address every filter is a code; ``figure`` may stand there several times (households.figures).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from households.eligibility import measures
from households.eligibility.criteria import BY_CODE
from households.figures.dimensions import DIMENSIONS, PERSON
from households.figures.labels import figure_label
from households.find.listing import NOT_ASSESSED, ORDERS, ListFilters
from households.models.assessment import Verdict
from households.register.fields import SECTIONS
from households.standing.departments import class_labels
from households.standing.selectors import ANY, RISK_STATES
from villages.codes.selectors import choices

Pairs = list[tuple[str, str]]
LONGEST = 40
MOST_FIGURES = 12


@dataclass(frozen=True)
class Filter:
    """A select of the list; ``choices`` are (code, label)."""

    name: str
    label: str
    choices: Callable[[], Pairs]


@dataclass(frozen=True)
class Group:
    """One block of the panel of further conditions: selects, figures by dimension, and ticks."""

    label: str
    selects: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    ticks: tuple[str, ...] = ()
    note: str = ""


def _coded(table: str) -> Callable[[], Pairs]:
    return lambda: choices(table)


def _criteria() -> Pairs:
    return [(each.code, each.short) for each in BY_CODE.values()]


SELECTS = {
    each.name: each
    for each in (
        Filter("verdict", "结论", lambda: [*Verdict.choices, (NOT_ASSESSED, "未评定")]),  # type: ignore[list-item]
        Filter("failed", "未达标项", _criteria),
        Filter("exit_status", "脱贫属性", _coded("exit_status")),
        Filter("monitor", "监测对象", lambda: [(ANY, "监测对象（各类）"), *choices("monitor_type")]),
        Filter("risk", "监测风险", lambda: list(RISK_STATES)),
        Filter("civil", "民政对象", lambda: [(ANY, "民政对象（各类）"), *class_labels().items()]),
        Filter("type", "户类型", _coded("household_type")),
        Filter("attr", "贫困户属性", _coded("household_attr")),
        Filter("cause", "主要致贫原因", _coded("cause")),
        Filter("poor", "村类型", lambda: [("yes", "贫困村"), ("no", "非贫困村")]),
        Filter("missing", "未记录项", _criteria),
        Filter("gap", "未填完的部分", lambda: list(SECTIONS.items())),
        Filter("order", "排序", lambda: list(ORDERS.items())),
    )
}
TICKS = {
    "borderline": "踩线户",
    "eligible": "具备退出条件",
    "everybody": "含普通农户",
    "candidate": "只看普通农户",
    "removed": "只看已销户",
}
GROUPS = (
    Group(
        "户情况",
        ("type", "attr", "cause", "poor", "monitor", "risk", "civil"),
        ("other_cause", "size", "able"),
        ("everybody", "candidate", "removed"),
    ),
    Group(
        "成员",
        (),
        (
            *("health", "labour", "schooling", "school", "age", "sex", "education", "work_place", "work_months"),
            *("ins_resident", "pen_resident", "dibao", "ethnicity", "party"),
        ),
        note="有一位成员符合就列出该户；选几项时，各项可以是不同的成员。",
    ),
    Group(
        "生活条件",
        (),
        (
            *("water_safe", "water_difficult", "power_living", "power_production", "broadcast", "house_grade"),
            *("house_structure", "entry_road", "toilet", "fuel", "coop", "arable"),
        ),
    ),
    Group(
        "评定与录入",
        ("missing", "gap"),
        ("income", "income_line", "recorded"),
        ("borderline", "eligible"),
    ),
)
CODES = ("place", "household_no", *SELECTS, *TICKS)
"""Filters that stand in an address once; ``figure`` may stand there several times."""
SILENT_MEASURES = {"eligible": "具备退出条件", "borderline": "踩线户"}


def codes_of(given: QueryDict) -> dict[str, Any]:
    """The filters of an address as codes: what is no filter is left out, ``figure`` is a list."""
    found: dict[str, Any] = {name: given.get(name, "").strip()[:LONGEST] for name in CODES}
    figures = [text.strip()[:LONGEST] for text in given.getlist("figure")]
    return checked(found | {"figure": figures})


def checked(codes: Mapping[str, Any]) -> dict[str, Any]:
    """Only the filters that are set, in their declared order."""
    found = {name: str(codes.get(name) or "") for name in CODES}
    found["order"] = found["order"] if found["order"] in ORDERS and found["order"] != "place" else ""
    kept: dict[str, Any] = {name: value for name, value in found.items() if value and _is_code(value)}
    figures = list(dict.fromkeys(text for text in codes.get("figure") or [] if text and _is_code(text)))
    return kept | ({"figure": figures[:MOST_FIGURES]} if figures else {})


def _is_code(text: str) -> bool:
    return text.isascii() and all(letter.isalnum() or letter in "._-" for letter in text)


def list_filters(codes: Mapping[str, Any], search: str = "") -> ListFilters:
    """The codes as the list's selector takes them."""
    values = {name: value for name, value in codes.items() if name != "figure"}
    values |= {name: values.get(name) == "1" for name in TICKS}
    return replace(ListFilters(), search=search, figures=tuple(codes.get("figure", ())), **values)


def pairs(codes: Mapping[str, Any]) -> Pairs:
    """The codes as the parts of an address, in their declared order (the database keeps keys in its own)."""
    single = [(name, str(codes[name])) for name in CODES if name in codes]
    return [*single, *(("figure", text) for text in codes.get("figure", ()))]


def figure_words(text: str) -> str:
    """A figure as the list says it; nothing for one that narrows nothing by itself (all households)."""
    code = text.partition(".")[0]
    if code in DIMENSIONS:
        return f"有成员 {figure_label(text)}" if code in PERSON else figure_label(text)
    if code in measures.BY_CODE:
        return measures.figure_label(text) or SILENT_MEASURES.get(code, "")
    return figure_label(text)


def words(codes: Mapping[str, Any], place_name: str = "") -> list[tuple[str, str, str]]:
    """What a list is narrowed to: (name, value, words) for each filter that is set."""
    found: list[tuple[str, str, str]] = []
    for name, value in pairs(codes):
        text = _words(name, value, place_name)
        if text:
            found.append((name, value, text))
    return found


def _words(name: str, value: str, place_name: str) -> str:
    if name == "figure":
        return figure_words(value)
    if name in SELECTS:
        label = SELECTS[name].label
        return f"{label}：{dict(SELECTS[name].choices()).get(value, value)}"
    if name in TICKS:
        return TICKS[name]
    return f"地区：{place_name or value}" if name == "place" else f"户编号以“{value}”开头"


def sentence(codes: Mapping[str, Any], place_name: str = "", search: str = "") -> str:
    """The filter in one line, for sheets and confirmations."""
    parts = [text for _name, _value, text in words(codes, place_name)]
    return "；".join([*parts, *([search] if search else [])]) or "全部在册户"
