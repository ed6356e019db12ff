"""The base of every resource: rights by action, rows by scope, known parameters only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from povreg.kit.api.errors import not_found
from povreg.kit.api.filters import ORDERING, OrderBackend
from povreg.kit.api.pages import LIMITS
from povreg.kit.api.tags import demand_unchanged, tag_answer
from povreg.kit.methods import NAMES
from povreg.kit.views import holds, place_of, scoped_or_404


class ScopedViewSet(GenericViewSet):
    """A resource whose rows hang on places.

    ``rights`` gives the right an action needs, or several of which one is enough (``""`` for all other actions):
    without it anywhere 403, on a row outside the caller's places 404, on a row inside without the right there 403.
    ``parameters`` names what an action besides ``list`` takes in its address.
    """

    rights: Mapping[str, Any] = {}
    parameters: Mapping[str, Collection[str]] = {}
    repeatable: Collection[str] = ()
    orderings: Mapping[str, Sequence[str]] = {}
    filter_backends = [DjangoFilterBackend, OrderBackend]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Raises TypeError for an action named as a method of HTTP: any such request would run it."""
        super().__init_subclass__(**kwargs)
        named = sorted((NAMES - {"options"}) & set(dir(cls)))
        if named:
            raise TypeError(f"{cls.__name__}: an action may not be called {', '.join(named)}; give it a url_path")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.acts:  # else the method is none of the address: 405, whatever the parameters
            refuse_parameters(request, self.known_parameters(), self.repeatable)
            if request.method not in SAFE_METHODS and "If-Match" in request.headers:
                demand_unchanged(self, request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        if self.action == "retrieve" and final.status_code == 200 and isinstance(final, Response):
            tag_answer(request, final, self.beside())
        return final

    def beside(self) -> str:
        """Versions of rows that hang on the one shown and that its answer does not say: its tag covers them, too."""
        return ""

    @property
    def acts(self) -> bool:
        """Whether the request runs an action; OPTIONS and methods that the address does not take run none."""
        return bool(self.action) and self.action != "metadata"

    def known_parameters(self) -> set[str]:
        if self.action != "list":
            return set(self.parameters.get(self.action or "", ()))
        filterset = getattr(self, "filterset_class", None)
        own = set(filterset.base_filters) if filterset else set()
        return own | set(LIMITS) | ({ORDERING} if self.orderings else set())

    def right(self) -> Any:
        """The right that the present action needs (or several); None for a method that is no action."""
        return self.rights.get(self.action or "", self.rights.get("")) if self.acts else None

    def demand_right(self, code: str | None = None) -> None:
        """Raise PermissionDenied unless the caller holds the action's right, or one of several, (at the place)."""
        wanted = self.right()
        several = wanted if isinstance(wanted, (frozenset, set, tuple)) else () if wanted is None else (wanted,)
        if several and not any(holds(self.request.user, right, code) for right in several):
            raise PermissionDenied

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.demand_right()

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.none() if getattr(self, "swagger_fake_view", False) else rows.visible_to(self.request.user)

    def get_object(self) -> Any:
        """Raises Http404 outside the scope, PermissionDenied inside it without the right."""
        return self.row(super().get_queryset(), self.kwargs[self.lookup_field])

    def row(self, rows: QuerySet, pk: Any) -> Any:
        found = scoped_or_404(rows, self.request.user, pk)
        if self.right() is not None:
            self.demand_right(place_of(found))
        return found

    def row_without_right(self, rows: QuerySet, pk: Any) -> Any:
        """The row inside the scope; for resources whose right is not asked at a single village."""
        return scoped_or_404(rows, self.request.user, pk)

    def visible(self, rows: Any, field: str, pk: Any) -> Any:
        """The row that the body's ``field`` names. Raises Refused (404) outside the scope."""
        return self.all_visible(rows, field, [pk])[0]

    def all_visible(self, rows: Any, field: str, pks: Collection[Any]) -> list[Any]:
        """The rows that the body's ``field`` names, in its order. Raises Refused (404) if one is outside the scope."""
        found = rows.visible_to(self.request.user).in_bulk(set(pks))
        if len(found) < len(set(pks)):
            raise not_found(field, "没有找到，或不在您负责的范围内，请核对。")
        return [found[pk] for pk in dict.fromkeys(pks)]

    def referred(self, rows: Any, field: str, pk: Any) -> Any:
        """The row that the body's ``field`` names. Raises Refused (404) outside the scope, PermissionDenied without the
        action's right there."""
        found = self.visible(rows, field, pk)
        scope = getattr(found, "scope", None)
        if scope is not None and self.right() is not None:
            self.demand_right(place_of(found))
        return found

    def body(self, serializer: type[serializers.BaseSerializer], **kwargs: Any) -> dict[str, Any]:
        """The request's body, read as the serializer says. Raises ValidationError."""
        read = serializer(data=self.request.data, **kwargs)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)


def refuse_parameters(request: Request, known: Collection[str], repeatable: Collection[str] = ()) -> None:
    """Raise ValidationError for parameters that are unknown, empty or (unless ``repeatable``) given twice: no filter is
    left out in silence."""
    faults = {}
    for name, values in request.query_params.lists():
        if name not in known:
            faults[name] = "没有这个参数，请对照接口说明。"
        elif len(values) > 1 and name not in repeatable:
            faults[name] = "同一参数只能给一次。"
        elif "" in values:
            faults[name] = "参数不能为空；不用时请去掉。"
    if faults:
        raise serializers.ValidationError(faults)
