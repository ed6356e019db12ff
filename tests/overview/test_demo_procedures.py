"""Lists of the demonstration of every kind at every state, and every one got there by its own steps."""

from collections import defaultdict
from datetime import date
from itertools import pairwise

import pytest
from django.utils import timezone

from households.models import ApprovalCorrection, Batch, Deputy, Objection, Signature, StepRecord
from households.models.template import Capacity
from households.procedures.engine.kinds import drafted
from households.procedures.engine.offers import on_offer
from households.procedures.engine.templates import steps_of, template_for
from households.procedures.notices import selectors as public
from povreg.demo import procedures, walk
from povreg.demo.states import bring_lists
from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = walk.YEAR
VILLAGE_HANDS = (Capacity.VILLAGE_SECRETARY, Capacity.VILLAGE_DIRECTOR, Capacity.FIRST_SECRETARY)
OFFICES = (Capacity.TOWNSHIP_OFFICE, Capacity.TOWNSHIP_LEADER, Capacity.COUNTY_OFFICE, Capacity.COUNTY_LEADER)


@pytest.fixture
def officer():
    """Households of each sort in fourteen villages of two townships, and the accounts of the demonstration."""
    xian = factories.posted(Role.COUNTY_OFFICER, username="xian", name="周文静")
    factories.posted(Role.TOWNSHIP_OFFICER, username="zhen", name="张敏")
    factories.posted(Role.VILLAGE_CADRE, username="cun", name="李建国")
    factories.poverty_line("8800", YEAR, kind="monitor")
    factories.place(f"{factories.COUNTY}203")
    for number in range(14):
        village = f"{factories.COUNTY}{201 + number % 2}{200 + number}"
        factories.place(village)
        for _ in range(3):
            judged(factories.household(village, members=1, exit_status="1", exit_year=2018))
        judged(factories.ordinary(village, members=1))
        watched = factories.household(
            village, members=1, exit_status="1", exit_year=2018, monitor_type="1", risks=["07"], risk_cleared=False,
            risk_identified_on=date(2025, 3, 1),
        )  # fmt: skip
        judged(watched)
        factories.clearance(watched, year=YEAR)
    return xian


def judged(home):
    factories.annual_record(home, YEAR)
    factories.member_year(home.members.get(), YEAR)
    factories.assessment(home, YEAR, persons=1)


def test_every_kind_at_every_state_by_different_hands_on_days_that_fit(officer):
    bring_lists(officer, factories.COUNTY, every=True)
    stand = defaultdict(set)
    for kind, state, code in Batch.objects.filter(year=YEAR).values_list("kind", "state", "step__code"):
        stand[kind].add(code or state)
    offered = [kind for kind, _ in on_offer(drafted(), YEAR, officer)]
    assert len(offered) == 5 and set(offered) == set(stand)
    for kind in offered:
        codes = {step.code for step in steps_of(template_for(kind, factories.COUNTY))}
        assert {"draft", "done", "stopped", *codes} - stand[kind] == set(), kind
    running = public.notice_list(factories.COUNTY)
    assert running.filter(ends_on__gte=timezone.localdate()).count() >= 3
    assert ApprovalCorrection.objects.get().orders.filter(approved_by=None).exists()
    assert Deputy.objects.get().posting is None
    days_fit()
    hands_differ()


def days_fit():
    """Steps follow each other, nothing is done before a list began or in days to come."""
    today = timezone.localdate()
    for batch in Batch.objects.exclude(started_on=None).prefetch_related("records"):
        days = [batch.started_on, *(record.on for record in sorted(batch.records.all(), key=lambda each: each.pk))]
        assert all(first <= second for first, second in pairwise(days)) and days[-1] <= today, batch
    assert not Signature.objects.filter(signed_on__gt=today).exists()


def hands_differ():
    """Every village signs with people of its own, nobody for two levels, and no account acts at two."""
    signed = Signature.objects.filter(entry=None)
    village = set(signed.filter(capacity__in=VILLAGE_HANDS).values_list("batch__place", "name"))
    secretaries = set(signed.filter(capacity=Capacity.VILLAGE_SECRETARY).values_list("batch__place", "name"))
    assert len({name for _, name in secretaries}) >= 6 and len(dict(secretaries)) == len(secretaries)
    offices = set(signed.filter(capacity__in=OFFICES).values_list("name", flat=True))
    assert not {name for _, name in village} & offices
    levels = defaultdict(set)
    for batch, by, level in StepRecord.objects.exclude(by=None).values_list("batch", "by", "level"):
        levels[batch, by].add({"household": "village", "group": "village"}.get(level, level))
    assert all(len(found) == 1 for found in levels.values())


def test_a_scene_does_with_a_list_of_one_household():
    """A county of few households: the second objection is left out, the list is not left half way."""
    people = {"cun": Role.VILLAGE_CADRE, "zhen": Role.TOWNSHIP_OFFICER, "xian": Role.COUNTY_OFFICER}
    accounts = {name: factories.posted(role, username=name) for name, role in people.items()}
    only = factories.household(members=1)
    factories.annual_record(only, YEAR)
    factories.member_year(only.members.get(), YEAR)
    factories.assessment(only, YEAR, persons=1)
    factories.poverty_line("8800", YEAR, kind="monitor")
    found = procedures.Walk(accounts["xian"], factories.VILLAGE)
    found.household_ids = [only.pk]
    procedures.settled(found)
    assert Batch.objects.filter(state="running", step__kind="notice").count() == 1
    assert [row.decision for row in Objection.objects.all()] == ["rejected"]
