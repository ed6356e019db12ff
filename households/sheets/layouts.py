"""The sheets offices exchange (contract.md section 3, dictionary.md 6.6): one column list each.

``field`` says where a cell goes: ``household.x`` and ``member.x`` are current facts, ``annual.x`` and ``year.x`` the
yearly record of the household and of the member, ``row.x`` is what the import needs to place the row, ``place.x`` is
written on export and not read. A roster never touches yearly records.
"""

from functools import partial
from typing import Any

from households.models import AnnualRecord, Household, Member, MemberYear
from households.standing.departments import DEPARTMENT, class_labels, find_class
from povreg.kit.sheets.columns import Column, Layout, SheetSpec
from povreg.kit.sheets.kinds import Choice, Day, Kind, Month, Number, Phone, Text, Whole, YesNo, Yuan
from villages.codes import selectors as codes

MODELS = {"household": Household, "member": Member, "annual": AnnualRecord, "year": MemberYear}
YEARS = Whole(2013, 2100, suffix="年")
YES_NO = YesNo()
YUAN = Yuan()


def choice(table: str) -> Choice:
    """Cells that hold a label or a code of a code table."""
    return Choice(find=partial(codes.find, table), labels=partial(codes.labels, table))


def _field(path: str) -> Any:
    model, name = path.split(".")
    return MODELS[model]._meta.get_field(name)


def _length(path: str) -> int:
    return int(_field(path).max_length)


def text(header: str, field: str, *also: str, close: bool = False, **more: object) -> Column:
    return Column(header, field, Text(_length(field), close=close), also, **more)  # type: ignore[arg-type]


def coded(header: str, field: str, *also: str, **more: object) -> Column:
    return Column(header, field, choice(_field(field).code_table), also, **more)  # type: ignore[arg-type]


def yes_no(header: str, field: str, *also: str) -> Column:
    return Column(header, field, YES_NO, also, width=8)


def yuan(header: str, field: str, *also: str) -> Column:
    return Column(header, field, YUAN, also)


def must(header: str, field: str, kind: Kind, *also: str, **more: object) -> Column:
    """A column without which the sheet cannot be read, and a cell without which the row cannot."""
    return Column(header, field, kind, also, must_exist=True, must_fill=True, **more)  # type: ignore[arg-type]


HOUSEHOLD_NO = Number(24)
PERSON_NO = Number(28)
SEQUENCE = Column("序号", "place.sequence", Text(20), width=7, note="不导入")
COUNTY = Column("县(市、区、旗)", "place.county", Text(80), ("县", "区县", "县区"), note="不导入，县由导入时选定")
TOWNSHIP = Column("乡(镇)", "row.township", Text(80), ("乡镇", "镇(乡)", "乡镇街道"), must_exist=True)
VILLAGE = must("行政村", "row.village", Text(80), "村", note="带不带“村民委员会”等后缀都可以")
HOUSEHOLD = must("户编号", "row.household_no", HOUSEHOLD_NO, width=22, note="同一户各行相同")
PERSON = Column("人编号", "row.person_no", PERSON_NO, width=24, note="空白时自动编号")
NAME = must("姓名", "member.name", Text(_length("member.name"), close=True))
ID_NO = must(
    "证件号码", "row.id_no", Kind(), "身份证号码", "身份证号", "证件号", width=24, note="18 位；残疾人证 20 或 22 位"
)
SIZE = Column("人数", "row.size", Whole(0, 9999), ("家庭人口",), width=7, note="与本表实收人数不同会提示")
RELATION = must("与户主关系", "member.relation", choice("relation"))
ETHNICITY = coded("民族", "member.ethnicity", width=9)
EDUCATION = coded("文化程度", "member.education")
SCHOOL = coded("在校生状况", "member.school_status", "在校生情况", note="空白而文化程度已填，表示非在校生")
HEALTH = coded("健康状况", "member.health", "健康状态")
LABOUR = coded("劳动技能", "member.labour", "劳动能力")
WORK_PLACE = coded("务工状况", "member.work_place", "务工情况", "务工地点")
WORK_MONTHS = Column(
    "务工时间（月）", "member.work_months", Whole(0, 12, suffix="个月"), ("务工时间", "务工月数"), width=9
)
INS_MAJOR = yes_no("是否参加大病保险", "member.ins_major", "参加大病医疗", "大病保险", "参加大病保险")
CAUSE = coded("致贫原因1", "household.main_cause", "致贫原因", "主要致贫原因")
DILAPIDATED = yes_no("危房户", "household.declared_dilapidated", "是否危房户", "是否危房")
WATER = yes_no("是否解决安全饮用水", "household.declared_water_safe", "解决安全饮用水", "饮水是否安全")
INCOME = yuan("人均纯收入", "household.declared_income", "人均纯收入元")
EXIT_STATUS = coded("脱贫属性", "household.exit_status", "脱贫标志")
ATTRIBUTE = coded("贫困户属性", "household.household_attr", "户属性")


