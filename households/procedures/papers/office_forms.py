"""Further papers of a list: sign-in sheet, reviews, approval, proof of a notice without objection, feedback of a
comparison, authorisation of all adults, notice of a correction, and the contents of a file."""

from __future__ import annotations

from django.utils import timezone

from households.models import (
    Application,
    ApprovalCorrection,
    Batch,
    Comparison,
    Member,
    Notice,
    Objection,
    Signature,
    StepRecord,
)
from households.models.template import Level, PaperKind, StepKind
from households.procedures.engine import clock
from households.procedures.engine.compared import covers, lists_for, named_of
from households.procedures.engine.procedure import procedure_of
from households.procedures.lists.meetings import roll_of
from households.procedures.papers.blocks import Block, Box, Facts, Grid, Sheet, Stamp, Text
from households.procedures.papers.declared import (
    BLANK_DAY,
    Line,
    capacity_name,
    committee_of,
    day_text,
    list_grid,
    office_of,
    place_names,
)
from povreg.kit.idnumber import age_on

ADULT_YEARS = 18


def subject_of(batch: Batch) -> str:
    return f"{batch.year}年{batch.get_kind_display()}"


def sign_in_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    """签到表: the representatives of the day by name, or empty lines."""
    meeting = batch.meetings.order_by("pk").last()
    day = meeting.held_on if meeting else clock.today()
    roll = roll_of(batch.place_id, day)
    came = set(meeting.attended) if meeting else set()
    names = list(roll.names) if roll else sorted(came) or [""] * (meeting.representatives if meeting else 30)
    rows = [(str(n), name, "", "到会" if name in came else "") for n, name in enumerate(names, 1)]
    facts = Facts(
        (
            ("会议时间", day_text(meeting.held_on if meeting else None)),
            ("会议地点", meeting.venue if meeting else ""),
            ("应到", f"{len(names)} 人"),
            ("实到", f"{meeting.present} 人" if meeting else ""),
        )
    )
    grid = Grid(("序号", "代表姓名", "签字", "备注"), rows, (10, 30, 40, 20), tall=True)
    return [Sheet("民主评议会议签到表", f"{batch.place}　{subject_of(batch)}", [facts, grid])]


def review_sheets(batch: Batch, lines: list[Line], kind: str, level: Level, title: str) -> list[Sheet]:
    """A level's review of a list: what it looked at, its opinion, its signatures."""
    record = _record(batch, kind)
    signed = Signature.objects.filter(batch=batch, step__kind=kind, round=batch.round, entry=None).order_by("pk")
    signers = [
        f"{capacity_name(batch, row.capacity, row.signed_on)}：{row.name}　{day_text(row.signed_on)}" for row in signed
    ]
    people = sum(line.persons for line in lines)
    opinion = f"{record.get_outcome_display()}。{record.remark}" if record else ""
    blocks: list[Block] = [
        Facts(
            (
                ("村", str(batch.place)),
                ("事项", subject_of(batch)),
                ("户数", f"{len(lines)} 户"),
                ("人数", f"{people} 人"),
            )
        ),
        list_grid(lines),
        Box("抽查情况", _sampled(batch, kind), ("抽查人",)),
        Box("审核意见", opinion, tuple(signers) or ("经办人", "负责人")),
        Stamp(office_of(batch, level, record.on if record else clock.today()), day_text(record.on if record else None)),
    ]
    return [Sheet(title, f"{batch.place}　{subject_of(batch)}", blocks)]


def _record(batch: Batch, kind: str) -> StepRecord | None:
    rows = batch.records.filter(step__kind=kind, round=batch.round).exclude(outcome=StepRecord.Outcome.CORRECTED)
    return rows.order_by("pk").last()


def _sampled(batch: Batch, kind: str) -> str:
    rows = batch.entries.filter(results__step__kind=kind, results__round=batch.round)
    many = rows.exclude(results__outcome="accepted").distinct().count()
    return f"抽查 {many} 户。" if many else ""


