"""What the API says of the register, and what it takes: shapes only, derived from the models and the facts' lists."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from households.models import AnnualRecord, Assessment, Household, Member, MemberYear
from households.models.assessment import Verdict
from households.models.codes import BORN
from households.models.household import STANDING as PROJECTED
from households.register.fields import ANNUAL_FACTS, HOUSEHOLD_FACTS, MEMBER_FACTS, YEAR_FACTS
from households.register.member_changes import COMING, LEAVING
from households.register.years import FIRST_YEAR, years_offered
from povreg.kit.api.errors import Answer as Reply, Refused
from povreg.kit.api.fields import (
    BirthDate,
    Day,
    Facts,
    Matching,
    Number,
    RowId,
    StrictSerializer,
    Text,
    Whole,
    masked_bank,
    masked_id,
    masked_phone,
)
from villages.api.serializers import Labels, PlaceCode

LAST_YEAR = 2100
FIGURE = r"^[a-z][a-z0-9_]{0,30}\.[A-Za-z0-9_.-]{1,30}$"
STANDING = (
    "household_type",
    "exit_status",
    "exit_year",
    "return_year",
    "monitor_type",
    "risk_identified_on",
    "risk_cleared",
    "risk_cleared_on",
    "candidate",
    "removed_on",
    "removed_reason",
)


class Year(Whole):
    """A year of the survey that has begun."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=FIRST_YEAR, max_value=LAST_YEAR, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        year = super().to_internal_value(data)
        if FIRST_YEAR <= year <= LAST_YEAR and year not in years_offered():
            raise serializers.ValidationError(f"{year} 年度的调查还没有开始。")
        return year


class YearSchema(OpenApiSerializerFieldExtension):
    target_class = Year

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"type": "integer", "minimum": FIRST_YEAR, "maximum": years_offered()[0]}


def version() -> Whole:
    return Whole(min_value=1, max_value=2**31 - 1, help_text="读到的版本号；别人已改过时答 409")


def confirmed() -> serializers.ListField:
    return serializers.ListField(
        child=Text(max_length=120), required=False, max_length=100, help_text="已核对的提示的 key"
    )


def late_reason() -> serializers.Field:
    return Text(max_length=200, required=False, allow_blank=True, help_text="年度已封存时必填：封存后登记的理由")


def asked() -> dict[str, serializers.Field]:
    """What may come beside the facts of a member."""
    return {"confirmed": confirmed(), "reason": late_reason()}


def figure_list() -> serializers.ListField:
    return serializers.ListField(
        child=Matching(FIGURE, "应为统计项，如 health.major。"),
        required=False,
        max_length=10,
        help_text="统计项，须同时符合",
    )


class Summary(serializers.ModelSerializer):
    """The verdict of a year in short."""

    verdict = serializers.ChoiceField(Verdict.choices)
    failed = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Assessment
        fields = ("year", "verdict", "failed", "missing", "per_head", "borderline", "eligible")
        read_only_fields = fields


class HouseholdSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    phone = masked_phone()
    bank_account = masked_bank()
    other_causes = serializers.ListField(child=serializers.CharField())
    head_name = serializers.CharField(help_text="现户主姓名")
    persons = serializers.IntegerField(help_text="现有人数")
    assessment = Summary(allow_null=True)
    labels = Labels()

    class Meta:
        model = Household
        fields = ("id", "version", "village", "household_no", "head_name", "persons", *HOUSEHOLD_FACTS, *STANDING,
                  "assessment", "labels", "updated_at")  # fmt: skip
        read_only_fields = fields


class Head(Facts):
    """The head of a new household; the relation is set."""

    class Meta:
        model = Member
        fields = tuple(name for name in MEMBER_FACTS if name != "relation")
        needed = ("name",)


WRITES_STANDING = "身份只能经批复名单、部门名单或更正令变更，不能直接写入。请去掉这些项后重新提交。"


class HouseholdFacts(Facts):
    """Facts of a household; what it is (its standing) is not among them, whoever sends it (contract.md section 6)."""

    def to_internal_value(self, data: Any) -> Any:
        written = sorted(set(data) & set(PROJECTED)) if isinstance(data, dict) else []
        if written:
            faults = {name: [WRITES_STANDING] for name in written}
            raise Refused(Reply(422, "standing", WRITES_STANDING, faults))
        return super().to_internal_value(data)


class NewHousehold(HouseholdFacts):
    village = PlaceCode(help_text="12 位村代码")
    household_no = Number(max_length=24, required=False, allow_blank=True, help_text="国家系统的户编号；没有时不填")
    head = Head()
    confirmed = confirmed()

    class Meta:
        model = Household
        fields = ("village", "household_no", *HOUSEHOLD_FACTS, "head", "confirmed")


class HouseholdEdit(HouseholdFacts):
    version = version()
    confirmed = confirmed()

    class Meta:
        model = Household
        fields = ("version", *HOUSEHOLD_FACTS, "confirmed")


class HouseholdsFound(serializers.Serializer):
    count = serializers.IntegerField()
    capped = serializers.BooleanField()
    results = HouseholdSerializer(many=True)


class Unmasking(StrictSerializer):
    what = serializers.ChoiceField(["id_no", "phone", "bank_account"])
    reason = Text(max_length=200, help_text="至少 4 个字，记入查看日志")


class Unmasked(serializers.Serializer):
    household = serializers.CharField(allow_blank=True)
    members = serializers.DictField(child=serializers.CharField(allow_blank=True), help_text="成员 id：号码")


class Relation(StrictSerializer):
    member = RowId()
    relation = Text(max_length=4, help_text="与户主关系代码")


