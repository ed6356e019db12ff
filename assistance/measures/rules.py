"""Limits of particular measures, each with its source: assistance/data/measure_rules.json."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

RULES_JSON = Path(__file__).resolve().parent.parent / "data" / "measure_rules.json"


@dataclass(frozen=True)
class LoanRule:
    """Yuan that a household may owe in all, months of the longest term, years of age of the oldest borrower."""

    limit: Decimal
    months: int
    oldest: int
    source: str


@dataclass(frozen=True)
class RelocationRule:
    """Square metres a head."""

    area_per_person: Decimal
    source: str


@dataclass(frozen=True)
class Rules:
    loan: LoanRule
    relocation: RelocationRule
    due_days: tuple[int, ...]


@cache
def rules() -> Rules:
    """The limits in force."""
    data = json.loads(RULES_JSON.read_text(encoding="utf-8"), parse_int=int)
    loan, move = data["loan"], data["relocation"]
    return Rules(
        LoanRule(Decimal(loan["limit"]), loan["months"], loan["oldest"], loan["source"]),
        RelocationRule(Decimal(move["area_per_person"]), move["source"]),
        tuple(data["due_days"]),
    )
