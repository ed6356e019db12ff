"""The public page of a posted project, and what anybody says against it."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from assistance.funds.notices import objecting, selectors
from assistance.funds.notices.lists import ObjectForm
from households.procedures.notices.views import SHOWN_FOR, WRITE, missing, public_page
from povreg.kit import throttle
from povreg.kit.views import refusals_into

SENT = "project_objection_sent"


@require_GET
@public_page(keep=True)
def project(request: HttpRequest, token: str) -> HttpResponse:
    """What a project is, what it costs and who pays, for everybody."""
    found = selectors.find(token)
    if found is None:
        return missing(request)
    return render(request, "assistance/funds/public.html", {"notice": found, "token": token})


@require_http_methods(["GET", "POST"])
@public_page(counted=False)
def object_to(request: HttpRequest, token: str) -> HttpResponse:
    """The form for an objection. A refusal keeps what was typed."""
    found, row = selectors.find(token), selectors.row_of(token)
    if found is None or row is None:
        return missing(request)
    form = ObjectForm(request.POST if request.method == "POST" else None)
    seconds = throttle.wait(WRITE, request) if request.method == "POST" else 0
    if seconds:
        form.add_error(None, f"提交过于频繁，请 {-(-seconds // 60)} 分钟后再试，或拨打监督电话。您写的内容还在下面。")
    elif form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("text", "name", "phone")}
        with refusals_into(form):
            kept = objecting.receive(notice=row, **facts)
            request.session[SENT] = {"no": kept.tracking_no, "due": str(kept.due_on), "at": int(time.time())}
            return redirect("public-project-objection-sent", token=token)
    status = 429 if seconds else 422 if form.errors else 200 if found.is_open else 410
    context = {"notice": found, "token": token, "form": form}
    return render(request, "assistance/funds/objection.html", context, status=status)


@require_GET
@public_page(counted=False)
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """The tracking number, for a quarter of an hour in the same browser; it never stands in an address."""
    kept = request.session.get(SENT)
    if not kept or time.time() - kept["at"] > SHOWN_FOR:
        return HttpResponse(status=303, headers={"Location": reverse("public-objection")})
    return render(request, "assistance/funds/objection_sent.html", {"sent": kept, "token": token})
