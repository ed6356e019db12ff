"""Mistakes are taken back by whoever made them while nothing followed; a person is one row; a household may end."""

from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.urls import reverse

from households.models import Household, Member, MemberYear, Presence, RegisterEvent, Spell
from households.register import endings, member_changes, moves, persons, taken_back
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db
ON, LATER = date(2020, 5, 1), date(2021, 5, 1)
WHY = "登记有误"


@pytest.fixture
def officer():
    return make.posted(Role.TOWNSHIP_OFFICER)


@pytest.fixture
def house():
    """Head, wife and a grown son."""
    row = make.household(members=1)
    make.member(row, name="陈秀兰", relation="02", sex="2", birth_date=date(1978, 3, 4))
    make.member(row, name="王小海", relation="03", birth_date=date(1998, 6, 7))
    return row


def everything():
    """Where everybody lives and lived, and what classes households are in."""
    fields = ("member", "household", "since", "until", "relation", "continued", "came", "went")
    spells = ("household", "klass", "since", "until")
    return (
        list(Presence.objects.exclude(since__isnull=False, until=F("since")).values_list(*fields)),
        list(Spell.objects.order_by("pk").values_list(*spells)),
        list(Household.objects.order_by("pk").values_list("pk", "village", "removed_on")),
    )


def marry_in(by, house, on=ON, number=None):
    facts = {"name": "李小芳", "relation": "05", "id_no": number or make.id_number(date(1999, 2, 3), "2")}
    return member_changes.record_marriage_in(by=by, household=house, year=2020, on=on, facts=facts)


def split(by, house, on=ON):
    son = house.members.get(relation="03")
    return moves.split_household(
        by=by, household=house, member_ids=[son.pk], new_head=son, relations={}, on=on, reason="成家"
    )


class TestComing:
    def test_somebody_new_counts_nowhere_any_more(self, officer, house):
        before = everything()
        wife = marry_in(officer, house)
        row = taken_back.undo_joining(by=officer, member=wife, reason=WHY)
        assert (row.left_on, row.left_reason) == (ON, "09")
        assert everything() == before
        assert not RegisterEvent.objects.filter(member=row).exists()

    def test_somebody_known_goes_back_to_where_he_had_left(self, officer, house):
        daughter = make.member(house, name="王小丽", relation="04", sex="2", birth_date=date(1999, 2, 3))
        member_changes.record_leaving(by=officer, member=daughter, kind="02", on=ON)
        before = everything()
        other = make.household(members=1)
        came = marry_in(officer, other, LATER, daughter.id_no)
        assert came.pk == daughter.pk and came.household_id == other.pk
        taken_back.undo_joining(by=officer, member=came, reason=WHY)
        assert everything()[0][: len(before[0])] == before[0]
        daughter.refresh_from_db()
        assert (daughter.household_id, daughter.left_on, daughter.left_reason) == (house.pk, ON, "02")

    def test_only_by_whoever_registered_it_and_while_nothing_followed(self, officer, house):
        wife = marry_in(officer, house)
        with pytest.raises(ValidationError, match="只能由登记人撤销"):
            taken_back.undo_joining(by=make.posted(Role.VILLAGE_CADRE), member=wife, reason=WHY)
        for year in (2020, 2021):
            make.member_year(wife, year)
        with pytest.raises(ValidationError, match="不止一年"):
            taken_back.undo_joining(by=officer, member=wife, reason=WHY)
        with pytest.raises(ValidationError, match="没有登记过"):
            taken_back.undo_joining(by=officer, member=house.members.get(relation="02"), reason=WHY)

    def test_the_dead_do_not_come_back(self, officer, house):
        son = house.members.get(relation="03")
        member_changes.record_leaving(by=officer, member=son, kind="01", on=ON)
        with pytest.raises(ValidationError, match="登记死亡"):
            marry_in(officer, make.household(members=1), LATER, son.id_no)


