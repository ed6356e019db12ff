"""Bulk actions: exactly the households of the list, exported or judged again, as far as one may."""

from __future__ import annotations

import json
from datetime import date

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.find.columns import USUAL
from households.find.filters import list_filters
from households.find.listing import households_list
from households.models import Assessment, Household, Member, UnmaskLog
from households.selection import services
from households.selection.chosen import MOST_FOUND, Selection, of_params
from povreg.jobs.models import Job
from povreg.jobs.services import JobError, run_here
from povreg.kit.storage import plain_copy
from povreg.proof.verifying import verify
from tests import factories
from villages.models import Posting
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = factories.YEAR
QUERIES = [
    {},
    {"verdict": "fail"},
    {"failed": "housing", "cause": "02"},
    {"place": factories.NEXT_VILLAGE},
    {"figure": ["health.02"]},
    {"figure": ["toilet.yes", "sex.1"], "poor": "no"},
    {"gap": "income", "order": "income"},
    {"removed": "1"},
    {"candidate": "1"},
]


@pytest.fixture
def officer(client):
    account = factories.posted(Role.COUNTY_OFFICER)
    client.force_login(account)
    return account


@pytest.fixture
def county():
    """Sixty households in two villages, of every kind that the queries ask for."""
    rows = []
    for number in range(60):
        code = factories.VILLAGE if number % 3 else factories.NEXT_VILLAGE
        facts = {"removed_on": date(2020, 1, 1)} if number == 7 else {"in_register": number not in (8, 9)}
        row = factories.household(code, members=1, main_cause="02" if number % 2 else "03", **facts)
        factories.annual_record(row, has_toilet=bool(number % 4))
        factories.assessment(
            row, failed=["housing"] if number % 5 == 0 else [], gaps=["income"] if number % 7 == 0 else []
        )
        if number % 6 == 0:
            Member.objects.filter(household=row).update(health="02")
        rows.append(row)
    return rows


def cells(job: Job, sheet: str) -> list[tuple]:
    job.refresh_from_db()
    return list(openpyxl.load_workbook(job.result_file)[sheet].iter_rows(values_only=True))


def about(job: Job) -> dict[str, str]:
    return dict(cells(job, "说明")[1:])


def exported(job: Job, sheet: str, column: str = "户编号") -> list[str]:
    header, *rows = cells(job, sheet)
    return [row[header.index(column)] for row in rows]


def listed(user, codes: dict) -> list[str]:
    rows = households_list(user, list_filters(codes), YEAR)
    return list(rows.values_list("household_no", flat=True))


@pytest.mark.parametrize("codes", QUERIES, ids=str)
def test_what_is_exported_is_what_the_list_shows_in_its_order(officer, county, codes):
    wanted = listed(officer, codes)
    assert wanted
    job = services.request_export(by=officer, selection=Selection(YEAR, codes), columns=USUAL)
    assert job.expected == len(wanted)
    run_here(job)
    assert exported(job, "农户") == wanted
    assert (job.done, job.expected, job.report["rows"]) == (len(wanted), len(wanted), len(wanted))
    assert job.message == f"写入 {len(wanted)} 户，{len(wanted)} 行"


def test_the_sheet_says_how_it_came_about_and_proves_itself(officer, county):
    job = services.request_export(
        by=officer, selection=Selection(YEAR, {"failed": "housing", "place": factories.VILLAGE}), columns=["no"]
    )
    run_here(job)
    said = about(job)
    assert said["筛选"] == "地区：泉秀村；未达标项：住房"
    assert said["范围"].endswith("泉秀村（500154201200）")
    assert said["年度"].startswith("2020年")
    assert said["导出人"].endswith(f"（{officer.username}）")
    with plain_copy(job.result_file) as path:
        verified = verify(path)
    assert verified.unaltered
    assert verified.record.digest == job.report["sha256"]


