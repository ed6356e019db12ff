"""What a list is: its rows, columns, filters, rights and words, declared once (see docs/components.md).

A :class:`Listing` is shown by :func:`povreg.kit.pages.views.list_view`, written as a workbook by
:mod:`povreg.kit.pages.sheet` and served as a resource by :class:`povreg.kit.pages.api.Listed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import django_filters
from django.db.models import Model, QuerySet
from django.forms import BaseForm, BoundField
from django.urls import reverse

from povreg.kit.pages.columns import Cell, Column
from povreg.kit.views import PAGE_SIZE, holds

CHUNK = 500
SHEET_PARAM = "sheet"
"""Parameter of a list's address that asks for the workbook."""


@dataclass(frozen=True)
class Action:
    """A button of the page: where it leads, who sees it (any of ``rights``; none: everybody), whether it is the one
    filled button. ``url`` is a url name, or a function of the request."""

    label: str
    url: str | Callable[[Any], str]
    rights: tuple[Any, ...] = ()
    main: bool = False

    def address(self, request: Any) -> str:
        return self.url(request) if callable(self.url) else reverse(self.url)

    def may(self, user: Any) -> bool:
        return not self.rights or any(holds(user, right) for right in self.rights)


@dataclass(frozen=True)
class Ask:
    """The question before an action that is hard to undo: what will happen, the label of a reason if one is due, and
    what else is asked (``form``, of the row)."""

    title: str
    text: Callable[[Any], str]
    reason: str = ""
    risk: bool = False
    form: Callable[[Any], BaseForm] | None = None


@dataclass(frozen=True)
class RowAction:
    """A button of a row. ``may`` (of row and person) says whether it is there; with ``ask`` it posts after a question,
    with ``post`` at once, else it is a link."""

    code: str
    label: str | Callable[[Any], str]
    url: Callable[[Any], str]
    may: Callable[[Any, Any], bool] = lambda row, user: True
    ask: Ask | None = None
    post: bool = False


@dataclass(frozen=True)
class Empty:
    """What stands where no row is: what is missing and what to do, by the person."""

    title: str
    remedy: Callable[[Any], str] | str = "可以放宽条件再找。"

    def words(self, user: Any) -> str:
        return self.remedy(user) if callable(self.remedy) else self.remedy


@dataclass(frozen=True)
class Sheet:
    """The workbook of a list: the right it takes, the name of its sheet, what its last sheet says besides."""

    right: Any
    name: str
    about: Callable[[Any], Iterable[tuple[str, str]]] = lambda user: ()


@dataclass(frozen=True)
class Tabs:
    """A filter that is shown as tabs above the list instead of a select: its name and, for a person, the tabs (value,
    label). Where the list is a part of another page it is a parameter of that page's address."""

    filter: str
    choices: Callable[[Any], Iterable[tuple[str, str]]]


def no_rows(user: Any) -> list[Any]:
    """Of a list that is always a part of another page, which knows its rows."""
    return []


def nothing_more(rows: Sequence[Any], user: Any) -> None:
    """No facts to fetch."""


