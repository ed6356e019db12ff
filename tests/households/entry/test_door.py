"""Checks at the door: all faults at once, in our words, on every page where people are typed."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.forms import CharField

from households.models import Household, Member
from households.register import member_changes, services
from households.register.fields import MemberRow
from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = factories.YEAR


@pytest.fixture
def cadre(client):
    account = factories.posted(Role.VILLAGE_CADRE)
    client.force_login(account)
    return account


def new(client, **typed):
    facts = {"village": factories.VILLAGE, "name": "王明海", "id_no": factories.id_number(date(1975, 8, 9)), **typed}
    return client.post(f"/households/new/?year={YEAR}", facts)


def faults(answer):
    return {fault["label"]: fault["text"] for fault in answer.context["faults"]}


def test_all_faults_of_a_new_household_come_at_once(client, cadre):
    answer = new(
        client, name="王明海500198", id_no="123", phone="1380000", village=factories.VILLAGE, birth_date="昨天"
    )
    assert answer.status_code == 422
    assert {"户主姓名", "户主身份证号", "出生日期"} <= set(faults(answer))
    assert "数字" in faults(answer)["户主姓名"]
    assert not Household.objects.exists()


def test_a_new_household_s_group_is_written_one_way(client, cadre):
    assert new(client, group_name="第二组").status_code == 302
    assert Household.objects.get().group_name == "2组"


def test_a_name_is_kept_without_what_cannot_be_seen_and_with_one_middle_dot(client, cadre):
    assert new(client, name="\u202a买买提•热合曼\u200b").status_code == 302
    assert Member.objects.get().name == "买买提·热合曼"


def test_what_must_be_typed_is_marked(client, cadre):
    page = client.get(f"/households/new/?year={YEAR}").content.decode()
    assert page.count("必填") == 3


def test_members_are_told_all_faults_at_once(client, cadre):
    household = factories.household(members=1)
    known = household.members.get().id_no
    line = {"line": ["new-0", "new-1"], "new-TOTAL_FORMS": 2}
    line |= {"new-0-name": "王甲乙", "new-0-relation": "03", "new-0-id_no": known, "new-0-version": 0}
    line |= {
        "new-1-name": "1",
        "new-1-relation": "",
        "new-1-id_no": "5001",
        "new-1-work_months": "13",
        "new-1-version": 0,
    }
    answer = client.post(f"/households/{household.pk}/members/?year={YEAR}", line)
    said = faults(answer)
    assert set(said) == {"王甲乙 身份证号", "1 姓名", "1 与户主关系", "1 身份证号", "1 务工月数"}
    assert "相同" in said["王甲乙 身份证号"]


def test_days_and_plans_that_cannot_be(cadre):
    household = factories.household(members=1)
    person = household.members.get()

    def version():
        return Household.objects.get(pk=household.pk).version

    with pytest.raises(Exception, match="还没有到"):
        row = MemberRow("m", person.pk, person.version, {"identified_on": date(2099, 1, 1)})
        services.edit_members(by=cadre, household=household, year=YEAR, rows=[row])
    with pytest.raises(Exception, match="计划脱贫年度 2999 不对"):
        services.edit_household(by=cadre, household=household, version=version(), facts={"planned_exit_year": 2999})
    services.edit_household(by=cadre, household=household, version=version(), facts={"planned_exit_year": 2020})


def arrival(household, **typed):
    number = factories.id_number(date(1996, 3, 2), "2")
    facts = {"new-name": "陈秀兰", "new-relation": "05", "new-id_no": number, "on": "20200601", **typed}
    return f"/households/{household.pk}/events/marriage-in/?year={YEAR}", facts


def test_who_marries_in_is_of_age(client, cadre):
    household = factories.household(members=1)
    url, facts = arrival(household, **{"new-id_no": factories.id_number(date(2004, 3, 2), "2")})
    answer = client.post(url, facts)
    assert "法定婚龄 20 岁" in answer.content.decode()
    url, facts = arrival(household)
    assert client.post(url, facts).status_code == 302


def test_a_second_spouse_is_asked_about_and_can_be_confirmed(client, cadre):
    household = factories.household(members=1)
    factories.member(household, name="李梅花", sex="2", relation="02", born=date(1976, 5, 1))
    url, facts = arrival(household, **{"new-relation": "02", "new-id_no": factories.id_number(date(1978, 3, 2), "2")})
    answer = client.post(url, facts)
    assert answer.status_code == 422
    assert "不止一位配偶" in answer.content.decode()


def test_a_change_of_head_asks_about_doubtful_relations(client, cadre):
    household = factories.household(members=1)
    head = household.members.get()
    son = factories.member(household, name="王小强", born=date(1998, 5, 1))
    other = factories.member(household, name="李梅花", sex="2", relation="02", born=date(1976, 5, 1))
    facts = {"new_head": son.pk, f"relation_{head.pk}": "11", f"relation_{other.pk}": "04", "on": "20200601"}
    answer = client.post(f"/households/{household.pk}/events/head/?year={YEAR}", facts)
    assert answer.status_code == 422
    assert "不像两代人" in answer.content.decode()
    ticks = [each["code"] for each in answer.context["loose"]]
    answer = client.post(f"/households/{household.pk}/events/head/?year={YEAR}", {**facts, "confirmed": ticks})
    assert answer.status_code == 302
    assert Member.objects.get(pk=son.pk).relation == "01"


def test_the_same_child_twice_is_asked_about(client, cadre):
    household = factories.household(members=1)
    facts = {"new-name": "王小宝", "new-relation": "03", "new-sex": "1", "new-birth_date": "20200301"}
    url = f"/households/{household.pk}/events/birth/?year={YEAR}"
    assert client.post(url, facts).status_code == 302
    answer = client.post(url, facts)
    assert answer.status_code == 422
    assert "登记了两次" in answer.content.decode()


def test_an_event_tells_the_day_and_the_person_s_faults_together(client, cadre):
    url, facts = arrival(factories.household(members=1), on="明天", **{"new-name": "1", "new-id_no": "5001"})
    assert {"发生日期", "姓名", "身份证号"} <= set(faults(client.post(url, facts)))


def test_django_speaks_as_we_do():
    with pytest.raises(ValidationError, match="最多 3 个字，现有 5 个，请缩短"):
        CharField(max_length=3).clean("一二三四五")
    with pytest.raises(ValidationError, match="还没有填写，请填写"):
        CharField().clean("")


def test_leaving_keeps_its_old_callers():
    household = factories.household(members=2)
    child = household.members.exclude(relation="01").get()
    gone = member_changes.record_leaving(by=None, member=child, kind="02", on=date(2020, 6, 1))
    assert gone.left_on == date(2020, 6, 1)
