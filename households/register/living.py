"""Who lives and lived in a household: its people of all times, each with the stays there."""

from collections.abc import Collection, Iterable

from django.db.models import F, QuerySet

from households.models import Member, Presence
from households.register.years import counts_in, lives_on
from povreg.kit.prepared import Ready
from villages.standards.rules import Thresholds, count_day
from villages.standards.selectors import params_in_force


def _stays(rows: QuerySet[Presence], year: int) -> QuerySet[Presence]:
    """Stays with their member and the params that the household's village is judged by in a year: thresholds come with
    those they judge, in the same query."""
    ordered = rows.select_related("member").order_by("member__person_no", F("since").asc(nulls_first=True), "pk")
    return ordered.annotate(set_params=params_in_force(year, "village_id"))


STAYS = Ready(lambda household, year: _stays(Presence.objects.filter(household=household), year), int, int)


def members_of(household: int, year: int) -> list[Member]:
    """Everybody who ever lived in the household, by person number, with ``stays`` there in order and ``set_params``."""
    return _gathered(STAYS(household, year))


def members_of_all(households: Collection[int], year: int) -> dict[int, list[Member]]:
    """:func:`members_of` for many households, in one query. Somebody of two households is there twice."""
    found: dict[int, list[Presence]] = {pk: [] for pk in households}
    for stay in _stays(Presence.objects.filter(household__in=households), year):
        found[stay.household_id].append(stay)
    return {pk: _gathered(stays) for pk, stays in found.items()}


def _gathered(stays: Iterable[Presence]) -> list[Member]:
    people: dict[int, Member] = {}
    for stay in stays:
        person = people.setdefault(stay.member_id, stay.member)
        person.stays = [*getattr(person, "stays", []), stay]  # type: ignore[attr-defined]
        person.set_params = stay.set_params  # type: ignore[attr-defined]
    return list(people.values())


def counted_here(member: Member, year: int) -> bool:
    """Whether a member (:func:`members_of`) counts for the year in the household."""
    return counts_in(year, member.stays, member.birth_date)  # type: ignore[attr-defined]


def lives_here(member: Member, household: int) -> bool:
    return member.household_id == household and member.left_on is None


def came_by(member: Member, year: int) -> bool:
    """Whether he had come to live there by the count day of the year, even if he was gone again."""
    since = member.stays[0].since  # type: ignore[attr-defined]
    return since is None or since <= count_day(year)


def relation_in(member: Member, year: int) -> str:
    """The relation on the count day of the year; the last one before or after it where he did not live there then."""
    stays: list[Presence] = member.stays  # type: ignore[attr-defined]
    then = [stay for stay in stays if lives_on(count_day(year), stay)]
    return (then or stays)[-1].relation


def thresholds_of(members: Iterable[Member]) -> Thresholds:
    """What the members of one household are judged by; where nobody lives nobody is."""
    return Thresholds.of(next((member.set_params for member in members), None))  # type: ignore[attr-defined]
