"""What the API takes for lists: shapes only. Entries are named by their id, households by theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rest_framework import serializers

from households.api.serializers import Year
from households.models import Survey
from households.models.template import Capacity, PaperKind
from households.procedures.applications import services as applications
from households.procedures.engine.procedure import shipped
from households.procedures.lists import meetings, reviews, steps
from households.procedures.lists.batches import SOURCES
from households.procedures.lists.notices import LONGEST
from povreg.kit.api.errors import refused
from povreg.kit.api.fields import Amount, Answer, Day, FormId, RowId, StrictSerializer, Text, Whole
from villages.api.serializers import PlaceCode

DRAFTED = [(str(each.kind), each.label) for each in shipped() if each.effect is not None]
SIGNERS = [(str(each), str(each.label)) for each in Capacity if each != Capacity.HEAD]
MANY = 5000  # lines of one body
CROWD = 100_000  # people at a meeting


def ids(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(child=RowId(), max_length=MANY, **kwargs)


def lines(of: type[serializers.Serializer], most: int = MANY, **kwargs: Any) -> serializers.ListField:
    return serializers.ListField(child=of(), max_length=most, **kwargs)


def optional(length: int, **kwargs: Any) -> Text:
    return Text(max_length=length, required=False, allow_blank=True, default="", **kwargs)


def by_id(rows: Sequence[dict[str, Any]], make: Callable[[dict[str, Any]], Any], name: str = "entry") -> dict[Any, Any]:
    """Lines by the row they speak of. Raises Refused (422) when two speak of the same."""
    found = {row[name]: make(row) for row in rows}
    if len(found) < len(rows):
        raise refused(name, "同一户出现了两次，请只保留一行。")
    return found


class NewBatch(StrictSerializer):
    kind = serializers.ChoiceField(DRAFTED)
    village = PlaceCode(help_text="12 位村代码")
    year = Year()
    source = serializers.ChoiceField(
        SOURCES,
        default="chosen",
        help_text="eligible 按评定结果；applications 按待处理的申请；chosen 为 households 所列",
    )
    households = ids(required=False, help_text="source 为 chosen 时列入的户 id；可以以后再列入")
    template = RowId(required=False, help_text="程序模板 id；不给时按种类默认")
    note = optional(200)


class Adding(StrictSerializer):
    households = ids(min_length=1, help_text="户 id")


class Because(StrictSerializer):
    reason = Text(max_length=200)


class TakingOut(Because):
    stay_reason = optional(4, help_text="不脱贫原因代码（脱贫退出名单）")
    note = optional(200)


class Described(StrictSerializer):
    monitor_type = optional(4, help_text="监测对象类型代码")
    risks = serializers.ListField(child=Text(max_length=4), max_length=20, required=False, help_text="风险代码")
    clear_way = optional(4, help_text="风险消除方式代码")


class Stay(StrictSerializer):
    household = RowId()
    reason = Text(max_length=4, help_text="不脱贫原因代码")
    note = optional(200)


class Staying(StrictSerializer):
    reasons = lines(Stay)


class Finding(StrictSerializer):
    entry = RowId()
    passed = Answer()
    note = optional(300, help_text="不符的须写明情况")


class Findings(StrictSerializer):
    results = lines(Finding)


def results(rows: Sequence[dict[str, Any]]) -> dict[int, steps.Result]:
    return by_id(rows, lambda row: steps.Result(row["passed"], row["note"]))


class Word(StrictSerializer):
    entry = RowId()
    agreed = Answer()
    name = optional(40, help_text="签字人；不给时为户主")
    reason = optional(200, help_text="不认可的须写明原因")


class Consents(StrictSerializer):
    on = Day(help_text="农户签字日期")
    answers = lines(Word)


def answers(given: dict[str, Any]) -> dict[int, steps.Answer]:
    on = given["on"]
    return by_id(given["answers"], lambda row: steps.Answer(row["agreed"], on, row["name"], row["reason"]))


def count(**kwargs: Any) -> Whole:
    return Whole(min_value=0, max_value=CROWD, **kwargs)


class Ballot(StrictSerializer):
    entry = RowId()
    in_favour = count()
    against = count(default=0)
    abstained = count(default=0)


class Held(StrictSerializer):
    held_on = Day()
    venue = Text(max_length=80)
    chair = Text(max_length=40)
    recorder = optional(40)
    representatives = Whole(min_value=1, max_value=CROWD, help_text="应到")
    present = count(help_text="实到")
    minutes = optional(5000)
    votes = lines(Ballot, help_text="每户一行；三项合计等于实到")


def votes(rows: Sequence[dict[str, Any]]) -> dict[int, meetings.Votes]:
    return by_id(rows, lambda row: meetings.Votes(row["in_favour"], row["against"], row["abstained"]))


class Signing(StrictSerializer):
    capacity = serializers.ChoiceField(SIGNERS)
    name = Text(max_length=40)
    signed_on = Day(required=False)


class Completing(StrictSerializer):
    on = Day(required=False, help_text="不给时为今天")
    remark = optional(500)


class Announcing(StrictSerializer):
    board = Text(max_length=80, help_text="张贴地点")
    hotline = optional(40, help_text="监督电话")


class Posting(Announcing):
    days = Whole(min_value=0, max_value=LONGEST, required=False, help_text="可以长于模板的天数，不能短于")


class Correcting(Because):
    board = optional(80, help_text="不给则不变")


class Accepting(Because):
    entries = ids(min_length=1)


class Excepted(StrictSerializer):
    entry = RowId()
    how = serializers.ChoiceField([("out", "取消"), ("back", "退回村级")])
    reason = Text(max_length=200)


class Deciding(StrictSerializer):
    outcome = serializers.ChoiceField([("passed", "通过"), ("returned", "整份退回村级")])
    on = Day(required=False)
    remark = optional(500, help_text="退回的须写明原因")
    return_to = optional(30, help_text="退回到哪一步（代码）；不给时为第一步")
    exceptions = lines(Excepted, required=False)
    sample = lines(Finding, required=False, help_text="抽查结果；不符的户须同时列入 exceptions")


def decision(given: dict[str, Any]) -> dict[str, Any]:
    """What ``review`` takes."""
    off = by_id(given.pop("exceptions", []), lambda row: reviews.Off(row["reason"], back=row["how"] == "back"))
    return {**given, "exceptions": off, "sample": results(given.pop("sample", []))}


class Approving(Completing):
    board = optional(80, help_text="公告还没有发布时的张贴地点")
    hotline = optional(40)


class SurveyorLine(StrictSerializer):
    name = Text(max_length=40)
    signed_on = Day()
    is_representative = Answer(default=False, help_text="村民代表")


class Visit(StrictSerializer):
    surveyed_on = Day()
    finding = serializers.ChoiceField(Survey.Finding.choices)
    note = optional(500)
    household_signed = Answer(default=False)
    read_back = Answer(default=False)
    surveyors = lines(SurveyorLine, 20, help_text="至少两人")


class Visits(Visit):
    entries = ids(min_length=1, help_text="同一天由同一组人调查的户")


def visit(given: dict[str, Any]) -> dict[str, Any]:
    """What ``record_survey`` takes."""
    people = [applications.SurveyorFacts(**each) for each in given["surveyors"]]
    return {**given, "surveyors": people}


class IndicatorLine(StrictSerializer):
    indicator = Text(max_length=40, help_text="指标代码")
    value = Amount(max_digits=16, decimal_places=4, help_text="是/否写 1/0")
    note = optional(200)


class Indicators(StrictSerializer):
    values = lines(IndicatorLine)


class NewPaper(StrictSerializer):
    """A scan or photo (JPEG, PNG, WebP, PDF, at most 10 MB), as multipart/form-data."""

    kind = serializers.ChoiceField(PaperKind.choices)
    file = serializers.FileField(max_length=200, allow_empty_file=True)
    entry = FormId(required=False, help_text="只属于这一户的材料")
