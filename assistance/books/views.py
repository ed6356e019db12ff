"""Choose a kind of workbook, take its template, check it, take it over, get back what was rejected."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assistance.books.importing import Outcome, import_book
from assistance.books.layouts import ALL
from assistance.books.taking import TAKERS
from povreg.kit.sheets.columns import REASON_HEADER, Column, Layout
from povreg.kit.sheets.kinds import Text
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.sheets.reader import SheetError
from povreg.kit.sheets.writer import HEADER_LABEL, SheetOut, write_workbook
from povreg.kit.views import require
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

MOST_BYTES = 5 * 2**20
REASON = Column(REASON_HEADER, "reason", Text(400), width=40)


class BookForm(forms.Form):
    file = forms.FileField(
        label="工作簿", help_text="请用下载的模板（.xlsx）。", error_messages={"required": "请选择要导入的工作簿。"},
        widget=forms.ClearableFileInput({"accept": ".xlsx,.xls,.ods,.csv"}),
    )  # fmt: skip
    checked = forms.BooleanField(label="只检查，不写入", required=False, initial=True)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("文件超过 5 MB，请分几次导入。")
        return file


def offered(user: User) -> list[Layout]:
    """The workbooks that a person may take over."""
    return [layout for code, layout in ALL.items() if user.can(TAKERS[code][1])]


def layout_or_404(user: User, code: str) -> Layout:
    """Raises Http404 for what is none, PermissionDenied without the right of its verb."""
    if code not in ALL:
        raise Http404
    if not user.can(TAKERS[code][1]):
        raise PermissionDenied
    return ALL[code]


@require_safe
@require(Right.IMPORT)
def index(request: SignedInRequest) -> HttpResponse:
    return render(request, "assistance/books/index.html", {"layouts": offered(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@require(Right.IMPORT)
def take(request: SignedInRequest, code: str) -> HttpResponse | FileResponse:
    """Upload a workbook; what became of each row stands below, or comes back as a workbook of rejected rows."""
    layout = layout_or_404(request.user, code)
    form = BookForm(request.POST or None, request.FILES or None)
    outcome = taken(request.user, code, form) if request.method == "POST" and form.is_valid() else None
    if outcome and outcome.rejects and "rejects" in request.POST:
        return rejects_book(request.user, layout, outcome)
    checked = bool(form.is_bound and form.is_valid() and form.cleaned_data["checked"])
    context = {"form": form, "layout": layout, "outcome": outcome, "checked": checked}
    status = 422 if request.method == "POST" and outcome is None else 200
    return render(request, "assistance/books/take.html", context, status=status)


def taken(user: User, code: str, form: Any) -> Outcome | None:
    """The outcome; None with the form's error where the file cannot be read."""
    upload = form.cleaned_data["file"]
    with tempfile.NamedTemporaryFile(suffix=Path(upload.name).suffix.lower() or ".xlsx") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        dry_run = form.cleaned_data["checked"] or "rejects" in form.data
        try:
            return import_book(by=user, code=code, path=Path(kept.name), dry_run=dry_run)
        except SheetError as fault:
            form.add_error("file", str(fault))
            return None


@require_safe
@require(Right.IMPORT)
def blank(request: SignedInRequest, code: str) -> FileResponse:
    """The template of a workbook, with what each column takes."""
    layout = layout_or_404(request.user, code)
    helps = [(column.header, column.note or column.kind.help) for column in layout.sheets[0].listed]
    return book(request.user, layout, layout.sheets[0].listed, [], [("填写", layout.about), *helps], "模板")


def rejects_book(user: User, layout: Layout, outcome: Outcome) -> FileResponse:
    """The rejected rows as they stood, with the reason in an added last column: corrected, it is imported again."""
    columns = layout.sheets[0].listed
    rows = [[*list(each.cells)[: len(columns)], *[None] * (len(columns) - len(each.cells)), each.message]
            for each in outcome.rejects]  # fmt: skip
    return book(user, layout, (*columns, REASON), rows, [("退回", f"{outcome.rejected} 行")], "退回的行")


def book(
    user: User, layout: Layout, columns: Sequence[Column], rows: Iterable[list[Any]], about: list[tuple[str, str]],
    what: str,
) -> FileResponse:  # fmt: skip
    head = [("表格", layout.label), ("导出人", f"{user.name}（{user.username}）"),
            ("导出时间", f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"), (HEADER_LABEL, "1")]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        leaving = Leaving(f"book-{layout.code}", f"{layout.label}{what}", user)
        write_workbook(path, [SheetOut(layout.sheets[0].name, tuple(columns), iter(rows))], [*about, *head], leaving)
        file = path.open("rb")  # stays readable after its folder is gone; the answer closes it
    return FileResponse(file, as_attachment=True, filename=f"{layout.label}{what}.xlsx")