def test_the_columns_are_those_of_the_list_and_numbers_are_masked(officer, county):
    Household.objects.filter(pk=county[0].pk).update(phone="13800001234")
    wanted = Selection(YEAR, {"place": factories.NEXT_VILLAGE}, (county[0].pk,))
    job = services.request_export(by=officer, selection=wanted, columns=["phone", "strip", "income", "nonsense"])
    run_here(job)
    assert cells(job, "农户") == [
        ("户主", "人均纯收入", "两不愁三保障", "联系电话"),
        ("王明海", 8000, "未达标；未达标：住房", "138****1234"),
    ]


@pytest.mark.parametrize("kind", ["roster-2022", "annual"])
def test_a_layout_holds_exactly_these_households(officer, county, kind):
    codes = {"failed": "housing"}
    job = services.request_export(by=officer, selection=Selection(YEAR, codes), kind=kind)
    run_here(job)
    sheet = "户" if kind == "annual" else openpyxl.load_workbook(Job.objects.get().result_file).sheetnames[0]
    assert exported(job, sheet) == listed(officer, codes)
    assert about(job)["筛选"] == "未达标项：住房"
    assert about(job)["证件和电话"] == "已遮盖"


def test_a_layout_says_which_households_are_not_in_it(officer, county):
    county[1].annual_records.all().delete()
    ids = tuple(row.pk for row in county[:3])
    job = services.request_export(by=officer, selection=Selection(YEAR, {}, ids), kind="annual")
    run_here(job)
    job.refresh_from_db()
    assert (job.expected, job.done) == (3, 2)
    assert "1 户没有 2020 年记录，不在表内" in job.message


def test_full_numbers_want_the_right_and_a_reason(officer, county):
    wanted = Selection(YEAR, {"failed": "housing"})
    with pytest.raises(ValidationError, match="写明理由"):
        services.request_export(by=officer, selection=wanted, kind="roster-2022", unmasked=True)
    cadre = factories.posted(Role.VILLAGE_CADRE)
    with pytest.raises(PermissionDenied):
        services.request_export(by=cadre, selection=wanted, kind="roster-2022", unmasked=True, reason="核对")
    job = services.request_export(by=officer, selection=wanted, kind="roster-2022", unmasked=True, reason="年度核查")
    run_here(job)
    [logged] = UnmaskLog.objects.all()
    assert (logged.reason, logged.by, logged.rows) == ("年度核查", officer, job.expected)
    sheet = openpyxl.load_workbook(Job.objects.get().result_file).sheetnames[0]
    assert not any("*" in number for number in exported(job, sheet, "证件号码"))


def test_full_numbers_end_where_the_right_ends(county):
    """A township officer who is a cadre next door may take full numbers of his township only."""
    account = factories.posted(Role.TOWNSHIP_OFFICER)
    factories.posting(account, Role.VILLAGE_CADRE, "500154202200")
    factories.household("500154202200", members=1)
    whole = Selection(YEAR)
    with pytest.raises(ValidationError, match="不能导出完整号码"):
        services.request_export(by=account, selection=whole, kind="roster-2022", unmasked=True, reason="核对")
    assert services.request_export(by=account, selection=whole).expected == 58


def test_a_cadre_exports_his_village_whatever_he_asks_for(county):
    cadre = factories.posted(Role.VILLAGE_CADRE)
    everything = Selection(YEAR, {}, tuple(row.pk for row in county))
    job = services.request_export(by=cadre, selection=everything)
    run_here(job)
    assert exported(job, "农户") == listed(cadre, {})
    assert job.place_code == factories.VILLAGE


def test_who_lost_his_posting_gets_nothing(officer, county):
    job = services.request_export(by=officer, selection=Selection(YEAR))
    Posting.objects.filter(user=officer).update(ends_on=date(2020, 1, 1))
    officer.__dict__.pop("_postings", None)
    job = Job.objects.get(pk=job.pk)
    with pytest.raises(JobError, match="已没有办理这件事的权限"):
        run_here(job)
    job.refresh_from_db()
    assert (job.status, job.done, bool(job.result_file)) == (Job.Status.FAILED, 0, False)


