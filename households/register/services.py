"""Entering households: the verbs behind the sections of the household page.

Every verb checks the right at the village, locks the household, refuses with FormErrors (faults by row and field,
warnings that want a tick) or Conflict (somebody saved meanwhile), and has the verdict recomputed after commit.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone

from households.closed.late import closed_among
from households.closed.selectors import closed_now
from households.models import AcceptedWarning, AnnualRecord, Household, Member, RegisterEvent, UnmaskLog
from households.models.codes import HEAD
from households.register import after
from households.register.errors import FormErrors, refusal, values_of
from households.register.fields import ANNUAL_FACTS, HOUSEHOLD_FACTS, SURVEY_FACTS, MemberRow
from households.register.guard import lock, save
from households.register.late_records import amended_record, keep_record, late_of, save_rows_of_year
from households.register.logic.facts import RECORD, gather
from households.register.numbers import next_household_no
from households.register.people import derive
from households.register.rows import carry_member_years, clean_or_refuse, household_values, save_member_rows
from households.register.ticks import refuse_findings, standing, standing_on
from households.register.years import calendar_year, years_offered
from povreg.kit.history import act
from povreg.kit.idnumber import normalise
from povreg.kit.reach import wider
from povreg.kit.scopes import county_of, within
from povreg.kit.stale import check_version
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

NEW_HOUSEHOLD = "01"
LONGEST_NUMBER = 24


def register_household(
    *,
    by: User,
    village: str,
    facts: Mapping[str, Any],
    head: Mapping[str, Any],
    household_no: str = "",
    ticks: Collection[str] = (),
) -> Household:
    """Enter a new household with its head in a village (12-digit code): an ordinary one (普通农户). Only a list gives
    it a class.

    ``facts`` are HOUSEHOLD_FACTS, ``head`` MEMBER_FACTS (the relation is set). ``household_no`` is the national
    system's number where there is one; else the next free one of the village. Faults of the head come back under the
    row key ``head``. Raises FormErrors, PermissionDenied, ValidationError for a place that is no current village.
    """
    check_right(by, Right.HOUSEHOLD_EDIT, village)
    with act(by=by, verb="add_household"):
        if not Place.objects.current().filter(code=village, level=Place.Level.VILLAGE).exists():
            raise refusal("请选择一个现行的行政村。", field="village")
        try:
            values = clean_or_refuse(Household, household_values(values_of(facts, HOUSEHOLD_FACTS, "a household")))
        except FormErrors as refused:
            derive(head, refused, "head")  # all faults of the page at once
            raise
        household = Household(village_id=village, **values)
        household.household_no = _number(village, household_no)
        household.save()
        row = MemberRow("head", facts={**head, "relation": HEAD})
        save_member_rows(by, household, None, [row])
        _note_registration(by, household)
        typed = {f"household.{name}" for name in facts} | {f"member.{name}" for name in row.facts}
        refuse_findings(by, household, calendar_year(), typed, ticks, before=set())
        after.changed([household.pk])
    return household


def _number(village: str, given: str) -> str:
    number = normalise(given)
    if not number:
        return next_household_no(village)
    if not number.isalnum() or len(number) > LONGEST_NUMBER:
        raise refusal(f"户编号只能是数字和字母，最多 {LONGEST_NUMBER} 位。", field="household_no")
    with wider("free_number"):
        taken = Household.objects.filter(within("village_id", county_of(village)), household_no=number).exists()
    if taken:
        raise refusal(f"户编号 {number} 在本县已经使用，请核对；没有编号请留空。", field="household_no")
    return number


def _note_registration(by: User | None, household: Household) -> None:
    RegisterEvent.objects.create(
        household=household,
        village_id=household.village_id,
        household_change=NEW_HOUSEHOLD,
        happened_on=timezone.localdate(),
        by=by,
    )


def edit_household(
    *,
    by: User,
    household: Household,
    version: int,
    facts: Mapping[str, Any],
    year: int | None = None,
    ticks: Collection[str] = (),
) -> Household:
    """Save the section 基本情况. ``facts`` are HOUSEHOLD_FACTS; one left out stays as it is.

    Raises Conflict, FormErrors, PermissionDenied.
    """
    with act(by=by, verb="edit_household"):
        row = lock(by, household)
        values = clean_or_refuse(Household, household_values(values_of(facts, HOUSEHOLD_FACTS, "a household")))
        check_version(row, version, values)
        year = year or calendar_year()
        around = gather(row, year)
        before = standing_on(around)
        if save(row, values):
            refuse_findings(by, row, year, {f"household.{name}" for name in facts}, ticks, before, facts=around)
            after.changed([row.pk])
    return row


def edit_members(
    *,
    by: User,
    household: Household,
    year: int,
    rows: Sequence[MemberRow],
    ticks: Collection[str] = (),
    reason: str = "",
) -> list[Member]:
    """Save the members table of a year: typed rows are added or changed, all or none.

    Facts of the year go to the member's yearly row, and to the current facts when ``year`` is the household's latest;
    those of a closed year are kept beside it, for a ``reason``. Returns the members in the order of ``rows``. Raises
    Conflict, FormErrors, PermissionDenied, ValidationError where the reason is lacking.
    """
    with act(by=by, verb="edit_members", reason=reason):
        locked = lock(by, household)
        before = standing(locked, year)
        members = save_rows_of_year(by, locked, year, rows, reason)
        typed = {f"member.{name}" for row in rows for name in (*row.facts, *row.year_facts)}
        keys = {str(member.pk): row.key for member, row in zip(members, rows, strict=True)}
        refuse_findings(by, locked, year, typed, ticks, before, keys)
        after.changed([locked.pk])
    return members


def edit_annual(
    *,
    by: User,
    household: Household,
    year: int,
    version: int | None,
    facts: Mapping[str, Any],
    ticks: Collection[str] = (),
    reason: str = "",
) -> AnnualRecord:
    """Save a section of the year's record (ANNUAL_FACTS); ``version`` None creates the record. What is entered for a
    closed year is kept beside it, for a ``reason``; then the record is returned as it is shown.

    Raises Conflict, also when the record was created by somebody else meanwhile; FormErrors; PermissionDenied;
    ValidationError where the reason is lacking.
    """
    with act(by=by, verb="save_annual_record", reason=reason):
        locked = lock(by, household)
        values = clean_or_refuse(AnnualRecord, values_of(facts, ANNUAL_FACTS, "a yearly record"))
        if closed_among(locked.village_id, [year], reason):
            return keep_record(by, locked, year, values, reason)
        found = RECORD.first(locked.pk, year)
        record = found or AnnualRecord(household=locked, village_id=locked.village_id, year=year)
        if found:
            check_version(record, version or 0, values)
        around = gather(locked, year)
        before = standing_on(around)
        if save(record, values):
            saved = dataclasses.replace(around, record=RECORD.first(locked.pk, year))
            refuse_findings(by, locked, year, {f"annual.{name}" for name in facts}, ticks, before, facts=saved)
            after.changed([locked.pk], year=year)
    return record


def copy_last_year(*, by: User | None, household: Household, year: int) -> AnnualRecord:
    """Open ``year`` with last year's record and members' yearly rows, to be corrected (一年一结果).

    Refused when the year has a record that is not empty, when last year has none, and for a year that has not begun.
    Survey date and surveyors are not carried over. Raises ValidationError, PermissionDenied.
    """
    with act(by=by, verb="carry_over_record"):
        locked = lock(by, household)
        if year not in years_offered():
            raise refusal(f"{year} 年度的调查还没有开始。", field="year")
        if closed_now([locked.village_id], [year]):
            raise refusal(f"{year} 年度已封存，不能沿用上年；需要补登的请逐项填写，并写明理由。", field="year")
        last = AnnualRecord.objects.filter(household=locked, year=year - 1).first()
        last = amended_record(last, locked, year - 1, late_of(locked.pk, year - 1))
        if last is None:
            raise refusal(f"该户没有 {year - 1} 年度的记录，无法沿用，请直接填写。", field="year")
        found = AnnualRecord.objects.filter(household=locked, year=year).first()
        if found and any(getattr(found, name) not in (None, "") for name in ANNUAL_FACTS):
            raise refusal(f"{year} 年度已经填写过，不能再沿用上年；需要时请逐项修改。", field="year")
        record = found or AnnualRecord(household=locked, village_id=locked.village_id, year=year)
        save(record, {name: getattr(last, name) for name in ANNUAL_FACTS if name not in SURVEY_FACTS})
        carry_member_years(locked, year)
        after.changed([locked.pk], year=year)
    return record


def accept_warning(
    *, by: User, household: Household, year: int, rule: str, target: str, digest: str
) -> AcceptedWarning:
    """Confirm a warning on the facts it is about (``digest``); changed facts bring it back. Raises PermissionDenied."""
    with act(by=by, verb="accept_warnings"):
        locked = lock(by, household)
        accepted, _created = AcceptedWarning.objects.update_or_create(
            household=locked,
            year=year,
            rule=rule,
            target=target,
            defaults={"digest": digest, "by": by, "village_id": locked.village_id},
        )
    return accepted


SHORTEST_REASON = 4


def unmask(*, by: User | None, household: Household, what: str, reason: str) -> dict[str, Any]:
    """Full numbers of one household, logged with the reason (policy.md 11.6).

    ``what`` is "id_no", "phone" or "bank_account". Returns {"household": text, "members": {member id: text}}.
    Raises PermissionDenied, ValidationError for a reason under 4 characters.
    """
    check_right(by, Right.UNMASK, household.village_id)
    if len(reason.strip()) < SHORTEST_REASON:
        raise refusal("请写明查看完整号码的理由，至少 4 个字。", field="reason")
    labels = {"id_no": "证件号码", "phone": "联系电话", "bank_account": "银行卡号"}
    members = (
        {}
        if what == "bank_account"
        else {member.pk: getattr(member, what) for member in household.members.order_by("person_no")}
    )
    with act(by=by, verb="unmask_number", reason=reason):
        UnmaskLog.objects.create(
            by=by,
            household=household,
            place_id=household.village_id,
            what=labels[what],
            rows=max(len(members), 1),
            reason=reason.strip(),
        )
    return {"household": getattr(household, what, ""), "members": members}
