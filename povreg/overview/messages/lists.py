"""What waits for a person by the clock of lists and objections."""

from __future__ import annotations

from django.urls import reverse

from households.models import Reminder
from households.procedures.engine import clock
from households.procedures.lists.selectors import reminders
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, short_moment_text
from povreg.kit.pages.listing import Empty, Listing
from villages.models import User

TONES = {Reminder.Type.OPENED: "act", Reminder.Type.DUE: "warn", Reminder.Type.OVERDUE: "fail"}


def page_of(reminder: Reminder, user: User) -> str:
    """Where the work is done: the objection, or the list."""
    if reminder.objection_id is not None:
        return reverse("objection", args=[reminder.objection_id])
    return reverse("procedure", args=[reminder.batch_id])


def due(reminder: Reminder) -> str:
    """The day and how many working days are left."""
    day = reminder.due_on
    return f"{day.month}月{day.day}日 {clock.left(day, 'working')}" if day else ""


REMINDERS = Listing(
    code="reminders",
    title="待办提醒",
    subtitle="先到期的在前；办结后自动消失",
    heading="提醒",
    unit="条提醒",
    rows=lambda user: reminders(user).select_related("place"),
    columns=(
        Column("text", "内容", link=page_of, phone=TITLE, width=40),
        Column("type", "类型", lambda row: row.get_type_display(), tone=lambda row: TONES[Reminder.Type(row.type)],
               phone=FIGURE),
        Column("due", "期限", due, phone=UNDER, width=24),
        Column("created_at", "时间", text=short_moment_text, width=18),
    ),
    empty=Empty("没有待办提醒", "有名单或异议等您办理时，会在这里提醒。"),
)  # fmt: skip

LISTS = (REMINDERS,)
