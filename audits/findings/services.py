"""Findings on their way: opened, assigned with a deadline, answered with evidence, verified by somebody else, closed;
or found untrue, or opened again. What one leads to goes through a list and its procedure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.urls import reverse
from django.utils import timezone

from audits.findings.evidence import keep
from audits.models import AuditRound, Finding, FindingStep
from households.models import Batch, BatchEntry, Household, Member
from households.register.errors import refusal
from povreg.kit.history import act
from povreg.kit.scopes import TOWNSHIP, covers
from villages.messages.services import tell_of_work
from villages.models import Place, User
from villages.rights import Right, Role
from villages.rights.checks import check_right

State, Outcome, Step = Finding.State, Finding.Outcome, FindingStep.Kind
SHORTEST, LONGEST = 4, 2000
LONGEST_TERM = timedelta(days=366)
THROUGH_LISTS = (Outcome.REMOVED, Outcome.ADDED)
"""Outcomes that change who stands in the register: a list must carry them."""
_told: list[Callable[[Finding], None]] = []


def when_ended(told: Callable[[Finding], None]) -> None:
    """Have ``told`` called with every finding that came to an end or was opened again, inside its transaction."""
    if told not in _told:
        _told.append(told)


def open_finding(
    *,
    by: User | None,
    source: str,
    title: str,
    said: str = "",
    household: Household | None = None,
    member: Member | None = None,
    village: Place | None = None,
    year: int | None = None,
    severity: str = Finding.Severity.DOUBT,
    rule: str = "",
    round: AuditRound | None = None,
) -> Finding:
    """Note what was found wrong about a household, or at a village or township.

    Raises PermissionDenied without FINDING_OPEN there, ValidationError for what is missing or cannot be.
    """
    place = household.village if household else village
    check_right(by, Right.FINDING_OPEN, place.pk if place else None)
    if place is None or len(place.pk) < TOWNSHIP:
        raise refusal("请填写户编号，或选择问题所在的村、乡镇。", field="village")
    if not SHORTEST <= len(title.strip()) <= 80:
        raise refusal(f"请用 {SHORTEST} 到 80 个字写明是什么问题。", field="title")
    _check_round(round, place)
    with act(by=by, verb="open_finding"):
        row = Finding.objects.create(
            source=source,
            rule=rule,
            severity=severity,
            round=round,
            village=place,
            household=household,
            member=member,
            year=year or timezone.localdate().year,
            title=title.strip(),
            said=said.strip()[:LONGEST],
            opened_by=by,
            opened_on=timezone.localdate(),
        )
        _step(row, Step.OPENED, by, said)
    return row


def _check_round(round: AuditRound | None, place: Place) -> None:
    if round is None:
        return
    if round.closed_on:
        raise refusal(f"“{round}”已经办结，不能再计入。请选择还在进行的轮次，或不选。", field="round")
    if not covers(round.county_id, place.pk):
        raise refusal("所选轮次是另一个县的，请重新选择。", field="round")


def assign_finding(*, by: User | None, finding: Finding, demand: str, deadline: date) -> Finding:
    """Ask for it to be put right by a day; the cadres of the place are told.

    Raises PermissionDenied without FINDING_OPEN, ValidationError.
    """
    check_right(by, Right.FINDING_OPEN, finding.village_id)
    with act(by=by, verb="assign_finding"):
        row = _locked(finding, State.OPEN, State.ASSIGNED)
        _check_words(demand, "整改要求", "demand", 300)
        _check_deadline(deadline)
        row.demand, row.deadline, row.state = demand.strip(), deadline, State.ASSIGNED
        _step(row, Step.ASSIGNED, by, f"{demand.strip()}（{deadline:%Y-%m-%d} 前）")
        _tell_place(by, row, f"{row.village}有 1 件问题要整改，{deadline.month}月{deadline.day}日前报送。")
        return _saved(row)


def answer_finding(
    *,
    by: User | None,
    finding: Finding,
    outcome: str,
    text: str,
    batch: Batch | None = None,
    files: Iterable[File] = (),
) -> Finding:
    """Report how it was put right, with photos or papers. A household that leaves or enters the register does so on a
    list that is named here.

    Raises PermissionDenied without FINDING_ANSWER, ValidationError.
    """
    check_right(by, Right.FINDING_ANSWER, finding.village_id)
    with act(by=by, verb="answer_finding"):
        row = _locked(finding, State.ASSIGNED, State.ANSWERED)
        if outcome not in Outcome.values:
            raise refusal("请选择整改结果。", field="outcome")
        _check_words(text, "整改情况", "text", LONGEST)
        _check_list(row, outcome, batch)
        row.outcome, row.batch, row.state = outcome, batch, State.ANSWERED
        row.answered_by, row.answered_on = by, timezone.localdate()
        step = _step(row, Step.ANSWERED, by, text)
        for file in files:
            keep(step, file, by)
        return _saved(row)


def _check_list(row: Finding, outcome: str, batch: Batch | None) -> None:
    """Whoever leaves or enters the register stands on a list."""
    if outcome not in THROUGH_LISTS:
        return
    if batch is None:
        raise refusal("剔除、补录要经过名单和公示：请先把这一户列入名单，再在这里选择那份名单。", field="batch")
    if row.household_id and not batch.entries.filter(household_id=row.household_id).exists():
        raise refusal("这一户不在所选的名单上，请先列入名单。", field="batch")


def close_finding(*, by: User | None, finding: Finding, text: str) -> Finding:
    """Somebody else looked and found it put right; who was to leave or enter the register has, by the list that was
    named. Raises PermissionDenied without FINDING_VERIFY, ValidationError."""
    return _verify(by, finding, text, Step.CLOSED, "close_finding")


def return_finding(*, by: User | None, finding: Finding, text: str, deadline: date) -> Finding:
    """It is not put right yet: once more, by another day. Raises PermissionDenied, ValidationError."""
    _check_deadline(deadline)
    return _verify(by, finding, text, Step.RETURNED, "return_finding", deadline)


def dismiss_finding(*, by: User | None, finding: Finding, text: str) -> Finding:
    """It turned out untrue: a hit of a list or rule is a doubt, not a fact (policy.md 10.8).

    Raises PermissionDenied without FINDING_VERIFY, ValidationError.
    """
    check_right(by, Right.FINDING_VERIFY, finding.village_id)
    with act(by=by, verb="dismiss_finding", reason=text):
        row = _locked(finding, State.OPEN, State.ASSIGNED, State.ANSWERED)
        _check_other(by, row)
        _check_words(text, "依据", "text", LONGEST)
        row.outcome = Outcome.UNTRUE
        return _ended(row, by, State.DISMISSED, Step.DISMISSED, text)


def reopen_finding(*, by: User | None, finding: Finding, text: str, deadline: date) -> Finding:
    """It came back, or was never gone. Raises PermissionDenied without FINDING_OPEN, ValidationError."""
    check_right(by, Right.FINDING_OPEN, finding.village_id)
    with act(by=by, verb="reopen_finding", reason=text):
        row = _locked(finding, *Finding.ENDED)
        if row.round and row.round.closed_on:
            raise refusal("所在的轮次已经办结，请开出新的问题。")
        _check_words(text, "原因", "text", LONGEST)
        _check_deadline(deadline)
        row.state, row.deadline, row.ended_on, row.verified_by = State.ASSIGNED, deadline, None, None
        row.demand = row.demand or text.strip()[:300]
        row.outcome, row.batch, row.answered_by, row.answered_on = "", None, None, None
        row.reopened += 1
        _step(row, Step.REOPENED, by, text)
        _tell_place(by, row, f"{row.village}有 1 件问题重新打开，{deadline.month}月{deadline.day}日前报送。")
        return _tell(_saved(row))


def _verify(
    by: User | None, finding: Finding, text: str, step: str, verb: str, deadline: date | None = None
) -> Finding:
    check_right(by, Right.FINDING_VERIFY, finding.village_id)
    with act(by=by, verb=verb, reason=text):
        row = _locked(finding, State.ANSWERED)
        _check_other(by, row)
        _check_words(text, "核实情况", "text", LONGEST)
        if deadline is None:
            _check_carried_out(row)
            return _ended(row, by, State.CLOSED, step, text)
        row.state, row.deadline = State.ASSIGNED, deadline
        _step(row, step, by, text)
        _tell_place(by, row, f"{row.village}有 1 件整改被退回，{deadline.month}月{deadline.day}日前重新报送。")
        return _saved(row)


def _check_other(by: User | None, row: Finding) -> None:
    if by is not None and row.answered_by_id == by.pk:
        raise refusal("报送和核实须由两个人：您报送了整改情况，请由其他人核实。")


def _check_carried_out(row: Finding) -> None:
    """The numbers of a round count households that left or entered the register, not lists that were begun."""
    if row.outcome not in THROUGH_LISTS or row.batch is None:
        return
    entries = row.batch.entries.filter(state=BatchEntry.State.LISTED)
    if row.batch.state != Batch.State.DONE:
        state = row.batch.get_state_display()
        raise refusal(f"“{row.batch}”{state}，{row.get_outcome_display()}还没有生效：名单办结后再销号，或退回整改。")
    if row.household_id and not entries.filter(household_id=row.household_id).exists():
        raise refusal(f"“{row.batch}”办结时这一户已不在名单上，{row.get_outcome_display()}没有生效，请退回整改。")


def _check_words(text: str, what: str, field: str, longest: int) -> None:
    if not SHORTEST <= len(text.strip()) <= longest:
        raise refusal(f"请写明{what}，{SHORTEST} 到 {longest} 个字。", field=field)


def _check_deadline(deadline: date) -> None:
    today = timezone.localdate()
    if not today <= deadline <= today + LONGEST_TERM:
        raise refusal("整改期限应在今天到一年之内，请改正。", field="deadline")


def _locked(finding: Finding, *states: str) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",)).select_related("village", "round", "batch")
    row = rows.get(pk=finding.pk)
    if row.state not in states:
        raise ValidationError(f"这件问题{row.get_state_display()}，不能这样办理。请刷新页面。")
    return row


def _step(row: Finding, kind: str, by: User | None, text: str) -> FindingStep:
    return FindingStep.objects.create(finding=row, kind=kind, text=text.strip()[:LONGEST], by=by)


def _ended(row: Finding, by: User | None, state: str, step: str, text: str) -> Finding:
    row.state, row.ended_on, row.verified_by = state, timezone.localdate(), by
    _step(row, step, by, text)
    return _tell(_saved(row))


def _saved(row: Finding) -> Finding:
    row.version += 1
    row.save()
    return row


def _tell(row: Finding) -> Finding:
    for told in _told:
        told(row)
    return row


def _tell_place(by: User | None, row: Finding, text: str) -> None:
    """Villages are told by their cadres, a township by its officers."""
    role: Any = Role.TOWNSHIP_OFFICER if len(row.village_id) == TOWNSHIP else Role.VILLAGE_CADRE
    tell_of_work(by=by, place=row.village, role=role, text=text, url=reverse("finding", args=[row.pk]))
