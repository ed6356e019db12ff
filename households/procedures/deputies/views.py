"""Deputies: a new order, granting one, ending one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from households.models import Deputy
from households.procedures.deputies.forms import DeputyForm
from households.procedures.deputies.services import end_deputy, grant_deputy, order_deputy
from povreg.kit.views import refusals_into, require, scoped_or_404
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require(Right.TEMPLATE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_deputy(request: SignedInRequest) -> HttpResponse:
    """Order who stands in for whom."""
    form = DeputyForm(request.POST or None, user=request.user)
    if form.is_valid():
        with refusals_into(form):
            order_deputy(by=request.user, **form.cleaned_data)
            messages.success(request, "代办已安排，安全管理员授予后生效。")
            return redirect("deputies")
    place = Place.objects.visible_to(request.user).filter(pk=form["place"].value() or "").first()
    context = {"form": form, "place_text": str(place or "")}
    return render(request, "households/procedures/deputy_new.html", context, status=422 if form.errors else 200)


@require(Right.POSTING_GRANT)
@require_POST
def grant(request: SignedInRequest, pk: int) -> HttpResponse:
    """Have an order hold."""
    row = scoped_or_404(Deputy, request.user, pk, Right.POSTING_GRANT)
    try:
        grant_deputy(by=request.user, deputy=row)
        messages.success(request, "已授予，期满自动结束。")
    except ValidationError as fault:
        messages.error(request, "".join(fault.messages))
    return redirect("deputies")


@require(Right.TEMPLATE_EDIT, Right.POSTING_GRANT)
@require_POST
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End an order."""
    row = scoped_or_404(Deputy, request.user, pk)
    try:
        end_deputy(by=request.user, deputy=row)
        messages.success(request, "代办已撤销。")
    except ValidationError as fault:
        messages.error(request, "".join(fault.messages))
    return redirect("deputies")
