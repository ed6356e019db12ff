"""Each lawful question that sees beyond the asker's places still gets its answer behind the second lock, no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from assistance.models import AssistanceTally
from assistance.papers.dossiers import helpers_of
from assistance.tallies import after as counting
from households.models import BoardPhoto, Household, Member, Notice, Tally
from households.procedures.lists import boards
from households.procedures.lists.notices import post_notice
from households.register import after, member_changes as changes, years
from households.register.id_check import number_fault
from households.register.living import STAYS
from households.register.numbers import next_household_no, next_person_no
from households.register.services import register_household
from povreg.kit import reach
from povreg.kit.reach import EVERYWHERE, at, reaching
from tests import factories as make
from tests.households.procedures.procedure_world import World
from tests.households.procedures.test_board_photos import board, noticed, upload
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db
ON = date(2020, 6, 1)


@pytest.fixture
def cadre() -> User:
    return make.posted(Role.VILLAGE_CADRE)


@pytest.fixture
def here(cadre: User) -> Household:
    return make.household(members=2)


@pytest.fixture
def there(here: Household) -> Household:
    return make.household(make.NEXT_VILLAGE, members=2)


@pytest.fixture
def behind_the_lock(there: Household, cadre: User) -> Iterator[None]:
    with reaching(cadre.reach()):
        assert not Household.objects.filter(pk=there.pk).exists()
        yield


def test_one_registration(cadre: User, there: Household, behind_the_lock: None) -> None:
    """The answer names the village, and no household."""
    with reaching(EVERYWHERE):
        number = there.members.order_by("pk").first().id_no
    fault = number_fault(by=cadre, village=make.VILLAGE, id_no=number)
    assert "已登记在" in fault
    assert there.household_no not in fault


def test_free_number(cadre: User, here: Household, there: Household, behind_the_lock: None) -> None:
    with pytest.raises(ValidationError, match="已经使用"):
        register_household(
            by=cadre, village=make.VILLAGE, facts={}, head={"name": "王五"}, household_no=there.household_no
        )
    assert next_household_no(make.NEXT_VILLAGE) != there.household_no
    assert next_person_no(there) not in [f"{there.household_no}01", f"{there.household_no}02"]


def test_who_left(cadre: User, here: Household, there: Household) -> None:
    """He is the same person in the household that takes him in, and his years before stay where they were."""
    gone = there.members.order_by("-pk").first()
    changes.record_leaving(by=make.posted(Role.VILLAGE_CADRE, make.NEXT_VILLAGE), member=gone, kind="04", on=ON)
    facts = {"name": gone.name, "id_no": gone.id_no, "relation": "99"}
    with reaching(cadre.reach()):
        assert not Member.objects.filter(pk=gone.pk).exists()
        come = changes.record_transfer_in(
            by=cadre, household=here, year=2020, on=date(2020, 7, 1), facts=facts, reason="迁入"
        )
    assert (come.pk, come.household_id) == (gone.pk, here.pk)
    with reaching(at(make.NEXT_VILLAGE)):
        assert gone.pk in [stay.member_id for stay in STAYS(there.pk, 2019)]


def test_follow_up(here: Household, there: Household, behind_the_lock: None) -> None:
    """Figures of the township count both villages, whoever saved."""
    told: list[int] = []
    after._followers.append(lambda ids, left, year: told.append(Household.objects.count()))
    try:
        after._tell([here.pk], [], 2020)
    finally:
        after._followers.pop()
    assert told == [2]
    assert not Tally.objects.filter(households__lt=0).exists()


def test_years_recorded(here: Household, there: Household, behind_the_lock: None) -> None:
    """What a process keeps for the whole county does not depend on who asked first."""
    with reaching(EVERYWHERE):
        make.annual_record(there, 2019)
    assert 2019 in [each.year for each in years._counted([make.COUNTY])]


def test_helper_contact(cadre: User, here: Household, there: Household) -> None:
    """The helper's unit and phone lie at the county; of a household next door nothing else is told."""
    helper = make.posted(Role.HELPER)
    make.cadre(user=helper, phone="13900001111", place=make.place(make.COUNTY))
    make.pairing(here, helper)
    with reaching(cadre.reach()):
        assert [each.phone for each in helpers_of([here.pk])[here.pk]] == ["13900001111"]
        assert helpers_of([there.pk]) == {}


def test_count_assistance() -> None:
    """A helper sees his own households; what is counted after his visit is the whole village."""
    mine, _other = (make.household(members=1, exit_status="0") for _ in range(2))
    helper = make.posted(Role.HELPER)
    make.pairing(mine, helper)
    with reaching(helper.reach()):
        counting._count([mine.village_id])
    assert [each.helped_due for each in AssistanceTally.objects.filter(place_id=mine.village_id)] == [2]


def test_board_photos(cadre: User, here: Household) -> None:
    """A photo of another village's notice is found by its looks; told is where it hangs, no household of it."""
    other = World(0)
    other.village = make.NEXT_VILLAGE
    make.posting(other.cadre, "village_cadre", make.NEXT_VILLAGE)
    other.households = [other.household(make.NEXT_VILLAGE)]
    batch = other.until(other.start_drafted(other.draft(village=make.NEXT_VILLAGE)), "notice_1")
    _, mine = noticed(World())
    with other.at():
        there = post_notice(by=other.cadre, batch=batch, board="村委会公示栏")
    upload(other, batch, board(5))
    photo = BoardPhoto.objects.get(notice=there)
    with reaching(cadre.reach()):
        assert not Notice.objects.filter(pk=there.pk).exists()
        assert boards.alike(mine, photo.sha256, photo.look).notice_id == there.pk


def test_every_wider_question_has_its_test() -> None:
    named = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert set(reach.WIDER) - {"public"} <= named  # test_public_pages.py holds that one
