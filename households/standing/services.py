"""What begins and ends spells: approved lists, splits, the end of a household. All work over sets of households.

Nothing here opens a lock: the database looks every origin up when the transaction commits (``check_spell``).
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from households.models import Batch, BatchEntry, Episode, Household, Spell
from households.models.standing import CIVIL, MONITORING, POVERTY, Known, Origin

POOR, OUT, RETURNED = "poor", "out", "returned"
BEGIN = """
WITH homes AS (
    SELECT e.household_id, e.batch_id, h.village_id FROM households_batchentry e
    JOIN households_household h ON h.id = e.household_id
    WHERE e.batch_id = ANY(%(batches)s) AND e.state = 'listed'
), ended AS (
    UPDATE households_spell s SET until = greatest(s.since, %(day)s::date), until_known = 'day', end_origin = 'list',
        end_batch_id = homes.batch_id
    FROM homes, households_standingclass c
    WHERE s.household_id = homes.household_id AND c.key = %(klass)s AND s.axis = c.axis AND s.until IS NULL
)
INSERT INTO households_spell (household_id, village_id, klass_id, axis, code, since, since_known, until_known, year,
    origin, batch_id, end_origin, document, recorded_at)
SELECT household_id, village_id, %(klass)s, '', '', %(day)s, 'day', '', %(year)s, 'list', batch_id, '', '', now()
FROM homes
"""
"""One statement, so that no household is in between what it was and what it becomes."""
BEGIN_EPISODES = """
WITH homes AS (
    SELECT e.household_id, e.batch_id, h.village_id, e.risks, c.key AS klass FROM households_batchentry e
    JOIN households_household h ON h.id = e.household_id
    JOIN households_standingclass c ON c.axis = %(axis)s AND c.code = e.monitor_type
    WHERE e.batch_id = ANY(%(batches)s) AND e.state = 'listed'
), ended AS (
    UPDATE households_spell s SET until = greatest(s.since, %(day)s::date), until_known = 'day', end_origin = 'list',
        end_batch_id = homes.batch_id
    FROM homes WHERE s.household_id = homes.household_id AND s.axis = %(axis)s AND s.until IS NULL
), begun AS (
    INSERT INTO households_spell (household_id, village_id, klass_id, axis, code, since, since_known, until_known,
        origin, batch_id, end_origin, document, recorded_at)
    SELECT household_id, village_id, klass, '', '', %(day)s, 'day', '', 'list', batch_id, '', '', now() FROM homes
    RETURNING id, household_id
)
INSERT INTO households_episode (spell_id, risks, details, wanted, clear_way, snapshot)
SELECT begun.id, homes.risks, '{}'::jsonb, '', '', '{}'::jsonb FROM begun JOIN homes USING (household_id)
"""
OWN_AXES = (POVERTY, MONITORING)
"""What lists of this register decide; civil classes are their department's."""


def households_on(batch: Batch) -> QuerySet[BatchEntry]:
    """The entries that stand on a list."""
    return BatchEntry.objects.filter(batch=batch, state=BatchEntry.State.LISTED)


def open_spells(household_ids: Any, axes: Collection[str] = OWN_AXES) -> QuerySet[Spell]:
    """The spells of the axes that go on."""
    return Spell.objects.filter(household_id__in=household_ids, axis__in=axes, until__isnull=True)


def begin(batch: Batch, klass: str, day: date, year: int | None = None) -> None:
    """Put every household of a list into a class from ``day`` on; an open spell of the axis ends there.

    ``year`` is the year the list decides for, where a report names it (脱贫年度、返贫年度).
    """
    begin_many([batch], klass, day, year)


def begin_many(batches: Collection[Batch], klass: str, day: date, year: int | None = None) -> None:
    """:func:`begin` for many lists in one statement."""
    params: dict[str, Any] = {"batches": [batch.pk for batch in batches], "klass": klass, "day": day, "year": year}
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, params)


