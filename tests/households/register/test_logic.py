"""Logic checks: every rule with facts that break it and facts that keep it."""

from datetime import date
from decimal import Decimal

import pytest

from households.models import AnnualRecord, Household, Member, MemberYear, Presence
from households.register.logic.check import check_all, with_ticks
from households.register.logic.facts import build, gather
from households.register.logic.rule import RULES, Severity
from povreg.kit.idnumber import check_digit
from tests import factories as make
from villages.standards.rules import ORDINARY

pytestmark = pytest.mark.django_db
YEAR = 2020


def id_no(born="19800102", sex="1", area="500198"):
    first17 = f"{area}{born}01{sex if sex == '1' else '0'}"
    return first17 + check_digit(first17)


def aged(age, **facts):
    """A member of an age on 1 and 30 September 2020."""
    return {"birth_date": date(YEAR - age, 3, 4), "id_no": "", **facts}


def facts(*people, household=None, record=None, earlier=()):
    """Household facts of ``people`` (dicts of member and yearly facts); the first is the head unless told otherwise."""
    house = Household(household_no="1", village_id=make.VILLAGE, **(household or {}))
    members, rows = [], []
    yearly = {field.name for field in MemberYear._meta.fields}
    for number, given in enumerate(people):
        values = {"name": f"王{'甲乙丙丁戊己'[number]}", "relation": "01" if number == 0 else "99", **given}
        member = Member(pk=number + 1, **{name: value for name, value in values.items() if hasattr(Member, name)})
        member.stays = [Presence(since=member.joined_on, until=member.left_on, relation=member.relation)]
        members.append(member)
        own = {name: value for name, value in values.items() if name in yearly}
        rows.append(MemberYear(member=member, year=YEAR, **own))
        rows += [MemberYear(member=member, year=YEAR - back, school_status=was) for back, was in enumerate(earlier, 1)]
    records = {YEAR: AnnualRecord(year=YEAR, **record)} if record is not None else {}
    return build(house, YEAR, ORDINARY, members, rows, records)


def found(rule, *args, **kwargs):
    return [each for each in check_all(facts(*args, **kwargs)) if each.rule == rule]


HEAD = aged(40, sex="1")
CERT = id_no() + "41"
ADULT = aged(40)
FAILS = "breaks the rule"
HOLDS = "keeps the rule"

