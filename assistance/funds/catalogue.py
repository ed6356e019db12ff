"""What funds go by, as data (assistance/data/funds.json): names of funds by year, categories of projects with the unit
their cost is counted by, the nine forbidden uses, the days that notices hang."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data" / "funds.json"
EARLIEST, LATEST = 0, 9999  # years that open ends stand for


@dataclass(frozen=True)
class Fund:
    """A fund by name: the years in which it is given, the share in percent that must go into industry, if any."""

    code: str
    label: str
    year_from: int
    year_to: int
    industry_share: Decimal | None


@dataclass(frozen=True)
class Category:
    """A category of projects; ``industry`` counts into the share of industry."""

    code: str
    label: str
    unit: str
    industry: bool


@dataclass(frozen=True)
class ForbiddenUse:
    """One of the nine uses that these funds may not be put to, and words that raise a doubt."""

    code: str
    label: str
    words: tuple[str, ...]


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


@cache
def funds() -> dict[str, Fund]:
    return {row["code"]: _fund(row) for row in _read()["funds"]}


def _fund(row: dict[str, Any]) -> Fund:
    share = row.get("industry_share")
    years = row.get("year_from", EARLIEST), row.get("year_to", LATEST)
    return Fund(row["code"], row["label"], *years, Decimal(share) if share else None)


def funds_in(year: int) -> list[Fund]:
    """The funds that are given in a year."""
    return [fund for fund in funds().values() if fund.year_from <= year <= fund.year_to]


@cache
def categories() -> dict[str, Category]:
    return {
        row["code"]: Category(row["code"], row["label"], row["unit"], row.get("industry", False))
        for row in _read()["categories"]
    }


@cache
def industry() -> frozenset[str]:
    """Codes of the categories that are industry."""
    return frozenset(code for code, category in categories().items() if category.industry)


@cache
def forbidden_uses() -> dict[str, ForbiddenUse]:
    return {row["code"]: ForbiddenUse(row["code"], row["label"], tuple(row["words"])) for row in _read()["forbidden"]}


def forbidden_source() -> str:
    """The document that names the forbidden uses."""
    return str(_read()["forbidden_source"])


def notice_days(stage: str) -> int:
    """How many days a notice of a stage hangs at least."""
    return int(_read()["notice_days"][stage])


def doubts(*texts: str) -> list[tuple[str, ForbiddenUse]]:
    """Words in these texts that sound like a forbidden use, each with the use."""
    said = "".join(texts)
    return [(word, use) for use in forbidden_uses().values() for word in use.words if word in said]


def label_of_fund(code: str) -> str:
    fund = funds().get(code)
    return fund.label if fund else code


def label_of_category(code: str) -> str:
    category = categories().get(code)
    return category.label if category else code


def label_of_forbidden(code: str) -> str:
    use = forbidden_uses().get(code)
    return use.label if use else code
