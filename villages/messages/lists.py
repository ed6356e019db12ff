"""The lists of messages: what one was told, and the notes one has sent."""

from __future__ import annotations

from django.urls import reverse

from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, short_moment_text
from povreg.kit.pages.listing import Action, Empty, Listing, RowAction
from villages.messages import selectors
from villages.messages.filters import MessageFilters
from villages.models import Message, User
from villages.rights import Right

SENDERS = (Right.NOTE_SEND,)


def kind(message: Message) -> str:
    return message.get_kind_display() + ("" if message.read_at else " · 未读")


def told_where(message: Message) -> str:
    return f"发给{message.place}" if message.place else ""


def opened(message: Message, user: User) -> str:
    return reverse("message-open", args=[message.pk]) if message.url else ""


MESSAGES = Listing(
    code="messages",
    title="消息",
    heading="消息",
    unit="条消息",
    rows=selectors.messages_of,
    columns=(
        Column("text", "内容", link=opened, phone=TITLE, width=40),
        Column("kind", "类型", kind, tone=lambda message: "plain" if message.read_at else "act", api="", phone=FIGURE),
        Column("sender", "来自", lambda message: message.sender.name if message.sender else "系统", under=told_where,
               api="", width=18),
        Column("sent_at", "时间", text=short_moment_text, api="", phone=UNDER, width=18),
    ),
    filters=MessageFilters,
    row_actions=(
        RowAction("read", "标为已读", lambda message: f"{reverse('message-read')}?pk={message.pk}",
                  lambda message, user: not message.read_at, post=True),
    ),
    actions=(Action("已发提醒", "messages-sent", SENDERS), Action("发提醒", "note-new", SENDERS, main=True)),
    empty=Empty("没有新消息", "任务有了结果，或上级发来提醒时，会列在这里。"),
    orderings={"sent_at": ("sent_at",)},
    faint=lambda message: bool(message.read_at),
)  # fmt: skip

SENT = Listing(
    code="messages-sent",
    title="已发提醒",
    heading="已发提醒",
    unit="条提醒",
    rights=SENDERS,
    rows=selectors.sendings,
    columns=(
        Column("text", "内容", lambda row: row["text"], link=lambda row, user: row["url"], phone=TITLE, width=40),
        Column("place_name", "发给", lambda row: row["place__short_name"] or row["place__name"], api="", phone=UNDER),
        Column("told", "人数", lambda row: row["told"], kind=NUMBER),
        Column("read", "已读", lambda row: row["read"], kind=NUMBER, phone=FIGURE),
        Column("sent_at", "时间", lambda row: row["at"], text=short_moment_text, api="", width=18),
    ),
    actions=(Action("发提醒", "note-new", main=True),),
    empty=Empty("还没有发过提醒", "点“发提醒”，写明要办什么、发给哪里。"),
)

LISTS = (MESSAGES, SENT)
