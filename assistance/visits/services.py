"""Verbs of visits: log one, take it back, set phone or work right, propose the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.urls import reverse
from django.utils import timezone

from assistance.models import Visit, VisitPhoto
from assistance.models.visit import Answer, Signer, Way
from assistance.tallies.after import counted_anew
from households.leads.services import raise_lead
from households.models import Household, Lead, Member
from households.models.codes import SIGNATURE, VISIT_PHOTO
from households.register import after
from households.register.attachments import add_attachment
from households.register.errors import refusal
from households.register.guard import lock, lock_many, save
from households.register.rows import clean_or_refuse, household_values
from households.register.years import FIRST_YEAR
from povreg.kit.history import act
from villages.messages.services import check_text, tell_of_work
from villages.models import User
from villages.rights import Right, Role
from villages.rights.checks import check_right

TOPICS: Mapping[str, tuple[str, str]] = {
    "living": ("吃、穿", "99"),
    "housing": ("住房", "04"),
    "water": ("饮水", "05"),
    "school": ("上学", "03"),
    "health": ("看病花钱", "01"),
    "work": ("务工就业", "07"),
}
"""What is looked at: field, label, and the risk (code table risk) that a problem is."""
MOST_PHOTOS, LONGEST_PROBLEM, SHORTEST = 6, 200, 4


@dataclass(frozen=True)
class Seen:
    """What was found: answers by topic, words of each problem, whether the family was in the village."""

    answers: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    at_home: bool | None = None
    next_step: str = ""
    next_on: date | None = None


@dataclass(frozen=True)
class Signed:
    """The signature on the screen and whose it is, or why there is none."""

    signer: str = Signer.NOBODY
    picture: File | None = None
    reason: str = ""


def log_visit(
    *,
    by: User,
    household: Household,
    visited_on: date,
    way: str = Way.FIELD,
    seen: Seen = Seen(),
    signed: Signed = Signed(),
    photos: Sequence[File] = (),
    report: bool = True,
    visitor: User | None = None,
) -> Visit:
    """Note a visit. What is not in order becomes a lead for the village's cadres, unless ``report`` is off. ``visitor``
    went there where somebody else types it from paper, which takes PAIRING_EDIT.

    Raises PermissionDenied without VISIT_LOG there; ValidationError for a day that cannot be, a problem without words,
    a visit on the spot that nobody signed for and without a reason, or more than MOST_PHOTOS photos.
    """
    with act(by=by, verb="log_visit"):
        row = lock(by, household, Right.VISIT_LOG if visitor is None else Right.PAIRING_EDIT)
        problems = _check(visited_on, way, seen, signed)
        if len(photos) > MOST_PHOTOS:
            raise refusal(f"一次走访最多 {MOST_PHOTOS} 张照片，请去掉几张。", field="photos")
        visit = _visit(row, visitor or by, visited_on, way, seen, signed, problems)
        visit.signature = _file(by, row, visited_on, SIGNATURE, signed.picture) if signed.picture else None
        visit.lead = _report(by, row, visited_on, problems) if report and problems else None
        visit.save()
        VisitPhoto.objects.bulk_create(
            VisitPhoto(
                visit=visit,
                household=row,
                village_id=row.village_id,
                attachment=_file(by, row, visited_on, VISIT_PHOTO, each),
            )
            for each in photos
        )
        counted_anew([row.village_id])
    return visit


def _visit(
    household: Household, by: User, visited_on: date, way: str, seen: Seen, signed: Signed, problems: Mapping[str, str]
) -> Visit:
    return Visit(
        household=household,
        village_id=household.village_id,
        by=by,
        visited_on=visited_on,
        way=way,
        at_home=seen.at_home,
        **{topic: seen.answers.get(topic, "") for topic in TOPICS},
        problems="\n".join(f"{TOPICS[topic][0]}：{words}" for topic, words in problems.items()),
        next_step=seen.next_step.strip()[:120],
        next_on=seen.next_on,
        signer=signed.signer,
        unsigned_reason=signed.reason.strip()[:60],
    )


@dataclass(frozen=True)
class Noted:
    """One of many visits that are typed from paper: who went where, when, and what he saw."""

    household: Household
    visitor: User
    visited_on: date
    way: str = Way.FIELD
    seen: Seen = Seen()
    signed: Signed = Signed()


def log_visits(*, by: User, visits: Sequence[Noted]) -> list[Visit | ValidationError]:
    """Note many visits of others from paper, each taken or refused by the rules of :func:`log_visit`, without leads, in
    a few statements; in their order what became of each. Raises PermissionDenied without PAIRING_EDIT at one of the
    households' villages."""
    with act(by=by, verb="log_visit"):
        homes = lock_many(by, [each.household.pk for each in visits], Right.PAIRING_EDIT)
        answers = [_noted(each, homes.get(each.household.pk)) for each in visits]
        made = Visit.objects.bulk_create([row for row in answers if isinstance(row, Visit)])
        counted_anew(row.village_id for row in made)
    return answers


