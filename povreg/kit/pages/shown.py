"""A declared list as one request shows it: the rows of its page, its filter bar, tabs, buttons and addresses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.forms import BoundField
from django.http import HttpRequest, QueryDict

from povreg.kit.pages.columns import Column
from povreg.kit.pages.listing import SHEET_PARAM, Action, Listing, Shown
from povreg.kit.views import paged

BY_OTHERS = "由有权限的岗位登记，登记后在这里列出"
"""What to do where no row is, for whoever may not."""


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    here: bool


class ShownList:
    """What the templates of lists take (``list``). ``rows`` replaces the list's own rows where it is a part of another
    page; then it has no filters, and ``param`` names its page in the address. ``less`` are columns left out there,
    ``usual`` filters that hold besides the list's own where the address does not name them."""

    prints = False
    """Whether the page prints its list (povreg.kit.pages.printed)."""

    def __init__(
        self,
        listing: Listing,
        request: HttpRequest,
        rows: Any = None,
        param: str = "page",
        less: Collection[str] = (),
        usual: Mapping[str, str] | None = None,
    ) -> None:
        self.listing, self.request, self.user, self.param, self.less = listing, request, request.user, param, less
        self.usual = {**listing.usual, **(usual or {})}
        self.filterset = listing.filtered(self.user, self.given, request) if rows is None else None
        self._rows = rows

    @property
    def given(self) -> QueryDict:
        """The address's parameters, with what holds when it does not name them."""
        data = self.request.GET.copy()
        for name, value in self.usual.items():
            data.setdefault(name, value)
        return data

    @cached_property
    def found(self) -> Any:
        """Every row, not cut."""
        if self._rows is not None:
            return self._rows
        return self.listing.rows(self.user) if self.filterset is None else self.filterset.qs

    def beside(self, **changed: str) -> Any:
        """Every row that the same address would find with some filters changed: what a strip above the list counts."""
        given = self.given
        for name, value in changed.items():
            given[name] = value
        return self.listing.found(self.user, given, self.request)

    @cached_property
    def page(self) -> Page:
        return paged(self.request, self.found, self.listing.size, self.param)

    @property
    def count(self) -> int:
        """How many rows there are on all pages."""
        return self.page.paginator.count

    @cached_property
    def rows(self) -> list[Shown]:
        return self.listing.shown_rows(self.page.object_list, self.user, self.columns)

    @cached_property
    def columns(self) -> list[Column]:
        return [column for column in self.listing.columns_for(self.user) if column.code not in self.less]

    @property
    def leads_on(self) -> bool:
        """Whether rows lead to pages of their own: then a phone shows them as one line each, else as cards."""
        return any(row.cells and row.cells[0].url for row in self.rows)

    @property
    def has_actions(self) -> bool:
        return any(row.actions for row in self.rows)

    @cached_property
    def fields(self) -> list[BoundField]:
        """The controls of the filter bar, without what their parameters say to the readers of the API."""
        found = [self.filterset.form[name] for name in self.listing.bar] if self.filterset is not None else []
        for control in found:
            control.help_text = control.field.help_text = ""
        return found

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Filters of the address that the bar does not show: they stay as hidden fields."""
        if self.filterset is None:
            return []
        known = set(self.filterset.filters) - set(self.listing.bar)
        return [(name, str(value)) for name, value in self.request.GET.items() if name in known and value]

    @property
    def limits(self) -> list[str]:
        """What else narrows the list without being shown in the bar or by a tab: labels."""
        if self.filterset is None:
            return []
        shown = {"year", self.listing.tabs.filter if self.listing.tabs else ""}  # the head of a page names the year
        return [str(self.filterset.filters[name].label) for name, _value in self.kept if name not in shown]

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is on: then an empty list says so."""
        return self.filterset is not None and any(self.request.GET.get(name) for name in self.filterset.filters)

    @property
    def actions(self) -> list[Action]:
        return [action for action in self.listing.actions if action.may(self.user)]

    @property
    def remedy(self) -> str:
        """What to do where no row is; a button is named to those only who see it."""
        text = self.listing.empty.words(self.user)
        hidden = {f"“{action.label}”" for action in self.listing.actions if not action.may(self.user)}
        parts = text.removesuffix("。").split("；")
        kept = [part for part in parts if not any(label in part for label in hidden)]
        return text if len(kept) == len(parts) else f"{'；'.join(kept) or BY_OTHERS}。"

    @property
    def tabs(self) -> list[Tab]:
        tabs = self.listing.tabs
        if tabs is None:
            return []
        now = self.given.get(tabs.filter, "")
        return [
            Tab(label, self.address(**{tabs.filter: value, self.param: None}), value == now)
            for value, label in tabs.choices(self.user)
        ]

    @property
    def sheet_url(self) -> str:
        """Where the workbook of these rows is; "" for who may not take it."""
        if self._rows is not None or not self.listing.may_take(self.user):
            return ""
        return self.address(**{self.param: None, SHEET_PARAM: "xlsx"})

    @property
    def print_url(self) -> str:
        """Where these rows are printed; "" for a part of another page, and where there are none."""
        if not self.prints or self._rows is not None or not self.count:
            return ""
        return self.address(**{self.param: None, "print": "1"})

    def page_url(self, number: int) -> str:
        return self.address(**{self.param: str(number)})

    def address(self, **changed: str | None) -> str:
        """This address with some parameters changed; None leaves one out."""
        query = self.request.GET.copy()
        for name, value in changed.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}" if query else "?"

    def words(self) -> str:
        """What the list is narrowed to, for the workbook; what was typed to find somebody is not repeated."""
        if self.filterset is None:
            return "全部"
        named = [self._said(field) for field in self.filterset.form if self.given.get(field.name)]
        return "；".join(named) or "全部"

    def _said(self, field: BoundField) -> str:
        if field.name in self.listing.personal:
            return f"{field.label}：按输入的文字查找"
        choices = dict(getattr(field.field, "choices", ()))
        value = self.given[field.name]
        return f"{field.label}：{choices.get(value, value)}"
