"""A declared list as a resource: the same rows, filters and rights, and a serializer of its columns."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.mixins import ListModelMixin

from povreg.kit.api.views import ScopedViewSet
from povreg.kit.pages.columns import Column
from povreg.kit.pages.filters import without
from povreg.kit.pages.listing import Listing
from povreg.kit.sheets.kinds import Day, Kind, Whole, YesNo, Yuan


class Listed(ListModelMixin, ScopedViewSet):
    """A resource whose list is ``listing``.

    A resource whose rows have fields of their own names its ``serializer_class``; without one the columns of the list
    are its fields. Actions besides the list are added as in any resource.
    """

    listing: Listing

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        listing = cls.__dict__.get("listing")
        if listing is None:
            return
        if listing.filters is not None:
            cls.filterset_class = without(listing.filters, listing.personal)
        cls.rights = {"list": listing.rights, **cls.rights}
        cls.orderings = cls.orderings or listing.orderings
        if cls.serializer_class is None:
            cls.serializer_class = serializer_of(listing)

    def get_queryset(self) -> Any:
        if self.action == "list" and not getattr(self, "swagger_fake_view", False):
            return self.listing.rows(self.request.user)
        return super().get_queryset()

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        if rows is not None and self.action == "list":
            self.listing.fetch(rows, self.request.user)
        return rows


class OfColumn(serializers.Field):
    """A column's value as JSON."""

    def __init__(self, column: Column, **kwargs: Any) -> None:
        self.column = column
        super().__init__(source="*", read_only=True, help_text=column.label, **kwargs)
        self._spectacular_annotation = {"field": shape(column.kind) | {"description": column.label}}

    def to_representation(self, row: Any) -> Any:
        value = self.column.of(row)
        return list(value) if isinstance(value, tuple) else self.column.kind.write(value)


SHAPES: tuple[tuple[type[Kind], dict[str, Any]], ...] = (
    (Whole, {"type": "integer"}),
    (Yuan, {"type": "number"}),
    (YesNo, {"type": "string", "enum": ["是", "否"]}),
    (Day, {"type": "string", "format": "date"}),
)


def shape(kind: Kind) -> dict[str, Any]:
    """How the values of a kind look in the OpenAPI description."""
    found = next((shape for of, shape in SHAPES if isinstance(kind, of)), {"type": "string"})
    return found | {"nullable": True}


def serializer_of(listing: Listing) -> type[serializers.Serializer]:
    """A serializer with a field for each column that the API tells, and the row's id."""
    fields: dict[str, Any] = {"id": serializers.IntegerField(source="pk", read_only=True)}
    fields |= {column.field: OfColumn(column) for column in listing.columns if column.field}
    return type(f"{listing.code.title().replace('-', '')}Row", (serializers.Serializer,), fields)
