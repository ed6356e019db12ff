"""What a verb tells presence that a member's row cannot say: the day a relation changed, and why somebody moved on."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import F

from households.models import Member, Presence
from households.models.presence import Change
from households.register.errors import refusal
from povreg.kit.values import plain


def last_of(member: Member) -> Presence:
    """The presence that the member's row is the projection of."""
    last = Presence.objects.filter(member=member).order_by(F("since").desc(nulls_last=True), "-pk").first()
    assert last is not None  # a trigger gave him one when he was registered
    return last


def stays_of(member: Member) -> list[list[Presence]]:
    """The stays of a person in order, each with its parts under one relation."""
    stays: list[list[Presence]] = []
    for part in Presence.objects.filter(member=member).order_by(F("since").asc(nulls_first=True), "pk"):
        if part.continued and stays:
            stays[-1].append(part)
        else:
            stays.append([part])
    return stays


def refuse_order(member: Member, on: date, *, another_day: bool = False) -> None:
    """What happens to somebody comes after what is registered of him already: on the same day at the earliest, on
    ``another_day`` where he goes to live elsewhere. Raises ValidationError beside ``on``."""
    since = last_of(member).since
    if since and (on < since or (another_day and on == since)):
        word = "早于" if on < since else "就是"
        raise refusal(
            f"日期 {plain(on)}{word}{member.name}上一次变动的日期 {plain(since)}，请核对；上一次变动有误的，请先撤销。",
            field="on",
        )


def turn(members: Iterable[Member], on: date) -> None:
    """The relations of these members change on a day, and are saved next: until then they were what they are.

    Raises ValidationError as :func:`refuse_order`.
    """
    for member in members:
        refuse_order(member, on)
        last = last_of(member)
        if last.since == on:
            continue
        until, went = last.until, last.went
        last.until, last.went = on, ""
        last.save(update_fields=["until", "went"])
        last.pk, last.since, last.until, last.went, last.continued, last.came = None, on, until, went, True, ""
        last.save(force_insert=True)


def tell_why(member_ids: Collection[int], on: date, why: Change) -> None:
    """Why these members moved from one household to another on a day."""
    theirs = Presence.objects.filter(member__in=member_ids)
    theirs.filter(since=on, until=None, continued=False).update(came=why)
    theirs.filter(until=on).update(went=why)
