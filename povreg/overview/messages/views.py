"""In-site messages: what waits for this person by the clock, and what he was told."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from povreg.kit.values import digits_of
from povreg.kit.views import require, scoped_or_404
from povreg.overview.messages.lists import REMINDERS
from villages.messages import selectors, services
from villages.models import Message
from villages.models.signed_in import SignedInRequest

FIRST = 6  # reminders above the messages; the others have a page of their own


class Messages(ListPage):
    """Open reminders, the most pressing first (one whose work is done goes away by itself), then messages."""

    template = "overview/messages/list.html"

    def context(self, shown: ShownList) -> dict[str, Any]:
        waiting = REMINDERS.rows(self.request.user)
        return {
            "list": shown,
            "reminders": ShownList(REMINDERS, self.request, list(waiting[:FIRST])),
            "waiting": waiting.count(),
            "unread": selectors.unread_count(self.request.user),
        }


@require_GET
@require()
def message_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go to what a message is about; it counts as read from now on."""
    message: Message = scoped_or_404(Message, request.user, pk)
    services.mark_read(by=request.user, message=message)
    return redirect(message.url or "messages")


@require_POST
@require()
def message_read(request: SignedInRequest) -> HttpResponse:
    """Mark one message (``pk``) as read, or all of them."""
    if pk := request.POST.get("pk") or request.GET.get("pk", ""):
        message: Message = scoped_or_404(Message, request.user, digits_of(pk) or 0)
        services.mark_read(by=request.user, message=message)
    else:
        services.mark_all_read(by=request.user)
    return redirect("messages")