def _noted(each: Noted, row: Household | None) -> Visit | ValidationError:
    """The visit, unsaved, or why there is none."""
    if row is None:
        return refusal("该户已销号，不能再登记走访。请核对户编号。")
    try:
        problems = _check(each.visited_on, each.way, each.seen, each.signed)
    except ValidationError as fault:
        return fault
    return _visit(row, each.visitor, each.visited_on, each.way, each.seen, each.signed, problems)


def _check(visited_on: date, way: str, seen: Seen, signed: Signed) -> dict[str, str]:
    """The words of each problem. Raises ValidationError."""
    if not date(FIRST_YEAR, 1, 1) <= visited_on <= timezone.localdate():
        raise refusal("走访日期不能晚于今天，请核对。", field="visited_on")
    if way not in Way.values:
        raise refusal("请选择走访方式。", field="way")
    if seen.next_on and seen.next_on < visited_on:
        raise refusal("下一步的日期早于走访日期，请改正。", field="next_on")
    problems = {topic: seen.problems.get(topic, "").strip() for topic in TOPICS if is_problem(seen, topic)}
    for topic, words in problems.items():
        if not SHORTEST <= len(words) <= LONGEST_PROBLEM:
            label = TOPICS[topic][0]
            raise refusal(
                f"“{label}”有问题，请写明是什么问题，{SHORTEST} 到 {LONGEST_PROBLEM} 个字。", field=f"{topic}_words"
            )
    if bool(signed.signer) != bool(signed.picture):
        raise refusal("请让农户在屏幕上签字，并选明签字人。", field="signer")
    if way == Way.FIELD and not signed.signer and not signed.reason.strip():
        raise refusal("实地走访请农户签字；不能签字的，请写明原因。", field="unsigned_reason")
    return problems


def is_problem(seen: Seen, topic: str) -> bool:
    return seen.answers.get(topic, "") == Answer.PROBLEM


def _file(by: User, household: Household, day: date, kind: str, file: File) -> Any:
    return add_attachment(
        by=by,
        household=household,
        year=day.year,
        kind=kind,
        file=file,
        right=Right.VISIT_LOG,
        title=f"{day:%Y-%m-%d} 走访",
    )


def _report(by: User, household: Household, day: date, problems: Mapping[str, str]) -> Lead:
    said = "；".join(f"{TOPICS[topic][0]}：{words}" for topic, words in problems.items())
    risks = [TOPICS[topic][1] for topic in problems]
    return raise_lead(by=by, source=Lead.Source.VISIT, found_on=day, said=said, household=household, risks=risks)


def withdraw_visit(*, by: User, visit: Visit, reason: str) -> Visit:
    """Take back a visit that was noted wrongly: one's own, or any for whoever arranges pairings there.

    Raises PermissionDenied, ValidationError without a reason.
    """
    check_right(by, Right.VISIT_LOG if visit.by_id == by.pk else Right.PAIRING_EDIT, visit.village_id)
    with act(by=by, verb="withdraw_visit", reason=reason):
        row = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
        if row.withdrawn_on:
            raise refusal("这次走访已经撤回，请刷新页面。")
        if not reason.strip():
            raise refusal("请写明撤回的原因。", field="reason")
        row.withdrawn_on, row.withdrawn_reason = timezone.localdate(), reason.strip()[:120]
        row.version += 1
        row.save()
        counted_anew([row.village_id])
    return row


def correct_contact(*, by: User | None, household: Household, phone: str) -> Household:
    """Set the household's phone right, as the family told it. Raises PermissionDenied without VISIT_LOG,
    ValidationError for what is no phone."""
    digits = "".join(each for each in phone if each.isdigit())
    if not 7 <= len(digits) <= 15:
        raise refusal("电话应为 7 到 15 位数字，请核对。", field="phone")
    with act(by=by, verb="correct_contact", reason="走访"):
        row = lock(by, household, Right.VISIT_LOG)
        if save(row, clean_or_refuse(Household, household_values({"phone": phone}))):
            after.changed([row.pk])
    return row


def correct_work(*, by: User | None, member: Member, work_place: str, work_months: int | None) -> Member:
    """Set right where and how many months of the year a person works. Raises PermissionDenied without VISIT_LOG,
    ValidationError."""
    if work_months is not None and not 0 <= work_months <= 12:
        raise refusal("务工月数应为 0 到 12，请核对。", field="work_months")
    with act(by=by, verb="correct_work", reason="走访"):
        household = lock(by, member.household, Right.VISIT_LOG)
        row = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        if row.left_on:
            raise refusal(f"{row.name}已离开本户，不能再修改。")
        facts = clean_or_refuse(Member, {"work_place": work_place, "work_months": work_months})
        if save(row, facts):
            after.changed([household.pk])
    return row


def propose_correction(*, by: User, household: Household, text: str) -> int:
    """Tell the village's cadres what else is wrong in the household's record; returns how many were told. No numbers of
    persons may be in it. Raises PermissionDenied, ValidationError."""
    words = check_text(text)
    with act(by=by, verb="propose_correction", reason=words):
        row = lock(by, household, Right.VISIT_LOG)
        return tell_of_work(
            by=by,
            place=row.village,
            role=Role.VILLAGE_CADRE,
            text=f"{row.village}有 1 户的信息要核对更正（走访提出）：{words}",
            url=reverse("household", args=[row.pk]),
        )
