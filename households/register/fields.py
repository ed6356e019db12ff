"""Which fields are typed where: the facts each entry section may set, and the row a member is typed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import models

from households.models.annual import APART_FIELDS, OF_WHICH_FIELDS, WATER_ITEMS, WORKSHEET_FIELDS

HOUSEHOLD_FACTS = (
    "group_name",
    "address",
    "door_no",
    "phone",
    "bank_name",
    "bank_account",
    "poverty_standard",
    "household_attr",
    "main_cause",
    "other_causes",
    "cause_note",
    "planned_exit_year",
    "is_martyr_family",
    "is_only_child_family",
    "is_two_daughter_family",
    "no_labour_backstop",
    "collector",
    "note",
)

MEMBER_FACTS = (
    "name",
    "id_type",
    "id_no",
    "sex",
    "birth_date",
    "relation",
    "ethnicity",
    "political",
    "education",
    "disability_cert",
    "disability_valid_until",
    "active_military",
    "speaks_mandarin",
    "jobless_reason",
    "unattended",
    "phone",
    "identified_on",
)
"""Current facts of a person. ``sex`` and ``birth_date`` count only where no valid identity number says them."""

SHARED_FACTS = (
    "school_status",
    "dropout_reason",
    "healths",
    "health",
    "labour",
    "work_place",
    "work_months",
    "ins_major",
    "ins_commercial",
)
"""Facts of a year that are the person's current facts too, when the year is the household's latest."""

YEAR_FACTS = (
    *SHARED_FACTS,
    "ins_resident",
    "ins_employee",
    "pen_resident",
    "pen_employee",
    "dibao",
    "tekun",
    "public_job",
    "public_job_months",
)

INCOME_FACTS = WORKSHEET_FIELDS + OF_WHICH_FIELDS + APART_FIELDS
LIVING_FACTS = (
    "arable_mu",
    "irrigated_mu",
    "forest_mu",
    "grain_to_green_mu",
    "orchard_mu",
    "pasture_mu",
    "water_mu",
    "in_coop",
    "power_production",
    "water_difficult",
    "main_road_km",
    "entry_road",
    "entry_road_hardened",
    "house_area_m2",
    "house_structure",
    "house_built_year",
    "has_toilet",
    "main_fuel",
)
GUARANTEE_FACTS = (
    "food",
    "clothing",
    "house_grade",
    "house_security",
    "water_safe",
    *WATER_ITEMS,
    "power_living",
    "broadcast",
)
SURVEY_FACTS = ("surveyed_on", "surveyors", "source")
ANNUAL_FACTS = INCOME_FACTS + LIVING_FACTS + GUARANTEE_FACTS + SURVEY_FACTS

SECTIONS = {
    "basic": "基本情况",
    "members": "家庭成员",
    "living": "生产生活条件",
    "income": "收入与支出",
    "guarantees": "两不愁三保障",
    "files": "附件",
}
"""Entry sections of the household page, in order."""

SECTION_FACTS: dict[str, tuple[str, ...]] = {
    "basic": tuple(f"household.{name}" for name in HOUSEHOLD_FACTS),
    "members": tuple(f"member.{name}" for name in MEMBER_FACTS + YEAR_FACTS),
    "living": tuple(f"annual.{name}" for name in LIVING_FACTS),
    "income": tuple(f"annual.{name}" for name in INCOME_FACTS),
    "guarantees": tuple(f"annual.{name}" for name in GUARANTEE_FACTS + SURVEY_FACTS),
    "files": (),
}
"""Which fields ("table.field") belong to which section."""

SECTION_OF = {name: section for section, names in SECTION_FACTS.items() for name in names}


def verbose(model: type[models.Model], name: str) -> str:
    """The label of a model's field."""
    return str(cast("models.Field[Any, Any]", model._meta.get_field(name)).verbose_name)


@dataclass
class MemberRow:
    """One typed row of the members table.

    ``key`` is the form's own name for the row: faults and clashes come back under it. ``member_id`` None adds a person.
    ``version`` is the version the form had shown (None when adding). ``facts`` are current facts, ``year_facts`` the
    facts of the year; a fact left out stays as it is.
    """

    key: str
    member_id: int | None = None
    version: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    year_facts: Mapping[str, Any] = field(default_factory=dict)
