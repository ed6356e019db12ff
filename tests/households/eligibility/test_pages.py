"""The explanation of a verdict, the list of flips, and the button that recomputes."""

from datetime import date
from decimal import Decimal

import pytest

from households.eligibility.assess import recompute, recompute_households
from households.eligibility.explain import chips, remedies
from households.models import Assessment, Flip
from povreg.jobs.models import Job
from povreg.jobs.services import run_here
from povreg.kit.history import act
from tests import factories as make
from villages.models import Place
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = 2020


@pytest.fixture
def cadre(client):
    account = make.posted(Role.VILLAGE_CADRE)
    client.force_login(account)
    return account


def family(record=None, *, children=(), **facts):
    """A household with a head and children of the given birth dates, judged for 2020."""
    row = make.household(members=1, **facts)
    for born in children:
        make.member(row, birth_date=born)
    if record is not None:
        make.annual_record(row, **record)
    for person in row.members.all():
        make.member_year(person, school_status="04")
    return row


def judged(row, year=YEAR):
    recompute_households([row.pk], year)
    return Assessment.objects.select_related("criteria_set").get(household=row, year=year)


def texts(row):
    return [each.text for each in remedies(judged(row))]


def page(client, row, year=YEAR):
    answer = client.get(f"/households/{row.pk}/verdict/?year={year}")
    assert answer.status_code == 200
    return answer.content.decode()


# What would change it.


def test_missing_yuan_are_told_a_head_and_for_the_household():
    row = family({"wage_income": Decimal("1620"), "business_expense": None}, children=[date(2000, 1, 1)])
    (text,) = texts(row)
    assert "人均纯收入 4,000 元，不高于标准 4,000 元" in text
    assert "正好等于标准，高于标准才算通过" in text


def test_the_child_out_of_school_is_named_to_those_who_may_see_it():
    row = family({}, children=[date(2010, 5, 6)])
    child = row.members.last()
    child.years.update(school_status="01")
    assert texts(row) == [
        f"{child.name}在义务教育年龄但不在校：劝返复学；若因病休学、残疾无法就学、送教上门或已完成义务教育，请登记未上学原因。"
    ]


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"house_grade": "C"}, "住房 C 级，未改造：登记危房改造、上传新的鉴定表"),
        ({"house_grade": ""}, "住房等级和住房保障方式都没有记录：现在填写。"),
        ({"water_safe": None}, "饮水安全2020年没有记录：现在填写。"),
        ({"water_safe": False}, "饮水安全记录为“否”"),
        ({"water_quantity": False, "water_quality": False}, "饮水的水量、水质不达标"),
        ({"food": False}, "不愁吃记录为“否”"),
        ({"clothing": None}, "不愁穿2020年没有记录：现在填写。"),
    ],
)
def test_each_unmet_criterion_says_what_would_change_it(record, text):
    (said,) = texts(family(record))
    assert said.startswith(text)


def test_failures_come_before_what_is_not_recorded_and_blockers_last():
    said = texts(family({"food": None, "house_grade": "D"}, identified_on=date(YEAR, 2, 1)))
    assert [text[:4] for text in said] == ["住房 D", "不愁吃2", "当年识别"]


def test_a_household_that_passes_needs_nothing():
    assert texts(family({})) == []


def test_chips_tell_figures_and_the_three_values(django_assert_num_queries):
    row = judged(family({"house_grade": "C", "water_safe": None}))
    with django_assert_num_queries(0):
        found = {chip.code: (chip.result, chip.text) for chip in chips(row)}
    assert found["income"] == ("pass", "收入 29,380 元 > 4,000 元")
    assert found["housing"] == ("fail", "住房 C级")
    assert found["water"] == ("missing", "饮水 未记录")
    assert found["food"] == ("pass", "不愁吃")


def test_uninsured_members_are_counted_on_the_chip():
    row = family({}, children=[date(1999, 1, 1)])
    row.members.last().years.update(ins_resident=False, ins_employee=None)
    assert {chip.code: chip.text for chip in chips(judged(row))}["medical"] == "基本医疗 1 人未参保"


# The page.


def test_the_page_shows_value_source_rule_and_remedy(client, cadre):
    row = family(children=[date(2010, 5, 6)])
    with act(by=cadre, verb="save_annual_record"):
        make.annual_record(row, house_grade="C")
    judged(row)

    text = page(client, row)

    for part in (
        "家庭纯收入 29,380 元 ÷ 2 人 = 人均 14,690 元",
        "义务教育年龄 1 人",
        "计入 2 人，都已参保",
        "住房等级 C 级",
        "李建国",
        "一超过两不愁三保障 v1",
        "2020年脱贫（退出）标准 4,000 元",
        f"/households/{row.pk}/guarantees/?year=2020#id_house_grade",
        "登记危房改造",
    ):
        assert part in text, part


