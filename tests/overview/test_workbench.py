"""The workbench: what each role has to do, in order, one click away from it, in few statements."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from households.models import Batch
from households.register.findings import open_findings
from povreg.jobs.models import Job
from povreg.kit.workbench import board_of
from tests import factories
from tests.households.procedures.procedure_world import World
from villages.access.services import ask_access, grant_access
from villages.models import User
from villages.rights import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady_counts")]
YEAR = factories.YEAR


@pytest.fixture
def village():
    """Four households of one village: complete, incomplete, failing, borderline; and one in the other county."""
    done, open_, failing, close, elsewhere = (
        factories.household(code, members=1) for code in [*[factories.VILLAGE] * 4, factories.OTHER_VILLAGE]
    )
    for each in (done, open_, failing, close, elsewhere):
        factories.annual_record(each)
    factories.assessment(done)
    factories.assessment(open_, missing=["water"], gaps=["guarantees"])
    factories.assessment(failing, failed=["housing", "income"])
    factories.assessment(close, borderline=True)
    factories.assessment(elsewhere, failed=["food"])
    return {"done": done, "open": open_, "failing": failing, "close": close, "elsewhere": elsewhere}


def dues(user, year=YEAR):
    return {due.title: due for due in board_of(fresh(user), year).dues}


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_a_cadre_goes_on_at_the_first_household_that_is_incomplete(village):
    due = dues(factories.posted(Role.VILLAGE_CADRE))[f"{YEAR}年录入"]
    assert (due.done, due.total, due.action) == (3, 4, "继续录入")
    assert due.url == f"{reverse('household-guarantees', args=[village['open'].pk])}?year={YEAR}"
    assert [link.label for link in due.links] == ["缺饮水 1 户"]
    assert "missing=water" in due.links[0].url


def test_a_household_that_was_not_judged_yet_is_not_done(village):
    factories.household()
    due = dues(factories.posted(Role.VILLAGE_CADRE))[f"{YEAR}年录入"]
    assert (due.done, due.total) == (3, 5)


def test_nothing_is_left_to_enter(village):
    village["open"].assessments.update(gaps=[], missing=[])
    due = dues(factories.posted(Role.VILLAGE_CADRE))[f"{YEAR}年录入"]
    assert (due.done, due.total, due.action) == (4, 4, "")


def test_a_cadre_sees_who_fails_and_who_is_close(village):
    found = dues(factories.posted(Role.VILLAGE_CADRE))
    assert {link.label for link in found["1 户未达标"].links} == {"住房 1 户", "收入 1 户"}
    assert "verdict=fail" in found["1 户未达标"].url
    assert "borderline=1" in found["1 户踩线"].url


def test_a_cadre_of_an_empty_village_begins():
    factories.place(factories.VILLAGE)
    assert dues(factories.posted(Role.VILLAGE_CADRE))["登记第一户"].url == reverse("household-new")


def test_a_helper_sees_his_households_only(village):
    helper = factories.posted(Role.HELPER)
    factories.pairing(village["failing"], helper)
    board = board_of(fresh(helper), YEAR)
    [listing] = board.listings
    assert [row[0].text for row in listing.rows] == ["王明海"]
    assert listing.rows[0][3].text == "住房、收入"
    assert {"1 户还没有达标", "1 户待走访"} <= {due.title for due in board.dues}


def test_a_helper_without_households_is_told_so():
    assert "还没有结对的农户" in dues(factories.posted(Role.HELPER))


def test_an_office_reads_the_summaries(village):
    for bucket, count in (("pass", 60), ("fail", 30), ("missing", 10)):
        factories.tally(bucket=bucket, households=count)
    factories.tally(measure="total", bucket="all", households=100, people=380)
    factories.tally(measure="failed", bucket="housing", households=20)
    factories.tally(measure="failed", bucket="income", households=25)
    factories.tally(factories.OTHER_COUNTY, measure="total", bucket="all", households=7)
    board = board_of(factories.posted(Role.COUNTY_LEADER), YEAR)
    assert [(figure.label, figure.value) for figure in board.figures] == [
        ("在册", 100),
        ("达标", 60),
        ("未达标", 30),
        ("缺数据", 10),
        ("踩线", 0),
    ]
    assert board.figures[0].sub == "380 人"
    assert [link.label for link in board.dues[0].links] == ["收入 25 户", "住房 20 户"]


def test_an_office_without_verdicts_is_told_what_to_do():
    factories.place(factories.COUNTY)
    assert f"{YEAR}年还没有评定结果" in dues(factories.posted(Role.COUNTY_OFFICER))


def test_villages_that_lag_behind_come_first():
    for code, filled in ((factories.VILLAGE, 90), (factories.NEXT_VILLAGE, 50), ("500154202200", 100)):
        factories.tally(code, measure="fields", bucket="all", households=5, amount=100)
        factories.tally(code, measure="filled", bucket="all", households=5, amount=filled)
        factories.tally(code, bucket="missing", households=2)
    [listing] = board_of(factories.posted(Role.COUNTY_OFFICER), YEAR).listings
    assert [(row[0].text, row[1].text) for row in listing.rows] == [
        ("关面乡 小园村", "50.0%"),
        ("关面乡 泉秀村", "90.0%"),
    ]
    assert f"place={factories.NEXT_VILLAGE}" in listing.rows[0][0].url
    [listing] = board_of(factories.posted(Role.TOWNSHIP_OFFICER, factories.OTHER_TOWNSHIP), YEAR).listings or [None]
    assert listing is None


def test_jobs_and_imports_that_want_somebody():
    officer = factories.posted(Role.COUNTY_OFFICER)
    factories.job(officer, title="正在评定", status=Job.Status.RUNNING, expected=100, done=40)
    factories.job(officer, title="没有成功", status=Job.Status.FAILED, ended_at=timezone.now())
    factories.job(officer, title="早就失败", status=Job.Status.FAILED, ended_at=timezone.now() - timedelta(days=9))
    factories.sheet_import(officer)
    found = dues(officer)
    assert next(iter(found)) == "没有成功", "what failed comes first"
    assert found["正在评定"].text == "已处理 40 / 100"
    assert "早就失败" not in found
    assert "导入待确认：花名册.xlsx" in found
    stranger = factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY)
    assert not {"正在评定", "导入待确认：花名册.xlsx"} & set(dues(stranger))


def test_verdicts_that_changed_within_a_week(village):
    factories.flip(village["failing"], changed=["housing"])
    factories.flip(village["close"], at=timezone.now() - timedelta(days=8))
    factories.flip(village["elsewhere"])
    for role in (Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER):
        listing = next(each for each in board_of(factories.posted(role), YEAR).listings if each.title == "结论变化")
        [row] = listing.rows
        assert [str(cell.text) for cell in row[:4]] == ["王明海", "泉秀村", "达标 → 未达标", "数据变化（住房）"]


def test_an_auditor_sees_who_took_numbers_out(village):
    factories.unmask_log(what="导出完整证件号码", reason="年度核查")
    factories.unmask_log(at=timezone.now(), place=factories.place(factories.OTHER_VILLAGE), reason="别的县")
    factories.event(village["done"], reason="新生儿")
    listings = {each.title: each for each in board_of(factories.posted(Role.AUDITOR), YEAR).listings}
    assert [row[4].text for row in listings["完整证件号码的查看和导出"].rows] == ["年度核查"]
    assert [row[3].text for row in listings["新登记的变动"].rows] == ["新生儿"]


def test_an_accounts_administrator_lets_people_in_again():
    guanli = factories.posted(Role.ACCOUNTS_ADMIN)
    until = timezone.now() + timedelta(minutes=20)
    factories.posted(Role.VILLAGE_CADRE, name="王林", locked_until=until)
    factories.posted(Role.VILLAGE_CADRE, must_change_password=True)
    board = board_of(guanli, YEAR)
    assert [(figure.label, figure.value) for figure in board.figures] == [
        ("在用账号", 3),
        ("已锁定", 1),
        ("未改初始密码", 1),
    ]
    assert board.dues[0].links[0].label.startswith("王林（")


def test_a_security_administrator_sees_who_waits_and_who_leaves():
    anquan = factories.posted(Role.SECURITY_ADMIN)
    factories.user(place=factories.place())
    leaving = factories.posted(Role.VILLAGE_CADRE, name="王林")
    leaving.postings.update(ends_on=timezone.localdate() + timedelta(days=3))
    board = board_of(anquan, YEAR)
    assert board.dues[0].title == "1 个账号等待授予任职"
    assert [(row[0].text, row[3].text) for row in board.listings[0].rows] == [("王林", "还有 3 天")]


def test_the_officer_of_the_logs_sees_who_was_not_let_in(client):
    rizhi = factories.posted(Role.LOG_OFFICER)
    assert "近七天没有未通过的登录" in dues(rizhi)
    factories.sign_in(factories.posted(Role.VILLAGE_CADRE))
    factories.sign_in()
    factories.sign_in(factories.posted(Role.VILLAGE_CADRE, factories.OTHER_VILLAGE))  # another county's
    due = dues(rizhi)["2 次登录没有通过"]
    assert "1 个账号、1 个不存在的用户名" in due.text
    client.force_login(rizhi)
    assert client.get(due.url).context["list"].page.paginator.count == 2


def test_a_leader_sees_what_stands_still(client):
    world = World(households=1)
    batch = world.until(world.start(), "township_review")
    leader = factories.posted(Role.COUNTY_LEADER)
    with world.at():
        Batch.objects.update(due_on=world.day)
        assert not any("逾期" in title for title in dues(leader, 2020)), "its day has not passed"
        Batch.objects.update(due_on=world.day - timedelta(days=3))
        due = dues(leader, 2020)["1 份名单逾期没有办理"]
    assert (due.tag, due.links[0].url) == ("最久 3 天", reverse("procedure", args=[batch.pk]))
    client.force_login(leader)
    assert str(batch.place) in client.get(due.url).text


def test_who_waits_to_be_let_in_is_told_until_when(client):
    team, officer = factories.user(), factories.posted(Role.COUNTY_OFFICER)
    where = {"place": factories.place(factories.TOWNSHIP), "hours": 24, "document": "1号", "reason": "省级抽查"}
    access = ask_access(by=officer, account=team, **where)
    client.force_login(team)
    assert "等待批准" in client.get("/").text
    grant_access(by=factories.posted(Role.SECURITY_ADMIN), access=access)
    assert "等待批准" not in client.get("/").text
    assert "1 项限时查阅正在进行" in dues(factories.posted(Role.COUNTY_LEADER))


def test_two_roles_have_both_workbenches(village):
    both = factories.posted(Role.VILLAGE_CADRE)
    factories.posting(both, Role.HELPER, factories.TOWNSHIP)
    board = board_of(fresh(both), YEAR)
    assert f"{YEAR}年录入" in {due.title for due in board.dues}
    assert "还没有结对的农户" in {due.title for due in board.dues}


# The page


def test_an_old_password_is_due(client):
    cadre = factories.posted(Role.VILLAGE_CADRE, password_changed_at=timezone.now() - timedelta(days=100))
    client.force_login(cadre)
    assert "已超过 10 天" in client.get("/").text


def test_without_a_posting_one_is_told_whom_to_ask(client):
    client.force_login(factories.user())
    assert "还没有给您授予任职" in client.get("/").text


def test_the_year_is_switched_and_remembered(client, village):
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    assert f"{YEAR}年录入" in client.get("/").text
    assert "2019年录入" in client.get("/?year=2019").text
    assert "2019年录入" in client.get("/").text
    assert "2019年录入" in client.get("/?year=nonsense").text


STATEMENTS = {
    Role.VILLAGE_CADRE: 22,
    Role.HELPER: 13,
    Role.TOWNSHIP_OFFICER: 28,
    Role.COUNTY_OFFICER: 25,
    Role.COUNTY_LEADER: 10,
    Role.DEPARTMENT_OFFICER: 7,
    Role.AUDITOR: 11,  # ten but in the last month of a quarter, when the rights are to be looked over
    Role.ACCOUNTS_ADMIN: 8,
    Role.SECURITY_ADMIN: 8,
    Role.LOG_OFFICER: 7,
    Role.INSPECTOR: 6,
    Role.VOLUNTEER: 4,
}


@pytest.mark.parametrize("role", Role)
def test_the_page_costs_the_same_however_much_is_due(role, client, village, django_assert_max_num_queries):
    account = factories.posted(role)
    for each in village.values():
        factories.flip(each)
        factories.flip(each)
        if role == Role.HELPER:
            factories.pairing(each, account)
    client.force_login(account)
    for _ in range(2):  # the first may take so long that what it keeps for some seconds is gone
        client.get("/")
    with django_assert_max_num_queries(STATEMENTS[role]):
        assert client.get("/").status_code == 200


# Lists that wait


def test_a_list_waits_for_the_level_whose_step_it_is():
    world = World(households=1)
    with world.at():
        batch = world.until(world.start(), "township_review")
        waiting = {
            name: titles(user) for name, user in (("cun", world.cadre), ("zhen", world.zhen), ("xian", world.xian))
        }
    assert str(batch.place) in next(iter(waiting["zhen"]))
    assert not waiting["cun"] and not waiting["xian"]


def test_a_list_does_not_wait_for_who_acted_at_another_level():
    world = World(households=1)
    world.cadre = world.zhen
    with world.at():
        batch = world.draft()
        world.cadre = factories.posted(Role.VILLAGE_CADRE)
        world.until(world.start_drafted(batch), "township_review")
        assert not titles(world.zhen), "who drew the list up does not review it"
        assert titles(factories.posted(Role.TOWNSHIP_OFFICER))


def titles(user):
    """Titles of the lists that wait for a person."""
    return [title for title in dues(user) if title.endswith("名单")]


# Logic checks of the village


def test_the_checks_of_a_village_are_those_of_its_household_pages(client, village):
    cadre = factories.posted(Role.VILLAGE_CADRE)
    village["done"].annual_records.update(arable_mu=1, irrigated_mu=2)
    found = open_findings(cadre, [factories.VILLAGE], YEAR)
    mine = next(each for each in found if each.household_id == village["done"].pk)
    assert "有效灌溉面积" in mine.findings[0].message, "errors come first"
    assert village["elsewhere"].pk not in {each.household_id for each in found}
    client.force_login(cadre)
    assert "逻辑检查" in client.get(reverse("workbench-checks")).text


def test_the_checks_are_a_whole_page_for_who_opens_the_address(client, village):
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    assert "<!doctype html>" in client.get("/workbench/checks/").text
    assert "<!doctype html>" not in client.get("/workbench/checks/", headers={"HX-Request": "true"}).text


def test_a_confirmed_warning_is_not_shown_again(village):
    cadre = factories.posted(Role.VILLAGE_CADRE)

    def warnings():
        found = open_findings(cadre, [factories.VILLAGE], YEAR)
        return [(each.household_id, finding) for each in found for finding in each.findings if finding.severity == "W"]

    household_id, finding = warnings()[0]
    household = next(each for each in village.values() if each.pk == household_id)
    factories.accepted_warning(household, year=YEAR, rule=finding.rule, target=finding.target, digest=finding.digest)
    assert (household_id, finding) not in warnings()


def test_the_checks_of_a_village_cost_the_same_however_many_households(village, django_assert_num_queries):
    cadre = factories.posted(Role.VILLAGE_CADRE)
    cadre.postings_today()
    with django_assert_num_queries(6):
        open_findings(cadre, [factories.VILLAGE], YEAR)
