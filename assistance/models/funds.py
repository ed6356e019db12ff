"""Money: received from a source, allocated to a project, paid out to a unit or a household (policy.md 9.1).

Overdrawing and paying twice are refused by the database (ledger_sql), whatever tool writes. Amounts are yuan to the
cent.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from assistance.models.ledger_sql import added, changed, in_balance, kept_for_good, payments
from assistance.models.projects import Project, yuan
from povreg.kit.history import Versioned, append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

MOVES = ("village", "is_reversed")
TOTALS = (("allocated", "assistance_fundsource", "source_id"), ("allocated", "assistance_project", "project_id"))


@tracked(exclude=("updated_at", "allocated"))
class FundSource(Versioned):
    """Money that came to a county: whose it is, by which document, how much of it must go into industry."""

    class Kind(models.TextChoices):
        CENTRAL = "central", "中央"
        PROVINCE = "province", "省级"
        CITY = "city", "市级"
        COUNTY = "county", "县级"
        TRADE = "trade", "行业资金"
        SOCIAL = "social", "社会帮扶"
        PAIRED = "paired", "东西部协作"

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("来源", max_length=10, choices=Kind.choices)
    fund = models.CharField("资金名称", max_length=20, db_collation="C")
    document = models.CharField("文件号", max_length=80)
    amount = yuan("金额")
    received_on = models.DateField("到账日期")
    industry_share = models.DecimalField("产业最低占比（%）", max_digits=4, decimal_places=1, null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    allocated = yuan("已安排", default=0, db_default=0, editable=False)

    scope = Scope(place="place_id", right=Right.FUND_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金来源"
        ordering = ["-year", "place_id", "kind", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="source_amount"),
            models.CheckConstraint(
                condition=Q(allocated__gte=0, allocated__lte=F("amount")), name="source_not_overdrawn"
            ),
            models.UniqueConstraint(fields=["place", "year", "kind", "fund", "document"], name="source_once"),
        ]
        triggers = [
            in_balance(
                "allocated", "SELECT COALESCE(sum(amount), 0) FROM assistance_allocation WHERE source_id = NEW.id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_kind_display()} {self.document}"

    @property
    def left(self) -> object:
        """What is not allocated yet."""
        return self.amount - self.allocated


@tracked(exclude=("paid",))
class Allocation(models.Model):
    """Part of a source given to a project (下达). What was paid out of it can no longer be taken back."""

    source = models.ForeignKey(FundSource, models.PROTECT, related_name="allocations", verbose_name="资金来源")
    project = models.ForeignKey(Project, models.PROTECT, related_name="allocations", verbose_name="项目")
    amount = yuan("安排金额")
    paid = yuan("已拨付", default=0, db_default=0, editable=False)
    document = models.CharField("下达文号", max_length=80)
    on = models.DateField("下达日期")
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")

    scope = Scope(place="project__place_id", right=Right.FUND_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金安排"
        ordering = ["project_id", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(paid__gte=0, paid__lte=F("amount")), name="allocation_not_overdrawn"),
            models.UniqueConstraint(fields=["source", "project", "document"], name="allocation_once"),
        ]
        triggers = [
            added("allocated", *TOTALS),
            changed("allocated", *TOTALS),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            kept_for_good("source", "project"),
            in_balance(
                "paid", "SELECT COALESCE(sum(amount), 0) FROM assistance_disbursement WHERE allocation_id = NEW.id"
            ),
        ]

    def __str__(self) -> str:
        return self.document

    @property
    def left(self) -> object:
        """What is not paid yet."""
        return self.amount - self.paid


class Disbursement(models.Model):
    """One payment out of an allocation, to a unit or to a household. Rows are only ever added: a payment that came back
    is a row of its own with the negative amount (``reverses``).

    ``item`` says what for, with the period where it is paid again (2026年第一季度交通补助): a household gets an item of
    a project once. ``village`` is the household's, or the place of the project.
    """

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="payments", verbose_name="资金安排")
    project = models.ForeignKey(Project, models.PROTECT, related_name="payments", verbose_name="项目")
    household = models.ForeignKey(
        "households.Household", models.PROTECT, null=True, blank=True, related_name="payments", verbose_name="户"
    )
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="所在地")
    payee = models.CharField("收款单位", max_length=80, blank=True)
    item = models.CharField("事项", max_length=60)
    amount = yuan("金额")
    paid_on = models.DateField("拨付日期")
    voucher = models.CharField("凭证号", max_length=60)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name="冲正的拨付"
    )
    is_reversed = models.BooleanField("已冲正", default=False, db_default=False, editable=False)
    reason = models.CharField("冲正原因", max_length=200, blank=True)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金拨付"
        ordering = ["-paid_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(household__isnull=False, payee="") | (Q(household__isnull=True) & ~Q(payee="")),
                name="payment_to_one",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, reverses__isnull=True) | Q(amount__lt=0, reverses__isnull=False),
                name="payment_or_reversal",
            ),
            models.UniqueConstraint(
                fields=["project", "household", "item"],
                condition=Q(household__isnull=False, reverses__isnull=True, is_reversed=False),
                name="household_paid_once",
            ),
            models.UniqueConstraint(
                fields=["project", "payee", "voucher"],
                condition=Q(household__isnull=True, reverses__isnull=True, is_reversed=False),
                name="voucher_paid_once",
            ),
        ]
        triggers = [*append_only(MOVES), *payments()]
        indexes = [
            models.Index(fields=["allocation"], name="payment_allocation_idx"),
            models.Index(fields=["household", "-paid_on"], name="payment_household_idx"),
            models.Index(fields=["village", "-paid_on"], name="payment_village_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.amount} 元"
