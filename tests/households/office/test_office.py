"""The pages on standing: what a household was, orders to correct, the end of the opening stock, differences."""

from datetime import date

import pytest
from django.db import connection

from households.models import Batch, CorrectionOrder, Episode, OpeningStock, Spell, StandingProposal
from households.models.template import Kind
from tests import factories, standings
from tests.households.sheets import sheetbooks as books
from villages.rights import Role

pytestmark = pytest.mark.django_db
COUNTY = factories.COUNTY


@pytest.fixture
def office(client):
    account = factories.posted(Role.COUNTY_OFFICER)
    client.force_login(account)
    return account


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def monitored():
    row = factories.household(
        members=2, exit_status="1", exit_year=2018, identified_on=date(2014, 1, 1), monitor_type="1", risks=["01"],
        risk_identified_on=date(2019, 3, 1), risk_cleared=True, risk_cleared_on=date(2019, 12, 1),
    )  # fmt: skip
    again = Spell.objects.create(household=row, village_id=row.village_id, klass_id="sudden", since=date(2021, 5, 1),
                                 origin="opening")  # fmt: skip
    Episode.objects.create(spell=again, risks=["02", "01"], wanted="临时救助")
    return row


# -- the household page ------------------------------------------------------------------------------------------------


def test_everything_a_household_was(client, office):
    row = monitored()
    factories.annual_record(row)
    factories.assessment(row)
    shown = page(client, f"/households/{row.pk}/standing/")
    for words in ("贫困户", "2018年（只知年度）", "第 2 次", "临时救助", "脱贫不稳定户", "建库期名册", "8,000"):
        assert words in shown


def test_what_is_not_known_is_said(client, office):
    row = factories.household(members=1, exit_status="1", identified_on=None, exit_year=None)
    assert "时间不详" in page(client, f"/households/{row.pk}/standing/")


def test_a_past_year_shows_what_it_was_then(client, office):
    row = monitored()
    factories.annual_record(row, 2016)
    assert "未脱贫" in tags(client, row, 2016)
    assert "突发严重困难户，风险未消除" not in tags(client, row, 2016)
    assert "已脱贫" in tags(client, row, 2020)
    assert "脱贫不稳定户，风险已消除" in tags(client, row, 2020)
    assert "突发严重困难户，风险未消除" in tags(client, row, 2026)


def test_a_year_without_a_record_says_so(client, office):
    row = factories.household(members=1)
    factories.annual_record(row, 2020)
    assert "本年没有登记" not in tags(client, row, 2020)
    assert "本年没有登记" in tags(client, row, 2019)


def test_an_ordinary_household_is_called_so(client, office):
    row = factories.ordinary(members=1)
    assert "普通农户" in tags(client, row, 2026)
    assert "没有登记过身份" in page(client, f"/households/{row.pk}/standing/")


def tags(client, row, year):
    shown = page(client, f"/households/{row.pk}/?year={year}")
    return shown[shown.index("titleline") : shown.index("frame frame")]


def test_the_history_tells_spells_and_orders(client, office):
    row = factories.household(members=1)
    standings.order(row)
    shown = page(client, f"/households/{row.pk}/history/")
    assert "身份“贫困户”（2014年1月1日起）" in shown
    assert "更正令“" in shown


# -- correction orders -------------------------------------------------------------------------------------------------


def typed(row, **facts):
    wanted = {
        "spell": row.spells.get().pk,
        "klass": "out",
        "since": "2018-12-31",
        "document": "更正1号",
        "reason": "误录",
    }
    return {"household_no": row.household_no, "reason": "误录", **wanted, **facts}


def test_an_order_is_typed_and_waits(client, office):
    row = factories.household(members=1)
    answer = client.post(f"/corrections/new/?household={row.pk}", typed(row))
    order = CorrectionOrder.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/corrections/{order.pk}/")
    shown = page(client, answer.url)
    assert "须由另一人批准" in shown
    assert client.post(f"/corrections/{order.pk}/approve/").status_code == 403
    assert "待批准" in page(client, "/corrections/?state=open")


def test_another_person_approves_on_its_page(client, office):
    row = factories.household(members=1)
    order = standings.order(row)
    assert "批准更正" in page(client, f"/corrections/{order.pk}/")
    assert client.post(f"/corrections/{order.pk}/approve/").status_code == 302
    row.refresh_from_db()
    assert row.exit_status == "1"
    assert "已更正" in page(client, f"/corrections/{order.pk}/")


def test_an_order_is_refused_with_a_reason_only(client, office):
    order = standings.order(factories.household(members=1))
    client.post(f"/corrections/{order.pk}/refuse/", {"reason": ""})
    assert "请写明不予批准的原因" in page(client, f"/corrections/{order.pk}/")
    client.post(f"/corrections/{order.pk}/refuse/", {"reason": "文件不符"})
    assert "文件不符" in page(client, f"/corrections/{order.pk}/")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"document": ""}, "请填写文件号"),
        ({"since": ""}, "请填写更正后身份的起始日期"),
        ({"klass": ""}, "不用填写起止日期"),
    ],
)
def test_what_an_order_lacks_stands_beside_the_field(client, office, facts, words):
    row = factories.household(members=1)
    answer = client.post(f"/corrections/new/?household={row.pk}", typed(row, **facts))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not CorrectionOrder.objects.exists()


def test_an_unknown_number_is_said(client, office):
    answer = client.post("/corrections/new/", {"household_no": "1", "document": "更正1号", "reason": "误录"})
    assert "没有找到这个户编号" in answer.content.decode()


