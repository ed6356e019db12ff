"""Shares: allotted, handed on when one has left poverty, dividends split without a cent made or lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import HealthCheck, given, settings, strategies as st

from assistance.models import PartnerPayment, Shareholding
from assistance.partners.shares.services import allot_shares, hand_on, pay_dividend, split
from tests import factories as make
from tests.assistance import moneyed
from villages.rights import Role

pytestmark = pytest.mark.django_db
DAY = moneyed.DAY


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.decimals("0.01", "1000000", places=2),
    st.dictionaries(st.integers(1, 99), st.decimals("0.01", "500", places=2), min_size=1, max_size=30),
)
def test_a_dividend_is_split_to_the_cent(total: Decimal, counts: dict[int, Decimal]) -> None:
    parts = split(total, counts)
    whole = sum(counts.values())
    assert sum(parts.values()) == total
    assert all(abs(parts[key] - total * counts[key] / whole) < Decimal("0.01") for key in counts)


def test_dividends_go_by_the_shares_held_that_day() -> None:
    xian, partner = make.posted(Role.COUNTY_OFFICER), moneyed.partner()
    one, two, gone = (make.household(members=1) for _ in range(3))
    facts: dict[str, Any] = {"by": xian, "partner": partner, "origin": "land", "since": DAY}
    assert allot_shares(households=[one], count=Decimal(1), **facts) == 1
    assert allot_shares(households=[two, gone], count=Decimal(2), **facts) == 2
    Shareholding.objects.filter(household=gone).update(until=date(2026, 4, 1))
    paid = pay_dividend(by=xian, partner=partner, total=Decimal(100), paid_on=date(2026, 5, 1), voucher="2026分红")
    assert {row.household_id: row.amount for row in paid} == {one.pk: Decimal("33.33"), two.pk: Decimal("66.67")}
    for more, words in (
        ({}, "已经分过红"), ({"voucher": "又"}, ""), ({"voucher": "早", "paid_on": date(2026, 1, 1)}, "没有农户持股"),
        ({"voucher": "少", "total": Decimal("0.01")}, "金额太少"),
    ):  # fmt: skip
        given_now: dict[str, Any] = {"total": Decimal(100), "paid_on": date(2026, 5, 1), "voucher": "2026分红", **more}
        if not words:
            pay_dividend(by=xian, partner=partner, **given_now)
            continue
        with pytest.raises(ValidationError, match=words):
            pay_dividend(by=xian, partner=partner, **given_now)


def test_shares_of_who_left_poverty_go_to_who_has_not() -> None:
    xian = make.posted(Role.COUNTY_OFFICER)
    poor, out = make.household(members=1, exit_status="0"), make.household(members=1, exit_status="1")
    held, kept = moneyed.share(out), moneyed.share(poor)
    hand: dict[str, Any] = {"by": xian, "on": date(2026, 6, 1)}
    with pytest.raises(ValidationError, match="还没有脱贫"):
        hand_on(holding=kept, household=out, **hand)
    with pytest.raises(ValidationError, match="只能转给"):
        hand_on(holding=held, household=make.household(members=1, exit_status="1"), **hand)
    with pytest.raises(ValidationError, match="农户自己的"):
        hand_on(holding=moneyed.share(out, origin="land"), household=poor, **hand)
    new = hand_on(holding=held, household=poor, **hand)
    held.refresh_from_db()
    assert (held.until, new.count, new.taken_from_id, new.origin) == (date(2026, 6, 1), held.count, held.pk, "handed")
    with pytest.raises(ValidationError, match="已经退出"):
        hand_on(holding=held, household=poor, **hand)


def test_state_money_is_allotted_to_the_register_only_and_from_the_page(client: Client) -> None:
    partner, household = moneyed.partner(), make.household(members=1)
    ordinary = make.household(members=1, in_register=False, exit_status="")
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    sent = {"partner": partner.pk, "origin": "allotted", "count": "5", "since": "2026-03-02"}
    refused = client.post("/shares/new/", {**sent, "numbers": ordinary.household_no})
    assert refused.status_code == 422 and "只给在册农户" in refused.content.decode()
    assert client.post("/shares/new/", {**sent, "numbers": household.household_no}).status_code == 302
    assert household.household_no in client.get("/shares/").content.decode()
    sent = {"partner": partner.pk, "total": "88.88", "paid_on": "2026-06-01", "voucher": "分红表1"}
    assert client.post("/shares/dividends/new/", sent).status_code == 302
    assert PartnerPayment.objects.get().amount == Decimal("88.88")
