"""What a household's data are used for, and who looked at them: on its page, on its own page, by program."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from assistance.papers.own.shown import own_page
from households.consents import services
from households.consents.selectors import grounds_of
from households.looks.selectors import looks_at
from households.looks.services import Way, forget_looks, note_look
from households.models import Household, Look
from households.register.services import unmask
from tests import factories
from tests.api.conftest import calling
from tests.api.rows import application
from tests.villages.trusted import consent
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db
GIVEN = {"purpose": "society", "given_on": date(2026, 3, 2), "paper": "信息提供同意书", "signers": 2}


@pytest.fixture
def household() -> Household:
    caches["process"].clear()
    return factories.household(members=2)


@pytest.fixture
def cadre() -> User:
    return factories.posted(Role.VILLAGE_CADRE, name="李建国")


def state(household: Household, purpose: str) -> str:
    return next(each.state for each in grounds_of(household) if each.purpose.code == purpose)


def record(by: User, household: Household, **more: Any) -> Any:
    return services.record_consent(by=by, household=household, **GIVEN | more)


def test_who_opened_the_page_is_told_by_role_and_office_without_a_name(household: Household, cadre: User) -> None:
    client = Client()
    client.force_login(cadre)
    for path in ("", "basic/", ""):
        assert client.get(f"/households/{household.pk}/{path}").status_code == 200
    calling(cadre).get(f"/api/v1/households/{household.pk}/")
    assert Look.objects.count() == 1, "once a person, day and way"
    note_look(by=cadre, household=household.pk, village=household.village_id, way=Way.PRINT)
    assert [(each.role, each.way) for each in looks_at(household)] == [
        ("村干部", "查看登记信息"), ("村干部", "打印或下载表格"),
    ]  # fmt: skip
    page = client.get(f"/households/{household.pk}/privacy/").content.decode()
    assert "谁查看过" in page and "查看登记信息" in page
    told = str([table.rows for table in own_page(household).tables if "谁查看过" in table.title])
    assert "村干部" in told and "泉秀村" in told and "李建国" not in told


def test_a_reader_is_kept_too_and_strangers_are_not(household: Household) -> None:
    auditor, stranger = factories.posted(Role.AUDITOR), factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE)
    for user, answer in ((auditor, 200), (stranger, 404)):
        client = Client()
        client.force_login(user)
        assert client.get(f"/households/{household.pk}/").status_code == answer
    assert list(Look.objects.values_list("by", flat=True)) == [auditor.pk]


def test_nobody_is_told_to_be_the_county_office_who_is_not(household: Household) -> None:
    """A look without a posting there keeps the role that one has, or none."""
    for user in (factories.posted(Role.HELPER, factories.NEXT_VILLAGE), factories.user()):
        note_look(by=user, household=household.pk, village=household.village_id)
    assert sorted(each.role for each in looks_at(household)) == ["工作人员", "帮扶责任人"]


def test_looks_at_whole_numbers_are_told(household: Household, cadre: User) -> None:
    unmask(by=cadre, household=household, what="id_no", reason="核对身份证信息")
    factories.unmask_log(
        by=factories.posted(Role.COUNTY_OFFICER), place=factories.place(factories.COUNTY), household=None
    )
    factories.unmask_log(
        household=factories.household(factories.NEXT_VILLAGE), place=factories.place(factories.NEXT_VILLAGE)
    )
    assert sorted(each.way for each in looks_at(household)) == ["导出含完整号码的名单（本户所在范围）", "查看完整号码"]
    assert {each.role for each in looks_at(household)} == {"村干部", "县主管部门"}


def test_looks_go_after_their_time(household: Household, cadre: User) -> None:
    note_look(by=cadre, household=household.pk, village=household.village_id)
    assert forget_looks(before=timezone.localdate()) == 0
    assert forget_looks(before=timezone.localdate() + timedelta(days=1)) == 1


def test_what_is_used_by_law_and_what_by_consent(household: Household, cadre: User) -> None:
    assert (state(household, "register"), state(household, "society")) == ("law", "none")
    row = record(cadre, household)
    assert state(household, "society") == "agreed"
    with pytest.raises(ValidationError, match="已有同意"):
        record(cadre, household)
    services.withdraw_consent(by=cadre, consent=row, on=date(2026, 5, 1), reason="本人到村委会提出")
    assert state(household, "society") == "withdrawn"
    record(cadre, household, given_on=date(2026, 6, 1))
    assert state(household, "society") == "agreed"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"purpose": "register"}, "需要农户同意的用途"),
        ({"paper": " "}, "文书名称"),
        ({"signers": 0}, "成年人数"),
        ({"given_on": date(2099, 1, 1)}, "还没有到"),
    ],
)
def test_what_cannot_be_noted(household: Household, cadre: User, more: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        record(cadre, household, **more)


def test_who_may_note(household: Household, cadre: User) -> None:
    with pytest.raises(PermissionDenied):
        record(factories.posted(Role.HELPER), household)
    elsewhere = factories.attachment(factories.household(factories.NEXT_VILLAGE))
    with pytest.raises(ValidationError, match="不是本户的"):
        record(cadre, household, file=elsewhere)
    row = consent(household)
    with pytest.raises(ValidationError, match="在同意之后"):
        services.withdraw_consent(by=cadre, consent=row, on=date(2026, 3, 1), reason="本人提出")


def test_an_application_with_authorisation_is_the_consent_to_compare(household: Household, cadre: User) -> None:
    application(household, authorised_on=date(2026, 4, 1))
    ground = next(each for each in grounds_of(household) if each.purpose.code == "query")
    assert ground.state == "agreed" and "2026年4月1日" in ground.said and "申请及承诺授权查询书" in ground.said
    row = consent(household, purpose="query", given_on=date(2026, 4, 2))
    services.withdraw_consent(by=cadre, consent=row, on=date(2026, 4, 3), reason="本人提出")
    assert state(household, "query") == "withdrawn"


def test_pages_and_program(household: Household, cadre: User) -> None:
    client = Client()
    client.force_login(cadre)
    typed = {**GIVEN, "given_on": "2026-03-02"}
    address = f"/households/{household.pk}/consents/new/"
    assert client.post(address, {**typed, "paper": ""}).status_code == 422
    assert client.post(address, typed).status_code == 302
    row = household.consents.get()
    page = client.get(f"/households/{household.pk}/privacy/").content.decode()
    assert "农户撤回同意" in page and "2 人签字" in page
    api = calling(cadre)
    assert api.get(f"/api/v1/consents/?household={household.pk}").json()["results"][0]["purpose"] == "society"
    body = {"on": "2026-03-01", "reason": "本人提出"}
    assert api.post(f"/api/v1/consents/{row.pk}/withdraw/", body, format="json").status_code == 422
    assert client.post(f"/households/consents/{row.pk}/withdraw/", {**body, "on": "2026-03-03"}).status_code == 302
    assert "已撤回" in client.get(f"/households/{household.pk}/privacy/").content.decode()
