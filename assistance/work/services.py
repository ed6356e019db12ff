"""Verbs of work: spells begin and end, a village confirms its month in one go; a lost job or a return raises a lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from assistance.models import WorkPost, WorkSpell, WorkWish
from households.leads.services import raise_lead
from households.models import Lead, Member
from povreg.kit.history import act
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

Ended = WorkSpell.Ended
LEAST_WAGE, MOST_WAGE = Decimal(100), Decimal(30_000)
"""Yuan a month that are plausible (policy-2026.md 9)."""
WORRYING = (Ended.LOST, Ended.RETURNED)
SUBJECT = "失去务工"
FACTS = ("since", "where", "place_name", "employer", "sector", "wage", "channel", "has_contract", "point_to_point")


@dataclass(frozen=True)
class Told:
    """What a village tells of one person for a month: still at work (with which wage), or ended and why."""

    spell: WorkSpell
    wage: Decimal | None = None
    ended_why: str = ""


def begin_work(*, by: User, member: Member, **facts: Any) -> WorkSpell:
    """Note that a member works. Raises PermissionDenied without HOUSEHOLD_EDIT, ValidationError for a spell that is
    open already, a day to come, an implausible wage, or somebody who has left the household."""
    check_right(by, Right.HOUSEHOLD_EDIT, member.village_id)
    with act(by=by, verb="begin_work"):
        row = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        spell = _begun(row, WorkSpell.objects.filter(member=row, until=None).exists(), facts)
        spell.save()
    return spell


def begin_works(*, by: User, begun: Sequence[tuple[Member, Mapping[str, Any]]]) -> list[WorkSpell | ValidationError]:
    """Note the work of many, each taken or refused by the rules of :func:`begin_work`, in a few statements; in their
    order what became of each. Raises PermissionDenied without HOUSEHOLD_EDIT at one of their villages."""
    with act(by=by, verb="begin_work"):
        ids = {member.pk for member, _facts in begun}
        rows = {row.pk: row for row in Member.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))}
        for village in {row.village_id for row in rows.values()}:
            check_right(by, Right.HOUSEHOLD_EDIT, village)
        at_work = set(WorkSpell.objects.filter(member__in=ids, until=None).values_list("member_id", flat=True))
        answers = [_begun_or_not(rows[member.pk], at_work, facts) for member, facts in begun]
        WorkSpell.objects.bulk_create([row for row in answers if isinstance(row, WorkSpell)])
    return answers


def _begun_or_not(row: Member, at_work: set[int], facts: Mapping[str, Any]) -> WorkSpell | ValidationError:
    try:
        spell = _begun(row, row.pk in at_work, facts)
    except ValidationError as fault:
        return fault
    at_work.add(row.pk)
    return spell


def _begun(row: Member, is_at_work: bool, facts: Mapping[str, Any]) -> WorkSpell:
    """The spell, unsaved. Raises ValidationError."""
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"no facts of work: {sorted(unknown)}")
    if row.left_on:
        raise ValidationError("这个人已不在本户，不能登记务工。")
    if is_at_work:
        raise ValidationError("这个人还有没结束的务工，请先登记结束，再登记新的。")
    if facts["since"] > timezone.localdate():
        raise ValidationError({"since": "开始日期还没有到，请核对。"})
    check_wage(facts.get("wage"))
    place = {"household_id": row.household_id, "village_id": row.village_id}
    return WorkSpell(member=row, seen_month=facts["since"].replace(day=1), **place, **facts)


def check_wage(wage: Decimal | None) -> None:
    if wage is not None and not LEAST_WAGE <= wage <= MOST_WAGE:
        raise ValidationError({"wage": f"月工资应在 {LEAST_WAGE} 到 {MOST_WAGE} 元之间，请核对单位。"})


def end_work(*, by: User, spell: WorkSpell, until: date, why: str) -> WorkSpell:
    """Note that a spell ended; a lost job or a return of a registered household's member raises a lead.

    Raises PermissionDenied without HOUSEHOLD_EDIT, ValidationError for a day before its start, or without a reason.
    """
    check_right(by, Right.HOUSEHOLD_EDIT, spell.village_id)
    with act(by=by, verb="end_work"):
        row = WorkSpell.objects.select_for_update(of=("self",)).select_related("household", "member").get(pk=spell.pk)
        if row.until:
            raise ValidationError("这次务工已经结束。")
        if why not in Ended.values:
            raise ValidationError({"why": "请选择结束的原因。"})
        if not row.since <= until <= timezone.localdate():
            raise ValidationError({"until": f"结束日期应在 {row.since:%Y-%m-%d} 以后、今天以前，请核对。"})
        row.until, row.ended_why = until, why
        row.save(update_fields=["until", "ended_why"])
        if why in WORRYING and row.household.in_register:
            warn(by, row)
    return row


def warn(by: User, row: WorkSpell) -> None:
    """Raise a lead about who lost his job, unless one is open about him."""
    same = Lead.objects.open().filter(household=row.household, member=row.member, subject=SUBJECT)
    if not same.exists():
        found = raise_lead(
            by=by, source=Lead.Source.VISIT, found_on=timezone.localdate(), household=row.household, member=row.member,
            said=f"{row.get_ended_why_display()}，{row.until:%Y年%m月%d日}起没有务工收入，请核实对全年收入的影响。",
        )  # fmt: skip
        Lead.objects.filter(pk=found.pk).update(subject=SUBJECT)


def confirm_month(*, by: User, village: Place, month: date, told: Collection[Told]) -> dict[str, int]:
    """A village's update of a month: who is still at work, who is not. All or nothing; returns the numbers of both.

    Raises PermissionDenied without HOUSEHOLD_EDIT at the village, ValidationError for a month to come.
    """
    check_right(by, Right.HOUSEHOLD_EDIT, village.pk)
    first = month.replace(day=1)
    if first > timezone.localdate():
        raise ValidationError("这个月还没有到，请核对月份。")
    done = {"working": 0, "ended": 0}
    with act(by=by, verb="confirm_month"):
        for each in told:
            if each.spell.village_id != village.pk:
                raise ValidationError("有人不在本村，请刷新后重填。")
            if each.ended_why:
                until = max(each.spell.since, min(timezone.localdate(), last_day(first)))
                end_work(by=by, spell=each.spell, until=until, why=each.ended_why)
                done["ended"] += 1
                continue
            check_wage(each.wage)
            changed: dict[str, Any] = {"wage": each.wage} if each.wage is not None else {}
            WorkSpell.objects.filter(pk=each.spell.pk).update(seen_month=first, **changed)
            done["working"] += 1
    return done


def last_day(first: date) -> date:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def note_wish(*, by: User, member: Member, wants: bool, **facts: Any) -> WorkWish:
    """Note what a person said about work. Raises PermissionDenied without HOUSEHOLD_EDIT, ValidationError."""
    check_right(by, Right.HOUSEHOLD_EDIT, member.village_id)
    check_wage(facts.get("wage"))
    with act(by=by, verb="note_work_wish"):
        place = {"household_id": member.household_id, "village_id": member.village_id}
        given = {"wants": wants, "asked_on": timezone.localdate(), **place, **facts}
        return WorkWish.objects.update_or_create(member=member, defaults=given)[0]


def offer_post(*, by: User, place: Place, **facts: Any) -> WorkPost:
    """Publish posts at a place. Raises PermissionDenied without PARTNER_EDIT there, ValidationError."""
    check_right(by, Right.PARTNER_EDIT, place.pk)
    check_wage(facts["wage"])
    if facts["until"] < timezone.localdate():
        raise ValidationError({"until": "招聘截止日期已过，请改正。"})
    if facts["count"] < 1:
        raise ValidationError({"count": "人数应至少 1 人。"})
    with act(by=by, verb="offer_post"):
        return WorkPost.objects.create(place=place, **facts)
