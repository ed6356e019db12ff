"""The list of a village's people, and rosters that meet the households it made."""

from __future__ import annotations

from typing import Any

import pytest

from households.models import Household, Member, OpeningStock, Spell, StandingProposal
from households.sheets.exports import Export, export_sheet
from households.sheets.layouts import LAYOUTS
from households.sheets.rejects import write_rejects
from povreg.kit.crypto import lookup_hash
from tests import factories
from tests.households.sheets.sheetbooks import BORN, cells_of, codes, counted, import_file, new_id, person, run, told

pytestmark = pytest.mark.django_db
LAYOUT = "residents"


@pytest.fixture
def book(tmp_path):
    return tmp_path / "book.xlsx"


@pytest.fixture
def closed():
    OpeningStock.objects.create(county=factories.place(factories.COUNTY), closed_on="2021-01-01")


def resident(relation: str = "户主", **cells: Any) -> dict[str, Any]:
    return {
        "乡镇": "关面乡", "村": "泉秀村", "户号": None, "户主": "李建国", "姓名": "李建国",
        "证件号码": new_id(*BORN.get(relation, ())),
        "与户主关系": relation, "民族": "汉族", "电话": "13800001234", "地址": "泉秀村3组12号", **cells,
    }  # fmt: skip


def family(**cells: Any) -> list[dict[str, Any]]:
    return [resident(**cells), resident("配偶", **cells), resident("之子", **cells)]


def load(book, rows, **options):
    return run(book, rows, LAYOUT, **options)


def test_rows_become_ordinary_households_without_standing(book):
    assert counted(load(book, [*family(), *family()])) == (6, 6, 0, 0, 0)
    assert [row.members.count() for row in Household.objects.ordinary()] == [3, 3]
    first = Household.objects.order_by("household_no")[0]
    assert (first.household_no, first.address, first.phone) == (
        f"{factories.VILLAGE}0001", "泉秀村3组12号", "13800001234",
    )  # fmt: skip
    assert (first.in_register, first.household_type, Spell.objects.exists()) == (False, "02", False)


def test_the_same_list_twice_changes_nothing(book):
    load(book, [*family(), *family(户号="K7")])
    assert counted(import_file(book, LAYOUT)) == (6, 0, 0, 6, 0)
    assert Household.objects.count() == 2


def test_one_number_in_a_village_is_one_household_wherever_its_rows_stand(book):
    factories.place(factories.NEXT_VILLAGE)
    one, other, third = (
        family(户号=number, **more) for number, more in (("1", {}), ("2", {}), ("1", {"村": "小园村"}))
    )
    load(book, [one[0], other[0], *one[1:], *third, *other[1:]])
    assert sorted(row.members.count() for row in Household.objects.all()) == [3, 3, 3]
    assert not Household.objects.filter(household_no__in=("1", "2")).exists()


def test_a_long_number_is_kept_as_the_households(book):
    load(book, family(户号="512345678"))
    assert Household.objects.get().household_no == "512345678"
    assert counted(import_file(book, LAYOUT)) == (3, 0, 0, 3, 0)


def test_a_changed_cell_updates_an_ordinary_household(book):
    rows = family()
    load(book, rows)
    rows[0]["地址"], rows[1]["民族"] = "泉秀村5组", "土家族"
    assert counted(load(book, rows)) == (3, 0, 2, 1, 0)
    assert Household.objects.get().address == "泉秀村5组"


def test_people_of_a_registered_household_are_matched_and_left_alone(book):
    known = factories.household(members=2)
    head, child = known.members.order_by("person_no")
    rows = [resident(证件号码=head.id_no, 姓名="别名"), resident("之子", 证件号码=child.id_no), resident("之女")]
    outcome = load(book, rows)
    assert counted(outcome) == (3, 1, 0, 2, 0)
    assert [each.code for each in told(outcome)] == ["member_added"]
    known.refresh_from_db()
    head.refresh_from_db()
    assert (Household.objects.count(), known.members.count()) == (1, 3)
    assert (known.address, head.name, known.exit_status) == ("", "王明海", "0")


def test_a_registered_persons_family_by_another_head_is_its_own_household(book):
    known = factories.household(members=2)
    child = known.members.get(relation="03")
    outcome = load(book, [resident(), resident("之子", 证件号码=child.id_no), resident("之女")])
    assert counted(outcome) == (3, 2, 0, 1, 0)
    assert (known.members.count(), Household.objects.ordinary().get().members.count()) == (2, 2)


def test_a_head_who_heads_nothing_here_takes_nobody_along(book):
    known = factories.household(members=2)
    child = known.members.get(relation="03")
    outcome = load(book, [resident(证件号码=child.id_no), resident("配偶")])
    assert (codes(outcome), counted(outcome)) == ([(3, "no_head")], (2, 0, 0, 1, 1))
    assert Household.objects.count() == 1


