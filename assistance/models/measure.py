"""Measures that reached a household (落实的帮扶措施)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from assistance.models.ledger_sql import within_payment
from povreg.kit.fields import CodeField, YuanField
from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


class Source(models.TextChoices):
    """Where the money comes from (policy.md 9.1)."""

    CENTRAL = "central", "中央财政"
    PROVINCE = "province", "省级财政"
    CITY = "city", "市级财政"
    COUNTY = "county", "县级财政"
    TRADE = "trade", "行业资金"
    SOCIAL = "social", "社会帮扶"
    COOPERATION = "cooperation", "东西部协作"
    BANK = "bank", "金融机构"
    NONE = "none", "不涉及资金"


class LoanUse(models.TextChoices):
    """What a micro-loan may be used for: production only (policy.md 8.7)."""

    PLANTING = "planting", "种植"
    BREEDING = "breeding", "养殖"
    PROCESSING = "processing", "加工"
    TRADE = "trade", "商贸运输"
    TOURISM = "tourism", "乡村旅游"
    OTHER = "other", "其他生产经营"


class Misuse(models.TextChoices):
    """The three ways in which loans missed the household (document 003)."""

    INTEREST_ONLY = "interest", "只给利息"
    POOLED = "pooled", "垒大户"
    NOT_REACHED = "not_reached", "未到户"


class MeasureQuerySet(ScopedQuerySet):
    def standing(self) -> "MeasureQuerySet":
        """Those that were not taken back as wrongly noted."""
        return self.filter(withdrawn_on__isnull=True)

    def running(self) -> "MeasureQuerySet":
        """Those that go on today: with an end that has not come (a loan's, a contract's)."""
        today = timezone.localdate()
        unsettled = Q(settled_on__isnull=True) | Q(settled_on__gt=today)
        return self.standing().filter(unsettled, ends_on__gte=today)


@tracked(exclude=("updated_at",))
class Measure(Versioned):
    """One measure delivered to a household, or to one of its people.

    ``amount`` is in yuan, ``quantity`` in the unit of the catalogue's entry, ``tier`` its class where the amount goes
    by one; ``risks`` are those of the household that it answers. ``ends_on`` is the last day of what runs on (a loan,
    a contract, a school stage), also after the household has left poverty (policy.md 6.16). ``payment`` is the row of
    the ledger that paid it: to the household, or to a unit for a project the household is meant for; so it is traced
    from the source. Blank: paid by others (a bank, a department's card), or nothing was paid. ``withdrawn_on``: it was
    noted wrongly and counts no more.
    """

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="measures", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    member = models.ForeignKey(
        "households.Member", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受益人"
    )
    item = models.ForeignKey("assistance.CatalogueItem", models.PROTECT, related_name="+", verbose_name="措施")
    delivered_on = models.DateField("落实日期")
    ends_on = models.DateField("截止日期", null=True, blank=True)
    amount = YuanField("金额（元）")
    quantity = models.DecimalField("数量", max_digits=10, decimal_places=2, null=True, blank=True)
    tier = models.CharField("档次", max_length=20, blank=True, default="", db_default="")
    payer = models.CharField("拨付（实施）单位", max_length=60, blank=True)
    source = models.CharField("资金来源", max_length=12, choices=Source.choices, blank=True)
    voucher = models.CharField("凭证号", max_length=60, blank=True)
    payment = models.ForeignKey(
        "assistance.Disbursement", models.PROTECT, null=True, blank=True, related_name="measures",
        verbose_name="资金拨付",
    )  # fmt: skip
    evidence = models.ForeignKey(
        "households.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="凭据"
    )
    effect = models.CharField("成效", max_length=200, blank=True)
    risks = ArrayField(CodeField(code_table="risk"), verbose_name="针对的风险", default=list, blank=True)
    use = models.CharField("贷款用途", max_length=12, choices=LoanUse.choices, blank=True, default="")
    misuse = models.CharField("发现的问题", max_length=12, choices=Misuse.choices, blank=True, default="")
    settled_on = models.DateField("还清（离岗）日期", null=True, blank=True)
    area = models.DecimalField("安置住房面积（平方米）", max_digits=7, decimal_places=2, null=True, blank=True)
    rate = models.DecimalField("年利率（%）", max_digits=5, decimal_places=3, null=True, blank=True)
    serves = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="served_by", verbose_name="贴息的贷款"
    )
    site = models.ForeignKey(
        "assistance.ResettlementSite", models.PROTECT, null=True, blank=True, related_name="moves",
        verbose_name="安置点",
    )  # fmt: skip
    keys_on = models.DateField("交钥匙日期", null=True, blank=True)
    old_house_on = models.DateField("旧房拆除日期", null=True, blank=True)
    entered_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=120, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶措施"
        ordering = ["-delivered_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("delivered_on")), name="measure_order"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="measure_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="measure_quantity_positive"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_reason="")
                | Q(withdrawn_on__isnull=False) & ~Q(withdrawn_reason=""),
                name="measure_withdrawn_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["household", "delivered_on"], name="measure_household_idx"),
            models.Index(fields=["village", "-delivered_on"], name="measure_village_idx"),
        ]
        triggers = [within_payment()]

    def __str__(self) -> str:
        return f"帮扶措施 {self.pk}"
