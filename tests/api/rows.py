"""Rows of procedures as they stand in the middle of a notice, for reading them over the API."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from households.models import (
    Application,
    Batch,
    BatchEntry,
    Household,
    Notice,
    NoticeEntry,
    Objection,
    Paper,
    ProcedureTemplate,
    Quota,
    SeasonWindow,
)
from tests import factories
from villages.rights import Role


def batch(of: Household, **facts: Any) -> Batch:
    """A list of exits in its village's notice, with the household on it."""
    template = ProcedureTemplate.objects.filter(kind="exit", place__isnull=True, is_active=True).first()
    assert template is not None
    by = factories.posted(Role.VILLAGE_CADRE)
    defaults = {
        "kind": "exit",
        "template": template,
        "place_id": of.village_id,
        "year": factories.YEAR,
        "state": Batch.State.RUNNING,
        "step": template.steps.filter(kind="notice").first(),
        "created_by": by,
    }
    row = Batch.objects.create(**defaults | facts)
    BatchEntry.objects.create(batch=row, household=of, added_by=by)
    return row


def notice(of: Household, **facts: Any) -> Notice:
    on = batch(of)
    defaults = {
        "batch": on,
        "step": on.step,
        "round": 1,
        "type": Notice.Type.NOTICE,
        "place_id": on.place_id,
        "board": "村务公开栏",
        "posted_on": date(2020, 10, 8),
        "days": 7,
        "day_rule": "calendar",
        "ends_on": date(2020, 10, 15),
        "digest": "0" * 64,
        "entries_count": 1,
        "people_count": 2,
        "posted_by": on.created_by,
    }
    row = Notice.objects.create(**defaults | facts)
    line = {"masked_name": "王*海", "head_name": "王明海", "persons": 2, "category": "一般贫困户", "reason": "达标"}
    NoticeEntry.objects.create(notice=row, entry=on.entries.get(), position=1, **line)
    return row


def objection(of: Household, **facts: Any) -> Objection:
    to = notice(of)
    defaults = {
        "notice": to,
        "batch": to.batch,
        "place_id": to.place_id,
        "channel": Objection.Channel.WEB,
        "name": "周大山",
        "phone": "13800005678",
        "text": "这户人家在县城买了商品房，应当再核实。",
        "received_on": date(2020, 10, 9),
        "due_on": date(2020, 10, 16),
    }
    return Objection.objects.create(**defaults | facts)


def window(**facts: Any) -> SeasonWindow:
    """Drafting is open in the county until the end of 2020."""
    defaults = {
        "function": SeasonWindow.Function.DRAFTING,
        "place": factories.place(factories.COUNTY),
        "opens_on": date(2020, 10, 1),
        "closes_on": date(2020, 12, 31),
        "reason": "年度动态调整通知",
        "by": factories.posted(Role.COUNTY_OFFICER),
    }
    return SeasonWindow.objects.create(**defaults | facts)


def application(of: Household, **facts: Any) -> Application:
    defaults = {
        "kind": "monitor_in",
        "village": of.village,
        "year": factories.YEAR,
        "applied_on": date(2020, 6, 1),
        "reason": "因病支出大",
        "received_by": facts.get("received_by") or factories.posted(Role.VILLAGE_CADRE),
    }
    return Application.objects.create(household=of, **defaults | facts)


def paper(on: Batch, **facts: Any) -> Paper:
    content = b"\xff\xd8\xff"
    defaults = {
        "step": on.step,
        "round": 1,
        "kind": "board_photo",
        "original_name": "board.jpg",
        "content_type": "image/jpeg",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "by": on.created_by,
    }
    row = Paper(batch=on, **defaults | facts)
    row.file.save("board.jpg", ContentFile(content))
    return row


def quota(**facts: Any) -> Quota:
    """The county's, not handed down yet."""
    defaults = {
        "place": factories.place(factories.COUNTY),
        "year": factories.YEAR,
        "method": Quota.Method.GIVEN,
        "factors": {"given": 1000},
        "computed": 1000,
        "amount": 1000,
        "by": facts.get("by") or factories.posted(Role.COUNTY_OFFICER),
    }
    return Quota.objects.create(**defaults | facts)
