"""A household that breaks each rule over sets, and one that keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from audits.checks.rules.guarantees import CRITERIA
from households.models import Attachment, Household, Member
from households.standing.departments import Named, take_department_list
from povreg.kit.crypto import lookup_hash
from tests import factories as make
from tests.audits.book import Spec
from villages.rights import Role

YEAR = 2026
LAST = 2020


def of(age: int, year: int = YEAR, **facts: Any) -> dict[str, Any]:
    """A member of an age in the year."""
    return {"birth_date": date(year - age, 3, 4), "id_no": "", **facts}


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


ADULT = of(40, labour="01", health="01", school_status="01")
CHILD = of(10, labour="04", health="01", school_status="03", relation="03")
OLD = of(70, labour="03", health="02", school_status="01")
WATCHED = {"monitor_type": "2", "exit_status": "", "risk_identified_on": ago(20), "risks": ["01"]}
CLEARED = {
    "monitor_type": "2", "exit_status": "", "risk_identified_on": date(2024, 1, 5), "risk_cleared": True,
    "risk_cleared_on": date(2025, 3, 1), "risk_clear_way": "2", "risks": ["99"],
}  # fmt: skip
OUT = {"exit_status": "1", "exit_year": 2018, "identified_on": date(2014, 1, 1)}
Example = tuple[str, dict[str, Any], dict[str, Any]]


def spec(given: dict[str, Any], year: int = YEAR) -> Spec:
    return Spec(**{"year": year, "people": [ADULT], "record": {}, **given})


def same_number(number: str) -> Callable[[Household], Any]:
    """Somebody of another household has the same number."""

    def then(row: Household) -> None:
        Member.objects.filter(household=row).update(id_hash=number)
        other = make.household(make.NEXT_VILLAGE, members=1)
        Member.objects.filter(household=other).update(id_hash=number)

    return then


def split_off(row: Household) -> None:
    make.RegisterEvent.objects.create(
        household=row, village_id=row.village_id, household_change="02", happened_on=ago(30)
    )


def expired(day: date) -> Callable[[Household], Any]:
    return lambda row: Member.objects.filter(household=row).update(disability_valid_until=day)


def paper(row: Household) -> Attachment:
    return make.attachment(row, kind="10")


def helped_by(name: str, others: int = 0) -> Callable[[Household], Any]:
    """A helper of the name helps the household, and so many more."""

    def then(row: Household) -> None:
        helper = make.posted(Role.HELPER, name=name)
        make.pairing(row, helper)
        for _ in range(others):
            make.pairing(make.household(make.NEXT_VILLAGE), helper)

    return then


def civil(row: Household) -> None:
    """The household stands on the civil affairs' list as 低保."""
    make.place(make.COUNTY)
    named = [Named(row.pk, "dibao", date(2024, 1, 1), None, ())]
    paper = {"department": "民政局", "document": f"名单{row.pk}", "as_of": date(2024, 6, 1)}
    take_department_list(by=None, county=make.COUNTY, named=named, **paper)


def phones(row: Household) -> None:
    other = make.household(make.NEXT_VILLAGE)
    for each in (row, other):
        Household.objects.filter(pk=each.pk).update(phone_hash=lookup_hash(f"1380000{row.pk:04}"))


def accounts(row: Household) -> None:
    other = make.household(make.NEXT_VILLAGE)
    for each in (row, other):
        Household.objects.filter(pk=each.pk).update(bank_hash=lookup_hash(f"62170000{row.pk:04}"))


def lead(days: int) -> Callable[[Household], Any]:
    return lambda row: make.lead(row, found_on=ago(days))


def tested(row: Household) -> None:
    make.income_test(make.lead(row))


def identified(day: date) -> Callable[[Household], Any]:
    return lambda row: Member.objects.filter(household=row).update(identified_on=day)


