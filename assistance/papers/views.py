"""Printing: one form as page, PDF and .docx, the forms of a village."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST, require_safe

from assistance.papers import services
from assistance.papers.declared import FORMS, PRINT, Form, lacking, sheet_of
from assistance.papers.dossiers import Dossier
from assistance.papers.jobs import dossiers_of, launch_village
from assistance.papers.section import SECTION, address, linked
from assistance.papers.services import TAKES
from assistance.papers.village_forms import VILLAGE_FORMS, VillageForm, sheet_of_village
from households.entry.page import section_url
from households.looks.services import Way, note_look
from households.models import Household
from households.procedures.papers.blocks import Paper
from households.procedures.papers.docx import docx
from households.procedures.papers.pdf import PDF, pdf
from households.procedures.papers.views import DOCX, page as paper_page
from households.register.years import year_of
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.views import demand, holds, require, scoped_or_404
from povreg.proof.recording import record_content
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

WRITERS = {"pdf": (pdf, PDF), "docx": (docx, DOCX)}


def paper_of(request: SignedInRequest, pk: int, code: str) -> tuple[Dossier, Form, Paper]:
    """The form of a household as it is printed. Raises Http404, PermissionDenied."""
    form = FORMS.get(code)
    if form is None:
        raise Http404
    household: Household = scoped_or_404(Household.objects.all(), request.user, pk, form.right)
    year = year_of(request)
    dossier = dossiers_of([pk], year, request.build_absolute_uri("/"), form)[0]
    if not form.fits(dossier):
        raise Http404
    return (
        dossier,
        form,
        Paper(form.title(dossier), f"{form.label}-{household.household_no}", [sheet_of(form, dossier)]),
    )


@require_GET
@require(PRINT)
def show(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """The form to be printed from the browser, with what is missing above it."""
    dossier, found, paper = paper_of(request, pk, form)
    query = f"?{urlencode({'year': dossier.year})}"
    back = section_url(pk, SECTION, dossier.year)
    more = {
        "lacks": linked(dossier, lacking(found, dossier)),
        "pdf": address(dossier, found, "pdf") + query,
        "back_label": "返回本户",
    }
    return paper_page(request, paper, address(dossier, found, "docx") + query, back, **more)


def file(request: SignedInRequest, pk: int, form: str, kind: str) -> HttpResponse:
    """The form as a file; that it left is recorded and signed."""
    dossier, found, paper = paper_of(request, pk, form)
    note_look(by=request.user, household=pk, village=dossier.household.village_id, way=Way.PRINT)
    leaving = Leaving(
        f"paper:{found.code}", f"{found.label}", request.user, dossier.household.village_id, unmasked=False
    )
    return sent(paper, kind, leaving, leaving.file_name(paper.file, dossier.year, suffix=kind))


def sent(paper: Paper, kind: str, leaving: Leaving, name: str) -> HttpResponse:
    write, content_type = WRITERS[kind]
    content = write(paper)
    record_content(leaving, content)
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@require_GET
@require(PRINT)
def as_pdf(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    return file(request, pk, form, "pdf")


@require_GET
@require(PRINT)
def as_docx(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    return file(request, pk, form, "docx")


# Cards.


@require_POST
@require(TAKES)
def card(request: SignedInRequest, pk: int, deed: str) -> HttpResponse:
    """Issue, renew or revoke the household's code."""
    household: Household = scoped_or_404(Household.objects.select_related("village"), request.user, pk, TAKES)
    if deed == "issue":
        services.issue_card(by=request.user, household=household)
        said = "已生成查询码，可以打印登记卡。"
    elif deed == "renew":
        services.renew_card(by=request.user, household=household)
        said = "已换发：旧卡的码不能再用，请打印新的登记卡。"
    else:
        services.revoke_card(
            by=request.user, household=household, reason=request.POST.get("reason", "") or "本户要求作废"
        )
        said = "已作废：登记卡上的码不能再用。"
    messages.success(request, said)
    return redirect(section_url(pk, SECTION))


# Villages.


