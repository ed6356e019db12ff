"""What the API says of lists: where one stands, what it still lacks, what the caller may do, and its households."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from households.models import Batch, EntryResult, Meeting, Paper, Signature, StepRecord, Vote
from households.models.assessment import Verdict
from households.models.template import Level, StepKind
from households.procedures.engine.procedure import procedure_of
from households.procedures.lists import facts, selectors
from households.procedures.lists.actions import offered
from households.procedures.lists.rows import Row
from villages.models import User
from villages.rights import Right

STEP_STATES = [("done", "已办"), ("current", "当前"), ("later", "未到"), ("off", "省略")]


def texts(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), **kwargs)


class BatchSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id")
    step = serializers.CharField(source="step.label", allow_null=True, default=None, help_text="当前步骤")
    step_code = serializers.CharField(source="step.code", allow_null=True, default=None)
    households = serializers.IntegerField(help_text="在名单上的户数")

    class Meta:
        model = Batch
        fields: tuple[str, ...] = (
            "id", "kind", "place", "year", "state", "step", "step_code", "step_since", "due_on", "round",
            "households", "note", "created_at", "started_on", "ended_on", "ended_reason",
        )  # fmt: skip
        read_only_fields = fields


class RecordShown(serializers.ModelSerializer):
    by = serializers.IntegerField(source="by_id", allow_null=True, help_text="经办人的账号 id；空为系统")

    class Meta:
        model = StepRecord
        fields = ("round", "level", "outcome", "on", "remark", "by", "at")
        read_only_fields = fields


class PaperShown(serializers.ModelSerializer):
    class Meta:
        model = Paper
        fields = ("id", "round", "kind", "entry", "content_type", "size", "sha256", "at")
        read_only_fields = fields


class SignatureShown(serializers.ModelSerializer):
    class Meta:
        model = Signature
        fields = ("round", "capacity", "name", "signed_on")
        read_only_fields = fields


class MeetingShown(serializers.ModelSerializer):
    class Meta:
        model = Meeting
        fields = ("held_on", "venue", "chair", "recorder", "representatives", "present", "quorum_met", "minutes")
        read_only_fields = fields


class StepShown(serializers.Serializer):
    """One step: what it asks for, and what was done in it."""

    code = serializers.CharField(source="step.code")
    kind = serializers.ChoiceField(StepKind.choices, source="step.kind")
    label = serializers.CharField(source="step.label")
    level = serializers.ChoiceField(Level.choices, source="step.level")
    state = serializers.ChoiceField(STEP_STATES)
    roles = texts(source="step.roles", help_text="由哪些角色办理")
    attachments = texts(source="step.attachments", help_text="必须上传的附件类别")
    signers = texts(source="step.signers", help_text="须签字的身份")
    quorum = serializers.CharField(source="step.quorum", allow_blank=True, help_text="到会比例")
    people = serializers.IntegerField(source="step.people", help_text="最少人数")
    days = serializers.IntegerField(source="step.days")
    day_rule = serializers.CharField(source="step.day_rule")
    sample_percent = serializers.DecimalField(4, 1, source="step.sample_percent")
    records = RecordShown(many=True)
    papers = PaperShown(many=True)
    signatures = SignatureShown(many=True)
    meeting = MeetingShown(allow_null=True)


class BatchDetail(BatchSerializer):
    template = serializers.CharField(source="template.code", help_text="所用程序模板")
    template_version = serializers.IntegerField(source="template.version")
    allowed = texts(help_text="此刻可办的事：batches/{id}/ 之后的地址")
    why_not = serializers.CharField(allow_blank=True, source="page.why_not", help_text="不能办当前步骤的原因")
    missing = texts(source="page.missing", help_text="办结当前步骤还缺什么")
    steps = StepShown(many=True, source="page.steps")

    class Meta(BatchSerializer.Meta):
        fields = (*BatchSerializer.Meta.fields, "template", "template_version", "allowed", "why_not", "missing",
                  "steps")  # fmt: skip
        read_only_fields = fields


def in_full(user: User, batch: Batch) -> Any:
    """A list with its page and what the person may do."""
    shown: Any = batch
    shown.page = selectors.batch_page(user, batch)
    shown.allowed = allowed(user, batch, shown.page)
    return shown


def allowed(user: User, batch: Batch, page: selectors.BatchPage) -> list[str]:
    """Names of the verbs that a person may try now, as the page offers them; each verb judges again."""
    may_draft = user.can(Right.BATCH_DRAFT, batch.place_id)
    drafts = batch.state == Batch.State.DRAFT and may_draft
    if not (page.may_act or drafts):
        return []
    altered = bool(batch.step and facts.changed(batch))
    found = [
        action.code
        for action in offered(batch, altered)
        if any(user.can(right, batch.place_id) for right in action.rights)
    ]
    first = batch.step is None or page.steps[0].state == "current"
    adding = ["add"] if may_draft and first and batch.round == 1 and not procedure_of(batch.kind).of_village else []
    return [*adding, *found, "stop"]


class VoteShown(serializers.ModelSerializer):
    class Meta:
        model = Vote
        fields = ("votes_for", "votes_against", "abstained", "passed")
        read_only_fields = fields


class ResultShown(serializers.ModelSerializer):
    class Meta:
        model = EntryResult
        fields = ("outcome", "note")
        read_only_fields = fields


class EntryShown(serializers.Serializer):
    """One household of a list, with what stands for and against it."""

    id = serializers.IntegerField(source="entry.pk")
    household = serializers.IntegerField(source="entry.household_id")
    household_no = serializers.CharField(source="entry.household.household_no")
    group_name = serializers.CharField(source="entry.household.group_name", allow_blank=True)
    head_name = serializers.CharField(allow_blank=True)
    persons = serializers.IntegerField()
    state = serializers.ChoiceField([("listed", "在名单"), ("out", "已取消"), ("back", "已退回")], source="entry.state")
    reason = serializers.CharField(source="entry.reason", allow_blank=True, help_text="取消或退回的原因")
    out_on = serializers.DateField(source="entry.out_on", allow_null=True)
    consent = serializers.BooleanField(source="entry.consent", allow_null=True, help_text="农户认可；空为还没有问")
    consent_on = serializers.DateField(source="entry.consent_on", allow_null=True)
    consent_reason = serializers.CharField(source="entry.consent_reason", allow_blank=True)
    monitor_type = serializers.CharField(source="entry.monitor_type", allow_blank=True)
    risks = texts(source="entry.risks")
    clear_way = serializers.CharField(source="entry.clear_way", allow_blank=True)
    verdict = serializers.SerializerMethodField()
    per_head = serializers.SerializerMethodField(help_text="人均纯收入，元")
    vote = VoteShown(allow_null=True)
    result = ResultShown(allow_null=True, help_text="逐户结果，以最后一次为准")
    changed = serializers.BooleanField(help_text="评议后情况有变更")
    refusals = texts(help_text="不能留在名单上的原因")
    warnings = texts()
    objections = serializers.IntegerField(help_text="未办结的异议")

    def get_verdict(self, row: Row) -> Verdict | None:
        return Verdict(row.assessment.verdict) if row.assessment else None

    def get_per_head(self, row: Row) -> str | None:
        per_head = row.assessment.per_head if row.assessment else None
        return None if per_head is None else str(per_head)


class DifferenceShown(serializers.Serializer):
    who = serializers.CharField()
    label = serializers.CharField()
    before = serializers.CharField()
    now = serializers.CharField()


class CandidateShown(serializers.Serializer):
    """A household that might be put on the list; the verb judges each again."""

    id = serializers.IntegerField()
    household_no = serializers.CharField()
    group_name = serializers.CharField(allow_blank=True)
    head_name = serializers.CharField(allow_null=True)
    persons = serializers.IntegerField()
    applied = serializers.DateField(allow_null=True, help_text="待处理的申请")


class StayerShown(serializers.Serializer):
    household = serializers.IntegerField(source="household.pk")
    household_no = serializers.CharField(source="household.household_no")
    head_name = serializers.CharField(source="household.head_name", allow_null=True)
    reason = serializers.CharField(
        source="reason.reason", default="", allow_blank=True, help_text="已登记的不脱贫原因代码"
    )
    note = serializers.CharField(source="reason.note", default="", allow_blank=True)
    suggested = serializers.CharField(allow_blank=True, help_text="由评定结果看出的原因代码")
