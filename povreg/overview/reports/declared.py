"""The reports, each declared once (dictionary.md 6.5): what is counted, by which dimension, in which group they stand.

A page, a chart and a workbook follow from a declaration. The reports with columns of their own (income, land, entry)
name them in :mod:`povreg.overview.reports.columns`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from households.figures.dimensions import DIMENSIONS
from households.figures.parts import OF_HOUSEHOLD, OF_PERSON, Dimension
from villages.standards.rules import COUNT_DAY

SPLIT, SCALE, MARKS, AMOUNTS, ENTRY = "split", "scale", "marks", "amounts", "entry"
BAR, STACK = "bar", "stack"
FILTERS = ("household_attr", "exit_status", "poor_village", "verdict")
"""Dimensions of households by which every report may be narrowed."""
ACROSS = {
    OF_PERSON: ("sex", "age", "health", "labour", "education", "work_place"),
    OF_HOUSEHOLD: ("household_attr", "exit_status", "cause", "size", "poor_village", "verdict"),
}
"""Dimensions that may stand in the rows in the place of the places below (交叉表)."""
PLACES_ONLY = ("scale", "cadres")
PEOPLE, HOUSEHOLDS, INCOME, LIVING, LAND, RECORDS = "人口", "农户", "收入", "生产生活条件", "土地", "录入"
HELP = "帮扶"


@dataclass(frozen=True)
class Report:
    """One report.

    ``kind`` split: the columns are the buckets of ``dimension``; marks: the columns are the figures in ``marks`` with
    their labels; scale, amounts and entry have columns of their own. ``tones`` colour the bars of single buckets.
    """

    code: str
    title: str
    group: str
    of: str
    kind: str = SPLIT
    chart: str = STACK
    tones: tuple[tuple[str, str], ...] = ()
    about: str = ""
    marks: tuple[tuple[str, str], ...] = ()

    @property
    def dimension(self) -> Dimension:
        """What is in the columns of a split. Raises KeyError for the other kinds."""
        return DIMENSIONS[self.code]

    @property
    def unit(self) -> str:
        return "人" if self.of == OF_PERSON else "户"

    @property
    def across(self) -> tuple[Dimension, ...]:
        """The dimensions offered for the rows."""
        if self.code in PLACES_ONLY:
            return ()
        return tuple(DIMENSIONS[code] for code in ACROSS[self.of] if code != self.code)


YES_IS_WELL = (("yes", "pass"), ("no", "fail"), ("none", "missing"))
YES_IS_BAD = (("yes", "fail"), ("no", "pass"), ("none", "missing"))


TWO_LINES = (("both", "fail"), ("national", "fail"), ("provincial", "warn"), ("none", "missing"))
HARDSHIPS = (
    ("water_difficult.yes", "饮水困难"),
    ("water_safe.no", "没有安全饮水"),
    ("power_living.no", "未通生活用电"),
    ("power_production.no", "未通生产用电"),
    ("broadcast.no", "未通广播电视"),
    ("house_grade.C", "住房C级"),
    ("house_grade.D", "住房D级"),
    ("house_per_head.0", "人均住房不足13㎡"),
    ("entry_road.01", "入户泥土路"),
    ("toilet.no", "没有卫生厕所"),
)
"""What a household lacks (dictionary.md 6.5, 1.2.5)."""


def _people(code: str, title: str, **more: object) -> Report:
    return Report(code, title, PEOPLE, OF_PERSON, **more)  # type: ignore[arg-type]


def _homes(group: str, code: str, title: str, **more: object) -> Report:
    return Report(code, title, group, OF_HOUSEHOLD, **more)  # type: ignore[arg-type]


REPORTS = (
    _people("age", "年龄"),
    _people("sex", "性别"),
    _people("ethnicity", "民族", chart=BAR),
    _people("health", "健康状况"),
    _people("education", "文化程度"),
    _people("school", "在校情况", chart=BAR),
    _people("schooling", "适龄教育", chart=BAR),
    _people("labour", "劳动能力"),
    _people("work_place", "务工地点"),
    _people("work_months", "务工时间"),
    _people("party", "党员"),
    _people("ins_resident", "居民医保参保", tones=YES_IS_WELL),
    _homes(HOUSEHOLDS, "scale", "户数和人口", kind=SCALE, chart=BAR, about=f"人口为 {COUNT_DAY}在户的人"),
    _homes(HOUSEHOLDS, "size", "人口规模"),
    _homes(HOUSEHOLDS, "household_attr", "贫困户属性"),
    _homes(HOUSEHOLDS, "exit_status", "脱贫属性"),
    _homes(HOUSEHOLDS, "household_type", "户类型"),
    _homes(HOUSEHOLDS, "monitor_type", "监测对象类型"),
    _homes(HOUSEHOLDS, "cause", "主要致贫原因", chart=BAR),
    _homes(HOUSEHOLDS, "other_cause", "其他致贫原因", chart=BAR),
    _homes(HOUSEHOLDS, "able", "劳动力", tones=(("yes", "act"), ("no", "warn"))),
    _homes(INCOME, "income", "人均纯收入分组"),
    _homes(INCOME, "income_line", "收入与标准", tones=(("below", "fail"), ("borderline", "warn"), ("none", "missing"))),
    _homes(INCOME, "two_lines", "国标和省标", tones=TWO_LINES),
    _homes(
        INCOME,
        "structure",
        "收入构成",
        kind=AMOUNTS,
        chart=BAR,
        about="户均、人均按有收支登记的户计，没有登记的项目按 0 计",
    ),
    _homes(LIVING, "hardship", "生产生活困难", kind=MARKS, chart=BAR, marks=HARDSHIPS, about="一户可以有几项困难"),
    _homes(LIVING, "water_safe", "安全饮水", tones=YES_IS_WELL),
    _homes(LIVING, "water_difficult", "饮水困难", tones=YES_IS_BAD),
    _homes(LIVING, "power_living", "生活用电", tones=YES_IS_WELL),
    _homes(LIVING, "power_production", "生产用电", tones=YES_IS_WELL),
    _homes(LIVING, "broadcast", "广播电视", tones=YES_IS_WELL),
    _homes(LIVING, "house_grade", "住房等级", tones=(("D", "fail"), ("C", "warn"), ("none", "missing"))),
    _homes(LIVING, "house_structure", "住房结构"),
    _homes(LIVING, "house_area", "住房面积"),
    _homes(LIVING, "house_per_head", "人均住房面积"),
    _homes(LIVING, "entry_road", "入户路"),
    _homes(LIVING, "main_road", "与村主干路距离"),
    _homes(LIVING, "toilet", "卫生厕所", tones=YES_IS_WELL),
    _homes(LIVING, "fuel", "主要燃料"),
    _homes(LIVING, "coop", "农民专业合作社"),
    _homes(
        LAND, "land", "土地构成", kind=AMOUNTS, chart=BAR, about="户均、人均按有本年记录的户计，没有登记的面积按 0 计"
    ),
    _homes(LAND, "arable", "耕地面积"),
    _homes(HELP, "batch", "帮扶措施", chart=BAR, about="本年落实的措施，一户可以有几类"),
    _homes(HELP, "helped", "帮扶责任人", tones=(("no", "warn"),)),
    _homes(HELP, "planned", "一户一策", tones=(("no", "warn"),)),
    _homes(HELP, "visited", "走访", tones=(("no", "warn"),)),
    _homes(RECORDS, "entry", "各地录入完整度", kind=ENTRY, chart=BAR, about="各部分应填的项都已登记才算填完"),
    _homes(
        RECORDS,
        "cadres",
        "村干部录入完整度",
        kind=ENTRY,
        chart=BAR,
        about="一名村干部在一个村任职为一行，合计按村计，不重复",
    ),
)
BY_CODE = {report.code: report for report in REPORTS}


def grouped(reports: Iterable[Report] = REPORTS) -> list[tuple[str, list[Report]]]:
    """The reports of the index, group by group in the order declared."""
    found: dict[str, list[Report]] = {}
    for report in reports:
        found.setdefault(report.group, []).append(report)
    return list(found.items())
