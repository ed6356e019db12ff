"""The board: every list by village and step, what blocks it, and what is done with many at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from households.models import Batch
from households.models.template import Kind, StepKind, kind_label
from households.procedures.engine.kinds import drafted
from households.procedures.engine.offers import first_on_offer, on_offer
from households.procedures.lists import jobs, selectors
from households.procedures.lists.bulk import numbers_of
from households.procedures.lists.forms.members import (
    BulkPostForm,
    posting_place,
)
from households.procedures.lists.looked import RIGHT_OF
from households.register.years import year_of
from povreg.kit.views import holds, paged, require
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

ALL = "all"
MAIN = ("village", "village_notice", "township", "township_notice", "county", "done")
OWN = {"county": (Right.COUNTY_REVIEW, "待我审定"), "township": (Right.TOWNSHIP_REVIEW, "待我审核")}
BULK = {
    "township": ("review", StepKind.TOWNSHIP_REVIEW, "批量审核所选"),
    "county": ("review", StepKind.COUNTY_REVIEW, "批量审定所选"),
    "announcement": ("approve", StepKind.ANNOUNCEMENT, "批量批复所选"),
    "comparison": ("review", StepKind.COMPARISON, "批量登记比对结果"),
}
POSTED = ("village_notice", "township_notice")
MANY = 60


@require(Right.BATCH_VIEW)
@require_safe
def procedures(request: SignedInRequest) -> HttpResponse:
    """Cards by stage, and the lists of the stage that was chosen (one's own, at first)."""
    kind, year, place = filters(request)
    cards = selectors.board(request.user, kind=kind, year=year, place=place)
    bucket = request.GET.get("bucket") or _first_bucket(request.user, cards)
    chosen = selectors.batches(
        request.user, kind=kind, year=year, place=place, bucket=bucket if bucket in selectors.BUCKETS else ""
    )
    order = order_of(bucket)
    page = paged(request, selectors.table(chosen, order), MANY)
    context = {
        "cards": [_card(request, card, bucket) for card in cards if card.batches or card.code in MAIN],
        "title": _label(request.user, bucket) if bucket in selectors.BUCKETS else "全部名单",
        "order": {"end": "按公示结束先后", "due": "按办理期限先后"}.get(order, "按村"),
        "page": page,
        "rows": selectors.table_rows(page),
        "kinds": drafted(),
        "kind": kind,
        "kind_label": kind_label(kind),
        "year": year,
        "place": place,
        "place_text": place_name(place),
        "bucket": bucket,
        "all_url": f"?{_query(request, bucket=ALL)}",
        "bulk": _bulk(request.user, bucket, chosen),
        "post_form": _post_form(request, kind, year, place, bucket),
        "may_draft": holds(request.user, Right.BATCH_DRAFT),
        "export_url": f"{reverse('procedures-export')}?{urlencode(_shown(kind, year, place, bucket))}",
        "may_export": holds(request.user, Right.EXPORT),
        "may_figures": holds(request.user, Right.DASHBOARD_VIEW),
        "may_set": holds(request.user, Right.TEMPLATE_EDIT),
    }
    return render(request, "households/procedures/board.html", context)


def order_of(bucket: str) -> str:
    """What the table of a stage is sorted by: the end of the notice, the deadline, else the place."""
    return "end" if bucket in (*POSTED, "county") else "due" if bucket in selectors.BUCKETS else "place"


def filters(request: SignedInRequest) -> tuple[str, int, str]:
    """Kind, year and place that the address asks for."""
    kind, year = request.GET.get("kind", ""), year_of(request)
    kind = kind if kind in dict(drafted()) else first_to_show(year, request.user)
    return kind, year, request.GET.get("place", "").strip()


def first_to_show(year: int, user: User) -> str:
    """The kind that the board opens on: 脱贫退出 while it was carried out, then what is on offer first."""
    offered = dict(on_offer(drafted(), year, user))
    return str(Kind.EXIT) if Kind.EXIT in offered else first_on_offer(drafted(), year, user)


def place_name(code: str) -> str:
    return str(Place.objects.filter(pk=code).first() or "") if code else ""


def _first_bucket(user: User, cards: list[selectors.Card]) -> str:
    """What waits for this person's office, if anything does; else everything."""
    there = {card.code for card in cards if card.batches}
    return next((code for code, (right, _) in OWN.items() if code in there and holds(user, right)), ALL)


def _query(request: SignedInRequest, **changes: str) -> str:
    kept = {name: request.GET[name] for name in ("kind", "year", "place") if request.GET.get(name)}
    return urlencode({**kept, **changes})


def _shown(kind: str, year: int, place: str, bucket: str) -> dict[str, str]:
    every = {"kind": kind, "year": str(year), "place": place, "bucket": bucket}
    return {name: value for name, value in every.items() if value}


def _label(user: User, code: str) -> str:
    right, own = OWN.get(code, (None, ""))
    return own if right and holds(user, right) else selectors.BUCKETS[code]


def _card(request: SignedInRequest, card: selectors.Card, bucket: str) -> dict[str, Any]:
    late = [f"{card.overdue} 份逾期"] if card.overdue else []
    late += [f"{card.objections} 件异议待处理"] if card.objections else []
    return {
        "label": _label(request.user, card.code),
        "value": card.batches,
        "sub": "，".join(late) or f"{card.households:,} 户 {card.people:,} 人",
        "late": bool(late),
        "current": card.code == bucket,
        "url": f"?{_query(request, bucket=card.code)}",
    }


def _bulk(user: User, bucket: str, chosen: QuerySet[Batch]) -> dict[str, str] | None:
    if bucket not in BULK:
        return None
    do, step, label = BULK[bucket]
    if step == StepKind.ANNOUNCEMENT and not chosen.filter(step__kind=step).exists():
        step = StepKind.FILING
    if not holds(user, RIGHT_OF[step]):
        return None
    return {"do": do, "step": step, "label": label, "label_all": f"{label.replace('所选', '')}：全部符合条件的"}


def _post_form(request: SignedInRequest, kind: str, year: int, place: str, bucket: str) -> BulkPostForm | None:
    """Posting everything that waits, where something does."""
    at = posting_place(request.user, place)
    if bucket not in POSTED or not holds(request.user, Right.NOTICE_POST, at or None):
        return None
    numbers = numbers_of(jobs.waiting_to_post(at, kind, year))
    if not numbers["lists"]:
        return None
    form = BulkPostForm(user=request.user, initial={"place": at, "kind": kind, "year": year})
    form.numbers = numbers
    return form


@require(Right.NOTICE_POST)
@require_POST
def bulk_post(request: SignedInRequest) -> HttpResponse:
    """Put up every list that waits for its notice, as a job."""
    form = BulkPostForm(request.POST, user=request.user)
    if not form.is_valid():
        return _back(request, _told(form))
    try:
        job = jobs.launch_post(by=request.user, **form.cleaned_data)
    except ValidationError as fault:
        return _back(request, fault.messages)
    return redirect("job", pk=job.pk)


def _told(form: Form) -> list[str]:
    return [str(text) for errors in form.errors.values() for text in errors]


def _back(request: SignedInRequest, faults: list[str]) -> HttpResponse:
    for text in faults[:10]:
        messages.warning(request, text)
    if len(faults) > 10:
        messages.warning(request, f"还有 {len(faults) - 10} 份名单没有通过，请逐份查看。")
    kept = [(name, request.POST.get(f"at_{name}", "")) for name in ("kind", "year", "place", "bucket")]
    return redirect(f"{reverse('procedures')}?{urlencode([(name, value) for name, value in kept if value])}")
