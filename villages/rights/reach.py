"""How far somebody with postings reaches in the database: the second lock behind ``visible_to``."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from povreg.kit.reach import NOWHERE, Reach, reaching


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
