"""What anybody says against a posted project (项目公示异议; policy.md 9.3, 9.4)."""

from django.db import models
from django.db.models import Q

from assistance.models.projects import ProjectNotice
from households.models.objection import new_tracking_no
from povreg.kit.fields import SealedTextField
from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class ProjectObjection(models.Model):
    """One objection to a posted project. What the person wrote, name and phone are sealed; whoever sent it follows it
    by its number. It holds the notice up until it is answered."""

    notice = models.ForeignKey(ProjectNotice, models.PROTECT, related_name="raised", verbose_name="公示")
    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="实施地点")
    tracking_no = models.CharField(
        "查询号", max_length=19, unique=True, default=new_tracking_no, editable=False, db_collation="C"
    )
    name = SealedTextField("姓名", blank=True)
    phone = SealedTextField("联系电话", blank=True)
    text = SealedTextField("异议内容")
    received_on = models.DateField("收到日期")
    due_on = models.DateField("答复期限")
    upheld = models.BooleanField("成立", null=True)
    answer = models.CharField("答复", max_length=300, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answered_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )

    scope = Scope(place="place_id", right=Right.FUND_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目公示异议"
        ordering = ["-received_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, upheld__isnull=True, answer="")
                | Q(answered_on__isnull=False, upheld__isnull=False) & ~Q(answer=""),
                name="project_objection_answered_whole",
            )
        ]

    def __str__(self) -> str:
        return self.tracking_no
