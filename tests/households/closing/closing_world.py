"""A county with a judged year, ready to be closed."""

from households.closing.services import close_year
from households.eligibility.assess import recompute
from households.models import YearClosing
from tests import factories as make
from tests.factories import COUNTY, VILLAGE, YEAR
from villages.rights import Role

REASON = "县领导小组同意封存"


def family(code=VILLAGE, *, members=2, year=YEAR, record=None, **facts):
    """A household whose year is complete and meets every criterion."""
    row = make.household(code, members=members, **facts)
    make.annual_record(row, year, **(record or {}))
    for person in row.members.all():
        make.member_year(person, year, school_status="04")
    return row


def close(year=YEAR, by=None, county=COUNTY, reason=REASON) -> YearClosing:
    recompute(county, year)
    return close_year(
        by=by or make.posted(Role.COUNTY_OFFICER, county), county=make.place(county), year=year, reason=reason
    )
