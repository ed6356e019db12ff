"""Keeping who looked (records of processing are kept three years: 个人信息保护法 article 56)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.cache import caches
from django.utils import timezone

from households.models import Look
from villages.models import User
from villages.people.selectors import place_label
from villages.rights import GRANTS, Right

REMEMBERED = 3600  # seconds for which a process knows that today's look is kept
Way = Look.Way


def note_look(*, by: User, household: int, village: str, way: str = Way.PAGE) -> None:
    """Keep that somebody looked at a household (by its id) of a village, once a day and way."""
    today = timezone.localdate()
    key = f"look:{by.pk}:{household}:{today:%Y%m%d}:{way}"
    cache = caches["process"]
    if cache.get(key):
        return
    role, office = as_whom(by, village)
    row = Look(household_id=household, by=by, role=role, office=office, way=way, day=today)
    Look.objects.bulk_create([row], ignore_conflicts=True)
    cache.set(key, True, REMEMBERED)


def as_whom(by: User, village: str) -> tuple[str, str]:
    """The role in which somebody sees the household, and his office: the unit, else the place he is posted at. Where no
    posting of his lies there, the role he has, or none: no role is made up."""
    held = [(role, code) for role, code in by.postings_today() if Right.HOUSEHOLD_VIEW in GRANTS[role]]
    there = [each for each in held if village.startswith(each[1])]
    role, code = max(there or held, key=lambda each: len(each[1]), default=("", ""))
    unit: Any = by.unit
    return str(role), str(unit or (place_label(code) if code else ""))[:80]


def forget_looks(*, before: date) -> int:
    """Delete what was kept before a day; returns how many."""
    count, _ = Look.objects.filter(day__lt=before).delete()
    return count
