"""How far somebody with postings reaches in the database: the second lock behind ``visible_to``."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from povreg.kit.reach import NOWHERE, Reach, reaching
from povreg.kit.reader_role import REFUSED, is_refusal


class Asking:
    """Who makes a request is known only while it runs (a token is read by the view)."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.known: tuple[int | None, Reach] = (None, NOWHERE)

    def __call__(self) -> Reach:
        user = self.request.user
        if not user.is_authenticated:
            return NOWHERE
        if self.known[0] != user.pk:
            self.known = (user.pk, user.reach())
        return self.known[1]


class ReachOfRequest:
    """The statements of a request reach as far as the postings of whoever makes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reaching(Asking(request)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A write that the database refused to an auditor is no accident: it is said so."""
        if not is_refusal(exception):
            return None
        return render(request, "refused.html", {"message": REFUSED, "status": 403}, status=403)
