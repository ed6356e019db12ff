"""The yearly file of a village (村情台账): the seven parts of 《贫困村登记表》 (dictionary.md 5.1).

What is true of a village for years (poor or not, when it left the list) stands in VillageProfile, not here. Every
figure may be unrecorded (null), which is not nought. Money in yuan a year, areas in mu, distances in kilometres.
"""

from django.db import models
from django.db.models import Q

from povreg.kit.fields import MuField, YuanField, yes_no
from povreg.kit.history import Versioned, tracked
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


def count(label: str) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(label, null=True, blank=True)


def kilometres(label: str) -> models.DecimalField:
    return models.DecimalField(label, max_digits=6, decimal_places=2, null=True, blank=True)


def words(label: str, length: int = 60) -> models.CharField:
    return models.CharField(label, max_length=length, blank=True, default="")


@tracked()
class VillageYear(Versioned):
    """What was surveyed of a village for a year."""

    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="years", verbose_name="行政村")
    year = models.PositiveSmallIntegerField("年度")

    # 基本情况
    natural_villages = count("自然村数")
    groups = count("村民小组数")
    households = count("总户数")
    population = count("总人口")
    minority_population = count("少数民族人口")
    disabled_population = count("残疾人数")
    left_children = count("留守儿童数")
    empty_nest_elders = count("空巢老人数")
    labour_force = count("劳动力数")
    migrant_workers = count("外出务工人数")
    party_members = count("党员数")
    farmland = MuField("耕地面积（亩）")
    paddy = MuField("水田面积（亩）")
    forest = MuField("林地面积（亩）")
    orchard = MuField("林果面积（亩）")
    fishpond = MuField("养殖水面（亩）")

    # 发展水平
    farmer_income = YuanField("农民人均可支配收入（元）")
    main_income = words("主要收入来源")
    collective_business = YuanField("集体经营收入（元）")
    collective_contract = YuanField("发包及上交收入（元）")
    collective_investment = YuanField("投资收益（元）")
    collective_subsidy = YuanField("补助收入（元）")
    collective_other = YuanField("其他集体收入（元）")
    collective_assets = YuanField("集体资产总额（元）")
    collective_debt = YuanField("集体负债（元）")

    # 基础设施状况
    hard_road = yes_no("到乡镇通沥青（水泥）路")
    unpaved = kilometres("未硬化村道（公里）")
    hamlets_without_road = count("未通硬化路自然村数")
    bus = yes_no("通客运班车")
    three_phase_power = yes_no("通动力电")
    households_without_power = count("未通生活用电户数")
    broadband = yes_no("通宽带")
    hamlets_without_broadband = count("未通宽带自然村数")
    irrigated = MuField("有效灌溉面积（亩）")

    # 生产生活条件
    tap_water_households = count("饮用自来水户数")
    water_difficult_households = count("饮水困难户数")
    water_unsafe_households = count("未实现饮水安全户数")
    dilapidated_households = count("危房户数")
    homeless_households = count("无房户数")
    sanitary_toilet_households = count("有卫生厕所户数")
    main_industry = words("主导产业")
    cooperatives = count("农民专业合作社数")
    cooperative_households = count("加入合作社户数")
    leading_enterprises = count("带动企业数")
    workshops = count("帮扶车间数")

    # 公共服务情况
    clinics = count("标准化卫生室数")
    physicians = count("执业（助理）医师数")
    village_doctors = count("乡村医生数")
    medical_insured = count("参加居民医保人数")
    pension_insured = count("参加居民养老保险人数")
    primary_schools = count("小学及教学点数")
    kindergartens = count("幼儿园数")
    culture_rooms = count("文化活动室数")
    public_toilets = count("公共厕所数")
    waste_points = count("垃圾集中堆放点数")
    information_officers = count("信息员数")

    # 帮扶情况
    helping_units = count("帮扶单位数")
    team_members = count("驻村工作队员数")
    projects = count("当年实施项目数")
    funds_central = YuanField("中央资金（元）")
    funds_provincial = YuanField("省级资金（元）")
    funds_local = YuanField("市县资金（元）")
    funds_units = YuanField("单位帮扶资金（元）")
    funds_society = YuanField("社会帮扶资金（元）")
    public_posts = count("公益性岗位人数")
    trained_people = count("技能培训人次")
    loan_households = count("小额信贷当年贷款户数")
    loan_balance = YuanField("小额信贷余额（元）")
    loan_overdue_households = count("小额信贷逾期户数")

    # 帮扶成效
    project_households = count("项目受益户数")
    employed_people = count("新增务工人数")
    roads_built = kilometres("新建硬化路（公里）")
    water_solved_households = count("解决饮水问题户数")
    houses_repaired = count("完成危房改造户数")
    relocated_households = count("搬迁入住户数")
    effect = words("主要成效", 200)

    scope = Scope(place="village_id", right=Right.VILLAGE_FILE_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "村情台账"
        ordering = ["village_id", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["village", "year"], name="village_year_unique"),
            models.CheckConstraint(condition=Q(year__gte=2013, year__lte=2100), name="village_year_range"),
        ]
        indexes = [models.Index(fields=["year", "village"], name="village_year_idx")]
