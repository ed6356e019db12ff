"""Measures when people die or households end: nobody holds a public post any more. Everything else that was given stays
where it was given, and is read from where its people live (assistance.measures.selectors.by_home)."""

from __future__ import annotations

from typing import Any

from assistance.models import Measure
from assistance.models.catalogue import Kind
from households.register.turnover import Turn, Turnover

DEATH = "01"


def follow(happened: Turnover) -> None:
    """A post ends on the day its holder dies, or his household ends."""
    on = happened.on
    if happened.turn is Turn.LEFT and happened.why == DEATH:
        posts = posts_of(member__in=happened.members)
    elif happened.turn is Turn.ENDED:
        posts = posts_of(household=happened.household)
    else:
        return
    if happened.undone:
        posts.filter(settled_on=on, ends_on__gt=on).update(settled_on=None)
    else:
        posts.filter(settled_on=None, delivered_on__lte=on, ends_on__gt=on).update(settled_on=on)


def posts_of(**whose: Any) -> Any:
    return Measure.objects.standing().filter(item__kind=Kind.POST, **whose)