def test_who_was_moved_gets_what_is_his_now(county):
    account = factories.posted(Role.TOWNSHIP_OFFICER)
    job = services.request_export(by=account, selection=Selection(YEAR))
    Posting.objects.filter(user=account).update(place=factories.place(factories.NEXT_VILLAGE))
    job = Job.objects.get(pk=job.pk)
    run_here(job)
    job.refresh_from_db()
    assert set(exported(job, "农户")) == set(listed(job.owner, {}))
    assert job.done < job.expected
    assert f"提交时是 {job.expected} 户，其后名单有变动" in job.message


def test_an_empty_set_is_refused_before_it_starts(officer, county):
    stranger = factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY)
    for user, wanted in ((officer, Selection(YEAR, {"cause": "07"})), (stranger, Selection(YEAR, {}, (county[0].pk,)))):
        with pytest.raises(ValidationError, match="没有选中任何户"):
            services.request_export(by=user, selection=wanted)
        with pytest.raises(ValidationError, match="没有选中任何户"):
            services.request_recompute(by=user, selection=wanted)
    assert not Job.objects.exists()


def test_a_job_holds_codes_and_ids_only(client, officer, county):
    Member.objects.filter(household=county[3]).update(name="谭春秀")
    found = client.post("/households/find/?cause=02", {"search": "谭春秀"}).url
    key = client.post(f"/households/pick/?{found.split('?')[1]}", {"pick": "all", "action": "export"}).url
    assert "谭" not in key
    client.post(key, {"kind": "list"})
    job = Job.objects.get()
    assert "谭" not in json.dumps(job.params, ensure_ascii=False) + job.title
    assert of_params(job.params["selection"]) == Selection(YEAR, {"cause": "02"}, (county[3].pk,), by_search=True)
    run_here(job)
    assert about(job)["筛选"] == "主要致贫原因：因学；按姓名或号码查到的 1 户" or "查到的 1 户" in about(job)["筛选"]


def test_a_search_that_finds_too_many_is_not_taken_as_a_set(client, officer, county, monkeypatch):
    monkeypatch.setattr("households.selection.chosen.MOST_FOUND", 5)
    assert MOST_FOUND > 5
    found = client.post("/households/find/", {"search": "王明海"}).url
    answer = client.post(f"/households/pick/?{found.split('?')[1]}", {"pick": "all", "action": "export"}, follow=True)
    assert "查到的超过 5 户" in answer.content.decode()
    assert answer.request["PATH_INFO"] == "/households/"


# -- judging again -----------------------------------------------------------------------------------------------------


def test_the_chosen_are_judged_again_and_no_others(officer, county):
    factories.poverty_line()
    before = dict(Assessment.objects.values_list("household_id", "assessed_at"))
    chosen = county[:4]
    job = services.request_recompute(by=officer, selection=Selection(YEAR, {}, tuple(row.pk for row in chosen)))
    run_here(job)
    job.refresh_from_db()
    after = dict(Assessment.objects.values_list("household_id", "assessed_at"))
    assert {pk for pk in after if after[pk] != before[pk]} == {row.pk for row in chosen}
    assert (job.expected, job.done, job.changed) == (4, 4, 4)
    assert "评定 4 户" in job.message


def test_judging_again_wants_its_right(county):
    for role in (Role.VILLAGE_CADRE, Role.AUDITOR, Role.COUNTY_LEADER):
        with pytest.raises(PermissionDenied):
            services.request_recompute(by=factories.posted(role), selection=Selection(YEAR))
    for role in (Role.COUNTY_LEADER, Role.HELPER, Role.ACCOUNTS_ADMIN):
        with pytest.raises(PermissionDenied):
            services.request_export(by=factories.posted(role), selection=Selection(YEAR))


# -- pages -------------------------------------------------------------------------------------------------------------