CASES = [
    # group 1
    ("id-check", [{"id_no": "50019819800102001"}], [{"id_no": id_no()}], {}),
    ("id-check", [{"id_no": "500198198013020010"}], [{"id_no": "军字第1号", "id_type": "3"}], {}),
    ("id-check", [{"id_no": id_no()[:17] + ("1" if id_no()[17] != "1" else "2")}], [{"id_no": ""}], {}),
    ("id-placeholder", [{"id_no": id_no(area="999999")}], [{"id_no": id_no()}], {}),
    ("id-twice", [{"id_no": id_no()}, {"id_no": id_no()}], [{"id_no": id_no()}, {"id_no": id_no("19810102")}], {}),
    (
        "id-derived",
        [{"id_no": id_no(), "sex": "2", "birth_date": date(1980, 1, 2)}],
        [{"id_no": id_no(), "sex": "1", "birth_date": date(1980, 1, 2)}],
        {},
    ),
    ("disability-cert", [{"disability_cert": id_no() + "91"}], [{"disability_cert": CERT}], {}),
    ("disability-cert", [{"disability_cert": id_no()}], [{"disability_cert": ""}], {}),
    (
        "disability-cert-owner",
        [{"disability_cert": CERT, "id_no": id_no("19810102")}],
        [{"disability_cert": CERT, "id_no": id_no()}],
        {},
    ),
    # group 2
    ("head-none", [{"relation": "03"}], [HEAD], {}),
    ("head-many", [HEAD, {"relation": "01"}], [HEAD, {"relation": "02"}], {}),
    ("spouse-sex", [HEAD, {"relation": "02", "sex": "1"}], [HEAD, {"relation": "02", "sex": "2"}], {}),
    ("spouse-many", [HEAD, {"relation": "02"}, {"relation": "02"}], [HEAD, {"relation": "02"}], {}),
    ("relation-sex", [HEAD, {"relation": "11", "sex": "2"}], [HEAD, {"relation": "12", "sex": "2"}], {}),
    ("relation-age", [HEAD, aged(35, relation="03")], [HEAD, aged(15, relation="03")], {}),
    ("relation-age", [HEAD, aged(30, relation="12")], [HEAD, aged(65, relation="12")], {}),
    ("name-written", [{"name": "王明海500198"}], [{"name": "王明海"}], {}),
    ("phone-written", [{"phone": "1380000"}], [{"phone": "13800001234"}], {}),
    (
        "home-phone",
        [HEAD],
        [HEAD],
        {FAILS: {"household": {"phone": "无"}}, HOLDS: {"household": {"phone": "52220000"}}},
    ),
    ("bank-account", [HEAD], [HEAD], {FAILS: {"household": {"bank_account": "6.2E+18"}}}),
    ("identified-day", [aged(40, identified_on=date(2099, 1, 1))], [aged(40, identified_on=date(2014, 1, 1))], {}),
    ("identified-day", [aged(3, identified_on=date(2014, 1, 1))], [aged(3, identified_on=date(2019, 1, 1))], {}),
    (
        "identified-before-files",
        [aged(40, identified_on=date(2001, 1, 1))],
        [aged(40, identified_on=date(2014, 1, 1))],
        {},
    ),
    (
        "planned-year",
        [HEAD],
        [HEAD],
        {FAILS: {"household": {"planned_exit_year": 2999}}, HOLDS: {"household": {"planned_exit_year": 2020}}},
    ),
    ("marriage-age", [HEAD, aged(18, relation="05", sex="2")], [HEAD, aged(20, relation="05", sex="2")], {}),
    (
        "same-person",
        [HEAD, aged(1, name="王小宝"), aged(1, name="王小宝")],
        [HEAD, aged(1, name="王小宝"), aged(1)],
        {},
    ),
    ("relations-unsorted", [HEAD, {"relation": "11"}, {"relation": "11"}], [HEAD, {"relation": "11"}], {}),
    # group 4
    ("water-items", [HEAD], [HEAD], {"record": {"water_safe": True}, FAILS: {"record": {"water_quality": False}}}),
    ("water-items", [HEAD], [HEAD], {"record": {"water_safe": True}, FAILS: {"record": {"water_difficult": True}}}),
    # group 5
    ("cause-illness", [{"health": "01"}], [{"health": "02"}], {"household": {"main_cause": "01"}}),
    ("cause-illness", [{"health": "01"}], [{"health": ""}], {"household": {"other_causes": ["01"]}}),
    ("cause-disability", [{"health": "02"}], [{"health": "04"}], {"household": {"main_cause": "02"}}),
    ("cause-school", [{"school_status": "01"}], [{"school_status": "03"}], {"household": {"main_cause": "03"}}),
    (
        "cause-labour",
        [{"labour": "01"}, {"labour": "04"}],
        [{"labour": "01"}, {"labour": "04"}, {"labour": "04"}, {"labour": "03"}],
        {"household": {"main_cause": "08"}},
    ),
    (
        "cause-repeated",
        [HEAD],
        [HEAD],
        {"household": {"main_cause": "01"}, FAILS: {"household": {"other_causes": ["01"]}}},
    ),
    ("cause-marriage", [HEAD], [HEAD], {FAILS: {"household": {"main_cause": "12"}}}),
    (
        "cause-unexplained",
        [HEAD],
        [HEAD],
        {"household": {"main_cause": "99"}, HOLDS: {"household": {"cause_note": "投资失败"}}},
    ),
    ("risk-work", [{"labour": "04"}], [{"labour": "05"}], {"household": {"risks": ["07"]}}),
    ("backstop-labour", [{"labour": "01"}], [{"labour": "04"}], {"household": {"no_labour_backstop": True}}),
    # group 8
    ("school-age", [aged(16, school_status="03")], [aged(10, school_status="03")], {}),
    ("school-age", [aged(9, school_status="05")], [aged(13, school_status="05")], {}),
    ("school-age", [aged(25, school_status="08")], [aged(17, school_status="11")], {}),
    ("school-age", [aged(16, school_status="16")], [aged(19, school_status="16")], {}),
    ("school-age", [aged(19, school_status="17")], [aged(24, school_status="17")], {}),
    ("school-age", [aged(7, school_status="02")], [aged(5, school_status="02")], {}),
    ("school-left", [aged(10, school_status="01")], [aged(10, school_status="01", dropout_reason="01")], {}),
    ("school-left", [aged(15, school_status="01")], [aged(16, school_status="01")], {}),
    (
        "school-and-reason",
        [aged(10, school_status="03", dropout_reason="06")],
        [aged(10, school_status="01", dropout_reason="06")],
        {},
    ),
    (
        "school-and-education",
        [aged(16, school_status="07", education="03")],
        [aged(16, school_status="01", education="03")],
        {},
    ),
    ("education-low", [aged(18, education="02")], [aged(18, education="03")], {}),
    ("education-high", [aged(12, education="04")], [aged(18, education="04")], {}),
    ("preschool-education", [aged(9, education="06")], [aged(5, education="06")], {}),
    ("labour-child", [aged(12, labour="01")], [aged(12, labour="04")], {}),
    ("labour-student", [aged(17, school_status="08", labour="01")], [aged(17, school_status="08", labour="04")], {}),
    ("labour-able", [aged(30, health="01", labour="04")], [aged(30, health="04", labour="04")], {}),
    ("labour-lost-healthy", [aged(70, health="01", labour="03")], [aged(70, health="02", labour="03")], {}),
    ("labour-old", [aged(64, labour="01")], [aged(64, labour="05")], {}),
    (
        "labour-disabled",
        [aged(40, labour="01", disability_cert=CERT)],
        [aged(40, labour="01", disability_cert=id_no() + "13")],
        {},
    ),
    # group 9
    ("work-months", [{"work_months": 13}], [{"work_months": 12}], {}),
    ("public-job-months-range", [{"public_job_months": 13}], [{"public_job_months": 12}], {}),
    ("work-place-only", [{"work_place": "01"}], [{"work_place": "01", "work_months": 3}], {}),
    ("work-months-only", [{"work_months": 3}], [{"work_place": "01", "work_months": 3}], {}),
    ("work-no-labour", [{"work_months": 3, "labour": "03"}], [{"work_months": 3, "labour": "05"}], {}),
    ("work-child", [aged(14, work_months=2)], [aged(17, work_months=2)], {}),
    ("work-tekun", [{"work_months": 2, "tekun": "2"}], [{"work_months": 2, "tekun": "0"}], {}),
    ("public-job-age", [aged(72, public_job="1")], [aged(50, public_job="1")], {}),
    ("public-job-no-months", [{"public_job": "1"}], [{"public_job": "1", "public_job_months": 6}], {}),
    ("public-job-many", [{"public_job": "1"}] * 3, [{"public_job": "1"}] * 2, {}),
    ("wage-no-worker", [ADULT], [aged(40, work_months=6)], {"record": {"wage_income": Decimal(9000)}}),
    ("worker-no-wage", [aged(40, work_months=6)], [ADULT], {"record": {"wage_income": Decimal(0)}}),
    (
        "wage-by-month",
        [aged(40, work_months=10)],
        [aged(40, work_months=2)],
        {"record": {"wage_income": Decimal(3000)}},
    ),
    (
        "wage-by-month",
        [aged(40, work_months=1)],
        [aged(40, work_months=9)],
        {"record": {"wage_income": Decimal(90000)}},
    ),
    # group 10
    ("amount-negative", [HEAD], [HEAD], {FAILS: {"record": {"tr_eco": Decimal(-1)}}, HOLDS: {"record": {"tr_eco": 0}}}),
    ("amount-small", [HEAD], [HEAD], {FAILS: {"record": {"tr_eco": Decimal(9)}}, HOLDS: {"record": {"tr_eco": 100}}}),
    (
        "business-no-expense",
        [HEAD],
        [HEAD],
        {"record": {"business_income": Decimal(5000)}, HOLDS: {"record": {"business_expense": Decimal(900)}}},
    ),
    ("per-head", [HEAD], [HEAD], {FAILS: {"record": {"business_expense": 500}}, HOLDS: {"record": {"tr_eco": 500}}}),
    ("per-head", [HEAD], [HEAD, ADULT], {"record": {"wage_income": Decimal(150_000)}}),
    ("land-a-head", [HEAD], [HEAD, ADULT], {"record": {"arable_mu": Decimal(60)}}),
    ("land-a-head", [HEAD], [HEAD, ADULT], {"record": {"forest_mu": Decimal(80)}}),
    (
        "land-large",
        [HEAD],
        [HEAD],
        {FAILS: {"record": {"pasture_mu": Decimal(300)}}, HOLDS: {"record": {"pasture_mu": Decimal(100)}}},
    ),
    (
        "land-irrigated",
        [HEAD],
        [HEAD],
        {"record": {"arable_mu": 3}, FAILS: {"record": {"irrigated_mu": 4}}, HOLDS: {"record": {"irrigated_mu": 3}}},
    ),
    (
        "land-returned",
        [HEAD],
        [HEAD],
        {"record": {"forest_mu": 3}, FAILS: {"record": {"grain_to_green_mu": 4}}, HOLDS: {"record": {}}},
    ),
    ("road-too-far", [HEAD], [HEAD], {FAILS: {"record": {"main_road_km": 51}}, HOLDS: {"record": {"main_road_km": 8}}}),
    ("road-far", [HEAD], [HEAD], {FAILS: {"record": {"main_road_km": 6}}, HOLDS: {"record": {"main_road_km": 5}}}),
    ("house-area", [HEAD], [HEAD], {FAILS: {"record": {"house_area_m2": 0}}, HOLDS: {"record": {"house_area_m2": 90}}}),
    ("house-area", [HEAD, ADULT], [HEAD, ADULT, ADULT], {"record": {"house_area_m2": 260}}),
    (
        "house-year",
        [HEAD],
        [HEAD],
        {FAILS: {"record": {"house_built_year": 98}}, HOLDS: {"record": {"house_built_year": 1998}}},
    ),
    (
        "survey-date",
        [HEAD],
        [HEAD],
        {FAILS: {"record": {"surveyed_on": date(2015, 9, 1)}}, HOLDS: {"record": {"surveyed_on": date(2020, 9, 1)}}},
    ),
]


