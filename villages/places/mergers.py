"""Mergers and splits of villages: households, groups, postings and figures move along, the successor is kept.

The rows of households are moved by whoever keeps them (moves.py). Everything happens in one transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F
from django.utils import timezone

from povreg.kit.history import act
from villages.models import Cadre, Place, PlaceChange, Posting, Unit, User, VillageProfile
from villages.places.moves import households_of_groups, move_rows
from villages.places.services import check_decision, create_place, lock_place, next_group_code, refuse
from villages.rights import Right
from villages.rights.checks import check_right

COUNTY_DIGITS = 6
SUMMED = ("households", "population", "collective_income")


@dataclass(frozen=True)
class Part:
    """What a split hands to another village: whole groups by name, single households by id, or both."""

    groups: Sequence[str] = ()
    household_ids: Sequence[int] = ()


def merge_villages(*, by: User, sources: Sequence[str], target: str, on: date, document: str) -> list[PlaceChange]:
    """Merge villages into another one of the same county: all their rows move, they are retired with a successor.

    Raises PermissionDenied without PLACE_EDIT at any of them, ValidationError for no source, the target itself, another
    county, a place that is no village or was abolished, a day to come, or no document.
    """
    for code in (*sources, target):
        check_right(by, Right.PLACE_EDIT, code)
    with act(by=by, verb="merge_villages", reason=document):
        check_decision(on, document)
        if not sources:
            raise refuse("sources", "请选择要并入的村。")
        villages = lock_villages([*sources, target], "sources")
        for code in sources:
            check_pair(villages[code], villages[target], "sources")
        return [_merge(by, villages[code], villages[target], on, document) for code in dict.fromkeys(sources)]


def split_village(
    *, by: User, source: str, parts: Mapping[str, Part], on: date, document: str, rest_to: str = ""
) -> list[PlaceChange]:
    """Hand groups or households of a village to other villages of the county (``parts``: village code to part).

    With ``rest_to`` everything that is left goes there and the source is retired. Raises PermissionDenied without
    PLACE_EDIT at any of them, ValidationError for nonsense as in a merger, an empty part, or a household named twice.
    """
    targets = list(dict.fromkeys([*parts, *([rest_to] if rest_to else [])]))
    for code in (source, *targets):
        check_right(by, Right.PLACE_EDIT, code)
    with act(by=by, verb="split_village", reason=document):
        check_decision(on, document)
        if not parts:
            raise refuse("target", "请至少选择一个接收的村。")
        villages = lock_villages([source, *targets], "target")
        for code in targets:
            check_pair(villages[source], villages[code], "target")
        moves = household_parts(source, parts)
        changes = [_hand_over(by, villages[source], villages[code], ids, on, document) for code, ids in moves.items()]
        if rest_to:
            changes.append(_merge(by, villages[source], villages[rest_to], on, document, PlaceChange.Kind.SPLIT))
        return changes


def lock_villages(codes: Iterable[str], field: str) -> dict[str, Place]:
    """The villages by code, locked in order of their codes so that two verbs never wait for each other."""
    villages = {code: lock_place(code, field) for code in sorted(set(codes))}
    for village in villages.values():
        if village.level != Place.Level.VILLAGE:
            raise refuse(field, f"{village}不是行政村，请选择行政村。")
    return villages


def check_pair(source: Place, target: Place, field: str) -> None:
    """Raises ValidationError for a village with itself and for villages of two counties."""
    if source.pk == target.pk:
        raise refuse(field, f"{source}不能并入或划入自己，请另选一个村。")
    if source.pk[:COUNTY_DIGITS] != target.pk[:COUNTY_DIGITS]:
        raise refuse(field, f"{source}与{target}不在同一个县，不能这样办理。")


def household_parts(source: str, parts: Mapping[str, Part]) -> dict[str, list[int]]:
    """Household ids by target. Raises ValidationError for an empty part or a household that two parts name."""
    found: dict[str, list[int]] = {}
    taken: set[int] = set()
    for target, part in parts.items():
        ids = set(part.household_ids) | set(households_of_groups(source, part.groups) if part.groups else ())
        if not ids:
            raise refuse("groups", "所选的组里没有农户，请核对组名（与农户登记的“自然村（组）”一致）。")
        if ids & taken:
            raise refuse("groups", "同一农户不能划给两个村，请核对各村分到的组。")
        taken |= ids
        found[target] = sorted(ids)
    return found


def _merge(
    by: User, source: Place, target: Place, on: date, document: str, kind: str = PlaceChange.Kind.MERGE
) -> PlaceChange:
    moved = move_rows(source.pk, target.pk, None, by)
    _merge_groups(source, target, on)
    if kind == PlaceChange.Kind.MERGE:
        _merge_profiles(source, target)
    _follow(by, source, target)
    source.retired_on, source.successor = on, target
    source.save(update_fields=["retired_on", "successor"])
    return _record(kind, source, target, moved, on, document, by)


def _hand_over(by: User, source: Place, target: Place, ids: list[int], on: date, document: str) -> PlaceChange:
    moved = move_rows(source.pk, target.pk, ids, by)
    return _record(PlaceChange.Kind.SPLIT, source, target, moved, on, document, by)


def _record(kind: str, source: Place, target: Place, moved: int, on: date, document: str, by: User) -> PlaceChange:
    return PlaceChange.objects.create(
        kind=kind,
        source=source,
        target=target,
        old_name=source.name,
        households_moved=moved,
        happened_on=on,
        document=document.strip(),
        by=by,
    )


def _merge_groups(source: Place, target: Place, on: date) -> None:
    """Groups go on under the target; one of the same name there takes them in."""
    there = {group.short_name: group for group in Place.objects.current().filter(parent=target)}
    for group in Place.objects.current().filter(parent=source).order_by("code"):
        heir = there.get(group.short_name)
        if heir is None:
            heir = create_place(next_group_code(target.pk), group.name, group.short_name, Place.Level.GROUP, target.pk)
        group.retired_on, group.successor = on, heir
        group.save(update_fields=["retired_on", "successor"])


def _merge_profiles(source: Place, target: Place) -> None:
    """Figures add up; the merged village is poor if one of them was, and off the list once the last poor one was."""
    old = VillageProfile.objects.filter(village=source).first()
    if old is None:
        return
    new = VillageProfile.objects.select_for_update().filter(village=target).first()
    new = new or VillageProfile(village=target, version=0)
    for name in SUMMED:
        known = [value for value in (getattr(old, name), getattr(new, name)) if value is not None]
        setattr(new, name, sum(known) if known else None)
    new.delisted_year = _delisted(old, new)
    new.is_poor = old.is_poor or new.is_poor
    new.in_mountain_cluster = old.in_mountain_cluster or new.in_mountain_cluster
    new.village_attr = new.village_attr or old.village_attr
    new.version += 1
    new.save()


def _delisted(*profiles: VillageProfile) -> int | None:
    years = [profile.delisted_year for profile in profiles if profile.is_poor]
    return None if None in years or not years else max(year for year in years if year)


def _follow(by: User, source: Place, target: Place) -> None:
    """Who is posted, works or gives support at the source does so at the target from today."""
    _follow_postings(by, source, target)
    Cadre.objects.filter(place=source).update(place=target, version=F("version") + 1)
    User.objects.filter(place=source).update(place=target)
    for unit in Unit.objects.filter(villages=source):
        unit.villages.remove(source)
        unit.villages.add(target)


def _follow_postings(by: User, source: Place, target: Place) -> None:
    """Postings end yesterday at the source and begin today at the target, unless the person has the role there."""
    today = timezone.localdate()
    held = list(Posting.objects.select_for_update().filter(place=source, until=None).exclude(ends_on__lt=today))
    there = set(Posting.objects.filter(place=target).exclude(ends_on__lt=today).values_list("user_id", "role"))
    Posting.objects.filter(pk__in=[row.pk for row in held if row.starts_on >= today]).delete()
    Posting.objects.filter(pk__in=[row.pk for row in held if row.starts_on < today]).update(
        ends_on=today - timedelta(days=1)
    )
    Posting.objects.bulk_create(
        Posting(
            user_id=row.user_id,
            role=row.role,
            place=target,
            starts_on=max(row.starts_on, today),
            ends_on=row.ends_on,
            granted_by=by,
        )
        for row in held
        if (row.user_id, row.role) not in there
    )
