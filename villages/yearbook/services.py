"""Verbs on yearly files of villages: begin a year, save facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from povreg.kit import locks
from povreg.kit.history import act
from povreg.kit.stale import check_version
from povreg.kit.values import plain
from villages.models import Place, User, VillageProfile, VillageYear
from villages.rights import Right
from villages.rights.checks import check_right
from villages.yearbook.parts import COPIED, FACTS, MOST_COUNTED, WITHIN, field_of
from villages.yearbook.selectors import latest_before

FIRST_YEAR = 2013
FROM_PROFILE = ("households", "population")
"""What the village's own page holds already, so that the first file does not ask it again."""


def start_year(*, by: User | None, village: Place, year: int, copy: bool = False) -> VillageYear:
    """Begin the file of a village for a year; ``copy`` takes over what seldom changes from the newest earlier file.

    A village's first file begins with the households and people of its profile. Raises PermissionDenied outside one's
    places, ValidationError for a place that is no village any more, for a year that has a file or is to come, and where
    there is nothing to copy.
    """
    check_right(by, Right.VILLAGE_FILE_EDIT, village.code)
    check_begin(village, year)
    with act(by=by, verb="start_village_year"):
        locks.hold("village_year", village.code, year)
        if VillageYear.objects.filter(village=village, year=year).exists():
            raise ValidationError({"year": f"{village}已有 {year} 年的台账，请直接打开修改。"})
        before = latest_before(village, year)
        if copy and before is None:
            raise ValidationError({"copy": f"{village}没有更早年度的台账可以沿用，请去掉“沿用”后再建立。"})
        row = VillageYear(village=village, year=year)
        known = {name: getattr(before, name) for name in COPIED} if copy else {} if before else of_profile(village)
        for name, value in known.items():
            setattr(row, name, value)
        row.save()
    return row


def check_begin(village: Place, year: int) -> None:
    """Raises ValidationError for what can have no file of that year."""
    if village.level != Place.Level.VILLAGE or village.retired_on is not None:
        raise ValidationError(f"{village}不是现有的行政村，不能建立村情台账。")
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise ValidationError({"year": f"年度应在 {FIRST_YEAR} 年至今年之间，请改正。"})


def of_profile(village: Place) -> dict[str, Any]:
    profile = VillageProfile.objects.filter(pk=village.pk).first()
    return {name: getattr(profile, name) for name in FROM_PROFILE} if profile else {}


def save_facts(
    *, by: User | None, row: VillageYear, version: int, facts: Mapping[str, Any], verb: str = "save_village_year"
) -> VillageYear:
    """Set facts of a file that was read at ``version``; facts that are not named stay.

    Raises PermissionDenied outside one's places, Conflict when somebody saved in between, ValidationError beside each
    fact that cannot be, TypeError for one that no file has.
    """
    check_right(by, Right.VILLAGE_FILE_EDIT, row.village_id)
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"no facts of a village's year: {sorted(unknown)}")
    with act(by=by, verb=verb):
        stored = VillageYear.objects.select_for_update().select_related("village").get(pk=row.pk)
        check_version(stored, version, facts)
        for name, value in facts.items():
            setattr(stored, name, value)
        check_facts(stored)
        stored.version += 1
        stored.save()
    return stored


def check_facts(row: VillageYear) -> None:
    """Raises ValidationError beside each figure that is negative, beyond belief, or more than what it is a part of."""
    wrong: dict[str, str] = {}
    for name in FACTS:
        field, value = field_of(name), getattr(row, name)
        if value is None or isinstance(value, str | bool):
            continue
        if value < 0:
            wrong[name] = f"{field.verbose_name}不能小于 0，请填 0 或正数；没有调查请留空。"
        elif isinstance(field, models.IntegerField) and value > MOST_COUNTED:
            wrong[name] = f"{field.verbose_name}超过 {MOST_COUNTED:,}，请核对。"
    for part, whole in WITHIN:
        inner, outer = getattr(row, part), getattr(row, whole)
        if inner is not None and outer is not None and inner > outer:
            wrong.setdefault(part, more_than(part, whole, outer))
    if wrong:
        raise ValidationError(wrong)


def more_than(part: str, whole: str, outer: Any) -> str:
    name, other = field_of(part).verbose_name, field_of(whole).verbose_name
    return f"{name}不能多于{other}（{plain(outer)}），请核对这两项。"
