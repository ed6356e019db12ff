"""The household: what is true of it now (dictionary.md 1.1 and 1.2)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Length
from django.db.models.lookups import Exact

from povreg.kit.fields import CodeField, LookupHashField, SealedTextField, YuanField, yes_no
from povreg.kit.history import Versioned, tracked
from povreg.kit.scopes import COUNTY
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

STANDING = (
    "exit_status", "household_type", "identified_on", "exit_year", "return_year", "monitor_type", "risk_identified_on",
    "risk_cleared", "risk_cleared_on", "risk_clear_way", "risks", "in_register",
)  # fmt: skip
"""The columns that spells write."""
ORDINARY_TYPE = "02"  # household_type: 普通农户


class HouseholdQuerySet(ScopedQuerySet):
    def registered(self) -> "HouseholdQuerySet":
        """Households that have a class today, or were monitored: what lists and figures begin with (在册)."""
        return self.filter(removed_on__isnull=True, in_register=True)

    def ordinary(self) -> "HouseholdQuerySet":
        """Households of the village that have no class today (普通农户)."""
        return self.filter(removed_on__isnull=True, in_register=False)

    def living(self) -> "HouseholdQuerySet":
        """All of the rural population that is entered: with a class or without."""
        return self.filter(removed_on__isnull=True)


@tracked(exclude=("updated_at",))
class Household(Versioned):
    """A household of the village, with a class or without (普通农户).

    Its standing is what its spells (households.models.standing) say for today: the columns named in STANDING repeat
    that for lists and figures. The database writes them when a spell changes, and refuses everybody else.
    ``removed_on`` is the day the household ended (并户、误录、自然减少)."""

    household_no = models.CharField("户编号", max_length=24, db_collation="C")
    former_no = models.CharField("原户编号", max_length=24, blank=True, default="", db_default="", db_collation="C")
    village = models.ForeignKey(
        "villages.Place", models.PROTECT, related_name="households", verbose_name="行政村", db_index=False
    )
    group_name = models.CharField("自然村（组）", max_length=40, blank=True)
    address = models.CharField("家庭住址", max_length=120, blank=True)
    door_no = models.CharField("门牌号", max_length=20, blank=True)
    phone = SealedTextField("联系电话", blank=True)
    phone_hash = LookupHashField(of="phone")
    bank_name = models.CharField("开户银行", max_length=60, blank=True)
    bank_account = SealedTextField("银行卡号（一卡通）", blank=True)
    bank_hash = LookupHashField(of="bank_account")

    poverty_standard = CodeField("识别标准", code_table="poverty_standard")
    household_attr = CodeField("贫困户属性", code_table="household_attr")
    household_type = CodeField("户类型", code_table="household_type", default=ORDINARY_TYPE)
    main_cause = CodeField("主要致贫原因", code_table="cause")
    other_causes = ArrayField(CodeField(code_table="cause"), verbose_name="其他致贫原因", default=list, blank=True)
    cause_note = models.CharField("致贫原因说明", max_length=200, blank=True)
    exit_status = CodeField("脱贫属性", code_table="exit_status")
    identified_on = models.DateField("首次识别时间", null=True, blank=True)
    exit_year = models.PositiveSmallIntegerField("脱贫年度", null=True, blank=True)
    planned_exit_year = models.PositiveSmallIntegerField("计划脱贫年度", null=True, blank=True)
    return_year = models.PositiveSmallIntegerField("返贫年度", null=True, blank=True)

    monitor_type = CodeField("监测对象类型", code_table="monitor_type")
    risk_identified_on = models.DateField("风险识别时间", null=True, blank=True)
    risk_cleared = yes_no("风险是否消除")
    risk_cleared_on = models.DateField("风险消除时间", null=True, blank=True)
    risk_clear_way = CodeField("风险消除方式", code_table="clear_way")
    risks = ArrayField(CodeField(code_table="risk"), verbose_name="致贫返贫风险", default=list, blank=True)

    is_martyr_family = yes_no("是否军烈属")
    is_only_child_family = yes_no("是否独生子女户")
    is_two_daughter_family = yes_no("是否双女户")
    no_labour_backstop = yes_no("整户无劳动能力兜底保障户")

    declared_dilapidated = yes_no("危房户（名单）")
    declared_water_safe = yes_no("是否解决安全饮用水（名单）")
    declared_income = YuanField("人均纯收入（名单，元）")
    data_date = models.DateField("数据日期", null=True, blank=True)

    collector = models.CharField("信息采集人", max_length=40, blank=True)
    note = models.CharField("其他备注", max_length=200, blank=True)
    in_register = models.BooleanField("在册", default=False, db_default=False, editable=False)
    removed_on = models.DateField("销号日期", null=True, blank=True)
    removed_reason = models.CharField("销号原因", max_length=60, blank=True)

    scope = Scope(place="village_id", household="pk", right=Right.HOUSEHOLD_VIEW)
    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "农户"
        ordering = ["village_id", "household_no"]
        constraints = [
            models.UniqueConstraint(Left("village_id", COUNTY), "household_no", name="household_no_once_in_county"),
            models.CheckConstraint(condition=Exact(Length("village_id"), 12), name="household_in_a_village"),
            models.CheckConstraint(
                condition=Q(risk_cleared_on__isnull=True)
                | Q(risk_identified_on__isnull=True)
                | Q(risk_cleared_on__gte=models.F("risk_identified_on")),
                name="household_risk_order",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "household_no"], name="household_village_no_idx"),
            models.Index(  # what a list narrowed by one attribute reads: no row of the table
                fields=["village", "household_no"],
                include=["id", "household_type", "household_attr", "main_cause", "exit_status", "monitor_type"],
                condition=Q(in_register=True, removed_on=None),
                name="household_listed_idx",
            ),
            models.Index(fields=["village"], name="household_ended_idx", condition=Q(removed_on__isnull=False)),
            models.Index(fields=["phone_hash"], name="household_phone_idx", condition=~Q(phone_hash="")),
        ]

    def __str__(self) -> str:
        return self.household_no

    @property
    def candidate(self) -> bool:
        """Whether it lives here without a class. Version 1 of the API has called this so since before there were
        ordinary households."""
        return self.removed_on is None and not self.in_register
