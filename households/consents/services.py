"""Verbs on consents: note that a household agreed, and that it took that back (个人信息保护法 article 15)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from households.consents.purposes import asked_for, purposes
from households.models import Attachment, Consent, Household
from povreg.kit.history import act
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right


def record_consent(
    *, by: User, household: Household, purpose: str, given_on: date, paper: str, signers: int,
    file: Attachment | None = None,
) -> Consent:  # fmt: skip
    """Note that a household agreed. Raises ValidationError beside the field, PermissionDenied."""
    check_right(by, Right.HOUSEHOLD_EDIT, household.village_id)
    if purpose not in dict(asked_for()):
        raise ValidationError({"purpose": "请选择需要农户同意的用途。"})
    if not paper.strip():
        raise ValidationError({"paper": "请填写农户签字的文书名称，例如《申请及承诺授权查询书》。"})
    if signers < 1:
        raise ValidationError({"signers": "请填写签字的成年人数，至少 1 人。"})
    if given_on > timezone.localdate():
        raise ValidationError({"given_on": "同意日期还没有到，请填写签字当天的日期。"})
    if file is not None and file.household_id != household.pk:
        raise ValidationError({"file": "这个扫描件不是本户的，请在本户的附件中选择。"})
    with act(by=by, verb="record_consent"):
        row = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
        if row.removed_on:
            raise ValidationError("该户已销户，不能登记授权。")
        if Consent.objects.filter(household=row, purpose=purpose, withdrawn_on=None).exists():
            raise ValidationError({"purpose": f"“{purposes()[purpose].label}”已有同意，撤回后才能重新登记。"})
        return Consent.objects.create(
            household=row, purpose=purpose, given_on=given_on, paper=paper.strip(), signers=signers, file=file,
            noted_by=by,
        )  # fmt: skip


def withdraw_consent(*, by: User, consent: Consent, on: date, reason: str) -> Consent:
    """Note that the household took its consent back: from then on its data are not used for the purpose; what was done
    before stays lawful. Raises ValidationError, PermissionDenied."""
    check_right(by, Right.HOUSEHOLD_EDIT, consent.household.village_id)
    if not reason.strip():
        raise ValidationError({"reason": "请写明怎么提出撤回的，例如“本人到村委会提出”。"})
    with act(by=by, verb="withdraw_consent", reason=reason.strip()):
        row = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
        if row.withdrawn_on:
            raise ValidationError("这项同意已经撤回，不用再办理。")
        if not row.given_on <= on <= timezone.localdate():
            raise ValidationError({"on": "撤回日期应在同意之后、不晚于今天，请改正。"})
        row.withdrawn_on, row.withdrawn_reason = on, reason.strip()[:200]
        row.save(update_fields=["withdrawn_on", "withdrawn_reason"])
    return row
