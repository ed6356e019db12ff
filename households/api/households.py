"""Households: list, search, read, register, edit, and the verbs of their standing."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import (
    refusals,  # noqa: F401  makes the refusals of the verbs known
    serializers as shapes,
)
from households.api.history import HouseholdHistory
from households.api.narrowing import Found, HouseholdFilter, known_figures, list_filters
from households.api.selection import SelectionVerbs
from households.api.verdict_shapes import AssessmentSerializer
from households.eligibility.selectors import verdicts_of
from households.eligibility.services import recompute_household
from households.find.listing import SEALED, decorate, list_page
from households.looks.services import note_look
from households.models import Household, Member
from households.register import endings, member_changes, moves, services, taken_back
from households.register.years import default_year
from povreg.kit.api.errors import not_found
from povreg.kit.api.views import ScopedViewSet
from povreg.kit.views import demand
from villages.models import Place
from villages.rights import Right


class HouseholdViewSet(SelectionVerbs, HouseholdHistory, ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Households inside one's postings (a helper: those paired with him)."""

    queryset = Household.objects.all()
    serializer_class = shapes.HouseholdSerializer
    filterset_class = HouseholdFilter
    lookup_value_converter = "int"
    repeatable = ("figure",)
    parameters = HouseholdHistory.parameters
    orderings = {"place": ("village_id", "household_no"), "number": ("household_no",), "updated": ("updated_at",)}
    rights = {
        "": Right.HOUSEHOLD_VIEW,
        "create": Right.HOUSEHOLD_EDIT,
        "partial_update": Right.HOUSEHOLD_EDIT,
        "change_head": Right.HOUSEHOLD_EDIT,
        "unmask": Right.UNMASK,
        "recompute": Right.RECOMPUTE,
        "split": Right.HOUSEHOLD_MOVE,
        "merge": Right.HOUSEHOLD_MOVE,
        "transfer": Right.HOUSEHOLD_MOVE,
        "void": Right.HOUSEHOLD_VOID,
        "natural_end": Right.HOUSEHOLD_EDIT,
        "undo_change": Right.HOUSEHOLD_EDIT,
        **SelectionVerbs.rights,
        **HouseholdHistory.rights,
    }

    def paginate_queryset(self, queryset: Any) -> list[Household]:
        return decorate(super().paginate_queryset(queryset) or [], self.year)

    @property
    def year(self) -> int:
        asked = self.request.query_params.get("year", "")
        return int(asked) if asked else default_year(self.request.user)

    def shown(self, household: Household, status: int = 200) -> Response:
        """The household as it is stored now."""
        fresh = Household.objects.get(pk=household.pk)
        [row] = decorate([fresh], self.year)
        return Response(shapes.HouseholdSerializer(row).data, status=status)

    def retrieve(self, request: Request, pk: int) -> Response:
        row = self.get_object()
        note_look(by=request.user, household=row.pk, village=row.village_id)
        return self.shown(row)

    def beside(self) -> str:
        """The members, one by one."""
        rows = Member.objects.filter(household=self.kwargs["pk"]).order_by("pk")
        return str(list(rows.values_list("pk", "version", "left_on")))

    @extend_schema(request=shapes.NewHousehold, responses={201: shapes.HouseholdSerializer})
    def create(self, request: Request) -> Response:
        """Register a household with its head. Warnings come back with code ``unconfirmed``; send their keys in
        ``confirmed``."""
        given = self.body(shapes.NewHousehold)
        named = {name: given.pop(name) for name in ("village", "head")}
        number, ticks = given.pop("household_no", ""), given.pop("confirmed", ())
        household = services.register_household(by=request.user, facts=given, household_no=number, ticks=ticks, **named)
        return self.shown(household, status=201)

    @extend_schema(request=shapes.HouseholdEdit, responses=shapes.HouseholdSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change what is given. 409 when somebody saved after ``version`` was read."""
        household = self.get_object()
        given = self.body(shapes.HouseholdEdit)
        version, ticks = given.pop("version"), given.pop("confirmed", ())
        services.edit_household(by=request.user, household=household, version=version, facts=given, ticks=ticks)
        return self.shown(household)

    @extend_schema(request=Found, responses=shapes.HouseholdsFound)
    @action(detail=False, methods=["post"])
    def search(self, request: Request) -> Response:
        """Find households as with the search box of the page, or by name or identity number; the first fifty. What was
        typed stands in the body only, and is logged nowhere."""
        given = self.body(Found)
        year = given.pop("year", None) or default_year(request.user)
        typed = {"search": given.pop("text", ""), "name": given.pop("name", ""), "id_no": given.pop("id_no", "")}
        known_figures(given.get("figures", ()))
        page = list_page(request.user, list_filters(given, **typed), year, also=SEALED)
        found = {"count": page.count, "capped": page.capped, "results": page.rows}
        return Response(shapes.HouseholdsFound(found).data)

    @extend_schema(request=shapes.Unmasking, responses=shapes.Unmasked)
    @action(detail=True, methods=["post"])
    def unmask(self, request: Request, pk: int) -> Response:
        """Full numbers of one household; the reason is logged."""
        household = self.get_object()
        return Response(services.unmask(by=request.user, household=household, **self.body(shapes.Unmasking)))

    @extend_schema(request=None, responses=AssessmentSerializer(many=True), filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def recompute(self, request: Request, pk: int) -> Response:
        """Judge the household again for every year of its county, at once; answers with its verdicts, latest first."""
        household = self.get_object()
        recompute_household(by=request.user, household=household)
        return Response(AssessmentSerializer(verdicts_of(household), many=True).data)

    @extend_schema(request=shapes.NewHead, responses=shapes.HouseholdSerializer)
    @action(detail=True, methods=["post"], url_path="head")
    def change_head(self, request: Request, pk: int) -> Response:
        """Make another member the head."""
        household = self.get_object()
        given = self.body(shapes.NewHead)
        given["relations"] = shapes.relations_of(given["relations"])
        given["new_head"] = member_of(household, given["new_head"])
        member_changes.change_head(by=request.user, household=household, **given)
        return self.shown(household)

    @extend_schema(request=shapes.Splitting, responses={201: shapes.HouseholdSerializer})
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: int) -> Response:
        """Make some members a household of their own; answers with the new one."""
        household = self.get_object()
        given = self.body(shapes.Splitting)
        given["relations"] = shapes.relations_of(given["relations"])
        given["new_head"] = member_of(household, given["new_head"])
        return self.shown(moves.split_household(by=request.user, household=household, **given), status=201)

    @extend_schema(request=shapes.Merging, responses=shapes.HouseholdSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: int) -> Response:
        """Move everybody into ``target`` and strike this household off; answers with the target."""
        source = self.get_object()
        given = self.body(shapes.Merging)
        given["relations"] = shapes.relations_of(given["relations"])
        given["target"] = self.referred(Household.objects, "target", given["target"])
        return self.shown(moves.merge_households(by=request.user, source=source, **given))

    @extend_schema(request=shapes.Moving, responses=shapes.HouseholdSerializer)
    @action(detail=True, methods=["post"])
    def transfer(self, request: Request, pk: int) -> Response:
        """Move the household to another village of the county."""
        household = self.get_object()
        given = self.body(shapes.Moving)
        village = self.referred(Place.objects, "village", given["village"])
        demand(request.user, self.right(), village.code)
        return self.shown(moves.transfer_household(by=request.user, household=household, **given))

    @extend_schema(request=shapes.Voiding, responses=shapes.HouseholdSerializer)
    @action(detail=True, methods=["post"])
    def void(self, request: Request, pk: int) -> Response:
        """Strike off a household that was entered by mistake."""
        household = self.get_object()
        return self.shown(moves.void_household(by=request.user, household=household, **self.body(shapes.Voiding)))

    @extend_schema(request=shapes.NaturalEnd, responses=shapes.HouseholdSerializer)
    @action(detail=True, methods=["post"], url_path="natural-end")
    def natural_end(self, request: Request, pk: int) -> Response:
        """The last member died: the household ends on that day."""
        household = self.get_object()
        return self.shown(endings.end_household(by=request.user, household=household, **self.body(shapes.NaturalEnd)))

    @extend_schema(request=shapes.Voiding, responses=shapes.HouseholdSerializer)
    @action(detail=True, methods=["post"], url_path="undo-change")
    def undo_change(self, request: Request, pk: int) -> Response:
        """Take back the last split, merge, move or natural end, by whoever registered it, while nothing followed."""
        household = self.get_object()
        given = self.body(shapes.Voiding)
        return self.shown(taken_back.undo_last_change(by=request.user, household=household, **given))


def member_of(household: Household, pk: int, field: str = "new_head") -> Member:
    """A present member of the household that the body names. Raises Refused (404)."""
    member = household.members.filter(left_on__isnull=True, pk=pk).first()
    if member is None:
        raise not_found(field, "本户没有这位成员，请核对成员 id。")
    return member
