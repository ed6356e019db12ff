"""A department's list of the classes that it decides (民政对象); taken in, never handed out."""

from households.sheets.layouts.parts import HOUSEHOLD_NO, must
from households.standing.departments import DEPARTMENT, class_labels, find_class
from povreg.kit.sheets.columns import Column, Layout, SheetSpec
from povreg.kit.sheets.kinds import Choice, Day, Identity, Text

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
                Column("证件号码", "row.id_no", Identity(), ("身份证号码", "身份证号"), width=24,
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
