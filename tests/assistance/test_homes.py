"""What hangs on a household when it splits, merges, moves or ends: nothing is lost, nobody reads what is not his any
more, nobody who must have a helper stands alone; and all of it comes back where the change was a mistake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.funds.ledger.services import Payee, disburse
from assistance.measures import selectors
from assistance.measures.services import Given, deliver_measure
from assistance.models import (
    HouseholdCard,
    Measure,
    Pairing,
    PartnerLink,
    Shareholding,
    SocialNeed,
    WorkSpell,
    WorkWish,
)
from assistance.papers import services as papers
from assistance.papers.dossiers import read
from assistance.papers.own import door
from assistance.partners.shares.services import hand_on, pay_dividend
from assistance.partners.social.services import donate, publish_need
from assistance.visits.selectors import of_household as visits_of
from households.models import Household, Member
from households.register import endings, member_changes, moves, taken_back
from households.register.turnover import homes_behind
from tests import factories as make
from tests.assistance import moneyed
from tests.factories_assistance import RAIN, catalogue_item, measure, visit
from tests.standings import settle
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db
ON = date(2026, 5, 1)
WHY = "登记有误"


@pytest.fixture
def officer() -> User:
    return make.posted(Role.TOWNSHIP_OFFICER)


@pytest.fixture
def home() -> Household:
    """Head, wife and a grown son, with a card, a helper, a job and a wish of the son's, a loan."""
    row = make.household(members=1, phone="13900001234")
    make.member(row, name="陈秀兰", relation="02", sex="2", birth_date=date(1978, 3, 4))
    make.member(row, name="王小海", relation="03", birth_date=date(1998, 6, 7))
    make.pairing(row, make.posted(Role.HELPER, make.VILLAGE), starts_on=date(2025, 1, 1))
    papers.issue_card(by=make.posted(Role.VILLAGE_CADRE), household=row)
    son = son_of(row)
    WorkSpell.objects.create(member=son, household=row, village_id=row.village_id, since=date(2026, 2, 1), where="01")
    WorkWish.objects.create(member=son, household=row, village_id=row.village_id, wants=True, asked_on=date(2026, 2, 1))
    measure(row, delivered_on=date(2026, 2, 1))
    return row


def son_of(home: Household) -> Member:
    return Member.objects.get(name="王小海")


def split(by: User, home: Household) -> Household:
    son = son_of(home)
    return moves.split_household(
        by=by, household=home, member_ids=[son.pk], new_head=son, relations={}, on=ON, reason="成家"
    )


def merge(by: User, gone: Household, kept: Household, on: date = ON) -> Household:
    relations = {each.pk: "99" for each in gone.members.present()}
    return moves.merge_households(by=by, source=gone, target=kept, relations=relations, on=on, reason="一起生活")


def opens(code: str) -> bool:
    return door.find(code) is not None


def need_of(home: Household, **facts: Any) -> SocialNeed:
    return moneyed.need(household=home, village=home.village, **facts)


def owners() -> dict[int, int | None]:
    """Needs and whose they are."""
    return dict(SocialNeed.objects.values_list("pk", "household"))


def helpers(home: Household) -> list[tuple[int, date | None]]:
    return list(Pairing.objects.filter(household=home).order_by("pk").values_list("helper", "ends_on"))


class TestSplit:
    def test_who_left_reads_the_old_household_no_more(self, officer: User, home: Household) -> None:
        code = HouseholdCard.objects.get().code
        assert opens(code)
        wanted = need_of(home)
        split(officer, home)
        assert owners() == {wanted.pk: home.pk}, "a need stays with whom it was published for"
        assert not opens(code)
        assert "分户" in HouseholdCard.objects.get().revoked_reason

    def test_the_helper_goes_along_and_so_does_what_is_the_sons(self, officer: User, home: Household) -> None:
        new = split(officer, home)
        [(helper, _ends)] = helpers(home)
        assert helpers(new) == [(helper, None)]
        for model in (WorkSpell, WorkWish):
            assert list(model.objects.values_list("household", "village")) == [(new.pk, new.village_id)]
        assert Measure.objects.get().household == home, "what was given stays where it was given"
        settle()

    def test_what_he_got_before_is_read_in_his_new_household_and_holds_there(
        self, officer: User, home: Household
    ) -> None:
        pupil = son_of(home)
        Member.objects.filter(pk=pupil.pk).update(school_status="10")
        given = measure(home, RAIN, member=pupil, delivered_on=date(2026, 3, 1), amount=Decimal(1500), quantity=None)
        new = split(officer, home)
        assert list(selectors.of_household(officer, new.pk)) == [given]
        assert [each.pk for each in read([new.pk], 2026)[0].measures] == [given.pk]
        facts = Given(amount=Decimal(1500), payer="教委", source="county")
        with pytest.raises(ValidationError, match="每学期只登记一次"):
            deliver_measure(
                by=make.posted(Role.COUNTY_OFFICER), household=new, item=catalogue_item(RAIN),
                delivered_on=date(2026, 4, 1), member=Member.objects.get(pk=pupil.pk), given=facts,
            )  # fmt: skip

    def test_taken_back_all_is_as_it_was_but_the_card(self, officer: User, home: Household) -> None:
        new = split(officer, home)
        papers.issue_card(by=make.posted(Role.VILLAGE_CADRE), household=new)
        settle()
        taken_back.undo_last_change(by=officer, household=home, reason=WHY)
        assert (WorkSpell.objects.get().household_id, WorkWish.objects.get().household_id) == (home.pk, home.pk)
        assert [ends for _helper, ends in helpers(new)] == [ON] and helpers(home)[0][1] is None
        assert not HouseholdCard.objects.valid().exists()
        settle()


