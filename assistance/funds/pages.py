"""The lists of projects and funds share one page: the way to each other stands above them."""

from __future__ import annotations

from typing import Any

from povreg.kit.pages.listing import Listing
from povreg.kit.pages.shown import ShownList
from povreg.kit.pages.views import ListPage, list_view


class FundList(ListPage):
    """A list of the domain, below the ways to its neighbours."""

    template = "assistance/funds/list.html"

    def context(self, shown: ShownList) -> dict[str, Any]:
        return {"list": shown}


def list_page(listing: Listing, **settings: Any) -> Any:
    """The view of a list of the domain."""
    return list_view(listing, FundList, **settings)
