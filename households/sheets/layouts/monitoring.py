"""Households under monitoring (2021 and later): who is monitored and why, and what was true when the risk was gone."""

from households.sheets.layouts.parts import (
    CAUSE,
    COUNTY,
    EDUCATION,
    ETHNICITY,
    HEAD_NAME,
    HEALTH,
    HOUSEHOLD,
    HOUSEHOLD_NO,
    ID_NO,
    INCOME,
    LABOUR,
    NAME,
    PAST_DAY,
    PAST_MONTH,
    PERSON,
    RELATION,
    SCHOOL,
    SEQUENCE,
    SIZE,
    TOWNSHIP,
    VILLAGE,
    WORK_MONTHS,
    YES_NO,
    YUAN,
    choice,
    coded,
    must,
    phone,
    text,
    yes_no,
)
from povreg.kit.sheets.columns import Column, Layout, SheetSpec
from povreg.kit.sheets.kinds import Text

RISKS = tuple(
    Column(f"致贫/返贫风险{number}", f"row.risk{number}", choice("risk"), (f"风险{number}", f"致贫返贫风险{number}"),
           note="按主次先后填")
    for number in range(1, 6)
)  # fmt: skip
CLASS = coded("监测对象类型", "household.monitor_type", "易返贫致贫户(监测对象)类型", "监测对象类别")
FOUND = Column("风险识别时间", "household.risk_identified_on", PAST_MONTH, ("识别监测时间",))
CLEARED_ON = Column("风险消除时间", "household.risk_cleared_on", PAST_MONTH)
WAY = coded("风险消除方式", "household.risk_clear_way", "消除方式")

MONITORED = Layout(
    "monitored",
    "监测对象名册",
    (
        SheetSpec(
            "监测对象名册",
            "人",
            (
                SEQUENCE,
                Column("数据日期", "household.data_date", PAST_DAY, width=12),
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
                HEAD_NAME,
                HEALTH,
                LABOUR,
                WORK_MONTHS,
                CAUSE,
                INCOME,
                phone("户联系电话", "household.phone", "联系电话"),
                phone("人联系电话", "member.phone"),
                coded("户类型", "household.household_type"),
                CLASS,
                *RISKS,
                FOUND,
                yes_no("风险是否消除", "household.risk_cleared", "风险是否已消除"),
                CLEARED_ON,
                WAY,
                HEAD_NAME,
            ),
        ),
    ),
    "每人一行，只列监测对象。风险按主次填在风险1到风险5。户的各项取自户主所在的行。",
)

GUARANTEES = {
    "education": "义务教育阶段失学辍学", "housing": "住房损毁", "medical": "未参医保", "water": "饮水设施损毁",
}  # fmt: skip
"""What must not be damaged when a risk is removed: a yes in the sheet is a fail of the criterion."""
AMOUNTS = {
    "wage_income": "工资性收入", "property_income": "财产性收入", "transfer_income": "转移性收入",
    "business_income": "生产经营性收入", "business_expense": "生产经营性支出", "net_income": "家庭纯收入",
    "per_head": "家庭人均纯收入", "claims_income": "理赔收入", "self_paid": "合规自付支出",
}  # fmt: skip

RISK_CLEARED = Layout(
    "risk-cleared",
    "风险消除名册",
    (
        SheetSpec(
            "风险消除",
            "户",
            (
                SEQUENCE,
                COUNTY,
                Column("乡(镇)", "place.township", Text(80), ("乡镇",), note="不导入"),
                Column("行政村", "place.village", Text(80), ("村",), note="不导入"),
                must("户编号", "row.household_no", HOUSEHOLD_NO, width=22),
                Column("户主姓名", "place.head", Text(40), ("户主",), note="供核对，不导入"),
                CLASS,
                FOUND,
                must("风险消除时间", "household.risk_cleared_on", PAST_MONTH),
                WAY,
                *(Column(f"风险消除后{said}", f"row.after_{name}", YES_NO) for name, said in GUARANTEES.items()),
                *(Column(f"风险消除后{said}", f"row.after_{name}", YUAN, width=14) for name, said in AMOUNTS.items()),
            ),
        ),
    ),
    "每户一行，只列已消除风险的监测对象；十三项“风险消除后”是消除时的情况，空白表示没有登记。",
)
