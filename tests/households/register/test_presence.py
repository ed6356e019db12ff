"""Who lived where since when: presence follows the members whatever writes them, and years are counted by it."""

from datetime import date
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from households.eligibility.assess import recompute
from households.figures.joined import counted_people
from households.models import AnnualRecord, Assessment, Household, Member, MemberYear, Presence
from households.register import member_changes, moves
from households.register.selectors import household_page
from tests import factories as make
from tests.owner import owner
from villages.rights import Role

pytestmark = pytest.mark.django_db
LATE = date(2026, 11, 1)
IN_2020 = date(2020, 5, 1)


@pytest.fixture
def officer():
    return make.posted(Role.TOWNSHIP_OFFICER)


@pytest.fixture
def house():
    """Head, wife, son and daughter-in-law, surveyed in 2019 and 2020."""
    row = make.household(members=1)
    make.member(row, name="陈秀兰", relation="02", sex="2", birth_date=date(1978, 3, 4))
    make.member(row, name="王小海", relation="03", birth_date=date(1998, 6, 7))
    make.member(row, name="李小芳", relation="05", sex="2", birth_date=date(1999, 6, 7))
    for year in (2019, 2020):
        make.annual_record(row, year, wage_income=12_000, business_income=0, business_expense=0, tr_pension=0)
        for member in row.members.all():
            make.member_year(member, year)
    return row


def split(by, house, on):
    son, wife = house.members.get(relation="03"), house.members.get(relation="05")
    return moves.split_household(
        by=by, household=house, member_ids=[son.pk, wife.pk], new_head=son, relations={wife.pk: "02"}, on=on,
        reason="成家另立户",
    )  # fmt: skip


def stays(member):
    rows = Presence.objects.filter(member=member)
    return list(rows.values_list("household", "since", "until", "relation", "came", "went"))


def verdict(house, year=2020):
    recompute(make.COUNTY, year)
    row = Assessment.objects.get(household=house, year=year)
    return row.verdict, row.persons, row.per_head


class TestPastYearsDoNotMove:
    def test_a_split_turns_no_verdict_of_a_year_before(self, officer, house):
        """Four people on 12,000 yuan fail the line of 4,000; the two who stayed would pass it."""
        make.poverty_line("4000")
        make.criteria_set()
        before = verdict(house)
        assert before[:2] == ("fail", 4)
        split(officer, house, LATE)
        assert verdict(house) == before

    def test_a_split_before_the_count_day_counts_in_its_year(self, officer, house):
        make.poverty_line("4000")
        make.criteria_set()
        new = split(officer, house, IN_2020)
        assert verdict(house)[1:] == (2, 6000)
        assert verdict(new)[1] == 2
        assert verdict(house, 2019)[1] == 4

    def test_yearly_rows_stay_where_they_were_counted(self, officer, house):
        new = split(officer, house, IN_2020)
        assert set(MemberYear.objects.filter(household=new).values_list("year", flat=True)) == {2020}
        assert MemberYear.objects.filter(household=house, year=2019).count() == 4

    def test_a_merge_leaves_both_households_their_past(self, officer, house):
        father = make.household(members=1)
        father.members.update(birth_date=date(1950, 1, 1))
        make.annual_record(father)
        moves.merge_households(
            by=officer, source=father, target=house, on=LATE, reason="随子生活",
            relations={father.members.get().pk: "11"},
        )  # fmt: skip
        [before, after] = stays(Member.objects.get(household=house, relation="11"))
        assert before == (father.pk, date(2014, 1, 1), LATE, "01", "", "H3")
        assert after == (house.pk, LATE, None, "11", "H3", "")
        assert verdict(house)[1] == 4

    def test_the_page_of_a_past_year_shows_who_lived_there_then(self, officer, house):
        make.annual_record(house, 2021)
        new = split(officer, house, date(2020, 12, 1))
        assert len(household_page(officer, house.pk, 2020).members) == 4
        page = household_page(officer, house.pk, 2021)
        assert (len(page.members), len(page.left), page.persons) == (2, 2, 2)
        later = household_page(officer, new.pk, 2020)
        assert later.persons == 0 and [each.counted for each in later.members] == [False, False]

    def test_nobody_counts_before_he_was_born(self, officer, house):
        Member.objects.filter(household=house, relation="03").update(birth_date=date(2020, 11, 3), joined_on=None)
        make.poverty_line("4000")
        make.criteria_set()
        assert verdict(house)[1] == 3
        assert counted_people(officer, 2020).count() == 3

    def test_people_of_a_year_are_those_of_the_household_that_counted_them(self, officer, house):
        new = split(officer, house, LATE)
        then = counted_people(officer, 2020)
        assert set(then.values_list("lived__household", flat=True)) == {house.pk}
        assert counted_people(officer, 2027).filter(lived__household=new.pk).count() == 2


