"""Reports, summaries, recomputes, searches and pairings over the API."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from pghistory.models import Context

from assistance.models import Pairing
from povreg.jobs.models import Job
from povreg.jobs.services import run_here
from tests import factories
from tests.api.conftest import calling
from villages.models import ApiToken
from villages.people.tokens import KEPT, forget_tokens
from villages.rights import Role

FORBIDDEN, NOT_THERE = (403, "permission_denied"), (404, "not_found")


def got(client: Any, path: str, **query: Any) -> tuple[int, dict[str, Any]]:
    response = client.get(f"/api/v1/{path}", query)
    return response.status_code, response.json()


def sent(client: Any, path: str, **facts: Any) -> tuple[int, dict[str, Any]]:
    response = client.post(f"/api/v1/{path}", facts, format="json")
    return response.status_code, response.json()


def refusal(status: int, answer: dict[str, Any]) -> tuple[int, str]:
    assert set(answer) == {"code", "message", "fields"}
    return status, answer["code"]


@pytest.fixture
def village(db) -> list[Any]:
    """Three households of different health and a household next door."""
    found = [factories.household(members=size) for size in (1, 2, 3)]
    found.append(factories.household(factories.NEXT_VILLAGE, members=2))
    for row in found:
        factories.annual_record(row)
        factories.assessment(row, persons=row.members.count(), failed=["housing"])
        head, *others = row.members.order_by("pk")
        factories.member_year(head, health="02")
        for person in others:
            factories.member_year(person, health="01")
    return found


@pytest.mark.parametrize("code", ["health", "size", "income_line"])
def test_a_cell_of_a_report_equals_the_list_behind_it(as_role, village, code):
    client = as_role(Role.COUNTY_OFFICER)
    status, answer = got(client, f"reports/{code}/", place=factories.TOWNSHIP, year=factories.YEAR)
    assert status == 200, answer
    assert [line["label"] for line in answer["lines"]] == ["泉秀村", "小园村"]
    compared = 0
    for line in [*answer["lines"], answer["total"]]:
        for cell in line["cells"]:
            number = int(cell["value"] or 0)
            assert cell["list"] or not number
            compared += bool(cell["list"])
            assert not cell["list"] or client.get(cell["list"]).json()["count"] == number
    assert compared > 2


def test_reports_are_told_and_asked_for_as_declared(as_role, village):
    client = as_role(Role.VILLAGE_CADRE)
    told = {each["code"]: each for each in client.get("/api/v1/reports/").json()}
    assert {"code": "place", "label": "下级地区"} in told["age"]["rows"]
    assert told["structure"]["rows"][0]["code"] == "item"
    assert {"code": "1", "label": "已脱贫"} in told["age"]["filters"]["exit_status"]
    narrowed = got(client, "reports/age/", year=2020, exit_status="1", rows="sex")[1]
    assert (narrowed["place"], narrowed["filters"], narrowed["rows"]) == (
        factories.VILLAGE,
        {"exit_status": "1"},
        "sex",
    )
    assert refusal(*got(client, "reports/age/", rows="colour")) == (422, "refused")
    assert refusal(*got(client, "reports/age/", exit_status="9x")) == (422, "refused")
    assert refusal(*got(client, "reports/age/", colour="red")) == (400, "invalid")
    assert refusal(*got(client, "reports/age/", year="20x0")) == (400, "invalid")
    assert refusal(*got(client, "reports/age/", place=factories.NEXT_VILLAGE)) == NOT_THERE
    assert refusal(*got(client, "reports/nothing/")) == NOT_THERE
    assert refusal(*got(as_role(Role.HELPER), "reports/age/")) == FORBIDDEN


def test_amounts_are_text_and_lists_are_for_who_may_see_them(as_role, village):
    answer = got(as_role(Role.COUNTY_OFFICER), "reports/structure/", year=2020)[1]
    values = [cell["value"] for line in answer["lines"] for cell in line["cells"]]
    assert all(value is None or value.replace(".", "").lstrip("-").isdigit() for value in values)


def test_figures_narrow_lists_and_all_must_hold(as_role, village):
    client = as_role(Role.COUNTY_OFFICER)
    query = f"households/?year=2020&place={factories.TOWNSHIP}"
    both = [row["id"] for row in got(client, f"{query}&figure=size.2&figure=health.02")[1]["results"]]
    assert both == [village[1].pk, village[3].pk]
    assert got(client, f"{query}&figure=size.2&figure=size.3")[1]["results"] == []
    people = got(client, f"members/?year=2020&place={factories.VILLAGE}&figure=size.3")[1]["results"]
    assert {row["household"] for row in people} == {village[2].pk}
    assert refusal(*got(client, f"{query}&figure=size.many")) == (422, "refused")
    assert refusal(*got(client, f"{query}&figure=nonsense")) == (400, "invalid")
    assert refusal(*got(client, f"{query}&verdict=pass&verdict=fail")) == (400, "invalid")


def test_summaries_hold_what_the_recompute_counted(as_role, village):
    township = as_role(Role.TOWNSHIP_OFFICER)
    status, job = sent(township, "jobs/", kind="recompute", place=factories.TOWNSHIP, year=2020)
    assert (status, job["status"]) == (202, "queued")
    run_here(Job.objects.get())
    answer = got(township, "summaries/", place=factories.TOWNSHIP, year=2020)[1]
    [total] = [each for each in answer["figures"] if each["measure"] == "total"]
    assert (total["households"], total["people"]) == (4, 8)
    assert got(township, f"jobs/{job['id']}/")[1]["status"] == "done"
    assert refusal(*got(township, "summaries/", place=factories.COUNTY)) == NOT_THERE
    assert refusal(*got(as_role(Role.HELPER), "summaries/")) == FORBIDDEN


def test_a_recompute_is_asked_for_once_and_by_who_may(as_role, village):
    county, cadre = as_role(Role.COUNTY_OFFICER), as_role(Role.VILLAGE_CADRE)
    first = sent(county, "jobs/", kind="recompute", place=factories.COUNTY, year=2020)[1]
    again = sent(county, "jobs/", kind="recompute", place=factories.COUNTY, year=2020)[1]
    assert (first["id"], Job.objects.count()) == (again["id"], 1)
    assert refusal(*sent(cadre, "jobs/", kind="recompute", place=factories.VILLAGE, year=2020)) == FORBIDDEN
    assert refusal(*sent(county, "jobs/", kind="recompute", place=factories.OTHER_COUNTY, year=2020)) == NOT_THERE
    assert refusal(*sent(county, "jobs/", kind="export", place=factories.COUNTY, year=2020)) == (400, "invalid")


def test_a_household_is_judged_again_at_once(as_role, village):
    household = village[0]
    path = f"households/{household.pk}/recompute/"
    response = as_role(Role.TOWNSHIP_OFFICER).post(f"/api/v1/{path}")
    assert response.status_code == 200
    assert [row["year"] for row in response.json()][:1] == [2020]
    assert household.assessments.get(year=2020).verdict == response.json()[0]["verdict"]
    assert Context.objects.filter(metadata__verb="request_recompute").exists()
    assert refusal(*sent(as_role(Role.VILLAGE_CADRE), path)) == FORBIDDEN
    assert refusal(*sent(as_role(Role.TOWNSHIP_OFFICER, factories.OTHER_TOWNSHIP), path)) == NOT_THERE


@pytest.mark.parametrize("typed", ["王明海", "明海", "wmh", "13800001234", "ID"])
def test_the_search_box_finds_by_what_the_body_says(as_role, db, typed):
    household = factories.household(members=1, phone="13800001234")
    household.refresh_from_db()
    household.save()
    factories.household(members=0)
    number = household.members.get().id_no
    text = number if typed == "ID" else typed
    if typed == "13800001234":
        pytest.importorskip("households.find.search")
        household.phone_hash = factories.lookup_hash(text)
        household.save()
    client = as_role(Role.VILLAGE_CADRE)
    status, answer = sent(client, "households/search/", text=text)
    assert (status, [row["id"] for row in answer["results"]]) == (200, [household.pk])
    assert sent(as_role(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE), "households/search/", text=text)[1]["count"] == 0


def test_people_are_searched_by_the_body_too(as_role, village):
    client = as_role(Role.VILLAGE_CADRE)
    person = village[0].members.get()
    status, answer = sent(client, "members/search/", text=person.id_no, year=2020)
    assert (status, [row["id"] for row in answer["results"]]) == (200, [person.pk])
    assert answer["results"][0]["year_facts"]["year"] == 2020
    assert person.id_no not in str(answer)
    everybody = sent(client, "members/search/", text="王", year=2020, figures=["size.3"])[1]["results"]
    assert len(everybody) == 3
    assert refusal(*sent(client, "members/search/", text="王", figures=["size.many"])) == (422, "refused")
    assert refusal(*sent(client, "members/search/", year=2020)) == (400, "invalid")


def test_a_helper_is_paired_once_at_a_time_and_unpaired_with_a_reason(as_role, db):
    household = factories.household(members=1, exit_status="1", exit_year=2019)
    helper = factories.posted(Role.HELPER, name="陈志强")
    client = as_role(Role.TOWNSHIP_OFFICER)
    assert [row["id"] for row in got(client, "pairings/helpers/", household=household.pk)[1]] == [helper.pk]
    facts = {"household": household.pk, "helper": helper.pk, "starts_on": "2020-03-01"}
    assert refusal(*sent(client, "pairings/", **facts, ends_on="2020-02-01")) == (422, "refused")
    status, pairing = sent(client, "pairings/", **facts, note="产业帮扶")
    assert (status, pairing["helper_name"], pairing["village"]) == (201, "陈志强", factories.VILLAGE)
    assert refusal(*sent(client, "pairings/", **facts)) == (409, "state")
    assert calling(helper).get(f"/api/v1/households/{household.pk}/").status_code == 200
    path = f"pairings/{pairing['id']}/end/"
    assert refusal(*sent(client, path, ends_on="2020-02-01", reason="调离")) == (422, "refused")
    assert sent(client, path, ends_on="2020-12-31", reason="调离")[1]["ends_on"] == "2020-12-31"
    assert refusal(*sent(client, path, ends_on="2021-12-31", reason="延期")) == (409, "state")
    assert sent(client, "pairings/", **{**facts, "starts_on": "2021-01-01"})[0] == 201
    assert Context.objects.filter(metadata__verb="end_pairing", metadata__reason="调离").exists()
    assert refusal(*sent(as_role(Role.VILLAGE_CADRE), "pairings/", **facts)) == FORBIDDEN
    stranger = as_role(Role.TOWNSHIP_OFFICER, factories.OTHER_TOWNSHIP)
    assert refusal(*sent(stranger, "pairings/", **facts)) == NOT_THERE
    assert refusal(*sent(stranger, path, ends_on="2020-12-30", reason="无")) == NOT_THERE


def test_only_a_helper_of_the_place_is_paired_with_a_household_that_is_there(as_role, db):
    client = as_role(Role.COUNTY_OFFICER)
    household = factories.household(members=1)
    cadre = factories.posted(Role.VILLAGE_CADRE)
    elsewhere = factories.posted(Role.HELPER, factories.OTHER_TOWNSHIP)
    for account in (cadre, elsewhere):
        facts = {"household": household.pk, "helper": account.pk, "starts_on": "2020-03-01"}
        assert refusal(*sent(client, "pairings/", **facts)) == NOT_THERE
    gone = factories.household(members=1, removed_on=date(2020, 1, 1), removed_reason="误录")
    facts = {"household": gone.pk, "helper": factories.posted(Role.HELPER).pk, "starts_on": "2020-03-01"}
    assert refusal(*sent(client, "pairings/", **facts)) == (422, "refused")
    assert Pairing.objects.count() == 0


def test_tokens_that_ended_long_ago_are_forgotten(db):
    now = timezone.now()
    account = factories.posted(Role.VILLAGE_CADRE)

    def token(name: str, ended: timedelta) -> ApiToken:
        row = ApiToken.objects.create(user=account, digest=name * 64, expires_at=now + timedelta(hours=1))
        past = now - ended
        ApiToken.objects.filter(pk=row.pk).update(created_at=past - timedelta(hours=12), expires_at=past)
        return row

    token("a", KEPT + timedelta(days=1))
    kept = [token("b", KEPT - timedelta(days=1)), token("c", timedelta(hours=-1))]
    assert forget_tokens() == 1
    assert set(ApiToken.objects.values_list("pk", flat=True)) == {row.pk for row in kept}


def test_a_report_is_taken_away_as_the_workbook_of_its_page(as_role):
    factories.household(members=3)
    path, query = "/api/v1/reports/age/sheet/", {"place": factories.VILLAGE, "year": factories.YEAR}
    answer = as_role(Role.VILLAGE_CADRE).get(path, query)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert "说明" in book.sheetnames
    assert as_role(Role.COUNTY_LEADER).get(path, query).status_code == 200
    assert as_role(Role.VOLUNTEER).get(path, query).status_code == 403
    assert as_role(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE).get(path, query).status_code == 404
    assert as_role(Role.VILLAGE_CADRE).get("/api/v1/reports/nonsense/sheet/", query).status_code == 404
    assert as_role(Role.VILLAGE_CADRE).get(path, {**query, "rows": "nonsense"}).status_code == 422
