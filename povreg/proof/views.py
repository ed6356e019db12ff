"""The public page that tells whether a file left here unaltered, and the public keys."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET, require_http_methods

from povreg.kit import throttle
from povreg.kit.views import paged
from povreg.proof.forms import VerifyForm
from povreg.proof.models import Seal
from povreg.proof.selectors import may_see_rows, published_keys, seal_chains
from povreg.proof.verifying import Verdict, checked

SEALS = 30  # a page
OFTEN = throttle.Limit("verify", 10, 60)
PEM = "application/x-pem-file"


@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest) -> HttpResponse:
    """Upload a file; whether it is unaltered stands above the form. Rows are named to those who may export."""
    form = VerifyForm(request.POST or None, request.FILES or None, stranger=not request.user.is_authenticated)
    seconds = throttle.wait(OFTEN, request) if request.method == "POST" else 0
    context: dict[str, object] = {"form": form, "keys": published_keys(), "wait": seconds}
    status = 429 if seconds else 200
    if request.method == "POST" and not seconds:
        if form.is_valid():
            verdict = verdict_of(form.cleaned_data["file"])
            context |= {"verdict": verdict, "full": may_see_rows(request.user, verdict.record)}
        else:
            status = 422
    response = render(request, "proof/verify.html", context, status=status)
    patch_cache_control(response, private=True, no_store=True)
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


def verdict_of(file: UploadedFile) -> Verdict:
    """What an uploaded file proves; it is kept no longer than that."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{Path(file.name or '').suffix.lower()[:10]}"
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        return checked(path)


@require_GET
def seals_page(request: HttpRequest) -> HttpResponse:
    """The seals of a county's history, the newest first; without one those of what belongs to no county."""
    county = request.GET.get("county", "")
    chains = seal_chains()
    county = county if county in dict(chains) else next((code for code, _ in chains if code), "")
    title = dict(chains).get(county, "全局")
    page = paged(request, Seal.objects.filter(chain=county).order_by("-number"), SEALS)
    return render(request, "proof/seals.html", {"page": page, "county": county, "chains": chains, "title": title})


@require_GET
def public_keys(request: HttpRequest) -> HttpResponse:
    """The public keys, for programs and for whoever keeps them apart from us."""
    text = "".join(f"# {key['id']}\n{key['pem']}" for key in published_keys())
    response = HttpResponse(text, content_type=PEM)
    response.headers["Content-Disposition"] = 'attachment; filename="povreg-public-keys.pem"'
    return response