def picked(client, query="", **posted):
    return client.post(f"/households/pick/?year={YEAR}&{query}", {"action": "export", **posted}, follow=True)


def test_all_of_a_filter_is_more_than_the_page(client, officer, county):
    page = client.get(f"/households/?year={YEAR}")
    assert len(page.context["page"].rows) == 50 < page.context["page"].count == 57
    confirm = picked(client, pick="all")
    assert (confirm.context["count"], confirm.context["lacking"]) == (57, 0)
    assert "开始导出 57 户" in confirm.content.decode()
    assert picked(client, "failed=housing", pick="all").context["count"] == len(listed(officer, {"failed": "housing"}))


def test_the_page_and_the_ticked_ones(client, officer, county):
    page = client.get(f"/households/?year={YEAR}&page=2")
    assert picked(client, "page=2", pick="page", shown=page.context["shown"]).context["count"] == 7
    assert picked(client, pick="ticked", id=[county[0].pk, county[1].pk, county[7].pk]).context["count"] == 2
    for given in ({}, {"id": ["x", "-1"]}, {"pick": "page", "shown": ""}):
        assert "还没有勾选任何户" in picked(client, **{"pick": "ticked", **given}).content.decode()


def test_the_confirmation_starts_one_job_and_shows_it(client, officer, county):
    confirm = picked(client, "failed=housing", pick="all")
    address = f"{confirm.request['PATH_INFO']}?{confirm.request['QUERY_STRING']}"
    answer = client.post(address, {"kind": "list"})
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.pk}/"
    assert (job.kind, job.owner, job.place_code) == (services.EXPORT, officer, factories.COUNTY)
    run_here(job)
    assert client.get(f"/jobs/{job.pk}/result/").status_code == 200
    assert "看这份名单" in client.get(f"/jobs/{job.pk}/").content.decode()


def test_a_refused_export_keeps_what_was_typed(client, officer, county):
    confirm = picked(client, pick="all")
    address = f"{confirm.request['PATH_INFO']}?{confirm.request['QUERY_STRING']}"
    for posted, said in (
        ({"kind": "roster-2022", "unmasked": "on"}, "要写明理由"),
        ({"kind": "list", "unmasked": "on", "reason": "核对资料"}, "总是遮盖"),
        ({"kind": "nonsense"}, "请选择导出成哪种表"),
        ({}, "请选择导出成哪种表"),
    ):
        answer = client.post(address, posted)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not Job.objects.exists()


def test_a_choice_that_has_expired_leads_back_to_the_list(client, officer, county):
    for query in ("", "pick=nothing&action=export", "action=export"):
        answer = client.get(f"/households/selection/?{query}", follow=True)
        assert "已经过期" in answer.content.decode()


def test_who_may_not_act_is_not_offered_to(client, county):
    client.force_login(factories.posted(Role.COUNTY_LEADER))
    text = client.get("/households/").content.decode()
    assert 'name="pick"' not in text
    assert 'name="id"' not in text
    cadre = factories.posted(Role.VILLAGE_CADRE)
    client.force_login(cadre)
    assert "重新评定…" not in client.get("/households/").content.decode()
    key = picked(client, pick="all", action="recompute")
    assert key.status_code == 403


def test_a_file_of_two_posts_is_downloaded_while_both_hold(client, county):
    factories.household("500154202200", members=1)
    account = factories.posted(Role.VILLAGE_CADRE)
    other = factories.posting(account, Role.VILLAGE_CADRE, "500154202200")
    client.force_login(account)
    job = services.request_export(by=account, selection=Selection(YEAR))
    assert (job.place_code, job.params["places"]) == ("500154", [factories.VILLAGE, "500154202200"])
    run_here(job)
    assert client.get(f"/jobs/{job.pk}/result/").status_code == 200
    other.ends_on = date(2020, 1, 1)
    other.save()
    assert client.get(f"/jobs/{job.pk}/result/").status_code == 404
