"""The parts that forms of a household are put together from: each says what it prints, and so what it lacks.

What a part would print blank is what is missing: completeness and print cannot say different things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from assistance.papers import helping, living
from assistance.papers.dossiers import Dossier
from households.procedures.papers.blocks import Block, Facts, Grid

HAND_ROWS = 2
"""Empty rows of a table without any, to be filled in by hand."""


@dataclass(frozen=True)
class Part:
    """``section`` of the household page is where it is filled in; ``optional`` names labels and headings that may be
    blank; ``empty``: a table of it may have no row (nothing of the kind happened); ``asks``: completeness looks at
    these blocks instead of those printed."""

    code: str
    title: str
    draw: Callable[[Dossier], list[Block]]
    section: str
    optional: frozenset[str] = field(default=frozenset())
    empty: bool = False
    asks: Callable[[Dossier], list[Block]] | None = None


def lacks(part: Part, dossier: Dossier) -> list[str]:
    """What a part would leave blank."""
    return list(dict.fromkeys(each for block in (part.asks or part.draw)(dossier) for each in _blank(part, block)))


def _blank(part: Part, block: Block) -> Iterator[str]:
    if isinstance(block, Facts):
        yield from (label for label, value in block.pairs if label and not value and label not in part.optional)
    elif isinstance(block, Grid) and not block.rows and not part.empty:
        yield f"{part.title}没有登记"
    elif isinstance(block, Grid):
        for row in block.rows:
            for head, text in zip(block.heads[1:], row[1:], strict=True):
                if not text and head not in part.optional:
                    yield f"{row[0]} {head}"


def to_print(part: Part, dossier: Dossier) -> list[Block]:
    """The blocks, with empty rows where a table has none."""
    return [_with_rows(block) for block in part.draw(dossier)]


def _with_rows(block: Block) -> Block:
    if isinstance(block, Grid) and not block.rows:
        return replace(block, rows=[("",) * len(block.heads)] * HAND_ROWS, tall=True)
    return block


PARTS = {
    part.code: part
    for part in (
        Part(
            "basic",
            "家庭基本情况",
            living.basic,
            "basic",
            optional=frozenset({"门牌号", "自然村（组）", "开户银行", "监测对象类型", "脱贫年度"}),
        ),
        Part(
            "members",
            "家庭成员",
            living.members,
            "members",
            optional=frozenset(
                {"政治面貌", "在校生状况", "劳动技能", "务工时间（月）", "务工地点", "文化程度", "大病保险"}
            ),
        ),
        Part(
            "land",
            "生产生活条件",
            living.conditions,
            "living",
            optional=frozenset(
                {"退耕还林面积（亩）", "林果面积（亩）", "牧草地面积（亩）", "水面面积（亩）", "建房年份"}
            ),
        ),
        Part("guarantees", "两不愁三保障", living.guarantees, "guarantees"),
        Part("income", "收入和支出", living.income, "income", optional=living.OPTIONAL_INCOME),
        Part("account", "收支项目", living.account, "income", optional=living.OPTIONAL_INCOME, asks=living.income),
        Part("causes", "致贫原因", living.causes, "basic", optional=frozenset({"其他致贫原因", "致贫原因说明"})),
        Part("risks", "返贫致贫风险", living.risks, "standing", optional=frozenset({"风险消除时间", "风险消除方式"})),
        Part("standing", "身份变化", living.standing, "standing"),
        Part("needs", "帮扶需求", helping.needs, "plan", optional=frozenset({"困难", "现状"})),
        Part("helpers", "帮扶责任人", helping.helpers, "overview", optional=frozenset({"职务"})),
        Part(
            "plan",
            "帮扶计划",
            helping.plan,
            "plan",
            optional=frozenset({"数量", "金额（元）", "责任人或单位", "落实情况", "年度目标"}),
        ),
        Part(
            "measures",
            "帮扶措施",
            helping.measures,
            "measures",
            optional=frozenset({"受益人", "金额（元）", "拨付（实施）单位", "成效", "资金来源", "数量"}),
        ),
        Part("money", "到户资金", helping.money, "money", empty=True),
        Part(
            "jobs",
            "务工就业",
            helping.jobs,
            "work",
            empty=True,
            optional=frozenset({"结束", "单位（雇主）", "月工资（元）"}),
        ),
        Part("visits", "走访记录", helping.visits, "visits", optional=frozenset({"看到的情况", "下一步"})),
        Part(
            "results", "帮扶成效", helping.results, "income", optional=frozenset({"未达标或未记录的项目", "标准（元）"})
        ),
        Part(
            "entitled",
            "应享受的政策",
            helping.entitled,
            "policies",
            empty=True,
            optional=frozenset({"标准", "主管部门"}),
        ),
    )
}
