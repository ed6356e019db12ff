"""The privilege review: what stands today, what to look at, the signature."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audits.privileges import selectors, services
from households.leads.forms import words
from povreg.kit.scopes import county_of
from povreg.kit.views import refusals_into, require
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

REFUSED = 422


class SignForm(forms.Form):
    """What the reviewer says."""

    said = words("复核意见", 500, rows=3, help_text="停用、调整了哪些，其余有没有异议。")


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.TRAIL_VIEW)
def privileges(request: SignedInRequest) -> HttpResponse:
    """The review of the running quarter."""
    county = county_for(request.user, request.GET.get("place", ""))
    form = SignForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            services.sign_review(by=request.user, county=county, said=form.cleaned_data["said"])
            return redirect(request.get_full_path())
    status = REFUSED if form.errors else 200
    return render(request, "audits/privileges/index.html", {"form": form, **shown(county)}, status=status)


def county_for(user: User, asked: str) -> Place:
    """The county asked for, or the person's first. Raises Http404 outside the person's places."""
    codes = sorted({county_of(code) for code in user.places_with(Right.TRAIL_VIEW)})
    code = county_of(asked) if asked else next(iter(codes), "")
    found = Place.objects.filter(pk=code, level=Place.Level.COUNTY).first()
    if found is None or not user.can(Right.TRAIL_VIEW, found.pk):
        raise Http404
    return found


def shown(county: Place) -> dict[str, Any]:
    today = timezone.localdate()
    idle = selectors.unused(county.pk)
    return {
        "county": county,
        "quarter": selectors.quarter_of(today),
        "signed": selectors.review_now(county.pk),
        "roles": selectors.roles_at(county.pk),
        "unused": list(idle[: selectors.MOST]),
        "unused_count": idle.count(),
        "conflicting": selectors.conflicting(county.pk),
        "deeds": selectors.one_hand(county.pk),
        "earlier": list(selectors.reviews(county.pk)[:8]),
        "days": selectors.UNUSED.days,
    }
