"""Loans, their subsidies and the risk fund; months of public posts; 低保; sites: each rule at its edges."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given as examples, settings, strategies as st

from assistance.measures.loans import interest, term_months
from assistance.models import Measure, RiskFund
from assistance.running.loans import lists, services
from assistance.running.posts.services import note_attendance
from assistance.running.sites.lists import per_head, put_counts, sites
from tests import factories as make
from tests.assistance import moneyed
from tests.assistance.test_kinds import CONCENTRATED, PAID, deliver
from tests.factories_assistance import measure
from tests.standings import settle
from villages.rights import Role

pytestmark = pytest.mark.django_db
DIBAO, TEKUN, SUBSIDY = "410101", "410102", "110502"
TODAY = timezone.localdate
DAY = date(2026, 6, 1)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@examples(
    st.decimals("0.01", "50000", places=2), st.decimals("0.001", "36", places=3), st.integers(1, 18), st.integers(1, 18)
)
def test_interest_of_parts_comes_to_that_of_the_whole(amount: Decimal, rate: Decimal, first: int, then: int) -> None:
    parts = interest(amount, rate, Decimal(first)) + interest(amount, rate, Decimal(then))
    assert abs(parts - interest(amount, rate, Decimal(first + then))) <= Decimal("0.01")


def test_interest_and_terms_by_hand() -> None:
    assert interest(Decimal(30_000), Decimal("3.6"), Decimal(12)) == Decimal("1080.00")
    loan = Measure(delivered_on=date(2026, 1, 15), ends_on=date(2027, 1, 15))
    assert term_months(loan) == 12
    loan.ends_on = date(2027, 1, 16)
    assert term_months(loan) == 13, "a month begun counts"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, ""),
        ({"amount": Decimal("1080.01")}, "amount"),
        ({"amount": None}, "amount"),
        ({"quantity": Decimal(13), "amount": Decimal(100)}, "quantity"),
        ({"quantity": Decimal("1.5"), "amount": Decimal(100)}, "quantity"),
        ({"serves": None}, "serves"),
    ],
)
def test_a_subsidy_is_no_more_than_the_interest_of_its_months(more: dict[str, Any], field: str) -> None:
    household = make.household(members=1)
    given = {"serves": moneyed.loan(household), "quantity": Decimal(12), "amount": Decimal(1080)}
    assert deliver(household, SUBSIDY, day=DAY, **{**given, **PAID, **more}) == field


def test_no_month_is_subsidised_twice_and_the_county_sets_the_share() -> None:
    household, xian = make.household(members=1), make.posted(Role.COUNTY_OFFICER)
    loan = moneyed.loan(household)
    half = {"serves": loan, "quantity": Decimal(6), **PAID}
    assert deliver(household, SUBSIDY, day=DAY, amount=Decimal(540), **half) == ""
    assert deliver(household, SUBSIDY, day=DAY, amount=Decimal(1), **{**half, "quantity": Decimal(7)}) == "quantity"
    terms = {"most_rate": Decimal("3.45"), "subsidy_share": Decimal(50), "document": "区金融〔2026〕1号"}
    services.save_terms(by=xian, county=make.place(make.COUNTY), starts_on=date(2026, 1, 1), **terms)
    assert deliver(household, SUBSIDY, day=DAY, amount=Decimal("270.01"), **half) == "amount"
    assert deliver(household, SUBSIDY, day=DAY, amount=Decimal(270), **half) == ""
    other = make.household(members=1)
    owed = {"amount": Decimal(100), "ends_on": date(2026, 12, 1), "use": "planting", **PAID}
    assert deliver(other, "110501", day=DAY, rate=Decimal("3.451"), **owed) == "rate"
    assert deliver(other, "110501", day=DAY, rate=Decimal("3.45"), **owed) == ""
    with pytest.raises(PermissionDenied):
        zhen = make.posted(Role.TOWNSHIP_OFFICER)
        services.save_terms(by=zhen, county=make.place(make.COUNTY), starts_on=DAY, **terms)


def test_the_risk_fund_pays_for_overdue_loans_and_never_more_than_it_holds() -> None:
    xian, county = make.posted(Role.COUNTY_OFFICER), make.place(make.COUNTY)
    late = moneyed.loan(make.household(members=1), ends_on=TODAY() - timedelta(days=1))
    running = moneyed.loan(make.household(members=1), ends_on=TODAY())
    move: dict[str, Any] = {"by": xian, "on": TODAY()}
    services.fill_fund(county=county, amount=Decimal(20_000), voucher="注1", **move)
    for loan, amount, words in (
        (running, "1", "逾期没有还清"), (late, "30000.01", "最多还能代偿"), (late, "20000.01", "只剩"),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match=words):
            services.compensate(loan=loan, amount=Decimal(amount), voucher="代1", **move)
    services.compensate(loan=late, amount=Decimal(20_000), voucher="代1", **move)
    with pytest.raises(ValidationError, match="没有收回的是"):
        services.recover(loan=late, amount=Decimal("20000.01"), voucher="追1", **move)
    services.recover(loan=late, amount=Decimal(5_000), voucher="追1", **move)
    settle()
    assert RiskFund.objects.get().balance == 5_000 and services.given_for(late) == 15_000
    with pytest.raises(IntegrityError, match="risk_fund_not_overdrawn"), transaction.atomic():
        RiskFund.objects.get().moves.create(kind="out", loan=late, amount=-5_001, on=TODAY(), voucher="代2")


@pytest.mark.parametrize(
    ("days", "states"),
    [
        (-1, {"open", "overdue"}), (0, {"open", "30", "60", "90"}), (30, {"open", "30", "60", "90"}),
        (31, {"open", "60", "90"}), (90, {"open", "90"}), (91, {"open"}),
    ],
)  # fmt: skip
def test_loans_are_due_by_the_day(days: int, states: set[str]) -> None:
    loan = moneyed.loan(make.household(members=1), ends_on=TODAY() + timedelta(days=days))
    found = {code for code, _label in lists.STATES if Measure.objects.filter(lists.in_state(code), pk=loan.pk)}
    assert found == states


def test_a_loan_is_settled_from_the_list(client: Client) -> None:
    loan = moneyed.loan(make.household(members=1))
    client.force_login(make.posted(Role.VILLAGE_CADRE))
    assert "农村商业银行" in client.get("/loans/").content.decode()
    assert client.post(f"/loans/{loan.pk}/settle/", {"on": "2026-10-01"}).status_code == 302
    loan.refresh_from_db()
    assert loan.settled_on == date(2026, 10, 1)
    assert client.post(f"/loans/{loan.pk}/settle/", {"on": "2026-10-02"}, follow=True).status_code == 200
    loan.refresh_from_db()
    assert loan.settled_on == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("month", "days", "words"),
    [
        (date(2026, 2, 1), (28, 28), ""),
        (date(2026, 2, 1), (29, 20), "天数不对"),
        (date(2026, 3, 1), (22, 23), "天数不对"),
        (date(2026, 3, 1), (0, 0), "天数不对"),
        (date(2025, 12, 1), (20, 20), "不在岗"),
        (date(2099, 1, 1), (20, 20), "还没有到"),
    ],
)
def test_attendance_is_of_days_the_post_ran(month: date, days: tuple[int, int], words: str) -> None:
    post = moneyed.public_post(make.household(members=1))
    note: dict[str, Any] = {
        "by": make.posted(Role.VILLAGE_CADRE),
        "village": make.place(),
        "month": month,
        "days": {post.pk: days},
    }
    if not words:
        assert note_attendance(**note) == 1 and note_attendance(**note) == 1
        assert post.attendance.count() == 1
        return
    with pytest.raises(ValidationError, match=words):
        note_attendance(**note)


def test_a_village_notes_its_month_on_one_page(client: Client) -> None:
    post = moneyed.public_post(make.household(members=1))
    client.force_login(make.posted(Role.VILLAGE_CADRE))
    address = f"/posts/villages/{make.VILLAGE}/?month=2026-03"
    assert post.member is not None and post.member.name in client.get(address).content.decode()
    half = client.post(address, {"month": "2026-03", f"due-{post.pk}": "22"})
    assert half.status_code == 422 and "没有填全" in half.content.decode()
    client.post(address, {"month": "2026-03", f"due-{post.pk}": "22", f"present-{post.pk}": "21"})
    assert (post.attendance.get().present, post.attendance.get().month) == (21, date(2026, 3, 1))


def test_nobody_gets_two_kinds_of_relief_and_no_month_twice() -> None:
    household = make.household(members=1)
    paid = {"amount": Decimal(100), **PAID}
    assert deliver(household, DIBAO, day=DAY, quantity=Decimal(13), **paid) == "quantity"
    assert deliver(household, DIBAO, day=DAY, quantity=Decimal(8), **paid) == ""
    assert deliver(household, DIBAO, day=DAY, quantity=Decimal(5), **paid) == "quantity"
    assert deliver(household, DIBAO, day=DAY, quantity=Decimal(4), **paid) == ""
    assert deliver(household, TEKUN, day=DAY, quantity=Decimal(1), **paid) == "member"


def test_a_site_knows_its_rooms_keys_and_work() -> None:
    site = moneyed.site()
    for count, area in ((2, "50"), (3, "60")):
        household = make.household(members=count)
        household.members.update(labour="01")
        measure(household, CONCENTRATED, site=site, quantity=Decimal(count), area=Decimal(area), keys_on=DAY)
    moneyed.spell(household)
    user = make.posted(Role.COUNTY_OFFICER)
    row: Any = sites(user).get()
    put_counts([row], user)
    assert (row.of["moved"], row.of["keys"], row.able, row.working, row.idle_homes) == (2, 2, 5, 1, 1)
    assert per_head(row) == Decimal("22.0")
