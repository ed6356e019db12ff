"""The page of what a county sets: working years, and below them the names of its office and its programmes."""

from __future__ import annotations

from typing import Any

from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from villages.periods import lists


class Settings(ListPage):
    template = "villages/periods/settings.html"

    def context(self, shown: ShownList) -> dict[str, Any]:
        user = self.request.user
        return {
            "list": shown,
            "offices": ShownList(lists.OFFICE_NAMES, self.request, lists.OFFICE_NAMES.rows(user), "offices"),
            "programmes": ShownList(lists.PROGRAMMES, self.request, lists.PROGRAMMES.rows(user), "programmes"),
        }
