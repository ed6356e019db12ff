"""Typed facts on their way into the tables: cleaned, derived, and members saved row by row in one go."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from households.models import Household, Member, MemberYear
from households.models.codes import HEAD, HEALTHY
from households.register.errors import SECTION, FormErrors, values_of
from households.register.fields import MEMBER_FACTS, SHARED_FACTS, YEAR_FACTS, MemberRow
from households.register.guard import save
from households.register.living import counted_here, lives_here, members_of
from households.register.numbers import next_person_no
from households.register.people import RESIDENT_PAPERS, derive, hold_numbers, refuse_duplicates
from households.register.written import account_fault, account_written, group_written, phone_fault, phone_written
from households.register.years import is_latest
from povreg.kit.crypto import lookup_hash
from povreg.kit.fields import CodeField
from povreg.kit.stale import check_version
from villages.codes.selectors import labels
from villages.models import User


def household_values(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Household facts as they are kept (households.register.written), with the look-up hashes of numbers."""
    values = dict(facts)
    for name, hash_name, written in NUMBERS:
        if name in values:
            values[name] = written(values[name] or "")
            values[hash_name] = lookup_hash(values[name])
    if values.get("group_name"):
        values["group_name"] = group_written(values["group_name"])
    return values


NUMBERS = (("phone", "phone_hash", phone_written), ("bank_account", "bank_hash", account_written))


def clean(
    model: type[models.Model], values: Mapping[str, Any], errors: FormErrors, row: str = SECTION
) -> dict[str, Any]:
    """Values as the model stores them; what it cannot store goes into ``errors`` with the field's name and a remedy."""
    cleaned = {}
    for name, value in values.items():
        field: Any = model._meta.get_field(name)
        try:
            cleaned[name] = _clean_one(field, value)
        except ValidationError as fault:
            errors.add(f"{field.verbose_name}：{'；'.join(fault.messages)}", field=name, row=row)
    return cleaned


def _clean_one(field: Any, value: Any) -> Any:
    if value is None and not field.null:
        value = field.get_default()
    if isinstance(field, ArrayField):
        codes: Any = field.base_field
        value = [_known_code(codes, code) for code in value]
    if isinstance(field, CodeField):
        return _known_code(field, value)
    return field.clean(value, None)


def _known_code(field: CodeField, code: Any) -> str:
    text = str(code or "")
    if text and text not in labels(field.code_table):
        raise ValidationError(f"没有“{text}”这个选项，请从列表中选择。")
    return text


