"""Reading one household: its page in a constant number of queries, and its neighbours in the village's list."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import Http404
from django.utils.functional import cached_property

from households.closed.selectors import is_closed
from households.history.selectors import Sentence, household_history
from households.models import AnnualRecord, Assessment, Attachment, Household, LateFact, Member, MemberYear
from households.models.codes import HEAD
from households.register import completeness
from households.register.completeness import SectionCount
from households.register.fields import ANNUAL_FACTS, SURVEY_FACTS, YEAR_FACTS
from households.register.late_records import amended_member, amended_record, late_of
from households.register.living import came_by, counted_here, lives_here, members_of, relation_in, thresholds_of
from households.register.logic.check import check_all, with_ticks
from households.register.logic.facts import (
    EARLIER,
    MEMBER_YEARS,
    RECORDS,
    HouseholdFacts,
    build,
)
from households.register.logic.rule import Finding
from households.register.worksheet import Worksheet, of_record
from households.register.years import calendar_year, working_year, years_offered
from povreg.kit.prepared import Ready
from villages.models import User
from villages.rights import Right

RECENT = 5


def _listed(village: str) -> Any:
    """Number and id of the households of a village's list, in its order."""
    rows = Household.objects.registered().filter(village_id=village)
    return rows.order_by("household_no").values_list("household_no", "pk")


HOUSEHOLD = Ready(lambda pk: Household.objects.filter(pk=pk).select_related("village__parent"), int)
ATTACHMENTS = Ready(lambda pk: Attachment.objects.filter(household=pk, removed_at=None).select_related("by"), int)
ASSESSMENT = Ready(
    lambda pk, year: Assessment.objects.filter(household=pk, year=year).select_related("line", "criteria_set"),
    int, int,
)  # fmt: skip
LISTED = Ready(_listed, str)


@dataclass(frozen=True)
class Neighbours:
    """Where a household stands in its village's list: ids of the one before and after, place in the list."""

    previous: int | None
    next: int | None
    position: int
    count: int

    def __str__(self) -> str:
        return f"第 {self.position} 户，共 {self.count} 户"


@dataclass
class HouseholdPage:
    """Everything the household page shows for one year.

    ``members`` are who counts for the year and, on the page of the household's latest year, who lives there now; head
    first, each with ``year_row`` and ``previous_year_row`` (MemberYear or None). ``left`` are those who lived there
    before and do not now, the last to go first. ``persons`` count for the year. Everybody has ``here`` (lives there
    now), ``counted`` and ``relation_then``. ``changed`` holds the names of annual facts
    that differ from last year's record. What only a page shows is read when it is asked for: a save shows none of it.
    """

    user: User
    household: Household
    year: int
    years: list[int]
    members: list[Member]
    left: list[Member]
    persons: int
    latest: bool
    record: AnnualRecord | None
    previous: AnnualRecord | None
    worksheet: Worksheet
    previous_worksheet: Worksheet
    changed: set[str]
    people: list[Member]
    records: Mapping[int, AnnualRecord]
    late: list[LateFact]

    @cached_property
    def closed(self) -> bool:
        """Whether the year is closed: what is entered for it wants a reason, and stands beside what was closed."""
        return is_closed(self.household.village_id, self.year)

    @cached_property
    def assessment(self) -> Assessment | None:
        return ASSESSMENT.first(self.household.pk, self.year)

    @cached_property
    def attachments(self) -> list[Attachment]:
        return ATTACHMENTS(self.household.pk)

    @cached_property
    def facts(self) -> HouseholdFacts:
        rows = [row for member in self.people for row in member.year_rows.values()]  # type: ignore[attr-defined]
        kinds = [each.kind for each in self.attachments]
        return build(self.household, self.year, thresholds_of(self.people), self.people, rows, self.records, kinds)

    @cached_property
    def sections(self) -> Mapping[str, SectionCount]:
        """Section code to what is filled in of it."""
        return completeness.count(self.facts)

    @cached_property
    def findings(self) -> list[Finding]:
        """All findings, confirmed ones marked."""
        return with_ticks(self.facts, check_all(self.facts))

    @cached_property
    def neighbours(self) -> Neighbours:
        return neighbours(self.user, self.household)

    @cached_property
    def recent(self) -> list[Sentence]:
        if not self.user.can(Right.HISTORY_VIEW, self.household.village_id):
            return []
        return household_history(self.user, self.household, RECENT, self.names)

    @property
    def names(self) -> dict[int, str]:
        """Everybody who ever lived there."""
        return {member.pk: member.name for member in self.people}

    @property
    def gone(self) -> list[Member]:
        """Those who do not live there now, the last to go first."""
        return _last_to_go(member for member in self.people if not member.here)  # type: ignore[attr-defined]

    @property
    def head(self) -> Member | None:
        return next((each for each in self.members if each.relation_then == HEAD), None)  # type: ignore[attr-defined]

    @property
    def here(self) -> list[Member]:
        """Who of those shown lives there now: only theirs are facts of now."""
        return [each for each in self.members if each.here]  # type: ignore[attr-defined]

    @property
    def editable(self) -> int:
        """How many of those shown live there now."""
        return len(self.here)

    @property
    def living(self) -> int:
        """How many live there now; on the page of a past year, how many counted then."""
        return self.editable if self.latest else self.persons

    @property
    def is_latest(self) -> bool:
        """Whether what is true now is also what holds for the year shown."""
        return self.year >= max(self.records, default=self.year)

    @property
    def unregistered(self) -> bool:
        """Whether nothing was registered for a past year: what is true today says nothing of it."""
        rows = any(member.year_row for member in self.people)  # type: ignore[attr-defined]
        return self.record is None and not rows and self.year < calendar_year()

    def findings_of(self, section: str, target: str = "") -> list[Finding]:
        """Findings of a section about one target (a member's id as text; empty: the household itself)."""
        return [each for each in self.findings if each.section == section and each.target == target]

    @property
    def open_warnings(self) -> list[Finding]:
        return [each for each in self.findings if each.needs_tick]