class Dated(StrictSerializer):
    on = Day()
    reason = Text(max_length=200, allow_blank=True)


class NewHead(StrictSerializer):
    new_head = RowId()
    relations = Relation(many=True, help_text="其他成员与新户主的关系")
    on = Day(required=False)
    reason = Text(max_length=200, required=False, allow_blank=True)


class Splitting(Dated):
    member_ids = serializers.ListField(child=RowId(), min_length=1, max_length=50)
    new_head = RowId()
    relations = Relation(many=True)


class Merging(Dated):
    target = RowId(help_text="并入的户")
    relations = Relation(many=True)


class Moving(Dated):
    village = PlaceCode(help_text="迁入的村")


class Voiding(StrictSerializer):
    reason = Text(max_length=200)


class NaturalEnd(StrictSerializer):
    on = Day()
    reason = Text(max_length=200, required=False, allow_blank=True)


class SamePerson(StrictSerializer):
    double = RowId(help_text="重复登记的那一行，合并后不再存在")
    reason = Text(max_length=200)


class YearFacts(serializers.ModelSerializer):
    class Meta:
        model = MemberYear
        fields = ("year", *YEAR_FACTS)
        read_only_fields = fields


PAPERS = ("id_no", "disability_cert")


def joined_by_birth(member: Any) -> bool:
    return bool(member.joined_reason == BORN)


class MemberSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    id_no = masked_id()
    disability_cert = masked_id()
    birth_date = BirthDate("birth_date", PAPERS)
    joined_on = BirthDate("joined_on", PAPERS, is_birth=joined_by_birth)
    phone = masked_phone()
    year_facts = YearFacts(allow_null=True, source="shown_year", help_text="所问年度的，否则最近年度的")
    labels = Labels()

    class Meta:
        model = Member
        fields = ("id", "version", "household", "village", "person_no", *MEMBER_FACTS, "id_valid", "school_status",
                  "health", "healths", "labour", "joined_on", "joined_reason", "left_on", "left_reason", "year_facts",
                  "labels", "updated_at")  # fmt: skip
        read_only_fields = fields


class PeopleChosen(StrictSerializer):
    place = PlaceCode(required=False)
    year = Year(required=False, help_text="统计年度；不给时为范围内最近有记录的年度")
    figures = figure_list()


class PeopleSought(PeopleChosen):
    """Whom to look for. What is typed stands in the body, never in an address that is logged."""

    text = Text(max_length=60, help_text="姓名、拼音、完整的证件号或电话、户编号的开头")


class PeopleFound(serializers.Serializer):
    capped = serializers.BooleanField(help_text="还有更多，请缩小范围")
    results = MemberSerializer(many=True)


def typed_member(name: str, first: dict[str, Any], needed: tuple[str, ...] = ()) -> type[Facts]:
    """The body for a member: current facts, and those of the year beside them."""

    class Typed(Facts):
        class Meta:
            model = Member
            fields = MEMBER_FACTS

        def get_fields(self) -> dict[str, Any]:
            of_year = year_facts_fields()
            own = super().get_fields()
            for each in needed:
                own[each].required = True
            return {
                **{key: make() for key, make in first.items()},
                **own,
                **of_year,
                "confirmed": confirmed(),
                "reason": late_reason(),
            }

    Typed.__name__ = Typed.__qualname__ = name
    return Typed


class _OfYear(Facts):
    class Meta:
        model = MemberYear
        fields = YEAR_FACTS


def year_facts_fields() -> dict[str, Any]:
    return dict(_OfYear().get_fields())


def a_year() -> Year:
    return Year(required=False, help_text="年度事实写入哪一年；不给时为该户最近的年度")


class Coming(StrictSerializer):
    kind = serializers.ChoiceField(COMING, help_text="05 嫁入 06 新生儿 07 其他转入")
    on = Day(required=False, help_text="加入的日期；新生儿为出生日期，不填")
    reason = Text(max_length=200, required=False, allow_blank=True)


NewMember = typed_member(
    "NewMember",
    {"household": RowId, "year": a_year, "coming": lambda: Coming(required=False, help_text="中途加入时填")},
    needed=("name", "relation"),
)
MemberEdit = typed_member("MemberEdit", {"version": version, "year": a_year})


class Leaving(StrictSerializer):
    kind = serializers.ChoiceField(LEAVING, help_text="01 死亡 02 嫁出 03 出国定居 04 判刑收监 08 其他转出")
    on = Day()
    reason = Text(max_length=200, required=False, allow_blank=True)
    new_head = RowId(required=False, help_text="户主离开时的新户主")
    relations = Relation(many=True, required=False)


class AnnualSerializer(serializers.ModelSerializer):
    village = serializers.CharField(source="village_id")
    labels = Labels()

    class Meta:
        model = AnnualRecord
        fields = ("id", "version", "household", "village", "year", *ANNUAL_FACTS, "labels", "updated_at")
        read_only_fields = fields


class NewRecord(Facts):
    household = RowId()
    year = Year()
    confirmed = confirmed()
    reason = late_reason()

    class Meta:
        model = AnnualRecord
        fields = ("household", "year", *ANNUAL_FACTS, "confirmed", "reason")


class RecordEdit(Facts):
    version = version()
    confirmed = confirmed()
    reason = late_reason()

    class Meta:
        model = AnnualRecord
        fields = ("version", *ANNUAL_FACTS, "confirmed", "reason")


class Copying(StrictSerializer):
    household = RowId()
    year = Year(help_text="沿用上一年度的记录开始填写的年度")


def relations_of(given: list[dict[str, Any]]) -> dict[int, str]:
    """Member id to relation, as the verbs take it."""
    return {each["member"]: each["relation"] for each in given}
