"""Reading messages: one's own, how many are unread, what one has sent, who would be told."""

from typing import Any

from django.db.models import Count, Min, QuerySet

from povreg.kit.prepared import Ready
from povreg.kit.scopes import within
from villages.models import Message, Place, Posting, User
from villages.rights import Role

RECIPIENTS = (Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER)


UNREAD = Ready(
    lambda user: Message.objects.filter(to=user).unread().order_by().values("to").values_list(Count("pk")), int
)


def messages_of(user: User) -> QuerySet[Any]:
    """What the person was told, latest first."""
    return Message.objects.visible_to(user).select_related("sender", "place")


def unread_count(user: User) -> int:
    """Messages not read yet; one look at a small index."""
    return sum(count for (count,) in UNREAD(user.pk))


def sent_by(user: User) -> QuerySet[Message]:
    """Notes that the person has sent, a row for everybody told."""
    return Message.objects.filter(sender=user, kind=Message.Kind.NOTE)


def sendings(user: User) -> QuerySet[Any]:
    """Notes that the person has sent, one row each: to how many, read by how many."""
    rows = sent_by(user).order_by().values("sending", "text", "url", "place__short_name", "place__name")
    from_first = rows.annotate(told=Count("pk"), read=Count("read_at"), at=Min("sent_at"))
    return from_first.order_by("-at")


def recipients(place: Place, role: str) -> list[int]:
    """Accounts that hold a role under a place today."""
    rows = Posting.objects.today().filter(within("place_id", place.pk), role=role, user__is_active=True)
    return sorted(set(rows.values_list("user_id", flat=True)))
