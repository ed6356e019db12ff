"""Every dimension of households and people, declared once (dictionary.md 6.5), for reports, lists and filters."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q

from households.eligibility import measures
from households.eligibility.criteria import BY_CODE
from households.figures.by_rule import SchoolAge
from households.figures.frozen import has_labour, is_frozen
from households.figures.joined import with_their_year
from households.figures.parts import (
    NONE,
    NOT_RECORDED,
    OF_HOUSEHOLD,
    OF_PERSON,
    Bucket,
    Dimension,
    ages,
    amounts,
    answered,
    bands,
    coded,
    counts,
    listed,
    own,
    ranges,
    shared,
    steps,
)
from households.models import AnnualRecord, Member
from households.models.annual import WORKSHEET_FIELDS
from households.models.assessment import Verdict
from households.models.codes import OUT_OF_SCHOOL, SOME_LABOUR
from households.register.fields import SECTIONS, verbose
from villages.codes.selectors import labels
from villages.standards.rules import COUNT_DAY, ORDINARY, SCHOOL_DAY

LAND = ("arable_mu", "irrigated_mu", "forest_mu", "grain_to_green_mu", "orchard_mu", "pasture_mu", "water_mu")
PARTY = ("01", "02")  # 中共党员, 中共预备党员
NOT_JUDGED = "未评定"
LOCALLY = "评定标准另有规定的从其规定"
SCHOOL_AGE = f"{SCHOOL_DAY}{ORDINARY.school_words}为适龄，{LOCALLY}"
TWO_LINES = "国标为当年的国家标准（2020年及以前脱贫标准，以后监测线），省标为省定标准；按户所在地的标准比"
CLOSE = f"踩线：{ORDINARY.borderline_words}，{LOCALLY}"
OF_YEAR = "本年有登记的用本年的，没有的用现在的情况"


def _party(_year: int) -> tuple[Bucket, ...]:
    return (
        Bucket("yes", "党员（含预备党员）", Q(political__in=PARTY)),
        Bucket("no", "不是党员", Q(political__gt=PARTY[-1]) | Q(political__gt="", political__lt=PARTY[0])),
        Bucket(NONE, NOT_RECORDED, Q(political="")),
    )


def _schooling(year: int) -> tuple[Bucket, ...]:
    """Children of school age in school or not; the others are not asked."""
    ages, status = SchoolAge(year), shared("school_status")
    enrolled = status(gt="") & (status(lt=OUT_OF_SCHOOL) | status(gt=OUT_OF_SCHOOL))
    return (
        Bucket("in", "适龄，在校", lambda: ages.reached() & enrolled),
        Bucket("out", "适龄，不在校", lambda: ages.reached() & status(exact=OUT_OF_SCHOOL)),
        Bucket("unknown", "适龄，在校情况未登记", lambda: ages.reached() & status(exact="")),
        Bucket("other", "不在义务教育年龄", ages.outside),
        Bucket(NONE, "出生日期未登记", Q(birth_date__isnull=True)),
    )


def _able(year: int) -> tuple[Bucket, ...]:
    """Whether some counted member of the household can work."""
    return (
        Bucket("yes", "有劳动力", lambda: Q(_some_labour(year))),
        Bucket("no", "整户无劳动力", lambda: Q(~_some_labour(year))),
    )


def _some_labour(year: int) -> Exists:
    if is_frozen(year):
        return has_labour(year, SOME_LABOUR)
    members = with_their_year(Member.objects.order_by(), year).filter(lived__household=OuterRef("pk"))
    return Exists(members.filter(shared("labour")(**{"in": SOME_LABOUR})))


def _verdict(_year: int) -> tuple[Bucket, ...]:
    found = [Bucket(code, label, Q(judged__verdict=code)) for code, label in Verdict.choices]
    return (*found, Bucket(NONE, NOT_JUDGED, Q(judged__isnull=True)))


def _income_band(_year: int) -> tuple[Bucket, ...]:
    """The bands of the dashboard's chart: 500 yuan each, open below and above."""
    lowest, highest, step = measures.LOWEST, measures.HIGHEST, measures.BAND
    found = []
    for low in range(lowest, highest + step, step):
        rows = Q(judged__per_head__gt=low) if low > lowest else Q(judged__per_head__isnull=False)
        rows = rows & Q(judged__per_head__lte=low + step) if low < highest else rows
        found.append(Bucket(f"{low}", f"{measures.band_label(str(low))} 元", rows))
    return (*found, Bucket(NONE, NOT_RECORDED, Q(judged__per_head__isnull=True)))


def _income_line(_year: int) -> tuple[Bucket, ...]:
    """Where income a head stands to the line that holds for the household's village and year."""
    line, above = F("judged__line_amount"), Q(judged__per_head__gt=F("judged__line_amount"))
    clear = above & Q(judged__borderline=False)
    return (
        Bucket("below", "未超过标准", Q(judged__per_head__lte=line)),
        Bucket("borderline", "踩线", above & Q(judged__borderline=True)),
        Bucket("half", "高于标准不到 50%", clear & Q(judged__margin__lt="0.5")),
        Bucket("double", "高于标准 50%—100%", clear & Q(judged__margin__gte="0.5", judged__margin__lt=1)),
        Bucket("more", "标准的两倍及以上", clear & Q(judged__margin__gte=1)),
        Bucket(
            NONE, "收入未登记，或没有标准线", Q(judged__per_head__isnull=True) | Q(judged__line_amount__isnull=True)
        ),
    )


