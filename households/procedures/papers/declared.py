"""The papers of a procedure: application, minutes, consent and approval form; what all papers say alike.

The only personal thing on a paper is the head's full name, which the village must know (shared look, policy.md 11.5):
identity numbers, phones and what else a form asks for are left to be written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce

from households.models import Application, Batch, BatchEntry, Member, Signature, Vote
from households.models.member import head_name
from households.models.template import CAPACITY_LEVEL, Capacity, Level
from households.procedures.engine import clock
from households.procedures.engine.procedure import procedure_of
from households.procedures.papers.blocks import (
    Block,
    Box,
    Facts,
    Grid,
    Paper,
    Sheet,
    Text,
)
from villages.models import Place
from villages.periods.selectors import era_of

BLANK_DAY = "　　　　年　　月　　日"


@dataclass(frozen=True)
class Line:
    """A household on a batch, as the forms name it."""

    entry_id: int
    household_id: int
    number: str
    head: str
    group: str
    persons: int
    consent: bool | None
    consent_on: date | None
    consent_reason: str
    exception: str = ""


def day_text(day: date | None, blank: str = BLANK_DAY) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else blank


def place_names(batch: Batch) -> tuple[str, str, str]:
    """County, township, village."""
    village = batch.place
    township = village.parent
    return str(township.parent or "") if township else "", str(township or ""), str(village)


def office_of(batch: Batch, level: str, day: date) -> str:
    """Who issues or decides at a level on a day, with room for its stamp."""
    county, township, _village = place_names(batch)
    group = era_of(day, batch.place_id).group
    offices = {Level.TOWNSHIP: f"{township}人民政府", Level.COUNTY: f"{county}{group}"}
    return offices.get(Level(level), committee_of(batch.place))


def committee_of(village: Place) -> str:
    """The village's committee by its full name: 泉秀村村民委员会, 红光社区居民委员会."""
    return f"{village}居民委员会" if "居" in village.name else f"{village}村民委员会"


# Forms of a batch.


def lines_of(batch: Batch, entry_id: int | None = None) -> list[Line]:
    """The households on the list, or one of them."""
    present = Count("household__members", filter=Q(household__members__left_on=None))
    rows = batch.entries.filter(state=BatchEntry.State.LISTED)
    rows = rows.filter(pk=entry_id) if entry_id else rows
    found: Iterable[Any] = (
        rows.annotate(head=Coalesce(head_name("household_id"), Value("")), persons=present)
        .order_by("household__group_name", "household__household_no")
        .values_list(
            "pk", "household_id", "household__household_no", "head", "household__group_name", "persons",
            "consent", "consent_on", "consent_reason", "exception",
        )
    )  # fmt: skip
    return [Line(*row) for row in found]


def facts_of(batch: Batch, line: Line) -> Facts:
    return Facts(
        (
            ("户主姓名", line.head),
            ("户编号", line.number),
            ("村、组", f"{batch.place}{line.group}"),
            ("家庭人口", f"{line.persons} 人"),
            ("身份证号", ""),
            ("联系电话", ""),
        )
    )


def application_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    rows = Application.objects.filter(household__in=[line.household_id for line in lines], kind=batch.kind)
    known = {row.household_id: row for row in rows.filter(year=batch.year).order_by("pk")}
    return [_application(batch, line, known.get(line.household_id)) for line in lines]


def _application(batch: Batch, line: Line, row: Application | None) -> Sheet:
    proxy = f"{row.proxy_name}（{row.proxy_relation}）" if row and row.by_proxy else ""
    subject = batch.get_kind_display()
    blocks: list[Block] = [
        Text(f"{committee_of(batch.place)}：", "plain"),
        Text(f"本户现申请办理{subject}，理由如下："),
        Box("申请理由", row.reason if row else "", ()),
        facts_of(batch, line),
        Text("本户保证所填情况属实，同意有关部门查询、比对本户的收入、财产、社会保障等信息，用于核实本次申请。"),
        Box("申请人", "", ("申请人签字（按手印）",)),
        Box("代办人（由他人代办时填写）", proxy, ("代办人签字",)),
        Text(f"申请日期：{day_text(row.applied_on if row else None)}", "right"),
    ]
    return Sheet(f"{subject}申请书", f"{batch.year}年", blocks)


def minutes_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    """What was held and voted; before the meeting the same form with the households and empty cells."""
    meeting = batch.meetings.order_by("pk").last()
    votes = {vote.entry_id: vote for vote in Vote.objects.filter(meeting=meeting)} if meeting else {}
    facts = (
        ("会议时间", day_text(meeting.held_on if meeting else None)),
        ("会议地点", meeting.venue if meeting else ""),
        ("主持人", meeting.chair if meeting else ""),
        ("记录人", meeting.recorder if meeting else ""),
        ("计票人", meeting.teller if meeting else ""),
        ("监票人", meeting.scrutineer if meeting else ""),
        ("应到代表", f"{meeting.representatives} 人" if meeting else ""),
        ("实到代表", f"{meeting.present} 人" if meeting else ""),
    )
    every = lines_voted(batch, votes) if votes else lines
    table = [(str(n), line.head, line.group, *_vote(votes.get(line.entry_id))) for n, line in enumerate(every, 1)]
    blocks: list[Block] = [
        Facts(facts),
        Box("议题和讨论情况", meeting.minutes if meeting else "", ()),
        Grid(("序号", "户主", "组", "同意", "不同意", "弃权", "结果"), table, (9, 21, 18, 12, 13, 12, 15)),
        Box("参会代表签字", "\n\n\n\n", ("主持人", "记录人", "计票人", "监票人")),
    ]
    return [Sheet("民主评议会议记录", f"{batch.place}　{batch.year}年{batch.get_kind_display()}", blocks)]


