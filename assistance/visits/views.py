"""Visits: the quick log, one visit, the section of the household page, plan against done, small corrections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from assistance.models import Visit, VisitPhoto
from assistance.visits import selectors, services
from assistance.visits.due import rule_words, standing_of, with_visits
from assistance.visits.forms import PhoneForm, ProposeForm, ReasonForm, VisitForm, WorkForm
from assistance.visits.lists import OF_HOUSEHOLD
from households.entry.page import section_url
from households.entry.sections.views import opened
from households.models import Household
from povreg.kit.pages.edit import Edit, posted
from povreg.kit.pages.shown import ShownList
from povreg.kit.views import holds, refusals_into, require, scoped_or_404
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.VISIT_LOG)
def log(request: SignedInRequest, pk: int) -> HttpResponse:
    """Log a visit to a household."""
    rows = with_visits(Household.objects.select_related("village"))
    household: Household = scoped_or_404(rows, request.user, pk, Right.VISIT_LOG)
    form = VisitForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            photos = request.FILES.getlist("photos")
            row = services.log_visit(by=request.user, household=household, photos=photos, **form.facts)
            said = "已保存。有问题的已转成线索，由村干部核实。" if row.lead_id else "已保存。"
            messages.success(request, said)
            return redirect("visits-due")
    found = [household]
    selectors.with_what_to_see(found, request.user)
    context = {
        "form": form,
        "household": household,
        "head_name": head_of(household),
        "standing": standing_of(household),
        "last": selectors.of_household(request.user, pk).standing().first(),
        "most_photos": services.MOST_PHOTOS,
    }
    return render(request, "assistance/visits/log.html", context, status=REFUSED if form.errors else 200)


def head_of(household: Household) -> str:
    return household.members.heads().values_list("name", flat=True).first() or household.household_no


@require_GET
@require(Right.HOUSEHOLD_VIEW)
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One visit with its photos and signature."""
    photos = Prefetch("photos", VisitPhoto.objects.select_related("attachment").order_by("pk"))
    row: Visit = scoped_or_404(selectors.visits(request.user).prefetch_related(photos), request.user, pk)
    answers = [
        (label, getattr(row, name), getattr(row, f"get_{name}_display")())
        for name, (label, _risk) in services.TOPICS.items()
        if getattr(row, name)
    ]
    mine = row.by_id == request.user.pk and holds(request.user, Right.VISIT_LOG, row.village_id)
    context = {
        "visit": row,
        "answers": answers,
        "problems": row.problems.splitlines() if selectors.may_read(request.user, row) else [],
        "hidden": bool(row.problems) and not selectors.may_read(request.user, row),
        "may_withdraw": row.withdrawn_on is None and (mine or holds(request.user, Right.PAIRING_EDIT, row.village_id)),
    }
    return render(request, "assistance/visits/visit.html", context)


@require_safe
@require(Right.HOUSEHOLD_VIEW)
def section(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """The visits of a household."""
    page = opened(request, pk, section)
    may_log = holds(request.user, Right.VISIT_LOG, page.household.village_id) and not page.household.removed_on
    row = with_visits(Household.objects.filter(pk=pk)).get()
    context = {
        "list": ShownList(OF_HOUSEHOLD, request, selectors.of_household(request.user, pk)),
        "standing": standing_of(row) if page.household.in_register else None,
        "may_log": may_log,
    }
    return render(request, "assistance/visits/section.html", {"page": page, **context})


@require_GET
@require(Right.DASHBOARD_VIEW)
def progress(request: SignedInRequest) -> HttpResponse:
    """Plan against done, place by place."""
    rows = selectors.progress(request.user)
    names = Place.objects.in_bulk([row["at"] for row in rows])
    listed = [{**row, "name": str(names.get(row["at"], row["at"])), "url": due_url(row["at"])} for row in rows]
    keys = [key for key in (rows[0] if rows else {}) if key != "at"]
    context = {"rows": listed, "total": {key: sum(row[key] for row in rows) for key in keys}, "rule": rule_words()}
    return render(request, "assistance/visits/progress.html", context)


def due_url(place: str, state: str = "open") -> str:
    return f"{reverse('visits-due')}?{urlencode({'place': place, 'state': state})}"


def withdraw(by: User, row: Visit, form: Any) -> Visit:
    return services.withdraw_visit(by=by, visit=row, reason=form.cleaned_data["reason"])


def save_phone(by: User, row: Household, form: Any) -> Household:
    return services.correct_contact(by=by, household=row, **form.cleaned_data)


def save_work(by: User, row: Household, form: Any) -> Household:
    services.correct_work(by=by, **form.cleaned_data)
    return row


def propose(by: User, row: Household, form: Any) -> Household:
    services.propose_correction(by=by, household=row, **form.cleaned_data)
    return row


def back(request: Any, row: Any) -> str:
    return section_url(row.pk if isinstance(row, Household) else row.household_id, "visits")


COMMON: dict[str, Any] = {
    "right": Right.VISIT_LOG,
    "rows": lambda: Household.objects.select_related("village"),
    "after": back,
    "crumbs": lambda request, row: [{"label": "走访", "url": back(request, row)}],
}
WITHDRAW = Edit(
    code="visit-withdraw",
    title=lambda row: "撤回走访",
    right=Right.VISIT_LOG,
    rows=Visit.objects.all,
    form=lambda request, row: ReasonForm(request.POST),
    save=withdraw,
    done=lambda row: "已撤回，不再算作已走访。",
    after=back,
)
PHONE = Edit(
    code="visit-phone",
    title=lambda row: f"{head_of(row)}：更正电话",
    form=lambda request, row: PhoneForm(posted(request)),
    save=save_phone,
    done=lambda row: "电话已更正。",
    secret=("phone",),
    **COMMON,
)
WORK = Edit(
    code="visit-work",
    title=lambda row: f"{head_of(row)}：更正务工情况",
    form=lambda request, row: WorkForm(posted(request), household=row),
    save=save_work,
    done=lambda row: "务工情况已更正。",
    **COMMON,
)
PROPOSE = Edit(
    code="visit-propose",
    title=lambda row: f"{head_of(row)}：提出更正",
    form=lambda request, row: ProposeForm(posted(request)),
    save=propose,
    done=lambda row: "已告诉村干部，核对后更正。",
    label="告诉村干部",
    wide=("text",),
    **COMMON,
)
