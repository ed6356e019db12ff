"""The page of standards: lines of one kind, what was corrected, and the criteria sets."""

from __future__ import annotations

from typing import Any

from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from villages.standards import lists


class Standards(ListPage):
    template = "villages/standards/standards.html"

    def context(self, shown: ShownList) -> dict[str, Any]:
        kind = shown.given.get("kind", "")
        corrections = [line for line in lists.CORRECTIONS.rows(self.request.user) if line.kind == kind]
        sets = lists.SETS.rows(self.request.user)
        return {
            "list": shown,
            "corrections": ShownList(lists.CORRECTIONS, self.request, corrections, "corrected"),
            "sets": ShownList(lists.SETS, self.request, sets, "sets"),
        }
