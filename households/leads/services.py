"""Leads on their way: raised, checked by a visit, decided by somebody else than who checked (policy-2026.md 5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from households.models import Batch, Household, IncomeRange, IncomeTest, Lead, Member
from households.models.codes import EDGE, OUT_OF_POVERTY
from households.models.template import Kind
from households.register.errors import refusal
from povreg.kit.crypto import lookup_hash
from povreg.kit.history import act
from povreg.kit.idnumber import normalise
from villages.messages.services import tell_of_work
from villages.models import Place, User
from villages.rights import Right, Role
from villages.rights.checks import check_right

State, Outcome, Source = Lead.State, Lead.Outcome, Lead.Source
FOUND = (Source.INCOME, Source.GUARANTEE)
"""Sources that only a recompute has."""
SHORTEST, LONGEST = 4, 1000
EARLIEST = date(2021, 1, 1)
"""Before there was no monitoring of this kind (policy-2026.md 1)."""


@dataclass(frozen=True)
class Told:
    """Whom it is about, where no household is named: kept sealed but for the group."""

    name: str = ""
    phone: str = ""
    group: str = ""


@dataclass(frozen=True)
class Measured:
    """What a lead goes by: 医保自付 62,000 元, the threshold 10,000 元."""

    subject: str = ""
    value: Decimal | None = None
    threshold: Decimal | None = None


def raise_lead(
    *,
    by: User,
    source: str,
    found_on: date,
    said: str,
    household: Household | None = None,
    member: Member | None = None,
    village: Place | None = None,
    told: Told = Told(),
    measured: Measured = Measured(),
    monitor_type: str = "",
    risks: Collection[str] = (),
) -> Lead:
    """Note a lead about a household, or about somebody told by name at a place; the village's cadres are told.

    Raises PermissionDenied without LEAD_RAISE there; ValidationError for what is missing or cannot be.
    """
    place = household.village if household else village
    check_right(by, Right.LEAD_RAISE, place.pk if place else None)
    with act(by=by, verb="raise_lead"):
        if household is not None:
            household = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
        _check_words(source, said, found_on)
        _check_subject(household, member, place, told, monitor_type)
        assert place is not None  # _check_subject has refused
        phone = normalise(told.phone)[:20]
        row = Lead.objects.create(
            source=source,
            household=household,
            member=member,
            village=place,
            group_name=told.group.strip() or (household.group_name if household else ""),
            told_name=told.name.strip()[:40],
            told_phone=phone,
            told_phone_hash=lookup_hash(phone) if phone else "",
            said=said.strip(),
            year=found_on.year,
            found_on=found_on,
            subject=measured.subject.strip()[:40],
            value=measured.value,
            threshold=measured.threshold,
            monitor_type=monitor_type,
            risks=list(risks),
            raised_by=by,
        )
        _tell_village(by, row)
    return row


def take_declaration(
    *,
    village: Place,
    household: Household | None,
    name: str,
    phone: str,
    group: str,
    said: str,
    risks: Collection[str] = (),
) -> Lead:
    """Note what a household declared by itself on the public page; the village's cadres are told. Raises
    ValidationError for what is missing."""
    today = timezone.localdate()
    with act(by=None, verb="raise_lead"):
        _check_words(Source.APPLICATION, said, today)
        _check_subject(household, None, village, Told(name, phone, group), "")
        number = normalise(phone)[:20]
        row = Lead.objects.create(
            source=Source.APPLICATION,
            household=household,
            village=village,
            group_name=group.strip()[:40],
            told_name=name.strip()[:40],
            told_phone=number,
            told_phone_hash=lookup_hash(number) if number else "",
            said=said.strip(),
            year=today.year,
            found_on=today,
            risks=list(risks),
        )
        _tell_village(None, row)
    return row


def _check_words(source: str, said: str, found_on: date) -> None:
    if source not in Source.values or source in FOUND:
        raise refusal("请选择线索的来源。", field="source")
    if not SHORTEST <= len(said.strip()) <= LONGEST:
        raise refusal(f"请写明发生了什么，{SHORTEST} 到 {LONGEST} 个字。", field="said")
    _check_day(found_on, "发现日期", "found_on")


def _check_day(day: date, what: str, field: str, earliest: date = EARLIEST) -> None:
    if not earliest <= day <= timezone.localdate():
        raise refusal(
            f"{what}应在 {earliest.year}年{earliest.month}月{earliest.day}日 到今天之间，请核对。", field=field
        )


def _check_subject(
    household: Household | None, member: Member | None, place: Place | None, told: Told, monitor_type: str
) -> None:
    if household is None:
        if place is None or place.level < Place.Level.TOWNSHIP:
            raise refusal("请选择所在的村；只知道乡镇的，选乡镇。", field="village")
        if not told.name.strip():
            raise refusal("还不知道是哪一户的，请填写反映的姓名。", field="told_name")
        return
    if household.removed_on:
        raise refusal("该户已销户，不能再登记线索。请核对户编号。", field="household_no")
    if member is not None and member.household_id != household.pk:
        raise refusal("所选的人不在这一户，请重新选择。", field="member")
    if monitor_type == EDGE and household.exit_status == OUT_OF_POVERTY:
        raise refusal("脱贫户不能认定为边缘易致贫户，请改为脱贫不稳定户或突发严重困难户。", field="monitor_type")


def _tell_village(by: User | None, row: Lead) -> None:
    text = f"{row.village}有 1 条新线索待核实（{row.get_source_display()}）。"
    tell_of_work(by=by, place=row.village, role=Role.VILLAGE_CADRE, text=text, url=reverse("lead", args=[row.pk]))


def check_lead(*, by: User, lead: Lead) -> Lead:
    """Take a lead up: who does so goes and looks. Raises PermissionDenied without LEAD_CHECK, ValidationError for one
    that is taken up or decided."""
    check_right(by, Right.LEAD_CHECK, lead.village_id)
    with act(by=by, verb="check_lead"):
        row = _locked(lead, State.NEW)
        row.state, row.checked_by, row.checking_since = State.CHECKING, by, timezone.localdate()
        return _saved(row)


def note_visit(*, by: User, lead: Lead, visited_on: date, finding: str) -> Lead:
    """Note what was found on the spot; again, as long as nothing is decided. One that is new is thereby taken up.

    Raises PermissionDenied without LEAD_CHECK, ValidationError.
    """
    check_right(by, Right.LEAD_CHECK, lead.village_id)
    with act(by=by, verb="note_lead_visit"):
        row = _locked(lead, State.NEW, State.CHECKING)
        if len(finding.strip()) < SHORTEST:
            raise refusal(f"请写明看到、问到的情况，至少 {SHORTEST} 个字。", field="finding")
        _check_day(visited_on, "入户日期", "visited_on", row.found_on)
        row.visited_on, row.finding, row.checked_by = visited_on, finding.strip()[:2000], by
        row.checking_since = row.checking_since or timezone.localdate()
        row.state = State.CHECKING
        return _saved(row)


def name_household(*, by: User, lead: Lead, household: Household) -> Lead:
    """Say which household a lead is about that was told by name only. Raises PermissionDenied without LEAD_CHECK at
    both places, ValidationError."""
    check_right(by, Right.LEAD_CHECK, lead.village_id)
    check_right(by, Right.LEAD_CHECK, household.village_id)
    with act(by=by, verb="name_lead_household"):
        row = _locked(lead, State.NEW, State.CHECKING)
        if row.household_id is not None:
            raise refusal("这条线索已经确认是哪一户，不能再改；登记错了的，请按“不纳入”办结后重新登记。")
        if household.removed_on:
            raise refusal("该户已销户，请核对户编号。", field="household_no")
        row.household, row.village_id, row.group_name = household, household.village_id, household.group_name
        return _saved(row)


def list_lead(*, by: User, lead: Lead, batch: Batch, reason: str) -> Lead:
    """The household stands on a list now: the lead is done. Its income must have been tested.

    Raises PermissionDenied without LEAD_DECIDE, ValidationError.
    """
    check_right(by, Right.LEAD_DECIDE, lead.village_id)
    with act(by=by, verb="list_lead", reason=reason):
        row = _to_decide(by, lead)
        if row.household_id is None:
            raise refusal("请先确认是哪一户，再列入名单。", field="batch")
        if not batch.entries.filter(household_id=row.household_id, is_open=True).exists():
            raise refusal("这一户不在所选的名单上，请先把它列入名单。", field="batch")
        test = IncomeTest.objects.filter(lead=row).first()
        if batch.kind == Kind.MONITOR_IN and (test is None or test.result == IncomeRange.UNRECORDED):
            raise refusal("请先测算收入：收入没有记录，不能判断是否在监测范围内。", field="batch")
        return _decide(row, by, Outcome.LISTED, reason, batch=batch)


def dismiss_lead(*, by: User, lead: Lead, reason: str) -> Lead:
    """Nothing comes of the lead; the reason is what the person who told is answered.

    Raises PermissionDenied without LEAD_DECIDE, ValidationError.
    """
    check_right(by, Right.LEAD_DECIDE, lead.village_id)
    with act(by=by, verb="dismiss_lead", reason=reason):
        return _decide(_to_decide(by, lead), by, Outcome.DISMISSED, reason)


def hand_over_lead(*, by: User, lead: Lead, handed_to: str, reason: str) -> Lead:
    """Another department's matter. Raises PermissionDenied without LEAD_DECIDE, ValidationError."""
    check_right(by, Right.LEAD_DECIDE, lead.village_id)
    with act(by=by, verb="hand_over_lead", reason=reason):
        row = _locked(lead, State.NEW, State.CHECKING)
        if not handed_to.strip():
            raise refusal("请填写转交的单位。", field="handed_to")
        return _decide(row, by, Outcome.HANDED_OVER, reason, handed_to=handed_to.strip()[:60])


