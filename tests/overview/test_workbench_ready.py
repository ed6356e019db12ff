"""What a workbench asks is put together once for people alike: to each it says what it says to who is asked anew."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from povreg.kit import workbench
from povreg.kit.workbench import Viewer
from povreg.overview.workbench.office import lagging_villages
from tests import factories as make, factories_assistance as given
from tests.audits import made
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = make.YEAR
TODAY, LATER = datetime(2026, 11, 5, 2, tzinfo=UTC), datetime(2027, 12, 20, 2, tzinfo=UTC)
PLACES = {
    Role.VILLAGE_CADRE: (make.VILLAGE, make.OTHER_VILLAGE),
    Role.VOLUNTEER: (make.VILLAGE, make.OTHER_VILLAGE),
    Role.TOWNSHIP_OFFICER: (make.TOWNSHIP, make.OTHER_VILLAGE[:9]),
}
COUNTIES = make.COUNTY, make.OTHER_VILLAGE[:6]
OFFERED = [(role, find) for role, finds in workbench._offers.items() for find in finds]


def at(moment):
    return patch("django.utils.timezone.now", lambda: moment)


def anew():
    return patch("villages.rights.ready.fits", lambda *_: False)


def asked(find, role, person, year=YEAR):
    """What is due for somebody, and the statements it takes, as they reach the database."""
    user = User.objects.get(pk=person.pk)
    viewer = Viewer(user, role, tuple(sorted(code for _role, code in user.postings_today())), year)
    with CaptureQueriesContext(connection) as told:
        found = find(viewer)
    return list(found), [each["sql"] for each in told.captured_queries]


@pytest.fixture
def much():
    """In two counties a household each of which something is due."""
    for code in (make.VILLAGE, make.OTHER_VILLAGE):
        home = make.household(code, members=1, monitor_type="01", exit_status="0")
        make.assessment(home, failed=["housing"], verdict="fail")
        make.flip(home, at=TODAY)
        make.lead(home)
        make.job(place_code=code[:6])
        made.doubt(home, severity="E")
        made.finding(home)
        given.measure(home)
        given.correction_request(home)
        for level in (code, code[:9], code[:6]):
            for measure, amount in (("filled", 3), ("fields", 7), ("total", None)):
                make.tally(level, measure=measure, bucket="all", amount=amount)


@pytest.mark.usefixtures("much")
@pytest.mark.parametrize(("role", "find"), OFFERED, ids=lambda each: getattr(each, "__name__", each))
def test_nothing_stays_of_who_was_asked_before_or_of_his_day(role, find, settings):
    """Somebody elsewhere is asked on another day, then the person: what reaches the database is what Django makes of
    it for the person alone."""
    settings.PREPARE_STATEMENTS = False
    here, elsewhere = (make.posted(role, code) for code in PLACES.get(role, COUNTIES))
    with at(LATER):
        asked(find, role, elsewhere, YEAR + 1)
    with at(TODAY):
        asked(find, role, here)  # what a process keeps for a minute is kept
        with anew():
            wanted = asked(find, role, here)
        assert asked(find, role, here) == wanted


@pytest.mark.usefixtures("much")
@pytest.mark.parametrize("role", [Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, Role.AUDITOR])
def test_everybody_is_told_of_his_own_places(role):
    """The board of two people alike, one after the other, and as both are told who are asked anew."""
    people = [make.posted(role, code) for code in PLACES.get(role, COUNTIES)]
    boards = [workbench.board_of(User.objects.get(pk=each.pk), YEAR) for each in people]
    with anew():
        assert boards == [workbench.board_of(User.objects.get(pk=each.pk), YEAR) for each in people]
    assert all(each.dues or each.figures for each in boards) and boards[0] != boards[1]


AMOUNTS = [
    (1, 3),
    (20_000, 60_000),
    (2, 6),
    (0, 9),
    (5, 5),
    (0, 0),
    (None, 7),
    (7, 7.01),
    (1, 7),
    (3, 22),
    (4, 5),
    (5, 6),
]
"""What was filled in of what is to be filled in: alike in pairs, all, nothing."""


def test_villages_that_lag_are_put_in_order_by_share_and_code():
    codes = [f"{make.TOWNSHIP}{300 - number}" for number in range(len(AMOUNTS))]
    for code, (filled, fields) in zip(codes, AMOUNTS, strict=True):
        make.tally(code, measure="filled", bucket="all", amount=filled)
        make.tally(code, measure="fields", bucket="all", amount=fields, households=4)
        make.tally(code, measure="fields", bucket="all", amount=0, households=1, poor=True)
        make.tally(code, bucket="missing", households=2)
        make.tally(code, bucket="fail", households=3)
    shares = {code: (filled or 0) / fields for code, (filled, fields) in zip(codes, AMOUNTS, strict=True) if fields}
    wanted = [code for code in sorted(codes, key=lambda code: (shares.get(code, 1), code)) if shares.get(code, 1) < 1]
    user = make.posted(Role.COUNTY_OFFICER)
    [listing] = lagging_villages(Viewer(user, Role.COUNTY_OFFICER, (make.COUNTY,), YEAR))
    assert [row[0].url.partition("place=")[2][:12] for row in listing.rows] == wanted[:8]
    assert {(row[2].text, row[3].text) for row in listing.rows} == {(5, 2)}
    assert [row[1].text for row in listing.rows] == [f"{shares[code]:.1%}" for code in wanted[:8]]
