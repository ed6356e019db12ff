"""What a roster says of standing: written while the county is in its opening stock, afterwards only proposed."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from households.models import Household, OpeningStock, Spell, StandingProposal
from tests import factories
from tests.households.sheets.sheetbooks import counted, new_id, person, run, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(tmp_path):
    return tmp_path / "book.xlsx"


def close():
    factories.place(factories.VILLAGE)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    OpeningStock.objects.create(county_id=factories.COUNTY, closed_on=timezone.localdate())


def warned(outcome):
    return {(each.code, each.column) for each in told(outcome)}


def test_the_opening_stock_takes_the_standing_of_a_roster_once(book):
    rows = [person(户类型="脱贫户", 首次识别时间="2015年8月", 数据日期="2020/12/31")]
    assert counted(run(book, rows)) == (1, 1, 0, 0, 0)
    assert list(Spell.objects.values_list("klass", "origin")) == [("poor", "opening"), ("out", "opening")]
    keys = set(Spell.objects.values_list("pk", flat=True))
    assert counted(run(book, rows)) == (1, 0, 0, 1, 0)
    assert set(Spell.objects.values_list("pk", flat=True)) == keys


def test_in_the_opening_stock_a_newer_roster_states_it_anew(book):
    rows = [person(户类型="贫困户", 首次识别时间="2015年8月", 数据日期="2018/12/31")]
    run(book, rows)
    assert Household.objects.get().exit_status == "0"
    rows[0] |= {"户类型": "脱贫户", "数据日期": "2020/12/31"}
    assert counted(run(book, rows)) == (1, 0, 1, 0, 0)
    assert Household.objects.get().exit_status == "1"
    assert not StandingProposal.objects.exists()


def test_afterwards_a_spreadsheet_cannot_make_a_household_leave_poverty(book):
    rows = [person(户类型="贫困户", 首次识别时间="2015年8月", 数据日期="2018/12/31")]
    run(book, rows)
    close()
    rows[0] |= {"户类型": "脱贫户", "致贫原因1": "因残"}
    outcome = run(book, rows)
    of = Household.objects.get()
    assert (of.exit_status, of.main_cause) == ("0", "02")
    assert ("standing_differs", "户类型") in warned(outcome)
    proposal = StandingProposal.objects.get()
    assert (proposal.kind, proposal.state, proposal.differences["household_type"]) == ("out", "open", ["03", "01"])
    run(book, rows)
    assert StandingProposal.objects.count() == 1


def test_afterwards_a_new_household_of_a_roster_is_an_ordinary_one(book):
    close()
    outcome = run(book, [person(户类型="脱贫户", 首次识别时间="2015年8月")])
    of = Household.objects.get()
    assert (of.in_register, of.household_type, of.identified_on) == (False, "02", None)
    assert StandingProposal.objects.get().kind == "in"
    assert "standing_differs" in {code for code, _column in warned(outcome)}


def test_what_was_dismissed_is_not_proposed_again(book):
    rows = [person(户类型="贫困户", 首次识别时间="2015年8月", 数据日期="2018/12/31")]
    run(book, rows)
    close()
    rows[0] |= {"户类型": "脱贫户"}
    run(book, rows)
    StandingProposal.objects.update(state="dismissed", reason="名册有误")
    run(book, rows)
    assert list(StandingProposal.objects.values_list("state", flat=True)) == ["dismissed"]


def test_a_day_of_the_same_month_is_no_difference(book):
    row = factories.household(members=1, exit_status="0", identified_on=date(2015, 8, 20))
    number = row.members.get()
    close()
    cells = person(
        户编号=row.household_no, 证件号码=number.id_no, 姓名=number.name, 户类型="贫困户", 首次识别时间="2015年8月"
    )
    assert "standing_differs" not in {code for code, _ in warned(run(book, [cells]))}


def test_an_ordinary_household_is_taken_over_with_its_number(book):
    row = factories.ordinary(members=2)
    head = row.members.get(relation="01")
    cells = person(
        证件号码=head.id_no, 姓名=head.name, 户类型="贫困户", 首次识别时间="2019年3月", 数据日期="2020/12/31"
    )
    outcome = run(book, [cells])
    of = Household.objects.get()
    assert (of.pk, of.former_no, of.exit_status) == (row.pk, row.household_no, "0")
    assert of.household_no == cells["户编号"] and counted(outcome)[4] == 0
    assert "people_differ" in {code for code, _ in warned(outcome)}


def test_somebody_of_another_ordinary_household_is_a_duplicate(book):
    one, other = factories.ordinary(members=1), factories.ordinary(members=1)
    head, stranger = one.members.get(), other.members.get()
    rows = [
        person(证件号码=head.id_no, 姓名=head.name, 户类型="贫困户"),
        person(relation="之子", 证件号码=stranger.id_no, 姓名=stranger.name),
        person(relation="之女", 证件号码=new_id(date(2012, 3, 4))),
    ]
    outcome = run(book, rows)
    assert [each.code for each in outcome.rejects] == ["duplicate_person"]
    assert other.members.present().count() == 1
