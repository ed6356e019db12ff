"""Parts that say how a household is helped: by whom, how it was planned, what reached it, what came of it."""

from __future__ import annotations

from assistance.models import Plan
from assistance.models.plan import Path
from assistance.needs.selectors import need_words, path_words
from assistance.papers.cells import amount, cell, day, facts, yuan
from assistance.papers.dossiers import Dossier
from assistance.visits.selectors import found_words
from households.eligibility.clearing.selectors import short_of
from households.procedures.papers.blocks import Block, Facts, Grid
from villages.codes.selectors import label

TURNS = {1: "第一帮扶人", 2: "第二帮扶人", 3: "第三帮扶人"}
YEARS_SHOWN = 6


def needs(dossier: Dossier) -> list[Block]:
    survey = dossier.surveys[0] if dossier.surveys else None
    pairs = (
        ("调查日期", day(survey.surveyed_on) if survey else ""),
        ("需要什么", need_words(survey.needs) if survey else ""),
        ("愿意走的路子", path_words(survey.will) if survey else ""),
        ("调查人", str(survey.by) if survey else ""),
        ("现状", survey.situation if survey else ""),
        ("困难", survey.difficulty if survey else ""),
    )
    return [Facts(pairs)]


def helpers(dossier: Dossier) -> list[Block]:
    rows = [
        (each.name, TURNS.get(each.turn, ""), each.unit, each.post, each.phone, day(each.row.starts_on))
        for each in dossier.helpers
    ]
    return [Grid(("姓名", "帮扶人", "单位", "职务", "联系电话", "开始时间"), rows, (13, 14, 23, 14, 18, 18))]


def plan(dossier: Dossier) -> list[Block]:
    """Where the year shall lead, and its measures beside what became of them."""
    row = dossier.plan
    pairs = (
        ("主要路子", str(Path(row.path).label) if row else ""),
        ("为什么走这条路", row.path_reason if row else ""),
        *facts(row, ("target_income", "target", "state", "agreed_on"), Plan),
    )
    lines = [
        (
            str(each.item),
            amount(each.quantity, each.item.unit),
            yuan(each.amount),
            day(each.due_on),
            each.responsible,
            "已落实" if dossier.given(each) else "未落实",
        )
        for each in dossier.lines
    ]
    heads = ("措施", "数量", "金额（元）", "完成期限", "责任人或单位", "落实情况")
    return [Facts(pairs), Grid(heads, lines, (25, 12, 15, 18, 18, 12))]


def measures(dossier: Dossier) -> list[Block]:
    rows = [
        (
            str(each.item),
            day(each.delivered_on),
            each.member.name if each.member else "全家",
            amount(each.quantity, each.item.unit),
            yuan(each.amount),
            each.payer,
            cell(each, "source"),
            each.effect,
        )
        for each in dossier.measures
    ]
    heads = ("措施", "落实日期", "受益人", "数量", "金额（元）", "拨付（实施）单位", "资金来源", "成效")
    return [Grid(heads, rows, (16, 18, 10, 8, 12, 13, 11, 12))]


def money(dossier: Dossier) -> list[Block]:
    rows = [
        (each.item, str(each.project), day(each.paid_on), yuan(each.amount), each.voucher) for each in dossier.payments
    ]
    return [Grid(("事项", "项目", "拨付日期", "金额（元）", "凭证号"), rows, (20, 32, 18, 15, 15))]


def jobs(dossier: Dossier) -> list[Block]:
    rows = [
        (
            each.member.name,
            day(each.since),
            day(each.until) or "在岗",
            cell(each, "where"),
            each.employer,
            yuan(each.wage),
        )
        for each in dossier.jobs
    ]
    return [Grid(("姓名", "开始", "结束", "地点", "单位（雇主）", "月工资（元）"), rows, (13, 18, 18, 14, 22, 15))]


def visits(dossier: Dossier) -> list[Block]:
    rows = [
        (day(each.visited_on), str(each.by), each.get_way_display(), found_words(each), each.next_step)
        for each in dossier.visits
    ]
    return [Grid(("日期", "走访人", "方式", "看到的情况", "下一步"), rows, (18, 14, 10, 34, 24))]


def results(dossier: Dossier) -> list[Block]:
    """What came of it, year by year: income against the line, the verdict, what was lacking."""
    years = sorted(dossier.verdicts, reverse=True)[:YEARS_SHOWN]
    rows = [_result(dossier, year) for year in years]
    heads = ("年度", "人均纯收入（元）", "标准（元）", "结论", "未达标或未记录的项目")
    return [Grid(heads, rows, (10, 18, 14, 12, 46))]


def _result(dossier: Dossier, year: int) -> tuple[str, ...]:
    row = dossier.verdicts[year]
    lacking = "、".join(short_of(code) for code in (*row.failed, *row.missing))
    return (f"{year}年", yuan(row.per_head), yuan(row.line_amount), str(row.get_verdict_display()), lacking)


def entitled(dossier: Dossier) -> list[Block]:
    rows = [
        (each.policy.label, each.member.name, each.words, each.policy.amount, each.policy.department)
        for each in dossier.entitlements
    ]
    return [Grid(("政策", "享受人", "情况", "标准", "主管部门"), rows, (22, 13, 20, 27, 18))]


def cause_words(dossier: Dossier) -> str:
    row = dossier.household
    return "、".join(label("cause", code) for code in (row.main_cause, *row.other_causes) if code)