def _older(column: Column, header: str, *also: str) -> Column:
    """The same column under the header an older export had."""
    names = {column.header, *column.also, *also} - {header}
    return Column(
        header, column.field, column.kind, tuple(sorted(names)), column.must_exist, column.must_fill, column.note,
        column.width,
    )  # fmt: skip


def phone(header: str, field: str, *also: str) -> Column:
    return Column(header, field, Phone(), also, width=15)


ROSTER_2022 = Layout(
    "roster-2022",
    "脱贫人口名单（2022 年版）",
    (
        SheetSpec(
            "已脱贫人口名单",
            "人",
            (
                SEQUENCE,
                Column("数据日期", "household.data_date", Day(), width=12),
                COUNTY,
                TOWNSHIP,
                VILLAGE,
                text("自然村", "household.group_name", "自然村组", "村民小组"),
                HOUSEHOLD,
                PERSON,
                NAME,
                ID_NO,
                SIZE,
                RELATION,
                ETHNICITY,
                EDUCATION,
                SCHOOL,
                HEALTH,
                LABOUR,
                WORK_MONTHS,
                INS_MAJOR,
                CAUSE,
                DILAPIDATED,
                WATER,
                INCOME,
                phone("户联系电话", "household.phone"),
                phone("人联系电话", "member.phone"),
                Column("首次识别时间", "household.identified_on", Month(), ("识别时间",)),
                Column("人员识别时间", "member.identified_on", Month()),
                coded("户类型", "household.household_type"),
                coded("易返贫致贫户(监测对象)类型", "household.monitor_type", "监测对象类型", "监测对象类别"),
                yes_no("风险是否消除", "household.risk_cleared", "风险是否已消除"),
                Column("风险识别时间", "household.risk_identified_on", Month(), ("识别监测时间",)),
                Column("风险消除时间", "household.risk_cleared_on", Month()),
            ),
        ),
    ),
    "每人一行。户的各项取自户主所在的行。",
)

ROSTER_2019 = Layout(
    "roster-2019",
    "贫困人口名单（2019 年版）",
    (
        SheetSpec(
            "贫困人口名单",
            "人",
            (
                _older(COUNTY, "县"),
                _older(TOWNSHIP, "乡镇"),
                VILLAGE,
                HOUSEHOLD,
                PERSON,
                NAME,
                ID_NO,
                SIZE,
                RELATION,
                ETHNICITY,
                EDUCATION,
                SCHOOL,
                HEALTH,
                LABOUR,
                WORK_PLACE,
                _older(WORK_MONTHS, "务工时间"),
                _older(INS_MAJOR, "参加大病医疗"),
                EXIT_STATUS,
                Column("脱贫年度", "household.exit_year", YEARS, ("脱贫年份",), width=9),
                ATTRIBUTE,
                _older(CAUSE, "致贫原因", "致贫原因1"),
                DILAPIDATED,
                WATER,
                INCOME,
                phone("联系电话", "household.phone", "户联系电话"),
            ),
        ),
    ),
    "每人一行。户的各项取自户主所在的行。",
)

ROSTER_2016 = Layout(
    "roster-2016",
    "贫困人口名单（2016 年版）",
    (
        SheetSpec(
            "贫困人口名单",
            "人",
            (
                Column("省", "place.province", Text(80), ("省份", "省(区、市)"), note="不导入"),
                Column("市", "place.prefecture", Text(80), ("地市", "市(州)"), note="不导入"),
                _older(COUNTY, "县"),
                _older(TOWNSHIP, "镇(乡)"),
                VILLAGE,
                NAME,
                Column("性别", "row.sex", choice("sex"), width=7, note="按证件号码登记"),
                ID_NO,
                SIZE,
                RELATION,
                ETHNICITY,
                EDUCATION,
                SCHOOL,
                HEALTH,
                _older(LABOUR, "劳动能力"),
                WORK_PLACE,
                WORK_MONTHS,
                yes_no("是否参加新农合", "member.declared_ins_resident", "是否参加城乡居民基本医疗保险"),
                yes_no("是否参加新型养老保险", "member.declared_pen_resident", "是否参加城乡居民基本养老保险"),
                yes_no("是否参加城镇职工基本养老保险", "member.declared_pen_employee"),
                EXIT_STATUS,
                ATTRIBUTE,
                _older(CAUSE, "主要致贫原因"),
                INCOME,
                phone("联系电话", "household.phone", "户联系电话"),
                text("开户银行名称", "household.bank_name", "开户银行"),
                Column("银行卡号", "household.bank_account", Phone(), width=22),
                Column(
                    "户编号", "row.household_no", HOUSEHOLD_NO, width=22, note="可不填；填了按户编号归户", listed=False
                ),
            ),
            title="建档立卡贫困人口信息",
        ),
    ),
    "每人一行，每户从户主那一行开始。原表没有户编号，按户主的证件号码对应已登记的户。",
)

