"""The seven parts of the yearly file: which facts, which of them are asked anew each year, what must agree.

One declaration gives the sections of the page, the edit pages, completeness, the sheet, copying and checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Field

from villages.models import VillageYear


@dataclass(frozen=True)
class Part:
    """``yearly``: facts of that year alone, which a copy from the year before leaves out; ``optional``: not asked for
    completeness."""

    code: str
    label: str
    facts: tuple[str, ...]
    yearly: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()

    @property
    def asked(self) -> tuple[str, ...]:
        return tuple(name for name in self.facts if name not in self.optional)


COLLECTIVE = (
    "collective_business", "collective_contract", "collective_investment", "collective_subsidy", "collective_other",
)  # fmt: skip
"""The sources of 村集体经济收入, which is their sum."""
FUNDS = ("funds_central", "funds_provincial", "funds_local", "funds_units", "funds_society")
_INCOMES = ("farmer_income", *COLLECTIVE)
_HELP = (
    "projects", *FUNDS, "public_posts", "trained_people", "loan_households", "loan_balance", "loan_overdue_households",
)  # fmt: skip
_EFFECTS = (
    "project_households", "employed_people", "roads_built", "water_solved_households", "houses_repaired",
    "relocated_households", "effect",
)  # fmt: skip

PARTS = (
    Part("basic", "基本情况", (
        "natural_villages", "groups", "households", "population", "minority_population", "disabled_population",
        "left_children", "empty_nest_elders", "labour_force", "migrant_workers", "party_members", "farmland", "paddy",
        "forest", "orchard", "fishpond",
    )),
    Part("level", "发展水平", (*_INCOMES[:1], "main_income", *COLLECTIVE, "collective_assets", "collective_debt"),
         yearly=frozenset(_INCOMES)),
    Part("facilities", "基础设施状况", (
        "hard_road", "unpaved", "hamlets_without_road", "bus", "three_phase_power", "households_without_power",
        "broadband", "hamlets_without_broadband", "irrigated",
    )),
    Part("living", "生产生活条件", (
        "tap_water_households", "water_difficult_households", "water_unsafe_households", "dilapidated_households",
        "homeless_households", "sanitary_toilet_households", "main_industry", "cooperatives", "cooperative_households",
        "leading_enterprises", "workshops",
    )),
    Part("services", "公共服务情况", (
        "clinics", "physicians", "village_doctors", "medical_insured", "pension_insured", "primary_schools",
        "kindergartens", "culture_rooms", "public_toilets", "waste_points", "information_officers",
    ), yearly=frozenset({"medical_insured", "pension_insured"})),
    Part("help", "帮扶情况", ("helping_units", "team_members", *_HELP), yearly=frozenset(_HELP)),
    Part("effect", "帮扶成效", _EFFECTS, yearly=frozenset(_EFFECTS), optional=frozenset({"effect"})),
)  # fmt: skip
FACTS = tuple(name for part in PARTS for name in part.facts)
ASKED = tuple(name for part in PARTS for name in part.asked)
COPIED = tuple(name for part in PARTS for name in part.facts if name not in part.yearly)
PART_OF = {name: part for part in PARTS for name in part.facts}
MOST_COUNTED = 2_000_000
"""No village has more of anything."""

WITHIN = (
    ("households", "population"), ("minority_population", "population"), ("disabled_population", "population"),
    ("left_children", "population"), ("empty_nest_elders", "population"), ("labour_force", "population"),
    ("migrant_workers", "labour_force"), ("party_members", "population"), ("paddy", "farmland"),
    ("irrigated", "farmland"), ("hamlets_without_road", "natural_villages"),
    ("hamlets_without_broadband", "natural_villages"), ("households_without_power", "households"),
    ("tap_water_households", "households"), ("water_difficult_households", "households"),
    ("water_unsafe_households", "households"), ("dilapidated_households", "households"),
    ("homeless_households", "households"), ("sanitary_toilet_households", "households"),
    ("cooperative_households", "households"), ("loan_households", "households"),
    ("loan_overdue_households", "households"), ("medical_insured", "population"), ("pension_insured", "population"),
    ("project_households", "households"), ("water_solved_households", "households"),
    ("houses_repaired", "households"), ("relocated_households", "households"),
)  # fmt: skip
"""The first is a part of the second and cannot be more."""


def field_of(name: str) -> Field:
    found: Any = VillageYear._meta.get_field(name)
    return found  # type: ignore[no-any-return]


def recorded(row: VillageYear, names: tuple[str, ...]) -> int:
    """How many of these facts are recorded; nought is, an empty box is not."""
    return sum(getattr(row, name) not in (None, "") for name in names)


def total(row: VillageYear, names: tuple[str, ...]) -> Decimal | None:
    """The sum of amounts; None while none of them is recorded."""
    amounts = [value for name in names if (value := getattr(row, name)) is not None]
    return sum(amounts, Decimal(0)) if amounts else None