def merged(more, which):
    """The facts both sides share, with those of one side laid over them."""
    shared = {name: value for name, value in more.items() if name in ("household", "record")}
    for name, value in more.get(which, {}).items():
        shared[name] = {**shared.get(name, {}), **value}
    return shared


@pytest.mark.parametrize(("rule", "bad", "good", "more"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_finds_its_fault_and_nothing_else(rule, bad, good, more):
    assert found(rule, *bad, **merged(more, FAILS)), "the fault is not found"
    assert not found(rule, *good, **merged(more, HOLDS)), "good facts are doubted"


def test_the_same_grade_three_years_running():
    assert found("school-standstill", aged(13, school_status="05"), earlier=("05", "05"))
    assert not found("school-standstill", aged(13, school_status="05"), earlier=("05", "04"))
    assert not found("school-standstill", aged(9, school_status="03"), earlier=("03", "03"))


def test_every_rule_has_a_case():
    tested = {case[0] for case in CASES} | {"school-standstill"}
    assert {name for name, rule in RULES.items() if rule.severity is not Severity.GAP} == tested


def test_an_empty_household_breaks_nothing_but_asks_for_entries():
    assert {each.severity for each in check_all(facts())} == {Severity.GAP}


def test_messages_name_the_remedy():
    for rule, bad, _good, more in CASES:
        for each in found(rule, *bad, **merged(more, FAILS)):
            assert any(word in each.message for word in ("请", "不能")), each.message


class TestRequired:
    @pytest.mark.parametrize(
        ("field", "asked", "not_asked"),
        [
            ("school-status", aged(7), aged(5)),
            ("school-status", aged(22), aged(23)),
            ("labour", aged(16), aged(15)),
            ("labour", aged(65), aged(66)),
            ("education", aged(30, school_status="01"), aged(16, school_status="07")),
            ("disability-cert", {"health": "04"}, {"health": "02"}),
            ("dropout-reason", aged(10, school_status="01"), aged(10, school_status="03")),
            ("ins-resident", {}, {"ins_employee": False}),
            ("health", {}, {"health": "01"}),
        ],
    )
    def test_by_age_and_state(self, field, asked, not_asked):
        assert found(f"required-member-{field}", asked)
        assert not found(f"required-member-{field}", not_asked)

    def test_of_household_and_record(self):
        assert found("required-household-main-cause", HEAD)
        assert not found("required-household-main-cause", HEAD, household={"main_cause": "01"})
        assert found("required-annual-house-grade", HEAD)
        assert not found("required-annual-house-grade", HEAD, record={"house_security": "01"})
        assert not found(
            "required-annual-water-safe",
            HEAD,
            record=dict.fromkeys(("water_quantity", "water_quality", "water_access", "water_reliability"), True),
        )


class TestUse:
    def test_a_finding_names_its_field_and_section(self):
        bad = facts({**HEAD, "work_months": 13}, record={"road": 1} and {"main_road_km": 51})
        by_field = {each.field: each for each in check_all(bad)}
        assert by_field["annual.main_road_km"].rule == "road-too-far"
        assert by_field["annual.main_road_km"].section == "living"

    def test_digests_follow_the_facts_looked_at(self):
        def digest(**record):
            [finding] = found("business-no-expense", HEAD, record={"business_income": Decimal(5000), **record})
            return finding.digest

        assert digest() == digest(tr_eco=Decimal(10))
        assert digest() != digest(business_expense=Decimal(0))

    def test_gathered_from_the_database_in_few_queries(self, django_assert_num_queries):
        house = make.household(members=3)
        make.annual_record(house)
        make.annual_record(house, 2019)
        with django_assert_num_queries(4):
            gathered = gather(house, 2020)
        assert len(gathered.people) == 3 and gathered.record.year == 2020 and gathered.previous.year == 2019

    def test_a_tick_holds_while_its_facts_do(self):
        house = make.household(members=1)
        make.annual_record(house, business_expense=Decimal(0))
        [warning] = [each for each in check_all(gather(house, 2020)) if each.rule == "business-no-expense"]
        make.accepted_warning(house, year=2020, rule=warning.rule, digest=warning.digest)
        assert self.ticked(house)
        AnnualRecord.objects.update(business_income=Decimal(9000))
        assert not self.ticked(house)

    def ticked(self, house):
        gathered = gather(house, 2020)
        findings = with_ticks(gathered, check_all(gathered))
        return next(each.accepted for each in findings if each.rule == "business-no-expense")