@require_safe
@require(PRINT)
def index(request: SignedInRequest) -> HttpResponse:
    """The forms of a village, and one form for all of its households."""
    village = _village_asked(request)
    year = year_of(request)
    context: dict[str, Any] = {"village": village, "year": year}
    if village:
        context |= {
            "village_forms": [_village_offer(each, request.user, village, year) for each in VILLAGE_FORMS.values()
                              if holds(request.user, each.right, village.pk)],
            "forms": [each for each in FORMS.values() if holds(request.user, each.right, village.pk)],
            "may_print_all": holds(request.user, Right.EXPORT, village.pk),
            "households": Household.objects.visible_to(request.user).registered().filter(village=village).count(),
        }  # fmt: skip
    return render(request, "assistance/papers/index.html", context)


def _village_asked(request: SignedInRequest) -> Place | None:
    """The village of the address, else the only one of the person's postings."""
    code = request.GET.get("place", "")
    own = [place for _role, place in request.user.postings_today()]
    wanted = code or (own[0] if len(own) == 1 else "")
    rows = Place.objects.visible_to(request.user).filter(level=Place.Level.VILLAGE, code=wanted)
    return rows.select_related("parent__parent", "profile").first()


def _village_offer(form: VillageForm, user: User, village: Place, year: int) -> dict[str, Any]:
    query = f"?{urlencode({'year': year})}"
    urls = {kind: reverse(f"village-paper{'-' if kind else ''}{kind}", args=[village.pk, form.code]) + query
            for kind in ("", *WRITERS)}  # fmt: skip
    return {"form": form, "title": form.title(village, year), "lacks": form.lacks(user, village, year), "urls": urls}


def village_paper_of(request: SignedInRequest, code: int, form: str) -> tuple[Place, VillageForm, Paper, int]:
    found = VILLAGE_FORMS.get(form)
    if found is None:
        raise Http404
    rows = Place.objects.filter(level=Place.Level.VILLAGE).select_related("parent__parent", "profile")
    village: Place = scoped_or_404(rows, request.user, str(code))
    demand(request.user, found.right, village.pk)
    year = year_of(request)
    sheet = sheet_of_village(found, request.user, village, year)
    return village, found, Paper(sheet.title, f"{found.label}-{village}", [sheet]), year


@require_GET
@require(PRINT, Right.VILLAGE_FILE_VIEW)
def village_show(request: SignedInRequest, code: int, form: str) -> HttpResponse:
    """A form of a village to be printed from the browser."""
    village, found, paper, year = village_paper_of(request, code, form)
    query = f"?{urlencode({'year': year})}"
    lacks = found.lacks(request.user, village, year)
    more = {
        "lacks": [{"title": "", "words": lacks, "url": ""}] if lacks else [],
        "pdf": reverse("village-paper-pdf", args=[code, form]) + query,
        "back_label": "返回打印",
    }
    back = f"{reverse('papers')}?{urlencode({'place': village.pk})}"
    return paper_page(request, paper, reverse("village-paper-docx", args=[code, form]) + query, back, **more)


def village_file(request: SignedInRequest, code: int, form: str, kind: str) -> HttpResponse:
    village, found, paper, year = village_paper_of(request, code, form)
    leaving = Leaving(f"paper:village:{found.code}", found.label, request.user, village.pk, unmasked=False)
    return sent(paper, kind, leaving, leaving.file_name(paper.file, year, suffix=kind))


@require_GET
@require(Right.EXPORT)
def village_as_pdf(request: SignedInRequest, code: int, form: str) -> HttpResponse:
    return village_file(request, code, form, "pdf")


@require_GET
@require(Right.EXPORT)
def village_as_docx(request: SignedInRequest, code: int, form: str) -> HttpResponse:
    return village_file(request, code, form, "docx")


@require_POST
@require(Right.EXPORT)
def print_village(request: SignedInRequest, code: int, form: str) -> HttpResponse:
    """Start the job that prints a form for every household of a village."""
    found = FORMS.get(form)
    if found is None:
        raise Http404
    village: Place = scoped_or_404(Place.objects.filter(level=Place.Level.VILLAGE), request.user, str(code))
    demand(request.user, Right.EXPORT, village.pk)
    demand(request.user, found.right, village.pk)
    year = year_of(request)
    job = launch_village(by=request.user, village=village, form=found, year=year, site=request.build_absolute_uri("/"))
    return redirect("job", pk=job.pk)