def _order_then(member: Any) -> tuple[bool, bool, str]:
    """The head of the year first, then who lives there still."""
    return (member.relation_then != HEAD, not member.here, member.person_no)


def household_page(user: User, pk: int, year: int | None = None) -> HouseholdPage:
    """The bundle for the page; ``year`` None is the household's latest, else the village's working year.

    Raises Http404 outside the user's scope.
    """
    household = HOUSEHOLD.first(pk)
    if household is None or not _sees(user, household):
        raise Http404
    records = {record.year: record for record in RECORDS(pk)}
    year = year or max(records, default=0) or working_year(household.village_id)
    latest = year >= max(records, default=0)
    people = _people(household, year, latest)
    late = _late_shown(household, year, records, people)
    persons = sum(member.counted for member in people)  # type: ignore[attr-defined]
    previous_persons = sum(counted_here(member, year - 1) for member in people)
    shown = [each for each in people if each.counted or (latest and each.here)]  # type: ignore[attr-defined]
    gone = [each for each in people if not each.here and each not in shown]  # type: ignore[attr-defined]
    return HouseholdPage(
        user=user,
        household=household,
        year=year,
        years=_years(records, year),
        members=sorted(shown, key=_order_then),
        left=_last_to_go(each for each in gone if latest or came_by(each, year)),
        persons=persons,
        latest=latest,
        record=records.get(year),
        previous=records.get(year - 1),
        worksheet=of_record(records.get(year), persons),
        previous_worksheet=of_record(records.get(year - 1), previous_persons),
        changed=changed_cells(records.get(year), records.get(year - 1)),
        people=people,
        records=records,
        late=late,
    )


def _late_shown(
    household: Household, year: int, records: dict[int, AnnualRecord], people: Iterable[Member]
) -> list[LateFact]:
    """The late facts of a closed year, put into what the page shows of that year and of the one before."""
    found: dict[int, list[LateFact]] = {}
    for shown in (year - 1, year):
        if not is_closed(household.village_id, shown):
            continue
        found[shown] = late_of(household.pk, shown)
        if not found[shown]:
            continue
        record = amended_record(records.get(shown), household, shown, found[shown])
        if record is not None:
            records[shown] = record
        for member in people:
            row = amended_member(member.year_rows.get(shown), member, shown, found[shown])  # type: ignore[attr-defined]
            if row is not None:
                member.year_rows[shown] = row  # type: ignore[attr-defined]
                setattr(member, "year_row" if shown == year else "previous_year_row", row)
    return found.get(year, [])


