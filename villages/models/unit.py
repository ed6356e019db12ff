"""Departments, support units and cadres (dictionary.md 5.2)."""

from django.db import models
from django.db.models import Q

from povreg.kit.fields import CodeField, LookupHashField, SealedTextField
from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class Unit(Versioned):
    """A department or a unit that supports villages (部门、帮扶单位)."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", "行业部门"
        SUPPORT = "support", "帮扶单位"

    name = models.CharField("单位名称", max_length=80)
    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    level = CodeField("隶属关系", code_table="unit_level")
    place = models.ForeignKey("villages.Place", models.PROTECT, verbose_name="所在地", related_name="units")
    address = models.CharField("单位地址", max_length=120, blank=True)
    leader_name = models.CharField("分管领导", max_length=40, blank=True)
    phone = models.CharField("办公电话", max_length=20, blank=True)
    villages = models.ManyToManyField(
        "villages.Place",
        verbose_name="对口村",
        related_name="support_units",
        blank=True,
        through="villages.UnitVillage",
    )
    is_active = models.BooleanField("启用", default=True)

    scope = Scope(place="place_id", right=Right.UNIT_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["place_id", "name"]
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="unit_once")]

    def __str__(self) -> str:
        return self.name


@tracked()
class UnitVillage(models.Model):
    """A village that a unit supports."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name="单位")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="对口村")

    scope = Scope(place="village_id", right=Right.UNIT_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "对口村"
        constraints = [models.UniqueConstraint(fields=["unit", "village"], name="unit_village_once")]


@tracked()
class Cadre(Versioned):
    """A cadre in the national cadre fields: helper, team member or first secretary; may have a user account."""

    user = models.OneToOneField("villages.User", models.SET_NULL, null=True, blank=True, related_name="cadre")
    name = models.CharField("姓名", max_length=40)
    sex = CodeField("性别", code_table="sex")
    id_no = SealedTextField("证件号码", blank=True)
    id_hash = LookupHashField(db_index=True, of="id_no")
    birth_date = models.DateField("出生日期", null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="单位", related_name="cadres")
    place = models.ForeignKey("villages.Place", models.PROTECT, verbose_name="工作地", related_name="cadres")
    post = models.CharField("职务", max_length=60, blank=True)
    rank = models.CharField("职务级别", max_length=40, blank=True)
    political = CodeField("政治面貌", code_table="political")
    education = CodeField("学历", code_table="education")
    skill = models.CharField("技术特长", max_length=60, blank=True)
    phone = SealedTextField("联系电话", blank=True)
    phone_hash = LookupHashField(of="phone")
    is_first_secretary = models.BooleanField("第一书记", default=False)
    is_team_leader = models.BooleanField("工作队长", default=False)
    is_team_member = models.BooleanField("驻村队员", default=False)
    stationed_from = models.DateField("驻村开始", null=True, blank=True)
    stationed_to = models.DateField("驻村结束", null=True, blank=True)

    scope = Scope(place="place_id", right=Right.UNIT_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "干部"
        ordering = ["place_id", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stationed_to__isnull=True) | Q(stationed_to__gte=models.F("stationed_from")),
                name="cadre_station_order",
            ),
            models.UniqueConstraint(fields=["id_hash"], condition=~Q(id_hash=""), name="cadre_id_once"),
        ]

    def __str__(self) -> str:
        return self.name
