"""The quotas of a year (规模分解): a place's own number, its division over the places below, every difference given."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from households.models import Quota
from households.procedures.engine import data_kinds
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.offers import not_offered
from households.procedures.quotas import selectors as quota_reads, services as quota
from households.procedures.quotas.forms import DivideForm, QuotaForm
from households.register.years import year_of
from povreg.kit.scopes import COUNTY
from povreg.kit.views import demand, holds, require
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.periods.selectors import Era, era_of
from villages.rights import Right


@require(Right.DASHBOARD_VIEW)
@require_safe
def quotas(request: SignedInRequest) -> HttpResponse:
    """On to the quota of one's own place, or of the one asked for."""
    code = request.GET.get("place", "").strip() or quota_reads.first_place(request.user)
    if not code:
        return render(request, "households/procedures/quotas.html", {"place": None})
    return redirect("procedure-quota", code=int(get_object_or_404(quota_reads.places(request.user), pk=code).pk))


class QuotaPage:
    """A place's quota in a year, and what this person may do with it."""

    def __init__(self, request: SignedInRequest, code: int) -> None:
        self.user: Any = request.user
        self.place: Place = get_object_or_404(quota_reads.places(self.user), pk=str(code))
        self.year = year_of(request)
        self.kinds = quota.scaled_kinds()
        asked = request.GET.get("kind", "")
        self.kind = asked if asked in dict(self.kinds) else str(quota.KIND)
        self.own: Quota | None = quota_reads.own(self.user, self.place, self.year, self.kind)
        self.below = quota_reads.below(self.user, self.place, self.year, self.kind)
        self.may_edit = holds(self.user, Right.QUOTA_EDIT, self.place.pk)
        era = era_of(self.year, self.place.pk)
        self.not_offered = "" if self._offered(era) else not_offered(quota.offer_of(self.kind), era)
        self.set_form: QuotaForm | None = None
        self.divide_form: DivideForm | None = None
        self.refused: list[str] = []
        self.reason = ""

    def _offered(self, era: Era) -> bool:
        return era.offers(quota.offer_of(self.kind)) or self.kind in data_kinds.offered(self.year)

    @property
    def query(self) -> str:
        return f"?year={self.year}&kind={self.kind}"

    @property
    def url(self) -> str:
        return reverse("procedure-quota", args=[int(self.place.pk)]) + self.query

    def method(self, request: SignedInRequest) -> str:
        """The method asked for, else the one the places below were computed by."""
        asked = request.POST.get("method") or request.GET.get("method", "")
        used = next((row.method for _, row in self.below if row), str(quota.Method.RATE))
        return asked if asked in quota.Method.values else used

    def open_forms(self, request: SignedInRequest, do: str = "") -> None:
        """The forms that apply now; the one that was sent holds what was typed."""
        data = request.POST
        if not self.may_edit or self.not_offered:
            return
        if len(self.place.pk) == COUNTY and not (self.own and self.own.confirmed_on):
            people = quota_reads.populations([self.place.pk]).get(self.place.pk)
            self.set_form = QuotaForm(data if do == "set" else None, row=self.own, people=people)
        if self.own and self.below and not all(row and row.confirmed_on for _, row in self.below):
            people_below = quota_reads.populations([each.pk for each, _ in self.below])
            self.divide_form = DivideForm(
                data if do == "divide" else None, method=self.method(request), places=self.below, people=people_below
            )

    def context(self, request: SignedInRequest) -> dict[str, Any]:
        summed = quota_reads.total(self.below)
        above = self.place.parent if len(self.place.pk) > COUNTY else None
        seen = above and quota_reads.places(self.user).filter(pk=above.pk).exists()
        return {
            "page": self,
            "place": self.place,
            "year": self.year,
            "own": self.own,
            "above": above if seen else None,
            "below": self.below,
            "total": summed,
            "left": self.own.amount - summed["amount"] if self.own else None,
            "fixed": any(row and row.confirmed_on for _, row in self.below),
            "may_take_back": self.may_edit and any(row and row.confirmed_on for _, row in self.below),
            "may_confirm": self.divide_form is not None and any(row for _, row in self.below),
            "methods": quota.Method.choices,
            "method": self.method(request),
            "changes": quota_reads.overrides(self.user, self.place, self.year, self.kind),
        }


@require(Right.DASHBOARD_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def procedure_quota(request: SignedInRequest, code: int) -> HttpResponse:
    """One place: its number and how it was found; the county office sets, divides and hands down."""
    page = QuotaPage(request, code)
    do = ""
    if request.method == "POST":
        demand(request.user, Right.QUOTA_EDIT, page.place.pk)
        do = request.POST.get("do", "set")
        if do not in RUN:
            raise Http404(do)
        page.reason = request.POST.get("reason", "")
    page.open_forms(request, do)
    if do and (told := RUN[do](page)):
        messages.success(request, told)
        return redirect(page.url)
    found = render(request, "households/procedures/quotas.html", page.context(request))
    found.status_code = 422 if do else 200
    return found


def _set(page: QuotaPage) -> str:
    form = page.set_form
    if form is None or not form.is_valid():
        return ""
    try:
        row = quota.set_quota(by=page.user, place=page.place.pk, year=page.year, kind=page.kind, **form.facts())
    except ValidationError as fault:
        form.add_error(None, fault)
        return ""
    return f"{page.place} {page.year} 年的规模为 {row.amount} 人。"


def _divide(page: QuotaPage) -> str:
    form = page.divide_form
    if form is None or page.own is None or not form.is_valid():
        return ""
    try:
        rows = quota.divide_quota(by=page.user, quota=page.own, method=form.method, shares=form.shares())
    except ProcedureError as fault:
        form.row_faults = fault.rows
        form.add_error(None, fault)
        return ""
    return f"已保存 {len(rows)} 处的规模。"


def _confirm(page: QuotaPage) -> str:
    if page.own is None or page.divide_form is None:
        return ""
    try:
        count = quota.confirm_quotas(by=page.user, quota=page.own)
    except ValidationError as fault:
        page.refused = fault.messages
        return ""
    return f"规模已下达 {count} 处。"


def _take_back(page: QuotaPage) -> str:
    if page.own is None:
        return ""
    try:
        count = quota.take_back_quotas(by=page.user, quota=page.own, reason=page.reason)
    except ValidationError as fault:
        page.refused = fault.messages
        return ""
    return f"已收回 {count} 处的规模，可以重新核定和分解；改好后请再次下达。"


RUN = {"set": _set, "divide": _divide, "confirm": _confirm, "take_back": _take_back}
