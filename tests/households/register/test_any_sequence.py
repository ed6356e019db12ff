"""Whatever happens in whatever order: nobody lives in two households on a day, and years before do not move."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from households.eligibility.assess import recompute
from households.models import Assessment, Household, Member, MemberYear
from households.register import member_changes, moves, taken_back
from households.register.errors import FormErrors
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db
BEFORE = (2019, 2020)
FIRST = date(2020, 10, 1)  # the day after the last count day of the years that must not move
EVENTS = ("birth", "death", "marry_out", "marry_in", "split", "merge", "transfer", "undo")
steps = st.lists(
    st.tuples(st.sampled_from(EVENTS), st.integers(0, 2), st.integers(0, 5), st.integers(0, 2100)), max_size=9
)
TWO_HOUSEHOLDS = """
SELECT count(*) FROM households_presence a JOIN households_presence b ON a.member_id = b.member_id AND a.id < b.id
WHERE daterange(a.since, a.until) && daterange(b.since, b.until)
"""
TWO_HEADS = """
SELECT count(*) FROM households_presence a JOIN households_presence b ON a.household_id = b.household_id AND a.id < b.id
WHERE a.relation = '01' AND b.relation = '01' AND daterange(a.since, a.until) && daterange(b.since, b.until)
"""


def one(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def counted():
    """Persons and verdicts of the years before, and whose yearly rows stand with which household."""
    for year in BEFORE:
        recompute(make.COUNTY, year)
    verdicts = Assessment.objects.filter(year__in=BEFORE).order_by("year", "household")
    rows = MemberYear.objects.filter(year__in=BEFORE).order_by("pk")
    return (
        list(verdicts.values_list("household", "year", "persons", "verdict", "counted_in", "counted")),
        list(rows.values_list("pk", "household", "counted_in")),
    )


def relations_of(members, head=None):
    return {each.pk: "99" for each in members if each != head}


def run(by, event, house, pick, on):
    """One event of a household; ``pick`` chooses the person."""
    living = list(house.members.present().order_by("pk"))
    person = living[pick % len(living)] if living else None
    others = [each for each in living if each != person]
    if event == "birth":
        facts = {"name": "王新生", "relation": "99", "sex": "1", "birth_date": on}
        member_changes.record_birth(by=by, household=house, year=on.year, facts=facts)
    elif event == "marry_in":
        gone = Member.objects.filter(left_on__isnull=False).exclude(left_reason="01").order_by("pk").first()
        number = gone.id_no if gone else make.id_number(date(1999, 1, 1))
        facts = {"name": "李某", "relation": "99", "id_no": number}
        member_changes.record_marriage_in(by=by, household=house, year=on.year, on=on, facts=facts)
    elif event in ("death", "marry_out") and person:
        head = others[0] if others and person.relation == "01" else None
        member_changes.record_leaving(
            by=by, member=person, kind="01" if event == "death" else "02", on=on, new_head=head,
            relations=relations_of(others, head),
        )  # fmt: skip
    elif event == "split" and person:
        moves.split_household(
            by=by, household=house, member_ids=[person.pk], new_head=person, relations={}, on=on, reason="分户"
        )
    elif event == "merge":
        target = Household.objects.filter(removed_on=None).exclude(pk=house.pk).order_by("pk").first() or house
        moves.merge_households(by=by, source=house, target=target, relations=relations_of(living), on=on, reason="并户")
    elif event == "transfer":
        village = make.NEXT_VILLAGE if house.village_id == make.VILLAGE else make.VILLAGE
        moves.transfer_household(by=by, household=house, village=village, on=on, reason="搬迁")
    elif event == "undo":
        taken_back.undo_last_change(by=by, household=house, reason="登记有误")


def committed():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps)
def test_any_sequence_of_events(sequence):
    with transaction.atomic():
        officer = make.posted(Role.TOWNSHIP_OFFICER)
        make.place(make.NEXT_VILLAGE)
        make.poverty_line("4000"), make.criteria_set()
        for _ in range(3):
            house = make.household(members=1)
            for _child in range(2):  # their papers say the same: who marries in again is who his number says
                make.member(house, relation="03", born=date(1990, 1, 1))
            for year in BEFORE:
                make.annual_record(house, year)
                for member in house.members.all():
                    make.member_year(member, year)
        before = counted()
        for event, of, pick, days in sequence:
            houses = list(Household.objects.order_by("pk"))
            try:
                with transaction.atomic():
                    run(officer, event, houses[of % len(houses)], pick, FIRST + timedelta(days=days))
                    committed()
            except (ValidationError, FormErrors):
                continue
        committed()
        assert one(TWO_HOUSEHOLDS) == 0 and one(TWO_HEADS) == 0
        assert counted() == before
        transaction.set_rollback(True)
