"""A village's attendance of a month: every post on one page, saved at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assistance.models import Measure, PostMonth
from assistance.running.posts import selectors, services
from povreg.kit.values import month_of
from povreg.kit.views import require
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.places.views import place_or_404
from villages.rights import Right

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.MEASURE_EDIT)
def month(request: SignedInRequest, code: int) -> HttpResponse:
    village = place_or_404(request, code, Place.Level.VILLAGE, right=Right.MEASURE_EDIT)
    first = month_of(request.POST.get("month") or request.GET.get("month", "")).replace(day=1)
    visible = Measure.objects.visible_to(request.user).filter(village=village)
    rows = list(selectors.posts_in(visible, first).order_by("member__name", "pk"))
    status = 200
    if request.method == "POST":
        try:
            noted = services.note_attendance(
                by=request.user, village=village, month=first, days=typed(request.POST, rows)
            )
            messages.success(request, f"已登记 {noted} 人 {first.year}年{first.month}月的考勤。")
            return redirect(f"{request.path}?month={first:%Y-%m}")
        except ValidationError as refused:
            messages.error(request, "；".join(refused.messages))
            status = REFUSED
    context = {"village": village, "month": first, "rows": with_known(rows, first)}
    return render(request, "assistance/running/month.html", context, status=status)


def with_known(rows: list[Measure], first: date) -> list[tuple[Measure, PostMonth | None]]:
    known = {each.post_id: each for each in PostMonth.objects.filter(post__in=rows, month=first)}
    return [(row, known.get(row.pk)) for row in rows]


def typed(data: Any, rows: list[Measure]) -> dict[int, tuple[int, int]]:
    """Days due and worked by post, of those where anything was typed. Raises ValidationError for what is no number."""
    found: dict[int, tuple[int, int]] = {}
    for row in rows:
        due, present = (data.get(f"{name}-{row.pk}", "").strip() for name in ("due", "present"))
        if not due and not present:
            continue
        if not due.isdecimal() or not present.isdecimal():
            raise ValidationError(f"{row.member.name if row.member else ''}的天数没有填全，应到和实到都填整数。")
        found[row.pk] = int(due), int(present)
    return found