def township_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    return review_sheets(batch, lines, StepKind.TOWNSHIP_REVIEW, Level.TOWNSHIP, "乡镇审核表")


def county_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    """县批复: the decision of the county with the list."""
    record, reviewed = _record(batch, StepKind.FILING), _record(batch, StepKind.COUNTY_REVIEW)
    draft = (
        []
        if record
        else [Text("（拟稿：县级已审定，还没有批复。）" if reviewed else "（拟稿：县级还没有审定。）", "small")]
    )
    _county, township, village = place_names(batch)
    day = record.on if record else None
    blocks: list[Block] = [
        *draft,
        Text(f"{township}人民政府：", "plain"),
        Text(
            f"你乡镇报来的{village}{subject_of(batch)}名单收悉。经审核，程序合规、材料齐全，同意下列 {len(lines)} 户"
            f"{procedure_of(batch.kind).category.removeprefix('拟')}。"
        ),
        *([Text(record.remark, "plain")] if record and record.remark else []),
        list_grid(lines),
        Text("请做好公告、建档和后续帮扶工作。"),
        Stamp(office_of(batch, Level.COUNTY, day or clock.today()), day_text(day)),
    ]
    return [Sheet(f"关于{village}{subject_of(batch)}名单的批复", "", blocks)]


def unopposed_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    """公示无异议证明, or what objections there were and that they were answered: only what is true."""
    notices = batch.notices.filter(type=Notice.Type.NOTICE, state=Notice.State.CLOSED).select_related("step")
    return [_unopposed(batch, notice) for notice in notices.order_by("pk")] or [_unopposed(batch, None)]


def _unopposed(batch: Batch, notice: Notice | None) -> Sheet:
    raised = Objection.objects.filter(notice=notice) if notice else Objection.objects.none()
    many, open_ones = raised.count(), raised.open().count()
    if notice is None:
        said = "公示还没有结束。"
    elif many == 0:
        said = "公示期内没有收到异议。"
    elif open_ones:
        said = f"公示期内收到异议 {many} 件，还有 {open_ones} 件没有答复。"
    else:
        said = f"公示期内收到异议 {many} 件，均已调查并答复。"
    issuer = office_of(batch, notice.step.level, notice.posted_on) if notice else committee_of(batch.place)
    span = f"自{day_text(notice.posted_on)}至{day_text(notice.ends_on)}" if notice else f"自{BLANK_DAY}至{BLANK_DAY}"
    blocks: list[Block] = [
        Text(f"{subject_of(batch)}名单{span}在{notice.board if notice else '公示栏'}公示。{said}"),
        Text("特此证明。"),
        Stamp(issuer, day_text(notice.closed_on if notice else None)),
    ]
    return Sheet("公示情况证明", f"{batch.place}", blocks)


def comparison_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    """比对反馈: what the comparison named of these households, and how it was explained."""
    rows = Comparison.objects.filter(kind=batch.kind, year=batch.year, place_id=batch.place_id[:6])
    latest = rows.order_by("-compared_on", "-pk").first()
    heads = {line.household_id: line.head for line in lines}
    table = [
        (heads[home], each.what, f"{each.source}　{day_text(each.on)}", each.answer or "待核实")
        for home, every in named_of(heads).items()
        for each in every
    ]
    lists = lists_for(batch)
    facts = Facts(
        (
            ("比对单位", "、".join(lists) or (latest.source if latest else "")),
            ("比对日期", day_text(latest.compared_on if latest else None)),
            ("文号", latest.document if latest else ""),
            ("户数", f"{len(lines)} 户"),
        )
    )
    grid = Grid(("户主", "情形", "来源", "核实说明"), table or [("", "", "", "")], (20, 18, 30, 32), tall=not table)
    all_of_it = "比对没有发现车辆、商品房、经商办企业、财政供养等情形。"
    found = all_of_it if latest or covers(batch) else "在上列数据中没有发现，其他数据还没有比对。"
    text = Text(f"以上未列出的户，{found}" if latest or lists else "还没有比对结果。")
    return [Sheet("信息比对反馈表", f"{batch.place}　{subject_of(batch)}", [facts, grid, text])]


