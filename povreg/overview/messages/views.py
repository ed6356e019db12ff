"""In-site messages: what waits for this person by the clock, what he was told, and notes of an office."""

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.models import Reminder
from households.procedures.engine import clock
from households.procedures.lists.selectors import reminders
from povreg.kit.views import holds, paged, refusals_into, require, scoped_or_404
from povreg.overview.messages.forms import NoteForm
from villages.messages import selectors, services
from villages.models import Message, Place
from villages.rights import Right

TONES = {Reminder.Type.OPENED: "act", Reminder.Type.DUE: "warn", Reminder.Type.OVERDUE: "fail"}
FIRST = 6  # reminders above the messages; the others have a page of their own


@require_GET
@require()
def messages_page(request: HttpRequest) -> HttpResponse:
    """Open reminders, the most pressing first (one whose work is done goes away by itself), then messages."""
    waiting = reminders(request.user).select_related("place")
    page = paged(request, selectors.messages_of(request.user))
    context = {
        "reminders": [_row(each) for each in waiting[:FIRST]],
        "waiting": waiting.count(),
        "page": page,
        "unread": selectors.unread_count(request.user),
        "may_send": holds(request.user, Right.NOTE_SEND),
    }
    return render(request, "overview/messages/list.html", context)


@require_GET
@require()
def reminders_page(request: HttpRequest) -> HttpResponse:
    """Every open reminder."""
    page = paged(request, reminders(request.user).select_related("place"))
    return render(request, "overview/messages/reminders.html", {"page": page, "rows": [_row(each) for each in page]})


def _row(message: Reminder) -> dict[str, Any]:
    about_objection = message.objection_id is not None
    return {
        "message": message,
        "tone": TONES[Reminder.Type(message.type)],
        "url": reverse("objection", args=[message.objection_id])
        if about_objection
        else reverse("procedure", args=[message.batch_id]),
        "left": str(clock.left(message.due_on, "working")) if message.due_on else "",
    }


@require_GET
@require()
def message_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to what a message is about; it counts as read from now on."""
    message: Message = scoped_or_404(Message, request.user, pk)
    services.mark_read(by=request.user, message=message)
    return redirect(message.url or "messages")


@require_POST
@require()
def message_read(request: HttpRequest) -> HttpResponse:
    """Mark one message (``pk``) as read, or all of them."""
    if pk := request.POST.get("pk", ""):
        message: Message = scoped_or_404(Message, request.user, int(pk) if pk.isdigit() else 0)
        services.mark_read(by=request.user, message=message)
    else:
        services.mark_all_read(by=request.user)
    return redirect("messages")


@require_http_methods(["GET", "POST"])
@require(Right.NOTE_SEND)
def note_new(request: HttpRequest) -> HttpResponse:
    """Send a note to the cadres of a place, with the list it is about."""
    asked = {name: request.GET[name] for name in ("url", "text") if request.GET.get(name)}
    place = Place.objects.visible_to(request.user).filter(pk=request.GET.get("place", "")).first()
    form = NoteForm(request.POST or None, user=request.user, initial=asked | ({"place": place} if place else {}))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            told = services.send_note(by=request.user, **form.cleaned_data)
            flash.success(request, f"已发给 {told} 人。")
            return redirect("messages-sent")
    return render(request, "overview/messages/note.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@require(Right.NOTE_SEND)
def sent(request: HttpRequest) -> HttpResponse:
    """Notes the person has sent, and how many have read them."""
    return render(request, "overview/messages/sent.html", {"page": paged(request, selectors.sendings(request.user))})