class TestWhereItWasSurveyed:
    def move(self, by, house, on=LATE):
        make.place(make.NEXT_VILLAGE)
        moves.transfer_household(by=by, household=house, village=make.NEXT_VILLAGE, on=on, reason="搬迁")

    def test_rows_of_a_year_keep_their_village(self, officer, house):
        make.criteria_set()
        recompute(make.COUNTY, 2020)
        self.move(officer, house)
        recompute(make.COUNTY, 2020)
        for model in (AnnualRecord, MemberYear, Assessment):
            rows = set(model.objects.filter(household=house).values_list("village", "counted_in"))
            assert rows == {(make.NEXT_VILLAGE, make.VILLAGE)}, model

    def test_the_village_where_it_lives_now_reads_its_past(self, officer, house):
        self.move(officer, house)
        cadre = make.posted(Role.VILLAGE_CADRE, make.NEXT_VILLAGE)
        assert household_page(cadre, house.pk, 2020).persons == 4
        assert counted_people(cadre, 2020).count() == 4
        assert counted_people(make.posted(Role.VILLAGE_CADRE, make.VILLAGE), 2020).count() == 0

    def test_what_is_written_late_is_of_the_village_where_it_lived(self, officer, house):
        self.move(officer, house)
        house.refresh_from_db()
        late, new = make.annual_record(house, 2018), make.annual_record(house, 2027)
        assert (late.counted_in, new.counted_in) == (make.VILLAGE, make.NEXT_VILLAGE)

    def test_it_does_not_change_afterwards(self, house):
        record = AnnualRecord.objects.filter(household=house).first()
        with pytest.raises(IntegrityError, match="counted_in"), transaction.atomic():
            AnnualRecord.objects.filter(pk=record.pk).update(counted_in=make.NEXT_VILLAGE)
        assert AnnualRecord.objects.get(pk=record.pk).counted_in == make.VILLAGE


