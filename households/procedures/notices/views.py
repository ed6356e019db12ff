"""What anybody reads and writes without signing in, under /gongshi/.

Every page is built from :mod:`households.procedures.notices.selectors`, is kept out of search engines and is
counted by address.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET, require_http_methods

from households.models import Notice
from households.procedures.lists.lines import line_at
from households.procedures.notices import declaring, selectors as public
from households.procedures.notices.forms import DeclareForm, PlaceSearchForm, PublicObjectionForm, TrackingForm
from households.procedures.notices.more import more_at
from households.procedures.objections.services import receive_objection
from povreg.kit import reach, throttle
from povreg.kit.views import paged, refusals_into
from villages.models import Place
from villages.places.selectors import with_paths

READ = throttle.Limit("public-read", 240, 60)
WRITE = throttle.Limit("objection", 10, 60)  # a shared address waits a minute at most
NOT_FOUND = "没有找到这个查询号，请对照提交时得到的号码逐个核对（号码里没有字母 I、L、O）。"
FOLLOW = throttle.Limit("objection-follow", 30, 600)
FRESH = 60  # seconds that a copy of a page may be shown
SHOWN_FOR = 900  # seconds that the tracking number can be read again on the result page
ROBOTS = "noindex, nofollow, noarchive"
PLACES = (6, 9, 12)  # digits of counties, townships, villages
LISTED, LINES = 20, 30  # a page
View = Callable[..., HttpResponse]


def public_page(*, keep: bool = False, counted: bool = True) -> Callable[[View], View]:
    """View decorator: counted by address, kept out of search engines; ``keep``: the same for all, so it may be cached
    for a minute; ``counted`` False: a right is used here, which reading elsewhere must not use up."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            seconds = throttle.wait(READ, request) if counted else 0
            with reach.wider("public"):
                response = too_many(request, seconds) if seconds else view(request, *args, **kwargs)
            response.headers["X-Robots-Tag"] = ROBOTS
            if keep and response.status_code == 200 and not request.user.is_authenticated:
                patch_cache_control(response, public=True, max_age=FRESH)
            else:
                patch_cache_control(response, private=True, no_store=True)
            return response

        return guarded

    return decorate


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    context = {"minutes": -(-seconds // 60)}
    response = render(request, "households/public/too_many.html", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def missing(request: HttpRequest) -> HttpResponse:
    return render(request, "households/public/missing.html", status=404)


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@require_GET
@public_page(keep=True)
def start(request: HttpRequest) -> HttpResponse:
    """Search by place, the counties, the lists that run."""
    form = PlaceSearchForm(request.GET or None)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context = {"form": form, "text": text, "found": public.search(text), "places": public.places("")}
    return listing(request, "households/public/start.html", "", context)


@require_GET
@public_page(keep=True)
def place(request: HttpRequest, code: int) -> HttpResponse:
    """The lists of one county, township or village, and the places below it."""
    row = Place.objects.filter(code=str(code)).first()
    if row is None or len(row.code) not in PLACES:
        return missing(request)
    below = public.places(row.code) if len(row.code) < PLACES[-1] else []
    context = {"place": row, "path": with_paths([row])[0].path, "places": below, "more": more_at(row.code)}
    return listing(request, "households/public/place.html", row.code, context)


def listing(request: HttpRequest, template: str, code: str, context: dict[str, Any]) -> HttpResponse:
    ended = request.GET.get("ended") == "1"
    page = paged(request, public.notice_list(code, running=not ended), LISTED)
    page.object_list = [public.notice(row) for row in page.object_list]
    return render(request, template, {**context, "page": page, "ended": ended})


@require_GET
@public_page(keep=True)
def notice(request: HttpRequest, token: str) -> HttpResponse:
    """One posted list, masked; how long it runs and how to object."""
    row = public.find(token)
    if row is None:
        return missing(request)
    context = {"notice": public.notice(row), "page": paged(request, public.lines(row), LINES)}
    return render(request, "households/public/notice.html", context)


@require_http_methods(["GET", "POST"])
@public_page(counted=False)
def object_to(request: HttpRequest, token: str) -> HttpResponse:
    """The form for an objection. A refusal keeps what was typed."""
    row = public.find(token)
    if row is None:
        return missing(request)
    shown = public.notice(row)
    if not shown.is_open:
        return render(request, "households/public/objection_over.html", {"notice": shown}, status=410)
    if request.method == "GET":
        form = PublicObjectionForm(notice=row, initial={"line": request.GET.get("line", "0")})
        return render(request, "households/public/objection.html", {"notice": shown, "form": form})
    form = PublicObjectionForm(request.POST, request.FILES, notice=row)
    seconds = throttle.wait(WRITE, request)
    if seconds:
        form.add_error(None, f"提交过于频繁，请 {-(-seconds // 60)} 分钟后再试，或拨打监督电话。您写的内容还在下面。")
    elif form.is_valid() and (sent := send(form, row)):
        request.session["objection_sent"] = {"no": sent, "at": int(time.time())}
        return redirect("public-objection-sent", token=token)
    return render(
        request, "households/public/objection.html", {"notice": shown, "form": form}, status=429 if seconds else 422
    )


def send(form: PublicObjectionForm, row: Notice) -> str:
    """Hand the objection over; its tracking number, or "" with the refusal in the form."""
    facts, key = form.cleaned_data, form.line_key()
    with refusals_into(form):
        facts["sent"] = receive_objection(
            by=None,
            notice=row,
            line=line_at(row, key) if key else None,
            **form.said(),
        ).tracking_no
    return str(facts.get("sent", ""))


@require_GET
@public_page(counted=False)
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """The tracking number, for a quarter of an hour in the same browser; it never stands in an address."""
    kept = request.session.get("objection_sent")
    if not kept or time.time() - kept["at"] > SHOWN_FOR:
        return HttpResponse(status=303, headers={"Location": reverse("public-objection")})
    found = public.objection(kept["no"])
    return render(request, "households/public/objection_sent.html", {"objection": found, "token": token})


@require_http_methods(["GET", "POST"])
@public_page(counted=False)
def declare(request: HttpRequest, code: int) -> HttpResponse:
    """A household declares by itself (一码申报); the address stands in the village's QR code."""
    row = Place.objects.current().filter(code=str(code), level=Place.Level.VILLAGE).first()
    if row is None:
        return missing(request)
    form = DeclareForm(request.POST or None)
    seconds = throttle.wait(WRITE, request) if request.method == "POST" else 0
    if seconds:
        form.add_error(None, f"提交过于频繁，请 {-(-seconds // 60)} 分钟后再试，或拨打监督电话。您写的内容还在下面。")
    elif form.is_valid():
        facts = {
            name: form.cleaned_data[name] for name in ("name", "phone", "id_no", "group", "said", "risks", "proxy")
        }
        with refusals_into(form):
            kept = declaring.declare(declaring.Declared(village=row, **facts))
            request.session["declared"] = {"no": kept.tracking_no, "at": int(time.time())}
            return redirect("public-declared", code=code)
    status = 429 if seconds else 422 if form.errors else 200
    return render(request, "households/public/declare.html", {"place": row, "form": form}, status=status)


@require_GET
@public_page(counted=False)
def declared(request: HttpRequest, code: int) -> HttpResponse:
    """The tracking number, for a quarter of an hour in the same browser."""
    kept, row = request.session.get("declared"), Place.objects.filter(code=str(code)).first()
    if row is None:
        return missing(request)
    if not kept or time.time() - kept["at"] > SHOWN_FOR:
        return HttpResponse(status=303, headers={"Location": reverse("public-objection")})
    return render(request, "households/public/declared.html", {"place": row, "tracking_no": kept["no"]})


@require_http_methods(["GET", "POST"])
@public_page()
def follow(request: HttpRequest) -> HttpResponse:
    """How far one's objection is, by its tracking number."""
    form = TrackingForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        seconds = throttle.wait(FOLLOW, request, uncounted=60)  # a number must not be guessed meanwhile
        if seconds:
            return too_many(request, seconds)
        if form.is_valid():
            number = form.cleaned_data["tracking_no"]
            context["objection"], context["declared"] = public.objection(number), declaring.followed(number)
        if form.is_valid() and context["objection"] is None and context["declared"] is None:
            form.add_error("tracking_no", NOT_FOUND)
        status = 200 if form.is_valid() else 422
    return render(request, "households/public/follow.html", context, status=status)
