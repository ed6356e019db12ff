"""Entering households: what a cadre may save, what is refused, and what it leaves behind."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.models import AcceptedWarning, AnnualRecord, Household, Member, MemberYear, UnmaskLog
from households.register import after, services
from households.register.errors import FormErrors
from households.register.fields import MemberRow
from households.register.logic.check import check_all
from households.register.logic.facts import gather
from povreg.kit.stale import Conflict
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db
SEEN = 2  # the version of a household that a roster entered: made, then given its standing
BORN = date(1980, 1, 2)


@pytest.fixture
def cadre():
    return make.posted(Role.VILLAGE_CADRE)


@pytest.fixture
def stranger():
    return make.posted(Role.VILLAGE_CADRE, make.NEXT_VILLAGE)


@pytest.fixture
def house(cadre):
    return make.household(members=1)


def person(**facts):
    return {"name": "陈秀兰", "relation": "02", "id_no": make.id_number(date(1978, 3, 4), "2"), **facts}


def head_facts(**facts):
    return {"name": "王明海", "id_no": make.id_number(BORN), **facts}


def register(by, **more):
    given = {"village": make.VILLAGE, "facts": {"group_name": "3组"}, "head": head_facts(), **more}
    return services.register_household(by=by, **given)


def verbs(row):
    events = row.history.model.objects.filter(pgh_obj_id=row.pk).order_by("pgh_id")
    return [event.pgh_context.metadata["verb"] for event in events if event.pgh_context]


class TestRegister:
    def test_a_household_gets_numbers_a_head_and_a_trace(self, cadre):
        make.place()
        row = register(cadre)
        head = row.members.get()
        assert row.household_no == f"{make.VILLAGE}0001"
        assert (head.person_no, head.relation, head.sex, head.birth_date) == (f"{make.VILLAGE}000101", "01", "1", BORN)
        assert head.id_valid and head.id_area == "500198" and head.name_initials == "wmh"
        assert (row.exit_status, row.household_type, row.in_register) == ("", "02", False)
        assert verbs(row) == ["add_household"]
        assert row.changes.get().household_change == "01"

    def test_numbers_run_on(self, cadre):
        first, second = register(cadre), register(cadre)
        assert int(second.household_no) == int(first.household_no) + 1

    def test_a_national_number_is_kept_and_used_once(self, cadre):
        assert register(cadre, household_no="５００１５４０００１").household_no == "5001540001"
        with pytest.raises(ValidationError, match="5001540001 在本县已经使用"):
            register(cadre, household_no="5001540001")

    def test_a_stranger_may_not(self, stranger):
        with pytest.raises(PermissionDenied):
            register(stranger)

    @pytest.mark.parametrize("village", [make.TOWNSHIP, "500154201999"])
    def test_only_in_a_village_that_exists(self, village):
        officer = make.posted(Role.COUNTY_OFFICER)
        make.place()
        with pytest.raises(ValidationError, match="行政村"):
            register(officer, village=village)

    def test_a_wrong_number_names_the_fault_and_keeps_nothing(self, cadre):
        with pytest.raises(FormErrors) as refused:
            register(cadre, head=head_facts(id_no="500198200805123"))
        assert "证件号码" in refused.value.rows["head"]["id_no"][0]
        assert not Household.objects.exists()


class TestHousehold:
    def test_facts_are_saved_and_the_version_grows(self, cadre, house):
        saved = services.edit_household(
            by=cadre, household=house, version=SEEN, facts={"phone": "138 0000 1234", "note": "独居"}
        )
        saved.refresh_from_db()
        assert (saved.phone, saved.version, saved.note) == ("13800001234", SEEN + 1, "独居")
        assert saved.phone_hash
        assert verbs(saved)[-1] == "edit_household"

    def test_an_unchanged_save_leaves_no_trace(self, cadre, house):
        services.edit_household(by=cadre, household=house, version=SEEN, facts={"group_name": house.group_name})
        house.refresh_from_db()
        assert house.version == SEEN

    def test_a_stranger_may_not(self, stranger, house):
        with pytest.raises(PermissionDenied):
            services.edit_household(by=stranger, household=house, version=SEEN, facts={"note": "x"})

    def test_a_helper_may_not(self, house):
        with pytest.raises(PermissionDenied):
            services.edit_household(by=make.posted(Role.HELPER), household=house, version=SEEN, facts={"note": "x"})

    def test_somebody_saved_meanwhile(self, cadre, house):
        other = make.posted(Role.TOWNSHIP_OFFICER, name="张敏")
        services.edit_household(
            by=other, household=house, version=SEEN, facts={"main_cause": "07", "phone": "13900001111"}
        )
        with pytest.raises(Conflict) as conflict:
            services.edit_household(by=cadre, household=house, version=SEEN, facts={"main_cause": "09"})
        clashes = {clash.field: clash for clash in conflict.value.clashes}
        assert conflict.value.who == "张敏"
        assert (clashes["main_cause"].seen, clashes["main_cause"].stored) == ("因残", "缺技术")
        assert clashes["main_cause"].typed == "缺资金"
        assert clashes["phone"].stored == "139****1111"
        assert conflict.value.versions == {"": SEEN + 1}
        assert "张敏" in conflict.value.message and "主要致贫原因" in conflict.value.message

    def test_an_unknown_code_is_refused_with_its_label(self, cadre, house):
        with pytest.raises(FormErrors) as refused:
            services.edit_household(by=cadre, household=house, version=SEEN, facts={"household_attr": "77"})
        assert "贫困户属性" in refused.value.rows[""]["household_attr"][0]

    def test_standing_is_not_a_fact_of_a_form(self, cadre, house):
        with pytest.raises(TypeError):
            services.edit_household(by=cadre, household=house, version=SEEN, facts={"exit_status": "1"})

    def test_a_household_struck_off_is_closed(self, cadre):
        gone = make.household(removed_on=date(2020, 1, 1), removed_reason="并入")
        with pytest.raises(ValidationError, match="销号"):
            services.edit_household(by=cadre, household=gone, version=SEEN, facts={"note": "x"})

    def test_followers_hear_of_the_change_after_commit(
        self, cadre, house, django_capture_on_commit_callbacks, monkeypatch
    ):
        heard = []
        monkeypatch.setattr(after, "_followers", [lambda ids, _left, _year: heard.extend(ids)])
        with django_capture_on_commit_callbacks(execute=True):
            services.edit_household(by=cadre, household=house, version=SEEN, facts={"note": "新备注"})
            assert heard == []
        assert heard == [house.pk]


class TestMembers:
    def rows(self, house):
        head = house.members.get(relation="01")
        return [
            MemberRow("h", head.pk, head.version, {"ethnicity": "02"}, {"health": "02", "ins_resident": True}),
            MemberRow("n", facts=person(), year_facts={"school_status": "01"}),
        ]

    def test_added_and_changed_in_one_go(self, cadre, house):
        head, wife = services.edit_members(by=cadre, household=house, year=2020, rows=self.rows(house))
        head.refresh_from_db()
        assert (head.ethnicity, head.health) == ("02", "02")
        assert head.years.get(year=2020).ins_resident is True
        assert (wife.sex, wife.birth_date, wife.person_no[-2:]) == ("2", date(1978, 3, 4), "02")
        assert wife.years.get(year=2020).school_status == "01"

    def test_one_faulty_row_saves_none(self, cadre, house):
        rows = self.rows(house)
        rows[1] = MemberRow("n", facts=person(id_no="500198197803041234"))
        with pytest.raises(FormErrors) as refused:
            services.edit_members(by=cadre, household=house, year=2020, rows=rows)
        assert list(refused.value.rows) == ["n"]
        assert Member.objects.count() == 1 and not MemberYear.objects.exists()

    @pytest.mark.parametrize("field", ["name", "relation", "id_no"])
    def test_a_new_person_needs(self, cadre, house, field):
        with pytest.raises(FormErrors) as refused:
            services.edit_members(
                by=cadre, household=house, year=2020, rows=[MemberRow("n", facts=person(**{field: ""}))]
            )
        assert field in refused.value.rows["n"]

    def test_an_earlier_year_leaves_the_current_facts(self, cadre, house):
        make.annual_record(house, 2020)
        head = house.members.get()
        row = MemberRow("h", head.pk, head.version, {}, {"health": "03"})
        services.edit_members(by=cadre, household=house, year=2019, rows=[row])
        head.refresh_from_db()
        assert (head.health, head.years.get(year=2019).health) == ("01", "03")
        assert head.version == 2

    def test_a_second_head_is_refused(self, cadre, house):
        with pytest.raises(FormErrors) as refused:
            services.edit_members(
                by=cadre, household=house, year=2020, rows=[MemberRow("n", facts=person(relation="01"))]
            )
        assert "已有户主" in refused.value.rows["n"]["relation"][0]

    def test_head_and_another_may_swap_in_one_save(self, cadre, house):
        head = house.members.get()
        son = make.member(house, relation="03", birth_date=date(2000, 1, 1))
        rows = [MemberRow("h", head.pk, 1, {"relation": "11"}), MemberRow("s", son.pk, 1, {"relation": "01"})]
        services.edit_members(by=cadre, household=house, year=2020, rows=rows)
        assert house.members.get(relation="01") == son

    def test_what_follows_from_a_number_is_checked_too(self, cadre, house):
        make.member(house, name="陈秀兰", relation="02", sex="2", birth_date=date(1978, 3, 4))
        head = house.members.get(relation="01")
        row = MemberRow("h", head.pk, 1, {"id_no": make.id_number(BORN, "2")})
        with pytest.raises(FormErrors) as refused:
            services.edit_members(by=cadre, household=house, year=2020, rows=[row])
        assert "陈秀兰" in refused.value.rows[""]["relation"][0]

    def test_an_old_fault_of_another_row_does_not_stop_an_edit(self, cadre, house):
        make.member(house, name="王小海", relation="04", sex="1", birth_date=date(2000, 3, 4))
        head = house.members.get(relation="01")
        row = MemberRow("h", head.pk, 1, {"name": "王明河", "relation": "01"})
        assert services.edit_members(by=cadre, household=house, year=2020, rows=[row])

    def test_a_conflict_is_told_by_row(self, cadre, house):
        head = house.members.get()
        services.edit_members(
            by=cadre, household=house, year=2020, rows=[MemberRow("h", head.pk, 1, {"name": "王明河"}, {})]
        )
        with pytest.raises(Conflict) as conflict:
            services.edit_members(
                by=cadre, household=house, year=2020, rows=[MemberRow("h", head.pk, 1, {"name": "王明湖"}, {})]
            )
        assert [(each.row, each.stored) for each in conflict.value.clashes if each.field == "name"] == [("h", "王明河")]
        assert conflict.value.versions == {"h": 2}


class TestDuplicates:
    def add(self, by, house, number):
        row = MemberRow("n", facts=person(id_no=number, relation="25"))
        return services.edit_members(by=by, household=house, year=2020, rows=[row])

    def other(self, code=make.VILLAGE, **facts):
        number = make.id_number(date(1978, 3, 4), "2")
        house = make.household(code, members=1, **facts)
        make.member(house, id_no=number, sex="2", birth_date=date(1978, 3, 4), relation="02")
        return house, number

    def message(self, by, house, number):
        with pytest.raises(FormErrors) as refused:
            self.add(by, house, number)
        return refused.value.rows["n"]["id_no"][0]

    def test_named_to_who_may_see_the_other_household(self, cadre, house):
        other, number = self.other()
        assert other.household_no in self.message(cadre, house, number)

    def test_only_the_village_to_who_may_not(self, cadre, house):
        other, number = self.other(make.NEXT_VILLAGE)
        told = self.message(cadre, house, number)
        assert other.household_no not in told and "小园村" in told

    def test_in_the_same_household(self, cadre, house):
        assert "本户成员" in self.message(cadre, house, house.members.get().id_no)

    def test_people_who_left_and_households_struck_off_do_not_count(self, cadre, house):
        other, number = self.other()
        other.members.filter(relation="02").update(left_on=date(2020, 1, 1), left_reason="02")
        assert self.add(cadre, house, number)
        _gone, second = self.other(removed_on=date(2020, 1, 1))
        assert self.add(cadre, house, second)


class TestAnnual:
    def test_created_then_changed(self, cadre, house):
        made = services.edit_annual(by=cadre, household=house, year=2020, version=None, facts={"food": True})
        services.edit_annual(
            by=cadre, household=house, year=2020, version=made.version, facts={"tr_eco": Decimal("1680")}
        )
        record = AnnualRecord.objects.get(household=house)
        assert (record.food, record.tr_eco, record.village_id) == (True, Decimal("1680.00"), house.village_id)

    def test_created_by_somebody_else_meanwhile(self, cadre, house):
        make.annual_record(house)
        with pytest.raises(Conflict):
            services.edit_annual(by=cadre, household=house, year=2020, version=None, facts={"food": False})

    def test_an_error_blocks(self, cadre, house):
        with pytest.raises(FormErrors) as refused:
            services.edit_annual(
                by=cadre,
                household=house,
                year=2020,
                version=None,
                facts={"arable_mu": Decimal(1), "irrigated_mu": Decimal(2)},
            )
        assert "有效灌溉面积" in refused.value.rows[""]["irrigated_mu"][0]
        assert not AnnualRecord.objects.exists()

    def test_an_empty_entry_blocks_nothing(self, cadre, house):
        assert services.edit_annual(by=cadre, household=house, year=2020, version=None, facts={"surveyors": "李建国"})


class TestTicks:
    FACTS = {"business_income": Decimal("5000")}

    def save(self, by, house, **more):
        record = house.annual_records.first()
        version = record.version if record else None
        return services.edit_annual(by=by, household=house, year=2020, version=version, **{"facts": self.FACTS, **more})

    def refused(self, by, house, **more):
        with pytest.raises(FormErrors) as refused:
            self.save(by, house, **more)
        return refused.value.warnings

    def test_a_warning_wants_a_tick(self, cadre, house):
        facts = {"business_income": Decimal("5000"), "business_expense": Decimal(0)}
        [warning] = self.refused(cadre, house, facts=facts)
        assert (warning.rule, warning.name) == ("business-no-expense", "business_expense")
        self.save(cadre, house, facts=facts, ticks=[warning.key])
        accepted = AcceptedWarning.objects.get()
        assert (accepted.by, accepted.digest) == (cadre, warning.digest)

    def test_a_tick_is_void_when_the_facts_change(self, cadre, house):
        facts = {"business_income": Decimal("5000"), "business_expense": Decimal(0)}
        [warning] = self.refused(cadre, house, facts=facts)
        self.save(cadre, house, facts=facts, ticks=[warning.key])
        [again] = self.refused(cadre, house, facts={**facts, "business_income": Decimal("9000")})
        assert again.key != warning.key

    def test_a_warning_that_stood_before_does_not_stop_an_edit(self, cadre, house):
        make.annual_record(house, business_income=Decimal("5000"), business_expense=Decimal(0), wage_income=None)
        assert self.save(cadre, house, facts={"business_expense": Decimal(0), "tr_eco": Decimal(300)})

    def test_warnings_elsewhere_do_not_stop_a_section(self, cadre, house):
        make.annual_record(house, business_income=Decimal("5000"), business_expense=Decimal(0))
        assert services.edit_household(by=cadre, household=house, version=SEEN, facts={"note": "已核对"}, year=2020)

    def test_a_warning_may_be_confirmed_later(self, cadre, house):
        make.annual_record(house, business_income=Decimal("5000"), business_expense=Decimal(0))
        [warning] = [each for each in check_all(gather(house, 2020)) if each.rule == "business-no-expense"]
        services.accept_warning(
            by=cadre, household=house, year=2020, rule=warning.rule, target=warning.target, digest=warning.digest
        )
        assert AcceptedWarning.objects.get().rule == "business-no-expense"


class TestCopyLastYear:
    @pytest.fixture
    def last_year(self, house):
        make.member_year(house.members.get(), 2019, health="02")
        return make.annual_record(house, 2019, surveyed_on=date(2019, 9, 1), wage_income=Decimal("24000"))

    def test_record_and_members_are_carried_over(self, cadre, house, last_year):
        record = services.copy_last_year(by=cadre, household=house, year=2020)
        assert (record.wage_income, record.surveyed_on) == (Decimal("24000"), None)
        assert MemberYear.objects.get(year=2020).health == "02"

    def test_refused_when_the_year_is_filled(self, cadre, house, last_year):
        make.annual_record(house, 2020)
        with pytest.raises(ValidationError, match="已经填写过"):
            services.copy_last_year(by=cadre, household=house, year=2020)

    def test_an_empty_record_is_filled(self, cadre, house, last_year):
        AnnualRecord.objects.create(household=house, village_id=house.village_id, year=2020)
        assert services.copy_last_year(by=cadre, household=house, year=2020).food is True

    def test_refused_without_last_year(self, cadre, house):
        with pytest.raises(ValidationError, match="没有 2019 年度的记录"):
            services.copy_last_year(by=cadre, household=house, year=2020)

    def test_people_who_left_are_not_carried_over(self, cadre, house, last_year):
        gone = make.member(house, left_on=date(2020, 1, 1), left_reason="02")
        make.member_year(gone, 2019)
        services.copy_last_year(by=cadre, household=house, year=2020)
        assert not MemberYear.objects.filter(member=gone, year=2020).exists()


class TestUnmask:
    def test_the_look_is_logged_with_its_reason(self, cadre, house):
        head = house.members.get()
        shown = services.unmask(by=cadre, household=house, what="id_no", reason="核对户口簿")
        assert shown["members"] == {head.pk: head.id_no}
        log = UnmaskLog.objects.get()
        assert (log.by, log.what, log.reason, log.household) == (cadre, "证件号码", "核对户口簿", house)

    def test_a_reason_is_needed(self, cadre, house):
        with pytest.raises(ValidationError, match="理由"):
            services.unmask(by=cadre, household=house, what="id_no", reason="看")
        assert not UnmaskLog.objects.exists()

    def test_not_without_the_right(self, house):
        with pytest.raises(PermissionDenied):
            services.unmask(by=make.posted(Role.COUNTY_LEADER), household=house, what="phone", reason="核对户口簿")