def person(bad: dict[str, Any], good: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Examples that differ in one member."""
    return {"people": [ADULT | bad]}, {"people": [ADULT | good]}


def record(bad: dict[str, Any], good: dict[str, Any], **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Examples that differ in the record of the year."""
    return {"record": bad, **more}, {"record": good, **more}


def standing(bad: dict[str, Any], good: dict[str, Any], **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Examples that differ in the household."""
    return {"household": bad, **more}, {"household": good, **more}


def verdict(bad: dict[str, Any], good: dict[str, Any], **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"verdict": bad, **more}, {"verdict": good, **more}


def unmet(code: str, household: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return verdict({"failed": [code]}, {"failed": []}, household=household)


D = Decimal
EXAMPLES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("id-twice-county", {"then": same_number("aa")}, {"people": [ADULT | {"id_no": "500198199001011234"}]}),
    ("birth-missing", *person({"birth_date": None}, {})),
    ("age-extreme", *person({"birth_date": date(1910, 1, 1)}, {"birth_date": date(1930, 1, 1)})),
    ("household-empty", {"people": []}, {}),
    ("head-child", {"people": [CHILD | {"relation": "01"}, ADULT]}, {"people": [ADULT, CHILD]}),
    ("household-large", {"people": [ADULT] * 11}, {"people": [ADULT] * 10}),
    ("elder-split", {"people": [OLD], "then": split_off}, {"people": [OLD]}),
    ("insured-twice", *person({"ins_resident": True, "ins_employee": True}, {"ins_resident": True})),
    ("insured-none", *person({"ins_resident": False, "ins_employee": False}, {"ins_resident": None})),
    ("pension-twice", *person({"pen_resident": True, "pen_employee": True}, {"pen_resident": True})),
    ("pension-none", *person({"pen_resident": False}, {"pen_resident": False, "pen_employee": True})),
    ("major-without-basic",
     *person({"ins_major": True, "ins_resident": False}, {"ins_major": True, "ins_resident": True})),
    ("work-and-job",
     *person({"work_months": 8, "public_job_months": 6}, {"work_months": 6, "public_job_months": 6})),
    ("tekun-and-dibao", *person({"dibao": "3", "tekun": "2"}, {"dibao": "3", "tekun": "0"})),
    ("child-unattended", {"people": [CHILD | {"unattended": True, "dibao": "0"}]},
     {"people": [CHILD | {"unattended": True, "dibao": "3"}]}),
    ("cert-expired", {"then": expired(ago(9))}, {"then": expired(ago(-9))}),
    ("student-over", *person({"school_status": "15", "birth_date": date(1990, 1, 1)}, {"school_status": "01"})),
    *((f"out-{code}", *unmet(code, OUT)) for code in CRITERIA),
    *((f"unwatched-{code}", *unmet(code, OUT)) for code in CRITERIA),
    *((f"cleared-{code}", *unmet(code, CLEARED)) for code in CRITERIA),
    ("ill-no-major", *person({"health": "03", "ins_major": False}, {"health": "03", "ins_major": True})),
    ("verdict-missing", *verdict({"verdict": "missing", "missing": ["water"]}, {}, household=OUT)),
    ("roster-house-differs",
     *record({"house_grade": "A"}, {"house_grade": "C"}, household={"declared_dilapidated": True})),
    ("roster-water-differs",
     *record({"water_safe": True}, {"water_safe": False}, household={"declared_water_safe": False})),
    ("roster-income-differs",
     *verdict({"per_head": D(12000)}, {"per_head": D(9500)}, household={"declared_income": D(9000)})),
    ("house-unsafe-no-way", *record({"house_grade": "D"}, {"house_grade": "D", "house_security": "03"})),
    ("water-difficult-safe",
     *record({"water_difficult": True}, {"water_difficult": True, "water_safe": False})),
    ("risk-none", *standing(WATCHED | {"risks": []}, WATCHED)),
    ("risk-illness", *standing(WATCHED, WATCHED | {"risks": ["99"]})),
    ("risk-disability", *standing(WATCHED | {"risks": ["02"]}, WATCHED)),
    ("risk-school", *standing(WATCHED | {"risks": ["03"]}, WATCHED)),
    ("risk-house", *record({"house_grade": "A"}, {"house_grade": "C"}, household=WATCHED | {"risks": ["04"]})),
    ("risk-water", *record({"water_safe": True}, {"water_safe": False}, household=WATCHED | {"risks": ["05"]})),
    ("risk-labour", {"household": WATCHED | {"risks": ["06"]}},
     {"household": WATCHED | {"risks": ["06"]}, "people": [ADULT, OLD, OLD, OLD]}),
    ("causes-many", *standing({"main_cause": "01", "other_causes": ["02", "03", "08"]}, {"main_cause": "01"})),
    ("edge-was-poor", *standing(OUT | {"monitor_type": "2"}, OUT | {"monitor_type": "1"})),
    ("unstable-not-out", *standing({"exit_status": "0", "monitor_type": "1"}, OUT | {"monitor_type": "1"})),
    ("cleared-soon", *standing(CLEARED | {"risk_cleared_on": date(2024, 4, 1)}, CLEARED)),
    ("cleared-at-once", *standing(CLEARED | {"risk_cleared_on": date(2024, 2, 25)}, CLEARED)),
    ("cleared-no-way", *standing(CLEARED | {"risk_clear_way": ""}, CLEARED)),
    ("cleared-no-measure", {"household": CLEARED | {"risk_clear_way": "1"}},
     {"household": CLEARED | {"risk_clear_way": "1"}, "then": paper}),
    ("no-measure-month", *standing(WATCHED | {"risk_identified_on": ago(60)}, WATCHED)),
    ("cleared-no-labour", *({"household": CLEARED, "people": [each]} for each in (OLD, ADULT))),
    ("monitored-long", *standing(WATCHED | {"risk_identified_on": date(2022, 1, 1)}, WATCHED)),
    ("monitored-untested", {"household": WATCHED}, {"household": WATCHED, "then": tested}),
    ("identified-early", *standing(OUT | {"identified_on": date(2012, 5, 1)}, OUT)),
    ("exit-same-year", *standing(OUT | {"identified_on": date(2018, 3, 1)}, OUT)),
    ("exit-first", *standing(OUT | {"exit_year": 2015, "identified_on": date(2016, 3, 1)}, OUT)),
    ("person-before-household",
     *({"household": OUT, "then": identified(date(year, 1, 1))} for year in (2013, 2014))),
    ("lead-late", {"then": lead(40)}, {"then": lead(2)}),
    ("record-missing", {"record": None}, {}),
    ("expense-over", *record({"business_income": 100, "business_expense": 900}, {"business_income": 900})),
    ("only-transfers", *record({"tr_other": 9000, "wage_income": 500}, {"tr_other": 900, "wage_income": 9000})),
    ("near-line", *verdict({"borderline": True}, {})),
    ("income-jump",
     *({"verdict": {"per_head": D(each)}, "verdict_before": {"per_head": D(3000)}} for each in (9900, 4000))),
    ("income-fall",
     *({"verdict": {"per_head": D(each)}, "verdict_before": {"per_head": D(9000)}} for each in (3000, 8000))),
    ("income-copied", *({"record": {"wage_income": D(each), "business_income": D(1)},
                         "before": {"wage_income": D(9000), "business_income": D(1)}} for each in (9000, 9400))),
    ("pension-no-elder",
     {"record": {"tr_pension": 1400}}, {"record": {"tr_pension": 1400}, "people": [ADULT, OLD]}),
    ("job-income-over",
     *record({"public_job_income": 900, "wage_income": 500}, {"public_job_income": 500, "wage_income": 500})),
    ("job-no-income",
     *record({"public_job_income": 0}, {"public_job_income": 900}, people=[ADULT | {"public_job": "1"}])),
    ("job-income-no-job", *({"record": {"public_job_income": 900}, "people": [ADULT | {"public_job": each}]}
                            for each in ("0", "1"))),
    ("dividend-over", *record({"dividend_income": 900}, {"dividend_income": 900, "property_income": 900})),
    ("cleared-nothing-earned", *(
        {"record": {"wage_income": each, "business_income": 0}, "household": CLEARED} for each in (0, 9000))),
    ("heavy-spending",
     *record({"wage_income": 10000, "self_paid": 8000}, {"wage_income": 10000, "self_paid": 800})),
    ("dibao-nobody",
     *({"household": {"household_attr": "02"}, "people": [ADULT | {"dibao": each}]} for each in ("0", "3"))),
    ("general-with-dibao",
     *({"household": {"household_attr": "01"}, "people": [ADULT | {"dibao": each}]} for each in ("3", "0"))),
    ("tekun-nobody",
     *({"household": {"household_attr": "06"}, "people": [ADULT | {"tekun": each}]} for each in ("0", "2"))),
    ("tekun-able", *({"household": {"household_attr": "06"}, "people": [each]} for each in (ADULT, OLD))),
    ("dibao-and-tekun-money", *record({"tr_dibao": 900, "tr_wubao": 900}, {"tr_dibao": 900})),
    ("general-with-money", *record({"tr_dibao": 900}, {"tr_dibao": 0}, household={"household_attr": "01"})),
    ("dibao-no-money", *record({"tr_dibao": 0}, {"tr_dibao": 900}, household={"household_attr": "02"})),
    ("tekun-no-money", *record({}, {"tr_wubao": 900}, household={"household_attr": "06"})),
    ("no-labour-no-dibao", *({"people": [OLD | {"dibao": each}]} for each in ("0", "3"))),
    ("civil-dibao-unmarked", *({"then": civil, "people": [ADULT | {"dibao": each}]} for each in ("0", "3"))),
    ("dibao-not-civil",
     {"people": [ADULT | {"dibao": "3"}]}, {"people": [ADULT | {"dibao": "3"}], "then": civil}),
    ("phone-shared", {"then": phones}, {}),
    ("bank-shared", {"then": accounts}, {}),
    ("helper-none", {"household": OUT}, {"household": OUT, "then": helped_by("刘帮扶")}),
    ("helper-is-poor", {"then": helped_by("王甲")}, {"then": helped_by("赵不同")}),
    ("helper-over", {"then": helped_by("孙多户", 15)}, {"then": helped_by("钱少户", 1)}),
]  # fmt: skip
IN_POVERTY = {f"out-{code}" for code in CRITERIA}
"""Rules that hold for the years to 2020 only."""
VILLAGES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("village-empty", {"households": 0}, {}),
    ("village-house-water", {"dilapidated_households": 300, "water_unsafe_households": 200}, {}),
    ("village-land", {"farmland": 10}, {"farmland": 500}),
    ("village-households", {"households": 1}, {}),
    ("village-road", {"hard_road": False}, {"hard_road": True}),
    ("village-figures", {}, dict.fromkeys(
        ("groups", "farmland", "collective_business", "tap_water_households", "water_unsafe_households",
         "dilapidated_households", "clinics", "village_doctors", "medical_insured", "culture_rooms", "farmer_income"),
        1) | dict.fromkeys(("hard_road", "bus", "three_phase_power", "broadband"), True)),
    ("village-people", {"medical_insured": 1700}, {"medical_insured": 1500}),
    ("village-debt",
     {"collective_debt": 900, "collective_assets": 100}, {"collective_debt": 9, "collective_assets": 100}),
]  # fmt: skip
"""Files of villages with 410 households and 1,600 people."""