class TestMerge:
    @pytest.fixture
    def kept(self) -> Household:
        return make.household(members=1)

    def test_the_card_is_dead_and_the_helper_helps_on(self, officer: User, home: Household, kept: Household) -> None:
        code = HouseholdCard.objects.get().code
        merge(officer, home, kept)
        assert not opens(code)
        [(helper, ends)] = helpers(home)
        assert ends == ON and helpers(kept) == [(helper, None)]
        assert WorkSpell.objects.get().household == kept

    def test_who_has_a_helper_keeps_his_own(self, officer: User, home: Household, kept: Household) -> None:
        own = make.pairing(kept, make.posted(Role.HELPER))
        merge(officer, home, kept)
        assert helpers(kept) == [(own.helper_id, None)]

    def test_the_past_of_both_is_read_in_the_one_that_stays(
        self, officer: User, home: Household, kept: Household
    ) -> None:
        seen = visit(home, visited_on=date(2026, 4, 1))
        merge(officer, home, kept)
        assert homes_behind([kept.pk]) == {kept.pk: kept.pk, home.pk: kept.pk}
        assert list(selectors.of_household(officer, kept.pk)) == [Measure.objects.get()]
        assert list(visits_of(officer, kept.pk)) == [seen]
        third = make.household(members=1)
        merge(officer, Household.objects.get(pk=kept.pk), third, on=date(2026, 6, 1))
        assert homes_behind([third.pk]) == {each.pk: third.pk for each in (home, kept, third)}

    def test_an_item_is_paid_to_the_merged_household_once(
        self, officer: User, home: Household, kept: Household
    ) -> None:
        money = moneyed.allocation("1000")
        facts: dict[str, Any] = {"allocation": money, "item": "奖补", "paid_on": ON, "voucher": "凭"}
        xian = make.posted(Role.COUNTY_OFFICER)
        disburse(by=xian, payees=[Payee(Decimal(100), household=home)], **facts)
        merge(officer, home, kept)
        with pytest.raises(ValidationError, match="已经发给"):
            disburse(by=xian, payees=[Payee(Decimal(100), household=kept)], **facts)

    def test_shares_pass_on_and_return(self, officer: User, home: Household, kept: Household) -> None:
        held = moneyed.share(home, since=date(2026, 3, 2))
        merge(officer, home, kept)
        passed = Shareholding.objects.get(household=kept)
        assert (passed.origin, passed.count, passed.taken_from, passed.first_origin) == (
            "merged", held.count, held, "allotted",
        )  # fmt: skip
        xian = make.posted(Role.COUNTY_OFFICER)
        facts: dict[str, Any] = {"partner": held.partner, "total": Decimal(50)}
        [paid] = pay_dividend(by=xian, paid_on=date(2026, 6, 1), voucher="分红", **facts)
        assert paid.household == kept
        taken_back.undo_last_change(by=officer, household=home, reason=WHY)
        held.refresh_from_db()
        assert held.until is None and not Shareholding.objects.filter(household=kept).exists()
        assert PartnerLink.objects.get(household=home).until is None
        assert helpers(home)[0][1] is None
        settle()

    def test_an_open_need_is_asked_for_the_merged_household_and_returns_with_what_it_got(
        self, officer: User, home: Household, kept: Household
    ) -> None:
        wanted, met = need_of(home), need_of(home, state="met")
        other = need_of(kept)
        merge(officer, home, kept)
        third = make.household(make.NEXT_VILLAGE, members=1)
        merge(officer, Household.objects.get(pk=kept.pk), third, on=date(2026, 6, 1))
        assert owners() == {wanted.pk: third.pk, met.pk: home.pk, other.pk: third.pk}
        wanted.refresh_from_db()
        assert wanted.village_id == third.village_id, "it is published where they live now"
        gift = {
            "offer": moneyed.offer(),
            "amount": Decimal(200),
            "delivered_on": timezone.localdate(),
            "receipt": "捐1",
        }
        donate(by=make.posted(Role.COUNTY_OFFICER), need=wanted, **gift)
        for each in (kept, home):
            taken_back.undo_last_change(by=officer, household=each, reason=WHY)
        assert owners() == {wanted.pk: home.pk, met.pk: home.pk, other.pk: kept.pk}
        wanted.refresh_from_db()
        assert (wanted.village_id, wanted.state, wanted.met) == (home.village_id, "open", 200)
        settle()

    def test_shares_that_were_handed_on_since_keep_the_merge(
        self, officer: User, home: Household, kept: Household
    ) -> None:
        moneyed.share(home, since=date(2026, 3, 2))
        make.restand(kept, exit_status="1", exit_year=2020)
        make.restand(home, exit_status="1", exit_year=2020)
        merge(officer, home, kept)
        poor = make.household(members=1, exit_status="0")
        passed = Shareholding.objects.get(household=kept)
        hand_on(by=make.posted(Role.COUNTY_OFFICER), holding=passed, household=poor, on=timezone.localdate())
        with pytest.raises(ValidationError, match="转给了别的户"):
            taken_back.undo_last_change(by=officer, household=home, reason=WHY)


