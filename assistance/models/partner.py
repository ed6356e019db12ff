"""Who takes poor households along (带贫主体), and help from society: needs, offers, donations (社会帮扶)."""

from django.db import models
from django.db.models import F, Q

from assistance.models.ledger_sql import added, in_balance
from assistance.models.projects import yuan
from povreg.kit.fields import SealedTextField
from povreg.kit.history import Versioned, append_only, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked(exclude=("updated_at",))
class Partner(Versioned):
    """A co-op, firm, workshop or big grower that takes households along."""

    class Kind(models.TextChoices):
        COOP = "coop", "农民合作社"
        FIRM = "firm", "企业"
        WORKSHOP = "workshop", "帮扶车间"
        GROWER = "grower", "种养大户（家庭农场）"

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="所在地")
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True, db_collation="C")
    industry = models.CharField("产业", max_length=60)
    is_active = models.BooleanField("正常经营", default=True)
    note = models.CharField("说明", max_length=200, blank=True)

    scope = Scope(place="place_id", right=Right.FUND_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "带贫主体"
        ordering = ["place_id", "name"]
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="partner_once")]

    def __str__(self) -> str:
        return self.name


@tracked()
class PartnerLink(models.Model):
    """A household that a partner takes along, in one form, from a day on."""

    class Form(models.TextChoices):
        WORK = "work", "吸纳务工"
        DIVIDEND = "dividend", "入股分红"
        PURCHASE = "purchase", "订单收购"
        LEASE = "lease", "土地流转"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="links", verbose_name="带贫主体")
    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="partner_links", verbose_name="户"
    )
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    form = models.CharField("带动方式", max_length=10, choices=Form.choices)
    since = models.DateField("开始")
    until = models.DateField("结束", null=True, blank=True)
    effect = models.CharField("成效", max_length=100, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "带动"
        ordering = ["partner_id", "household_id", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "household", "form"], condition=Q(until__isnull=True), name="one_open_link_a_form"
            ),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="link_order"),
        ]


class PartnerPayment(models.Model):
    """Money a household got from a partner: wages, dividends, sales, rent. Rows are only ever added."""

    link = models.ForeignKey(PartnerLink, models.PROTECT, related_name="payments", verbose_name="带动")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    amount = yuan("金额")
    paid_on = models.DateField("日期")
    voucher = models.CharField("凭证", max_length=60)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "带动收入"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="partner_payment_amount"),
            models.UniqueConstraint(fields=["link", "voucher"], name="partner_payment_once"),
        ]
        triggers = append_only(("village",))


class HelpKind(models.TextChoices):
    MONEY = "money", "资金"
    GOODS = "goods", "物资"
    WORK = "work", "就业岗位"
    SALE = "sale", "消费帮扶"
    SERVICE = "service", "志愿服务"


@tracked()
class SocialNeed(models.Model):
    """A need that society may answer. What is published names no person: ``title`` and ``content`` are read by all.
    One of a household follows it when it moves or merges; where the household is no more, nothing is asked."""

    class State(models.TextChoices):
        OPEN = "open", "待对接"
        MET = "met", "已满足"
        CLOSED = "closed", "已关闭"
        GONE = "gone", "户已销号"

    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    household = models.ForeignKey(
        "households.Household", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="哪一户"
    )
    kind = models.CharField("需要什么", max_length=10, choices=HelpKind.choices)
    title = models.CharField("标题", max_length=60)
    content = models.CharField("说明", max_length=300)
    amount = yuan("折合金额（元）")
    met = yuan("已满足", default=0, db_default=0, editable=False)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.OPEN)
    published_on = models.DateField("发布日期")
    by = models.ForeignKey("villages.User", models.PROTECT, related_name="+", verbose_name="登记人")

    scope = Scope(place="village_id", household="household_id", right=Right.LEAD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶需求"
        ordering = ["-published_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, met__gte=0, met__lte=F("amount")), name="need_not_overmet")
        ]
        triggers = [
            in_balance("met", "SELECT COALESCE(sum(amount), 0) FROM assistance_donation WHERE need_id = NEW.id")
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class SocialOffer(models.Model):
    """What somebody offers: a firm, a society, a person. The contact is sealed."""

    place = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="帮扶范围")
    donor = models.CharField("帮扶方", max_length=80)
    contact = SealedTextField("联系方式", blank=True)
    kind = models.CharField("提供什么", max_length=10, choices=HelpKind.choices)
    content = models.CharField("说明", max_length=300)
    amount = yuan("折合金额（元）")
    given = yuan("已落实", default=0, db_default=0, editable=False)
    offered_on = models.DateField("登记日期")

    scope = Scope(place="place_id", right=Right.FUND_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶意向"
        ordering = ["-offered_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, given__gte=0, given__lte=F("amount")), name="offer_not_overdrawn"
            )
        ]
        triggers = [
            in_balance("given", "SELECT COALESCE(sum(amount), 0) FROM assistance_donation WHERE offer_id = NEW.id")
        ]

    def __str__(self) -> str:
        return f"{self.donor} {self.get_kind_display()}"


class Donation(models.Model):
    """Part of an offer that reached a need, with the number of the receipt (公益性捐赠票据). Only added."""

    offer = models.ForeignKey(SocialOffer, models.PROTECT, related_name="donations", verbose_name="帮扶意向")
    need = models.ForeignKey(SocialNeed, models.PROTECT, related_name="donations", verbose_name="帮扶需求")
    amount = yuan("折合金额（元）")
    delivered_on = models.DateField("落实日期")
    receipt = models.CharField("捐赠票据号", max_length=40, unique=True, db_collation="C")
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="need__village_id", household="need__household_id", right=Right.LEAD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "捐赠落实"
        ordering = ["-delivered_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="donation_amount")]
        triggers = [
            *append_only(),
            added(
                "donation", ("given", "assistance_socialoffer", "offer_id"), ("met", "assistance_socialneed", "need_id")
            ),
        ]
