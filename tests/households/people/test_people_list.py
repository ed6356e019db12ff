"""The list of people: who is on it, how it is searched and narrowed, and the workbook of it."""

import io
import re
from datetime import date
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from households.models import Member
from povreg.jobs import running
from povreg.jobs.models import Job
from povreg.kit.crypto import lookup_hash
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = make.YEAR


@pytest.fixture
def officer(client):
    account = make.posted(Role.COUNTY_OFFICER)
    client.force_login(account)
    return account


@pytest.fixture
def home():
    row = make.household(main_cause="02", exit_status="1")
    make.member(
        row,
        name="王明海",
        born=date(1950, 9, 30),
        health="03",
        phone="13800001111",
        phone_hash=lookup_hash("13800001111"),
    )
    child = make.member(row, name="王小红", born=date(2009, 10, 1), sex="2", school_status="04", relation="04")
    make.member_year(child, YEAR, school_status="05", health="01", work_months=None)
    make.assessment(row, persons=2)
    return row


def look(client, **asked):
    answer = client.get("/people/", {"year": YEAR, **asked})
    assert answer.status_code == 200
    return answer


def names(answer):
    return [row["name"] for row in answer.context["rows"]]


def found(client, typed, **asked):
    answer = client.post(f"/people/find/?{urlencode({'year': YEAR, **asked})}", {"search": typed}, follow=True)
    assert typed not in "".join(url for url, _status in answer.redirect_chain)
    return names(answer)


def test_a_row_shows_the_facts_of_the_year_and_masked_papers(client, officer, home):
    head, child = look(client).context["rows"]
    assert (head["name"], head["age"], head["health"], head["relation"]) == ("王明海", 70, "患有大病", "户主")
    assert (child["name"], child["age"], child["school"], child["sex"]) == ("王小红", 11, "八年级", "女")
    assert re.fullmatch(r"500198\*{8}\w{4}", head["id_no"])
    assert client.get(head["url"]).status_code == 200


def test_who_does_not_count_is_not_listed(client, officer, home):
    Member.objects.filter(name="王小红").update(left_on=date(YEAR, 9, 30), left_reason="01")
    make.household(members=1, removed_on=date(2020, 1, 1))
    make.ordinary(members=1)
    assert names(look(client)) == ["王明海"]
    assert names(look(client, year=YEAR - 1)) == ["王明海", "王小红", "王明海"]


def test_figures_of_people_and_of_their_household_narrow_the_list(client, officer, home):
    make.household(members=1, main_cause="09")
    assert names(look(client, figure=["cause.02", "age.60"])) == ["王明海"]
    assert names(look(client, figure="cause.02")) == ["王明海", "王小红"]
    assert names(look(client, figure=["cause.09", "age.60"])) == []
    answer = look(client, figure=["age.60", "health.03"])
    assert [chip["text"] for chip in answer.context["chips"]] == ["年龄：60 岁及以上", "健康状况：患有大病"]
    assert names(client.get(answer.context["chips"][0]["url"])) == ["王明海"]


def test_a_filter_that_no_select_holds_is_kept(client, officer, home):
    answer = look(client, figure=["ethnicity.01", "sex.1"])
    assert answer.context["unlisted"] == ["ethnicity.01"]
    assert [select["value"] for select in answer.context["first"]] == ["", "sex.1", ""]


@pytest.mark.parametrize(
    ("typed", "whom"),
    [
        ("小红", ["王小红"]), ("王", ["王明海", "王小红"]), ("wmh", ["王明海"]), ("wangxiao", ["王小红"]),
        ("13800001111", ["王明海"]), ("李", []), ("13800009999", []),
    ],
)  # fmt: skip
def test_people_are_found_by_name_pinyin_and_phone(client, officer, home, typed, whom):
    assert found(client, typed) == whom


def test_people_are_found_by_their_paper_and_the_number_of_their_household(client, officer, home):
    child = Member.objects.get(name="王小红")
    assert found(client, child.id_no) == ["王小红"]
    assert found(client, home.household_no) == ["王明海", "王小红"]
    assert found(client, make.id_number(date(1990, 1, 1))) == []


