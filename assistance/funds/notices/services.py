"""What is posted of projects: before they enter the library and after they were accepted (policy.md 9.2, 9.3)."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from assistance.funds import catalogue
from assistance.models import Project, ProjectNotice
from households.models.template import DayRule
from households.procedures.engine import clock
from povreg.kit.history import act
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

Stage, State = ProjectNotice.Stage, Project.State
POSTED_IN = {Stage.BEFORE: (State.APPROVED,), Stage.AFTER: (State.ACCEPTED,)}


def post_project(
    *, by: User, project: Project, stage: str, board: str, posted_on: date, days: int = 0
) -> ProjectNotice:
    """Post a project at its place, for at least the days of the stage.

    Raises PermissionDenied without NOTICE_POST there, ValidationError in another state, for fewer days, or while a
    notice of the stage hangs.
    """
    check_right(by, Right.NOTICE_POST, project.place_id)
    least = catalogue.notice_days(stage)
    days = days or least
    with act(by=by, verb="post_project"):
        row = Project.objects.select_for_update(of=("self",)).select_related("place__parent").get(pk=project.pk)
        if row.state not in POSTED_IN[Stage(stage)]:
            raise ValidationError(f"项目现在是“{row.get_state_display()}”，还不到{Stage(stage).label}的时候。")
        if days < least:
            raise ValidationError({"days": f"{Stage(stage).label}至少 {least} 天，请改正。"})
        if not row.since <= posted_on <= timezone.localdate():
            raise ValidationError({"posted_on": f"张贴日期应在 {row.since:%Y-%m-%d} 以后、今天以前，请核对。"})
        if row.notices.filter(stage=stage, closed_on=None).exists():
            raise ValidationError("同一阶段的公示正在张贴，不能重复张贴。")
        content = content_of(row, stage)
        return ProjectNotice.objects.create(
            project=row, stage=stage, board=board.strip()[:80], posted_on=posted_on, days=days,
            ends_on=clock.end_of(posted_on, days, DayRule.CALENDAR), content=content, digest=digest_of(content),
            posted_by=by,
        )  # fmt: skip


def content_of(row: Project, stage: str) -> dict[str, Any]:
    """What is posted: of the plan before, of what was done and paid after; nobody is named but units."""
    found = {
        "项目名称": row.name,
        "类别": catalogue.label_of_category(row.category),
        "实施地点": f"{row.place.parent or ''}{row.place}",
        "建设内容": row.content,
        "投资估算": f"{row.budget:,.2f} 元",
        "责任单位": row.supervisor,
        "受益": f"{row.households_meant} 户 {row.people_meant} 人",
    }
    if stage == Stage.AFTER:
        sources = [
            f"{each.source.get_kind_display()} {each.source.document} {each.amount:,.2f} 元"
            for each in row.allocations.select_related("source")
        ]
        found |= {
            "承建单位": row.contractor or "—",
            "资金来源": "；".join(sources) or "—",
            "已拨付": f"{row.paid:,.2f} 元",
            "验收日期": f"{row.since:%Y-%m-%d}",
        }
    return found


def digest_of(content: dict[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def close_notice(*, by: User | None, notice: ProjectNotice, on: date, objections: str = "") -> ProjectNotice:
    """Note that a notice hung its days. Raises PermissionDenied, ValidationError before the last day is over."""
    check_right(by, Right.NOTICE_POST, notice.project.place_id)
    with act(by=by, verb="close_project_notice"):
        row = ProjectNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
        if row.closed_on:
            raise ValidationError("这份公示已经结束。")
        if not row.ends_on < on <= timezone.localdate():
            raise ValidationError({"on": f"公示到 {row.ends_on:%Y-%m-%d} 为止，第二天起才能结束。"})
        open_ones = row.raised.filter(answered_on=None).count()
        if open_ones:
            raise ValidationError(f"还有 {open_ones} 条异议没有答复，答复以后才能结束公示。")
        row.closed_on, row.objections = on, objections.strip()[:300]
        row.save(update_fields=["closed_on", "objections"])
    return row