def lines_voted(batch: Batch, votes: dict[int, Vote]) -> list[Line]:
    """The households that were voted on, those that did not pass included."""
    listed = {line.entry_id: line for line in lines_of(batch)}
    others = BatchEntry.objects.filter(pk__in=set(votes) - set(listed)).select_related("household")
    heads = Member.objects.heads().filter(household__entries__in=others)
    names = dict(heads.values_list("household_id", "name"))
    gone = [
        Line(row.pk, row.household_id, row.household.household_no, names.get(row.household_id, ""),
             row.household.group_name, 0, None, None, "")
        for row in others
    ]  # fmt: skip
    return [*(line for line in listed.values() if line.entry_id in votes), *gone]


def _vote(vote: Vote | None) -> tuple[str, str, str, str]:
    if vote is None:
        return "", "", "", ""
    return str(vote.votes_for), str(vote.votes_against), str(vote.abstained), "通过" if vote.passed else "未通过"


def consent_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    words = {True: "认可", False: "不认可", None: "□认可　□不认可"}
    rows = [
        (str(n), one.head, one.group, words[one.consent], one.consent_reason, "", day_text(one.consent_on, blank=""))
        for n, one in enumerate(lines, 1)
    ]
    grid = Grid(
        ("序号", "户主", "组", "本户意见", "不认可的原因", "户主签字（按手印）", "日期"),
        rows, (7, 13, 11, 15, 20, 18, 16), tall=True,
    )  # fmt: skip
    opening = Text(
        f"村“两委”和驻村工作队已入户核实并说明各项收入和“两不愁三保障”情况。本户对列入{batch.year}年"
        f"{batch.get_kind_display()}名单表明如下意见。不认可的，请写明原因，不影响以后享受政策。"
    )
    boxes = Box("入户人员", "", ("村干部", "驻村工作队"))
    title = procedure_of(batch.kind).consent_name
    return [Sheet(title, f"{batch.place}　{batch.year}年", [opening, grid, boxes])]


def approval_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    """The approval form of the batch: opinions of the levels with their signatures and dates, and the list."""
    people = sum(line.persons for line in lines)
    county, township, village = place_names(batch)
    facts = (
        ("县（区）", county),
        ("乡镇", township),
        ("村", village),
        ("事项", f"{batch.year}年{batch.get_kind_display()}"),
        ("户数", f"{len(lines)} 户"),
        ("人数", f"{people} 人"),
    )
    title = f"{batch.get_kind_display()}审批表"
    first = Sheet(title, f"{batch.year}年", [Facts(facts), *opinions_of(batch)])
    return [first, Sheet(f"{title}附：名单", "", [list_grid(lines)])]


def opinions_of(batch: Batch) -> list[Block]:
    """The opinion of every level, with who signed it and when."""
    rows = Signature.objects.filter(batch=batch, entry=None, round=batch.round).order_by("pk")
    signed = {row.capacity: row for row in rows}
    return [
        _opinion(batch, label, [capacity for capacity, at in CAPACITY_LEVEL.items() if at == level], signed)
        for level, label in (
            (Level.VILLAGE, "村级意见"),
            (Level.TOWNSHIP, "乡镇审核意见"),
            (Level.COUNTY, "县级审定意见"),
        )
    ]


def list_grid(lines: list[Line]) -> Grid:
    """The households of a list; who stands there by exception, with its reason."""
    table = [(str(n), line.head, line.group, str(line.persons)) for n, line in enumerate(lines, 1)]
    if not any(line.exception for line in lines):
        return Grid(("序号", "户主", "组", "人口"), table, (12, 36, 32, 20))
    told = [
        (*row, f"按例外列入：{line.exception}" if line.exception else "")
        for row, line in zip(table, lines, strict=True)
    ]
    return Grid(("序号", "户主", "组", "人口", "备注"), told, (8, 18, 16, 10, 48))


def capacity_name(batch: Batch, capacity: str, day: date | None) -> str:
    """In what capacity somebody signs, offices by the name they have on the day (unsigned: when the list ended, or
    today)."""
    era = era_of(day or batch.ended_on or clock.today(), batch.place_id)
    offices = {Capacity.COUNTY_OFFICE: era.office, Capacity.TOWNSHIP_OFFICE: era.township_office}
    return offices.get(Capacity(capacity), str(Capacity(capacity).label))


def _opinion(batch: Batch, label: str, capacities: Iterable[str], signed: dict[str, Signature]) -> Box:
    lines = []
    for capacity in capacities:
        if capacity == Capacity.SURVEYOR:
            continue
        row = signed.get(capacity)
        name = capacity_name(batch, capacity, row.signed_on if row else None)
        lines.append(f"{name}：{row.name}　{day_text(row.signed_on)}" if row else name)
    return Box(f"{label}（盖章）", "", tuple(lines))


Sheets = Callable[[Batch, list[Line]], list[Sheet]]
Form = tuple[str, Sheets]


def form_paper(batch: Batch, form: str, declared: Form, entry_id: int | None = None) -> Paper:
    """A form of the batch, filled in with what is recorded; ``form`` names the file."""
    label, sheets = declared
    title = f"{batch.place}{batch.year}年{batch.get_kind_display()}{label}"
    return Paper(title, f"{form}-{batch.pk}", sheets(batch, lines_of(batch, entry_id)))
