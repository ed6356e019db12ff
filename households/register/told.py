"""What the history of a household is told from: its rows, its people's, their years', papers and events."""

from collections.abc import Mapping
from typing import Any

from households.history.versions import Source
from households.models import (
    AcceptedWarning,
    AnnualRecord,
    Attachment,
    Household,
    Member,
    MemberYear,
    NotSame,
    RegisterEvent,
)
from villages.codes.selectors import label

Names = Mapping[int, str]


def _person(event: Any, _people: Names) -> str:
    return event.name


def _person_year(event: Any, people: Names) -> str:
    return f"{people.get(event.member_id, '成员')} {event.year}年度"


def _record(event: Any, _people: Names) -> str:
    return f"{event.year}年度记录"


def _paper(event: Any, _people: Names) -> str:
    return f"附件“{event.title or label('attachment_kind', event.kind) or event.original_name}”"


def _event(event: Any, people: Names) -> str:
    what = label("member_change", event.member_change) or label("household_change", event.household_change)
    person = people.get(event.member_id)
    return f"变动“{what}”" + (f"（{person}）" if person else "")


def _tick(event: Any, people: Names) -> str:
    person = people.get(int(event.target)) if event.target.isdigit() else None
    return "提示确认" + (f"（{person}）" if person else "")


def _not_same(event: Any, people: Names) -> str:
    """The two look alike, so that one name says both; who lives elsewhere is not named."""
    names = dict.fromkeys(people[pk] for pk in (event.one_id, event.other_id) if pk in people)
    return f"{'和'.join(names)}“不是同一人”的核实"


SOURCES = (
    Source(Household, "id"),
    Source(RegisterEvent, subject=_event),
    Source(MemberYear, subject=_person_year, person_of_year=lambda event: event.member_id),
    Source(Member, subject=_person, person=lambda event: event.pgh_obj_id),
    Source(AnnualRecord, subject=_record),
    Source(Attachment, subject=_paper),
    Source(AcceptedWarning, subject=_tick),
    Source(NotSame, subject=_not_same, people=("one_id", "other_id"), silent=frozenset({"one", "withdrawn_by"})),
)
