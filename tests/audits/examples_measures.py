"""A household that breaks each rule of measures, payments and visits, and one that keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from assistance.models import Measure
from households.models import Household
from tests import factories as make
from tests.assistance import moneyed
from tests.audits.examples import ADULT, LAST, WATCHED, ago, of
from tests.factories_assistance import measure, visit
from villages.rights import Role

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


def paid(*, noted: bool = False, back: bool = False, days: int = 40) -> Then:
    """Money of the ledger reached the household; whether a measure names it, whether it was taken back."""

    def then(row: Household) -> None:
        given_to = moneyed.allocation()
        row_of = moneyed.payment(row, allocation=given_to, paid_on=ago(days))
        if noted:
            Measure.objects.filter(pk=measure(row, delivered_on=ago(days), amount=Decimal(100)).pk).update(
                payment=row_of
            )
        if back:
            moneyed.payment(
                row, allocation=given_to, paid_on=ago(1), item=row_of.item, amount=-row_of.amount, reverses=row_of
            )

    return then


def seen(days: int) -> Then:
    return lambda row: visit(row, make.posted(Role.HELPER), visited_on=ago(days))


def both(bad: Then | None, good: Then | None, **facts: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"then": bad, **facts}, {"then": good, **facts}


def household(then: Then, bad: dict[str, Any], good: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"then": then, **bad}, {"then": then, **good}


OF_2020 = {"day": date(LAST, 6, 1)}
MEASURES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("risk-unanswered", *both(given(GRAIN), given(CLINIC), household=LATE)),
    ("measure-no-risk", *both(given(CLINIC, GRAIN), given(CLINIC), household=WATCHED)),
    ("cause-unanswered", *both(given("210301", **OF_2020), given(GRAIN, **OF_2020), household=POOR)),
    ("measure-no-cause", *both(given(GRAIN, "210301", **OF_2020), given(GRAIN, **OF_2020), household=POOR)),
    ("no-developing", *both(given(CLINIC), given(CLINIC, GRAIN), household=LONG)),
    ("only-security", *both(given("410301"), given("410301", CLINIC), household=WATCHED)),
    ("dibao-measure-status",
     *household(given(DIBAO), {"people": [ADULT | {"dibao": "0"}]}, {"people": [ADULT | {"dibao": "2"}]})),
    ("dibao-status-measure",
     *both(given(CLINIC), given(DIBAO), household=WATCHED, people=[ADULT | {"dibao": "2"}])),
    ("tekun-measure-status",
     *household(given(TEKUN), {"people": [ADULT | {"tekun": "0"}]}, {"people": [ADULT | {"tekun": "2"}]})),
    ("tekun-status-measure",
     *both(given(CLINIC), given(TEKUN), household=WATCHED, people=[ADULT | {"tekun": "2"}])),
    ("subsidy-not-disabled",
     *household(given(SUBSIDY), {"people": [ADULT]}, {"people": [ADULT | DISABLED]})),
    ("rain-not-student",
     *household(given(RAIN, to=1), {"people": [ADULT, PUPIL | {"school_status": "08"}]}, {"people": [ADULT, PUPIL]})),
    ("student-no-rain", *both(given(RAIN, to=0), given(RAIN, to=1), people=[ADULT, PUPIL])),
    ("work-nobody-away", *household(given(AWAY), {"people": [ADULT]}, {"people": [MIGRANT]})),
    ("measure-unpaid",
     *both(given(GRAIN, amount=Decimal(600), source="county"), given(GRAIN, amount=Decimal(600), source="bank"))),
    ("payment-no-measure", *both(paid(), paid(noted=True))),
    ("measure-payment-reversed", *both(paid(noted=True, back=True), paid(noted=True))),
    ("not-visited", *both(seen(366), seen(300))),
    ("monitored-not-visited", *both(seen(63), seen(30), household=LONG)),
]  # fmt: skip
