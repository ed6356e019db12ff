"""Objections (异议) of anybody to a posted list."""

import secrets
import uuid
from pathlib import PurePath

from django.db import models
from django.db.models import Q

from households.models.notice import Notice
from households.models.procedure import Batch, BatchEntry
from povreg.kit.fields import LookupHashField, SealedTextField
from povreg.kit.history import append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is mistaken for another


def new_tracking_no() -> str:
    """Sixteen letters and digits in fours (78 bits): easy to copy, not to be guessed."""
    letters = [secrets.choice(_LETTERS) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


class ObjectionQuerySet(ScopedQuerySet):
    def open(self) -> "ObjectionQuerySet":
        """Those that still hold up the list: not answered."""
        return self.exclude(state=Objection.State.ANSWERED)


@tracked(exclude=("updated_at",))
class Objection(models.Model):
    """One objection: to one entry, to the whole list, or that somebody was left out (``about``). What the person wrote,
    name and phone are sealed. An objection is open until it is answered.

    ``batch`` is the list that it holds up now: that of its notice, after that one was stopped the next of the kind in
    the village, null while there is none yet. ``missed`` says who was left out, ``household`` which household that is.
    ``against_village``: it speaks of the village's own people, who then neither look into it nor read it.
    """

    class Channel(models.TextChoices):
        WEB = "web", "网上"
        PHONE = "phone", "电话"
        IN_PERSON = "in_person", "当面"
        LETTER = "letter", "来信"

    class About(models.TextChoices):
        LINE = "line", "名单中的一户"
        LIST = "list", "整份名单"
        MISSED = "missed", "漏评（应列未列）"

    class State(models.TextChoices):
        RECEIVED = "received", "待分办"
        ASSIGNED = "assigned", "待核查"
        INVESTIGATED = "investigated", "待决定"
        DECIDED = "decided", "待答复"
        ANSWERED = "answered", "已答复"

    class Decision(models.TextChoices):
        UPHELD = "upheld", "成立"
        REJECTED = "rejected", "不成立"

    class Effect(models.TextChoices):
        NONE = "", "名单不变"
        OUT = "out", "取消该户"
        BACK = "back", "退回该户"
        ADD = "add", "补报该户"

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections", verbose_name="公示")
    line = models.ForeignKey(
        "households.NoticeEntry",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="objections",
        verbose_name="公示条目",
    )
    entry = models.ForeignKey(
        BatchEntry, models.PROTECT, null=True, blank=True, related_name="objections", verbose_name="名单条目"
    )
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="objections", verbose_name="现在所在名单"
    )
    about = models.CharField("对象", max_length=8, choices=About.choices, default=About.LIST)
    missed = SealedTextField("漏评的户", blank=True)
    household = models.ForeignKey(
        "households.Household", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="涉及的户"
    )
    is_confidential = models.BooleanField("要求保密", default=False)
    against_village = models.BooleanField("反映村干部的问题", default=False)
    is_late = models.BooleanField("公示期后提出", default=False)
    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="村")
    tracking_no = models.CharField(
        "查询号", max_length=19, unique=True, default=new_tracking_no, editable=False, db_collation="C"
    )
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    name = SealedTextField("姓名", blank=True)
    phone = SealedTextField("联系电话", blank=True)
    phone_hash = LookupHashField(of="phone")
    text = SealedTextField("异议内容")
    received_on = models.DateField("收到日期")
    received_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受理人"
    )
    due_on = models.DateField("办理期限")
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.RECEIVED)
    assigned_to = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核查人"
    )
    assigned_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="分办人"
    )
    investigation = models.TextField("核查情况", blank=True)
    investigated_on = models.DateField("核查日期", null=True, blank=True)
    investigated_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核查登记人"
    )
    decision = models.CharField("决定", max_length=10, choices=Decision.choices, blank=True)
    effect = models.CharField("处理", max_length=6, choices=Effect.choices, blank=True)
    decision_reason = models.CharField("决定理由", max_length=300, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定人"
    )
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answered_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("received", "assigned", "investigated"), decision="")
                | Q(state__in=("decided", "answered")) & ~Q(decision="") & ~Q(decision_reason=""),
                name="objection_decided_with_reason",
            ),
            models.CheckConstraint(condition=~Q(state="answered") | ~Q(answer=""), name="objection_answered_in_words"),
            models.CheckConstraint(condition=~Q(about="line") | Q(line__isnull=False), name="objection_to_a_line"),
        ]
        indexes = [models.Index(fields=["place", "state", "due_on"], name="objection_due_idx")]


@tracked()
class ObjectionNews(models.Model):
    """What the person who objected is told on the way, on the page of the tracking number: names nobody."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="news", verbose_name="异议")
    on = models.DateField("日期")
    text = models.CharField("告知内容", max_length=200)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("时间", auto_now_add=True)

    scope = Scope(place="objection__place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "异议告知"
        ordering = ["objection_id", "id"]
        triggers = append_only()


def photo_path(instance: "ObjectionPhoto", filename: str) -> str:
    """A stored name that says nothing about who objected."""
    return f"objections/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"


@tracked()
class ObjectionPhoto(models.Model):
    """A photo or scan that came with an objection. Read by those who may read what was written."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="photos", verbose_name="异议")
    file = models.FileField("文件", upload_to=photo_path)
    content_type = models.CharField("格式", max_length=60)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("摘要", max_length=64)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间", auto_now_add=True)

    scope = Scope(place="objection__place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "异议照片"
        ordering = ["objection_id", "id"]
        triggers = append_only()