def authorisation_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    """《申请及承诺授权查询书》: whoever is of age on the day it was given signs."""
    ids = [line.household_id for line in lines]
    asked = Application.objects.filter(household__in=ids, kind=batch.kind, year=batch.year).order_by("pk")
    days = {row.household_id: row.authorised_on or row.applied_on for row in asked}
    adults: dict[int, list[str]] = {pk: [] for pk in ids}
    for person in Member.objects.present().filter(household__in=ids).order_by("household_id", "person_no"):
        day = days.get(person.household_id) or clock.today()
        if person.birth_date is None or age_on(person.birth_date, day) >= ADULT_YEARS:
            adults[person.household_id].append(person.name)
    return [_authorisation(batch, line, adults[line.household_id]) for line in lines]


def _authorisation(batch: Batch, line: Line, names: list[str]) -> Sheet:
    rows = [(str(n), name, "", "", "") for n, name in enumerate([*names, ""], 1)]
    blocks: list[Block] = [
        Text(f"{committee_of(batch.place)}：", "plain"),
        Text(f"本户（户编号 {line.number}）申请{subject_of(batch)}，承诺所报情况真实、完整，如有隐瞒自愿退出。"),
        Text(
            "本户共同生活的全体成年人同意并授权有关部门查询、比对本户的收入、存款、房产、车辆、工商登记、社会保障等信息，"
            "用于本次核实和以后的动态监测。"
        ),
        Grid(("序号", "姓名", "身份证号", "签字（按手印）", "日期"), rows, (9, 18, 32, 24, 17), tall=True),
    ]
    return Sheet("申请及承诺授权查询书", f"{batch.place}{line.group}", blocks)


def correction_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    """更正通知, one a household whose approval was put right."""
    rows = ApprovalCorrection.objects.filter(batch=batch).select_related("entry__household", "notice").order_by("pk")
    heads = dict(Member.objects.heads().filter(household__entries__batch=batch).values_list("household_id", "name"))
    found = [
        Sheet(
            "更正通知",
            subject_of(batch),
            [
                Text(f"{heads.get(row.entry.household_id, '')}（{row.entry.household.household_no}）：", "plain"),
                Text(f"依据{row.document}，对您户{subject_of(batch)}的批复予以更正：{row.told}。原因：{row.reason}。"),
                Text("对更正有不同意见的，可以向乡镇人民政府或县主管部门反映。"),
                Stamp(
                    office_of(batch, Level.COUNTY, row.ordered_on),
                    day_text(row.notice.posted_on if row.notice else None),
                ),
            ],
        )
        for row in rows
    ]
    return found or [Sheet("更正通知", subject_of(batch), [Text("这份名单没有更正。")])]


def contents_sheets(batch: Batch, lines: list[Line]) -> list[Sheet]:
    """卷内目录: what lies in the file step by step, and what is missing."""
    papers = list(batch.papers.filter(removed_at=None).select_related("step").order_by("step__position", "pk"))
    there = {(paper.step_id, paper.kind) for paper in papers}
    rows = [
        (str(n), paper.step.label, paper.get_kind_display(), day_text(timezone.localtime(paper.at).date()), "有")
        for n, paper in enumerate(papers, 1)
    ]
    done = {record.step_id for record in batch.records.all()}
    lacking = [
        ("", step.label, str(PaperKind(kind).label), "", "缺" if step.pk in done else "未到")
        for step in batch.template.steps.filter(enabled=True)
        for kind in step.attachments
        if (step.pk, kind) not in there
    ]
    grid = Grid(("序号", "步骤", "材料", "日期", "有无"), [*rows, *lacking], (8, 30, 28, 20, 14))
    count = Text(f"共 {len(rows)} 件；缺 {sum(row[4] == '缺' for row in lacking)} 件。", "plain")
    return [Sheet("卷内目录", f"{batch.place}　{subject_of(batch)}", [grid, count])]
