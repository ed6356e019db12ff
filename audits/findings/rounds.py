"""Rounds of audits, and the visits of inspectors in them."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from audits.findings.selectors import counts_of_round
from audits.models import AuditRound, InspectionVisit
from households.models import Household
from households.register.errors import refusal
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY, county_of
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

MOST_CALLED = 5000


def open_round(*, by: User | None, county: Place, name: str, kind: str, starts_on: date, ends_on: date) -> AuditRound:
    """Begin a round. Raises PermissionDenied without FINDING_OPEN in the county, ValidationError."""
    check_right(by, Right.FINDING_OPEN, county.pk)
    if len(county.pk) != COUNTY:
        raise refusal("轮次按县组织，请选择县。", field="county")
    if not 2 <= len(name.strip()) <= 60:
        raise refusal("请填写轮次名称，如“2026年下半年自查”。", field="name")
    if ends_on < starts_on:
        raise refusal("结束日期早于开始日期，请改正。", field="ends_on")
    if AuditRound.objects.filter(county=county, name=name.strip()).exists():
        raise refusal("这个县已有同名的轮次，请换一个名称。", field="name")
    with act(by=by, verb="open_round"):
        return AuditRound.objects.create(
            county=county, name=name.strip(), kind=kind, starts_on=starts_on, ends_on=ends_on, opened_by=by
        )


def close_round(*, by: User | None, round: AuditRound, summary: str) -> AuditRound:
    """End a round: its numbers are frozen. Raises PermissionDenied, ValidationError while findings are open."""
    check_right(by, Right.FINDING_VERIFY, round.county_id)
    with act(by=by, verb="close_round"):
        row = AuditRound.objects.select_for_update(of=("self",)).get(pk=round.pk)
        if row.closed_on:
            raise refusal("这一轮已经办结。")
        left = row.findings.open().count()  # type: ignore[attr-defined]
        if left:
            raise refusal(f"还有 {left} 件问题没有办结，办结后才能结束这一轮。")
        row.counts = counts_of_round(row)
        row.closed_on, row.closed_by, row.summary = timezone.localdate(), by, summary.strip()[:500]
        row.save()
        return row


def note_inspection(
    *,
    by: User,
    village: Place,
    visited_on: date,
    method: str,
    team: str,
    called: int,
    reached: int,
    seen: str,
    round: AuditRound | None = None,
) -> InspectionVisit:
    """Note a visit to a village. Raises PermissionDenied without FINDING_OPEN there, ValidationError."""
    check_right(by, Right.FINDING_OPEN, village.pk)
    if visited_on > timezone.localdate():
        raise refusal("走访日期晚于今天，请核对。", field="visited_on")
    if not 0 <= called <= MOST_CALLED:
        raise refusal(f"走访户数应在 0 到 {MOST_CALLED} 之间。", field="called")
    if not 0 <= reached <= called:
        raise refusal("见到的户数不能多于走访的户数，请改正。", field="reached")
    if len(seen.strip()) < 4:
        raise refusal("请写明看到、问到的情况，至少 4 个字。", field="seen")
    if round is not None and round.county_id != county_of(village.pk):
        raise refusal("所选轮次是另一个县的，请重新选择。", field="round")
    listed = Household.objects.registered().filter(village=village).count()
    with act(by=by, verb="note_inspection"):
        return InspectionVisit.objects.create(
            round=round,
            village=village,
            visited_on=visited_on,
            method=method,
            team=team.strip()[:80],
            called=called,
            reached=reached,
            listed=listed,
            seen=seen.strip(),
            by=by,
        )