class TestWhateverWrites:
    def test_members_written_in_sets(self):
        house = make.household()
        own = {"household": house, "village_id": house.village_id}
        Member.objects.bulk_create(
            [
                Member(**own, person_no="1", name="王明", relation="01"),
                Member(
                    **own, person_no="2", name="王海", relation="03", joined_on=IN_2020, left_on=LATE, left_reason="02"
                ),
            ]
        )
        head, son = house.members.order_by("person_no")
        assert stays(head) == [(house.pk, None, None, "01", "", "")]
        assert stays(son) == [(house.pk, IN_2020, LATE, "03", "", "02")]

    def test_another_household_needs_the_day(self, house):
        other = make.household(members=1)
        with pytest.raises(IntegrityError, match="needs the day"), transaction.atomic():
            Member.objects.filter(household=house, relation="03").update(household=other)
        with pytest.raises(IntegrityError, match="needs the day"), transaction.atomic():
            Member.objects.filter(household=house, relation="03").update(household=other, joined_on=date(2010, 1, 1))
        Member.objects.filter(household=house, relation="03").update(household=other, joined_on=LATE)
        assert Presence.objects.filter(household=other, since=LATE).count() == 1

    def test_back_to_an_earlier_stay_takes_back_what_followed(self, house):
        other = make.household(members=1)
        son = house.members.get(relation="03")
        was = stays(son)
        Member.objects.filter(pk=son.pk).update(household=other, joined_on=LATE)
        Member.objects.filter(pk=son.pk).update(household=house, joined_on=son.joined_on)
        assert stays(son) == was

    def test_nobody_is_in_two_households_on_a_day(self, house):
        son = house.members.get(relation="03")
        with pytest.raises(IntegrityError, match="one_household_a_day"), transaction.atomic():
            Presence.objects.create(
                member=son, household=make.household(), village_id=make.VILLAGE, since=IN_2020, relation="03"
            )

    def test_at_most_one_head_a_day(self, house):
        with pytest.raises(IntegrityError, match="one_head_a_day"), transaction.atomic():
            Presence.objects.filter(household=house, relation="02").update(relation="01")

    def test_presence_alone_says_nothing_else_than_the_member(self, house):
        with pytest.raises(IntegrityError, match="not what the member says"), transaction.atomic():
            Presence.objects.filter(household=house, relation="02").update(relation="99")
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_a_head_of_whom_no_day_is_told_follows_the_one_who_left(self, house):
        """As a roster says it: the old head is gone, another row of the same household is head."""
        head, wife = house.members.get(relation="01"), house.members.get(relation="02")
        Member.objects.filter(pk=head.pk).update(left_on=IN_2020, left_reason="01")
        Member.objects.filter(pk=wife.pk).update(relation="01")
        begun = date(2014, 1, 1)
        assert stays(wife) == [(house.pk, begun, IN_2020, "02", "", ""), (house.pk, IN_2020, None, "01", "", "")]
        make.member(house, name="王新", relation="03", birth_date=date(1990, 1, 1))
        assert stays(head) == [(house.pk, begun, IN_2020, "01", "", "01")]


def test_a_change_of_head_has_its_day(officer, house):
    head, wife = house.members.get(relation="01"), house.members.get(relation="02")
    relations = {head.pk: "02", **{each.pk: each.relation for each in house.members.filter(relation__in=("03", "05"))}}
    member_changes.change_head(by=officer, household=house, new_head=wife, relations=relations, on=IN_2020)
    begun = date(2014, 1, 1)
    assert stays(head) == [(house.pk, begun, IN_2020, "01", "", ""), (house.pk, IN_2020, None, "02", "", "")]
    assert stays(wife) == [(house.pk, begun, IN_2020, "02", "", ""), (house.pk, IN_2020, None, "01", "", "")]
    assert Presence.objects.filter(household=house).count() == 6


def test_an_installation_with_data_gets_its_presence_back(officer, house):
    """What the migration makes of members, their kept versions and events is what the verbs had written."""
    father = make.household(members=1)
    father.members.update(birth_date=date(1950, 1, 1))
    new = split(officer, house, IN_2020)
    moves.merge_households(
        by=officer, source=father, target=new, on=LATE, reason="随子生活", relations={father.members.get().pk: "11"}
    )
    MemberYear.objects.filter(member__household=new).update(household=new)
    fields = ("member", "household", "since", "until", "relation", "continued", "came", "went")
    was = list(Presence.objects.values_list(*fields))
    filled = import_module("households.migrations.0019_presence_filled")
    with owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM households_presence")
        cursor.execute("UPDATE households_member SET joined_on = '2014-01-01'")
        cursor.execute(filled.FILL + filled.HEADS + filled.YEARS)
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert list(Presence.objects.values_list(*fields)) == was
    assert MemberYear.objects.filter(household=house, year=2019).count() == 4
    assert Household.objects.get(pk=new.pk).members.get(relation="11").joined_on == LATE
