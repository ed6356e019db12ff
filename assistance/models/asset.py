"""Assets that projects left behind (帮扶项目资产): whose they are, who runs them, what they bring."""

from django.db import models
from django.db.models import F, Q

from assistance.models.projects import Project, yuan
from povreg.kit.fields import YuanField
from povreg.kit.history import Versioned, append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked(exclude=("updated_at",))
class Asset(Versioned):
    """One asset. ``rent`` is what the contract brings in yuan a year; ``idle_since`` is set while nobody uses it.

    What became of one that is given up: ``disposed_on`` with the way and the paper that allowed it."""

    class Kind(models.TextChoices):
        EARNING = "earning", "经营性"
        PUBLIC = "public", "公益性"
        HOUSEHOLD = "household", "到户类"

    class State(models.TextChoices):
        USED = "used", "正常使用"
        POOR = "poor", "低效"
        IDLE = "idle", "闲置"
        DISPOSED = "disposed", "已处置"

    class Disposal(models.TextChoices):
        SCRAPPED = "scrapped", "报废"
        SOLD = "sold", "转让"
        LOST = "lost", "损毁核销"
        GIVEN = "given", "划转"

    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="assets", verbose_name="形成资产的项目"
    )
    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="所在地")
    name = models.CharField("资产名称", max_length=80)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    cost = yuan("原值")
    formed_on = models.DateField("形成日期")
    owner = models.CharField("产权人", max_length=80)
    operator = models.CharField("经营（管护）人", max_length=80, blank=True)
    contract = models.CharField("合同编号", max_length=80, blank=True)
    contract_from = models.DateField("合同起", null=True, blank=True)
    contract_to = models.DateField("合同止", null=True, blank=True)
    rent = YuanField("年租金或收益（元）", max_digits=14)
    use_of_income = models.CharField("收益用途", max_length=200, blank=True)
    upkeep = models.CharField("管护责任", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.USED)
    idle_since = models.DateField("闲置开始", null=True, blank=True)
    idle_reason = models.CharField("闲置或低效原因和措施", max_length=200, blank=True)
    disposed_on = models.DateField("处置日期", null=True, blank=True)
    disposal = models.CharField("处置方式", max_length=10, choices=Disposal.choices, blank=True)
    disposal_document = models.CharField("处置批准文号", max_length=80, blank=True)

    scope = Scope(place="place_id", right=Right.FUND_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目资产"
        ordering = ["place_id", "name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(cost__gt=0), name="asset_cost"),
            models.CheckConstraint(
                condition=Q(contract_to__isnull=True) | Q(contract_to__gte=F("contract_from")),
                name="asset_contract_order",
            ),
            models.CheckConstraint(
                condition=Q(state="idle", idle_since__isnull=False) | ~Q(state="idle") & Q(idle_since__isnull=True),
                name="asset_idle_since",
            ),
            models.CheckConstraint(
                condition=(Q(state="disposed", disposed_on__isnull=False) & ~Q(disposal="") & ~Q(disposal_document=""))
                | (~Q(state="disposed") & Q(disposed_on__isnull=True, disposal="")),
                name="asset_disposed_on_paper",
            ),
        ]
        indexes = [models.Index(fields=["place", "state"], name="asset_place_idx")]

    def __str__(self) -> str:
        return self.name


class AssetIncome(models.Model):
    """What an asset brought in a year and what it was used for; two meetings and two notices decide it. Only added."""

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="incomes", verbose_name="资产")
    year = models.PositiveSmallIntegerField("年度")
    amount = yuan("收到金额")
    received_on = models.DateField("到账日期")
    used_for = models.CharField("用途", max_length=200)
    to_households = yuan("其中分给农户", default=0)
    document = models.CharField("分配方案或凭证", max_length=80)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="asset__place_id", right=Right.FUND_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资产收益"
        ordering = ["-received_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, to_households__gte=0, to_households__lte=F("amount")),
                name="asset_income_split",
            ),
            models.UniqueConstraint(fields=["asset", "document"], name="asset_income_once"),
        ]
        triggers = append_only()