def clean_or_refuse(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the model stores them. Raises FormErrors for the section."""
    errors = FormErrors()
    for name, fault in (("phone", phone_fault), ("bank_account", account_fault)):
        if said := fault(values.get(name) or "") if model is Household else "":
            errors.add(said, field=name)
    cleaned = clean(model, values, errors)
    errors.raise_if_any()
    return cleaned


class _Typed:
    """One row with its member, yearly row and cleaned values; ``here``: the member lives in the household now."""

    def __init__(self, row: MemberRow, member: Member, year_row: MemberYear | None, here: bool) -> None:
        self.row = row
        self.here = here
        self.member = member
        self.year_row = year_row
        self.values: dict[str, Any] = {}
        self.year_values: dict[str, Any] = {}

    def final(self, name: str) -> Any:
        """The value the member will have."""
        return self.values.get(name, getattr(self.member, name))


def save_member_rows(
    by: User | None, household: Household, year: int | None, rows: Sequence[MemberRow], newborn: bool = False
) -> list[Member]:
    """Add and change members of a locked household; nothing is saved when one row is faulty.

    ``year`` None saves current facts only. Returns the members in the order of ``rows``. Raises Conflict, FormErrors.
    """
    errors = FormErrors()
    typed = _match(household, year, rows)
    current = year is not None and is_latest(household, year)
    for each in typed:
        _clean_row(each, errors, current, newborn)
    _check_heads(household, typed, errors)
    if errors.rows:  # nothing is saved; who is registered elsewhere is said at once with the rest
        numbered = {each.row.key: Member(pk=each.member.pk, id_hash=each.final("id_hash")) for each in typed}
        refuse_duplicates(by, household, numbered, errors)
    errors.raise_if_any()
    for each in sorted(typed, key=lambda each: each.final("relation") == HEAD):
        _save_row(household, each)
    hold_numbers(household, (each.member for each in typed))
    refuse_duplicates(by, household, {each.row.key: each.member for each in typed}, errors)
    errors.raise_if_any()
    return [each.member for each in typed]


def _match(household: Household, year: int | None, rows: Iterable[MemberRow]) -> list[_Typed]:
    members = {member.pk: member for member in Member.objects.present().filter(household=household)}
    if any(row.member_id not in members for row in rows if row.member_id):
        members |= _counted_before(household, year)
    given = [row.member_id for row in rows if row.member_id]
    year_rows = {row.member_id: row for row in MemberYear.objects.filter(member__in=given, year=year or 0)}
    return [_typed(household, year, row, members.get(row.member_id or 0), year_rows) for row in rows]


def _typed(
    household: Household, year: int | None, row: MemberRow, member: Member | None, year_rows: Mapping[int, MemberYear]
) -> _Typed:
    here = member is None or lives_here(member, household.pk)
    if row.member_id and (member is None or (row.facts and not here)):
        raise FormErrors.one("这位成员已不在本户，请刷新页面后再填。", row=row.key)
    if member is None:
        member = Member(household=household, village_id=household.village_id)
    year_row = year_rows.get(member.pk)
    if year_row is not None and year_row.household_id != household.pk and not row.year_facts:
        year_row = None
    if year_row is not None and year_row.household_id != household.pk:
        raise FormErrors.one(f"{member.name}{year}年在另一户登记，该年的情况请在那一户修改。", row=row.key)
    if year is not None and year_row is None:
        year_row = MemberYear(household=household, village_id=household.village_id, year=year)
    return _Typed(row, member, year_row, here)


def _counted_before(household: Household, year: int | None) -> dict[int, Member]:
    """Who counts for the year but does not live there any more: their facts of the year may still be set right."""
    if year is None:
        return {}
    people = members_of(household.pk, year)
    return {each.pk: each for each in people if counted_here(each, year) and not lives_here(each, household.pk)}


def _clean_row(each: _Typed, errors: FormErrors, current: bool, newborn: bool) -> None:
    key = each.row.key
    facts = values_of(each.row.facts, MEMBER_FACTS, "a member")
    year_facts = values_of(each.row.year_facts, YEAR_FACTS, "a member's year")
    if each.member.pk:
        check_version(each.member, each.row.version, {**facts, **year_facts}, key)
    _require(each, facts, errors, newborn)
    if HEALTHY in (said := year_facts.get("healths") or ()) and len(said) > 1:
        errors.add("健康状况：“健康”不能与其他几项同时选，请去掉“健康”或其他几项。", field="healths", row=key)
    facts.setdefault("id_type", each.member.id_type)
    each.values = clean(Member, derive(facts, errors, key), errors, key)
    each.year_values = clean(MemberYear, year_facts, errors, key)
    if current and each.here:
        each.values |= {name: value for name, value in each.year_values.items() if name in SHARED_FACTS}


def _require(each: _Typed, facts: Mapping[str, Any], errors: FormErrors, newborn: bool) -> None:
    """Name, relation and number are what a person is found by: never blank once typed."""
    needed = {"name": "姓名不能为空，请填写。", "relation": "请选择与户主关系。"}
    if newborn and not facts.get("id_no"):
        needed |= {"birth_date": "请填写出生日期。", "sex": "请选择性别。"}
    elif facts.get("id_type", each.member.id_type) in RESIDENT_PAPERS:
        needed["id_no"] = "证件号码不能为空，请填写 18 位身份证号码。"
    for name, message in needed.items():
        asked = name in facts or not each.member.pk
        if asked and not str(facts.get(name) or "").strip():
            errors.add(message, field=name, row=each.row.key)


def _check_heads(household: Household, typed: Sequence[_Typed], errors: FormErrors) -> None:
    """Exactly one head (dictionary.md section 7 group 2), counted over typed and untouched members."""
    touched = [each.member.pk for each in typed if each.member.pk]
    others = Member.objects.present().filter(household=household, relation=HEAD).exclude(pk__in=touched).count()
    heads = [each for each in typed if each.here and each.final("relation") == HEAD]
    if others + len(heads) > 1:
        for each in heads:
            errors.add(
                "本户已有户主，一户只能有一位户主；要更换户主请用“变更户主”。", field="relation", row=each.row.key
            )
    if others + len(heads) == 0 and typed:
        errors.add("本户没有户主，请把一位成员的与户主关系选为“户主”。")


def _save_row(household: Household, each: _Typed) -> None:
    member = each.member
    if not member.pk:
        member.person_no = next_person_no(household)
        save(member, each.values)
    if each.year_row is None or not each.year_values:
        save(member, each.values)
        return
    each.year_row.member = member
    year_changed = save(each.year_row, each.year_values)
    if not save(member, each.values) and year_changed:
        member.version += 1
        member.save(update_fields=["version", "updated_at"])


def carry_member_years(household: Household, year: int) -> None:
    """Give the present members yearly rows for ``year`` with last year's facts, where they have none yet."""
    present = Member.objects.present().filter(household=household)
    have = MemberYear.objects.filter(household=household, year=year).values("member_id")
    last = MemberYear.objects.filter(member__in=present, year=year - 1).exclude(member_id__in=have)
    MemberYear.objects.bulk_create(
        MemberYear(
            member_id=row.member_id,
            household=household,
            village_id=household.village_id,
            year=year,
            **{name: getattr(row, name) for name in YEAR_FACTS},
        )
        for row in last
    )
