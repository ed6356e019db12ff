"""Splitting, merging, moving and striking off households: rows move in sets, reasons and dates are asked for."""

from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError

from households.models import AnnualRecord, Household, Member, MemberYear, RegisterEvent
from households.register import moves, village_rows
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db
ON = date(2020, 5, 1)
WHY = "儿子成家另立户"


@pytest.fixture
def officer():
    return make.posted(Role.TOWNSHIP_OFFICER)


@pytest.fixture
def house(officer):
    """Head, wife, son and daughter-in-law, with a year's record."""
    row = make.household(members=1)
    make.member(row, name="陈秀兰", relation="02", sex="2", birth_date=date(1978, 3, 4))
    make.member(row, name="王小海", relation="03", birth_date=date(1998, 6, 7))
    make.member(row, name="李小芳", relation="05", sex="2", birth_date=date(1999, 6, 7))
    make.annual_record(row)
    for member in row.members.all():
        make.member_year(member)
    return row


def split(by, house, **more):
    son, wife = house.members.get(relation="03"), house.members.get(relation="05")
    given = {
        "member_ids": [son.pk, wife.pk], "new_head": son, "relations": {wife.pk: "02"}, "on": ON, "reason": WHY,
    }  # fmt: skip
    return moves.split_household(by=by, household=house, **given | more)


class TestSplit:
    def test_members_and_their_years_move(self, officer, house):
        new = split(officer, house)
        assert set(new.members.values_list("name", "relation")) == {("王小海", "01"), ("李小芳", "02")}
        assert MemberYear.objects.filter(household=new).count() == 2
        assert new.village_id == house.village_id and new.household_no != house.household_no
        assert not AnnualRecord.objects.filter(household=new).exists()
        events = RegisterEvent.objects.filter(household_change="02").values_list("household", "other")
        assert set(events) == {(house.pk, new.pk), (new.pk, house.pk)}

    def test_the_head_stays(self, officer, house):
        head = house.members.get(relation="01")
        with pytest.raises(ValidationError, match="户主留在原户"):
            split(officer, house, member_ids=[head.pk], new_head=head)

    def test_a_reason_and_a_sane_date(self, officer, house):
        with pytest.raises(ValidationError, match="原因"):
            split(officer, house, reason="")
        with pytest.raises(ValidationError, match="早于本户识别"):
            split(officer, house, on=date(2010, 1, 1))

    def test_everybody_gets_a_relation(self, officer, house):
        with pytest.raises(ValidationError, match="李小芳"):
            split(officer, house, relations={})
        assert Household.objects.count() == 1

    def test_nobody_else_s_members(self, officer, house):
        other = make.household(members=1).members.get()
        with pytest.raises(ValidationError, match="现有成员"):
            split(officer, house, member_ids=[other.pk], new_head=other)

    def test_a_cadre_may_not(self, house):
        with pytest.raises(PermissionDenied):
            split(make.posted(Role.VILLAGE_CADRE), house)


class TestMerge:
    def merge(self, by, source, target, **more):
        relations = {member.pk: "11" for member in source.members.present()}
        given = {"relations": relations, "on": ON, "reason": "父亲随子生活"}
        return moves.merge_households(by=by, source=source, target=target, **given | more)

    def test_people_move_and_the_source_is_struck_off(self, officer, house):
        father = make.household(members=1)
        father.members.update(birth_date=date(1950, 1, 1))
        make.annual_record(father)
        self.merge(officer, father, house)
        father.refresh_from_db()
        assert father.removed_on == ON and house.household_no in father.removed_reason
        assert house.members.get(relation="11").birth_date == date(1950, 1, 1)
        assert father.annual_records.exists()

    def test_not_into_itself_nor_another_county(self, officer, house):
        with pytest.raises(ValidationError, match="同一户"):
            self.merge(officer, house, house)
        far = make.household(make.OTHER_VILLAGE, members=1)
        make.posting(officer, Role.TOWNSHIP_OFFICER, make.OTHER_COUNTY)
        with pytest.raises(ValidationError, match="同一个县"):
            self.merge(officer, far, house)

    def test_the_right_is_needed_on_both_sides(self, officer, house):
        far = make.household("500154202200", members=1)
        with pytest.raises(PermissionDenied):
            self.merge(officer, far, house)


