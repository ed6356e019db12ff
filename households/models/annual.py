"""What was surveyed for a year (一年一结果): income worksheet, living conditions, the guarantees."""

from django.db import models
from django.db.models import Q

from households.models.closing import frozen_when_closed
from households.models.health import health_is_first, health_list
from households.models.presence_sql import never_moved, surveyed_here, village_then
from povreg.kit.fields import CodeField, MuField, YuanField, yes_no
from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

INCOME_FIELDS = ("wage_income", "business_income", "property_income")
TRANSFER_FIELDS = ("tr_family_planning", "tr_dibao", "tr_wubao", "tr_pension", "tr_eco", "tr_other")
EXPENSE_FIELDS = ("business_expense",)
WORKSHEET_FIELDS = INCOME_FIELDS + TRANSFER_FIELDS + EXPENSE_FIELDS
OF_WHICH_FIELDS = ("public_job_income", "dividend_income", "industry_award", "job_award")
"""Parts of the items above, told for themselves (policy-2026.md 9): in no sum a second time."""
APART_FIELDS = ("self_paid", "claims_income")
"""What a test for monitoring takes off and adds (policy-2026.md 4); no part of the net income of the year."""
WATER_ITEMS = ("water_quantity", "water_quality", "water_access", "water_reliability")


@tracked(exclude=("updated_at",))
class AnnualRecord(Versioned):
    """One household's record for one year, surveyed in the village ``counted_in``. Amounts are yuan for 1 October of
    the year before to 30 September (policy.md 0.7); every item may be "not recorded" (null or empty), which is never
    the same as 0 or no."""

    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="annual_records", verbose_name="户", db_index=False
    )
    village = models.ForeignKey(
        "villages.Place", models.PROTECT, related_name="+", verbose_name="行政村", db_index=False
    )
    year = models.PositiveSmallIntegerField("年度")
    counted_in = village_then("登记时所在村")

    wage_income = YuanField("工资性收入")
    business_income = YuanField("生产经营性收入")
    property_income = YuanField("财产性收入")
    tr_family_planning = YuanField("计划生育金")
    tr_dibao = YuanField("低保金")
    tr_wubao = YuanField("五保金")
    tr_pension = YuanField("养老保险金")
    tr_eco = YuanField("生态补偿金")
    tr_other = YuanField("其他转移性收入")
    business_expense = YuanField("生产经营性支出")
    public_job_income = YuanField("公益岗位收入")
    dividend_income = YuanField("分红")
    industry_award = YuanField("产业奖补")
    job_award = YuanField("就业奖补")
    self_paid = YuanField("合规自付支出")
    claims_income = YuanField("理赔收入")

    food = yes_no("不愁吃")
    clothing = yes_no("不愁穿")
    house_grade = CodeField("住房等级", code_table="house_grade")
    house_security = CodeField("住房保障方式", code_table="house_security")
    water_safe = yes_no("安全饮水")
    water_quantity = yes_no("水量达标")
    water_quality = yes_no("水质达标")
    water_access = yes_no("取水方便程度达标")
    water_reliability = yes_no("供水保证率达标")
    power_living = yes_no("生活用电")
    broadcast = yes_no("广播电视")

    arable_mu = MuField("耕地面积（亩）")
    irrigated_mu = MuField("有效灌溉面积（亩）")
    forest_mu = MuField("林地面积（亩）")
    grain_to_green_mu = MuField("退耕还林面积（亩）")
    orchard_mu = MuField("林果面积（亩）")
    pasture_mu = MuField("牧草地面积（亩）")
    water_mu = MuField("水面面积（亩）")
    in_coop = yes_no("是否加入农民专业合作社")
    power_production = yes_no("是否通生产用电")
    water_difficult = yes_no("饮水是否困难")
    main_road_km = models.DecimalField("与村主干路距离（公里）", max_digits=5, decimal_places=1, null=True, blank=True)
    entry_road = CodeField("入户路类型", code_table="entry_road")
    entry_road_hardened = yes_no("入户道路是否硬化")
    house_area_m2 = models.DecimalField("住房面积（平方米）", max_digits=7, decimal_places=1, null=True, blank=True)
    house_structure = CodeField("住房结构", code_table="house_structure")
    house_built_year = models.PositiveSmallIntegerField("建房年份", null=True, blank=True)
    has_toilet = yes_no("有无卫生厕所")
    main_fuel = CodeField("主要燃料类型", code_table="fuel")

    surveyed_on = models.DateField("调查日期", null=True, blank=True)
    surveyors = models.CharField("调查人", max_length=60, blank=True)
    source = models.CharField("数据来源", max_length=60, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度记录"
        triggers = [*frozen_when_closed(moves=("village_id", "version", "updated_at")), surveyed_here(), never_moved()]
        ordering = ["household_id", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["household", "year"], name="annual_once"),
            models.CheckConstraint(condition=Q(year__gte=2013, year__lte=2100), name="annual_year_sane"),
        ]
        indexes = [models.Index(fields=["year", "village"], name="annual_year_village_idx")]

    def __str__(self) -> str:
        return f"{self.year}年"


@tracked(exclude=("updated_at",))
class MemberYear(Versioned):
    """One member's facts for one year: school, insurance, work. They stay with the household where the member was
    counted for the year, and with the village (``counted_in``) where that was."""

    member = models.ForeignKey(
        "households.Member", models.PROTECT, related_name="years", verbose_name="成员", db_index=False
    )
    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="+", verbose_name="户", db_index=False
    )
    village = models.ForeignKey(
        "villages.Place", models.PROTECT, related_name="+", verbose_name="行政村", db_index=False
    )
    year = models.PositiveSmallIntegerField("年度")
    counted_in = village_then("登记时所在村")
    school_status = CodeField("在校生状况", code_table="school_status")
    dropout_reason = CodeField("未上学原因", code_table="dropout_reason")
    ins_resident = yes_no("居民医保")
    ins_employee = yes_no("职工医保")
    ins_major = yes_no("大病保险")
    ins_commercial = yes_no("商业补充保险")
    pen_resident = yes_no("居民养老保险")
    pen_employee = yes_no("职工养老保险")
    dibao = CodeField("享受低保", code_table="dibao")
    tekun = CodeField("特困供养", code_table="tekun")
    health = CodeField("健康状况", code_table="health")
    healths = health_list()
    labour = CodeField("劳动技能", code_table="labour")
    work_place = CodeField("务工地点", code_table="work_place")
    work_months = models.PositiveSmallIntegerField("务工时间（月）", null=True, blank=True)
    public_job = CodeField("公益性岗位", code_table="public_job")
    public_job_months = models.PositiveSmallIntegerField("公益性岗位（月）", null=True, blank=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成员年度记录"
        triggers = [
            *frozen_when_closed(moves=("village_id", "household_id", "version", "updated_at")),
            surveyed_here(),
            never_moved(),
            health_is_first(),
        ]
        ordering = ["member_id", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["member", "year"], name="member_year_once"),
            models.CheckConstraint(condition=Q(work_months__isnull=True) | Q(work_months__lte=12), name="my_work_0_12"),
        ]
        indexes = [
            models.Index(fields=["household", "year"], name="member_year_household_idx"),
            models.Index(fields=["year", "village"], name="member_year_place_idx"),
        ]
