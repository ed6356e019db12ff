"""The list of households: filters, paging, and what a row shows, in a constant number of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from households.closed.selectors import as_listed
from households.eligibility.tallied import tallied
from households.figures.frozen import frozen_households, inside, is_frozen
from households.figures.joined import joined_households
from households.figures.rows import narrow_households
from households.find import search as finding
from households.find.page_rows import (
    SEALED,
    assessments_of,
    households_of,
    people_of,
)
from households.find.paged import (
    COUNT_CAP,
    ROWS,
    WIDE_CAP,
    WIDE_FOUND,
    Found,
    ListPage,
    find_page,
)
from households.models import Assessment, Household, Member
from households.models.codes import HEAD
from households.standing.selectors import (
    ANY,
    of_year,
    runs,
    with_civil,
    with_exit_status,
    with_monitoring,
    with_type,
)
from povreg.kit.crypto import lookup_hash
from povreg.kit.idnumber import normalise
from povreg.kit.scopes import COUNTY, within
from villages.models import User, VillageProfile
from villages.rights import Right

ORDERS = {"place": "按村和户编号", "income": "人均纯收入从低到高"}
NOT_ASSESSED = "none"


@dataclass
class ListFilters:
    """Filters of the household list; an empty one does not filter.

    ``search`` what was typed into the search box (households.find.search) ·
    ``place`` place code · ``name`` part of a present member's name · ``id_no`` whole identity number ·
    ``household_no`` its beginning · ``attr``/``type``/``exit_status`` codes · ``monitor`` code of
    the monitoring class, or any · ``risk`` open/cleared · ``civil`` civil-affairs class, or any ·
    ``verdict`` pass/fail/missing, or none
    (not assessed) · ``failed``, ``missing`` criterion code · ``borderline``, ``eligible`` only those ·
    ``gap`` entry section that is incomplete · ``cause`` code of the main cause · ``poor`` yes/no: in a poor village ·
    ``figures`` figures of reports and filters that must all hold (households.figures), ``figure`` one more ·
    ``candidate`` ordinary households, ``removed`` those that ended, instead of those registered; ``everybody`` all that
    live there ·
    ``order`` one of ORDERS.
    """

    search: str = ""
    place: str = ""
    name: str = ""
    id_no: str = ""
    household_no: str = ""
    attr: str = ""
    type: str = ""
    exit_status: str = ""
    monitor: str = ""
    risk: str = ""
    civil: str = ""
    verdict: str = ""
    failed: str = ""
    missing: str = ""
    borderline: bool = False
    eligible: bool = False
    gap: str = ""
    cause: str = ""
    poor: str = ""
    figure: str = ""
    figures: tuple[str, ...] = ()
    candidate: bool = False
    everybody: bool = False
    removed: bool = False
    order: str = "place"


def list_page(
    user: User, filters: ListFilters, year: int, number: int = 1, size: int = ROWS, also: Iterable[str] = ()
) -> ListPage[Household]:
    """One page of the households the user may see, in six queries. A page that is none gives the nearest.

    Each row is a Household with ``head_name``, ``persons`` (present members) and ``assessment`` (of the year, or None).

    ``also`` names sealed fields that the page shows."""
    wide = WIDE_FOUND if filters.search or filters.name else WIDE_CAP
    cap = COUNT_CAP if within_a_county(user, filters) else wide
    found = find_page(households_list(user, filters, year), number, size, cap)
    chosen = households_of(found.ids, opened=not set(SEALED).isdisjoint(also))
    whole = tallied(user, filters.place, year, conditions_of(filters)) if found.capped else None
    return ListPage(decorate(chosen, year), found.number, found.pages, found.count, found.capped, whole)


def rows_of_page(user: User, filters: ListFilters, year: int, number: int) -> Found:
    """Which households stand on a page of the list, without what the page shows of them."""
    cap = COUNT_CAP if within_a_county(user, filters) else WIDE_FOUND if filters.search or filters.name else WIDE_CAP
    return find_page(households_list(user, filters, year), number, ROWS, cap)


def conditions_of(filters: ListFilters) -> dict[str, Any]:
    """What narrows the list, beside its place, by the names of an address."""
    other = ("place", "order", "figure", "figures")
    named = {name: value for name, value in vars(filters).items() if value and name not in other}
    figures = [text for text in (*filters.figures, filters.figure) if text]
    return named | ({"figure": figures[0]} if len(figures) == 1 else {"figures": figures} if figures else {})


def households_list(user: User, filters: ListFilters, year: int) -> QuerySet:
    """The filtered households in order, not cut: for counts, exports and links from the dashboard."""
    seen, here = Household.objects.visible_to(user), within("village_id", filters.place)
    year = _as_read(user, filters, year)
    rows: QuerySet
    if filters.removed:
        rows = seen.filter(removed_on__isnull=False)
    else:
        rows = (
            seen.living()
            if filters.everybody
            else seen.ordinary()
            if filters.candidate
            else _of_year(seen, year, filters)
        )
    rows = rows.filter(inside(filters.place, people=False) if is_frozen(year) else here)
    rows = _by_closed(rows, filters, year) if is_frozen(year) else _by_household(rows, filters, year)
    rows = _by_person(rows, user, filters)
    rows = _by_verdict(rows, user, filters, year)
    figures = [text for text in (*filters.figures, filters.figure) if text]
    rows = narrow_households(rows, figures, year, user, _places(user, filters)) if figures else rows
    return _ordered(rows, user, filters, year)


def _of_year(rows: QuerySet, year: int, filters: ListFilters) -> QuerySet:
    """What a list of the year begins with; of a closed year those that it counted. Behind a figure of verdicts stand
    those whom the figure counts, whatever they are today."""
    if is_frozen(year):
        return joined_households(frozen_households(rows, year), year)
    if runs(year) and _asks_verdict(filters):
        return rows.filter(Exists(Assessment.objects.filter(household=OuterRef("pk"), year=year, counted=True)))
    return of_year(rows, year)


def _asks_verdict(filters: ListFilters) -> bool:
    """Whether the list stands behind figures that are counted from verdicts."""
    judged = (filters.failed, filters.missing, filters.gap, filters.borderline, filters.eligible, filters.figure)
    return any(judged) or bool(filters.figures) or filters.verdict not in ("", NOT_ASSESSED)


def _as_read(user: User, filters: ListFilters, year: int) -> int:
    """The year as the list reads it: lists of those who live there now are not those of a closed year."""
    if filters.removed or filters.everybody or filters.candidate:
        return int(year)
    return as_listed(user, year, filters.place)


def _by_closed(rows: Any, filters: ListFilters, year: int) -> QuerySet:
    """The same as the closed year has it, with ``closed`` and ``judged``."""
    wanted = {
        "household_no__startswith": normalise(filters.household_no),
        "judged__household_attr": filters.attr,
        "judged__main_cause": filters.cause,
        "judged__exit_status": filters.exit_status,
        "judged__household_type": filters.type,
        "judged__monitor_type": "" if filters.monitor == ANY else filters.monitor,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if filters.monitor or filters.risk:
        over = {"open": Q(judged__risk_cleared=False), "cleared": Q(judged__risk_cleared=True)}
        rows = rows.filter(over.get(filters.risk, Q()), judged__monitor_type__gt="")
    rows = with_civil(rows, filters.civil, year) if filters.civil else rows
    return rows.filter(closed__poor=filters.poor == "yes") if filters.poor else rows


def _ordered(rows: QuerySet, user: User, filters: ListFilters, year: int) -> QuerySet:
    if filters.order == "income" and within_a_county(user, filters):
        rows = rows.annotate(ranked=FilteredRelation("assessments", condition=Q(assessments__year=year)))
        return rows.order_by("ranked__per_head", "village_id", "household_no")
    return rows.order_by("village_id", "household_no")


def within_a_county(user: User, filters: ListFilters) -> bool:
    """Whether the list lies in counties, by filter or by the user's postings; beyond, it is neither sorted by income
    nor counted to its end."""
    return all(len(code) >= COUNTY for code in _places(user, filters))


def _places(user: User, filters: ListFilters) -> list[str]:
    """Where the list lies: the place asked for, else the user's postings."""
    return [filters.place] if filters.place else user.places_with(Right.HOUSEHOLD_VIEW)