def _two_lines(_year: int) -> tuple[Bucket, ...]:
    """Where income a head stands to the country's line and to the province's, where both were entered."""
    income = "judged__per_head"
    national, provincial = F("judged__national_amount"), F("judged__provincial_amount")
    under_national, under_provincial = Q(**{f"{income}__lte": national}), Q(**{f"{income}__lte": provincial})
    over_national, over_provincial = Q(**{f"{income}__gt": national}), Q(**{f"{income}__gt": provincial})
    lacking = ("judged__per_head", "judged__national_amount", "judged__provincial_amount")
    unknown = Q(*(Q(**{f"{name}__isnull": True}) for name in lacking), _connector=Q.OR)
    return (
        Bucket("both", "国标、省标都未超过", under_national & under_provincial),
        Bucket("national", "只未超过国标", under_national & over_provincial),
        Bucket("provincial", "只未超过省标", over_national & under_provincial),
        Bucket("above", "两条都超过", over_national & over_provincial),
        Bucket(NONE, "收入没有登记，或没有两条标准", unknown),
    )


def _poor_village(year: int) -> tuple[Bucket, ...]:
    """A village without a profile is no poor village, as on the dashboard."""
    if is_frozen(year):
        return (Bucket("yes", "贫困村", Q(closed__poor=True)), Bucket("no", "非贫困村", Q(closed__poor=False)))
    return (
        Bucket("yes", "贫困村", Q(village__profile__is_poor=True)),
        Bucket("no", "非贫困村", Q(village__profile__isnull=True) | Q(village__profile__is_poor=False)),
    )


def _recorded(_year: int) -> tuple[Bucket, ...]:
    return (
        Bucket("yes", "有本年记录", Q(record__isnull=False)),
        Bucket("no", "没有本年记录", Q(record__isnull=True)),
    )


def _worksheet(_year: int) -> tuple[Bucket, ...]:
    return (
        Bucket("yes", "有收支登记", Q(judged__net_income__isnull=False)),
        Bucket("no", "没有收支登记", Q(judged__net_income__isnull=True)),
    )


def _done(_year: int) -> tuple[Bucket, ...]:
    """Entry sections that are complete: the incomplete ones are among the others."""
    return tuple(
        Bucket(code, label, Q(judged__gaps__contained_by=[other for other in SECTIONS if other != code]))
        for code, label in SECTIONS.items()
    )


def of_person(code: str, label: str, *rest: object, **more: object) -> Dimension:
    return Dimension(code, label, OF_PERSON, *rest, **more)  # type: ignore[arg-type]


def of_household(code: str, label: str, *rest: object, **more: object) -> Dimension:
    return Dimension(code, label, OF_HOUSEHOLD, *rest, **more)  # type: ignore[arg-type]


def by_code(dimensions: Iterable[Dimension]) -> dict[str, Dimension]:
    return {dimension.code: dimension for dimension in dimensions}


def of_worksheet() -> dict[str, str]:
    """The ten items of the income worksheet and their labels."""
    return {name: verbose(AnnualRecord, name) for name in WORKSHEET_FIELDS}


def of_land() -> dict[str, str]:
    return {name: verbose(AnnualRecord, name).removesuffix("（亩）") for name in LAND}


def of_criteria() -> dict[str, str]:
    return {each.code: each.short for each in BY_CODE.values()}


def of_causes() -> dict[str, str]:
    return labels("cause")


MONTHS = ranges(shared("work_months"), (0, 0), (1, 3), (4, 6), (7, 9), (10, 12), unit=" 个月", none="没有务工或未登记")
NO_AREA = Q(record__house_area_m2__isnull=True) | Q(judged__isnull=True)
PERSON = by_code(
    (
        of_person("age", "年龄", ages(0, 6, 16, 30, 40, 50, 60), note=f"年龄算到 {COUNT_DAY}"),
        of_person("sex", "性别", coded("sex", own("sex"))),
        of_person("ethnicity", "民族", coded("ethnicity", own("ethnicity"))),
        of_person("relation", "与户主关系", coded("relation", own("lived__relation"))),
        of_person("education", "文化程度", coded("education", own("education")), note="在校生的文化程度可以不登记"),
        of_person("school", "在校情况", coded("school_status", shared("school_status")), note=OF_YEAR),
        of_person("schooling", "适龄教育", _schooling, note=SCHOOL_AGE),
        of_person("health", "健康状况", coded("health", shared("health")), note=OF_YEAR),
        of_person("labour", "劳动能力", coded("labour", shared("labour")), note=OF_YEAR),
        of_person(
            "work_place", "务工地点", coded("work_place", shared("work_place"), "没有务工或未登记"), note=OF_YEAR
        ),
        of_person("work_months", "务工时间", MONTHS, note=OF_YEAR),
        of_person("political", "政治面貌", coded("political", own("political"))),
        of_person("party", "党员", _party),
        of_person(
            "ins_resident", "居民医保", answered(own("its__ins_resident"), "参保", "未参保"), note="只看本年登记"
        ),
        of_person(
            "pen_resident", "居民养老保险", answered(own("its__pen_resident"), "参保", "未参保"), note="只看本年登记"
        ),
        of_person("ins_major", "大病保险", answered(shared("ins_major"), "参保", "未参保"), note=OF_YEAR),
        of_person("dibao", "低保", coded("dibao", own("its__dibao")), note="只看本年登记"),
    )
)

