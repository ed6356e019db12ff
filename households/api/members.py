"""Members: list, read, add, edit, leave."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import (
    refusals,  # noqa: F401  makes the refusals of the verbs known
    serializers as shapes,
)
from households.api.batch_bulk import Launched
from households.api.households import member_of
from households.api.narrowing import figure_filter, known_figures
from households.figures.joined import counted
from households.figures.rows import narrow_people
from households.models import Household, Member, MemberYear
from households.models.codes import BORN
from households.people.listing import PeopleFilters, people_list
from households.people.services import request_export
from households.register import member_changes, persons, services, taken_back
from households.register.fields import YEAR_FACTS, MemberRow
from households.register.filters import SurveyYear
from households.register.member_changes import MARRIED_IN
from households.register.years import default_year, latest_year, working_year
from povreg.kit.api import filters
from povreg.kit.api.errors import refused
from povreg.kit.api.views import ScopedViewSet
from villages.models import Place
from villages.rights import Right

FOUND = 50


class MemberFilter(django_filters.FilterSet):
    place = filters.Place(field_name="village_id")
    household = filters.Whole(field_name="household_id", help_text="户 id")
    relation = filters.Code(help_text="与户主关系代码")
    health = filters.Code(method="is_in_health", help_text="健康状况代码，有几种的各算")
    labour = filters.Code(help_text="劳动技能代码")
    school_status = filters.Code(help_text="在校生状况代码")
    present = filters.YesNo(method="is_present", help_text="true 只列现有成员，false 只列已离开的")
    year = SurveyYear(method="later", help_text="year_facts 取哪一年的；与 figure 同用时也是统计年度")
    figure = figure_filter(method="later")

    def is_present(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        return rows.filter(left_on__isnull=value)

    def is_in_health(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(healths__contains=[value])

    def later(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        return rows

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """With figures, the people who count in the year and for whom all of them hold, as behind a report."""
        rows, given = super().filter_queryset(queryset), self.form.cleaned_data
        if not given["figure"]:
            return rows
        year = given["year"] or default_year(self.request.user)
        return narrow_people(counted(rows, year), given["figure"], year)


class MemberViewSet(ListModelMixin, RetrieveModelMixin, ScopedViewSet):
    """Members of the households inside one's postings."""

    queryset = Member.objects.all()
    serializer_class = shapes.MemberSerializer
    filterset_class = MemberFilter
    lookup_value_converter = "int"
    repeatable = ("figure",)
    orderings = {
        "place": ("village_id", "household_id", "person_no"),
        "number": ("person_no",),
        "birth_date": ("birth_date",),
        "updated": ("updated_at",),
    }
    rights = {
        "": Right.HOUSEHOLD_VIEW,
        "create": Right.HOUSEHOLD_EDIT,
        "partial_update": Right.HOUSEHOLD_EDIT,
        "leaving": Right.HOUSEHOLD_EDIT,
        "undo_leaving": Right.HOUSEHOLD_EDIT,
        "undo_joining": Right.HOUSEHOLD_EDIT,
        "same_person": Right.HOUSEHOLD_MOVE,
        "export": Right.EXPORT,
    }

    def paginate_queryset(self, queryset: QuerySet) -> list[Member]:
        asked = self.request.query_params.get("year", "")
        years = MemberYear.objects.filter(year=int(asked)) if asked else MemberYear.objects.order_by("-year")
        rows = queryset.prefetch_related(Prefetch("years", years, to_attr="own_years"))
        return [with_year(row, row.own_years) for row in super().paginate_queryset(rows) or []]

    def shown(self, member: Member, status: int = 200) -> Response:
        """The member as stored now."""
        fresh = Member.objects.get(pk=member.pk)
        with_year(fresh, list(fresh.years.order_by("-year")[:1]))
        return Response(shapes.MemberSerializer(fresh).data, status=status)

    def retrieve(self, request: Request, pk: int) -> Response:
        return self.shown(self.get_object())

    @extend_schema(request=shapes.PeopleSought, responses=shapes.PeopleFound)
    @action(detail=False, methods=["post"])
    def search(self, request: Request) -> Response:
        """Find people who count in a year by name, pinyin, identity number or phone; the first fifty."""
        given = self.body(shapes.PeopleSought)
        year = given.pop("year", None) or default_year(request.user)
        figures = tuple(known_figures(given.pop("figures", ())))
        wanted = PeopleFilters(place=given.get("place", ""), figures=figures, search=given["text"])
        rows = people_list(request.user, wanted, year)[: FOUND + 1]
        rows = rows.prefetch_related(Prefetch("years", MemberYear.objects.filter(year=year), to_attr="own_years"))
        people = [with_year(row, row.own_years) for row in rows]
        found = {"capped": len(people) > FOUND, "results": people[:FOUND]}
        return Response(shapes.PeopleFound(found).data)

    @extend_schema(request=shapes.PeopleChosen, responses={202: Launched})
    @action(detail=False, methods=["post"])
    def export(self, request: Request) -> Response:
        """Export the people of a place who count in a year, as a job; its result is the workbook."""
        given = self.body(shapes.PeopleChosen)
        place = self.visible(Place.objects, "place", given["place"]).pk if "place" in given else ""
        figures = tuple(known_figures(given.get("figures", ())))
        year = given.get("year") or default_year(request.user)
        job = request_export(by=request.user, filters=PeopleFilters(place, figures), year=year)
        return Response(Launched({"job": job.pk}).data, status=202)

    @extend_schema(request=shapes.NewMember, responses={201: shapes.MemberSerializer})
    def create(self, request: Request) -> Response:
        """Add a member: with ``coming`` somebody born, married or moved into the household, else somebody who had been
        left out."""
        given = self.body(shapes.NewMember)
        household = self.referred(Household.objects, "household", given.pop("household"))
        year, ticks, coming = given.pop("year", None), given.pop("confirmed", ()), given.pop("coming", None)
        reason = given.pop("reason", "")
        common = {
            "by": request.user,
            "household": household,
            "year": year or entered_year(household),
            "ticks": ticks,
        }
        facts, year_facts = parted(given)
        if coming:
            member = came(coming, facts=facts, year_facts=year_facts, **common)
        else:
            rows = [MemberRow("member", facts=facts, year_facts=year_facts)]
            [member] = services.edit_members(rows=rows, reason=reason, **common)
        return self.shown(member, status=201)

    @extend_schema(request=shapes.MemberEdit, responses=shapes.MemberSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change what is given. 409 when somebody saved after ``version`` was read."""
        member = self.get_object()
        given = self.body(shapes.MemberEdit)
        year, ticks, version = given.pop("year", None), given.pop("confirmed", ()), given.pop("version")
        reason = given.pop("reason", "")
        facts, year_facts = parted(given)
        services.edit_members(
            by=request.user,
            household=member.household,
            year=year or entered_year(member.household),
            rows=[MemberRow("member", member.pk, version, facts, year_facts)],
            ticks=ticks,
            reason=reason,
        )
        return self.shown(member)

    @extend_schema(request=shapes.Leaving, responses=shapes.MemberSerializer)
    @action(detail=True, methods=["post"])
    def leaving(self, request: Request, pk: int) -> Response:
        """The member left the household; where the head leaves, name the new one and everybody's relation to him."""
        member = self.get_object()
        given = self.body(shapes.Leaving)
        given["relations"] = shapes.relations_of(given.get("relations", []))
        if "new_head" in given:
            given["new_head"] = member_of(member.household, given["new_head"])
        return self.shown(member_changes.record_leaving(by=request.user, member=member, **given))

    @extend_schema(request=shapes.Voiding, responses=shapes.MemberSerializer)
    @action(detail=True, methods=["post"], url_path="undo-leaving")
    def undo_leaving(self, request: Request, pk: int) -> Response:
        """Take back a leaving that was registered by mistake."""
        member = self.get_object()
        return self.shown(member_changes.undo_leaving(by=request.user, member=member, **self.body(shapes.Voiding)))

    @extend_schema(request=shapes.Voiding, responses=shapes.MemberSerializer)
    @action(detail=True, methods=["post"], url_path="undo-joining")
    def undo_joining(self, request: Request, pk: int) -> Response:
        """Take back a coming that was registered by mistake, by whoever registered it, while nothing followed."""
        member = self.get_object()
        return self.shown(taken_back.undo_joining(by=request.user, member=member, **self.body(shapes.Voiding)))

    @extend_schema(request=shapes.SamePerson, responses=shapes.MemberSerializer)
    @action(detail=True, methods=["post"], url_path="same-person")
    def same_person(self, request: Request, pk: int) -> Response:
        """Another row is the same person: its past becomes this one's, and it goes. Refused where both were counted in
        one year."""
        kept = self.get_object()
        given = self.body(shapes.SamePerson)
        given["double"] = self.referred(Member.objects, "double", given["double"])
        return self.shown(persons.merge_persons(by=request.user, kept=kept, **given))


def with_year(member: Member, years: list[MemberYear]) -> Member:
    member.shown_year = years[0] if years else None  # type: ignore[attr-defined]
    return member


def entered_year(household: Household) -> int:
    """The year that facts are written to when the caller names none."""
    return latest_year(household) or working_year(household.village_id)


def parted(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Current facts, and those of the year."""
    year_facts = {name: value for name, value in given.items() if name in YEAR_FACTS}
    return {name: value for name, value in given.items() if name not in YEAR_FACTS}, year_facts


def came(coming: dict[str, Any], **more: Any) -> Member:
    """Somebody who joined the household on a day. Raises ValidationError without the day."""
    kind, reason = coming["kind"], coming.get("reason", "")
    if kind == BORN:
        return member_changes.record_birth(reason=reason, **more)
    if "on" not in coming:
        raise refused("coming.on", "请填写加入的日期。")
    verb = member_changes.record_marriage_in if kind == MARRIED_IN else member_changes.record_transfer_in
    return verb(on=coming["on"], reason=reason, **more)