def test_a_search_holds_together_with_filters(client, officer, home):
    assert found(client, "王", figure="sex.2") == ["王小红"]
    assert found(client, "王明海", figure="sex.2") == []


def test_a_stranger_finds_nobody(client, home):
    client.force_login(make.posted(Role.VILLAGE_CADRE, make.NEXT_VILLAGE))
    assert names(look(client)) == []
    assert found(client, "王明海") == []
    assert names(look(client, place=make.VILLAGE)) == []


def test_a_helper_sees_the_people_of_his_households_only(client, home):
    make.household(members=1)
    helper = make.posted(Role.HELPER, make.VILLAGE)
    make.pairing(home, helper)
    client.force_login(helper)
    assert names(look(client)) == ["王明海", "王小红"]


@pytest.mark.parametrize(
    "wrong", [{"place": "x"}, {"place": "500154\x01"}, {"figure": "blocker.\x01"}, {"found": "nothing"}]
)
def test_what_an_address_says_wrongly_is_left_out(client, officer, home, wrong):
    assert names(look(client, **wrong)) == ["王明海", "王小红"]


@pytest.mark.parametrize("page", ["0", "-1", "99", "x"])
def test_a_page_that_is_none_gives_the_nearest(client, officer, home, page):
    assert names(look(client, page=page)) == ["王明海", "王小红"]


def test_pages_keep_every_filter(client, officer):
    for _ in range(26):
        make.assessment(make.household(members=2), persons=2)
    answer = look(client, figure=["relation.01", "cause.02"])
    assert answer.context["page"].pages == 1
    answer = look(client, figure=["cause.02", "ethnicity.01"])
    second = client.get(answer.context["pages"]["next"])
    assert (len(names(answer)), len(names(second))) == (50, 2)


# The workbook.


def workbook(client, **asked):
    client.post("/people/export/", query_params={"year": YEAR, **asked})
    job = Job.objects.latest("created_at")
    running.run(job.pk)
    job.refresh_from_db()
    assert job.status == Job.Status.DONE, job.message
    return job, load_workbook(io.BytesIO(job.result_file.read()))


def test_the_workbook_holds_the_list(client, officer, home):
    make.household(members=1, main_cause="09")
    job, book = workbook(client, place=make.VILLAGE, figure="cause.02")
    heads, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert [row[heads.index("姓名")] for row in rows] == ["王明海", "王小红"]
    assert {"*" in row[heads.index("证件号码")] for row in rows} == {True}
    about = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert about["筛选"] == "主要致贫原因：因残"
    assert about["数据行数"] == "2"
    assert (job.expected, job.done) == (2, 2)
    assert not any(word in str(job.params) + job.title for word in ("王明海", "500198"))


def test_only_who_may_export_takes_it_away(client, home):
    client.force_login(make.posted(Role.COUNTY_LEADER))
    assert "导出这份名单" not in look(client).content.decode()
    assert client.post("/people/export/").status_code == 403
    client.force_login(make.posted(Role.VILLAGE_CADRE))
    assert client.post(f"/people/export/?place={make.NEXT_VILLAGE}").status_code == 403


def test_an_owner_who_lost_his_posting_gets_no_workbook(client, officer, home):
    client.post("/people/export/", query_params={"year": YEAR})
    officer.postings.update(ends_on=date(2020, 1, 1))
    job = Job.objects.get()
    running.run(job.pk)
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED
    assert not job.result_file


def test_who_is_posted_to_several_places_says_which(client, home):
    account = make.posted(Role.VILLAGE_CADRE)
    make.posting(account, Role.VILLAGE_CADRE, make.NEXT_VILLAGE)
    client.force_login(account)
    answer = client.post("/people/export/", follow=True)
    assert "请先在“地区”中选定一个" in answer.content.decode()
    assert not Job.objects.exists()
