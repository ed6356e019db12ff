"""Rows of assistance for tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from assistance.models import CatalogueItem, CorrectionRequest, Measure, NeedsSurvey, Plan, PlanLine, Policy, Visit
from households.models import Household, Member
from tests import factories
from villages.models import User
from villages.rights import Role

LOAN, RAIN, GRAIN, WATER = "110501", "310203", "110101", "210301"


def catalogue_item(code: str = GRAIN) -> CatalogueItem:
    """An entry of the shipped catalogue."""
    return CatalogueItem.objects.get(code=code, place=None)


def measure(household: Household, code: str = GRAIN, **facts: Any) -> Measure:
    """A measure that reached the household in 2020."""
    defaults = {
        "delivered_on": date(2020, 5, 20),
        "amount": Decimal(600),
        "quantity": Decimal(3),
        "payer": "农业农村局",
        "source": "county",
    }
    return Measure.objects.create(
        household=household, village_id=household.village_id, item=catalogue_item(code), **{**defaults, **facts}
    )


def visit(household: Household, by: User | None = None, **facts: Any) -> Visit:
    """A visit on the spot, where nobody could sign."""
    defaults = {"visited_on": timezone.localdate(), "way": "field", "unsigned_reason": "电话告知", "water": "fine"}
    by = by or factories.posted(Role.HELPER)
    return Visit.objects.create(household=household, village_id=household.village_id, by=by, **{**defaults, **facts})


def correction_request(household: Household, **facts: Any) -> CorrectionRequest:
    """What a household said is wrong."""
    today = timezone.localdate()
    defaults = {"about": "income", "said": "工资登记少了", "received_on": today, "due_on": today + timedelta(days=15)}
    return CorrectionRequest.objects.create(
        household=household, village_id=household.village_id, **{**defaults, **facts}
    )


def survey(household: Household, by: User | None = None, **facts: Any) -> NeedsSurvey:
    """The family wants work and lacks money."""
    defaults = {"surveyed_on": date(2026, 1, 8), "needs": ["job"], "will": ["job"]}
    by = by or factories.posted(Role.HELPER)
    return NeedsSurvey.objects.create(
        household=household, village_id=household.village_id, by=by, **{**defaults, **facts}
    )


def plan(household: Household, year: int | None = None, **facts: Any) -> Plan:
    """A plan that is being drawn this year."""
    asked = survey(household)
    defaults = {"path": "job", "path_reason": "有 1 个劳动力，本人愿意务工。", "drawn_on": date(2026, 1, 9)}
    return Plan.objects.create(
        household=household,
        village_id=household.village_id,
        year=year or timezone.localdate().year,
        survey=asked,
        drawn_by=asked.by,
        **{**defaults, **facts},
    )


def plan_line(of: Plan, code: str = GRAIN, **facts: Any) -> PlanLine:
    return PlanLine.objects.create(
        plan=of,
        household=of.household,
        village_id=of.village_id,
        item=catalogue_item(code),
        **{"due_on": date(of.year, 12, 31), **facts},
    )


def policy(code: str = "insurance") -> Policy:
    """A policy of the shipped library."""
    return Policy.objects.get(code=code, place=None)


def pupil() -> Member:
    """Somebody at a vocational school, registered as poor."""
    person = factories.household(members=1).members.get()
    person.school_status = "10"
    person.save()
    return person


def photo(colour: str = "white") -> SimpleUploadedFile:
    """A small picture as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg")


OWN_LISTS: dict[str, Callable[[], Any]] = {
    "catalogue": lambda: None,
    "measures": lambda: measure(factories.household(members=1)),
    "policies": lambda: None,
    "entitled": pupil,
    "plans": lambda: plan_line(plan(factories.household(members=1))).plan,
    "plans-missing": lambda: factories.household(members=1, exit_status="0"),
    "correction-requests": lambda: correction_request(factories.household(members=1)),
    "visits": lambda: visit(factories.household(members=1)),
    "visits-due": lambda: factories.household(members=1),
}
"""Lists with a page and a resource of the same name, and what makes a row of each."""
