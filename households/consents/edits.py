"""The edit pages of consents."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from households.consents import services
from households.consents.forms import ConsentForm, WithdrawalForm
from households.consents.purposes import purposes
from households.models import Consent, Household
from povreg.kit.pages.edit import Edit, posted
from villages.models import User
from villages.rights import Right


def back(request: HttpRequest, row: Any) -> str:
    """To the household's page."""
    return reverse("household-privacy", args=[getattr(row, "household_id", row.pk)])


def crumbs(request: HttpRequest, row: Any) -> list[dict[str, str]]:
    return [{"label": "本户", "url": back(request, row)}]


def record(by: User, household: Household, form: Any) -> Consent:
    return services.record_consent(by=by, household=household, **form.cleaned_data)


def withdraw(by: User, consent: Consent, form: Any) -> Consent:
    return services.withdraw_consent(by=by, consent=consent, **form.cleaned_data)


NEW = Edit(
    code="consent",
    title=lambda row: "登记授权同意",
    subtitle=lambda row: row.household_no,
    note=lambda row: "农户自愿签字才能登记；不同意不影响建档立卡和享受政策。",
    right=Right.HOUSEHOLD_EDIT,
    rows=lambda: Household.objects.select_related("village"),
    place="village_id",
    form=lambda request, row: ConsentForm(posted(request), household=row),
    save=record,
    done=lambda row: "授权同意已登记。",
    after=back,
    crumbs=crumbs,
)
WITHDRAWAL = Edit(
    code="consent-withdraw",
    title=lambda row: "登记撤回同意",
    subtitle=lambda row: purposes()[row.purpose].label,
    note=lambda row: "撤回以后不再用于这个用途；撤回以前已经进行的处理仍然有效。",
    right=Right.HOUSEHOLD_EDIT,
    rows=lambda: Consent.objects.select_related("household"),
    place="household__village_id",
    form=lambda request, row: WithdrawalForm(posted(request)),
    save=withdraw,
    done=lambda row: "撤回已登记。",
    after=back,
    crumbs=crumbs,
    label="登记撤回",
)
