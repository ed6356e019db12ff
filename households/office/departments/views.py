"""The households of one department's list, or of all of them."""

from __future__ import annotations

from typing import Any

from povreg.kit.pages.views import ListPage


class OfList(ListPage):
    """The households of the list that the address names."""

    def usual(self) -> dict[str, str]:
        pk: Any = self.kwargs.get("pk", "")
        return {"list": str(pk)} if pk else {}