# -- opening stock -----------------------------------------------------------------------------------------------------


def test_the_office_closes_its_opening_stock(client, office):
    factories.household(members=1)
    factories.ordinary()
    shown = page(client, f"/opening/{COUNTY}/")
    assert "结束后不能恢复" in shown
    assert client.post(f"/opening/{COUNTY}/close/").status_code == 302
    assert OpeningStock.objects.get().counts["registered"] == 1
    assert "已结束" in page(client, f"/opening/{COUNTY}/")
    client.post(f"/opening/{COUNTY}/close/")
    assert "不能重复办理" in page(client, f"/opening/{COUNTY}/")


def test_an_auditor_reads_it_and_closes_nothing(client):
    factories.place(COUNTY)
    client.force_login(factories.posted(Role.AUDITOR))
    assert "结束后不能恢复" not in page(client, f"/opening/{COUNTY}/")
    assert client.post(f"/opening/{COUNTY}/close/").status_code == 403


# -- differences -------------------------------------------------------------------------------------------------------


@pytest.fixture
def cadre(client):
    account = factories.posted(Role.VILLAGE_CADRE)
    client.force_login(account)
    return account


def test_a_difference_is_put_on_the_villages_list(client, cadre):
    first, second = factories.ordinary(members=1), factories.ordinary(members=1)
    one, two = standings.proposal(first), standings.proposal(second)
    assert "拟纳入" in page(client, "/proposals/")
    for each in (one, two):
        assert client.post(f"/proposals/{each.pk}/take/").status_code == 302
    batch = Batch.objects.get()
    assert (batch.kind, batch.entries.count()) == (Kind.MONITOR_IN, 2)
    assert set(batch.entries.values_list("monitor_type", flat=True)) == {"2"}
    one.refresh_from_db()
    assert (one.state, one.batch_id, one.settled_by) == ("taken", batch.pk, cadre)
    assert f"/procedures/{batch.pk}/" in page(client, "/proposals/?state=taken")


def test_what_is_wrong_goes_on_no_list(client, cadre):
    found = standings.proposal(factories.household(members=1), "error")
    assert "没有对应的名单" in page(client, f"/proposals/{found.pk}/")
    client.post(f"/proposals/{found.pk}/take/")
    assert "这条差异不能列入名单" in page(client, "/proposals/")
    assert not Batch.objects.exists()


def test_a_household_that_may_not_stand_on_a_list_leaves_the_difference_open(client, cadre):
    found = standings.proposal(factories.household(members=1), "out")
    client.post(f"/proposals/{found.pk}/take/")
    found.refresh_from_db()
    assert found.state == "open"
    assert not Batch.objects.exists()


def test_a_difference_is_dismissed_with_a_reason(client, cadre):
    found = standings.proposal(factories.ordinary(members=1))
    client.post(f"/proposals/{found.pk}/dismiss/", {"reason": " "})
    found.refresh_from_db()
    assert found.state == "open"
    client.post(f"/proposals/{found.pk}/dismiss/", {"reason": "名册写错了"})
    found.refresh_from_db()
    assert (found.state, found.reason) == ("dismissed", "名册写错了")
    client.post(f"/proposals/{found.pk}/take/")
    assert "不能再办" in page(client, "/proposals/")


def test_another_village_sees_no_difference(client):
    found = standings.proposal(factories.ordinary(members=1))
    client.force_login(factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE))
    assert found.household.household_no not in page(client, "/proposals/")
    page(client, f"/proposals/{found.pk}/", 404)


# -- departments' lists ------------------------------------------------------------------------------------------------


def test_the_lists_of_departments_and_their_households(client, office):
    row = factories.household(members=1)
    line = standings.department_row(row)
    line.members.add(row.members.get())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert line.list.document in page(client, "/department-lists/")
    shown = page(client, f"/department-lists/{line.list_id}/")
    assert row.household_no in shown
    assert "低保户" in shown
    assert "王明海" in shown


# -- from an import ----------------------------------------------------------------------------------------------------


def test_the_import_leads_to_the_differences_it_found(client, office, tmp_path):
    row = factories.household(members=1, household_type="03")
    standings.close()
    sheet = factories.sheet_import(office, status="done", report={"rows_read": 1, "created": 0, "updated": 0,
                                   "unchanged": 1, "rejected": 0})  # fmt: skip
    head = row.members.get()
    cells = {"姓名": head.name, "证件号码": head.id_no, "人编号": head.person_no}
    books.run(tmp_path / "名册.xlsx", [books.person(row.household_no, **cells)], sheet_id=sheet.pk)
    found = StandingProposal.objects.get()
    assert (found.kind, found.source) == ("out", sheet)
    assert "差异 1 户" in page(client, f"/sheets/{sheet.pk}/")
    assert row.household_no in page(client, f"/proposals/?source={sheet.pk}")


def test_the_office_is_told_while_rosters_write_standing(client, office):
    assert "本县还在建库期" in page(client, "/sheets/")
    assert "建库期还没有结束" in page(client, "/")
    standings.close()
    assert "本县还在建库期" not in page(client, "/sheets/")
    assert "建库期还没有结束" not in page(client, "/")


def test_the_workbench_counts_what_waits(client, cadre):
    standings.proposal(factories.ordinary(members=1))
    assert "身份差异 1 户待处理" in page(client, "/")


def test_a_new_household_is_said_to_be_an_ordinary_one(client, cadre):
    shown = page(client, "/households/new/")
    assert "登记后是普通农户" in shown
    assert "须经名单程序" in shown
