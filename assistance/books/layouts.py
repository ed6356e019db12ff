"""The column list of each workbook: template, help and reading follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistance.models.measure import LoanUse, Source
from assistance.models.visit import Answer, Way
from assistance.models.work import Channel, Sector
from assistance.visits.services import TOPICS
from households.sheets.layouts.parts import choice
from povreg.kit.sheets.columns import Column, Layout, SheetSpec
from povreg.kit.sheets.kinds import Choice, Day, Identity, Kind, Number, Text, YesNo, Yuan


def of_choices(choices: Any) -> Choice:
    """Cells that hold a label or a code of a model's choices."""
    labels: Mapping[str, str] = {str(code): str(label) for code, label in choices if code}
    codes = {label: code for code, label in labels.items()} | {code: code for code in labels}
    return Choice(find=codes.get, labels=lambda: labels)


def must(header: str, field: str, kind: Kind, *also: str, **more: Any) -> Column:
    return Column(header, field, kind, also, must_exist=True, must_fill=True, **more)


HOUSEHOLD = must("户编号", "household_no", Number(24), "户编码", width=22)
MEMBER_NO = Column("人编号", "person_no", Number(28), ("人编码",), width=24, note="给某一个人的填写；全户的留空")
HELPER = must("帮扶责任人账号", "username", Text(40), "责任人账号", "账号", width=16)
VOUCHER = Column("凭证号", "voucher", Text(60), ("凭证",))
PAST = Day(past=True)

MEASURES = Layout(
    "measures", "帮扶措施",
    (SheetSpec("措施", "项", (
        HOUSEHOLD, MEMBER_NO,
        must("措施编码", "item", Number(8), "措施代码", note="措施目录里的六位编码"),
        must("落实日期", "delivered_on", PAST, "落实时间"),
        Column("截止日期", "ends_on", Day(), ("到期日期",)),
        Column("金额", "amount", Yuan(), ("金额（元）",)),
        Column("数量", "quantity", Yuan(), ()),
        Column("档次", "tier", Text(20), note="金额分档的措施才填；不填的，按金额对应"),
        Column("资金来源", "source", of_choices(Source.choices)),
        Column("拨付单位", "payer", Text(60), ("实施单位", "拨付（实施）单位"), width=20),
        VOUCHER,
        Column("贷款用途", "use", of_choices(LoanUse.choices)),
        Column("年利率", "rate", Yuan(), ("年利率（%）",)),
        Column("成效", "effect", Text(200), width=24),
    )),),
    "每行一项措施；同一户同一天的同一项措施再导入时不变。",
)  # fmt: skip
PAYMENTS = Layout(
    "payments", "资金发放",
    (SheetSpec("发放", "笔", (
        must("项目编号", "project", Number(12), note="项目页面地址里的数字"),
        must("下达文号", "document", Text(80), "安排文号", width=22),
        HOUSEHOLD,
        must("事项", "item", Text(60), "拨付事项", width=24),
        must("金额", "amount", Yuan(), "金额（元）"),
        must("拨付日期", "paid_on", PAST, "发放日期"),
        must("凭证号", "voucher", Text(60), "凭证"),
    )),),
    "每行一户一笔；同一项目同一事项一户只发一次，再导入时不变。",
)  # fmt: skip
PAIRINGS = Layout(
    "pairings", "结对帮扶",
    (SheetSpec("结对", "对", (
        HOUSEHOLD, HELPER,
        must("开始日期", "starts_on", Day(), "开始帮扶时间"),
        Column("结束日期", "ends_on", Day(), ("结束帮扶时间",)),
        Column("帮扶内容", "note", Text(120), width=24),
    )),),
    "每行一户和一名帮扶责任人；已经结对的不变。",
)  # fmt: skip
VISITS = Layout(
    "visits", "走访",
    (SheetSpec("走访", "次", (
        HOUSEHOLD, HELPER,
        must("走访日期", "visited_on", PAST, "走访时间", "下乡时间"),
        Column("方式", "way", of_choices(Way.choices)),
        *(Column(label, f"answer.{topic}", of_choices(Answer.choices)) for topic, (label, _risk) in TOPICS.items()),
        Column("问题", "problem", Text(120), width=30, note="有“有问题”的填写"),
        Column("人在村里", "at_home", YesNo()),
        Column("下一步", "next_step", Text(120), ("下一步计划",), width=24),
        must("不能签字的原因", "unsigned", Text(60), "签字情况", note="如：纸质记录已签字"),
    )),),
    "每行一次走访，用于补录纸质记录；同一人同一天走访同一户的不变，不生成线索。",
)  # fmt: skip
JOBS = Layout(
    "jobs", "务工",
    (SheetSpec("务工", "人", (
        Column("人编号", "person_no", Number(28), ("人编码",), width=24, note="人编号和证件号码填一样"),
        Column("证件号码", "id_no", Identity(), ("身份证号", "身份证号码"), width=22),
        must("开始务工", "since", PAST, "务工开始时间"),
        must("务工地点", "where", choice("work_place")),
        Column("具体地点", "place_name", Text(60), width=20),
        Column("单位", "employer", Text(80), ("单位（雇主）",), width=24),
        Column("行业", "sector", of_choices(Sector.choices)),
        Column("月工资", "wage", Yuan(), ("月工资（元）",)),
        Column("就业渠道", "channel", of_choices(Channel.choices)),
        Column("签订劳动合同", "has_contract", YesNo()),
    )),),
    "每行一人一次务工；还没结束的同一次务工再导入时不变。",
)  # fmt: skip
ALL = {layout.code: layout for layout in (MEASURES, PAYMENTS, PAIRINGS, VISITS, JOBS)}