class TestTransfer:
    def transfer(self, by, house, village=make.NEXT_VILLAGE, **more):
        make.place(village)
        return moves.transfer_household(by=by, household=house, village=village, **{"on": ON, "reason": "搬迁", **more})

    def test_everything_moves_along(self, officer, house):
        make.attachment(house, by=officer)
        make.assessment(house)
        make.pairing(house)
        self.transfer(officer, house)
        for model in village_rows.carriers():
            codes = set(model._default_manager.filter(household=house).values_list("village_id", flat=True))
            assert codes <= {make.NEXT_VILLAGE}, model
        assert Household.objects.get(pk=house.pk).village_id == make.NEXT_VILLAGE
        event = RegisterEvent.objects.get(household_change="05")
        assert (event.village_id, event.other_village_id) == (make.NEXT_VILLAGE, make.VILLAGE)

    @pytest.mark.parametrize(
        ("village", "fault"),
        [(make.VILLAGE, "已在这个村"), (make.OTHER_VILLAGE, "本县内"), ("500154201", "现行的行政村")],
    )
    def test_refused(self, officer, house, village, fault):
        with pytest.raises(ValidationError, match=fault):
            self.transfer(officer, house, village)

    def test_the_right_is_needed_at_both_villages(self, officer, house):
        with pytest.raises(PermissionDenied):
            self.transfer(officer, house, "500154202200")


class TestVoid:
    def test_a_slip_is_struck_off_not_deleted(self, house):
        by = make.posted(Role.COUNTY_OFFICER)
        row = moves.void_household(by=by, household=house, reason="重复录入")
        assert row.removed_on and "重复录入" in row.removed_reason
        assert Member.objects.filter(household=house).count() == 4

    def test_not_with_years_of_records(self, house):
        make.annual_record(house, 2019)
        with pytest.raises(ValidationError, match="不是误录"):
            moves.void_household(by=make.posted(Role.COUNTY_OFFICER), household=house, reason="重复录入")

    def test_the_township_may_not(self, officer, house):
        with pytest.raises(PermissionDenied):
            moves.void_household(by=officer, household=house, reason="重复录入")


class TestVillageMove:
    def test_all_households_of_a_merged_village_move(self, officer, house, django_assert_max_num_queries):
        make.place(make.NEXT_VILLAGE)
        second = make.household(members=2)
        with django_assert_max_num_queries(len(village_rows.carriers()) + 12):
            assert village_rows.move_village(make.VILLAGE, make.NEXT_VILLAGE, None, officer) == 2
        assert set(Household.objects.values_list("village_id", flat=True)) == {make.NEXT_VILLAGE}
        assert set(Member.objects.values_list("village_id", flat=True)) == {make.NEXT_VILLAGE}
        assert RegisterEvent.objects.filter(household=second).get().other_village_id == make.VILLAGE

    def test_only_those_named(self, officer, house):
        make.place(make.NEXT_VILLAGE)
        second = make.household()
        assert village_rows.move_village(make.VILLAGE, make.NEXT_VILLAGE, [second.pk], officer) == 1
        house.refresh_from_db()
        assert house.village_id == make.VILLAGE

    def test_groups_are_found(self, house):
        other = make.household(group_name="5组")
        assert village_rows.households_of_groups(make.VILLAGE, ["5组"]) == [other.pk]

    def test_every_table_with_household_and_village_is_moved(self):
        named = {
            model
            for model in apps.get_models()
            if {"household", "village"} <= {field.name for field in model._meta.fields}
            and not hasattr(model, "pgh_tracked_model")
        }
        assert named == set(village_rows.carriers())
