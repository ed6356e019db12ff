"""Projects (项目库): what a village asks for, on its way to acceptance, and what is posted of it (policy.md 9)."""

import secrets

from django.db import models
from django.db.models import F, Q

from assistance.models.ledger_sql import in_balance
from povreg.kit.fields import YuanField
from povreg.kit.history import Versioned, append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


def new_token() -> str:
    """A public address nobody guesses: 128 bits."""
    return secrets.token_urlsafe(16).replace("-", "A").replace("_", "B")


def yuan(label: str, **more: object) -> YuanField:
    """An amount that is always there, 0 where nothing."""
    return YuanField(label, **{"max_digits": 14, "null": False, "blank": False, **more})


@tracked(exclude=("updated_at", "allocated", "paid"))
class Project(Versioned):
    """One project. ``place`` is the village, or the township or county of one that reaches over several.

    ``allocated`` and ``paid`` are kept by the database (ledger_sql). ``quantity`` is in the unit of the category (km of
    road), so that unit costs compare. ``forbidden`` names which of the nine forbidden uses a review found it to be;
    ``allowed_because`` answers a doubt that its words raised.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "村级申报"
        REVIEWED = "reviewed", "乡镇已审核"
        APPROVED = "approved", "县已审定"
        LISTED = "listed", "已入库"
        PLANNED = "planned", "列入年度计划"
        STARTED = "started", "实施中"
        FINISHED = "finished", "已完工"
        ACCEPTED = "accepted", "已验收"
        RETURNED = "returned", "已退回"
        STOPPED = "stopped", "已终止"

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="实施地点")
    year = models.PositiveSmallIntegerField("计划年度")
    name = models.CharField("项目名称", max_length=80)
    category = models.CharField("类别", max_length=20, db_collation="C")
    content = models.TextField("建设内容", max_length=1000)
    site = models.CharField("建设地点", max_length=80, blank=True)
    quantity = models.DecimalField("规模", max_digits=12, decimal_places=2, null=True, blank=True)
    budget = yuan("投资估算")
    supervisor = models.CharField("责任单位", max_length=80)
    contractor = models.CharField("承建单位", max_length=80, blank=True)
    link_form = models.CharField("联农带农方式", max_length=200, blank=True)
    households_meant = models.PositiveIntegerField("受益户数", default=0)
    people_meant = models.PositiveIntegerField("受益人数", default=0)
    starts_on = models.DateField("计划开工", null=True, blank=True)
    ends_on = models.DateField("计划完工", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    since = models.DateField("状态起始日")
    forbidden = models.CharField("禁止用途", max_length=20, blank=True, db_collation="C")
    allowed_because = models.CharField("不属于禁止用途的说明", max_length=200, blank=True)
    proposed_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="申报人")
    reviewed_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    allocated = yuan("已安排资金", default=0, db_default=0, editable=False)
    paid = yuan("已拨付资金", default=0, db_default=0, editable=False)

    scope = Scope(place="place_id", right=Right.FUND_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目"
        ordering = ["-year", "place_id", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(budget__gt=0), name="project_budget"),
            models.CheckConstraint(
                condition=Q(allocated__gte=0, allocated__lte=F("budget")), name="project_within_budget"
            ),
            models.CheckConstraint(condition=Q(paid__gte=0, paid__lte=F("allocated")), name="project_paid_within"),
            models.CheckConstraint(
                condition=Q(forbidden="") | Q(state__in=("returned", "stopped")), name="forbidden_project_goes_nowhere"
            ),
        ]
        triggers = [
            in_balance(
                "allocated", "SELECT COALESCE(sum(amount), 0) FROM assistance_allocation WHERE project_id = NEW.id"
            ),
            in_balance(
                "paid", "SELECT COALESCE(sum(amount), 0) FROM assistance_disbursement WHERE project_id = NEW.id"
            ),
        ]
        indexes = [models.Index(fields=["place", "year", "state"], name="project_place_idx")]

    def __str__(self) -> str:
        return self.name


class ProjectStep(models.Model):
    """One step of a project's way: from which state to which, by whom, on what paper. Rows are only ever added."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="steps", verbose_name="项目")
    step = models.CharField("步骤", max_length=12, db_collation="C")
    state = models.CharField("之后的状态", max_length=10, choices=Project.State.choices)
    on = models.DateField("日期")
    document = models.CharField("文件号", max_length=80, blank=True)
    note = models.CharField("意见", max_length=300, blank=True)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="project__place_id", right=Right.FUND_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目办理"
        ordering = ["project_id", "id"]
        triggers = append_only()


@tracked()
class ProjectNotice(models.Model):
    """What is posted of a project: before it enters the library, after it was accepted. ``content`` is what the
    public page says, ``digest`` its SHA-256; the day of posting does not count, ``ends_on`` is the last day of
    objection."""

    class Stage(models.TextChoices):
        BEFORE = "before", "事前公示"
        AFTER = "after", "事后公告"

    project = models.ForeignKey(Project, models.PROTECT, related_name="notices", verbose_name="项目")
    stage = models.CharField("阶段", max_length=8, choices=Stage.choices)
    board = models.CharField("张贴地点", max_length=80)
    posted_on = models.DateField("张贴日期")
    days = models.PositiveSmallIntegerField("天数")
    ends_on = models.DateField("截止日期")
    closed_on = models.DateField("结束日期", null=True, blank=True)
    objections = models.CharField("异议及处理", max_length=300, blank=True)
    content = models.JSONField("内容")
    digest = models.CharField("摘要", max_length=64)
    token = models.CharField(
        "公开编号", max_length=32, unique=True, default=new_token, editable=False, db_collation="C"
    )
    posted_by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="张贴人")

    scope = Scope(place="project__place_id", right=Right.FUND_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目公示公告"
        ordering = ["project_id", "-posted_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "stage"], condition=Q(closed_on__isnull=True), name="one_open_project_notice"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("ends_on")), name="project_notice_full_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}"


@tracked()
class ProjectBeneficiary(models.Model):
    """A household that a project is meant for: what it gets beside payments (work, dividend, water)."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="beneficiaries", verbose_name="项目")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    gain = models.CharField("受益方式", max_length=80, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目受益户"
        constraints = [models.UniqueConstraint(fields=["project", "household"], name="beneficiary_once")]
