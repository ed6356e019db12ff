"""The household page, the neighbours and the list: right rows, in scope, in a constant number of queries."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import Http404

from households.find import listing
from households.find.listing import ListFilters, households_list, list_page
from households.find.paged import COUNT_CAP
from households.register import selectors
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = 2020


@pytest.fixture
def cadre():
    return make.posted(Role.VILLAGE_CADRE)


@pytest.fixture
def county():
    return make.posted(Role.COUNTY_OFFICER)


class TestPage:
    @pytest.fixture
    def house(self, cadre):
        row = make.household(members=3)
        make.annual_record(row, 2019, food=False)
        make.annual_record(row, YEAR, business_expense=Decimal(0))
        head, son, _other = row.members.order_by("person_no")
        make.member_year(head, YEAR)
        make.member_year(head, 2019)
        son.left_on, son.left_reason = date(2020, 5, 1), "08"
        son.save()
        make.assessment(row, YEAR)
        make.attachment(row, by=cadre)
        return row

    def test_everything_of_the_year(self, cadre, house):
        page = selectors.household_page(cadre, house.pk, YEAR)
        assert (len(page.members), len(page.left), page.persons) == (2, 1, 2)
        assert page.head.name == "王明海" and page.members[0] == page.head
        assert (page.head.year_row.year, page.head.previous_year_row.year) == (YEAR, 2019)
        assert page.worksheet.per_head == Decimal("15190.00")
        assert page.changed == {"food", "business_expense"}
        assert page.assessment and page.attachments and page.recent
        doubted = {each.rule for each in page.open_warnings if each.section == "income"}
        assert doubted == {"business-no-expense", "wage-no-worker"}
        assert page.sections["income"].filled == 4

    def test_the_latest_year_unless_asked(self, cadre, house):
        assert selectors.household_page(cadre, house.pk).year == YEAR
        assert selectors.household_page(cadre, house.pk, 2019).previous is None

    def test_the_next_year_may_be_opened(self, cadre, house):
        assert selectors.household_page(cadre, house.pk).years[0] == YEAR + 1

    def test_outside_the_scope_there_is_nothing(self, house):
        with pytest.raises(Http404):
            selectors.household_page(make.posted(Role.VILLAGE_CADRE, make.NEXT_VILLAGE), house.pk)

    def test_queries_do_not_grow_with_the_household(self, cadre, house, django_assert_max_num_queries):
        for _number in range(5):
            person = make.member(house)
            make.member_year(person)
        cadre.postings_today()
        with django_assert_max_num_queries(13):
            selectors.household_page(cadre, house.pk, YEAR)


class TestNeighbours:
    def test_before_after_and_place_in_the_village(self, cadre):
        first, second, third = make.household(), make.household(), make.household()
        make.household(removed_on=date(2020, 1, 1))
        make.household(make.NEXT_VILLAGE)
        found = selectors.neighbours(cadre, second)
        assert (found.previous, found.next, str(found)) == (first.pk, third.pk, "第 2 户，共 3 户")
        assert selectors.neighbours(cadre, first).previous is None
        assert selectors.neighbours(cadre, third).next is None

    def test_a_helper_walks_through_his_own_households(self):
        one, other, _not_his = make.household(), make.household(), make.household()
        helper = make.posted(Role.HELPER)
        make.pairing(one, helper)
        make.pairing(other, helper)
        assert str(selectors.neighbours(helper, one)) == "第 1 户，共 2 户"

    def test_the_next_one_still_to_be_filled(self, cadre):
        first, second = make.household(members=1), make.household(members=1)
        assert selectors.next_incomplete(cadre, first, YEAR) == second.pk
        assert selectors.next_incomplete(cadre, second, YEAR) == first.pk


class TestChangedCells:
    def test_only_what_differs(self):
        house = make.household(members=1)
        last = make.annual_record(house, 2019, wage_income=Decimal(100), surveyed_on=date(2019, 9, 1))
        this = make.annual_record(house, 2020, wage_income=Decimal(200))
        assert selectors.changed_cells(this, last) == {"wage_income"}
        assert selectors.changed_cells(this, None) == set()

    def test_of_a_member_s_year(self):
        person = make.household(members=1).members.get()
        last, this = make.member_year(person, 2019, health="02"), make.member_year(person, 2020)
        assert selectors.changed_cells(this, last) == {"health"}


class TestList:
    def ids(self, user, **filters):
        return [row.pk for row in households_list(user, ListFilters(**filters), YEAR)]

    def test_place_is_a_prefix_inside_the_scope(self, county, cadre):
        mine, next_door, far = make.household(), make.household(make.NEXT_VILLAGE), make.household("500154202200")
        make.household(make.OTHER_VILLAGE)
        assert self.ids(county) == [mine.pk, next_door.pk, far.pk]
        assert self.ids(county, place=make.TOWNSHIP) == [mine.pk, next_door.pk]
        assert self.ids(cadre) == self.ids(cadre, place=make.COUNTY) == [mine.pk]
        assert self.ids(cadre, place=make.NEXT_VILLAGE) == []

    @pytest.mark.parametrize(
        ("name", "found"), [("王小一", 1), ("小一", 1), ("一", 1), (" 王 小一 ", 1), ("王", 1), ("李", 0), ("王一", 0)]
    )
    def test_name_of_any_present_member(self, cadre, name, found):
        house = make.household(members=1)
        make.member(house, relation="03", name="王小一")
        make.member(house, relation="03", name="李四", left_on=date(2020, 1, 1), left_reason="08")
        assert len(self.ids(cadre, name=name)) == found

    def test_a_sign_of_the_pattern_language_is_a_sign(self, cadre):
        make.household(members=1)
        assert self.ids(cadre, name="%") == self.ids(cadre, name="_") == []

    def test_identity_number_exactly(self, cadre):
        house = make.household(members=2)
        number = house.members.last().id_no
        assert self.ids(cadre, id_no=number.lower()) == [house.pk]
        assert self.ids(cadre, id_no=number[:-1]) == []

    def test_codes_and_number(self, cadre):
        house = make.household(household_no="77001", household_attr="04", exit_status="1")
        make.household()
        for filters in ({"household_no": "770"}, {"attr": "04"}, {"exit_status": "1"}, {"type": "01"}):
            assert self.ids(cadre, **filters) == [house.pk]

    def test_verdicts(self, cadre):
        failing, passing, bare = make.household(), make.household(), make.household()
        make.assessment(failing, failed=["housing"], missing=["water"], gaps=["members"])
        make.assessment(failing, 2019)
        make.assessment(passing, borderline=True)
        assert self.ids(cadre, verdict="fail") == [failing.pk]
        assert self.ids(cadre, verdict="pass") == [passing.pk]
        assert self.ids(cadre, verdict="none") == [bare.pk]
        assert self.ids(cadre, failed="housing") == self.ids(cadre, gap="members") == [failing.pk]
        assert self.ids(cadre, missing="water") == [failing.pk]
        assert self.ids(cadre, borderline=True) == self.ids(cadre, eligible=True) == [passing.pk]
        assert self.ids(cadre, failed="water") == []

    def test_struck_off_only_when_asked(self, cadre):
        house, gone = make.household(), make.household(removed_on=date(2020, 1, 1))
        assert self.ids(cadre) == [house.pk]
        assert self.ids(cadre, removed=True) == [gone.pk]

    def test_those_waiting_for_identification_only_when_asked(self, cadre):
        waiting = make.ordinary()
        listed = make.household()
        assert self.ids(cadre) == [listed.pk]
        assert self.ids(cadre, candidate=True) == [waiting.pk]

    def test_by_income(self, cadre):
        rich, poor = make.household(), make.household()
        make.assessment(rich, per_head=Decimal(9000))
        make.assessment(poor, per_head=Decimal(3000))
        assert self.ids(cadre, order="income") == [poor.pk, rich.pk]

    def test_a_row_shows_head_persons_and_verdict(self, cadre):
        house = make.household(members=3)
        make.assessment(house, failed=["food"], gaps=["income"], persons=3)
        [row] = list_page(cadre, ListFilters(), YEAR).rows
        verdict = row.assessment
        assert (row.head_name, row.persons, verdict.failed, verdict.gaps) == ("王明海", 3, ["food"], ["income"])

    def test_pages(self, cadre):
        for _number in range(5):
            make.household()
        page = list_page(cadre, ListFilters(), YEAR, number=2, size=2)
        assert (page.number, page.pages, page.count, len(page.rows)) == (2, 3, 5, 2)
        assert page.has_previous and page.has_next and not page.capped
        assert list_page(cadre, ListFilters(), YEAR, number=99, size=2).number == 3
        assert list_page(cadre, ListFilters(name="无"), YEAR).pages == 1
        assert COUNT_CAP >= 1000

    @pytest.mark.parametrize("cap", [100, 3])
    @pytest.mark.parametrize("order", ["place", "income"])
    def test_pages_follow_each_other_in_order(self, cadre, monkeypatch, order, cap):
        """Also where more match than are counted: then the pages are the first ones of the whole list."""
        monkeypatch.setattr(listing, "COUNT_CAP", cap)
        for income in (900, None, 300, 700, None, 500, 100):
            make.assessment(make.household(), per_head=income)
        filters = ListFilters(order=order)
        whole = [row.pk for row in households_list(cadre, filters, YEAR)]
        pages = [list_page(cadre, filters, YEAR, number=number, size=2) for number in (1, 2, 3, 4)]
        assert {page.capped for page in pages} == {cap == 3}
        listed = [row.pk for page in pages[: pages[0].pages] for row in page.rows]
        assert listed == whole[: pages[0].count]

    @pytest.mark.parametrize("rows", [1, 12])
    def test_a_constant_number_of_queries(self, cadre, rows, django_assert_num_queries):
        for _number in range(rows):
            make.assessment(make.household(members=2))
        cadre.postings_today()
        with django_assert_num_queries(7):
            list_page(cadre, ListFilters(name="王", verdict="pass"), YEAR)