def test_who_lives_in_another_ordinary_household_is_not_entered_again(book):
    load(book, family())
    child = Member.objects.get(relation="03")
    outcome = load(book, [resident(), resident("之子", 证件号码=child.id_no)])
    assert codes(outcome) == [(3, "duplicate_person")]


def test_rejects_are_the_rosters(book):
    rows = [resident(), resident("之子", 证件号码="1"), resident("之女", 民族="火星族"), resident("配偶", 姓名=None),
            resident("之女", 村="无此村")]  # fmt: skip
    outcome = load(book, rows)
    assert codes(outcome) == [(3, "id_length"), (4, "unknown_code"), (5, "required"), (6, "unknown_place")]


def test_a_corrected_reject_comes_back_to_its_household(book, tmp_path):
    load(book, [resident(), resident("之子", 民族="火星族")])
    outcome = import_file(book, LAYOUT)
    write_rejects(book, tmp_path / "r.xlsx", LAYOUTS[LAYOUT], outcome)
    rows = [row | {"民族": "汉族"} for row in cells_of(tmp_path / "r.xlsx")]
    assert counted(load(book, rows)) == (1, 1, 0, 0, 0)
    assert Household.objects.get().members.count() == 2


def test_an_export_of_the_whole_village_comes_back_unchanged(book, tmp_path):
    factories.household(members=2)
    load(book, family(户号="512345678"))
    out = tmp_path / "out.xlsx"
    export_sheet(Export(LAYOUTS[LAYOUT], factories.place(factories.COUNTY), unmasked=True, reason="核对"), out)
    assert counted(import_file(out, LAYOUT)) == (5, 0, 0, 5, 0)
    masked = tmp_path / "masked.xlsx"
    export_sheet(Export(LAYOUTS[LAYOUT], factories.place(factories.COUNTY)), masked)
    assert all("*" in row["证件号码"] for row in cells_of(masked))


# A roster that meets what the list made.


def rostered(rows, **cells):
    """Roster rows of the same people."""
    return [
        person(relation=row["与户主关系"], 姓名=row["姓名"], 证件号码=row["证件号码"], 民族="汉族", **cells)
        for row in rows
    ]


def test_a_roster_takes_an_ordinary_household_over_in_the_opening_stock(book):
    rows = family()
    load(book, rows)
    outcome = run(book, rostered(rows))
    assert counted(outcome) == (3, 0, 3, 0, 0)
    row = Household.objects.get()
    assert (row.household_no, row.former_no, row.exit_status) == ("500154201200000001", f"{factories.VILLAGE}0001", "1")
    assert counted(import_file(book)) == (3, 0, 0, 3, 0)


def test_after_it_the_number_is_taken_and_the_standing_proposed(book, closed):
    rows = family()
    load(book, rows)
    same = rostered(rows)
    run(book, same, dry_run=True)
    assert counted(run(book, same))[:2] == (3, 0)
    row = Household.objects.get()
    assert (row.household_no, row.in_register) == ("500154201200000001", False)
    assert StandingProposal.objects.get().kind == "in"
    assert counted(import_file(book)) == (3, 0, 0, 3, 0)


def test_a_number_alone_is_a_change(book, closed):
    row = resident(户主=None)
    load(book, [row])
    roster = {"乡镇": "关面乡", "行政村": "泉秀村", "户编号": "R1", "姓名": row["姓名"], "证件号码": row["证件号码"],
              "与户主关系": "户主", "民族": "汉族"}  # fmt: skip
    assert counted(run(book, [roster], "roster-2019")) == (1, 0, 1, 0, 0)
    assert Household.objects.get().household_no == "R1"


def test_who_the_roster_does_not_list_stays_and_is_named(book):
    rows = family()
    load(book, rows)
    outcome = run(book, rostered(rows[:2]))
    assert [each.code for each in told(outcome)] == ["people_differ"]
    assert Household.objects.get().members.present().count() == 3


def test_the_head_decides_which_of_two_ordinary_households_it_is(book):
    wife, ours_told = resident(), family()
    load(book, [wife, *ours_told])  # the wife's own household is the older one
    ours = Member.objects.get(id_hash=lookup_hash(ours_told[0]["证件号码"]))
    head = {"姓名": ours.name, "证件号码": ours.id_no, "与户主关系": "户主"}
    outcome = run(book, rostered([wife | {"与户主关系": "配偶"}, head]))
    assert codes(outcome) == [(2, "duplicate_person")]
    ours.household.refresh_from_db()
    assert ours.household.household_no == "500154201200000001"


def test_a_person_of_an_ordinary_household_fits_no_other_registered_one(book):
    rows = family()
    load(book, rows)
    run(book, [person("R9")])
    outcome = run(book, [person("R9", relation="之子", 证件号码=rows[2]["证件号码"])])
    assert codes(outcome) == [(2, "duplicate_person")]
