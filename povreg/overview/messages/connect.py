"""What messages and reminders declare."""

from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.overview.messages.lists import LISTS
from villages.messages.selectors import unread_count
from villages.rights import Right

MENU = (
    Entry("messages", "消息", "messages", order=10, count=unread_count, hint="别人告诉您的事"),
    Entry("messages", "待办提醒", "reminders", (Right.BATCH_VIEW,), 20, hint="名单和异议的期限"),
    Entry("messages", "发提醒", "note-new", (Right.NOTE_SEND,), 30, hint="请乡镇、村办一件事"),
    Entry("messages", "已发提醒", "messages-sent", (Right.NOTE_SEND,), 40, hint="看谁读了"),
)


def connect() -> None:
    declare(*MENU)
    declare_lists(*LISTS)