def test_the_page_tells_a_change_made_past_the_product(client, cadre):
    row = family({})
    row.annual_records.update(food=False)
    judged(row)
    assert "数据库直接修改" in page(client, row)


def test_the_page_shows_other_years_and_flips(client, cadre):
    row = family({})
    make.annual_record(row, year=2019, house_grade="D")
    judged(row, 2019)
    judged(row)
    row.annual_records.filter(year=YEAR).update(clothing=False)
    judged(row)

    text = page(client, row)

    assert "?year=2019" in text
    assert "数据变化" in text
    assert "首次评定以来" in page(client, row, 2019)


def test_a_household_without_verdict_says_what_to_do(client, cadre):
    assert "2020年还没有评定" in page(client, make.household(members=1))


def test_the_page_costs_a_constant_number_of_queries(client, cadre, django_assert_max_num_queries):
    row = family({"food": False, "water_safe": None, "house_grade": "D"}, children=[date(2010, 5, 6)] * 5)
    judged(row)
    page(client, row)
    with django_assert_max_num_queries(16):
        page(client, row)


def test_another_village_sees_no_verdict(client):
    row = family({})
    judged(row)
    client.force_login(make.posted(Role.VILLAGE_CADRE, make.NEXT_VILLAGE))
    assert client.get(f"/households/{row.pk}/verdict/").status_code == 404


# Flips.


@pytest.fixture
def turned():
    """Two flips in the cadre's village, one next door."""
    rows = [make.household(members=1), make.household(members=1), make.household(make.NEXT_VILLAGE, members=1)]
    make.flip(rows[0], before="pass", after="fail", changed=["food"])
    make.flip(rows[1], before="missing", after="pass", cause=Flip.Cause.RULE, changed=["income"])
    make.flip(rows[2], before="pass", after="missing")
    return rows


def listed(client, query=""):
    answer = client.get(f"/flips/?year=2020{query}")
    assert answer.status_code == 200
    return [shown.row.household_id for shown in answer.context["list"].rows]


def test_flips_are_those_of_the_posting(client, cadre, turned):
    assert set(listed(client)) == {turned[0].pk, turned[1].pk}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("&cause=rule", [1]),
        ("&cause=data", [0]),
        ("&before=pass&after=fail", [0]),
        ("&criterion=income", [1]),
        ("&criterion=housing", []),
        (f"&place={make.VILLAGE}&after=pass", [1]),
    ],
)
def test_flips_are_filtered(client, cadre, turned, query, found):
    assert listed(client, query) == [turned[number].pk for number in found]


def test_flips_of_one_recompute(client, turned):
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    job = make.job()
    make.flip(turned[2], job=job)
    assert listed(client, f"&job={job.pk}") == [turned[2].pk]


def test_flips_outside_the_posting_are_not_there(client, cadre):
    assert client.get(f"/flips/?place={make.NEXT_VILLAGE}").status_code == 404
    assert client.get("/flips/?job=no-number").status_code == 404


# The button.


def test_an_officer_starts_the_recompute_of_the_township(client):
    make.household(members=1)
    client.force_login(make.posted(Role.TOWNSHIP_OFFICER))

    answer = client.post(f"/recompute/{make.TOWNSHIP}/", {"year": "2020"})

    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.pk}/"
    assert (job.kind, job.place_code, job.params) == ("recompute", make.TOWNSHIP, {"year": 2020})


def test_a_wrong_year_is_refused_with_the_remedy(client):
    make.household(members=1)
    client.force_login(make.posted(Role.TOWNSHIP_OFFICER))
    answer = client.post(f"/recompute/{make.TOWNSHIP}/", {"year": "x"}, follow=True)
    assert "请重新选择" in answer.content.decode()
    assert not Job.objects.exists()


def test_who_may_not_recompute(client, cadre):
    make.household(members=1)
    assert client.post(f"/recompute/{make.VILLAGE}/", {"year": "2020"}).status_code == 403
    client.force_login(make.posted(Role.TOWNSHIP_OFFICER))
    assert client.post(f"/recompute/{make.place(make.OTHER_TOWNSHIP).pk}/", {"year": "2020"}).status_code == 404
    assert Place.objects.filter(pk=make.COUNTY).exists()
    assert client.post(f"/recompute/{make.COUNTY}/", {"year": "2020"}).status_code == 404


def test_the_report_of_a_job_leads_to_its_flips(client):
    row = family({})
    recompute(make.COUNTY, YEAR)
    officer = make.posted(Role.COUNTY_OFFICER)
    client.force_login(officer)
    job = make.job(officer, params={"year": YEAR})
    row.annual_records.update(food=False)

    run_here(job)

    text = client.get(f"/jobs/{job.pk}/").content.decode()
    assert f"/flips/?year=2020&amp;job={job.pk}" in text
    assert listed(client, f"&job={job.pk}") == [row.pk]
