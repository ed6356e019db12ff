"""In-site messages: what the clock tells this person, overdue first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from households.models import Reminder
from households.procedures import clock
from households.procedures.selectors import reminders
from povreg.kit.views import paged, require

TONES = {Reminder.Type.OPENED: "act", Reminder.Type.DUE: "warn", Reminder.Type.OVERDUE: "fail"}


@require_GET
@require()
def messages_page(request: HttpRequest) -> HttpResponse:
    """Open messages; one whose work is done goes away by itself."""
    page = paged(request, reminders(request.user).select_related("place"))
    return render(request, "overview/messages/list.html", {"page": page, "rows": [_row(each) for each in page]})


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
