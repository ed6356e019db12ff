"""Verbs on departments, support units and cadres (dictionary.md 5.2)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from povreg.kit.crypto import lookup_hash
from povreg.kit.history import Versioned, act
from povreg.kit.idnumber import IdFault, normalise, parse
from povreg.kit.scopes import within_any
from povreg.kit.stale import check_version
from villages.codes.selectors import check_codes
from villages.models import Cadre, Place, Posting, Unit, User
from villages.rights import Right
from villages.rights.checks import check_right

MOBILE = re.compile(r"1[3-9]\d{9}")
UNIT_FACTS = ("name", "kind", "level", "place", "address", "leader_name", "phone", "is_active")
CADRE_FACTS = (
    "name", "unit", "place", "post", "rank", "political", "education", "skill",
    "is_first_secretary", "is_team_leader", "is_team_member", "stationed_from", "stationed_to",
)  # fmt: skip
ID_FAULTS = {
    IdFault.LENGTH: "证件号码应为 18 位，请核对后重新填写。",
    IdFault.BIRTHDATE: "证件号码第 7 至 14 位不是真实的出生日期，请核对。",
    IdFault.CHECKSUM: "证件号码的校验位不对，多半是其中一位写错了，请对照证件核对。",
}


def save_unit(
    *, by: User, unit: Unit | None = None, version: int = 0, villages: Collection[Place] = (), **facts: Any
) -> Unit:
    """Record a unit, or change one that was read at ``version``, with the villages it supports.

    Raises PermissionDenied outside one's places, Conflict when somebody else changed the unit meanwhile,
    ValidationError for a name that is there already and for villages outside one's places.
    """
    check_edit(by, unit, facts["place"])
    outside = [str(village) for village in villages if not by.can(Right.UNIT_EDIT, village.code)]
    if outside:
        raise ValidationError({"villages": f"不在您的管辖范围内：{'、'.join(outside)}，请去掉。"})
    with act(by=by, verb="save_unit"):
        unit = locked(Unit, unit, version, facts)
        put(unit, facts, UNIT_FACTS)
        if Unit.objects.filter(place=unit.place, name=unit.name).exclude(pk=unit.pk).exists():
            raise ValidationError({"name": f"“{unit.place}”已有名称为“{unit.name}”的单位，请修改那一条。"})
        unit.full_clean()
        unit.save()
        unit.villages.set(villages)
    return unit


def save_cadre(
    *, by: User, cadre: Cadre | None = None, version: int = 0, id_no: str = "", phone: str = "", username: str = "",
    **facts: Any,
) -> Cadre:  # fmt: skip
    """Record a cadre, or change one that was read at ``version``. An empty identity number or phone leaves the stored
    one as it is; a number given fills sex and birth date.

    Raises PermissionDenied outside one's places, Conflict when somebody else changed the cadre meanwhile,
    ValidationError beside the field otherwise.
    """
    check_edit(by, cadre, facts["place"])
    with act(by=by, verb="save_cadre"):
        cadre = locked(Cadre, cadre, version, facts)
        put(cadre, facts, CADRE_FACTS)
        if id_no.strip():
            set_id(cadre, id_no)
        if phone.strip():
            set_phone(cadre, phone)
        cadre.user = account_of(by, cadre, username)
        check_stay(cadre)
        cadre.save()
    return cadre


def check_edit(by: User, row: Unit | Cadre | None, place: Place) -> None:
    """Raises PermissionDenied unless the row's place, old and new, is one where ``by`` keeps units and cadres."""
    codes = {place.code} | ({row.place_id} if row is not None else set())
    for code in codes:
        check_right(by, Right.UNIT_EDIT, code)


def locked(model: type[Versioned], row: Any, version: int, typed: Mapping[str, Any]) -> Any:
    """A new row, or the stored one locked for the change, its version counted up.

    Raises Conflict when it is no longer the version that was read.
    """
    if row is None:
        return model()
    stored = model.objects.select_for_update().get(pk=row.pk)  # type: ignore[attr-defined]
    check_version(stored, version, typed)
    stored.version += 1
    return stored


def put(row: Unit | Cadre, facts: Mapping[str, Any], names: Collection[str]) -> None:
    """Set the facts that were given. Raises TypeError for one the row does not have, ValidationError for codes that are
    none."""
    unknown = set(facts) - set(names)
    if unknown:
        raise TypeError(f"no facts of {type(row).__name__}: {sorted(unknown)}")
    for name, value in facts.items():
        setattr(row, name, value)
    check_codes(row)


def set_id(cadre: Cadre, text: str) -> None:
    """Raises ValidationError naming what is wrong with the number, or that it is recorded already."""
    number = parse(text, timezone.localdate())
    if isinstance(number, IdFault):
        raise ValidationError({"id_no": ID_FAULTS[number]})
    hashed = lookup_hash(number.text)
    if Cadre.objects.filter(id_hash=hashed).exclude(pk=cadre.pk).exists():
        raise ValidationError({"id_no": "这个证件号码已经登记过一名干部，请在名单中查找，不要重复登记。"})
    cadre.id_no, cadre.id_hash = number.text, hashed
    cadre.sex, cadre.birth_date = number.sex, number.birth_date


def set_phone(cadre: Cadre, text: str) -> None:
    """Raises ValidationError for what is no mobile number."""
    number = normalise(text)
    if not MOBILE.fullmatch(number):
        raise ValidationError({"phone": "手机号应为 11 位数字，以 13 至 19 开头，请核对。"})
    cadre.phone, cadre.phone_hash = number, lookup_hash(number)


def account_of(by: User, cadre: Cadre, username: str) -> User | None:
    """The account the cadre signs in with. Raises ValidationError for one that is not found inside one's places or
    belongs to another cadre."""
    if not username.strip():
        return None
    places = by.places_with(Right.UNIT_EDIT)
    posted = Posting.objects.today().filter(within_any("place_id", places)).values("user_id")
    nearby = User.objects.filter(within_any("place_id", places) | Q(pk__in=posted))
    account = nearby.filter(username=username.strip().lower()).first()
    if account is None:
        raise ValidationError({"username": f"没有找到账号“{username.strip()}”，请核对用户名，或留空。"})
    if Cadre.objects.filter(user=account).exclude(pk=cadre.pk).exists():
        raise ValidationError({"username": f"账号“{account.username}”已属于另一名干部，请核对。"})
    return account


def check_stay(cadre: Cadre) -> None:
    """Raises ValidationError for a stay that ends before it begins, or ends without having begun."""
    if cadre.stationed_to and not cadre.stationed_from:
        raise ValidationError({"stationed_from": "填写了驻村结束日期，请补填驻村开始日期。"})
    if cadre.stationed_to and cadre.stationed_from and cadre.stationed_to < cadre.stationed_from:
        raise ValidationError({"stationed_to": "驻村结束日期早于开始日期，请改正。"})
