"""Objections (异议) of anybody to a posted list."""

import secrets

from django.db import models
from django.db.models import Q

from households.models.notice import Notice
from households.models.procedure import BatchEntry
from povreg.kit.fields import LookupHashField, SealedTextField
from povreg.kit.history import tracked
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
    """One objection, to one entry or (``line`` null) to the whole list. What the person wrote, name and phone are
    sealed. An objection is open until it is answered."""

    class Channel(models.TextChoices):
        WEB = "web", "网上"
        PHONE = "phone", "电话"
        IN_PERSON = "in_person", "当面"

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
    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="村")
    tracking_no = models.CharField(
        "查询号", max_length=19, unique=True, default=new_tracking_no, editable=False, db_collation="C"
    )
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    name = SealedTextField("姓名", blank=True)
    phone = SealedTextField("联系电话", blank=True)
    phone_hash = LookupHashField()
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
        ]
        indexes = [models.Index(fields=["place", "state", "due_on"], name="objection_due_idx")]
