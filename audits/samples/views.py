"""Samples: conditions and the draw, one sample with its rates, field forms on phone and paper, the frame."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from audits.models import Sample, SampleCase, SamplePhoto
from audits.samples import selectors, services
from audits.samples.design.draws import RULE
from audits.samples.forms import CaseForm, ConfirmForm, DrawForm, PhotoForm, UnreachedForm
from audits.samples.lists import said
from audits.samples.measures import POPULATIONS, named
from audits.samples.plans import plan
from audits.samples.results import results_of
from households.models.member import head_name
from households.register.years import year_of
from povreg.kit.headers import handed_out
from povreg.kit.pages.edit import Edit, deed_view, edit_view, posted
from povreg.kit.views import refusals_into, require, scoped_or_404
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

REFUSED = 422
PREVIEW = "preview"
MOST_PRINTED = 400


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.SAMPLE_DRAW)
def new_sample(request: SignedInRequest) -> HttpResponse:
    """Conditions; the numbers they lead to; the draw."""
    sent = request.method == "POST"
    form = DrawForm(
        request.POST if sent else None, user=request.user, year=year_of(request), initial=asked_for(request)
    )
    planned = None
    if sent and form.is_valid():
        with refusals_into(form):
            wanted = form.wanted()
            if PREVIEW not in request.POST:
                row = services.draw_sample(
                    by=request.user, wanted=wanted, name=form.cleaned_data["name"], seed=form.cleaned_data["seed"]
                )
                messages.success(request, "已抽取。种子和抽样框已保存，任何人可以重抽核对。")
                return redirect("sample", pk=row.pk)
            services.check_wanted(wanted)
            planned = plan(wanted, services.new_seed())
    context = {"form": form, "planned": planned, "year": form.year}
    return render(request, "audits/samples/draw.html", context, status=REFUSED if form.errors else 200)


def asked_for(request: SignedInRequest) -> dict[str, Any]:
    """What the address already says: a place, a way of drawing, a name."""
    places = request.user.places_with(Right.SAMPLE_DRAW)
    code = request.GET.get("place") or (next(iter(places)) if len(places) == 1 else "")
    found = Place.objects.filter(pk=code).first() if code.isdigit() else None
    given = {name: request.GET[name] for name in ("design", "name") if name in request.GET}
    return {"place": found, **given} if found else given


@require_GET
@require(Right.SAMPLE_VIEW)
def sample(request: SignedInRequest, pk: int) -> HttpResponse:
    """One sample."""
    row = sample_or_404(request, pk)
    context = {
        "sample": row,
        "results": results_of(row),
        "strata": selectors.strata_lines(row),
        "villages": selectors.villages_of(row),
        "measures": named(row.measures),
        "rule": RULE,
        "may_note": row.is_open and request.user.can(Right.SAMPLE_DRAW, row.place_id),
        "waiting": row.wanted - row.seen,
    }
    return render(request, "audits/samples/sample.html", context)


def sample_or_404(request: SignedInRequest, pk: int) -> Any:
    return scoped_or_404(selectors.samples(request.user), request.user, pk)


@require_GET
@require(Right.SAMPLE_VIEW)
def frame(request: SignedInRequest, pk: int) -> HttpResponse:
    """The frame as a csv (stratum, household number): with the seed it is all that a second draw needs."""
    row = scoped_or_404(Sample, request.user, pk)
    answer = HttpResponse(services.unpacked(row), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="frame-{row.pk}.csv"'
    return answer


@require_GET
@require(Right.SAMPLE_VIEW)
def print_forms(request: SignedInRequest, pk: int) -> HttpResponse:
    """Field forms on A4, a household a form, four to a village's page."""
    row = sample_or_404(request, pk)
    rows = selectors.cases(request.user).filter(sample=row, state=SampleCase.State.OPEN)[:MOST_PRINTED]
    context = {
        "sample": row,
        "forms": [(case, services.asked_of(case), POPULATIONS[case.population][0]) for case in rows],
        "back": reverse("sample", args=[pk]),
    }
    return render(request, "audits/samples/print.html", context)