def _to_decide(by: User, lead: Lead) -> Lead:
    """The lead, checked, by somebody else."""
    row = _locked(lead, State.NEW, State.CHECKING)
    if not row.finding:
        raise refusal("还没有登记核实情况：请先入户，登记看到、问到的情况。")
    if row.checked_by_id == by.pk:
        raise refusal("核实和办结须由两个人：您核实了这条线索，请由其他人办结。")
    return row


def _decide(row: Lead, by: User, outcome: str, reason: str, **more: Any) -> Lead:
    if len(reason.strip()) < SHORTEST:
        raise refusal(f"请写明理由，至少 {SHORTEST} 个字；反映的人会看到。", field="reason")
    row.state, row.outcome, row.outcome_reason = State.DECIDED, outcome, reason.strip()[:300]
    row.decided_by, row.decided_on = by, timezone.localdate()
    for name, value in more.items():
        setattr(row, name, value)
    return _saved(row)


def _locked(lead: Lead, *states: str) -> Lead:
    row = Lead.objects.select_for_update(of=("self",)).select_related("village").get(pk=lead.pk)
    if row.state not in states:
        raise ValidationError(f"这条线索{row.get_state_display()}，不能这样办理。请刷新页面。")
    return row


def _saved(row: Lead) -> Lead:
    row.version += 1
    row.save()
    return row