@dataclass(frozen=True)
class Listing:
    """A declared list.

    ``rows`` (of the person) starts from ``visible_to(user)``; a list that is only a part of another page, which knows
    its rows, has none. ``rights``: one of them is needed at all (none: any
    signed-in person). ``fetch`` puts further facts on the rows of one page or chunk, in as many statements for many
    rows as for few. ``bar`` names the filters the page shows, in order; ``personal`` those the API leaves out.
    ``usual`` are filters that hold on the page where its address does not name them. ``unit`` follows the number of
    rows (个单位). ``orderings`` are those of the API. ``faint`` marks a row that no longer counts,
    ``group`` names what rows that follow each other have in common; it stands above them.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    unit: str
    empty: Empty
    rows: Callable[[Any], Any] = no_rows
    rights: tuple[Any, ...] = ()
    subtitle: str = ""
    heading: str = "名单"
    filters: type[django_filters.FilterSet] | None = None
    bar: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    tabs: Tabs | None = None
    fetch: Callable[[Sequence[Any], Any], None] = nothing_more
    actions: tuple[Action, ...] = ()
    row_actions: tuple[RowAction, ...] = ()
    sheet: Sheet | None = None
    orderings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    usual: Mapping[str, str] = field(default_factory=dict)
    size: int = PAGE_SIZE
    note: str = ""
    foot: str = ""
    faint: Callable[[Any], bool] | None = None
    group: Callable[[Any], str] | None = None

    def filtered(self, user: Any, given: Mapping[str, Any], request: Any = None) -> django_filters.FilterSet | None:
        """The filter set over the person's rows, bound to what was given."""
        if self.filters is None:
            return None
        return self.filters(data=given, queryset=self.rows(user), request=request or Asker(user))

    def found(self, user: Any, given: Mapping[str, Any] | None = None, request: Any = None) -> Any:
        """The person's rows, narrowed by what was given; what is no value of a filter narrows nothing."""
        filterset = self.filtered(user, given or {}, request)
        return self.rows(user) if filterset is None else filterset.qs

    def columns_for(self, user: Any) -> list[Column]:
        """The columns of the page that this person sees."""
        return [column for column in self.columns if column.on_page and (not column.for_whom or column.for_whom(user))]

    def sheet_columns(self, user: Any) -> list[Column]:
        return [column for column in self.columns if column.in_sheet and (not column.for_whom or column.for_whom(user))]

    def may_see(self, user: Any) -> bool:
        return not self.rights or any(holds(user, right) for right in self.rights)

    def may_take(self, user: Any) -> bool:
        """Whether the person may take the list away as a workbook."""
        return self.sheet is not None and holds(user, self.sheet.right)

    def shown_rows(self, rows: Iterable[Any], user: Any, columns: Sequence[Column] | None = None) -> list[Shown]:
        """Rows of one page as the template draws them."""
        found = list(rows)
        self.fetch(found, user)
        columns = self.columns_for(user) if columns is None else columns
        return [self._shown(row, columns, user) for row in found]

    def _shown(self, row: Any, columns: Sequence[Column], user: Any) -> Shown:
        actions = [Pressed(action, row) for action in self.row_actions if action.may(row, user)]
        faint = bool(self.faint and self.faint(row))
        cells = [column.cell(row, user) for column in columns]
        return Shown(row, cells, actions, faint, self.group(row) if self.group else "")

    def written_rows(self, rows: QuerySet | Iterable[Any], user: Any) -> Iterator[list[Any]]:
        """Cells of the workbook, chunk by chunk."""
        columns = self.sheet_columns(user)
        read = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else iter(rows)
        while chunk := list(islice(read, CHUNK)):
            self.fetch(chunk, user)
            for row in chunk:
                yield [column.written(row) for column in columns]


@dataclass(frozen=True)
class Asker:
    """Stands for the request where a list is narrowed without one."""

    user: Any


@dataclass(frozen=True)
class Pressed:
    """A row's action as the template draws it."""

    action: RowAction
    row: Any

    @property
    def id(self) -> str:
        return f"{self.action.code}-{key_of(self.row)}"

    @property
    def label(self) -> str:
        return self.action.label(self.row) if callable(self.action.label) else self.action.label

    @property
    def url(self) -> str:
        return self.action.url(self.row)

    @property
    def text(self) -> str:
        return self.action.ask.text(self.row) if self.action.ask else ""

    @property
    def fields(self) -> list[BoundField]:
        """What is asked besides a reason."""
        ask = self.action.ask
        return list(ask.form(self.row).visible_fields()) if ask and ask.form else []  # type: ignore[attr-defined]


def key_of(row: Any) -> Any:
    return row.pk if isinstance(row, Model) else row["id"] if isinstance(row, Mapping) else getattr(row, "id", id(row))


@dataclass(frozen=True)
class Shown:
    """A row as the template draws it."""

    row: Any
    cells: list[Cell]
    actions: list[Pressed]
    faint: bool = False
    group: str = ""


_listings: dict[str, Listing] = {}


def declare_lists(*listings: Listing) -> None:
    """Make lists known: tests walk over all of them. Raises ValueError for two of one code."""
    for listing in listings:
        if _listings.setdefault(listing.code, listing) is not listing:
            raise ValueError(f"two lists are called {listing.code!r}")


def declared_lists() -> tuple[Listing, ...]:
    return tuple(_listings.values())
