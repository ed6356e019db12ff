"""Papers that go to one person: what an objection was and how it was answered, why an application was refused.

The answer names nobody: neither who objected, where secrecy was asked for, nor who looked into it.
"""

from __future__ import annotations

from datetime import date

from households.models import Application, BatchEntry, Objection, StepRecord, Survey
from households.models.template import StepKind
from households.procedures.engine import clock
from households.procedures.engine.procedure import procedure_of
from households.procedures.papers.blocks import Block, Box, Facts, Paper, Sheet, Stamp, Text
from households.procedures.papers.declared import committee_of, day_text, office_of
from povreg.kit.masking import mask_numbers
from villages.models import User
from villages.periods.selectors import era_of


def subject_of(row: Objection) -> str:
    if row.line:
        return f"名单第 {row.line.position} 户（{row.line.group_name or '未分组'}）"
    return "漏评（应列未列）" if row.about == Objection.About.MISSED else "整份名单"


def objection_register(row: Objection, *, reads: bool, knows: bool) -> Paper:
    """异议登记表. ``reads``: whoever prints it may read what was written; ``knows``: and learn who raised it."""
    who = ("未留姓名" if not row.name else row.name) if knows else "按规定保密"
    facts = (
        ("查询号", row.tracking_no),
        ("收到日期", day_text(row.received_on)),
        ("方式", row.get_channel_display()),
        ("提出人", who),
        ("联系电话", (row.phone or "未留") if knows else "按规定保密"),
        ("办理期限", day_text(row.due_on)),
        ("所涉名单", str(row.notice.batch)),
        ("对象", subject_of(row)),
    )
    flags = [row.is_confidential and "提出人要求保密。", row.against_village and "反映村干部的问题，不由本村人员核查。"]
    blocks: list[Block] = [
        Facts(facts),
        *(Text(text, "plain") for text in flags if text),
        Box("异议内容", row.text if reads else "只给经办人和核查人看", ()),
        Box(
            "核查情况",
            row.investigation if reads else "",
            (signed("核查人", row.investigated_by, row.investigated_on),),
        ),
        Box(
            "决定",
            decision_of(row) if reads else row.get_decision_display(),
            (signed("决定人", row.decided_by, row.decided_on),),
        ),
        Box("答复", row.answer, (signed("答复人", row.answered_by, row.answered_on),)),
    ]
    title = "异议登记表"
    return Paper(title, f"objection-{row.pk}", [Sheet(title, f"{row.place}", blocks)])


def signed(what: str, who: User | None, day: date | None) -> str:
    """核查人：王立平　2020年10月14日; before it was done only what is to be signed, the paper leaves room."""
    return f"{what}：{who.name if who else '　　　　　　'}　{day_text(day)}" if day else what


def decision_of(row: Objection) -> str:
    if not row.decision:
        return ""
    return f"异议{row.get_decision_display()}，{row.get_effect_display()}。{row.decision_reason}"


def objection_answer(row: Objection) -> Paper:
    """异议答复书, once answered; before, the same sheet with room to write."""
    batch = row.notice.batch
    day = row.answered_on or clock.today()
    era = era_of(day, row.place_id)
    blocks: list[Block] = [
        Text(f"提出人（查询号 {row.tracking_no}）：", "plain"),
        Text(
            f"您于{day_text(row.received_on)}对{row.place}{batch}的公示提出的意见（{subject_of(row)}）已经收到。"
            "经调查核实，现答复如下："
        ),
        Text(f"一、异议{row.get_decision_display() if row.decision else '□成立　□不成立'}。"),
        Text(f"二、{mask_numbers(row.answer) if row.answer else '　'}"),
        Text(f"对答复有不同意见的，可以向上一级主管部门反映，也可以拨打{era.hotline_label}{era.hotline}。"),
        Stamp(office_of(batch, "township", day), day_text(row.answered_on)),
        Text("本答复书一式两份，一份交提出人，一份存档。", "small"),
    ]
    title = "异议答复书"
    return Paper(title, f"objection-answer-{row.pk}", [Sheet(title, "", blocks)])


LOOKED_AT = {
    StepKind.SURVEY: "入户核实",
    StepKind.VERIFICATION: "核实",
    StepKind.COMPARISON: "信息比对",
    StepKind.APPRAISAL: "民主评议",
    StepKind.TOWNSHIP_REVIEW: "乡镇审核",
    StepKind.COUNTY_REVIEW: "县级审定",
}


def way_of(row: Application) -> str:
    """What was really done with an application before it was refused: 入户核实、民主评议."""
    kinds = set()
    entries = BatchEntry.objects.filter(batch=row.batch_id, household=row.household_id).select_related("out_step")
    out = next((entry.out_step for entry in entries if entry.out_step), None)
    if out is not None:
        before = StepRecord.objects.filter(batch=row.batch_id, step__position__lt=out.position)
        kinds = {out.kind, *before.values_list("step__kind", flat=True)} - {StepKind.SURVEY}
    if Survey.objects.filter(household=row.household_id, kind=row.kind, year=row.year).exists():
        kinds.add(StepKind.SURVEY)
    return "、".join(words for kind, words in LOOKED_AT.items() if kind in kinds) or "审查"


def refusal_letter(row: Application, head: str) -> Paper:
    """不予纳入告知书 of an application that was declined or refused."""
    day = row.decided_on or clock.today()
    era = era_of(day, row.village_id)
    what = procedure_of(row.kind).label
    answer = "不予受理" if row.state == Application.State.DECLINED else "不予纳入"
    blocks: list[Block] = [
        Text(f"{head}（户编号 {row.household.household_no}）：", "plain"),
        Text(f"您户于{day_text(row.applied_on)}提出的{row.year}年{what}申请，经{way_of(row)}，决定{answer}。"),
        Text(f"理由：{row.state_reason or '　'}"),
        Text(
            "家庭情况发生变化的，可以再次申请。对本决定有不同意见的，可以自收到本告知书之日起向乡镇人民政府提出，"
            f"也可以拨打{era.hotline_label}{era.hotline}。"
        ),
        Stamp(committee_of(row.village), day_text(row.decided_on)),
        Box("送达回执", "本告知书已收到，内容已向本人说明。", ("户主签字（按手印）", "送达人")),
    ]
    title = f"{answer}告知书"
    return Paper(title, f"refusal-{row.pk}", [Sheet(title, f"{row.year}年{what}", blocks)])
