"""The year's quota through its pages: set, divided, handed down; what does not fit is refused and nothing changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from households.models import Quota
from households.procedures.quotas import services as quota
from tests import factories
from tests.factories import COUNTY, NEXT_VILLAGE, TOWNSHIP, VILLAGE
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = 2020
AT = f"/procedures/quotas/{COUNTY}/?year={YEAR}"
TOWN = f"/procedures/quotas/{TOWNSHIP}/?year={YEAR}"


def signed_in(role: Role, code: str = "") -> Client:
    client = Client()
    client.force_login(factories.posted(role, code))
    return client


@pytest.fixture
def county(db) -> Client:
    factories.place(VILLAGE)
    factories.place(NEXT_VILLAGE)
    return signed_in(Role.COUNTY_OFFICER)


@pytest.fixture
def town(county) -> Quota:
    """A township with 100 people to divide over two villages."""
    by = factories.posted(Role.COUNTY_OFFICER)
    for code in (COUNTY, TOWNSHIP):
        found = quota.set_quota(by=by, place=code, year=YEAR, method="given", factors={"given": 100})
    return found


def text(answer: Any) -> str:
    return str(answer.content.decode())


def lines(first: dict[str, Any], second: dict[str, Any], method: str = "rate") -> dict[str, Any]:
    cells = {f"{name}-{VILLAGE}": value for name, value in first.items()}
    return {"do": "divide", "method": method, **cells} | {f"{n}-{NEXT_VILLAGE}": v for n, v in second.items()}


def test_the_county_sets_its_number_by_population_and_rate(county):
    answer = county.post(AT, {"do": "set", "method": "rate", "population": "10,000", "rate": "2.55"})
    assert answer.status_code == 302
    row = Quota.objects.get()
    assert (row.place_id, row.computed, row.amount, row.reason) == (COUNTY, 255, 255, "")
    assert row.factors == {"population": 10000, "rate": "2.55"}
    shown = text(county.get(AT))
    assert shown.count('stat-value">255<small>人') == 2 and "低收入人口发生率" in shown


def test_the_county_sets_its_number_by_weighted_factors(county):
    typed = {"factor1": "人均耕地不足", "weight1": "3", "value1": "4", "factor2": "危房", "weight2": "1", "value2": "8"}
    answer = county.post(AT, {"do": "set", "method": "factors", "population": "1000", **typed})
    assert answer.status_code == 302 and Quota.objects.get().computed == 50
    shown = county.get(AT).context["page"].set_form.lines()
    kept = {name.value(): (weight.value(), value.value()) for _, name, weight, value in shown if name.value()}
    assert kept == {"人均耕地不足": ("3", "4"), "危房": ("1", "8")}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"population": "1000", "rate": "5", "amount": "56", "reason": "多报"}, "上浮上限"),
        ({"population": "1000", "rate": "5", "amount": "55"}, "请写明调整原因"),
        ({"population": "1000"}, "请填写发生率"),
        ({"population": "一千", "rate": "5"}, "不是整数"),
        ({"population": "1000", "rate": "101"}, "不能超过 100%"),
    ],
)
def test_a_number_that_breaks_a_rule_is_refused_and_stays_typed(county, typed, said):
    answer = county.post(AT, {"do": "set", "method": "rate", **typed})
    assert answer.status_code == 422 and said in text(answer)
    assert f'value="{typed["population"]}"' in text(answer)
    assert not Quota.objects.exists()


def test_a_division_shows_its_sum_and_is_handed_down(county, town):
    typed = lines(
        {"population": 1000, "rate": 5, "amount": 55, "reason": "病残户多"},
        {"population": 900, "rate": 5},
    )
    assert county.post(TOWN, typed).status_code == 302
    page = county.get(TOWN)
    assert page.context["total"] == {"computed": 95, "amount": 100} and "与核定 100 人相符" in text(page)
    assert "病残户多" in text(page)
    assert county.post(TOWN, {"do": "confirm"}).status_code == 302
    assert all(town.parts.values_list("confirmed_on", flat=True))
    assert county.get(TOWN).context["page"].divide_form is None


def test_shares_may_grow_and_shrink_in_one_go(county, town):
    county.post(TOWN, lines({"given": 40}, {"given": 60}, "given"))
    assert county.post(TOWN, lines({"given": 70}, {"given": 30}, "given")).status_code == 302
    assert list(town.parts.order_by("place_id").values_list("amount", flat=True)) == [70, 30]


def test_a_division_beyond_the_number_or_the_ceiling_changes_nothing(county, town):
    beyond = county.post(TOWN, lines({"given": 70}, {"given": 40}, "given"))
    assert beyond.status_code == 422 and "核减 10 人" in text(beyond) and 'value="70"' in text(beyond)
    high = county.post(TOWN, lines({"given": 10, "amount": 12, "reason": "多报"}, {"given": 40}, "given"))
    assert high.status_code == 422 and "上浮上限" in text(high)
    assert list(high.context["page"].divide_form.row_faults) == [int(VILLAGE)]
    assert not town.parts.exists()


def test_an_incomplete_division_is_not_handed_down(county, town):
    county.post(TOWN, lines({"given": 70}, {}, "given"))
    answer = county.post(TOWN, {"do": "confirm"})
    assert answer.status_code == 422 and "还没有分解规模" in text(answer)
    county.post(TOWN, lines({}, {"given": 20}, "given"))
    answer = county.post(TOWN, {"do": "confirm"})
    assert "下级合计 90 人，与核定 100 人不符" in text(answer)
    assert not town.parts.exclude(confirmed_on=None).exists()


def test_a_number_follows_what_was_divided_and_handed_down_below_it(county, town):
    county.post(TOWN, lines({"given": 70}, {"given": 30}, "given"))
    less = {"do": "divide", "method": "given", f"given-{TOWNSHIP}": 90}
    answer = county.post(AT, less)
    assert answer.status_code == 422 and "下级已分解 100 人" in text(answer)
    county.post(TOWN, {"do": "confirm"})
    answer = county.post(AT, {"do": "set", "method": "given", "given": 120})
    assert answer.status_code == 302  # the county may still have more to give to others
    answer = county.post(AT, less | {f"given-{TOWNSHIP}": 110})
    assert answer.status_code == 422 and "下级规模已经下达" in text(answer)
    town.refresh_from_db()
    assert town.amount == 100


def test_every_difference_stays_in_the_record(county, town):
    first = {"given": 50, "amount": 55, "reason": "病残户多"}
    county.post(TOWN, lines(first, {"given": 20}, "given"))
    county.post(TOWN, lines({"given": 50, "amount": 45, "reason": "核减重复户"}, {"given": 20}, "given"))
    told = [(each.amount, each.reason) for each in county.get(TOWN).context["changes"]]
    assert told == [(45, "核减重复户"), (55, "病残户多")]


def test_others_in_scope_read_and_do_not_write(town):
    for role, path in ((Role.TOWNSHIP_OFFICER, TOWN), (Role.COUNTY_LEADER, AT)):
        client = signed_in(role)
        page = client.get(path)
        assert page.status_code == 200 and page.context["page"].set_form is page.context["page"].divide_form is None
        assert client.post(path, {"do": "set", "method": "given", "given": 1}).status_code == 403
    assert signed_in(Role.TOWNSHIP_OFFICER).get(AT).status_code == 404
    assert signed_in(Role.VILLAGE_CADRE).get("/procedures/quotas/").url == f"/procedures/quotas/{VILLAGE}/"
    assert signed_in(Role.HELPER, VILLAGE).get("/procedures/quotas/").status_code == 403


def test_the_page_asks_the_same_number_of_questions_for_two_villages_and_for_ten(county, town):
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            county.get(TOWN)
        return len(found)

    county.get(TOWN)
    few = asked()
    for number in range(210, 218):
        factories.place(f"{TOWNSHIP}{number}")
    assert asked() == few


def test_what_was_handed_down_is_taken_back_with_a_reason_and_corrected(county, town):
    whole = town.parent
    county.post(TOWN, lines({"given": 70}, {"given": 30}, "given"))
    county.post(AT, {"do": "confirm"})
    county.post(TOWN, {"do": "confirm"})
    early = county.post(AT, {"do": "take_back", "reason": "县扶贫办〔2020〕3号"})
    assert early.status_code == 422 and "请先收回那里的" in text(early)
    assert "县扶贫办〔2020〕3号</textarea>" in text(early)
    silent = county.post(TOWN, {"do": "take_back", "reason": " "})
    assert silent.status_code == 422 and "写明原因" in text(silent)
    assert town.parts.exclude(confirmed_on=None).count() == 2
    for path in (TOWN, AT):
        assert county.post(path, {"do": "take_back", "reason": "县扶贫办〔2020〕3号"}).status_code == 302
    whole.refresh_from_db()
    assert whole.confirmed_on is None and not Quota.objects.exclude(confirmed_on=None).exists()
    assert county.post(AT, {"do": "set", "method": "given", "given": 120}).status_code == 302
    event = Quota.history.rel.related_model.objects.filter(pgh_obj_id=whole.pk, confirmed_on=None).order_by("-pgh_id")
    assert [each.amount for each in event[:2]] == [120, 100]
    contexts = event.values_list("pgh_context__metadata", flat=True)
    assert any(found.get("reason") == "县扶贫办〔2020〕3号" for found in contexts)


def test_what_was_not_handed_down_is_not_taken_back(county, town):
    county.post(TOWN, lines({"given": 70}, {"given": 30}, "given"))
    answer = county.post(TOWN, {"do": "take_back", "reason": "核减"})
    assert answer.status_code == 422 and "还没有下达" in text(answer)
    signed = signed_in(Role.TOWNSHIP_OFFICER).post(TOWN, {"do": "take_back", "reason": "核减"})
    assert signed.status_code == 403
