"""The members table: typed lines are saved all or none, faults stand at their cells, numbers stay masked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from households.models import AcceptedWarning, Member, MemberYear, UnmaskLog
from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = factories.YEAR
MAN, WOMAN = "1", "2"


@pytest.fixture
def cadre(client):
    account = factories.posted(Role.VILLAGE_CADRE)
    client.force_login(account)
    return account


@pytest.fixture
def household():
    return factories.household(members=1)


def url(row):
    return f"/households/{row.pk}/members/?year={YEAR}"


def line(key, **facts):
    """One typed line as the browser posts it."""
    return {"line": [key], **{f"{key}-{name}": value for name, value in facts.items()}}


def lines(*each):
    posted = {}
    for one in each:
        posted["line"] = [*posted.get("line", []), *one.pop("line")]
        posted |= one
    return posted


def newcomer(key="new-0", **facts):
    plain = {"name": "陈秀兰", "relation": "02", "id_no": factories.id_number(date(1976, 3, 2), WOMAN), "health": "01"}
    return line(key, **plain | facts)


def test_a_typed_line_becomes_a_member_with_what_the_number_says(client, cadre, household):
    answer = client.post(url(household), newcomer(school_status="01", labour="01", medical="resident"))
    assert answer.status_code == 302
    member = household.members.get(name="陈秀兰")
    assert (member.sex, member.birth_date) == (WOMAN, date(1976, 3, 2))
    row = MemberYear.objects.get(member=member, year=YEAR)
    assert (row.school_status, row.ins_resident, row.ins_employee) == ("01", True, False)


def test_several_lines_are_saved_or_none(client, cadre, household):
    good = newcomer(name="王小红", relation="04", id_no=factories.id_number(date(2001, 2, 3), WOMAN))
    bad = newcomer("new-1", id_no="50019819760302")
    answer = client.post(url(household), lines(good, bad))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert household.members.count() == 1
    assert "还差 4 位" in page
    assert 'value="50019819760302"' in page
    assert 'value="王小红"' in page


def test_an_empty_new_line_is_passed_over(client, cadre, household):
    answer = client.post(url(household), lines(newcomer(), line("new-1", name="", relation="", id_no="")))
    assert answer.status_code == 302
    assert household.members.count() == 2


def test_a_number_cut_short_at_the_birthday_is_not_taken_for_an_old_one(client, cadre, household):
    answer = client.post(url(household), newcomer(id_no="500198197603021"))
    assert answer.status_code == 422
    assert "还差 3 位" in answer.content.decode()


def test_a_warning_wants_a_tick_once(client, cadre, household):
    pupil = newcomer(
        name="王小红",
        relation="04",
        id_no=factories.id_number(date(2008, 5, 12), WOMAN),
        school_status="07",
        labour="04",
    )
    answer = client.post(url(household), dict(pupil))
    assert answer.status_code == 422
    assert household.members.count() == 1
    asked = [w["code"] for row in answer.context["lines"] for found in row["all_warnings"].values() for w in found]
    asked = [code for code in asked if code]
    assert asked
    answer = client.post(url(household), {**pupil, "confirmed": asked})
    assert answer.status_code == 302
    assert AcceptedWarning.objects.filter(household=household, by=cadre).count() == len(asked)


def test_saved_numbers_are_masked_and_an_empty_box_keeps_them(client, cadre, household):
    head = household.members.get()
    stored = head.id_no
    page = client.get(url(household) + f"&edit={head.pk}").content.decode()
    assert stored not in page
    assert f"{stored[:6]}********{stored[-4:]}" in page
    key = f"m{head.pk}"
    answer = client.post(url(household), line(key, version=head.version, name="王大海", relation="01", id_no=""))
    assert answer.status_code == 302
    head.refresh_from_db()
    assert (head.name, head.id_no) == ("王大海", stored)


def test_a_member_without_a_row_for_the_year_is_offered_what_is_known(client, cadre, household):
    head = household.members.get()
    Member.objects.filter(pk=head.pk).update(school_status="01", labour="02")
    form = client.get(url(household) + f"&edit={head.pk}").context["lines"][0]["form"]
    assert form.suggested >= {"school_status", "labour"}
    assert form["labour"].value() == "02"


def test_two_changed_the_same_cell(client, cadre, household):
    head = household.members.get()
    key = f"m{head.pk}"
    typed = line(key, version=head.version, name="王大海", relation="01", ethnicity="01") | {
        f"initial-{key}-name": head.name,
        f"initial-{key}-relation": "01",
        f"initial-{key}-ethnicity": "01",
    }
    Member.objects.filter(pk=head.pk).update(name="王海", version=head.version + 1)
    answer = client.post(url(household), typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "王海" in page
    assert "王大海" in page
    again = {**typed, f"{key}-version": head.version + 1, f"keep-{key}-name": "theirs", f"{key}-labour": "02"}
    assert client.post(url(household), again).status_code == 302
    head.refresh_from_db()
    assert (head.name, head.labour) == ("王海", "02")


def test_two_changed_different_cells(client, cadre, household):
    head = household.members.get()
    key = f"m{head.pk}"
    typed = line(key, version=head.version, name=head.name, relation="01", political="13") | {
        f"initial-{key}-name": head.name,
        f"initial-{key}-relation": "01",
        f"initial-{key}-political": "",
    }
    Member.objects.filter(pk=head.pk).update(name="王海", version=head.version + 1)
    assert client.post(url(household), typed).status_code == 302
    head.refresh_from_db()
    assert (head.name, head.political) == ("王海", "13")


def test_full_numbers_want_a_reason_and_leave_a_log(client, cadre, household):
    number = household.members.get().id_no
    address = f"/households/{household.pk}/unmask/"
    refused = client.post(address, {"what": "id_no", "reason": "看"})
    assert refused.status_code == 422
    assert number not in refused.content.decode()
    answer = client.post(address, {"what": "id_no", "reason": "核对户口簿登记"})
    assert number in answer.content.decode()
    assert UnmaskLog.objects.get().reason == "核对户口簿登记"


def test_the_check_while_typing_finds_who_is_registered_already(client, cadre, household):
    other = factories.household(members=1)
    data = {"id_no": other.members.get().id_no, "village": household.village_id}
    assert other.household_no in client.post("/households/check-id/", data).json()["fault"]
    free = {"id_no": factories.id_number(date(1980, 1, 1)), "village": household.village_id}
    assert client.post("/households/check-id/", free).json()["fault"] == ""


def test_the_check_while_typing_stays_inside_the_posting(client, cadre, household):
    factories.place(factories.NEXT_VILLAGE)
    data = {"id_no": factories.id_number(date(1980, 1, 1)), "village": factories.NEXT_VILLAGE}
    assert client.post("/households/check-id/", data).status_code == 403


def check(client, household, number, reason=""):
    data = {"id_no": number, "village": household.village_id, "reason": reason}
    return client.post("/households/check-id/", data)


def test_a_check_that_finds_somebody_is_logged_with_whom_it_concerned(client, cadre, household):
    there = factories.household(members=1)
    found = there.members.get()
    check(client, household, found.id_no)
    log = UnmaskLog.objects.get()
    assert (log.household, log.place_id, log.rows, log.reason) == (there, household.village_id, 1, "")
    assert log.by.username == cadre.username and found.person_no in log.what
    assert found.id_no not in log.what and found.name not in log.what


def test_a_check_that_finds_nobody_leaves_no_log(client, cadre, household):
    check(client, household, factories.id_number(date(1980, 1, 1)))
    check(client, household, "123")
    assert not UnmaskLog.objects.exists()


def test_above_the_daily_number_a_check_wants_a_reason(client, cadre, household, settings):
    settings.CHECKS_A_DAY = 2
    number = factories.household(members=1).members.get().id_no
    free = factories.id_number(date(1980, 1, 1))
    check(client, household, "123")  # no number, no question
    assert [check(client, household, each).status_code for each in (free, free)] == [200, 200]
    for reason in ("", "查", "长" * 201):
        refused = check(client, household, number, reason)
        assert refused.status_code == 422 and refused.json()["field"] == "reason"
        assert "已查重 2 个" in refused.json()["fault"] and "请填写理由" in refused.json()["fault"]
    assert not UnmaskLog.objects.exists()
    assert check(client, household, number, "补录全村花名册").json()["fault"]
    assert UnmaskLog.objects.get().reason == "补录全村花名册"


def test_one_account_s_checks_are_not_another_s(client, cadre, household, settings):
    settings.CHECKS_A_DAY = 1
    free = factories.id_number(date(1980, 1, 1))
    check(client, household, free)
    assert check(client, household, free).status_code == 422
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER))
    assert check(client, household, free).status_code == 200


def test_yesterday_s_checks_do_not_count(client, cadre, household, settings, monkeypatch):
    settings.CHECKS_A_DAY = 1
    free = factories.id_number(date(1980, 1, 1))
    check(client, household, free)
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr("povreg.kit.throttle.timezone.localdate", lambda *_: tomorrow)
    assert check(client, household, free).status_code == 200
