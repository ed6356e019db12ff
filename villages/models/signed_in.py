"""The request behind a page that asked for a login: its user is an account."""

from django.http import HttpRequest

from villages.models import User


class SignedInRequest(HttpRequest):
    """For annotations of views under ``require(...)``; never made."""

    user: User
    year_refused: bool
