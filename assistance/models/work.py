"""Work away from the farm (务工): spells, what people wish, posts on offer (policy-2026.md 9)."""

from django.db import models
from django.db.models import F, Q

from povreg.kit.fields import CodeField, YuanField
from povreg.kit.history import tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


class Sector(models.TextChoices):
    BUILDING = "building", "建筑"
    FACTORY = "factory", "制造"
    SERVICE = "service", "餐饮家政等服务"
    TRANSPORT = "transport", "运输物流"
    FARM = "farm", "农林牧渔"
    PUBLIC = "public", "公益性岗位"
    OTHER = "other", "其他"


class Channel(models.TextChoices):
    OWN = "own", "自己找的"
    KIN = "kin", "亲友介绍"
    OFFICE = "office", "部门组织"
    PAIRED = "paired", "东西部协作输出"
    WORKSHOP = "workshop", "帮扶车间"


@tracked()
class WorkSpell(models.Model):
    """A time at one employer. ``wage`` is yuan a month; ``seen_month`` the last month it was confirmed (its first day);
    ``ended_why`` says why it ended: a lost job or a return home raises a lead."""

    class Ended(models.TextChoices):
        LOST = "lost", "失去工作"
        RETURNED = "returned", "返乡"
        CHANGED = "changed", "换了工作"
        GONE = "gone", "离开本户"
        OTHER = "other", "其他"

    member = models.ForeignKey("households.Member", models.PROTECT, related_name="work_spells", verbose_name="务工人")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    since = models.DateField("开始务工")
    until = models.DateField("结束务工", null=True, blank=True)
    where = CodeField("务工地点", code_table="work_place")
    place_name = models.CharField("具体地点", max_length=60, blank=True)
    employer = models.CharField("单位（雇主）", max_length=80, blank=True)
    sector = models.CharField("行业", max_length=10, choices=Sector.choices, blank=True)
    wage = YuanField("月工资（元）")
    channel = models.CharField("就业渠道", max_length=10, choices=Channel.choices, blank=True)
    has_contract = models.BooleanField("签订劳动合同", null=True, blank=True)
    point_to_point = models.BooleanField("点对点输送", null=True, blank=True)
    seen_month = models.DateField("最近确认月份", null=True, blank=True)
    ended_why = models.CharField("结束原因", max_length=10, choices=Ended.choices, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "务工"
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="work_order"),
            models.CheckConstraint(condition=Q(until__isnull=True) | ~Q(ended_why=""), name="work_ended_why"),
            models.CheckConstraint(
                condition=Q(wage__isnull=True) | Q(wage__gte=100, wage__lte=30000), name="work_wage"
            ),
            models.UniqueConstraint(fields=["member"], condition=Q(until__isnull=True), name="one_open_job"),
        ]
        indexes = [models.Index(fields=["village", "until"], name="work_village_idx")]


@tracked()
class WorkWish(models.Model):
    """What a person said about work: whether he wants any, which, where, what he can do (就业意愿 of document 002)."""

    member = models.OneToOneField("households.Member", models.PROTECT, related_name="work_wish", verbose_name="人")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    wants = models.BooleanField("愿意务工")
    sector = models.CharField("意向行业", max_length=10, choices=Sector.choices, blank=True)
    near = models.BooleanField("只在县内", default=False)
    wage = YuanField("期望月工资（元）")
    skill = models.CharField("技能", max_length=60, blank=True)
    asked_on = models.DateField("调查日期")

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "就业意愿"


@tracked()
class WorkPost(models.Model):
    """Posts on offer: by whom, how many, what for, until when."""

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="发布范围")
    employer = models.CharField("单位", max_length=80)
    title = models.CharField("岗位", max_length=60)
    sector = models.CharField("行业", max_length=10, choices=Sector.choices)
    near = models.BooleanField("县内岗位", default=True)
    wage = YuanField("月工资（元）", null=False, blank=False)
    count = models.PositiveSmallIntegerField("人数")
    until = models.DateField("招聘截止")
    contact = models.CharField("联系方式", max_length=60, blank=True)

    scope = Scope(place="place_id", right=Right.LEAD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        ordering = ["until", "-wage", "id"]
        constraints = [models.CheckConstraint(condition=Q(count__gte=1), name="work_post_count")]
