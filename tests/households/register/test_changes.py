"""People who come and go, and who is head: dated events, and what each refuses."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from households.models import RegisterEvent
from households.register import member_changes as changes
from households.register.errors import FormErrors
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db
ON = date(2020, 5, 1)


@pytest.fixture
def cadre():
    return make.posted(Role.VILLAGE_CADRE)


@pytest.fixture
def house(cadre):
    """Head, wife and son."""
    row = make.household(members=1)
    make.member(row, name="陈秀兰", relation="02", sex="2", birth_date=date(1978, 3, 4))
    make.member(row, name="王小海", relation="03", birth_date=date(2005, 6, 7))
    return row


def of(house, relation):
    return house.members.get(relation=relation)


class TestComing:
    def test_a_newborn_without_papers(self, cadre, house):
        facts = {"name": "王小雨", "relation": "04", "sex": "2", "birth_date": ON}
        child = changes.record_birth(by=cadre, household=house, year=2020, facts=facts)
        assert (child.joined_on, child.joined_reason, child.id_no) == (ON, "06", "")
        event = RegisterEvent.objects.get()
        assert (event.member, event.member_change, event.happened_on, event.by) == (child, "06", ON, cadre)

    def test_a_newborn_with_a_number(self, cadre, house):
        facts = {"name": "王小雨", "relation": "04", "id_no": make.id_number(ON, "2")}
        assert changes.record_birth(by=cadre, household=house, year=2020, facts=facts).joined_on == ON

    @pytest.mark.parametrize("missing", ["birth_date", "sex", "name"])
    def test_a_newborn_needs(self, cadre, house, missing):
        facts = {"name": "王小雨", "relation": "04", "sex": "2", "birth_date": ON, missing: None}
        with pytest.raises(FormErrors) as refused:
            changes.record_birth(by=cadre, household=house, year=2020, facts=facts)
        assert missing in refused.value.rows["new"]

    def test_married_in(self, cadre, house):
        facts = {"name": "李小芳", "relation": "05", "id_no": make.id_number(date(1999, 2, 3), "2")}
        wife = changes.record_marriage_in(
            by=cadre, household=house, year=2020, on=ON, facts=facts, year_facts={"ins_resident": True}
        )
        assert (wife.joined_on, wife.joined_reason) == (ON, "05")
        assert wife.years.get(year=2020).ins_resident is True

    def test_moved_in_needs_a_reason(self, cadre, house):
        facts = {"name": "王明江", "relation": "24", "id_no": make.id_number(date(1970, 2, 3))}
        with pytest.raises(ValidationError, match="原因"):
            changes.record_transfer_in(by=cadre, household=house, year=2020, on=ON, facts=facts)
        assert (
            changes.record_transfer_in(
                by=cadre, household=house, year=2020, on=ON, facts=facts, reason="回乡落户"
            ).joined_reason
            == "07"
        )

    @pytest.mark.parametrize(
        ("day", "fault"),
        [
            (None, "请填写日期"),
            (timezone.localdate() + timedelta(days=2), "还没有到"),
            (date(1990, 1, 1), "早于出生日期"),
            (date(2013, 1, 1), "早于本户识别"),
        ],
    )
    def test_a_day_that_cannot_be(self, cadre, house, day, fault):
        facts = {"name": "李小芳", "relation": "05", "id_no": make.id_number(date(1999, 2, 3), "2")}
        with pytest.raises(ValidationError, match=fault):
            changes.record_marriage_in(by=cadre, household=house, year=2020, on=day, facts=facts)
        assert house.members.count() == 3

    def test_a_wrong_relation_is_refused(self, cadre, house):
        facts = {"name": "李小芳", "relation": "06", "id_no": make.id_number(date(1999, 2, 3), "2")}
        with pytest.raises(FormErrors) as refused:
            changes.record_marriage_in(by=cadre, household=house, year=2020, on=ON, facts=facts)
        assert "之女婿" in refused.value.rows["new"]["relation"][0]


class TestLeaving:
    @pytest.mark.parametrize("kind", ["01", "02", "03", "04"])
    def test_a_member_leaves(self, cadre, house, kind):
        wife = changes.record_leaving(by=cadre, member=of(house, "02"), kind=kind, on=ON)
        assert (wife.left_on, wife.left_reason, wife.version) == (ON, kind, 2)
        assert RegisterEvent.objects.get().member_change == kind
        assert house.members.present().count() == 2

    def test_moved_out_needs_a_reason(self, cadre, house):
        with pytest.raises(ValidationError, match="原因"):
            changes.record_leaving(by=cadre, member=of(house, "03"), kind="08", on=ON)
        assert (
            changes.record_leaving(by=cadre, member=of(house, "03"), kind="08", on=ON, reason="迁往县城").left_on == ON
        )

    def test_coming_is_no_leaving(self, cadre, house):
        with pytest.raises(ValidationError, match="减少的原因"):
            changes.record_leaving(by=cadre, member=of(house, "03"), kind="05", on=ON)

    def test_not_twice(self, cadre, house):
        son = changes.record_leaving(by=cadre, member=of(house, "03"), kind="01", on=ON)
        with pytest.raises(ValidationError, match="不能重复登记"):
            changes.record_leaving(by=cadre, member=son, kind="01", on=ON)

    def test_a_stranger_may_not(self, house):
        with pytest.raises(PermissionDenied):
            changes.record_leaving(
                by=make.posted(Role.VILLAGE_CADRE, make.NEXT_VILLAGE), member=of(house, "03"), kind="01", on=ON
            )

    @pytest.mark.parametrize(
        ("day", "fault"),
        [(date(2010, 1, 1), "早于加入本户"), (timezone.localdate() + timedelta(days=2), "还没有到")],
    )
    def test_a_day_that_cannot_be(self, cadre, house, day, fault):
        with pytest.raises(ValidationError, match=fault):
            changes.record_leaving(by=cadre, member=of(house, "02"), kind="01", on=day)

    def test_the_head_names_a_successor(self, cadre, house):
        head, wife, son = of(house, "01"), of(house, "02"), of(house, "03")
        with pytest.raises(ValidationError, match="新户主"):
            changes.record_leaving(by=cadre, member=head, kind="01", on=ON)
        changes.record_leaving(by=cadre, member=head, kind="01", on=ON, new_head=wife, relations={son.pk: "03"})
        wife.refresh_from_db()
        assert wife.relation == "01"
        assert set(RegisterEvent.objects.values_list("member_change", "household_change")) == {("01", ""), ("", "04")}

    def test_everybody_gets_a_relation_to_the_new_head(self, cadre, house):
        with pytest.raises(ValidationError, match="王小海"):
            changes.record_leaving(
                by=cadre, member=of(house, "01"), kind="01", on=ON, new_head=of(house, "02"), relations={}
            )
        assert of(house, "01").left_on is None

    def test_the_last_member_stays(self, cadre):
        single = make.household(members=1)
        with pytest.raises(ValidationError, match="最后一位成员"):
            changes.record_leaving(by=cadre, member=single.members.get(), kind="01", on=ON)


class TestUndo:
    def test_a_mistake_is_taken_back(self, cadre, house):
        son = changes.record_leaving(by=cadre, member=of(house, "03"), kind="01", on=ON)
        changes.undo_leaving(by=cadre, member=son, reason="同名误登")
        son.refresh_from_db()
        assert (son.left_on, son.left_reason) == (None, "")
        assert not RegisterEvent.objects.exists()
        event = son.history.model.objects.filter(pgh_obj_id=son.pk).latest("pgh_id")
        assert event.pgh_context.metadata["reason"] == "同名误登"

    def test_a_reason_is_needed(self, cadre, house):
        son = changes.record_leaving(by=cadre, member=of(house, "03"), kind="01", on=ON)
        with pytest.raises(ValidationError, match="原因"):
            changes.undo_leaving(by=cadre, member=son, reason=" ")

    def test_who_is_present_cannot_come_back(self, cadre, house):
        with pytest.raises(ValidationError, match="没有离开"):
            changes.undo_leaving(by=cadre, member=of(house, "03"), reason="误登")

    def test_a_head_comes_back_without_two_heads(self, cadre, house):
        head, wife, son = of(house, "01"), of(house, "02"), of(house, "03")
        changes.record_leaving(by=cadre, member=head, kind="04", on=ON, new_head=wife, relations={son.pk: "03"})
        assert changes.undo_leaving(by=cadre, member=head, reason="误登").relation == "99"

    def test_not_when_registered_elsewhere_meanwhile(self, cadre, house):
        son = changes.record_leaving(by=cadre, member=of(house, "03"), kind="01", on=ON)
        other = make.household(members=1)
        make.member(other, id_no=son.id_no, birth_date=son.birth_date)
        with pytest.raises(ValidationError, match="已登记在"):
            changes.undo_leaving(by=cadre, member=son, reason="误登")


class TestChangeHead:
    def test_head_and_relations_change_together(self, cadre, house):
        head, wife, son = of(house, "01"), of(house, "02"), of(house, "03")
        changes.change_head(
            by=cadre, household=house, new_head=son, relations={head.pk: "11", wife.pk: "12"}, reason="父亲年迈"
        )
        assert dict(house.members.values_list("pk", "relation")) == {head.pk: "11", wife.pk: "12", son.pk: "01"}
        assert RegisterEvent.objects.get().household_change == "04"

    def test_relations_that_cannot_be_are_refused(self, cadre, house):
        head, wife, son = of(house, "01"), of(house, "02"), of(house, "03")
        with pytest.raises(ValidationError, match="之母"):
            changes.change_head(by=cadre, household=house, new_head=son, relations={head.pk: "12", wife.pk: "11"})
        assert of(house, "01") == head

    def test_only_somebody_present(self, cadre, house):
        stranger = make.household(members=1).members.get()
        with pytest.raises(ValidationError, match="现有成员"):
            changes.change_head(by=cadre, household=house, new_head=stranger, relations={})
