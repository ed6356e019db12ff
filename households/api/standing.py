"""Standing in the API: orders to correct, the end of the opening stock, differences found, departments' lists."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import refusals  # noqa: F401  makes the refusals of the verbs known
from households.models import CorrectionOrder, DepartmentList, DepartmentRow, Household, Member, Spell, StandingProposal
from households.office.corrections.lists import CORRECTIONS, state
from households.office.departments.lists import DEPARTMENT_LISTS, DEPARTMENT_ROWS
from households.office.opening import selectors as openings
from households.office.opening.lists import OPENINGS
from households.office.proposals.lists import PROPOSALS
from households.procedures.lists.proposals import take_proposal
from households.standing import corrections, departments, opening, proposals
from povreg.kit.api.errors import refused
from povreg.kit.api.fields import Day, RowId, StrictSerializer, Text, Whole
from povreg.kit.pages.api import Listed
from villages.api.serializers import PlaceCode, Reason
from villages.models import Place
from villages.rights import Right

MOST_LINES = 5000


class CorrectionSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    klass = serializers.CharField(source="klass_id", allow_null=True, help_text="空为撤销被更正的这一段")
    state = serializers.SerializerMethodField(help_text="open、approved、refused")

    class Meta:
        model = CorrectionOrder
        fields = ("id", "household", "village", "document", "reason", "klass", "since", "until", "spell", "state",
                  "ordered_by", "ordered_on", "approved_by", "approved_on", "refused_reason")  # fmt: skip
        read_only_fields = fields

    def get_state(self, row: CorrectionOrder) -> str:
        return state(row)


class NewCorrection(StrictSerializer):
    household = RowId(help_text="户 id")
    document = Text(max_length=80, help_text="依据的文件号")
    reason = Text(max_length=200)
    klass = Text(max_length=16, required=False, help_text="更正后的类别；不给时撤销 spell 所指的一段")
    since = Day(required=False)
    until = Day(required=False, help_text="从这一天起不再是")
    spell = RowId(required=False, help_text="被更正的期间 id")


class CorrectionViewSet(RetrieveModelMixin, Listed):
    """Orders to correct a household's standing: ordered by one person of the county office, approved by another."""

    queryset = CorrectionOrder.objects.all()
    serializer_class = CorrectionSerializer
    listing = CORRECTIONS
    lookup_value_converter = "int"
    rights = {"": Right.COUNTY_REVIEW, "list": Right.HOUSEHOLD_VIEW, "retrieve": Right.HOUSEHOLD_VIEW}

    @extend_schema(request=NewCorrection, responses={201: CorrectionSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a correction; nothing changes before another person approves."""
        given = self.body(NewCorrection)
        household = self.referred(Household.objects, "household", given.pop("household"))
        wrong = given.pop("spell", None)
        spell = self.visible(Spell.objects, "spell", wrong) if wrong else None
        order = corrections.order_correction(by=request.user, household=household, spell=spell, **given)
        return Response(CorrectionSerializer(order).data, status=201)

    @extend_schema(request=None, responses=CorrectionSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: int) -> Response:
        """Approve an order of somebody else: the standing is put right at once."""
        row = self.get_object()
        corrections.approve_correction(by=request.user, order=row)
        return Response(CorrectionSerializer(CorrectionOrder.objects.get(pk=row.pk)).data)

    @extend_schema(request=Reason, responses=CorrectionSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: int) -> Response:
        """Turn an order down."""
        row = corrections.refuse_correction(by=request.user, order=self.get_object(), **self.body(Reason))
        return Response(CorrectionSerializer(row).data)


class OpeningSerializer(serializers.Serializer):
    county = serializers.CharField(source="county_id")
    closed_on = serializers.DateField()
    counts = serializers.DictField(help_text="结束时的清点数")


class OpeningViewSet(Listed):
    """The opening of the registers of one's counties (建库期)."""

    queryset = Place.objects.filter(level=Place.Level.COUNTY)
    listing = OPENINGS
    lookup_value_converter = "int"
    lookup_field = "code"
    rights = {"close": Right.COUNTY_REVIEW}

    @extend_schema(request=None, responses=OpeningSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, code: int) -> Response:
        """Close it, once: from then on rosters propose and write no standing."""
        county = get_object_or_404(openings.counties(request.user), pk=str(code))
        self.demand_right(county.pk)
        row = opening.close_opening(by=request.user, county=county.pk)
        return Response(OpeningSerializer(row).data)


class ProposalSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    differences = serializers.DictField(help_text="列名：[在册, 名册]")

    class Meta:
        model = StandingProposal
        fields = ("id", "household", "village", "kind", "state", "differences", "source", "source_name", "found_at",
                  "batch", "settled_by", "settled_at", "reason")  # fmt: skip
        read_only_fields = fields


class TakeBody(StrictSerializer):
    year = Whole(min_value=2013, max_value=2100, required=False, help_text="名单年度；不给时为本县工作年度")


class ProposalViewSet(RetrieveModelMixin, Listed):
    """Differences between rosters and the register, each taken into a list or dismissed with a reason."""

    queryset = StandingProposal.objects.all()
    serializer_class = ProposalSerializer
    listing = PROPOSALS
    lookup_value_converter = "int"
    rights = {"": Right.HOUSEHOLD_VIEW, "take": Right.BATCH_DRAFT,
              "dismiss": (Right.BATCH_DRAFT, Right.COUNTY_REVIEW)}  # fmt: skip

    @extend_schema(request=TakeBody, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: int) -> Response:
        """Put the household on the village's list of the fitting kind and year."""
        row = self.get_object()
        take_proposal(by=request.user, proposal=row, **self.body(TakeBody))
        return self.shown(row)

    @extend_schema(request=Reason, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: int) -> Response:
        """The register is right: the same roster does not raise it again."""
        row = self.get_object()
        proposals.dismiss_proposal(by=request.user, proposal=row, **self.body(Reason))
        return self.shown(row)

    def shown(self, row: StandingProposal) -> Response:
        return Response(ProposalSerializer(StandingProposal.objects.get(pk=row.pk)).data)


class DepartmentListSerializer(serializers.ModelSerializer):
    county = serializers.CharField(source="county_id")

    class Meta:
        model = DepartmentList
        fields = ("id", "county", "department", "document", "as_of", "taken_by", "taken_at")
        read_only_fields = fields


class DepartmentLine(StrictSerializer):
    household = RowId(help_text="户 id")
    klass = Text(max_length=16, help_text="dibao、tekun、dibao_edge、rigid")
    since = Day()
    until = Day(required=False, help_text="从这一天起不再是")
    members = serializers.ListField(child=RowId(), required=False, max_length=50, help_text="只涉及某些人时，人 id")


class NewDepartmentList(StrictSerializer):
    county = PlaceCode(help_text="县代码")
    department = Text(max_length=60, required=False, allow_blank=True, default="")
    document = Text(max_length=80, help_text="文件号或批次")
    as_of = Day(help_text="名单日期")
    lines = serializers.ListField(child=DepartmentLine(), min_length=1, max_length=MOST_LINES)


class DepartmentListViewSet(RetrieveModelMixin, Listed):
    """Lists that departments handed over: 低保, 特困, 低保边缘, 刚性支出困难. All of a list is taken, or nothing."""

    queryset = DepartmentList.objects.all()
    serializer_class = DepartmentListSerializer
    listing = DEPARTMENT_LISTS
    lookup_value_converter = "int"
    rights = {"": Right.JOB_VIEW_ALL, "create": Right.COUNTY_REVIEW}

    @extend_schema(request=NewDepartmentList, responses={201: DepartmentListSerializer})
    def create(self, request: Request) -> Response:
        """Take a list: it begins and ends the classes it names."""
        given = self.body(NewDepartmentList)
        county = self.visible(Place.objects, "county", given.pop("county"))
        self.demand_right(county.pk)
        named = self._named(given.pop("lines"))
        taken = departments.take_department_list(by=request.user, county=county.pk, named=named, **given)
        return Response(DepartmentListSerializer(taken.row).data, status=201)

    def _named(self, lines: list[dict[str, Any]]) -> list[departments.Named]:
        """The lines, their households and people inside the caller's places."""
        self.all_visible(Household.objects, "lines", [line["household"] for line in lines])
        people: QuerySet = Member.objects.all()
        wanted = {pk: line["household"] for line in lines for pk in line.get("members", ())}
        found = self.all_visible(people, "lines", list(wanted)) if wanted else []
        if any(member.household_id != wanted[member.pk] for member in found):
            raise refused("lines", "所列人员不在该户，请核对人 id。")
        return [departments.Named(**{**line, "members": tuple(line.get("members", ()))}) for line in lines]


class DepartmentRowViewSet(Listed):
    """The households on departments' lists."""

    queryset = DepartmentRow.objects.all()
    listing = DEPARTMENT_ROWS
