"""What is entered for a closed year: the year's records stay as they were closed, the late facts stand beside them and
are shown in their place (design.md section 8)."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models

from households.closed.late import Kind, closed_among, keep
from households.closed.selectors import closed_now
from households.models import AnnualRecord, Household, LateFact, Member, MemberYear
from households.register.errors import FormErrors
from households.register.fields import ANNUAL_FACTS, SHARED_FACTS, YEAR_FACTS, MemberRow, verbose
from households.register.guard import save
from households.register.rows import clean, save_member_rows
from households.register.years import is_latest
from povreg.kit.prepared import Ready
from povreg.kit.values import shown
from villages.models import User

Row = TypeVar("Row", AnnualRecord, MemberYear)


LATE = Ready(
    lambda household, year: LateFact.objects.filter(household=household, year=year).select_related("by").order_by("pk"),
    int,
    int,
)


def late_of(household_id: int, year: int) -> list[LateFact]:
    """The late facts of a household's year, in the order in which they came."""
    return LATE(household_id, year)


def amended(row: Row, late: Iterable[LateFact]) -> Row:
    """A copy of a row of a closed year with what came later, to be shown, never saved."""
    found = copy(row)
    for fact in late:
        for name, (_closed, value) in fact.facts.items():
            field: Any = row._meta.get_field(name)
            setattr(found, name, field.to_python(value))
    return found


def amended_record(record: AnnualRecord | None, household: Household, year: int, late: Iterable[LateFact]) -> Any:
    """The record of a closed year with its late facts; None where there is neither."""
    facts = [fact for fact in late if fact.kind == Kind.RECORD]
    if record is None and not facts:
        return None
    return amended(record or AnnualRecord(household=household, village_id=household.village_id, year=year), facts)


def amended_member(row: MemberYear | None, member: Member, year: int, late: Iterable[LateFact]) -> MemberYear | None:
    """The same of a member's row of the year."""
    facts = [fact for fact in late if fact.kind == Kind.MEMBER and fact.member_id == member.pk]
    if row is None and not facts:
        return None
    blank = MemberYear(member=member, household_id=member.household_id, village_id=member.village_id, year=year)
    return amended(row or blank, facts)


def keep_record(
    by: User | None, household: Household, year: int, values: Mapping[str, Any], reason: str
) -> AnnualRecord:
    """Keep what was typed into the record of a closed year; returns the record as it is shown then."""
    late = late_of(household.pk, year)
    closed = AnnualRecord.objects.filter(household=household, year=year).first()
    stands = amended_record(closed, household, year, late)
    blank = AnnualRecord(household=household, village_id=household.village_id, year=year)
    found = stands or blank
    facts = _differing(found, values)
    if facts:
        words = _words(AnnualRecord, found, values, facts)
        kept = keep(by=by, household=household, year=year, kind=Kind.RECORD, what=words, reason=reason, facts=facts)
        late.append(kept)
    return amended_record(closed, household, year, late) or blank


def save_rows_of_year(
    by: User | None, household: Household, year: int, rows: Sequence[MemberRow], reason: str, newborn: bool = False
) -> list[Member]:
    """Save members as :func:`~households.register.rows.save_member_rows` does, but keep their facts of a closed year
    beside it. Raises Conflict, FormErrors, ValidationError where a reason is lacking."""
    told = any(row.year_facts for row in rows)
    if not closed_now([household.village_id], [year]):
        return save_member_rows(by, household, year, rows, newborn)
    if told:
        closed_among(household.village_id, [year], reason)
    errors = FormErrors()
    values = [clean(MemberYear, row.year_facts, errors, row.key) for row in rows]
    errors.raise_if_any()
    members = save_member_rows(by, household, None, [replace(row, year_facts={}) for row in rows], newborn)
    late, current = late_of(household.pk, year), is_latest(household, year)
    kept = {row.member_id: row for row in MemberYear.objects.filter(member__in=members, year=year)}
    for member, typed in zip(members, values, strict=True):
        _keep_member(by, household, year, member, kept.get(member.pk), typed, late, reason)
        if current:
            save(member, {name: value for name, value in typed.items() if name in SHARED_FACTS})
    return members


def _keep_member(
    by: User | None, household: Household, year: int, member: Member, row: MemberYear | None,
    typed: Mapping[str, Any], late: Iterable[LateFact], reason: str,
) -> None:  # fmt: skip
    found = amended_member(row, member, year, late) or MemberYear(member=member, year=year)
    facts = _differing(found, typed)
    if facts:
        words = f"{member.name} {_words(MemberYear, found, typed, facts)}"
        keep(by=by, household=household, year=year, kind=Kind.MEMBER, what=words, reason=reason, facts=facts,
             member=member)  # fmt: skip


def _differing(row: AnnualRecord | MemberYear, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Column to [as it stands, as typed], as JSON, of what differs."""
    known = ANNUAL_FACTS if isinstance(row, AnnualRecord) else YEAR_FACTS
    return {
        name: [_json(getattr(row, name)), _json(value)]
        for name, value in values.items()
        if name in known and getattr(row, name) != value
    }


def _json(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


def _words(model: type[models.Model], row: models.Model, values: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """住房等级：C级→A级；…"""
    said = []
    for name in facts:
        field: Any = model._meta.get_field(name)
        said.append(f"{verbose(model, name)}：{shown(field, getattr(row, name))}→{shown(field, values[name])}")
    return "；".join(said)
