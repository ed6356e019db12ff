"""Departments, support units and cadres in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from povreg.kit.api.fields import BirthDate, Facts, Matching, StrictSerializer, Text, Whole, masked_id, masked_phone
from povreg.kit.pages.api import Listed
from villages.api.serializers import Labels, PlaceCode
from villages.models import Cadre, Place, Unit
from villages.rights import Right
from villages.units import selectors, services
from villages.units.lists import CADRES, UNITS

FOUND = 50
MOST_VILLAGES = 1000
UNIT_FACTS = tuple(name for name in services.UNIT_FACTS if name != "place")
CADRE_FACTS = tuple(name for name in services.CADRE_FACTS if name not in ("place", "unit"))


def version() -> Whole:
    return Whole(min_value=0, max_value=2**31 - 1, help_text="读到的版本号；别人已改过时答 409")


def office_phone() -> Matching:
    return Matching(
        r"^([0-9() （）-]{5,20})?$",
        "办公电话只能有数字、横线和括号，如 023-52220000，请改正。",
        required=False,
        allow_blank=True,
    )


class UnitSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id")
    villages = serializers.SerializerMethodField(help_text="对口村的代码")
    labels = Labels()

    class Meta:
        model = Unit
        fields = ("id", "version", *UNIT_FACTS, "place", "villages", "labels")
        read_only_fields = fields

    def get_villages(self, unit: Unit) -> list[str]:
        return sorted(village.pk for village in unit.villages.all())


class NewUnit(Facts):
    place = PlaceCode(help_text="所在地")
    phone = office_phone()
    villages = serializers.ListField(
        child=PlaceCode(), required=False, max_length=MOST_VILLAGES, help_text="对口村的代码"
    )

    class Meta:
        model = Unit
        fields = (*UNIT_FACTS, "place", "villages")
        needed = ("name", "kind")


class UnitEdit(NewUnit):
    version = version()
    place = PlaceCode(required=False, help_text="所在地")

    class Meta:
        model = Unit
        fields = ("version", *UNIT_FACTS, "place", "villages")


class CadreSerializer(serializers.ModelSerializer):
    id_no = masked_id()
    birth_date = BirthDate("birth_date", ("id_no",))
    phone = masked_phone()
    place = serializers.CharField(source="place_id", help_text="工作地")
    username = serializers.CharField(source="user.username", default="", help_text="登录账号")
    labels = Labels()

    class Meta:
        model = Cadre
        fields = ("id", "version", *CADRE_FACTS, "sex", "birth_date", "id_no", "phone", "place", "unit", "username",
                  "labels")  # fmt: skip
        read_only_fields = fields


def unit_id() -> Whole:
    return Whole(min_value=1, max_value=2**63 - 1, required=False, allow_null=True, help_text="单位 id")


def login_name() -> Text:
    return Text(max_length=40, required=False, allow_blank=True, help_text="已开户的填用户名")


class NewCadre(Facts):
    """Sex and birth date follow from the identity number."""

    place = PlaceCode(help_text="工作地；驻村干部为所驻的村")
    unit = unit_id()
    username = login_name()

    class Meta:
        model = Cadre
        fields = (*CADRE_FACTS, "id_no", "phone", "place", "unit", "username")
        needed = ("name",)


class CadreEdit(NewCadre):
    version = version()
    place = PlaceCode(required=False, help_text="工作地")

    class Meta:
        model = Cadre
        fields = ("version", *CADRE_FACTS, "id_no", "phone", "place", "unit", "username")


class CadresSought(StrictSerializer):
    text = Text(max_length=40, help_text="姓名、单位或职务的一部分")
    place = PlaceCode(required=False)
    duty = serializers.ChoiceField(list(selectors.DUTIES.items()), required=False)


class CadresFound(serializers.Serializer):
    capped = serializers.BooleanField(help_text="还有更多，请缩小范围")
    results = CadreSerializer(many=True)


class Kept(RetrieveModelMixin, Listed):
    """What units and cadres have in common."""

    lookup_value_converter = "int"
    rights = {"": Right.UNIT_EDIT, "retrieve": Right.UNIT_VIEW, "search": Right.UNIT_VIEW}

    def place(self, given: dict[str, Any], row: Any = None) -> Place:
        """Where the body puts the row, or where it is. Raises Refused (404)."""
        code = given.pop("place", None)
        if row is not None and code in (None, row.place_id):
            found: Place = row.place
            return found
        return self.visible(Place.objects.all(), "place", code)


class UnitViewSet(Kept):
    """Departments and support units of one's places, with the villages they support."""

    queryset = Unit.objects.select_related("place").prefetch_related("villages")
    serializer_class = UnitSerializer
    listing = UNITS

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("villages")

    def shown(self, unit: Unit, status: int = 200) -> Response:
        return Response(UnitSerializer(UnitViewSet.queryset.get(pk=unit.pk)).data, status=status)

    @extend_schema(request=NewUnit, responses={201: UnitSerializer})
    def create(self, request: Request) -> Response:
        """Record a unit."""
        given = self.body(NewUnit)
        villages = self.villages(given.pop("villages", []))
        unit = services.save_unit(by=request.user, place=self.place(given), villages=villages, **given)
        return self.shown(unit, status=201)

    @extend_schema(request=UnitEdit, responses=UnitSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change what is given. 409 when somebody saved after ``version`` was read."""
        unit, given = self.get_object(), self.body(UnitEdit)
        place = self.place(given, unit)
        villages = self.villages(given.pop("villages")) if "villages" in given else list(unit.villages.all())
        services.save_unit(by=request.user, unit=unit, place=place, villages=villages, **given)
        return self.shown(unit)

    def villages(self, codes: list[str]) -> list[Place]:
        return self.all_visible(Place.objects.filter(level=Place.Level.VILLAGE), "villages", codes)


class CadreViewSet(Kept):
    """Cadres of one's places: helpers, team members, first secretaries. Numbers are masked."""

    queryset = Cadre.objects.select_related("user", "unit", "place")
    serializer_class = CadreSerializer
    listing = CADRES

    def shown(self, cadre: Cadre, status: int = 200) -> Response:
        return Response(CadreSerializer(CadreViewSet.queryset.get(pk=cadre.pk)).data, status=status)

    def unit(self, pk: int | None) -> Unit | None:
        return None if pk is None else self.visible(Unit.objects.filter(is_active=True), "unit", pk)

    @extend_schema(request=CadresSought, responses=CadresFound)
    @action(detail=False, methods=["post"])
    def search(self, request: Request) -> Response:
        """Find cadres by a part of the name, unit or post; the first fifty."""
        given = self.body(CadresSought)
        rows = list(CADRES.found(request.user, {**given, "q": given["text"]})[: FOUND + 1])
        return Response(CadresFound({"capped": len(rows) > FOUND, "results": rows[:FOUND]}).data)

    @extend_schema(request=NewCadre, responses={201: CadreSerializer})
    def create(self, request: Request) -> Response:
        """Record a cadre."""
        given = self.body(NewCadre)
        unit = self.unit(given.pop("unit", None))
        return self.shown(services.save_cadre(by=request.user, place=self.place(given), unit=unit, **given), status=201)

    @extend_schema(request=CadreEdit, responses=CadreSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change what is given. 409 when somebody saved after ``version`` was read."""
        cadre, given = self.get_object(), self.body(CadreEdit)
        place = self.place(given, cadre)
        if "unit" in given:
            given["unit"] = cadre.unit if given["unit"] == cadre.unit_id else self.unit(given["unit"])
        given.setdefault("username", cadre.user.username if cadre.user else "")
        services.save_cadre(by=request.user, cadre=cadre, place=place, **given)
        return self.shown(cadre)


RESOURCES = {"units": UnitViewSet, "cadres": CadreViewSet}
