"""The trail: acts with who, why and where, grouped; narrowed by household, account, day; nothing of other places."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from audits.trail.forms import TrailForm
from audits.trail.selectors import Act, Asked, acts, address_of, changes_of, said, signed_in_from, told as told_facts
from households.models import Application, Household, Member, UnmaskLog
from households.models.template import kind_label
from povreg.kit.history import act, in_job, verb_label
from povreg.proof.models import Seal
from tests import factories
from tests.audits import made
from villages.models import SignInAttempt, User
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> User:
    return factories.posted(Role.AUDITOR)


@pytest.fixture
def household(auditor: User) -> Household:
    """A household of which an officer changed two people in one go, and whose numbers he looked at."""
    household = factories.household(members=2)
    officer = factories.posted(Role.COUNTY_OFFICER)
    with act(by=officer, verb="load_test", reason="核对学历"):
        Member.objects.filter(household=household).update(education="03")
        UnmaskLog.objects.create(
            by=officer, household=household, place=household.village, what="证件号码", reason="核对学历"
        )
    return household


def told(auditor: User, **asked: Any) -> Act:
    """The officer's act."""
    return next(each for each in acts(auditor, Asked(**asked)) if each.reason == "核对学历")


def test_one_act_is_one_row_with_who_why_where_and_the_look_at_numbers(household: Household, auditor: User) -> None:
    newest = told(auditor)
    assert (newest.verb, newest.reason, newest.count) == ("测试", "核对学历", 3)
    assert newest.what == "家庭成员修改 2、完整证件查看记录新增 1"
    assert newest.who and newest.where.endswith("泉秀村")


def test_it_is_narrowed_by_household_person_account_and_day(household: Household, auditor: User) -> None:
    other = factories.household(members=1)
    made.an_act(other)
    officer = User.objects.exclude(pk=auditor.pk).filter(postings__role=Role.COUNTY_OFFICER).latest("pk")
    assert {each.reason for each in acts(auditor, Asked(household=household.pk))} == {"核对学历", ""}
    assert [each.reason for each in acts(auditor, Asked(account=officer.pk))] == ["核对学历"]
    person = household.members.first()
    assert person is not None
    assert "核对学历" in {each.reason for each in acts(auditor, Asked(member=person.pk))}
    assert acts(auditor, Asked(until=timezone.localdate() - timedelta(days=1))) == []
    assert acts(auditor, Asked(since=timezone.localdate())) != []


def test_an_act_tells_what_was_before_and_is_since(household: Household, auditor: User) -> None:
    newest = told(auditor)
    found = changes_of(auditor, newest.context)
    assert found is not None
    about, changes = found
    assert about.who == newest.who and len(changes) == 3
    assert {what for what, _kind, _fields in changes} == {
        *(f"家庭成员 {name}" for name in household.members.values_list("name", flat=True)),
        f"完整证件查看记录 {household.household_no}",
    }
    assert ("文化程度", "初中") in {(change.label, change.after) for _, _, fields in changes for change in fields}


def test_an_act_tells_from_where_its_hand_had_signed_in(household: Household, auditor: User) -> None:
    found = changes_of(auditor, told(auditor).context)
    assert found is not None and found[0].signed_in == ""
    officer = User.objects.get(username=found[0].account)
    before = timezone.now()
    for outcome, address in (("ok", "10.9.8.7"), ("refused", "10.1.1.1")):
        SignInAttempt.objects.create(user=officer, address=address, outcome=outcome, tried_hash="x")
    assert signed_in_from(officer.pk, timezone.now()).startswith("10.9.8.7（")
    assert signed_in_from(officer.pk, before) == signed_in_from(None, timezone.now()) == ""


def test_who_watches_another_county_sees_none_of_it(household: Household, client: Client) -> None:
    stranger = factories.posted(Role.AUDITOR, factories.OTHER_COUNTY)
    assert acts(stranger, Asked(household=household.pk)) == acts(stranger, Asked(place=factories.COUNTY)) == []
    assert not [each for each in acts(stranger, Asked()) if "家庭成员" in each.what]
    client.force_login(stranger)
    context = made.an_act(household)
    assert client.get(f"/trail/{context}/").status_code == 404