def committed():
    """What is looked at when a transaction commits is looked at now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


class TestHouseholds:
    def test_a_split(self, officer, house):
        make.member_year(house.members.get(relation="03"))
        before = everything()
        new = split(officer, house)
        committed()
        assert MemberYear.objects.get().household_id == new.pk
        taken_back.undo_last_change(by=officer, household=house, reason=WHY)
        assert everything()[0] == before[0]
        assert MemberYear.objects.get().household_id == house.pk
        new.refresh_from_db()
        assert new.removed_on == ON and not RegisterEvent.objects.exists()

    def test_a_merge(self, officer, house):
        father = make.household(members=1)
        father.members.update(birth_date=date(1950, 1, 1))
        before = everything()
        moves.merge_households(
            by=officer, source=father, target=house, relations={father.members.get().pk: "11"}, on=ON, reason="随子生活"
        )
        taken_back.undo_last_change(by=officer, household=father, reason=WHY)
        assert everything() == before

    def test_a_move(self, officer, house):
        make.place(make.NEXT_VILLAGE)
        before = everything()
        moves.transfer_household(by=officer, household=house, village=make.NEXT_VILLAGE, on=ON, reason="搬迁")
        taken_back.undo_last_change(by=officer, household=house, reason=WHY)
        assert everything() == before

    def test_not_when_something_followed_nor_by_another_hand(self, officer, house):
        new = split(officer, house)
        with pytest.raises(ValidationError, match="只能由登记人撤销"):
            taken_back.undo_last_change(by=make.posted(Role.TOWNSHIP_OFFICER), household=house, reason=WHY)
        marry_in(officer, new, LATER)
        with pytest.raises(ValidationError, match="先撤销后来的变动"):
            taken_back.undo_last_change(by=officer, household=house, reason=WHY)
        with pytest.raises(ValidationError, match="没有可撤销"):
            taken_back.undo_last_change(by=officer, household=make.household(), reason=WHY)


class TestEnd:
    def test_the_last_death_ends_the_household(self, officer):
        house = make.household(members=1)
        before = everything()
        endings.end_household(by=officer, household=house, on=ON)
        house.refresh_from_db()
        assert house.removed_on == ON and "自然减少" in house.removed_reason
        assert house.members.get().left_reason == "01"
        assert not Spell.objects.filter(household=house, until=None).exists()
        taken_back.undo_last_change(by=officer, household=house, reason=WHY)
        assert everything() == before

    def test_not_while_others_live_there(self, officer, house):
        with pytest.raises(ValidationError, match="现有 3 人"):
            endings.end_household(by=officer, household=house, on=ON)
        alone = make.household(members=1)
        with pytest.raises(ValidationError, match="全户自然减少"):
            member_changes.record_leaving(by=officer, member=alone.members.get(), kind="01", on=ON)

    def test_page_and_api(self, client, officer):
        client.force_login(officer)
        house, other = make.household(members=1), make.household(members=1)
        page = reverse("household-event", args=[house.pk, "natural-end"])
        assert client.get(page).status_code == 200
        assert client.post(page, {"on": "2020-05-01", "reason": ""}).status_code == 302
        assert Household.objects.get(pk=house.pk).removed_on == ON
        answer = client.post(
            f"/api/v1/households/{other.pk}/natural-end/", {"on": "2020-05-01"}, content_type="application/json"
        )
        assert answer.status_code == 200
        answer = client.post(
            f"/api/v1/households/{other.pk}/undo-change/", {"reason": WHY}, content_type="application/json"
        )
        assert answer.status_code == 200
        assert Household.objects.get(pk=other.pk).removed_on is None


class TestOnePerson:
    def test_every_pointer_to_a_person_is_declared(self):
        declared = set(persons.pointers())
        for model in apps.get_models():
            if hasattr(model, "pgh_tracked_model"):
                continue
            for field in (*model._meta.fields, *model._meta.many_to_many):
                if field.remote_field and field.remote_field.model is Member and not model._meta.auto_created:
                    assert f"{model._meta.app_label}.{model.__name__}.{field.name}" in declared

    def test_two_rows_become_one(self, officer, house):
        left = house.members.get(relation="03")
        make.member_year(left, 2019)
        member_changes.record_leaving(by=officer, member=left, kind="08", on=ON, reason="外出")
        other = make.household(members=1)
        again = make.member(
            other, name=left.name, relation="03", birth_date=left.birth_date, id_no=left.id_no, joined_on=LATER
        )
        make.member_year(again, 2022)
        kept = persons.merge_persons(by=officer, kept=left, double=again, reason="同一人")
        assert not Member.objects.filter(pk=again.pk).exists()
        assert (kept.household_id, kept.left_on, kept.joined_on) == (other.pk, None, LATER)
        lived = Presence.objects.filter(member=kept).values_list("household", "since", "until")
        assert list(lived) == [(house.pk, date(2014, 1, 1), ON), (other.pk, LATER, None)]
        assert set(kept.years.values_list("year", flat=True)) == {2019, 2022}

    def test_refused_where_both_were_counted(self, officer, house):
        one, other = house.members.get(relation="03"), make.household(members=1)
        again = make.member(other, name=one.name, relation="03", birth_date=one.birth_date, id_no=one.id_no)
        with pytest.raises(ValidationError, match="居住时间重叠"):
            persons.merge_persons(by=officer, kept=one, double=again, reason="同一人")
        make.member_year(one), make.member_year(again)
        with pytest.raises(ValidationError, match="2020年都有当年情况"):
            persons.merge_persons(by=officer, kept=one, double=again, reason="同一人")
        with pytest.raises(ValidationError, match="不是同一人"):
            persons.merge_persons(by=officer, kept=one, double=other.members.get(relation="01"), reason="同一人")
