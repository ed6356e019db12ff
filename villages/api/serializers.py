"""What the API says of places and standards, and what it takes to change them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from povreg.kit.api.fields import Amount, Day, Matching, StrictSerializer, Text, Whole
from povreg.kit.api.filters import PLACE, PLACE_SAID
from povreg.kit.fields import CodeField
from villages.codes.selectors import label
from villages.models import CriteriaSet, Place, PovertyLine
from villages.standards.rules import ORDINARY
from villages.standards.services import FIRST_YEAR


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class Labels(serializers.Field):
    """The national labels of the codes of a row, by field; fields without a code are left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, row: Any) -> dict[str, str]:
        coded = [field for field in row._meta.concrete_fields if isinstance(field, CodeField)]
        values = ((field, getattr(row, field.attname)) for field in coded)
        return {field.name: label(field.code_table, value) for field, value in values if value}


class PlaceCode(Matching):
    """A place's code in a body."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(PLACE, PLACE_SAID, **kwargs)


class PlaceSerializer(serializers.ModelSerializer):
    level = serializers.CharField(source="level_name", help_text="province 至 group")
    parent = serializers.CharField(source="parent_id", allow_null=True)
    successor = serializers.CharField(source="successor_id", allow_null=True, help_text="并入的地点")

    class Meta:
        model = Place
        fields = ("code", "name", "short_name", "level", "parent", "successor", "retired_on")
        read_only_fields = fields


class NewPlace(StrictSerializer):
    """A village (with its 12-digit code) under a township, or a group (numbered by the product) under a village."""

    parent = PlaceCode(help_text="乡镇（新增村）或村（新增组）的代码")
    name = Text(max_length=80)
    code = PlaceCode(required=False, help_text="村的 12 位代码；组不填")


class Renaming(StrictSerializer):
    name = Text(max_length=80)
    on = Day(help_text="生效日期")
    document = Text(max_length=120, help_text="批复文号")


class LineSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id", allow_null=True, help_text="空为全国")
    amount = serializers.DecimalField(12, 2, help_text="元/人·年")

    class Meta:
        model = PovertyLine
        fields = ("id", "kind", "year", "place", "amount", "source", "note", "created_at", "withdrawn_at",
                  "withdrawn_reason")  # fmt: skip
        read_only_fields = fields


class NewLine(StrictSerializer):
    kind = serializers.ChoiceField(PovertyLine.Kind.choices)
    year = Whole(min_value=FIRST_YEAR, max_value=2100)
    place = PlaceCode(help_text="适用的县或其下级")
    amount = Amount(max_digits=12, decimal_places=2, help_text="元/人·年")
    source = Text(max_length=200, help_text="依据")
    note = Text(max_length=200, required=False, allow_blank=True)


class Correction(StrictSerializer):
    amount = Amount(max_digits=12, decimal_places=2)
    source = Text(max_length=200)
    note = Text(max_length=200, required=False, allow_blank=True)
    reason = Text(max_length=200)


class Reason(StrictSerializer):
    reason = Text(max_length=200)


class SetSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id", allow_null=True, help_text="空为全国")
    criteria = serializers.ListField(child=serializers.CharField())
    params = serializers.DictField(help_text="与默认不同的界限")

    class Meta:
        model = CriteriaSet
        fields = ("id", "name", "version", "criteria", "params", "place", "year_from", "year_to", "source",
                  "is_active", "created_at")  # fmt: skip
        read_only_fields = fields


class SchoolAge(StrictSerializer):
    first = Whole(min_value=0, max_value=100, help_text="起，周岁")
    until = Whole(min_value=0, max_value=100, help_text="止，不含")


class NewSet(StrictSerializer):
    """The next version of a set of criteria; thresholds that are left out keep their ordinary value."""

    name = Text(max_length=60)
    place = PlaceCode(help_text="适用的县或其下级")
    year_from = Whole(min_value=FIRST_YEAR, max_value=2100)
    year_to = Whole(min_value=FIRST_YEAR, max_value=2100, required=False, allow_null=True, help_text="不给时长期有效")
    criteria = serializers.ListField(child=Text(max_length=30), max_length=50, help_text="指标代码")
    school_age = SchoolAge(
        required=False, help_text=f"义务教育年龄，不给时为 {ORDINARY.school_from} 至 {ORDINARY.school_until}"
    )
    borderline = Amount(
        max_digits=5, decimal_places=2, required=False, help_text=f"踩线比例（%），不给时为 {ORDINARY.percent}"
    )
    source = Text(max_length=200, help_text="依据")


def params_of(given: dict[str, Any]) -> dict[str, Any]:
    """The thresholds of a body, taken out of it, as the verb keeps them."""
    params: dict[str, Any] = {}
    if ages := given.pop("school_age", None):
        params["school_age"] = [ages["first"], ages["until"]]
    if "borderline" in given:
        params["borderline"] = str(given.pop("borderline") / 100)
    return params


class Credentials(StrictSerializer):
    username = Text(max_length=150)
    password = Text(max_length=200, trim_whitespace=False, write_only=True)
    code = Text(max_length=20, required=False, write_only=True, help_text="启用了二次验证的账号：验证码或恢复码")


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField(help_text="只显示这一次")
    expires_at = serializers.DateTimeField()