def test_a_change_past_the_product_is_shown_as_such(household: Household, auditor: User) -> None:
    with act(by=None, verb="load_test", reason="有名"):
        Household.objects.filter(pk=household.pk).update(group_name="一组")
    Household.objects.filter(pk=household.pk).update(group_name="二组")
    found = {each.reason: each.who for each in acts(auditor, Asked(household=household.pk))}
    assert (found[""], found["有名"]) == ("数据库直接修改（未登记）", "系统")


def test_the_page_shows_them_and_gives_the_workbook(household: Household, auditor: User, client: Client) -> None:
    client.force_login(auditor)
    page = client.get("/trail/", {"household": household.pk})
    assert "核对学历" in page.content.decode()
    book: Any = client.get("/trail/", {"household": household.pk, "sheet": "xlsx"})
    assert book.headers["Content-Disposition"].endswith(".xlsx") or "filename" in book.headers["Content-Disposition"]


def test_the_page_says_in_words_what_it_is_narrowed_by(household: Household, auditor: User) -> None:
    """Keys of rows, codes of places and of verbs stood there."""
    person = household.members.first()
    assert person is not None
    form = TrailForm({
        "place": household.village_id, "household": household.pk, "member": person.pk, "verb": "run_checks",
        "since": "20260101", "job": str(uuid4()),
    })  # fmt: skip
    assert form.is_valid(), form.errors
    said = form.words(auditor)
    for told_as in (household.household_no, person.name, "泉秀村", verb_label("run_checks"), "2026-01-01"):
        assert told_as in said
    assert "run_checks" not in said and household.village_id not in said.replace(household.household_no, "")
    stranger = factories.posted(Role.AUDITOR, factories.OTHER_COUNTY)
    assert person.name not in form.words(stranger) and "不在您的范围内" in form.words(stranger)


def test_pages_of_a_person_a_day_and_a_job_lead_to_their_trail(
    household: Household, auditor: User, client: Client
) -> None:
    person = household.members.first()
    assert person is not None
    today = timezone.localdate()
    facts = {"number": 1, "events": 1, "head": "0" * 64, "key_id": "k", "signature": "s"}
    Seal.objects.create(chain=factories.COUNTY, day=today, **facts)
    work = factories.job(place_code=factories.COUNTY)
    pages = {
        f"/households/{household.pk}/members/": f"/trail/?member={person.pk}",
        "/gongshi/fengyin/": f"/trail/?since={today}&amp;until={today}",
        f"/jobs/{work.pk}/": f"/trail/?job={work.pk}",
    }
    for signed_in, leads in ((auditor, True), (factories.posted(Role.COUNTY_OFFICER), False)):
        client.force_login(signed_in)
        for address, trail in pages.items():
            assert (trail in client.get(address).content.decode()) is leads, address
    assert address_of(AnonymousUser(), day=today) == ""


def test_what_a_job_changes_is_found_by_its_number(household: Household, auditor: User, client: Client) -> None:
    number = str(uuid4())
    with in_job(number), act(by=None, verb="load_test", reason="夜间"):
        Household.objects.filter(pk=household.pk).update(group_name="三组")
    [found] = acts(auditor, Asked(job=number))
    assert (found.reason, found.job) == ("夜间", number)
    client.force_login(auditor)
    page = client.get(f"/trail/{found.context}/").content.decode()
    assert f"/trail/?job={number}" in page and "这一天的操作" in page


def test_facts_and_codes_of_a_change_are_said_in_words() -> None:
    """A dictionary and a code stood there as the program keeps them."""
    record = {"food": True, "house_grade": "B", "tr_other": None, "wage_income": 24102.59}
    facts = {"members": {"01": {"id_hash": "f6db7023", "sex": "1"}}, "record": record, "school_age": 0}
    said_of = told_facts(facts)
    assert "年度登记 （" in said_of and "24102.59" in said_of
    for text in ("True", "None", "house_grade", "wage_income", "{", "tr_other", "f6db7023", "hash"):
        assert text not in said_of
    kind = Application._meta.get_field("kind")
    assert said(Application, None, kind, "monitor_in") == kind_label("monitor_in") != "monitor_in"
