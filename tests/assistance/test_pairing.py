"""Pairing: turns, limits, nobody let go too early; the matching against another solver and in its time."""

from __future__ import annotations

import time
from datetime import date

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from scipy.optimize import linprog

from assistance.models import Pairing
from assistance.pairing import selectors
from assistance.pairing.matching import needs, services as matching
from assistance.pairing.matching.solver import CROWDING, match, places_of, total
from assistance.pairing.services import StillNeeded, end_pairing, set_limit, start_pairing
from assistance.pairing.teams.selectors import teams
from assistance.pairing.teams.services import note_days
from tests import factories
from villages.rights import Role

DAY = date(2026, 3, 2)


@pytest.fixture
def xian(db):
    return factories.posted(Role.COUNTY_OFFICER)


def helper(**facts):
    return factories.posted(Role.HELPER, factories.TOWNSHIP, **facts)


def pair(by, household, who, **more):
    return start_pairing(by=by, household=household, helper=who, starts_on=DAY, **more)


def test_a_household_has_up_to_three_helpers_each_with_his_turn(xian):
    household = factories.household()
    assert [pair(xian, household, helper()).turn for _ in range(3)] == [1, 2, 3]
    with pytest.raises(ValidationError, match="已有 3 名"):
        pair(xian, household, helper())


def test_a_helper_takes_no_more_than_his_rank_may(xian):
    who = helper()
    factories.cadre(user=who, rank="乡科级副职")
    set_limit(by=xian, county=factories.place(factories.COUNTY), rank="科级", most=1)
    pair(xian, factories.household(), who)
    with pytest.raises(ValidationError, match="最多 1 户"):
        pair(xian, factories.household(), who)


def test_nobody_is_let_go_before_the_household_got_over_it(xian):
    poor, over = factories.household(exit_status="0"), factories.household(exit_status="1")
    held, done = pair(xian, poor, helper()), pair(xian, over, helper())
    with pytest.raises(StillNeeded, match="不能脱钩"):
        end_pairing(by=xian, pairing=held, ends_on=date(2026, 6, 30), reason="调离")
    end_pairing(by=xian, pairing=held, ends_on=date(2026, 6, 30), reason="调离", successor=helper())
    assert Pairing.objects.filter(household=poor, starts_on=date(2026, 7, 1), turn=1).exists()
    end_pairing(by=xian, pairing=done, ends_on=date(2026, 6, 30), reason="已脱贫")


def solved_otherwise(costs, rooms):
    """The least cost by linear programming (HiGHS), over the same places."""
    helpers, turns = places_of(rooms)
    each = costs[:, helpers] + CROWDING * turns
    rows, columns = each.shape
    once = np.kron(np.eye(rows), np.ones(columns))
    most = np.kron(np.ones(rows), np.eye(columns))
    found = linprog(each.ravel(), A_eq=once, b_eq=np.ones(rows), A_ub=most, b_ub=np.ones(columns))
    return found.fun


def test_the_matching_is_the_optimum_of_another_solver():
    draw = np.random.default_rng(7)
    for _ in range(4):
        costs = draw.random((14, 9)) * 5
        rooms = [int(room) for room in draw.integers(1, 4, 9)]
        if sum(rooms) >= 14:
            assert total(costs, match(costs, rooms)) == pytest.approx(solved_otherwise(costs, rooms))


def test_three_thousand_households_are_matched_in_time():
    draw = np.random.default_rng(1)
    here, there = draw.integers(0, 130, 3000), draw.integers(0, 130, 1500)
    costs = np.where(
        here[:, None] == there[None, :], 0.0, np.where(here[:, None] // 10 == there[None, :] // 10, 1.0, 3.0)
    )
    began = time.process_time()
    found = match(costs, [3] * 1500)
    assert time.process_time() - began < 20
    assert -1 not in found and max(np.bincount(found)) <= 3


def test_a_proposal_keeps_who_is_there_explains_itself_and_waits_for_the_needs(xian):
    kept, other = helper(name="赵守成"), helper(name="钱望")
    asked, unasked = factories.household(members=1), factories.household(members=1)
    pair(xian, asked, kept)
    proposal = matching.propose(by=xian, place=factories.place(factories.TOWNSHIP))
    rows = {row.household_id: row for row in proposal.choices.all()}
    assert rows[asked.pk].helper == kept and "保留现有结对" in rows[asked.pk].reasons
    assert rows[unasked.pk].helper == other
    begun, faults = matching.accept(by=xian, proposal=proposal, rows=list(rows.values()), starts_on=DAY)
    assert begun == 0 and "先入户调查需求" in faults[0]

    def known(ids):
        return {pk: ("money",) for pk in ids if pk == unasked.pk}

    needs.needs_known(known)
    try:
        begun, faults = matching.accept(by=xian, proposal=proposal, rows=[rows[unasked.pk]], starts_on=DAY)
    finally:
        needs._known.remove(known)
    assert (begun, faults) == (1, [])
    assert selectors.coverage(xian) == {"must": 2, "have": 2}


def test_the_office_proposes_and_sees_pair_by_pair(xian):
    household = factories.household(members=1)
    helper()
    page = Client()
    page.force_login(xian)
    sent = page.post(reverse("pairing-propose"), {"place": factories.COUNTY, "keep": "on"}, follow=True)
    shown = sent.content.decode()
    assert household.household_no in shown and "在本乡镇" in shown
    assert "还没有" in page.get(reverse("pairings")).content.decode()


def test_teams_say_what_they_lack(xian):
    factories.village_profile(is_poor=True)
    (empty,) = teams(xian)
    assert empty.faults == ["没有驻村工作队"]
    leader = factories.cadre(is_team_leader=True, is_first_secretary=True, is_team_member=True, stationed_to=None)
    (one,) = teams(xian)
    assert one.faults == ["只有 1 人，应不少于 3 人"]
    cun = factories.posted(Role.VILLAGE_CADRE)
    assert note_days(by=cun, village=factories.place(), month=DAY, days={leader.pk: 22}) == 1
    with pytest.raises(ValidationError, match="0 到 31"):
        note_days(by=cun, village=factories.place(), month=DAY, days={leader.pk: 32})
