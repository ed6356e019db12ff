"""Verbs of policies: a county's own version, and why somebody entitled is not served."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.forms.models import model_to_dict
from django.utils import timezone

from assistance.models import NotServed, Policy
from assistance.policies.selectors import entitled, in_force
from households.models import Member
from households.register.errors import refusal, values_of
from households.register.guard import lock
from households.register.years import FIRST_YEAR
from povreg.kit.history import act
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

FACTS = ("label", "amount", "department", "document", "runs_on", "ends_on")
"""What a county may say otherwise."""


def revise_policy(*, by: User | None, policy: Policy, county: Place, starts_on: date, **facts: Any) -> Policy:
    """Give a policy other words or an end in a county from a day. Raises PermissionDenied without CATALOGUE_EDIT there;
    ValidationError for a day before the version it follows began, or an end before its beginning."""
    check_right(by, Right.CATALOGUE_EDIT, county.pk)
    values = values_of(facts, FACTS, "a policy")
    with act(by=by, verb="revise_policy"):
        held = next((row for row in in_force(county.pk, timezone.localdate().year) if row.code == policy.code), None)
        if held is None:
            raise refusal("这项政策已停止执行，请刷新页面。")
        before = Policy.objects.select_for_update(of=("self",)).get(pk=held.pk)
        if starts_on <= before.starts_on:
            raise refusal(f"开始日期应晚于现行版本的 {before.starts_on:%Y-%m-%d}，请改正。", field="starts_on")
        if values.get("ends_on") and values["ends_on"] < starts_on:
            raise refusal("停止日期早于开始日期，请改正。", field="ends_on")
        if before.place_id == county.pk:
            before.ends_on = starts_on - timedelta(days=1)
            before.save(update_fields=["ends_on"])
        kept = model_to_dict(before, exclude=("id", "place", "starts_on", "ends_on"))
        return Policy.objects.create(**{**kept, **values}, place=county, starts_on=starts_on)


def note_not_served(*, by: User, member: Member, policy: Policy, year: int, reason: str, note: str = "") -> NotServed:
    """Say why somebody entitled does not get a policy in a year; said again, it replaces what was said.

    Raises PermissionDenied without MEASURE_EDIT there; ValidationError for somebody not entitled, or who has it.
    """
    with act(by=by, verb="note_not_served"):
        household = lock(by, member.household, Right.MEASURE_EDIT)
        if not FIRST_YEAR <= year <= timezone.localdate().year:
            raise refusal("年度不对，请刷新页面。", field="year")
        if reason not in NotServed.Reason.values:
            raise refusal("请选择未享受的原因。", field="reason")
        found = entitled(Member.objects.filter(pk=member.pk), policy, year).first()
        if found is None:
            raise refusal(f"{member.name}不在“{policy}”的享受范围内，请刷新页面。")
        if found.has_it:
            raise refusal(f"{member.name}已享受“{policy}”，不用登记原因。")
        row, _made = NotServed.objects.update_or_create(
            member=member,
            policy=policy.code,
            year=year,
            defaults={
                "household": household,
                "village_id": household.village_id,
                "reason": reason,
                "note": note.strip()[:120],
            },
        )
    return row
