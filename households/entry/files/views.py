"""Photos and scans of a household, and its change history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.db.models import Field, Model
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.entry.files.forms import FileForm
from households.entry.page import (
    OVERVIEW,
    Page,
    done,
    section_url,
    sex_age,
    show,
    spoken_time,
    told,
)
from households.entry.sections.views import opened, told as trouble_context
from households.entry.trouble import Trouble, attempt
from households.history.selectors import household_history
from households.models import Attachment, Member
from households.register.attachments import add_attachment, remove_attachment
from povreg.kit.headers import handed_out
from povreg.kit.values import shown
from povreg.kit.views import demand, require, scoped_or_404
from villages.codes.selectors import label, labels_of
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

HISTORY_ROWS = 100
NOTHING = "本年没有登记"
GLANCE = ("group_name", "address", "phone", "main_cause", "other_causes", "collector")


@require(Right.HOUSEHOLD_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def files_section(request: SignedInRequest, pk: int, section: str = "files") -> HttpResponse:
    """Files of the household: shown, added."""
    page = opened(request, pk, section)
    if request.method != "POST":
        return _shown(request, page, FileForm())
    demand(request.user, Right.HOUSEHOLD_EDIT, page.household.village_id)
    form = FileForm(request.POST, request.FILES)
    trouble = attempt(lambda versions: _add_files(request, page, form), {"": form}, rehearse=False)
    if trouble:
        return _shown(request, page, form, trouble)
    messages.success(request, "已上传。")
    return redirect(page.action)


def _add_files(request: SignedInRequest, page: Page, form: FileForm) -> None:
    """All of the files or none."""
    typed = form.cleaned_data
    said = {"kind": typed["kind"], "title": typed["title"]}
    for each in typed["file"]:
        add_attachment(by=request.user, household=page.household, year=page.year, file=each, **said)


def _shown(request: SignedInRequest, page: Page, form: FileForm, trouble: Trouble | None = None) -> HttpResponse:
    files = [_file(page, each) for each in page.bundle.attachments]
    context = {"form": form, "files": files, "loose": [], **trouble_context(request, trouble, [])}
    return show(request, "section_files.html", page, trouble.status if trouble else 200, **context)


def _file(page: Page, row: Attachment) -> dict[str, Any]:
    args = [page.household.pk, row.pk]
    return {
        "pk": row.pk,
        "kind": label("attachment_kind", row.kind),
        "title": row.title,
        "when": spoken_time(row.created_at),
        "who": str(row.by),
        "size": filesizeformat(row.size),
        "is_image": row.content_type.startswith("image/"),
        "url": reverse("household-file", args=args),
        "remove_url": reverse("household-file-remove", args=args),
        "dialog": f"remove-{row.pk}",
    }


def _attachment(request: HttpRequest, pk: int, file: int, right: Right) -> Attachment:
    rows = Attachment.objects.filter(household_id=pk, removed_at__isnull=True)
    return scoped_or_404(rows, request.user, file, right)


@require(Right.HOUSEHOLD_VIEW)  # type: ignore[arg-type]
@require_safe
def file(request: SignedInRequest, pk: int, file: int) -> FileResponse:
    """The file itself, to who may see the household."""
    row = _attachment(request, pk, file, Right.HOUSEHOLD_VIEW)
    return handed_out(row.file, row.content_type)


@require(Right.HOUSEHOLD_EDIT)
@require_POST
def remove_file(request: SignedInRequest, pk: int, file: int) -> HttpResponse:
    """Take a file off the page, with the reason."""
    row = _attachment(request, pk, file, Right.HOUSEHOLD_EDIT)
    reason = request.POST.get("reason", "")
    if done(request, lambda: remove_attachment(by=request.user, attachment=row, reason=reason)):
        messages.success(request, "附件已移除。")
    return redirect(section_url(pk, "files"))


@require(Right.HOUSEHOLD_VIEW)
@require_safe
def overview(request: SignedInRequest, pk: int) -> HttpResponse:
    """The household at a glance: on a phone the way into its sections, for readers all they came for."""
    page = opened(request, pk, OVERVIEW)
    context: dict[str, Any] = {
        "people": [_person(page, member) for member in page.bundle.members],
        "facts": [{"label": f"{page.year}年身份", "value": _standing(page)}, *_facts(page.household, GLANCE)],
        "figures": _figures(page),
    }
    return show(request, "overview.html", page, **context)


def _standing(page: Page) -> str:
    return "；".join([text for _tone, text in page.standing.tags] + ([page.attribute] if page.attribute else []))


def _person(page: Page, member: Member) -> dict[str, str]:
    """What is known of a member for the year; what is true now stands for the latest year only."""
    bundle = page.bundle
    current = getattr(member, "year_row", None) or (member if bundle.is_latest else None)
    coded = {"school": "school_status", "labour": "labour"}
    of_year = {name: label(table, getattr(current, table)) if current else NOTHING for name, table in coded.items()}
    return {
        "name": member.name,
        "relation": label("relation", member.relation),
        "sex_age": sex_age(member, page.year),
        **of_year,
        "health": labels_of("health", current.healths) if current else NOTHING,
    }


def _facts(row: Model, names: Iterable[str]) -> list[dict[str, str]]:
    """Fields of a row with their labels; an empty text is shown as not recorded."""
    found = [(cast(Field, row._meta.get_field(name)), getattr(row, name)) for name in names]
    return [
        {"label": str(field.verbose_name), "value": "" if empty(value) else shown(field, value)}
        for field, value in found
    ]


def empty(value: Any) -> bool:
    return value is None or value in ("", [])


def _figures(page: Page) -> list[dict[str, str]]:
    sums = page.bundle.worksheet
    amounts = {
        "总收入": sums.gross,
        "其中转移性收入": sums.transfer,
        "生产经营性支出": sums.expense,
        "家庭纯收入": sums.net,
        "人均纯收入": sums.per_head,
    }
    return [{"label": name, "value": "" if amount is None else f"{amount:,.2f} 元"} for name, amount in amounts.items()]


@require(Right.HISTORY_VIEW)
@require_safe
def history_section(request: SignedInRequest, pk: int, section: str = "history") -> HttpResponse:
    """Every change of the household as sentences."""
    page = opened(request, pk, section)
    sentences = household_history(request.user, page.household, HISTORY_ROWS)
    return show(request, "section_history.html", page, changes=told(sentences))
