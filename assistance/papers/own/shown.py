"""What a household reads about itself: names and numbers masked, nothing about illness, plain values only."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from assistance.models import CorrectionRequest
from assistance.papers import helping, living
from assistance.papers.cells import amount, cell, day, facts, yuan
from assistance.papers.dossiers import Dossier, Helper, read
from households.consents.selectors import grounds_of
from households.looks.selectors import looks_at
from households.models import Household
from households.procedures.notices.declaring import Followed
from households.procedures.papers.blocks import Block, Facts, Grid, Paper, Sheet, Text
from households.register.worksheet import of_record
from povreg.kit.masking import birth_shown, mask_name, mask_numbers

OWN = "本户登记信息"
MEASURES_SHOWN = 30
PEOPLE = ("姓名", "与户主关系", "出生", "证件号码")
NOTE = (
    "姓名、证件号码、电话、银行账户已遮盖；健康、残疾情况不在网上显示。要看全部内容，请户主带身份证到村委会查阅、复制。"
)


@dataclass(frozen=True)
class Table:
    """A part of the page: label and value pairs, or a table with headings."""

    title: str
    pairs: tuple[tuple[str, str], ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    empty: str = ""


@dataclass(frozen=True)
class OwnPage:
    """Everything on the page. ``helpers`` may be called, and the office."""

    head: str
    persons: int
    place: str
    tags: list[tuple[str, str]]
    tables: list[Table]
    helpers: list[Helper]
    hotline: str
    hotline_label: str
    office: str
    year: int


def own_page(household: Household) -> OwnPage:
    """The page of a household, for this year."""
    dossier = read([household.pk], timezone.localdate().year)[0]
    return OwnPage(
        head=mask_name(dossier.head_name),
        persons=len(dossier.members),
        place=living.place_of(dossier),
        tags=dossier.standing.tags,
        tables=tables_of(dossier),
        helpers=dossier.helpers,
        hotline=dossier.era.hotline,
        hotline_label=dossier.era.hotline_label,
        office=dossier.era.office,
        year=dossier.year,
    )


def tables_of(dossier: Dossier) -> list[Table]:
    return [
        _entitled(dossier),
        _measures(dossier),
        _plan(dossier),
        _money(dossier),
        _standing(dossier),
        _people(dossier),
        _contact(dossier),
        _income(dossier),
        _conditions(dossier),
        _verdict(dossier),
        _grounds(dossier),
        _looks(dossier),
    ]


def _entitled(dossier: Dossier) -> Table:
    rows = tuple(
        (
            each.policy.label,
            "全家" if "head" in each.policy.who else mask_name(each.member.name),
            each.words,
            each.policy.amount,
            each.policy.department,
        )
        for each in dossier.entitlements
    )
    return Table(
        f"{dossier.year}年应享受的政策",
        heads=("政策", "谁", "情况", "标准", "找哪个部门"),
        rows=rows,
        empty="按登记的情况，今年没有对应的政策。",
    )


def _measures(dossier: Dossier) -> Table:
    rows = tuple(
        (
            str(each.item),
            day(each.delivered_on),
            mask_name(each.member.name) if each.member else "全家",
            yuan(each.amount) or amount(each.quantity, each.item.unit),
            each.payer,
        )
        for each in dossier.measures[:MEASURES_SHOWN]
    )
    return Table(
        "已落实的帮扶措施",
        heads=("措施", "日期", "谁", "金额（元）或数量", "哪个单位"),
        rows=rows,
        empty="还没有登记落实的措施。",
    )


def _plan(dossier: Dossier) -> Table:
    rows = tuple(
        (
            str(each.item),
            amount(each.quantity, each.item.unit),
            yuan(each.amount),
            day(each.due_on),
            "已落实" if dossier.given(each) else "未落实",
        )
        for each in dossier.lines
    )
    return Table(
        f"{dossier.year}年帮扶计划",
        heads=("措施", "数量", "金额（元）", "什么时候完成", "情况"),
        rows=rows,
        empty="今年还没有制定帮扶计划。",
    )


def _money(dossier: Dossier) -> Table:
    rows = tuple((each.item, day(each.paid_on), yuan(each.amount), str(each.project)) for each in dossier.payments)
    return Table(
        "发到户里的资金", heads=("事项", "日期", "金额（元）", "哪个项目"), rows=rows, empty="没有登记到户的资金。"
    )


def _standing(dossier: Dossier) -> Table:
    grid: Grid = living.standing(dossier)[0]  # type: ignore[assignment]  # one table
    return Table(
        "户类型从什么时候起",
        heads=grid.heads[:4],
        rows=tuple(row[:4] for row in grid.rows),
        empty="没有列入过帮扶对象。",
    )


def _people(dossier: Dossier) -> Table:
    rows = tuple(
        (
            mask_name(each.name),
            cell(each, "relation"),
            birth_shown(each.birth_date, each.id_no) or "",
            cell(each, "id_no"),
        )
        for each in dossier.members
    )
    return Table("家里的人", heads=PEOPLE, rows=rows, empty="没有登记家庭成员。")


def _contact(dossier: Dossier) -> Table:
    row = dossier.household
    return Table("住址、电话、账户", pairs=facts(row, ("address", "phone", "bank_name", "bank_account")))


def _income(dossier: Dossier) -> Table:
    found = of_record(dossier.record, dossier.persons)
    sums = (("家庭纯收入（元）", yuan(found.net)), ("人均纯收入（元）", yuan(found.per_head)))
    pairs = facts(dossier.record, living.ITEMS) if dossier.record else ()
    return Table(
        f"{dossier.year}年登记的收入（元）", pairs=(*pairs, *sums) if pairs else (), empty="今年还没有登记收入。"
    )


def _conditions(dossier: Dossier) -> Table:
    names = (*living.GUARANTEED, "arable_mu", "house_area_m2", "entry_road")
    pairs = facts(dossier.record, names) if dossier.record else ()
    return Table(f"{dossier.year}年登记的住房、饮水等条件", pairs=pairs, empty="今年还没有登记。")


def _verdict(dossier: Dossier) -> Table:
    grid: Grid = helping.results(dossier)[0]  # type: ignore[assignment]  # one table
    return Table("各年的评定结果", heads=grid.heads, rows=tuple(grid.rows), empty="还没有评定。")


def _grounds(dossier: Dossier) -> Table:
    """What the household's data are used for, and what it agreed to."""
    rows = tuple(
        (each.purpose.label, each.purpose.what, each.purpose.shared, each.purpose.basis, f"{each.words}　{each.said}")
        for each in grounds_of(dossier.household)
    )
    return Table("本户信息用在哪里", heads=("用途", "哪些信息", "谁能看到", "依据", "是否同意"), rows=rows)