def _by_household(rows: QuerySet, filters: ListFilters, year: int) -> QuerySet:
    wanted = {
        "household_no__startswith": normalise(filters.household_no),
        "household_attr": filters.attr,
        "main_cause": filters.cause,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    rows = with_exit_status(rows, filters.exit_status, year) if filters.exit_status else rows
    rows = with_type(rows, filters.type, year) if filters.type else rows
    if filters.monitor or filters.risk:
        rows = with_monitoring(rows, "" if filters.monitor == ANY else filters.monitor, filters.risk, year)
    rows = with_civil(rows, filters.civil, year) if filters.civil else rows
    if filters.poor:
        poor = VillageProfile.objects.filter(is_poor=True).values("village_id")
        rows = rows.filter(village_id__in=poor) if filters.poor == "yes" else rows.exclude(village_id__in=poor)
    return rows


def _by_person(rows: QuerySet, user: User, filters: ListFilters) -> QuerySet:
    people: Any = Member.objects.visible_to(user).present().filter(within("village_id", filters.place))
    typed = finding.read(filters.search)
    if typed:
        rows = finding.narrow(rows, people, typed, _places(user, filters))
    name = "".join(filters.name.split())
    if name:
        rows = rows.filter(pk__in=people.named(name, _places(user, filters)).values("household_id"))
    if filters.id_no:
        rows = rows.filter(pk__in=people.filter(id_hash=lookup_hash(normalise(filters.id_no))).values("household_id"))
    return rows


def _by_verdict(rows: QuerySet, user: User, filters: ListFilters, year: int) -> QuerySet:
    wanted = Q()
    if filters.verdict and filters.verdict != NOT_ASSESSED:
        wanted &= Q(verdict=filters.verdict)
    if filters.failed:
        wanted &= Q(failed__contains=[filters.failed])
    if filters.missing:
        wanted &= Q(missing__contains=[filters.missing])
    if filters.borderline:
        wanted &= Q(borderline=True)
    if filters.eligible:
        wanted &= Q(eligible=True)
    if filters.gap:
        wanted &= Q(gaps__contains=[filters.gap])
    own = Assessment.objects.filter(household=OuterRef("pk"), year=year)
    if wanted:
        here = Q() if is_frozen(year) else within("village_id", filters.place)
        rows = rows.filter(Exists(own.visible_to(user).filter(here, wanted)))
    return rows.filter(~Exists(own)) if filters.verdict == NOT_ASSESSED else rows


def decorate(rows: Iterable[Household], year: int) -> list[Household]:
    """Put head name, persons and the year's assessment on households, in three queries; ``standing`` holds what they
    are at the end of the year (None: nothing is kept of it)."""
    households = list(rows)
    heads: dict[int, str] = {}
    persons: Counter[int] = Counter()
    ids = [row.pk for row in households]
    for household, relation, name in people_of(ids):
        persons[household] += 1
        if relation == HEAD:
            heads[household] = name
    assessments = assessments_of(ids, year)
    for each in households:
        each.head_name = heads.get(each.pk, "")  # type: ignore[attr-defined]
        each.persons = persons[each.pk]  # type: ignore[attr-defined]
        each.assessment = assessments.get(each.pk)  # type: ignore[attr-defined]
        each.standing = each if runs(year) else each.assessment  # type: ignore[attr-defined]
        if each.assessment and not runs(year):  # type: ignore[attr-defined]
            each.persons = each.assessment.persons  # type: ignore[attr-defined]
    return households
