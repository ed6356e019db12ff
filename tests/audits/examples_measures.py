"""A household that breaks each rule of measures, payments and visits, and one that keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from assistance.models import Measure, PostMonth
from households.models import Household
from tests import factories as make
from tests.assistance import moneyed
from tests.audits.examples import ADULT, LAST, OUT, WATCHED, YEAR, ago, of
from tests.factories_assistance import measure, visit
from villages.rights import Role

PAID_ON = date(YEAR, 6, 15)
Then = Callable[[Household], Any]
CLINIC, GRAIN, DIBAO, TEKUN, SUBSIDY, RAIN, AWAY = (
    "410203", "110101", "410101", "410102", "410302", "310203", "120101",
)  # fmt: skip
LATE = WATCHED | {"risk_identified_on": ago(60)}
LONG = WATCHED | {"risk_identified_on": ago(200)}
POOR = {"main_cause": "09", "exit_status": "0"}
PUPIL = of(17, labour="04", health="01", school_status="10", relation="03")
DISABLED = {"disability_cert": "50019819900101123443"}
MIGRANT = ADULT | {"work_place": "04", "work_months": 8}


def given(*codes: str, to: int | None = None, day: date | None = None, **facts: Any) -> Then:
    """The household, or the one of its people with this place in the list, was given these measures."""

    def then(row: Household) -> None:
        people = list(row.members.order_by("person_no")) if to is not None else []
        for code in codes:
            whose = {"member": people[to]} if to is not None else {}
            measure(row, code, delivered_on=day or ago(1), **{"source": "", "amount": None, **whose, **facts})

    return then


def paid(*, noted: bool = False, back: bool = False) -> Then:
    """Money of the ledger reached the household; whether a measure names it, whether it was taken back."""

    def then(row: Household) -> None:
        given_to = moneyed.allocation()
        row_of = moneyed.payment(row, allocation=given_to, paid_on=PAID_ON)
        if noted:
            Measure.objects.filter(pk=measure(row, delivered_on=PAID_ON, amount=Decimal(100)).pk).update(payment=row_of)
        if back:
            moneyed.payment(
                row, allocation=given_to, paid_on=PAID_ON, item=row_of.item, amount=-row_of.amount, reverses=row_of
            )

    return then


def seen(days: int) -> Then:
    return lambda row: visit(row, make.posted(Role.HELPER), visited_on=ago(days))


def both(bad: Then | None, good: Then | None, **facts: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"then": bad, **facts}, {"then": good, **facts}


def household(then: Then, bad: dict[str, Any], good: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"then": then, **bad}, {"then": then, **good}


def borrowed(days: int = 30, **facts: Any) -> Then:
    """The household has a loan, begun so many days ago."""
    terms = {"ends_on": ago(-300), "amount": Decimal(30_000), "use": "planting", "payer": "银行", "source": "bank"}
    return given("110501", day=ago(days), **{**terms, **facts})


def lent_on(homes: int) -> Then:
    """So many households hold shares of one partner since they borrowed, this one among them."""

    def then(row: Household) -> None:
        partner = moneyed.partner()
        for each in (row, *(make.household(make.NEXT_VILLAGE) for _ in range(homes - 1))):
            borrowed()(each)
            moneyed.link(each, partner=partner, since=ago(20))

    return then


def post(*, noted: bool) -> Then:
    def then(row: Household) -> None:
        given("120201", day=ago(200), ends_on=ago(-100))(row)
        if noted:
            held = row.measures.get()
            PostMonth.objects.create(
                post=held, household=row, village_id=row.village_id, month=ago(40).replace(day=1), due=22, present=20
            )

    return then


def dibao_line(row: Household) -> None:
    make.poverty_line("6000", 2026, kind="dibao", place=make.place(make.COUNTY))


OF_2026 = {"day": date(YEAR, 6, 1)}
OF_2020 = {"day": date(LAST, 6, 1)}
MEASURES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("risk-unanswered", *both(given(GRAIN), given(CLINIC), household=LATE)),
    ("measure-no-risk", *both(given(CLINIC, GRAIN), given(CLINIC), household=WATCHED)),
    ("cause-unanswered", *both(given("210301", **OF_2020), given(GRAIN, **OF_2020), household=POOR)),
    ("measure-no-cause", *both(given(GRAIN, "210301", **OF_2020), given(GRAIN, **OF_2020), household=POOR)),
    ("no-developing", *both(given(CLINIC), given(CLINIC, GRAIN), household=LONG)),
    ("only-security", *both(given("410301"), given("410301", CLINIC), household=WATCHED)),
    ("dibao-measure-status",
     *household(given(DIBAO, **OF_2026), {"people": [ADULT | {"dibao": "0"}]}, {"people": [ADULT | {"dibao": "2"}]})),
    ("dibao-status-measure",
     *both(given(CLINIC), given(DIBAO), household=WATCHED, people=[ADULT | {"dibao": "2"}])),
    ("tekun-measure-status",
     *household(given(TEKUN, **OF_2026), {"people": [ADULT | {"tekun": "0"}]}, {"people": [ADULT | {"tekun": "2"}]})),
    ("tekun-status-measure",
     *both(given(CLINIC), given(TEKUN), household=WATCHED, people=[ADULT | {"tekun": "2"}])),
    ("subsidy-not-disabled",
     *household(given(SUBSIDY, **OF_2026), {"people": [ADULT]}, {"people": [ADULT | DISABLED]})),
    ("rain-not-student",
     *household(given(RAIN, to=1, **OF_2026),
                {"people": [ADULT, PUPIL | {"school_status": "08"}]}, {"people": [ADULT, PUPIL]})),
    ("student-no-rain", *both(given(RAIN, to=0), given(RAIN, to=1), people=[ADULT, PUPIL])),
    ("work-nobody-away", *household(given(AWAY, **OF_2026), {"people": [ADULT]}, {"people": [MIGRANT]})),
    ("measure-unpaid",
     *both(*(given(GRAIN, amount=Decimal(600), source=each, **OF_2026) for each in ("county", "bank")))),
    ("payment-no-measure", *both(paid(), paid(noted=True))),
    ("measure-payment-reversed", *both(paid(noted=True, back=True), paid(noted=True))),
    ("loan-interest-only", {"then": lent_on(1), "record": {"business_income": 0, "business_expense": 1}},
     {"then": lent_on(1), "record": {"business_income": 9000}}),
    ("loan-pooled", *both(lent_on(3), lent_on(2))),
    ("loan-not-reached", {"then": borrowed(400), "record": {"business_income": 0}},
     {"then": borrowed(300), "record": {"business_income": 0}}),
    ("loan-overdue", *both(borrowed(400, ends_on=ago(1)), borrowed(400, ends_on=ago(0)))),
    ("post-unattended", *both(post(noted=False), post(noted=True))),
    ("below-dibao-line", *({"verdict": {"per_head": Decimal(each)}, "household": OUT, "then": dibao_line}
                           for each in ("5999.99", "6000"))),
    ("dibao-below-line", *({"verdict": {"failed": failed}, "people": [ADULT | {"dibao": "2"}]}
                           for failed in (["income"], []))),
    ("not-visited", *both(seen(366), seen(300))),
    ("monitored-not-visited", *both(seen(63), seen(30), household=LONG)),
]  # fmt: skip
