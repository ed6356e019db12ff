"""Policies and entitlements in the API."""

from __future__ import annotations

from django.db.models import QuerySet

from assistance.models import Policy
from assistance.policies.lists import ENTITLED, LIBRARY
from assistance.policies.selectors import library
from households.models import Member
from povreg.kit.pages.api import Listed


class PolicyViewSet(Listed):
    """The policy library of the caller's county."""

    queryset = Policy.objects.all()
    listing = LIBRARY

    def get_queryset(self) -> QuerySet[Policy]:
        return library(self.request.user)


class EntitledViewSet(Listed):
    """People who should have a policy (``policy``, by default the first of the library) in a year."""

    queryset = Member.objects.all()
    listing = ENTITLED
