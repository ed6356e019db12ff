"""Ways to earn that a county recommends (增收模式): what one unit costs, brings in and leaves (document 002)."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from povreg.kit.fields import YuanField
from povreg.kit.history import Versioned, tracked


@tracked(exclude=("updated_at",))
class IncomeModel(Versioned):
    """One way to earn, by unit and cycle. ``place`` is the county whose own figures they are, none: the shipped row,
    which has a name and the catalogue's entry it goes with, and no figures where no source gives any."""

    code = models.CharField("编码", max_length=8, db_collation="C")
    place = models.ForeignKey(
        "villages.Place", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用地区"
    )
    name = models.CharField("增收模式", max_length=40)
    item_code = models.CharField("对应的措施编码", max_length=8, blank=True, db_collation="C")
    unit = models.CharField("单位", max_length=10)
    months = models.PositiveSmallIntegerField("周期（月）", null=True, blank=True)
    spent = YuanField("投入（元）")
    earned = YuanField("产出（元）")
    source = models.CharField("数据来源", max_length=120, blank=True)
    is_active = models.BooleanField("推荐", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "增收模式"
        ordering = ["code", "place_id"]
        constraints = [
            models.UniqueConstraint(fields=["code", "place"], nulls_distinct=False, name="income_model_once"),
            models.CheckConstraint(condition=Q(spent__isnull=True) | Q(spent__gte=0), name="income_model_spent"),
            models.CheckConstraint(
                condition=Q(spent__isnull=True, earned__isnull=True) | ~Q(source=""), name="income_model_source"
            ),
            models.CheckConstraint(condition=Q(earned__isnull=True) | Q(earned__gte=0), name="income_model_earned"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def profit(self) -> Decimal | None:
        """Yuan that a unit leaves in a cycle; None while one side is not known."""
        return None if self.spent is None or self.earned is None else self.earned - self.spent
