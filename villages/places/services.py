"""Verbs on places: new villages and groups, new names, what is known of a village. ``by=None`` is the operator."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from povreg.kit.history import act
from povreg.kit.pinyin import initials
from povreg.kit.stale import check_version
from villages.codes.selectors import check_codes
from villages.models import Place, PlaceChange, User, VillageProfile
from villages.places.names import clean_name, township_short_name, village_short_name
from villages.rights import Right
from villages.rights.checks import check_right

VILLAGE_CODE = re.compile(r"\d{12}")
GROUP_DIGITS = 3
PROFILE_FIELDS = (
    "is_poor",
    "in_mountain_cluster",
    "village_attr",
    "delisted_year",
    "households",
    "population",
    "collective_income",
)


def refuse(field: str, message: str) -> ValidationError:
    """A refusal beside a field of the form; an empty field stands for the whole form."""
    return ValidationError({field: message} if field else message)


def lock_place(code: str, field: str) -> Place:
    """The current place, locked. Raises ValidationError when it is unknown or was abolished."""
    place = Place.objects.select_for_update(of=("self",)).filter(pk=code).first()
    if place is None:
        raise refuse(field, f"没有代码为 {code} 的地点，请重新选择。")
    if place.retired_on:
        raise refuse(field, f"{place}已于{place.retired_on:%Y年%m月%d日}撤销，请选择现有的地点。")
    return place


def short_name_for(level: int, name: str) -> str:
    if level == Place.Level.VILLAGE:
        return village_short_name(name)
    return township_short_name(name) if level == Place.Level.TOWNSHIP else name


def checked_name(parent_code: str | None, level: int, name: str, but: str = "") -> tuple[str, str]:
    """(name, short name) of a place. Raises ValidationError when blank or borne by another place beside it."""
    name = clean_name(name)
    if not name:
        raise refuse("name", "请填写名称。")
    short = short_name_for(level, name)
    beside = Place.objects.current().filter(parent_id=parent_code, short_name=short).exclude(pk=but)
    if beside.exists():
        raise refuse("name", f"同一上级下已有“{short}”，请换一个名称。")
    return name, short


def add_village(*, by: User | None, township: str, code: str, name: str) -> Place:
    """A village that the national files do not hold yet, under a township; its code starts with the township's.

    Raises PermissionDenied without PLACE_EDIT there, ValidationError for a code or name that is taken or malformed.
    """
    check_right(by, Right.PLACE_EDIT, township)
    with act(by=by, verb="add_village"):
        above = lock_place(township, "township")
        if above.level != Place.Level.TOWNSHIP:
            raise refuse("township", f"{above}不是乡镇，行政村只能设在乡镇下。")
        if not (VILLAGE_CODE.fullmatch(code) and code.startswith(township)):
            raise refuse("code", f"村代码应为 12 位数字，前 9 位是乡镇代码 {township}，请核对。")
        if Place.objects.filter(pk=code).exists():
            raise refuse("code", f"代码 {code} 已被使用，请核对。")
        name, short = checked_name(township, Place.Level.VILLAGE, name)
        return create_place(code, name, short, Place.Level.VILLAGE, township)


def add_group(*, by: User | None, village: str, name: str) -> Place:
    """A villagers' group (村民小组) under a village, under the village's next free number (15 digits).

    Raises PermissionDenied without PLACE_EDIT there, ValidationError for a name that is blank or taken.
    """
    check_right(by, Right.PLACE_EDIT, village)
    with act(by=by, verb="add_group"):
        above = lock_place(village, "village")
        if above.level != Place.Level.VILLAGE:
            raise refuse("village", f"{above}不是行政村，村民小组只能设在行政村下。")
        name, short = checked_name(village, Place.Level.GROUP, name)
        return create_place(next_group_code(village), name, short, Place.Level.GROUP, village)


def next_group_code(village: str) -> str:
    """The number after the highest one ever given in the village. Raises ValidationError after 999."""
    last = Place.objects.filter(parent_id=village).order_by("-code").values_list("code", flat=True).first()
    number = int(last[-GROUP_DIGITS:]) + 1 if last else 1
    if number >= 10**GROUP_DIGITS:
        raise refuse("", "本村的组号已用完，不能再增加。")
    return f"{village}{number:0{GROUP_DIGITS}}"


def create_place(code: str, name: str, short: str, level: int, parent: str) -> Place:
    """The row alone; whoever calls has checked code and name."""
    return Place.objects.create(
        code=code, name=name, short_name=short, initials=initials(short), level=level, parent_id=parent
    )


def rename_place(*, by: User, place: str, name: str, on: date, document: str) -> PlaceChange:
    """Give a place a new name by a decision; later loads of the national file keep it.

    Raises PermissionDenied without PLACE_EDIT there, ValidationError for the same or a taken name, a day to come, or no
    document.
    """
    check_right(by, Right.PLACE_EDIT, place)
    with act(by=by, verb="rename_place", reason=document):
        row = lock_place(place, "place")
        check_decision(on, document)
        name, short = checked_name(row.parent_id, row.level, name, but=row.pk)
        if name == row.name:
            raise refuse("name", "新名称与原名称相同，无需更名。")
        old, row.name, row.short_name, row.initials = row.name, name, short, initials(short)
        row.save(update_fields=["name", "short_name", "initials"])
        return PlaceChange.objects.create(
            kind=PlaceChange.Kind.RENAME, source=row, target=row, old_name=old, happened_on=on, document=document, by=by
        )


def check_decision(on: date, document: str) -> None:
    """Raises ValidationError for a day to come or a decision without its number."""
    if on > timezone.localdate():
        raise refuse("on", "生效日期还没有到，请在生效当天或以后办理。")
    if not document.strip():
        raise refuse("document", "请填写批复文号。")


def save_profile(*, by: User | None, village: str, version: int, facts: Mapping[str, Any]) -> VillageProfile:
    """Record what is known of a village (dictionary.md 5.1).

    ``version`` is that of the profile the form showed, 0 when there was none. Raises PermissionDenied without
    PLACE_EDIT there, Conflict when somebody saved in between, ValidationError when the facts contradict each other.
    """
    check_right(by, Right.PLACE_EDIT, village)
    with act(by=by, verb="save_profile"):
        place = lock_place(village, "village")
        if place.level != Place.Level.VILLAGE:
            raise refuse("", f"{place}不是行政村，不登记村基本情况。")
        row = VillageProfile.objects.select_for_update().filter(pk=village).first()
        if row is not None:
            check_version(row, version, facts)
        row = row or VillageProfile(village=place, version=0)
        for name in PROFILE_FIELDS:
            setattr(row, name, facts[name])
        check_codes(row)
        check_profile(row)
        row.version += 1
        row.save()
        return row


def check_profile(row: VillageProfile) -> None:
    """A village that was never poor cannot have left the list; people cannot be fewer than households."""
    if row.delisted_year and not row.is_poor:
        raise refuse("delisted_year", "非贫困村不填出列年度，请清空，或勾选“贫困村”。")
    if row.delisted_year and row.delisted_year > timezone.localdate().year:
        raise refuse("delisted_year", "出列年度不能晚于今年，请核对。")
    if row.households is not None and row.population is not None and row.population < row.households:
        raise refuse("population", "总人口不能少于总户数，请核对。")
