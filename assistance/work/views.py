"""Work: the section of a household, a village's month, counts against last year, who fits a post."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from assistance.models import WorkPost, WorkSpell, WorkWish
from assistance.work import selectors, services
from assistance.work.forms import SpellForm, WishForm
from assistance.work.services import Told
from households.entry.sections.views import opened
from povreg.kit.values import month_of
from povreg.kit.views import demand, refusals_into, require, scoped_or_404
from villages.codes.controls import plain_number
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.places.views import place_or_404
from villages.rights import Right

REFUSED = 422
FORMS = {"spell": SpellForm, "wish": WishForm}
MOST_WISHES = 50


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.HOUSEHOLD_VIEW)
def work_section(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """Who of the household works where, what each wishes; a new spell or wish is noted here."""
    page = opened(request, pk, section)
    household = page.household
    what = request.POST.get("what", "")
    if request.method == "POST":
        demand(request.user, Right.HOUSEHOLD_EDIT, household.village_id)
    shown = {
        name: form(request.POST if name == what else None, user=request.user, household=household, auto_id=f"{name}-%s")
        for name, form in FORMS.items()
    }
    asked: Any = shown.get(what)
    if asked is not None and asked.is_valid():
        with refusals_into(asked):
            note(request, what, asked.cleaned_data)
            return redirect(request.get_full_path())
    context = {
        "page": page,
        "spells": selectors.spells(request.user).filter(household=household),
        "wishes": WorkWish.objects.visible_to(request.user).filter(household=household).select_related("member"),
        "forms": shown,
        "may_edit": page.may_edit,
    }
    return render(request, "assistance/work/section.html", context, status=REFUSED if request.method == "POST" else 200)


def note(request: SignedInRequest, what: str, given: dict[str, Any]) -> None:
    member = given.pop("member")
    if what == "spell":
        services.begin_work(by=request.user, member=member, **given)
        messages.success(request, f"已登记{member.name}务工。")
    else:
        services.note_wish(by=request.user, member=member, **given)
        messages.success(request, f"已登记{member.name}的就业意愿。")


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.HOUSEHOLD_EDIT)
def month(request: SignedInRequest, code: int) -> HttpResponse:
    """A village's update of a month: everybody at work on one page, saved at once."""
    village = place_or_404(request, code, Place.Level.VILLAGE, right=Right.HOUSEHOLD_EDIT)
    first = month_of(request.POST.get("month") or request.GET.get("month", ""))
    rows = list(selectors.spells(request.user).filter(village=village, until=None, since__lte=services.last_day(first)))
    status = 200
    if request.method == "POST":
        try:
            done = services.confirm_month(by=request.user, village=village, month=first, told=told(request.POST, rows))
            messages.success(request, f"已确认 {done['working']} 人在岗，{done['ended']} 人结束务工。")
            return redirect(f"{request.path}?month={first:%Y-%m}")
        except ValidationError as refused:
            messages.error(request, "；".join(refused.messages))
            status = REFUSED
    context = {"village": village, "month": first, "rows": rows, "ended": WorkSpell.Ended.choices}
    return render(request, "assistance/work/month.html", context, status=status)


def told(data: Any, rows: list[WorkSpell]) -> list[Told]:
    """What the page tells of each person. Raises ValidationError naming whose wage cannot be read."""
    found, wrong = [], []
    for row in rows:
        text = plain_number(data.get(f"wage-{row.pk}", ""))
        try:
            wage = Decimal(text).quantize(Decimal("0.01")) if text else None
        except InvalidOperation:
            wrong.append(row.member.name)
            continue
        found.append(Told(row, wage, data.get(f"state-{row.pk}", "")))
    if wrong:
        raise ValidationError(f"{'、'.join(wrong)}的月工资不是数字，请只填数字。")
    return found


@require_safe
@require(Right.DASHBOARD_VIEW)
def against(request: SignedInRequest) -> HttpResponse:
    """People at work by place, against the same day last year."""
    rows = selectors.against_last_year(request.user)
    context = {
        "rows": rows,
        "now": sum(row.now for row in rows),
        "then": sum(row.then for row in rows),
    }
    return render(request, "assistance/work/against.html", context)


@require_GET
@require(Right.LEAD_VIEW)
def post(request: SignedInRequest, pk: int) -> HttpResponse:
    """A post, and the people it fits."""
    row: WorkPost = scoped_or_404(selectors.posts(request.user), request.user, pk, Right.LEAD_VIEW)
    wishes = selectors.wishes_for(request.user, row)
    context = {"post": row, "wishes": wishes[:MOST_WISHES], "count": wishes.count()}
    return render(request, "assistance/work/post.html", context)
