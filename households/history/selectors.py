"""The change history of a household as sentences (who, when, field, before, after, why)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice

from households.history.sources import SOURCES
from households.history.versions import Change, Step, latest, steps
from households.models import Household, Member
from povreg.kit.history import hand_of, verb_label
from povreg.kit.values import OUTSIDE
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

KINDS = {"added": "新增", "changed": "修改", "removed": "删除"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One saved change of one row: ``subject`` names the row (王小红, 2020年度记录, 本户), ``kind`` is added, changed
    or removed, ``verb`` and ``reason`` are the act's."""

    at: datetime
    who: str
    verb: str
    reason: str
    subject: str
    kind: str
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        if self.kind == "changed":
            return f"{self.who}：{self.subject}，{'；'.join(map(str, self.changes))}"
        return f"{self.who}：{KINDS[self.kind]}{self.subject}"


def household_history(
    user: User, household: Household, limit: int = 100, people: dict[int, str] | None = None
) -> list[Sentence]:
    """The latest changes of everything that belongs to the household, newest first, in a constant number of queries.

    ``people``: the names of its members by id, if they are known. Raises PermissionDenied without HISTORY_VIEW at its
    village.
    """
    check_right(user, Right.HISTORY_VIEW, household.village_id)
    if people is None:
        people = {member.pk: member.name for member in Member.objects.filter(household=household)}
    newest = _newest(household, limit, people)
    return _whole(household, limit, people) if newest is None else newest


def _whole(household: Household, limit: int, people: dict[int, str]) -> list[Sentence]:
    """The sentences out of the latest versions of every table."""
    found = [step for source in SOURCES for step in steps(source, household.pk, limit)]
    found.sort(key=lambda step: step.at, reverse=True)
    places = _place_names(found)
    yearly = [step for step in found if step.source.person_of_year]
    told = _drop_echoes(found, lambda _: yearly, lambda _: places)
    return [_sentence(step, changes, people) for step, changes in islice(told, limit)]


def _newest(household: Household, limit: int, people: dict[int, str]) -> list[Sentence] | None:
    """The sentences, read from those tables only in which the latest changes lie; None when these say too little.

    A table is read when its first version is come to: an act that writes ten of them at once is told from two.
    """
    times = latest(SOURCES, household.pk, limit)
    if not times:
        return []
    since = times[:limit][-1][0]
    near = [(at, source) for at, source in times if at >= since]
    of = cache(lambda source: iter(steps(source, household.pk, limit)))
    yearly = dict.fromkeys(source for _, source in near if source.person_of_year)
    facts = cache(lambda: [step for source in yearly for step in steps(source, household.pk, limit)])
    found = (step for _, source in near if (step := next(of(source), None)))
    told = _drop_echoes(found, lambda _: facts(), lambda step: _place_names([step]))
    sure = [_sentence(step, changes, people) for step, changes in islice(told, limit)]
    return sure if len(sure) >= limit or len(times) <= limit else None


Facts = Callable[[Step], Iterable[Step]]
Places = Callable[[Step], dict[str, str]]


def _drop_echoes(found: Iterable[Step], facts: Facts, places: Places) -> Iterator[tuple[Step, tuple[Change, ...]]]:
    """A fact of the year (one of ``facts``) that is the person's current fact too is told once, with its year; what
    says nothing is left out (a version that only counts up, a row that only moved along)."""
    for step in found:
        changes = step.changes(places(step))
        if changes and step.source.person:
            told = set(_of_year(step, facts(step)))
            changes = tuple(each for each in changes if (each.label, each.after) not in told)
        if changes or step.kind != "changed":
            yield step, changes


def _of_year(step: Step, facts: Iterable[Step]) -> Iterator[tuple[str, str]]:
    """What the same act says of the same person's year."""
    person = step.source.person(step.event) if step.source.person else None
    for fact in facts:
        of_year = fact.source.person_of_year
        if of_year and fact.event.pgh_context_id == step.event.pgh_context_id and of_year(fact.event) == person:
            yield from ((each.label, each.after) for each in fact.changes({}))


def _sentence(step: Step, changes: tuple[Change, ...], people: dict[int, str]) -> Sentence:
    context = step.context
    about = context.metadata if context else {}
    return Sentence(
        at=step.at,
        who=_author(step),
        verb=verb_label(about.get("verb", "")),
        reason=about.get("reason", ""),
        subject=step.source.subject(step.event, people),
        kind=step.kind,
        changes=changes,
    )


def _author(step: Step) -> str:
    if step.context is None:
        return OUTSIDE
    if step.author:
        return step.author
    return hand_of(step.context.metadata.get("verb", ""))


def _place_names(found: Iterable[Step]) -> dict[str, str]:
    """Names of the places that a change names: a village left or come to, the other village of an event."""
    codes: set[str | None] = set()
    for step in found:
        for name in ("village_id", "other_village_id"):
            new, old = getattr(step.event, name, None), getattr(step.before, name, None)
            if new != old and (step.before is not None or name != "village_id"):
                codes |= {new, old}
    codes -= {None, ""}
    return {place.pk: str(place) for place in Place.objects.filter(pk__in=codes)} if codes else {}
