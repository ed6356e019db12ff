"""The list of everybody who lives in a village (户籍名单): households without standing, one row a person."""

from households.sheets.layouts.parts import (
    ETHNICITY,
    HOUSEHOLD_NO,
    ID_NO,
    NAME,
    RELATION,
    TOWNSHIP,
    VILLAGE,
    phone,
    text,
)
from povreg.kit.sheets.columns import Column, Layout, SheetSpec
from povreg.kit.sheets.kinds import Number, Text

RESIDENTS = Layout(
    "residents",
    "全村户籍名单",
    (
        SheetSpec(
            "户籍名单",
            "人",
            (
                TOWNSHIP,
                VILLAGE,
                text("自然村（组）", "household.group_name", "自然村", "村民小组", "组"),
                Column(
                    "户号",
                    "row.family_no",
                    Number(24),
                    ("户口簿号", "户籍号"),
                    width=18,
                    note="可不填；填了同村同号的各行为一户，不填则从户主那一行起到下一个户主为一户",
                ),
                Column("户主", "place.head", Text(40), ("户主姓名",), note="供核对，不导入"),
                NAME,
                ID_NO,
                RELATION,
                ETHNICITY,
                phone("电话", "household.phone", "联系电话", "户联系电话"),
                phone("本人电话", "member.phone", "人联系电话"),
                text("地址", "household.address", "家庭住址", "住址"),
                text("门牌号", "household.door_no"),
                Column("户编号", "row.household_no", HOUSEHOLD_NO, width=22, note="退回的行用", listed=False),
            ),
        ),
    ),
    "每人一行，登记没有身份的普通农户；已在册的户和人只对应，不改动。户的各项取自户主所在的行。",
)
