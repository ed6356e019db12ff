"""Everything a filter finds, over the API: exported, judged again, given to those who enter it."""

from __future__ import annotations

import json

import openpyxl
import pytest

from households.models import Assessment, Member
from povreg.jobs.models import Job
from povreg.jobs.services import run_here
from tests import factories
from villages.models import Message
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = factories.YEAR


@pytest.fixture
def county():
    """Six households in two villages, half of them without a safe house."""
    rows = []
    for number in range(6):
        code = factories.VILLAGE if number % 3 else factories.NEXT_VILLAGE
        row = factories.household(code, members=1)
        factories.annual_record(row)
        factories.assessment(row, failed=["housing"] if number % 2 else [])
        rows.append(row)
    return rows


def sent(client, what, **facts):
    response = client.post(f"/api/v1/households/selection/{what}/", facts, format="json")
    return response.status_code, response.json()


def done(answer) -> Job:
    job = Job.objects.get(pk=answer["job"])
    run_here(job)
    job.refresh_from_db()
    return job


def exported(job: Job) -> set[str]:
    header, *rows = openpyxl.load_workbook(job.result_file).worksheets[0].iter_rows(values_only=True)
    return {row[header.index("户编号")] for row in rows}


def test_all_that_a_filter_finds_is_exported(as_role, county):
    client = as_role(Role.COUNTY_OFFICER)
    status, answer = sent(client, "export", verdict="fail", failed="housing", year=YEAR)
    assert status == 202, answer
    job = done(answer)
    assert exported(job) == {row.household_no for row in county[1::2]}
    assert job.expected == job.done == 3
    assert client.get(f"/api/v1/jobs/{job.pk}/result/").status_code == 200


@pytest.mark.parametrize("kind", ["roster-2022", "annual"])
def test_an_office_layout_holds_exactly_the_chosen(as_role, county, kind):
    ids = [row.pk for row in county[:2]]
    status, answer = sent(as_role(Role.COUNTY_OFFICER), "export", kind=kind, ids=ids, year=YEAR)
    assert (status, exported(done(answer))) == (202, {row.household_no for row in county[:2]})


def test_the_columns_asked_for_are_written_in_their_order(as_role, county):
    status, answer = sent(as_role(Role.COUNTY_OFFICER), "export", columns=["phone", "no"], year=YEAR)
    sheet = openpyxl.load_workbook(done(answer).result_file).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["户主", "户编号", "联系电话"]
    status, answer = sent(as_role(Role.COUNTY_OFFICER), "export", columns=["nonsense"])
    assert (status, list(answer["fields"])) == (400, ["columns.0"])


def test_a_typed_search_becomes_ids_and_is_kept_nowhere(as_role, county, monkeypatch):
    Member.objects.filter(household=county[3]).update(name="谭春秀")
    client = as_role(Role.COUNTY_OFFICER)
    status, answer = sent(client, "export", text="谭春秀", year=YEAR)
    assert status == 202, answer
    job = Job.objects.get()
    assert job.params["selection"]["ids"] == [county[3].pk]
    assert "谭" not in json.dumps(job.params, ensure_ascii=False) + job.title
    monkeypatch.setattr("households.selection.chosen.MOST_FOUND", 2)
    status, answer = sent(client, "export", text="王明海", year=YEAR)
    assert (status, answer["code"]) == (422, "refused")
    assert "超过 2 户" in answer["message"]


def test_full_numbers_want_a_reason_the_right_and_a_layout(as_role, county):
    client = as_role(Role.COUNTY_OFFICER)
    full = {"kind": "roster-2022", "unmasked": True, "year": YEAR}
    status, answer = sent(client, "export", **full)
    assert (status, list(answer["fields"])) == (422, ["reason"])
    status, answer = sent(client, "export", **{**full, "kind": "list", "reason": "年度核查"})
    assert (status, list(answer["fields"])) == (422, ["unmasked"])
    assert sent(as_role(Role.VILLAGE_CADRE), "export", **full, reason="年度核查")[0] == 403
    assert not Job.objects.exists()
    assert sent(client, "export", **full, reason="年度核查")[0] == 202


def test_the_chosen_are_judged_again_and_no_others(as_role, county):
    factories.poverty_line()
    before = dict(Assessment.objects.values_list("household_id", "assessed_at"))
    status, answer = sent(as_role(Role.TOWNSHIP_OFFICER), "recompute", ids=[county[0].pk, county[1].pk], year=YEAR)
    assert status == 202, answer
    done(answer)
    after = dict(Assessment.objects.values_list("household_id", "assessed_at"))
    assert {pk for pk in after if after[pk] != before[pk]} == {county[0].pk, county[1].pk}
    assert sent(as_role(Role.VILLAGE_CADRE), "recompute")[0] == 403


