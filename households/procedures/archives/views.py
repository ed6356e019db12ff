"""Archives of past procedures: one read, a new one entered, its scans."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from households.models import Archive
from households.procedures.archives.forms import ArchiveForm
from households.procedures.archives.services import file_archive
from povreg.kit.headers import handed_out
from povreg.kit.scopes import VILLAGE
from povreg.kit.views import refusals_into, require, scoped_or_404
from villages.models import Place
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require(Right.BATCH_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_archive(request: SignedInRequest) -> HttpResponse:
    """Enter a past procedure with its scans."""
    own = [code for code in request.user.places_with(Right.BATCH_DRAFT) if len(code) == VILLAGE]
    first = {"village": own[0] if len(own) == 1 else ""}
    form = ArchiveForm(request.POST or None, request.FILES or None, initial=first)
    if form.is_valid():
        with refusals_into(form):
            row = file_archive(by=request.user, **form.facts())
            messages.success(request, "历史档案已补录，没有改变任何户的身份。")
            return redirect("archive", pk=row.pk)
    place = Place.objects.visible_to(request.user).filter(pk=form["village"].value() or "").first()
    context = {"form": form, "village_text": str(place or "")}
    return render(request, "households/procedures/archive_new.html", context, status=422 if form.errors else 200)


@require(Right.BATCH_VIEW)
@require_safe
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    """One archive with its households and scans."""
    row = scoped_or_404(Archive.objects.select_related("place__parent", "by"), request.user, pk)
    context = {"row": row, "homes": row.households.order_by("household_no"), "papers": row.papers.all()}
    return render(request, "households/procedures/archive.html", context)


@require(Right.BATCH_VIEW)  # type: ignore[arg-type]
@require_safe
def archive_paper(request: SignedInRequest, pk: int, paper: int) -> FileResponse:
    """A scan of an archive."""
    row = scoped_or_404(Archive, request.user, pk)
    found = get_object_or_404(row.papers, pk=paper)
    return handed_out(found.file, found.content_type)
