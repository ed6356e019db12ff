"""The catalogue of measures (帮扶措施目录): four levels, with what each answers and may cost."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from povreg.kit.fields import CodeField, YuanField
from povreg.kit.history import tracked


class Nature(models.TextChoices):
    """Whether a measure lets a household earn, or carries it."""

    DEVELOPING = "developing", "开发式"
    BACKSTOP = "backstop", "兜底"


class Batch(models.TextChoices):
    """The 五个一批 of the campaign (policy.md 8.5), and the further ones that counties counted beside them."""

    INDUSTRY = "industry", "发展产业"
    RELOCATION = "relocation", "易地搬迁"
    ECOLOGY = "ecology", "生态补偿"
    EDUCATION = "education", "发展教育"
    BACKSTOP = "backstop", "社会保障兜底"
    EMPLOYMENT = "employment", "转移就业"
    HOUSING = "housing", "住房和设施"
    WATER = "water", "饮水安全"
    HEALTH = "health", "健康帮扶"


class Kind(models.TextChoices):
    """Measures with rules of their own (assistance/measures/kinds)."""

    PLAIN = "", "一般"
    LOAN = "loan", "小额信贷"
    SUBSIDY = "subsidy", "贷款贴息"
    RELOCATION = "relocation", "易地搬迁"
    POST = "post", "公益性岗位"
    STUDY = "study", "教育资助"
    SHARES = "shares", "配股"
    DIBAO = "dibao", "低保"
    TEKUN = "tekun", "特困供养"
    MEDICAL = "medical", "医疗报销"
    REPAIR = "repair", "住房"
    WATER = "water", "饮水"
    SALE = "sale", "产销"
    INSURANCE = "insurance", "防贫保"


class Per(models.TextChoices):
    """What the limits of an amount are counted by; none: the whole amount."""

    HOUSEHOLD = "household", "每户"
    PERSON = "person", "每人"
    UNIT = "unit", "每单位"


def tiers_in(text: str) -> dict[str, Decimal]:
    """Yuan by class: "一般贫困户 8000；深度贫困户 16000"."""
    pairs = (part.rsplit(" ", 1) for part in text.split("；") if part)
    return {label: Decimal(yuan) for label, yuan in pairs}


@tracked()
class CatalogueItem(models.Model):
    """One entry of the catalogue as it holds from a day to another; changing it is a new row of the same code.

    ``place`` is the county whose own version it is, none: the shipped one. ``low`` and ``high`` (yuan) bound what one
    delivery may be worth, counted by ``per``; ``tiers`` names the exact amount of each class instead
    (:func:`tiers_in`). A delivered measure keeps the row it was given under.
    """

    class Level(models.IntegerChoices):
        PATH = 1, "途径"
        PLAN = 2, "计划"
        PROJECT = 3, "项目"
        MEASURE = 4, "措施"

    code = models.CharField("编码", max_length=8, db_collation="C")
    label = models.CharField("名称", max_length=40)
    level = models.PositiveSmallIntegerField("层级", choices=Level.choices)
    place = models.ForeignKey(
        "villages.Place", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用地区"
    )
    kind = models.CharField("办理类别", max_length=12, choices=Kind.choices, blank=True, default="")
    batch = models.CharField("五个一批", max_length=12, choices=Batch.choices, blank=True)
    nature = models.CharField("帮扶方式", max_length=12, choices=Nature.choices, blank=True)
    causes = ArrayField(CodeField(code_table="cause"), verbose_name="针对的致贫原因", default=list, blank=True)
    risks = ArrayField(CodeField(code_table="risk"), verbose_name="针对的风险", default=list, blank=True)
    unit = models.CharField("计量单位", max_length=10, blank=True)
    per = models.CharField("金额按", max_length=12, choices=Per.choices, blank=True)
    low = YuanField("最低（元）")
    high = YuanField("最高（元）")
    tiers = models.CharField("分档标准", max_length=200, blank=True, default="")
    department = models.CharField("主管部门", max_length=40, blank=True)
    basis = models.CharField("依据", max_length=120, blank=True)
    starts_on = models.DateField("开始执行日期")
    ends_on = models.DateField("停止执行日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "帮扶措施目录"
        ordering = ["code", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "place", "starts_on"], nulls_distinct=False, name="catalogue_item_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="catalogue_item_order"
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(high__gte=F("low")),
                name="catalogue_amount_order",
            ),
        ]

    def __str__(self) -> str:
        return self.label