HOUSEHOLD = by_code(
    (
        of_household("size", "人口规模", counts(own("judged__persons"), 6, "人", NOT_JUDGED), note="评定时的人数"),
        of_household("household_attr", "贫困户属性", coded("household_attr", own("judged__household_attr"))),
        of_household("household_type", "户类型", coded("household_type", own("judged__household_type"))),
        of_household("exit_status", "脱贫属性", coded("exit_status", own("judged__exit_status"))),
        of_household(
            "monitor_type", "监测对象类型", coded("monitor_type", own("judged__monitor_type"), "不是监测对象")
        ),
        of_household("cause", "主要致贫原因", coded("cause", own("judged__main_cause"))),
        of_household("other_cause", "其他致贫原因", listed("other_causes", of_causes, "没有其他原因"), many=True),
        of_household("poor_village", "村类型", _poor_village),
        of_household("able", "劳动力", _able, note="普通、技能、弱（半）劳动力都算"),
        of_household("verdict", "结论", _verdict),
        of_household("failed", "未达标项", listed("judged__failed", of_criteria, "没有未达标项"), many=True),
        of_household("missing", "未记录项", listed("judged__missing", of_criteria, "没有未记录项"), many=True),
        of_household("income_band", "人均纯收入分段", _income_band),
        of_household(
            "income",
            "人均纯收入",
            steps(own("judged__per_head"), 2000, 4000, 6000, 8000, 10000, 12000, unit=" 元"),
        ),
        of_household(
            "income_line",
            "收入与标准",
            _income_line,
            note=CLOSE,
        ),
        of_household("two_lines", "国标和省标", _two_lines, note=TWO_LINES),
        of_household("income_item", "收支项目", amounts("record", of_worksheet), many=True),
        of_household("land_item", "土地", amounts("record", of_land), many=True),
        of_household("water_safe", "安全饮水", answered(own("record__water_safe"), "安全", "不安全")),
        of_household("water_difficult", "饮水困难", answered(own("record__water_difficult"), "困难", "不困难")),
        of_household("power_living", "生活用电", answered(own("record__power_living"), "已通", "未通")),
        of_household("power_production", "生产用电", answered(own("record__power_production"), "已通", "未通")),
        of_household("broadcast", "广播电视", answered(own("record__broadcast"), "已通", "未通")),
        of_household("house_grade", "住房等级", coded("house_grade", own("record__house_grade"))),
        of_household("house_structure", "住房结构", coded("house_structure", own("record__house_structure"))),
        of_household("house_area", "住房面积", bands(own("record__house_area_m2"), 10, 25, 50, 75, 100, unit=" ㎡")),
        of_household(
            "house_per_head",
            "人均住房面积",
            bands(own("record__house_area_m2"), 13, 25, 50, unit=" ㎡", none=NO_AREA, per=F("judged__persons")),
        ),
        of_household("entry_road", "入户路", coded("entry_road", own("record__entry_road"))),
        of_household("main_road", "与村主干路距离", bands(own("record__main_road_km"), 1, 3, 5, 10, 20, unit=" 公里")),
        of_household("toilet", "卫生厕所", answered(own("record__has_toilet"), "有", "没有")),
        of_household("fuel", "主要燃料", coded("fuel", own("record__main_fuel"))),
        of_household("coop", "农民专业合作社", answered(own("record__in_coop"), "已加入", "未加入")),
        of_household("arable", "耕地面积", bands(own("record__arable_mu"), 1, 3, 5, 10, unit=" 亩")),
        of_household("gap", "未填完的部分", listed("judged__gaps", SECTIONS.copy, "全部填完"), many=True),
        of_household("done", "已填完的部分", _done, many=True),
        of_household("recorded", "本年记录", _recorded),
        of_household("worksheet", "收支登记", _worksheet),
    )
)

DIMENSIONS = {**HOUSEHOLD, **PERSON}
"""Both, by code: a code names one dimension only."""


def declare_dimensions(*found: Dimension) -> None:
    """Take dimensions of a higher app in; declaring one again changes nothing. Raises ValueError for a code that is
    taken."""
    for each in found:
        if DIMENSIONS.setdefault(each.code, each) != each:
            raise ValueError(f"dimension {each.code!r} is declared twice")
        (PERSON if each.of == OF_PERSON else HOUSEHOLD)[each.code] = each