def _of_list(batch: Batch, household: int, village: str, klass: str, day: date, year: int | None = None) -> Spell:
    return Spell(
        household_id=household,
        village_id=village,
        klass_id=klass,
        since=day,
        year=year,
        origin=Origin.LIST,
        batch=batch,
    )


def end(batch: Batch, day: date, axes: Collection[str] = OWN_AXES) -> None:
    """End the open spells of every household of a list; one that began later than ``day`` ends as it began."""
    rows = open_spells(households_on(batch).values("household_id"), axes)
    rows.update(**ended(day), end_origin=Origin.LIST, end_batch=batch)


def ended(day: date) -> dict[str, Any]:
    """The fields of a spell that ends on a known day."""
    return {"until": Greatest(F("since"), Value(day, DateField())), "until_known": Known.DAY}


def begin_episodes(batches: Collection[Batch], day: date) -> None:
    """Take the households of lists in as monitored: each in the class and for the risks its entry names. One
    statement, however many lists."""
    params: dict[str, Any] = {"batches": [batch.pk for batch in batches], "day": day, "axis": MONITORING}
    with connection.cursor() as cursor:
        cursor.execute(BEGIN_EPISODES, params)


def end_episodes(batch: Batch, day: date, snapshots: Mapping[int, dict[str, Any]]) -> None:
    """Mark the risk of every household of a list as removed, by the way its entry names; ``snapshots`` (household id)
    keep what was true at removal."""
    entries = {each.household_id: each for each in households_on(batch)}
    episodes = list(Episode.objects.filter(spell__in=open_spells(entries, (MONITORING,))).select_related("spell"))
    for each in episodes:
        each.clear_way = entries[each.spell.household_id].clear_way
        each.snapshot = snapshots.get(each.spell.household_id, {})
    Episode.objects.bulk_update(episodes, ["clear_way", "snapshot"])
    end(batch, day, (MONITORING,))


def inherit(source: Household, target: Household) -> None:
    """A household that splits off has the standing of the one it came from, its whole past included: whoever asks about
    a year before the split asks the old household, whose rows stay there."""
    Spell.objects.bulk_create(
        Spell(
            household=target, village_id=target.village_id, klass_id=each.klass_id, since=each.since,
            since_known=each.since_known, year=each.year, proven_on=each.proven_on, origin=Origin.SPLIT,
            copied_from=each, document=each.document, until=each.until, until_known=each.until_known,
            sure_until=each.sure_until, end_origin=Origin.SPLIT if each.until else "",
        )
        for each in source.spells.exclude(axis=CIVIL)
    )  # fmt: skip
    copies = Spell.objects.filter(household=target, axis=MONITORING).select_related("copied_from__episode")
    Episode.objects.bulk_create(
        Episode(spell=each, risks=each.copied_from.episode.risks, clear_way=each.copied_from.episode.clear_way)
        for each in copies
        if each.copied_from
    )


def end_all(household: Household, day: date) -> None:
    """A household that has ended (``removed_on``) is in no class any more."""
    rows = open_spells([household.pk], (*OWN_AXES, CIVIL))
    rows.update(**ended(day), end_origin=Origin.CLOSED)


def reopen(household: Household, day: date) -> None:
    """Its end was a mistake: what ended with it goes on."""
    rows = Spell.objects.filter(household=household, end_origin=Origin.CLOSED, until__gte=day)
    rows.update(until=None, until_known="", end_origin="")


def year_range(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def in_year(year: int, path: str = "") -> Q:
    """Spells that hold on some day of a year."""
    first, last = year_range(year)
    begun = Q(**{f"{path}since__isnull": True}) | Q(**{f"{path}since__lte": last})
    return begun & (Q(**{f"{path}until__isnull": True}) | Q(**{f"{path}until__gt": first}))


def shown_code(day: date) -> Case:
    """The code of a spell as a report of ``day`` shows it: nothing where it is not sure that it held (时间不详)."""
    unsure = Q(sure_until__lte=day) | Q(since__isnull=True, proven_on__gt=day)
    return Case(When(unsure, then=Value("")), default=F("code"))