def _looks(dossier: Dossier) -> Table:
    """Who looked, by role and office; names are told by the village's office to whoever asks in person."""
    rows = tuple((day(each.day), each.role, each.office, each.way) for each in looks_at(dossier.household))
    heads = ("日期", "角色", "单位或任职地", "方式")
    return Table("谁查看过本户信息（近一年）", heads=heads, rows=rows, empty="还没有查看记录。")


def copy_of(household: Household) -> Paper:
    """The copy of one's own data (PIPL article 45): the same as the page shows."""
    shown = own_page(household)
    blocks: list[Block] = [
        Text(NOTE, "small"),
        Facts(
            (
                ("户主", shown.head),
                ("户编号", household.household_no),
                ("所在地", shown.place),
                ("家庭人口", f"{shown.persons} 人"),
            )
        ),
    ]
    for table in shown.tables:
        blocks += [Text(table.title, "heading"), *_block(table)]
    people = Grid(
        ("姓名", "单位", "联系电话"), [(each.name, each.unit, each.phone) for each in shown.helpers], (30, 40, 30)
    )
    blocks += [Text("帮扶责任人", "heading"), people if shown.helpers else Text("还没有安排。", "plain")]
    today = day(timezone.localdate())
    return Paper(
        "本户登记信息",
        "本户登记信息",
        [Sheet("本户登记信息（副本）", f"{today}", blocks, footer="本户登记信息", dense=True)],
    )


def _block(table: Table) -> list[Block]:
    if table.pairs:
        return [Facts(tuple((label, value or "未记录") for label, value in table.pairs))]
    if not table.rows:
        return [Text(table.empty, "plain")]
    return [Grid(table.heads, table.rows, widths_of(len(table.heads)))]


def widths_of(count: int) -> tuple[int, ...]:
    """Columns of one width, the first one wider where they do not come out even."""
    each = 100 // count
    return (100 - each * (count - 1), *(each,) * (count - 1))


STATES = {False: "正在办理", True: "已答复"}


def followed(tracking: str) -> Followed | None:
    """How far a request for correction is; nothing of what was written."""
    row = CorrectionRequest.objects.filter(tracking=tracking).first()
    if row is None:
        return None
    return Followed(
        tracking_no=row.tracking_no,
        state=STATES[row.answered_on is not None],
        received_on=row.received_on,
        answer=f"{row.get_outcome_display()}。" if row.answered_on else "",
        reason=mask_numbers(row.answer),
        answered_on=row.answered_on,
        due_on=row.due_on,
    )