def _sees(user: User, household: Household) -> bool:
    """Whether the household is one of those ``visible_to`` the reader."""
    if getattr(user, "is_authenticated", False) and Household.scope.plainly_shows(user, household.village_id):
        return True
    return Household.objects.visible_to(user).filter(pk=household.pk).exists()


def _last_to_go(people: Iterable[Any]) -> list[Member]:
    return sorted(people, key=lambda member: member.stays[-1].until, reverse=True)


def _people(household: Household, year: int, latest: bool) -> list[Member]:
    """Members of all times with their yearly rows from two years back, in two queries."""
    rows: dict[int, dict[int, MemberYear]] = {}
    for row in MEMBER_YEARS(household.pk, year - EARLIER, year):
        rows.setdefault(row.member_id, {})[row.year] = row
    members = members_of(household.pk, year)
    for member in members:
        member.year_rows = rows.get(member.pk, {})  # type: ignore[attr-defined]
        member.year_row = member.year_rows.get(year)  # type: ignore[attr-defined]
        member.previous_year_row = member.year_rows.get(year - 1)  # type: ignore[attr-defined]
        member.here = lives_here(member, household.pk)  # type: ignore[attr-defined]
        member.counted = counted_here(member, year)  # type: ignore[attr-defined]
        now = latest and member.here  # type: ignore[attr-defined]
        member.relation_then = member.relation if now else relation_in(member, year)  # type: ignore[attr-defined]
    return members


def _years(records: Iterable[int], year: int) -> list[int]:
    """Recorded years, the year shown, and the one after the latest when its survey has begun; newest first."""
    known = {*records, year}
    following = max(known) + 1
    return sorted(known | ({following} if following <= years_offered()[0] else set()), reverse=True)


def neighbours(user: User, household: Household) -> Neighbours:
    """The households before and after in the village's list, as far as the user may see it. One query: a village has
    some hundred households at most."""
    if Household.scope.plainly_shows(user, household.village_id):
        listed = LISTED(household.village_id)
    else:
        listed = list(_listed(household.village_id).visible_to(user))
    numbers = [number for number, _pk in listed]
    before, upto = bisect_left(numbers, household.household_no), bisect_right(numbers, household.household_no)
    return Neighbours(
        previous=listed[before - 1][1] if before else None,
        next=listed[upto][1] if upto < len(listed) else None,
        position=upto,
        count=len(listed),
    )


def next_incomplete(user: User, household: Household, year: int) -> int | None:
    """Id of the next household of the village whose entry for the year is incomplete, going round; None when all are
    complete. Judged on what is stored now, not on the last verdict."""
    with connection.cursor() as cursor:
        statement = completeness.statement("h.village_id = %(village)s AND h.removed_on IS NULL AND h.in_register")
        cursor.execute(statement, {"village": household.village_id, "year": year})
        open_ids = {row[0] for row in cursor.fetchall() if row[1]}
    rows = Household.objects.visible_to(user).filter(pk__in=open_ids).exclude(pk=household.pk)
    numbered = list(rows.order_by("household_no").values_list("household_no", "pk"))
    later = [pk for number, pk in numbered if number > household.household_no]
    return next(iter(later or [pk for _number, pk in numbered]), None)


def changed_cells(record: AnnualRecord | MemberYear | None, previous: AnnualRecord | MemberYear | None) -> set[str]:
    """Names of the facts that differ from last year's row; empty when one of the rows is missing."""
    if record is None or previous is None:
        return set()
    names = (
        YEAR_FACTS if isinstance(record, MemberYear) else [name for name in ANNUAL_FACTS if name not in SURVEY_FACTS]
    )
    return {name for name in names if getattr(record, name) != getattr(previous, name)}
