"""The lists of work share one page: the ways to each other stand above them."""

from __future__ import annotations

from typing import Any

from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage
from povreg.kit.scopes import VILLAGE
from villages.rights import Right


class WorkList(ListPage):
    template = "assistance/work/list.html"

    def context(self, shown: ShownList) -> dict[str, Any]:
        user = self.request.user
        own = [code for _role, code in user.postings_today() if len(code) == VILLAGE]
        asked = self.request.GET.get("place", "")
        village = asked if len(asked) == VILLAGE else next(iter(own), "")
        may = bool(village) and village.isdigit() and user.can(Right.HOUSEHOLD_EDIT, village)
        return {"list": shown, "village": village if may else "", "counts": user.can(Right.DASHBOARD_VIEW)}
