"""Reading the register: the household page in a handful of queries, the list, the neighbours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from households.history.selectors import Sentence
from households.models import AnnualRecord, Assessment, Attachment, Household, Member, MemberYear
from households.register.completeness import SectionCount
from households.register.logic.rule import Finding
from households.register.worksheet import Worksheet


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

    ``members`` are the present ones, head first, each with ``year_row`` (MemberYear or None) and ``previous_year_row``;
    ``left`` those who left. ``sections`` maps section code to its count, ``findings`` holds all findings (accepted ones
    marked), ``changed`` the names of annual fields that differ from last year's record.
    """

    household: Household
    year: int
    years: list[int]
    members: list[Member]
    left: list[Member]
    record: AnnualRecord | None
    previous: AnnualRecord | None
    worksheet: Worksheet
    previous_worksheet: Worksheet
    assessment: Assessment | None
    sections: Mapping[str, SectionCount]
    findings: list[Finding]
    attachments: list[Attachment]
    neighbours: Neighbours
    changed: set[str] = field(default_factory=set)
    recent: list[Sentence] = field(default_factory=list)

    @property
    def head(self) -> Member | None:
        return next((member for member in self.members if member.relation == "01"), None)

    def findings_of(self, section: str, target: str = "") -> list[Finding]:
        """Findings of a section about one target (a member's id as text; empty: the household itself)."""
        return [each for each in self.findings if each.section == section and each.target == target]


def household_page(user: Any, pk: int, year: int | None = None) -> HouseholdPage:
    """The bundle for the page; ``year`` None is the household's latest. Raises Http404 outside the user's scope."""
    raise NotImplementedError


def neighbours(user: Any, household: Household) -> Neighbours:
    """The households before and after in the village's list, as far as the user may see it."""
    raise NotImplementedError


def next_incomplete(user: Any, household: Household, year: int) -> int | None:
    """Id of the next household of the village whose entry for the year is incomplete, going round; None when all are."""
    raise NotImplementedError


def changed_cells(record: AnnualRecord | MemberYear | None, previous: AnnualRecord | MemberYear | None) -> set[str]:
    """Names of the facts that differ from last year's row; empty when one of the rows is missing."""
    raise NotImplementedError


@dataclass
class ListFilters:
    """Filters of the household list; an empty one does not filter.

    ``place`` place code · ``name`` part of a present member's name · ``id_no`` whole identity number ·
    ``household_no`` its beginning · ``attr``/``type``/``exit_status`` codes · ``verdict`` pass/fail/missing ·
    ``failed`` criterion code · ``gap`` entry section that is incomplete · ``removed`` also those struck off ·
    ``order`` one of ORDERS.
    """

    place: str = ""
    name: str = ""
    id_no: str = ""
    household_no: str = ""
    attr: str = ""
    type: str = ""
    exit_status: str = ""
    verdict: str = ""
    failed: str = ""
    gap: str = ""
    removed: bool = False
    order: str = "place"


ORDERS = {"place": "按村和户编号", "-updated": "最近修改在前", "income": "人均纯收入从低到高"}


@dataclass
class ListPage:
    """One page of the list. Each row is a Household with ``head_name``, ``persons``, and ``verdict``, ``failed``,
    ``missing``, ``gaps``, ``per_head``, ``borderline`` of the year's assessment (None when not assessed).

    ``count`` is exact up to COUNT_CAP; ``capped`` says that there are more.
    """

    rows: list[Household]
    number: int
    pages: int
    count: int
    capped: bool
    has_previous: bool
    has_next: bool


COUNT_CAP = 10_000


def list_page(user: Any, filters: ListFilters, year: int, number: int = 1, size: int = 50) -> ListPage:
    """One page of the households the user may see, in a constant number of queries."""
    raise NotImplementedError


def households_list(user: Any, filters: ListFilters, year: int) -> QuerySet:
    """The filtered households, not annotated and not cut: for counts, exports and save-and-next."""
    raise NotImplementedError


def decorate(rows: Iterable[Household], year: int) -> list[Household]:
    """Put head name, persons and the year's assessment on households, in two queries."""
    raise NotImplementedError
