"""The posted lists as papers for the board: what is posted is what was frozen, and what is said of its way is true."""

from __future__ import annotations

from households.models import Batch, Notice
from households.models.template import DayRule, StepKind
from households.procedures.engine.procedure import procedure_of
from households.procedures.papers.blocks import Block, Grid, Paper, Qr, Sheet, Stamp, Text
from households.procedures.papers.declared import day_text, office_of, place_names
from povreg.kit.masking import mask_numbers
from villages.periods.selectors import era_of

COUNT = {1: "一", 2: "二", 3: "三"}
ON_THE_WAY = {
    StepKind.APPRAISAL: "村民主评议",
    StepKind.NOTICE: "公示",
    StepKind.TOWNSHIP_REVIEW: "乡镇审核",
    StepKind.COUNTY_REVIEW: "县审定",
}
"""What an announcement says was done, of those steps that the list really has."""
HOUSEHOLDS = (("序号", "户主", "组", "人口", "类别", "理由"), (8, 16, 14, 8, 22, 32))
VILLAGES = (("序号", "村", "人口", "类别", "理由"), (8, 22, 12, 26, 32))


def notice_paper(notice: Notice, url: str) -> Paper:
    """A list for the board: heads with their full name, the days, where to object, the way to the public page."""
    batch = notice.batch
    title = f"{''.join(place_names(batch))}{batch.year}年{notice}"
    numbered = notice.type == Notice.Type.NOTICE
    order = f"（第{COUNT.get(notice.sequence, notice.sequence)}次）" if numbered else ""
    correction = (
        [Text(f"本名单为更正后的名单。更正原因：{mask_numbers(notice.correction_reason)}。")]
        if notice.supersedes_id
        else []
    )
    blocks: list[Block] = [Text(opening(notice)), *correction, *listed(notice), *closing(notice, url)]
    return Paper(f"{title}{order}", f"notice-{notice.pk}", [Sheet(f"{title}{order}", "", blocks, board=True)])


def listed(notice: Notice) -> list[Block]:
    """The lines, and how many they are; a list of the village itself has one, and no household."""
    lines = list(notice.lines.order_by("position"))
    if procedure_of(notice.batch.kind).of_village:
        rows = [(str(row.position), row.masked_name, str(row.persons), row.category, row.reason) for row in lines]
        return [Grid(VILLAGES[0], rows, VILLAGES[1])]
    every = [
        (str(row.position), row.head_name or row.masked_name, row.group_name, str(row.persons), row.category,
         row.reason)
        for row in lines
    ]  # fmt: skip
    return [
        Grid(HOUSEHOLDS[0], every, HOUSEHOLDS[1]),
        Text(f"以上共 {notice.entries_count} 户 {notice.people_count} 人。", "plain"),
    ]


def opening(notice: Notice) -> str:
    """What is posted and on what ground, in the words of its year."""
    batch = notice.batch
    declared, work = procedure_of(batch.kind), era_of(batch.year, batch.place_id).work
    subject = f"{batch.year}年{batch.get_kind_display()}"
    if notice.type == Notice.Type.CORRECTION:
        return f"{subject}名单中下列一户的批复有误，已依规定更正，现予公告。"
    if notice.type == Notice.Type.ANNOUNCEMENT:
        return f"按照{work}工作程序，经{way_of(batch)}，现将{subject}名单公告如下。"
    whom = "村" if declared.of_village else "农户"
    return (
        f"按照{work}工作程序，现将{batch.year}年{declared.category}的{whom}名单予以公示，公示 {span(notice)}。"
        "公示期内，任何人对名单有不同意见，可以向村民委员会或乡镇人民政府提出，也可以拨打监督电话或扫描二维码在网上提出，可以不留姓名。"
        "收到的意见都会调查、答复。"
    )


def way_of(batch: Batch) -> str:
    """村民主评议、公示、乡镇审核和县审定: those of them that the list went through."""
    kinds = set(batch.template.steps.filter(enabled=True).values_list("kind", flat=True))
    *first, last = [words for kind, words in ON_THE_WAY.items() if kind in kinds]
    return f"{'、'.join(first)}和{last}" if first else last


def span(notice: Notice) -> str:
    rule = "个工作日" if notice.day_rule == DayRule.WORKING else "天"
    return f"{notice.days} {rule}，自{day_text(notice.posted_on)}张贴起，至{day_text(notice.ends_on)}止"


def closing(notice: Notice, url: str) -> list[Block]:
    hotline = era_of(notice.posted_on, notice.batch.place_id).hotline
    own = f"{notice.hotline}、" if notice.hotline and notice.hotline != hotline else ""
    return [
        Text(f"张贴地点：{mask_numbers(notice.board)}", "plain"),
        Text(f"监督电话：{own}{hotline}", "plain"),
        Qr(url, "扫一扫，查看名单" + ("、提出意见" if notice.type == Notice.Type.NOTICE else "")),
        Stamp(office_of(notice.batch, notice.step.level, notice.posted_on), day_text(notice.posted_on)),
    ]
