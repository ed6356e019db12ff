"""Verbs of messages: tell the owner of a job how it ended, send a note to those who enter, mark as read."""

import re
import uuid
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from povreg.jobs.models import Job
from povreg.kit import locks
from povreg.kit.history import act
from villages.messages.selectors import recipients, sent_by
from villages.models import Message, Place, User
from villages.rights import Right, Role
from villages.rights.checks import check_right

A_DAY = 20  # notes of one sender
SAME_AFTER = timedelta(hours=1)
LONGEST = 200
LONG_NUMBER = re.compile(r"\d{11}")  # a phone, an identity or account number
PERSONAL_FILTERS = frozenset({"q", "name", "id_no", "phone"})


def tell_owner(job: Job) -> Message | None:
    """How a job ended, told to who waits for it, once for every attempt; nobody waits for the system's own jobs."""
    if job.owner_id is None:
        return None
    done = job.status == Job.Status.DONE
    text = f"{job.title}：已完成" if done else f"{job.title}：没有完成。{job.error}"
    with act(by=None, verb="tell_owner"):
        return Message.objects.create(
            to_id=job.owner_id, kind=Message.Kind.JOB, text=text[:300], url=reverse("job", args=[job.pk])
        )


def send_note(*, by: User, place: Place, text: str, url: str = "", role: str = Role.VILLAGE_CADRE) -> int:
    """Send a note to everybody who holds ``role`` under a place today; returns how many were told.

    Raises PermissionDenied without NOTE_SEND there; ValidationError for an empty or too long text, for numbers of
    persons in it, for an address that is no list of this site, when nobody would be told, for the same note within an
    hour and for more than 20 notes a day.
    """
    check_right(by, Right.NOTE_SEND, place.pk)
    text = check_text(text)
    check_url(url)
    people = [pk for pk in recipients(place, role) if pk != by.pk]
    if not people:
        raise ValidationError({"place": f"{place}现在没有任职的{Role(role).label}，没有人会收到。请换一个范围。"})
    with act(by=by, verb="send_note", reason=text):
        locks.hold("send-note", by.pk)
        check_rate(by, place, text)
        told = {"kind": Message.Kind.NOTE, "text": text, "url": url, "place": place, "sending": uuid.uuid4()}
        Message.objects.bulk_create(Message(to_id=pk, sender=by, **told) for pk in people)
    return len(people)


def tell_of_work(*, by: User | None, place: Place, role: str, text: str, url: str) -> int:
    """Tell everybody who holds ``role`` under a place that something waits for him there; returns how many were told.

    Part of a verb that has asked for the right: it names places and counts, never villagers.
    """
    people = [pk for pk in recipients(place, role) if by is None or pk != by.pk]
    with act(by=by, verb="tell_of_work"):
        told = {"kind": Message.Kind.WORK, "text": text[:300], "url": url, "place": place, "sending": uuid.uuid4()}
        Message.objects.bulk_create(Message(to_id=pk, sender=by, **told) for pk in people)
    return len(people)


def tell_person(*, by: User | None, to: User, text: str, url: str) -> None:
    """Tell one person what became of something of his. Part of a verb that has asked for the right."""
    with act(by=by, verb="tell_of_work"):
        Message.objects.create(to=to, sender=by, kind=Message.Kind.WORK, text=text[:300], url=url)


def check_text(text: str) -> str:
    """The text without needless space. Raises ValidationError."""
    text = " ".join(text.split())
    if not 2 <= len(text) <= LONGEST:
        raise ValidationError({"text": f"请用 2 到 {LONGEST} 个字写明要办什么。"})
    if LONG_NUMBER.search(re.sub(r"[\s-]", "", text)):
        raise ValidationError(
            {"text": "内容里有 11 位以上的号码，可能是证件号码或电话。请删去，用名单链接指明是哪些户。"}
        )
    return text


def check_url(url: str) -> None:
    """A list of households of this site, without a name or number in its address. Raises ValidationError."""
    if not url:
        return
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or parts.path != reverse("households") or len(url) > LONGEST + 100:
        raise ValidationError({"url": "链接只能是本系统的农户名单，请从名单页复制“/households/”开头的地址。"})
    if PERSONAL_FILTERS & {name for name, value in parse_qsl(parts.query) if value}:
        raise ValidationError({"url": "名单是按姓名或号码查到的，不能放进消息。请改用其他条件筛选。"})


def check_rate(by: User, place: Place, text: str) -> None:
    """Raises ValidationError for the same note again too soon, and for too many in a day."""
    mine = sent_by(by)
    if mine.filter(place=place, text=text, sent_at__gt=timezone.now() - SAME_AFTER).exists():
        raise ValidationError({"text": "同样的提醒一小时内已经发给这个范围，不用重复发送。"})
    today = mine.filter(sent_at__date=timezone.localdate())
    if today.values("sending").distinct().count() >= A_DAY:
        raise ValidationError({"text": f"今天已经发送 {A_DAY} 次提醒，请明天再发，或合并成一条。"})


def mark_read(*, by: User, message: Message) -> None:
    """Note that the person has read a message of his. Raises PermissionDenied for another's."""
    if message.to_id != by.pk:
        raise PermissionDenied
    Message.objects.unread().filter(pk=message.pk).update(read_at=timezone.now())


def mark_all_read(*, by: User | None, url: str = "") -> int:
    """Note that the person has read all his messages, or those that lead to ``url``; returns how many."""
    rows = Message.objects.visible_to(by).unread()
    return (rows.filter(url=url) if url else rows).update(read_at=timezone.now())
