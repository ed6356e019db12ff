"""Cards with their codes: issued, renewed, revoked; requests for correction: taken in, answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from assistance.models import CorrectionRequest, HouseholdCard
from assistance.models.paper import new_code
from households.models import AnnualRecord, Household, Member, MemberYear
from households.register.errors import refusal
from povreg.kit.crypto import lookup_hash
from povreg.kit.history import act
from povreg.kit.idnumber import normalise
from villages.messages.services import tell_of_work
from villages.models import User
from villages.rights import Right, Role
from villages.rights.checks import check_right

TAKES = Right.OBJECTION_TAKE
"""Who takes in what villagers say gives out cards and answers requests."""
SHORTEST, LONGEST = 4, 500
ANSWER_DAYS = 15
"""Days until a request is answered. GB/T 35273-2020 8.7 allows thirty; PIPL articles 45 and 46 say "in time"."""
MOST_OPEN = 3
"""Requests of a household that may wait at a time."""
LOST = "卡片遗失或损坏，换发"


def issue_card(*, by: User, household: Household) -> HouseholdCard:
    """The household's code; the one that is valid, or a new one. Raises PermissionDenied without OBJECTION_TAKE there,
    ValidationError for a household that was struck off."""
    check_right(by, TAKES, household.village_id)
    with act(by=by, verb="issue_card"):
        row = _living(household)
        return HouseholdCard.objects.valid().filter(household=row).first() or _new(by, row)


def issue_cards(*, by: User, village: str, households: Collection[int]) -> int:
    """Codes for those of a village's households that have none, in two statements; how many were made. Raises
    PermissionDenied without OBJECTION_TAKE there."""
    check_right(by, TAKES, village)
    with act(by=by, verb="issue_card"):
        rows = Household.objects.living().filter(pk__in=households, village_id=village)
        without = rows.exclude(pk__in=HouseholdCard.objects.valid().values("household_id")).order_by("pk")
        made = HouseholdCard.objects.bulk_create(_made(by, row) for row in without.select_for_update(of=("self",)))
    return len(made)


def renew_card(*, by: User, household: Household, reason: str = LOST) -> HouseholdCard:
    """A new code; the old card opens nothing any more. Raises as :func:`issue_card`."""
    check_right(by, TAKES, household.village_id)
    with act(by=by, verb="renew_card", reason=reason):
        row = _living(household)
        revoke(row, reason)
        return _new(by, row)


def revoke_card(*, by: User, household: Household, reason: str) -> int:
    """The code opens nothing any more; how many were valid. Raises PermissionDenied, ValidationError."""
    check_right(by, TAKES, household.village_id)
    if len(reason.strip()) < SHORTEST:
        raise refusal(f"请写明作废的原因，至少 {SHORTEST} 个字。", field="reason")
    with act(by=by, verb="revoke_card", reason=reason):
        return revoke(_locked(household), reason)


def _locked(household: Household) -> Household:
    return Household.objects.select_for_update(of=("self",)).get(pk=household.pk)


def _living(household: Household) -> Household:
    row = _locked(household)
    if row.removed_on:
        raise refusal("该户已销户，不能再生成查询码。请核对户编号。")
    return row


def revoke(household: Household, reason: str) -> int:
    """Let the household's code open nothing more, whoever asks; how many were valid."""
    rows = HouseholdCard.objects.valid().filter(household=household)
    return rows.update(revoked_on=timezone.localdate(), revoked_reason=reason.strip()[:120])


def _made(by: User, household: Household) -> HouseholdCard:
    code = new_code()
    return HouseholdCard(
        household=household, village_id=household.village_id, code=code, code_hash=lookup_hash(code),
        issued_on=timezone.localdate(), issued_by=by,
    )  # fmt: skip


def _new(by: User, household: Household) -> HouseholdCard:
    row = _made(by, household)
    row.save()
    return row


def take_correction(*, household: Household, about: str, said: str, phone: str = "") -> CorrectionRequest:
    """Note what a household says is wrong; the village's cadres are told. Raises ValidationError for what is missing,
    and while too many wait for an answer."""
    text, number, today = said.strip(), normalise(phone)[:20], timezone.localdate()
    if about not in CorrectionRequest.About.values:
        raise refusal("请选择哪方面不对。", field="about")
    if not SHORTEST <= len(text) <= LONGEST:
        raise refusal(f"请写明哪里不对、应该是什么，{SHORTEST} 到 {LONGEST} 个字。", field="said")
    with act(by=None, verb="take_correction"):
        row = _locked(household)
        if CorrectionRequest.objects.open().filter(household=row).count() >= MOST_OPEN:
            raise refusal(f"您家已有 {MOST_OPEN} 件更正申请在办，请等答复后再提，或直接到村委会说明。")
        made = CorrectionRequest.objects.create(
            household=row, village_id=row.village_id, about=about, said=text, phone=number, received_on=today,
            due_on=today + timedelta(days=ANSWER_DAYS),
        )  # fmt: skip
        note = f"{row.village}有 1 件更正申请待答复，{made.due_on:%m月%d日}到期。"
        url = reverse("correction-request", args=[made.pk])
        tell_of_work(by=None, place=row.village, role=Role.VILLAGE_CADRE, text=note, url=url)
    return made


def answer_correction(*, by: User, request: CorrectionRequest, outcome: str, answer: str) -> CorrectionRequest:
    """Say what became of a request. Nothing is 已更正 as long as nothing of the household was changed since.

    Raises PermissionDenied without OBJECTION_TAKE there, ValidationError.
    """
    check_right(by, TAKES, request.village_id)
    Outcome = CorrectionRequest.Outcome  # noqa: N806 - an enum
    if outcome not in Outcome.values:
        raise refusal("请选择办理结果。", field="outcome")
    if len(answer.strip()) < SHORTEST:
        raise refusal(f"请写明答复，至少 {SHORTEST} 个字；申请人会看到。", field="answer")
    with act(by=by, verb="answer_correction"):
        row = CorrectionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        if row.answered_on:
            raise ValidationError("这件申请已经答复，不能再改。请刷新页面。")
        if outcome != Outcome.REFUSED and not changed_since(row):
            raise refusal("申请以后本户资料没有改动：请先到户页改好，再答复“已更正”。", field="outcome")
        row.outcome, row.answer = outcome, answer.strip()[:300]
        row.answered_by, row.answered_on, row.version = by, timezone.localdate(), row.version + 1
        row.save()
    return row


def changed_since(request: CorrectionRequest) -> bool:
    """Whether anything that is entered of the household was changed after the request came."""
    return (
        any(
            model._default_manager.filter(household_id=request.household_id, updated_at__gt=request.created_at).exists()
            for model in (Member, AnnualRecord, MemberYear)
        )
        or Household.objects.filter(pk=request.household_id, updated_at__gt=request.created_at).exists()
    )


def card_codes(households: Sequence[int]) -> dict[int, str]:
    """The valid codes of households."""
    rows = HouseholdCard.objects.valid().filter(household_id__in=households)
    return {row.household_id: row.code for row in rows}
