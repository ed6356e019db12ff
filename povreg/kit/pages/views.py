"""The view of a declared list: the page, the part that htmx asks for, the workbook and the paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.generic import View

from povreg.kit.pages.listing import SHEET_PARAM, Listing
from povreg.kit.pages.printed import PRINT_PARAM, paper_of, print_page
from povreg.kit.pages.sheet import workbook
from povreg.kit.pages.shown import ShownList
from povreg.kit.views import View as PlainView, require


class ListPage(View):
    """A declared list. A subject that shows more around it sets ``template`` and adds to :meth:`context`."""

    request: Any  # of a signed-in account, whose type the kit does not know
    listing: Listing = None  # type: ignore[assignment]  # given by list_view
    template = "pages/list.html"
    part = "pages/list_part.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        shown = ShownList(self.listing, request, usual=self.usual())
        shown.prints = True
        if SHEET_PARAM in request.GET:
            return self.sheet(shown)
        if PRINT_PARAM in request.GET:
            return print_page(request, paper_of(shown))
        template = self.part if request.headers.get("HX-Target") == self.listing.code else self.template
        return render(request, template, self.context(shown))

    def usual(self) -> dict[str, str]:
        """Filters that hold where the address does not name them, besides the list's own."""
        return {}

    def context(self, shown: ShownList) -> dict[str, Any]:
        """What the template takes."""
        return {"list": shown}

    def sheet(self, shown: ShownList) -> HttpResponseBase:
        try:
            return workbook(shown)
        except ValidationError as refusal:
            messages.warning(self.request, "；".join(refusal.messages))
            return redirect(f"{self.request.path}{shown.address(**{SHEET_PARAM: None})}")


def list_view(listing: Listing, page: type[ListPage] = ListPage, **settings: Any) -> PlainView:
    """The view of a list, guarded by the list's rights."""

    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return answer(request, **kwargs)  # type: ignore[return-value]

    answer = page.as_view(listing=listing, **settings)
    return require_safe(require(*listing.rights)(view))
