"""What a request asks the list for: filters as codes in its address, and the typed search that its key stands for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from households.find import filters
from households.find.listing import ListFilters
from households.find.search import Search, read

FOUND = "household_search"
KEPT = 8
"""Searches a session remembers."""


@dataclass(frozen=True)
class Asked:
    """``codes`` are the filters (households.find.filters), ``typed`` what stands in the search box, ``key`` its key."""

    codes: dict[str, Any]
    typed: str = ""
    key: str = ""

    @property
    def filters(self) -> ListFilters:
        return filters.list_filters(self.codes, self.typed)

    @property
    def search(self) -> Search | None:
        return read(self.typed)

    @property
    def narrowed(self) -> bool:
        return bool(self.typed or set(self.codes) - {"order"})

    def query(self, *without: tuple[str, str], searched: bool = True, **more: Any) -> str:
        """The query of the address, less some (name, value) pairs, with ``more`` at its end."""
        kept = [pair for pair in filters.pairs(self.codes) if pair not in without]
        kept += [("found", self.key)] if searched and self.typed else []
        return urlencode([*kept, *((name, value) for name, value in more.items() if value)])

    def url(self, *without: tuple[str, str], searched: bool = True, **more: Any) -> str:
        """The address of the list, changed like :meth:`query`."""
        query = self.query(*without, searched=searched, **more)
        return f"{_path()}?{query}" if query else _path()


@cache
def _path() -> str:
    return reverse("households")


def asked(request: HttpRequest) -> Asked:
    """The filters of the address, and the search that its key stands for in this session."""
    key = request.GET.get("found", "")
    typed = request.session.get(FOUND, {}).get(key, {}).get("search", "") if key else ""
    return Asked(filters.codes_of(request.GET), typed, key if typed else "")


def keep(request: HttpRequest, typed: str) -> str:
    """Remember what was typed; returns the key that stands for it in addresses."""
    key = secrets.token_urlsafe(6)
    searches = dict(list(request.session.get(FOUND, {}).items())[-KEPT + 1 :])
    request.session[FOUND] = {**searches, key: {"search": typed}}
    return key
