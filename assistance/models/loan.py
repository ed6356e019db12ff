"""Micro-loans beside the loan itself, which is a measure: the county's terms and its risk fund (policy.md 8.7, 8.8)."""

from django.db import models
from django.db.models import Q

from assistance.models.ledger_sql import added, in_balance
from assistance.models.projects import yuan
from povreg.kit.history import append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class LoanTerms(models.Model):
    """What loans of a county begun from a day on must hold to, by which document. Rates are per cent a year."""

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    starts_on = models.DateField("开始执行日期")
    most_rate = models.DecimalField("年利率上限（%）", max_digits=5, decimal_places=3, null=True, blank=True)
    subsidy_share = models.DecimalField("贴息比例（%）", max_digits=5, decimal_places=2, default=100)
    multiple = models.DecimalField("风险补偿金放大倍数上限", max_digits=5, decimal_places=1, null=True, blank=True)
    document = models.CharField("依据文件", max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = "小额信贷办法"
        ordering = ["place_id", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["place", "starts_on"], name="loan_terms_once"),
            models.CheckConstraint(condition=Q(subsidy_share__gt=0, subsidy_share__lte=100), name="loan_subsidy_share"),
        ]

    def __str__(self) -> str:
        return self.document


class RiskFund(models.Model):
    """The risk compensation fund (风险补偿金) of a county; ``balance`` is kept by the database."""

    place = models.OneToOneField("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    balance = yuan("余额", default=0, db_default=0, editable=False)

    scope = Scope(place="place_id", right=Right.FUND_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "风险补偿金"
        constraints = [models.CheckConstraint(condition=Q(balance__gte=0), name="risk_fund_not_overdrawn")]
        triggers = [
            in_balance("balance", "SELECT COALESCE(sum(amount), 0) FROM assistance_riskmove WHERE fund_id = NEW.id")
        ]

    def __str__(self) -> str:
        return f"{self.place}风险补偿金"


class RiskMove(models.Model):
    """Money into the fund, out of it for a loan that was not paid back, or won back from the borrower. Only added.

    ``amount`` is negative where money leaves the fund.
    """

    class Kind(models.TextChoices):
        PAID_IN = "in", "注入"
        COMPENSATED = "out", "代偿"
        RECOVERED = "back", "追偿收回"

    fund = models.ForeignKey(RiskFund, models.PROTECT, related_name="moves", verbose_name="风险补偿金")
    kind = models.CharField("类别", max_length=4, choices=Kind.choices)
    loan = models.ForeignKey(
        "assistance.Measure", models.PROTECT, null=True, blank=True, related_name="risk_moves", verbose_name="贷款"
    )
    amount = yuan("金额")
    on = models.DateField("日期")
    voucher = models.CharField("凭证号", max_length=60)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="fund__place_id", right=Right.FUND_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "风险补偿金收支"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="in", loan__isnull=True, amount__gt=0)
                | Q(kind="out", loan__isnull=False, amount__lt=0)
                | Q(kind="back", loan__isnull=False, amount__gt=0),
                name="risk_move_of_its_kind",
            ),
            models.UniqueConstraint(fields=["fund", "kind", "voucher"], name="risk_move_once"),
        ]
        triggers = [*append_only(), added("balance", ("balance", "assistance_riskfund", "fund_id"))]