ANNUAL = Layout(
    "annual",
    "年度记录",
    (
        SheetSpec(
            "户",
            "户",
            (
                must("年度", "row.year", YEARS, width=8),
                must("户编号", "row.household_no", HOUSEHOLD_NO, width=22),
                Column("户主姓名", "place.head", Text(40), note="供核对，不导入"),
                yuan("工资性收入", "annual.wage_income"),
                yuan("生产经营性收入", "annual.business_income"),
                yuan("财产性收入", "annual.property_income"),
                yuan("计划生育金", "annual.tr_family_planning"),
                yuan("低保金", "annual.tr_dibao"),
                yuan("五保金", "annual.tr_wubao"),
                yuan("养老保险金", "annual.tr_pension"),
                yuan("生态补偿金", "annual.tr_eco"),
                yuan("其他转移性收入", "annual.tr_other"),
                yuan("生产经营性支出", "annual.business_expense"),
                yes_no("不愁吃", "annual.food"),
                yes_no("不愁穿", "annual.clothing"),
                coded("住房等级", "annual.house_grade", width=9),
                coded("住房保障方式", "annual.house_security"),
                yes_no("安全饮水", "annual.water_safe"),
                yes_no("生活用电", "annual.power_living"),
                yes_no("广播电视", "annual.broadcast"),
            ),
        ),
        SheetSpec(
            "人",
            "人",
            (
                must("年度", "row.year", YEARS, width=8),
                must("户编号", "row.household_no", HOUSEHOLD_NO, width=22),
                Column("人编号", "row.person_no", PERSON_NO, must_exist=True, width=24),
                Column("姓名", "place.name", Text(40), note="供核对，不导入"),
                coded("在校生状况", "year.school_status"),
                coded("未上学原因", "year.dropout_reason"),
                yes_no("居民医保", "year.ins_resident"),
                yes_no("职工医保", "year.ins_employee"),
            ),
        ),
    ),
    "两个工作表：“户”每户一行，“人”每人一行。空白表示没有登记，不等于 0 或否。",
)

DEPARTMENT_LIST = Layout(
    "department-list",
    "部门名单（民政对象）",
    (
        SheetSpec(
            "部门名单",
            "户",
            (
                must("文件号或批次", "row.document", Text(80), "文件号", "批次", width=22),
                must("名单日期", "row.as_of", Day(), width=12),
                Column("部门", "row.department", Text(60), ("认定部门",), note=f"空白时为{DEPARTMENT}"),
                Column("户编号", "row.household_no", HOUSEHOLD_NO, width=22, note="与证件号码至少填一项"),
                Column("姓名", "place.name", Text(40), ("户主姓名",), note="供核对，不导入"),
                Column("证件号码", "row.id_no", Kind(), ("身份证号码", "身份证号"), width=24,
                       note="只有家庭中的某人时填，一人一行"),
                must("民政对象类别", "row.klass", Choice(find=find_class, labels=class_labels), "救助类别",
                     "对象类别", width=16),
                must("起始日期", "row.since", Day(), "认定日期", "保障起始日期", width=12),
                Column("终止日期", "row.until", Day(), ("停发日期", "保障终止日期"), width=12,
                       note="从这一天起不再是；还在继续的不填"),
            ),
        ),
    ),
    "每户一行；只涉及家庭中某人的，每人一行。名单没有提到的户不受影响。由县主管部门接收。",
)  # fmt: skip

EXPORTED = {layout.code: layout for layout in (ROSTER_2022, ROSTER_2019, ROSTER_2016, ANNUAL)}
"""What is handed out; the others are only taken in."""
LAYOUTS = {**EXPORTED, DEPARTMENT_LIST.code: DEPARTMENT_LIST}


def is_roster(layout: Layout) -> bool:
    """Whether the layout lists people with their current facts."""
    return layout not in (ANNUAL, DEPARTMENT_LIST)