class TestMove:
    def test_the_card_goes_along_and_the_helper_only_where_he_may(self, officer: User, home: Household) -> None:
        make.place(make.NEXT_VILLAGE)
        code = HouseholdCard.objects.get().code
        near = make.pairing(home, make.posted(Role.HELPER, make.TOWNSHIP), turn=2, starts_on=date(2025, 1, 1))
        moneyed.payment(home)
        wanted = need_of(home)
        moves.transfer_household(by=officer, household=home, village=make.NEXT_VILLAGE, on=ON, reason="搬迁")
        card = door.find(code)
        assert card is not None and card.village_id == make.NEXT_VILLAGE
        ended = dict(Pairing.objects.filter(household=home).values_list("pk", "ends_on"))
        wanted.refresh_from_db()
        assert (wanted.village_id, wanted.state) == (make.NEXT_VILLAGE, "open")
        assert ended[near.pk] is None and sorted(map(str, ended.values())) == [str(ON), "None"]
        taken_back.undo_last_change(by=officer, household=home, reason=WHY)
        assert not Pairing.objects.filter(household=home, ends_on__isnull=False).exists()
        settle()


class TestEnd:
    def test_nothing_runs_on_after_the_last_has_died(self, officer: User) -> None:
        alone = make.household(members=1)
        make.pairing(alone, make.posted(Role.HELPER), starts_on=date(2025, 1, 1))
        papers.issue_card(by=make.posted(Role.VILLAGE_CADRE), household=alone)
        code = HouseholdCard.objects.get().code
        moneyed.spell(alone)
        moneyed.share(alone)
        post = moneyed.public_post(alone)
        wanted, closed = need_of(alone), need_of(alone, state="closed")
        page = reverse("public-needs", args=[make.VILLAGE])
        assert wanted.title in Client().get(page).content.decode()
        endings.end_household(by=officer, household=alone, on=ON)
        assert wanted.title not in Client().get(page).content.decode()
        with pytest.raises(ValidationError, match="已经销号"):
            publish_need(
                by=make.posted(Role.VILLAGE_CADRE), village=alone.village, household=Household.objects.get(pk=alone.pk),
                kind="goods", title="缺冬衣", content="棉衣", amount=Decimal(300),
            )  # fmt: skip
        assert not opens(code)
        assert helpers(alone)[0][1] == ON
        post.refresh_from_db()
        assert post.settled_on == ON
        assert (WorkSpell.objects.get().until, WorkSpell.objects.get().ended_why) == (ON, "gone")
        assert Shareholding.objects.get().until == ON == PartnerLink.objects.get().until
        taken_back.undo_last_change(by=officer, household=alone, reason=WHY)
        assert dict(SocialNeed.objects.values_list("pk", "state")) == {wanted.pk: "open", closed.pk: "closed"}
        post = Measure.objects.get()
        assert post.settled_on is None and helpers(alone)[0][1] is None
        assert (WorkSpell.objects.get().until, Shareholding.objects.get().until) == (None, None)
        settle()


@pytest.mark.parametrize(("relation", "kind", "still"), [("02", "08", False), ("02", "01", True), ("03", "08", True)])
def test_a_partner_who_parts_shuts_the_card(
    relation: str, kind: str, still: bool, officer: User, home: Household
) -> None:
    """One who died reads nothing; a son who moves out does not know the head's number better than anybody."""
    code = HouseholdCard.objects.get().code
    who = home.members.get(relation=relation)
    member_changes.record_leaving(by=officer, member=who, kind=kind, on=ON, reason="离婚")
    assert opens(code) is still
    if relation == "03":
        assert WorkSpell.objects.get().ended_why == "gone"
        member_changes.undo_leaving(by=officer, member=who, reason=WHY)
        assert WorkSpell.objects.get().until is None
