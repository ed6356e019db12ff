"""What the register knows of a village beyond its name (dictionary.md 5.1)."""

from django.db import models

from povreg.kit.fields import CodeField, YuanField
from povreg.kit.history import Versioned, tracked


@tracked()
class VillageProfile(Versioned):
    """Poor or not, when it left the list, and the figures its poverty rate needs. One row a village."""

    village = models.OneToOneField("villages.Place", models.PROTECT, primary_key=True, related_name="profile")
    is_poor = models.BooleanField("贫困村", default=False)
    in_mountain_cluster = models.BooleanField("集中连片山区", default=False)
    village_attr = CodeField("村类型", code_table="village_attr")
    delisted_year = models.PositiveSmallIntegerField("出列年度", null=True, blank=True)
    households = models.PositiveIntegerField("总户数", null=True, blank=True)
    population = models.PositiveIntegerField("总人口", null=True, blank=True)
    collective_income = YuanField("村集体经济收入（元）")

    class Meta:
        verbose_name = verbose_name_plural = "村基本情况"