def test_what_lies_elsewhere_is_not_found_and_nothing_starts(as_role, county):
    cadre = as_role(Role.VILLAGE_CADRE)
    for facts in ({"ids": [county[0].pk]}, {"place": factories.NEXT_VILLAGE}, {"place": factories.OTHER_COUNTY}):
        status, answer = sent(cadre, "export", **facts)
        assert (status, list(answer["fields"])) == (404, list(facts)), facts
    stranger = as_role(Role.COUNTY_OFFICER, factories.OTHER_COUNTY)
    assert sent(stranger, "recompute", ids=[county[0].pk])[0] == 404
    assert sent(stranger, "export")[0] == 422
    assert not Job.objects.exists()


def test_a_malformed_choice_is_400_and_a_wrong_one_422(as_role, county):
    client = as_role(Role.COUNTY_OFFICER)
    for facts in ({"figure": ["health.02"]}, {"verdict": "bad"}, {"ids": []}, {"place": "5"}, {"eligible": "yes"}):
        status, answer = sent(client, "export", **facts)
        assert (status, answer["code"]) == (400, "invalid"), facts
    for facts in ({"figures": ["nonsense.1"]}, {"ids": [county[0].pk], "text": "王"}, {"main_cause": "07"}):
        status, answer = sent(client, "export", **facts)
        assert (status, answer["code"]) == (422, "refused"), facts


def test_an_office_reminds_those_who_enter_with_the_list(as_role, county):
    cadre = factories.posted(Role.VILLAGE_CADRE)
    client = as_role(Role.TOWNSHIP_OFFICER)
    wanted = {"failed": "housing", "place": factories.TOWNSHIP, "year": YEAR, "message": "请核实住房等级。"}
    assert sent(client, "remind", **wanted) == (201, {"told": 1})
    [note] = Message.objects.visible_to(cadre)
    assert note.url == f"/households/?place={factories.TOWNSHIP}&failed=housing&year={YEAR}"
    assert sent(client, "remind", **wanted)[0] == 422  # the same again
    assert sent(client, "remind", **{**wanted, "message": "电话 13800001234"})[1]["fields"]["text"]


def test_a_reminder_wants_a_filter_households_and_the_right(as_role, county):
    client = as_role(Role.TOWNSHIP_OFFICER)
    factories.posted(Role.VILLAGE_CADRE)
    said = {"message": "请核实。", "year": YEAR}
    assert "用条件指明" in sent(client, "remind", **said)[1]["message"]
    assert "没有符合条件的户" in sent(client, "remind", **said, failed="food")[1]["message"]
    assert sent(client, "remind", **said, failed="housing", place=factories.OTHER_TOWNSHIP)[0] == 404
    assert sent(as_role(Role.VILLAGE_CADRE), "remind", **said, failed="housing")[0] == 403
    assert not Message.objects.exists()


def test_the_search_takes_the_filters_of_the_list(as_role, county):
    client = as_role(Role.COUNTY_OFFICER)
    found = client.post("/api/v1/households/search/", {"failed": "housing", "year": YEAR}, format="json").json()
    assert (found["count"], {row["id"] for row in found["results"]}) == (3, {row.pk for row in county[1::2]})


# -- people ------------------------------------------------------------------------------------------------------------


def people(client, **facts):
    response = client.post("/api/v1/members/export/", facts, format="json")
    return response.status_code, response.json()


def test_the_people_of_a_place_are_exported_with_numbers_masked(as_role, county):
    Member.objects.filter(household=county[1]).update(health="02")
    client = as_role(Role.COUNTY_OFFICER)
    status, answer = people(client, place=factories.VILLAGE, year=YEAR, figures=["health.02"])
    assert status == 202, answer
    header, row = openpyxl.load_workbook(done(answer).result_file).worksheets[0].iter_rows(values_only=True)
    shown = dict(zip(header, row, strict=True))
    assert shown["户编号"] == county[1].household_no
    assert "********" in shown["证件号码"]


def test_people_elsewhere_or_without_the_right_are_not(as_role, county):
    cadre = as_role(Role.VILLAGE_CADRE)
    assert people(cadre, place=factories.NEXT_VILLAGE)[0] == 404
    assert people(cadre, figures=["nonsense.1"])[0] == 422
    assert people(cadre, text="王明海")[0] == 400
    assert people(as_role(Role.COUNTY_LEADER), place=factories.VILLAGE)[0] == 403
    assert not Job.objects.exists()
