"""The page on which an office writes a note to those who enter."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from povreg.kit.pages.edit import Edit, home, posted
from povreg.overview.messages.forms import NoteForm
from villages.messages import services
from villages.models import Place, User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


def note_form(request: SignedInRequest, row: None) -> NoteForm:
    """Begun from a list: the address may carry the place, the list it is about, and words."""
    asked: dict[str, Any] = {name: request.GET[name] for name in ("url", "text") if request.GET.get(name)}
    place = Place.objects.visible_to(request.user).filter(pk=request.GET.get("place", "")).first()
    return NoteForm(posted(request), user=request.user, initial=asked | ({"place": place} if place else {}))


def send_note(by: User, row: None, form: NoteForm) -> int:
    return services.send_note(by=by, **form.cleaned_data)


NOTE = Edit(
    code="note",
    title=lambda row: "发提醒",
    subtitle=lambda row: "发给一个地方现在任职的人；谁发了什么会留下记录",
    right=Right.NOTE_SEND,
    form=note_form,
    save=send_note,
    done=lambda told: f"已发给 {told} 人。",
    after=lambda request, told: reverse("messages-sent"),
    crumbs=home("消息", "messages"),
    label="发送",
    wide=("text", "url"),
)
