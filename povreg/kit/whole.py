"""Plain forms that a script sends for the browser (static/js/sending.js): the answer is a whole page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ASKED = "X-Whole-Page"
ONWARD = "HX-Redirect"


class WholePages:
    """A redirect is said in a header, so that the browser goes there itself: followed by the script, the page and the
    messages on it would be fetched twice and shown once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get(ASKED) and response.has_header("Location"):
            response.headers[ONWARD] = response.headers["Location"]
            del response.headers["Location"]
            response.status_code, response.content = 204, b""
        return response
