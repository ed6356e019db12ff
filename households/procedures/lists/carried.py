"""Objections outlive the list they were raised against: none is shed by ending, returning or correcting it.

An open objection of a list that was stopped waits for the next list of the kind in the village, which it then holds up
as it did the first: same words, same number, same deadline. Who objected reads so on the page of the number.
"""

from collections.abc import Iterable

from households.models import Batch, BatchEntry, Objection, ObjectionNews
from households.procedures.engine import clock
from villages.models import User

STOPPED = "原名单已终止。您的意见没有撤销，继续办理，并转入本村下一份同类名单，办理期限不变。"
TAKEN_UP = "您的意见已转入本村重新拟定的名单，答复您以前，这份名单不会批准。"
RETURNED = "名单已退回村级重新办理。您的意见继续办理，答复您以前，名单不会批准。"
CORRECTED = "名单已更正并重新公示。您的意见继续办理，答复您以前，名单不会批准。"


def tell(rows: Iterable[Objection], text: str, by: User | None) -> int:
    """Add a line that whoever objected reads; returns to how many."""
    today = clock.today()
    news = [ObjectionNews(objection=row, on=today, text=text, by=by) for row in rows]
    return len(ObjectionNews.objects.bulk_create(news))


def tell_of(batch: Batch, text: str, by: User | None) -> int:
    """Tell those whose objections to a list are open."""
    return tell(Objection.objects.open().filter(batch=batch), text, by)


def release(batch: Batch, by: User | None) -> int:
    """The list ends without effect: its open objections wait for the next one. Returns how many."""
    rows = Objection.objects.open().filter(batch=batch)
    told = tell(rows, STOPPED, by)
    rows.update(batch=None)
    return told


def take_up(batch: Batch, by: User | None) -> int:
    """A new list takes the objections over that wait for one of its kind in the village. Returns how many."""
    waiting = Objection.objects.open().filter(batch=None, place_id=batch.place_id, notice__batch__kind=batch.kind)
    rows = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    if rows:
        Objection.objects.filter(pk__in=[row.pk for row in rows]).update(batch=batch, entry=None)
        tell(rows, TAKEN_UP, by)
        link(batch)
    return len(rows)


def link(batch: Batch) -> None:
    """Point the objections of a list to the entries of the households they are about."""
    rows = list(Objection.objects.open().filter(batch=batch, entry=None, household__isnull=False))
    if not rows:
        return
    entries = BatchEntry.objects.filter(batch=batch, household__in=[row.household_id for row in rows])
    by_household = {entry.household_id: entry for entry in entries}
    for row in rows:
        row.entry = by_household.get(row.household_id)
    Objection.objects.bulk_update([row for row in rows if row.entry], ["entry"])