@require_GET
@require(Right.SAMPLE_VIEW)
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    """One household of a sample, with what was found."""
    return show_case(request, scoped_or_404(selectors.cases(request.user), request.user, pk), PhotoForm())


def show_case(request: SignedInRequest, row: Any, form: PhotoForm) -> HttpResponse:
    context = {
        "case": row,
        "form": form,
        "photos": row.photos.all(),
        "most": services.MOST_PHOTOS,
        "said": said(row),
        "population": POPULATIONS[row.population][0],
        "may_note": row.sample.is_open and request.user.can(Right.SAMPLE_DRAW, row.village_id),
        "may_open": request.user.can(Right.FINDING_OPEN, row.village_id),
    }
    return render(request, "audits/samples/case.html", context, status=REFUSED if form.errors else 200)


@require_POST
@require(Right.SAMPLE_DRAW)
def add_photo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep a photo of the household."""
    row = scoped_or_404(selectors.cases(request.user), request.user, pk)
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_into(form):
            services.add_photo(by=request.user, case=row, file=form.cleaned_data["file"])
            messages.success(request, "照片已保存。")
            return redirect("sample-case", pk=pk)
    return show_case(request, row, form)


@require_safe
@require(Right.SAMPLE_VIEW)
def photo(request: SignedInRequest, pk: int, file: int) -> FileResponse:
    """A photo of the household, to who may see the sample."""
    row = scoped_or_404(SamplePhoto.objects.filter(case=pk), request.user, file)
    return handed_out(row.file, row.content_type)


def case_title(row: SampleCase) -> str:
    return f"{getattr(row, 'head_name', '') or row.household.household_no}：抽查结果"


def case_rows() -> Any:
    rows = SampleCase.objects.exclude(state=SampleCase.State.RESERVE).annotate(head_name=head_name("household_id"))
    return rows.select_related("sample", "household", "village")


def back_to_case(request: Any, row: SampleCase) -> str:
    return reverse("sample-case", args=[row.pk])


def crumbs(request: Any, row: SampleCase) -> list[dict[str, str]]:
    return [{"label": row.sample.name, "url": reverse("sample", args=[row.sample_id])}]


NOTE = Edit(
    code="sample-case",
    title=case_title,
    subtitle=lambda row: f"{row.village} · {POPULATIONS[row.population][0]} · 抽取时 {row.persons} 人",
    right=Right.SAMPLE_DRAW,
    rows=case_rows,
    form=lambda request, row: CaseForm(posted(request), user=request.user, case=row),
    save=lambda by, row, form: services.note_case(by=by, case=row, **form.facts),
    done=lambda saved: "已登记。",
    after=back_to_case,
    crumbs=crumbs,
    label="保存结果",
    wide=("wrong_exit", "missed", "not_included", "wrong_clear", "no_measure", "approval", "note"),
    draft=True,
)
UNREACHED = Edit(
    code="sample-unreached",
    title=lambda row: "登记没有见到",
    subtitle=lambda row: f"{row.village} · {row.household.household_no} · 登记后由备选户顶上",
    right=Right.SAMPLE_DRAW,
    rows=case_rows,
    form=lambda request, row: UnreachedForm(posted(request), user=request.user, case=row),
    save=lambda by, row, form: services.note_unreached(by=by, case=row, **form.cleaned_data),
    done=lambda saved: "已登记，备选户已经顶上。",
    after=back_to_case,
    crumbs=crumbs,
    label="登记",
    wide=("reason",),
)
CLOSE = Edit(
    code="sample-close",
    title=lambda row: f"办结“{row}”",
    right=Right.SAMPLE_DRAW,
    rows=lambda: Sample.objects.defer("frame"),
    form=lambda request, row: ConfirmForm(posted(request)),
    save=lambda by, row, form: services.close_sample(by=by, sample=row),
    done=lambda saved: "已办结，比例和区间已固定。",
    after=lambda request, row: reverse("sample", args=[row.pk]),
)
note_view = edit_view(NOTE)
unreached_view = edit_view(UNREACHED)
close_view = deed_view(CLOSE)
