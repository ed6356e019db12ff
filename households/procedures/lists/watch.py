"""What the clock does by itself: closes notices whose time is over, reminds, flags what is overdue.

Safe to run twice, at once, or days late: every reminder has a key of its own, and a notice closes once.
"""

from collections.abc import Iterator
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from households.models import Batch, Notice, Objection, Reminder
from households.procedures.engine import clock
from households.procedures.engine.stage import RIGHTS
from households.procedures.lists.notices import close_notice
from povreg.kit import webhook
from povreg.kit.locks import hold
from villages.rights import Right

SOON = timedelta(days=2)
TELL = "households.procedures.tell"  # task
Type = Reminder.Type


def tick() -> dict[str, int]:
    """One turn of the clock; returns how many notices were closed and reminders added and ended."""
    closed = close_ended()
    with transaction.atomic():
        hold("procedure-clock")
        wanted = {row.key: row for row in [*_of_batches(), *_of_objections()]}
        there = set(Reminder.objects.filter(key__in=wanted).values_list("key", flat=True))
        added = Reminder.objects.bulk_create(row for key, row in wanted.items() if key not in there)
        ended = Reminder.objects.filter(done_at=None).exclude(key__in=wanted).update(done_at=timezone.now())
        if added and settings.REMINDER_WEBHOOK:
            keys = [row.key for row in added]
            transaction.on_commit(lambda: current_app.signature(TELL, args=[keys]).apply_async())
    return {"closed": closed, "added": len(added), "ended": ended}


def tell(keys: list[str]) -> bool:
    """Send new reminders to the county's own message system (REMINDER_WEBHOOK): texts name places, not people."""
    rows = Reminder.objects.filter(key__in=keys, done_at=None).order_by("key")
    told = [
        {"type": row.type, "text": row.text, "place": row.place_id, "right": row.right, "due_on": str(row.due_on or "")}
        for row in rows
    ]
    return bool(told) and webhook.post(settings.REMINDER_WEBHOOK, {"event": "reminders", "reminders": told})


def close_ended() -> int:
    """Close every notice whose time is over and that lacks nothing; the others stay and become overdue."""
    closed = 0
    rows = Notice.objects.running().filter(ends_on__lt=clock.today(), batch__state=Batch.State.RUNNING)
    for notice in rows.select_related("batch").order_by("ends_on", "pk"):
        try:
            close_notice(by=None, notice=notice)
            closed += 1
        except ValidationError:  # a photo is missing or an objection open: people have to act first
            continue
    return closed


def _of_batches() -> Iterator[Reminder]:
    rows = Batch.objects.filter(state=Batch.State.RUNNING, step__kind__in=list(RIGHTS))
    for batch in rows.select_related("step", "place"):
        assert batch.step is not None
        cause = f"{batch.pk}:{batch.round}:{batch.step_id}"
        about = {
            "batch": batch,
            "right": RIGHTS[batch.step.kind],
            "place_id": batch.place_id,
            "due_on": batch.due_on,
        }
        what = f"{batch.place}{batch}：{batch.step.label}，"
        yield Reminder(type=Type.OPENED, key=f"opened:{cause}", text=f"{what}待办理", **about)
        if batch.due_on:
            yield from _deadline(cause, f"{what}应于 {batch.due_on:%m月%d日} 前办结", about)


def _of_objections() -> Iterator[Reminder]:
    for row in Objection.objects.open().select_related("notice__batch", "batch", "place"):
        about = {
            "batch": row.batch or row.notice.batch,
            "objection": row,
            "right": Right.OBJECTION_HANDLE,
            "place_id": row.place_id,
            "due_on": row.due_on,
        }
        yield Reminder(type=Type.OPENED, key=f"objection:{row.pk}", text=f"{row.place}收到一件异议，待办理", **about)
        what = f"{row.place}的一件异议应于 {row.due_on:%m月%d日} 前办结并答复"
        yield from _deadline(f"objection:{row.pk}", what, about)


def _deadline(cause: str, text: str, about: dict[str, object]) -> Iterator[Reminder]:
    due, today = about["due_on"], clock.today()
    assert due is not None
    if due < today:  # type: ignore[operator]
        yield Reminder(type=Type.OVERDUE, key=f"overdue:{cause}:{due:%Y%m%d}", text=f"{text}，已逾期", **about)
    elif due - SOON <= today:  # type: ignore[operator]
        yield Reminder(type=Type.DUE, key=f"due:{cause}:{due:%Y%m%d}", text=text, **about)
