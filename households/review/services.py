"""Verbs of 分类管理: note what an assessment found, and what the county office decided on it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from households.models import Household, PolicyRun, Review, SupportDecision
from households.models.review import FIRST_YEAR, Outcome
from households.review.selectors import in_force, is_due
from povreg.kit.history import act
from povreg.kit.stale import check_version
from villages.codes.selectors import labels
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

FACTS = ("economy", "ability", "evidence", "assessors", "assessed_on", "proposal")


def record_review(
    *, by: User, household: Household, year: int, version: int | None = None, **facts: Any
) -> Review:  # fmt: skip
    """Note or change the assessment of a household for a year; ``facts`` are all of FACTS.

    Raises PermissionDenied; ValidationError by field; Conflict where somebody else saved after ``version`` was shown.
    """
    check_right(by, Right.HOUSEHOLD_EDIT, household.village_id)
    with act(by=by, verb="record_review"):
        Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
        row = Review.objects.filter(household=household, year=year).first()
        if row:
            check_version(row, version, facts)
        _check_review(household, year, row, facts)
        row = row or Review(household=household, village_id=household.village_id, year=year, version=0)
        for name in FACTS:
            setattr(row, name, facts[name])
        row.version += 1
        row.save()
    return row


def _check_review(household: Household, year: int, row: Review | None, facts: Mapping[str, Any]) -> None:
    day: date = facts["assessed_on"]
    if year < FIRST_YEAR:
        raise ValidationError(f"分类管理从 {FIRST_YEAR} 年开始，请选择 {FIRST_YEAR} 年或以后的年度。")
    if not is_due(household, year):
        raise ValidationError("该户不是脱贫户，不需要综合评估，请核对。")
    if day.year != year or day > timezone.localdate():
        raise ValidationError({"assessed_on": f"评估日期应在 {year} 年内，且不晚于今天，请核对。"})
    for name in ("evidence", "assessors"):
        if not str(facts[name]).strip():
            title = Review._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            raise ValidationError({name: f"{title}不能为空，请填写。"})
    if row and in_force(review=row).exists():
        raise ValidationError("县级已按这次评估作出决定，不能再改；确有错误，请县级先撤回决定。")


def decide_support(
    *,
    by: User,
    household: Household,
    outcome: str,
    document: str,
    decided_on: date,
    since: date,
    policies: Mapping[str, date | None],
    note: str = "",
) -> SupportDecision:
    """Note what the county office decided on the latest assessment: support ends in order, or goes on; ``policies`` are
    those that run on, each until a day (None: without an end). The decision before it ends where this one begins.

    Raises PermissionDenied for anybody but the county office, ValidationError by field.
    """
    check_right(by, Right.COUNTY_REVIEW, household.village_id)
    with act(by=by, verb="decide_support"):
        Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
        review = Review.objects.filter(household=household).order_by("-year").first()
        if review is None:
            raise ValidationError("该户还没有综合评估，请先登记评估再作决定。")
        _check_decision(review, outcome, document, decided_on, since, policies)
        _end_before(household, since)
        made = SupportDecision.objects.create(
            household=household, village_id=household.village_id, review=review, outcome=outcome,
            document=document.strip(), decided_on=decided_on, since=since, note=note.strip(), decided_by=by,
        )  # fmt: skip
        PolicyRun.objects.bulk_create(
            PolicyRun(decision=made, policy=code, until=until) for code, until in policies.items()
        )
    return made


def _check_decision(
    review: Review, outcome: str, document: str, decided_on: date, since: date, policies: Mapping[str, date | None]
) -> None:
    faults: dict[str, str] = {}
    if not document.strip():
        faults["document"] = "请填写作出决定的文件号。"
    if not review.assessed_on <= decided_on <= timezone.localdate():
        faults["decided_on"] = f"决定日期应在评估日期（{review.assessed_on:%Y-%m-%d}）之后，且不晚于今天，请核对。"
    if since < decided_on:
        faults["since"] = "执行日期不能早于决定日期，请核对。"
    if outcome == Outcome.GO_ON and not policies:
        faults["policies"] = "继续帮扶的，请至少勾选一项延续的政策。"
    if not set(policies) <= set(labels("support_policy")):
        faults["policies"] = "没有这项政策，请从列表中选择。"
    if any(until and until <= since for until in policies.values()):
        faults["policies"] = "政策延续的截止日期应晚于执行日期，请核对。"
    if faults:
        raise ValidationError(faults)


def _end_before(household: Household, since: date) -> None:
    before = in_force(household=household).first()
    if before is None:
        return
    if before.since >= since:
        raise ValidationError(
            {"since": f"上一个决定自 {before.since:%Y-%m-%d} 起执行，执行日期应晚于它；上一个有误的，请先撤回。"}
        )
    before.until = since
    before.version += 1
    before.save()


def withdraw_support(*, by: User, decision: SupportDecision, reason: str) -> SupportDecision:
    """Take back the latest decision on a household; the one before it holds again.

    Raises PermissionDenied for anybody but the county office, ValidationError without a reason or where it is over.
    """
    check_right(by, Right.COUNTY_REVIEW, decision.village_id)
    if not reason.strip():
        raise ValidationError({"reason": "请写明撤回的原因。"})
    with act(by=by, verb="withdraw_support", reason=reason):
        row = SupportDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        if row.until or row.withdrawn_on:
            raise ValidationError("这个决定已被撤回，或已有后一个决定，不能撤回。请刷新页面。")
        row.withdrawn_on, row.withdrawn_reason = timezone.localdate(), reason.strip()[:200]
        row.version += 1
        row.save()
        kept = SupportDecision.objects.filter(household_id=row.household_id, until=row.since, withdrawn_on__isnull=True)
        for before in kept:
            before.until = None
            before.version += 1
            before.save()
    return row
