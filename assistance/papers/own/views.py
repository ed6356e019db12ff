"""The household's own page: the door, the page, a copy, a request for correction."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assistance.models import CorrectionRequest, HouseholdCard
from assistance.papers import services
from assistance.papers.own import door
from assistance.papers.own.forms import CorrectionForm, DoorForm
from assistance.papers.own.shown import NOTE, copy_of, own_page
from households.procedures.notices.views import SHOWN_FOR, WRITE, public_page, too_many
from households.procedures.papers.pdf import PDF, pdf
from households.procedures.papers.views import page as paper_page
from povreg.kit import reach, throttle
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.views import refusals_into
from povreg.proof.recording import record_content

KNOCK = throttle.Limit("own-page", 20, 600)
SENT = "correction_sent"
View = Callable[..., HttpResponse]


def carded(view: Callable[[HttpRequest, HouseholdCard], HttpResponse]) -> View:
    """View decorator: the address holds the code of a valid card. Behind it no statement sees farther than the village
    of the household."""

    @public_page()
    @wraps(view)
    def guarded(request: HttpRequest, code: str) -> HttpResponse:
        card = door.find(code)
        if card is None:
            return render(request, "assistance/papers/own/missing.html", status=404)
        with reach.reaching(reach.at(card.village_id)):
            return view(request, card)

    return guarded


def inside(view: Callable[[HttpRequest, HouseholdCard], HttpResponse]) -> View:
    """View decorator: the second fact was told in this browser within a quarter of an hour."""

    @carded
    @wraps(view)
    def guarded(request: HttpRequest, card: HouseholdCard) -> HttpResponse:
        if not door.is_open(request, card):
            return HttpResponse(status=303, headers={"Location": reverse("own-page", args=[card.code])})
        return view(request, card)

    return guarded


@require_http_methods(["GET", "POST"])
@carded
def page(request: HttpRequest, card: HouseholdCard) -> HttpResponse:
    """The door, and behind it the page."""
    if request.method == "POST":
        return _knock(request, card)
    if door.is_open(request, card):
        context = {"shown": own_page(card.household), "code": card.code, "note": NOTE, "requests": requests_of(card)}
        return render(request, "assistance/papers/own/page.html", context)
    return _door(request, DoorForm(), card)


def _knock(request: HttpRequest, card: HouseholdCard) -> HttpResponse:
    seconds = throttle.wait(KNOCK, request, uncounted=60)  # nothing may be guessed meanwhile
    if seconds:
        return too_many(request, seconds)
    form = DoorForm(request.POST)
    if form.is_valid():
        answer = door.knock(card, form.cleaned_data["fact"])
        if answer.opened:
            door.let_in(request, card)
            return redirect("own-page", code=card.code)
        form.add_error("fact", _refusal(answer.left))
    return _door(request, form, card, 422)


def _refusal(left: int) -> str:
    if left:
        return f"和登记的不一样，请核对后再输；今天还可以试 {left} 次。"
    return "今天输错的次数太多，请明天再试，或带身份证到村委会查看。"


def _door(request: HttpRequest, form: DoorForm, card: HouseholdCard, status: int = 200) -> HttpResponse:
    context = {"form": form, "village": card.household.village, "can_ask": door.has_second_fact(card.household)}
    return render(request, "assistance/papers/own/door.html", context, status=status)


def requests_of(card: HouseholdCard) -> list[CorrectionRequest]:
    """The household's requests with their answers."""
    return list(CorrectionRequest.objects.filter(household_id=card.household_id)[:10])


@require_POST
@carded
def leave(request: HttpRequest, card: HouseholdCard) -> HttpResponse:
    """Close the door in this browser."""
    door.close(request)
    return HttpResponse(status=303, headers={"Location": reverse("own-page", args=[card.code])})


@require_GET
@inside
def copy(request: HttpRequest, card: HouseholdCard) -> HttpResponse:
    """The copy to be printed."""
    back = reverse("own-page", args=[card.code])
    return paper_page(
        request, copy_of(card.household), "", back, pdf=reverse("own-copy-pdf", args=[card.code]), back_label="返回"
    )


@require_GET
@inside
def copy_pdf(request: HttpRequest, card: HouseholdCard) -> HttpResponse:
    """The copy as a file."""
    paper = copy_of(card.household)
    content = pdf(paper)
    record_content(Leaving("paper:own-copy", paper.title, None, card.village_id, unmasked=False), content)
    response = HttpResponse(content, content_type=PDF)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(paper.file)}.pdf"
    return response


@require_http_methods(["GET", "POST"])
@inside
def correct(request: HttpRequest, card: HouseholdCard) -> HttpResponse:
    """Ask that something be set right. A refusal keeps what was typed."""
    form = CorrectionForm(request.POST or None)
    seconds = throttle.wait(WRITE, request) if request.method == "POST" else 0
    if seconds:
        form.add_error(None, f"提交过于频繁，请 {-(-seconds // 60)} 分钟后再试。您写的内容还在下面。")
    elif form.is_valid() and (sent := _send(form, card)):
        request.session[SENT] = {"no": sent, "at": int(time.time())}
        return redirect("own-corrected", code=card.code)
    status = 429 if seconds else 422 if form.errors else 200
    context = {"form": form, "code": card.code, "days": services.ANSWER_DAYS}
    return render(request, "assistance/papers/own/correct.html", context, status=status)


def _send(form: CorrectionForm, card: HouseholdCard) -> str:
    """Hand the request over; its tracking number, or "" with the refusal in the form."""
    facts: dict[str, Any] = {name: form.cleaned_data[name] for name in ("about", "said", "phone")}
    with refusals_into(form), reach.wider("public"):  # whoever works there is told, wherever his account lies
        facts["no"] = services.take_correction(household=card.household, **facts).tracking_no
    return str(facts.get("no", ""))


@require_GET
@inside
def corrected(request: HttpRequest, card: HouseholdCard) -> HttpResponse:
    """The tracking number, for a quarter of an hour in the same browser."""
    kept = request.session.get(SENT)
    if not kept or time.time() - kept["at"] > SHOWN_FOR:
        return redirect("public-objection")
    context = {"tracking_no": kept["no"], "code": card.code, "days": services.ANSWER_DAYS}
    return render(request, "assistance/papers/own/corrected.html", context)
