"""Photos of the board of a notice: what each proves; one more while the list hangs there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from households.models import BoardPhoto, Notice
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.forms import MOMENTS, choice_field
from households.procedures.lists import boards
from povreg.kit.views import demand, holds, refusals_into, require, scoped_or_404
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

NOTICES = Notice.objects.select_related("batch__place__parent", "step", "place")


class BoardPhotoForm(forms.Form):
    file = forms.FileField(
        label="照片", error_messages={"required": "请选择在公示栏前拍的照片。", "empty": "文件是空的，请重新选择。"}
    )
    moment = choice_field("照片的时点", MOMENTS, required=False)


@require(Right.BATCH_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_photos(request: SignedInRequest, pk: int) -> HttpResponse:
    """The photos of a notice with what they prove; a new one by who posts there."""
    notice = scoped_or_404(NOTICES, request.user, pk)
    form = BoardPhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        demand(request.user, Right.NOTICE_POST, notice.place_id)
        if form.is_valid():
            with refusals_into(form):
                boards.add_board_photo(by=request.user, notice=notice, **form.cleaned_data)
                messages.success(request, "张贴照片已上传。")
                return redirect("notice-photos", pk=pk)
    return show(request, notice, form, status=422 if form.errors else 200)


@require(Right.UNMASK)
@require_POST
def position(request: SignedInRequest, pk: int, photo: int) -> HttpResponse:
    """Where a photo was taken, on this one answer; the look and its reason are logged."""
    notice = scoped_or_404(NOTICES, request.user, pk, Right.UNMASK)
    row = get_object_or_404(BoardPhoto.objects.visible_to(request.user), notice=notice, pk=photo)
    try:
        found = boards.reveal_position(by=request.user, photo=row, reason=request.POST.get("reason", ""))
    except ProcedureError as refused:
        return show(request, notice, BoardPhotoForm(), status=422, refused=(row.pk, str(refused)))
    return show(request, notice, BoardPhotoForm(), revealed=(row.pk, found))


def show(
    request: SignedInRequest, notice: Notice, form: BoardPhotoForm, status: int = 200, **more: Any
) -> HttpResponse:
    photos = boards.photos_of(notice.batch).get(notice.pk, [])
    may_post = holds(request.user, Right.NOTICE_POST, notice.place_id) and boards.takes_photo(notice)
    context = {
        "notice": notice,
        "photos": [(photo, boards.remarks(photo)) for photo in photos],
        "form": form if may_post or form.errors else None,
        "may_unmask": holds(request.user, Right.UNMASK, notice.place_id),
        **more,
    }
    return render(request, "households/procedures/photos.html", context, status=status)
