"""Quotas over the API: given, worked out by rate or factors, divided, handed down, taken back."""

from __future__ import annotations

import pytest

from households.models import Quota
from tests import factories
from tests.factories import COUNTY, NEXT_VILLAGE, TOWNSHIP, VILLAGE
from villages.rights import Role

pytestmark = pytest.mark.django_db
AT_COUNTY = {"place": COUNTY, "year": factories.YEAR}


@pytest.fixture
def county(as_role):
    for code in (VILLAGE, NEXT_VILLAGE):
        factories.place(code)
    return as_role(Role.COUNTY_OFFICER)


def sent(client, path="", **facts):
    response = client.post(f"/api/v1/quotas/{path}", facts, format="json")
    return response.status_code, response.json()


@pytest.fixture
def town(county) -> int:
    """A township with 100 people to divide over two villages."""
    sent(county, **AT_COUNTY, given=100)
    return sent(county, place=TOWNSHIP, year=factories.YEAR, given=100)[1]["id"]


def test_a_number_follows_from_population_and_rate(county):
    status, row = sent(county, **AT_COUNTY, method="rate", population=10_000, rate="2.55")
    assert (status, row["computed"], row["amount"]) == (201, 255, 255), row
    assert row["factors"] == {"population": 10_000, "rate": "2.55"}


def test_a_number_follows_from_weighted_factors(county):
    given = {
        "method": "factors",
        "population": 1000,
        "values": [{"name": "因病", "value": 4}, {"name": "因学", "value": "1"}],
        "weights": [{"name": "因病", "weight": 2}, {"name": "因学", "weight": 1}],
    }
    status, row = sent(county, **AT_COUNTY, **given)
    assert (status, row["computed"]) == (201, 30), row  # (4 × 2 + 1 × 1) / 3 = 3 per cent
    assert row["factors"]["weights"] == {"因病": "2", "因学": "1"}
    status, answer = sent(county, **AT_COUNTY, **{**given, "weights": given["weights"][:1]})
    assert (status, answer["message"]) == (422, "请填写因子“因学”的权重。")
    assert list(sent(county, **AT_COUNTY, **{**given, "values": given["values"][:1] * 2})[1]["fields"]) == ["values"]


def test_what_a_method_needs_and_what_does_not_fit_is_said(county):
    assert "发生率" in sent(county, **AT_COUNTY, method="rate", population=1000)[1]["message"]
    assert "上级核定人数" in sent(county, **AT_COUNTY)[1]["message"]
    assert "100%" in sent(county, **AT_COUNTY, method="rate", population=1000, rate=101)[1]["message"]
    assert "上浮上限" in sent(county, **AT_COUNTY, given=100, amount=111, reason="多报")[1]["message"]
    assert "调整原因" in sent(county, **AT_COUNTY, given=100, amount=105)[1]["message"]
    for wrong in ({"method": "guess"}, {"rate": "viel"}, {"values": [{"name": "因病"}]}, {"population": -1}):
        assert sent(county, **AT_COUNTY, **wrong)[0] == 400
    assert not Quota.objects.exists()


def test_a_division_is_worked_out_place_by_place(county, town):
    parts = [
        {"place": VILLAGE, "population": 1000, "rate": 4, "amount": 41, "reason": "灾后核增"},
        {"place": NEXT_VILLAGE, "population": 500, "rate": 10},
    ]
    status, row = sent(county, f"{town}/divide/", method="rate", parts=parts)
    assert (status, row["id"]) == (200, town), row
    found = Quota.objects.filter(parent=town).order_by("place_id").values_list("method", "computed", "amount", "reason")
    assert list(found) == [("rate", 40, 41, "灾后核增"), ("rate", 50, 50, "")]
    status, answer = sent(county, f"{town}/divide/", method="rate", parts=[{**parts[1], "rate": 12}, parts[0]])
    assert (status, answer["code"]) == (422, "refused")
    assert "请核减 1 人" in answer["message"]
    assert list(sent(county, f"{town}/divide/", parts=[parts[0]] * 2)[1]["fields"]) == ["parts"]


def test_what_was_handed_down_is_taken_back_with_a_reason(county, town, as_role):
    parts = [{"place": VILLAGE, "given": 60}, {"place": NEXT_VILLAGE, "given": 40}]
    assert sent(county, f"{town}/divide/", parts=parts)[0] == 200
    assert sent(county, f"{town}/take-back/", reason="县办〔2020〕3号")[0] == 422
    assert sent(county, f"{town}/confirm/")[0] == 200
    assert sent(county, f"{town}/divide/", parts=parts)[0] == 422
    assert sent(county, f"{town}/take-back/")[0] == 400
    assert sent(as_role(Role.TOWNSHIP_OFFICER), f"{town}/take-back/", reason="想改")[0] == 403
    assert sent(as_role(Role.COUNTY_OFFICER, factories.OTHER_COUNTY), f"{town}/take-back/", reason="想改")[0] == 404
    assert Quota.objects.exclude(confirmed_on=None).count() == 2
    assert sent(county, f"{town}/take-back/", reason="县办〔2020〕3号")[0] == 200
    assert not Quota.objects.exclude(confirmed_on=None).exists()
