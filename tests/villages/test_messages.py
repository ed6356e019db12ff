"""Messages: who is told what, once; what a note may not hold; nobody reads another's."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from povreg.jobs import lost, registry, running, services
from povreg.jobs.registry import JobKind, register
from tests import factories as make
from villages.messages import selectors
from villages.messages.services import A_DAY, mark_all_read, mark_read, send_note
from villages.models import Message
from villages.rights import Role

pytestmark = pytest.mark.django_db
TEXT = "请在周五前补录饮水情况。"


@pytest.fixture
def officer():
    return make.posted(Role.TOWNSHIP_OFFICER)


@pytest.fixture
def cadres():
    return [make.posted(Role.VILLAGE_CADRE, code) for code in (make.VILLAGE, make.NEXT_VILLAGE)]


def township():
    return make.place(make.TOWNSHIP)


# Notes.


def test_a_note_reaches_the_cadres_of_the_place_and_nobody_else(officer, cadres):
    elsewhere = make.posted(Role.VILLAGE_CADRE, "500154202200")
    left = make.posted(Role.VILLAGE_CADRE)
    left.postings.update(ends_on=date(2019, 1, 1))
    make.posted(Role.HELPER, make.VILLAGE)

    assert send_note(by=officer, place=township(), text=f"  {TEXT} ", url="/households/?place=500154201&year=2020") == 2

    told = Message.objects.all()
    assert {each.to for each in told} == set(cadres)
    assert {each.text for each in told} == {TEXT}
    assert not Message.objects.visible_to(elsewhere).exists()
    assert not Message.objects.visible_to(left).exists()


def test_who_sent_what_stands_in_the_history(officer, cadres):
    send_note(by=officer, place=township(), text=TEXT)
    event = Message.history.rel.related_model.objects.select_related("pgh_context").first()
    assert (event.pgh_context.metadata["user"], event.pgh_context.metadata["verb"]) == (officer.pk, "send_note")


@pytest.mark.parametrize("code", [make.OTHER_TOWNSHIP, make.COUNTY])
def test_a_note_outside_ones_posting_is_refused(officer, cadres, code):
    with pytest.raises(PermissionDenied):
        send_note(by=officer, place=make.place(code), text=TEXT)


@pytest.mark.parametrize("role", [Role.VILLAGE_CADRE, Role.AUDITOR, Role.COUNTY_LEADER])
def test_only_offices_send_notes(cadres, role):
    with pytest.raises(PermissionDenied):
        send_note(by=make.posted(role), place=make.place(make.VILLAGE), text=TEXT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "写明要办什么"),
        ("补" * 201, "2 到 200 个字"),
        ("请核实 13800001234 这户", "11 位以上"),
        ("请核实 500198 1990 0101 1234", "11 位以上"),
    ],
)
def test_a_text_that_says_nothing_or_too_much_is_refused(officer, cadres, text, said):
    with pytest.raises(ValidationError, match=said):
        send_note(by=officer, place=township(), text=text)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("/households/?place=500154201&missing=water", True),
        ("/households/?name=", True),
        ("/households/?name=王", False),
        ("/households/?q=王小明", False),
        ("/accounts/", False),
        ("https://example.org/households/", False),
        ("//example.org/households/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_a_link_is_a_list_of_this_site_without_a_name_in_it(officer, cadres, url, fits):
    if fits:
        assert send_note(by=officer, place=township(), text=TEXT, url=url) == 2
        return
    with pytest.raises(ValidationError) as refusal:
        send_note(by=officer, place=township(), text=TEXT, url=url)
    assert "url" in refusal.value.error_dict


def test_a_place_where_nobody_is_posted_is_named(officer):
    with pytest.raises(ValidationError, match="没有任职的村干部"):
        send_note(by=officer, place=township(), text=TEXT)


def test_the_same_note_again_waits_an_hour(officer, cadres):
    send_note(by=officer, place=township(), text=TEXT)
    with pytest.raises(ValidationError, match="一小时内"):
        send_note(by=officer, place=township(), text=TEXT)
    send_note(by=officer, place=make.place(make.VILLAGE), text=TEXT)
    Message.objects.update(sent_at=timezone.now() - timedelta(minutes=61))
    assert send_note(by=officer, place=township(), text=TEXT) == 2


def test_a_day_holds_twenty_notes(officer, cadres):
    for number in range(A_DAY):
        send_note(by=officer, place=township(), text=f"{TEXT}{number}")
    with pytest.raises(ValidationError, match="今天已经发送 20 次"):
        send_note(by=officer, place=township(), text="再来一条")
    Message.objects.update(sent_at=timezone.now() - timedelta(days=1))
    assert send_note(by=officer, place=township(), text="再来一条") == 2


def test_who_sent_a_note_sees_how_many_have_read_it(officer, cadres):
    send_note(by=officer, place=township(), text=TEXT)
    mark_all_read(by=cadres[0])
    [row] = selectors.sendings(officer)
    assert (row["text"], row["told"], row["read"]) == (TEXT, 2, 1)
    assert not selectors.sendings(cadres[0])


# Reading.


def test_reading_is_counted_and_only_ones_own(cadres):
    mine, other = (make.message(to=each) for each in cadres)
    assert selectors.unread_count(cadres[0]) == 1
    mark_read(by=cadres[0], message=mine)
    assert selectors.unread_count(cadres[0]) == 0
    with pytest.raises(PermissionDenied):
        mark_read(by=cadres[0], message=other)
    assert selectors.unread_count(cadres[1]) == 1


def test_all_are_marked_at_once_or_those_about_one_thing(cadres):
    for url in ("/jobs/1/", "/jobs/1/", "/jobs/2/"):
        make.message(to=cadres[0], url=url)
    make.message(to=cadres[1])
    assert mark_all_read(by=cadres[0], url="/jobs/1/") == 2
    assert mark_all_read(by=cadres[0]) == 1
    assert selectors.unread_count(cadres[1]) == 1


# Jobs.


@pytest.fixture
def kinds(monkeypatch):
    """Work that ends well and work that does not."""

    def refuse(job):
        raise services.JobError("文件里没有“户编号”这一列。")

    monkeypatch.setattr(registry, "_kinds", {})
    register(JobKind(kind="good", run=lambda job: {"done": 3}))
    register(JobKind(kind="bad", run=refuse))


@pytest.mark.parametrize(
    ("kind", "said"), [("good", "导出名册：已完成"), ("bad", "没有完成。文件里没有“户编号”这一列。")]
)
def test_the_owner_of_a_job_is_told_how_it_ended(kinds, officer, kind, said):
    job = services.prepare(by=officer, kind=kind, title="导出名册")
    running.run(job.pk)
    running.run(job.pk)  # delivered twice
    [told] = Message.objects.visible_to(officer)
    assert said in told.text
    assert told.url == f"/jobs/{job.pk}/"


def test_nobody_is_told_of_the_systems_own_jobs_or_of_cancelled_ones(kinds, officer):
    running.run(services.prepare(by=None, kind="good", title="夜间评定").pk)
    mine = services.prepare(by=officer, kind="good", title="导出名册")
    services.cancel(by=officer, job=mine)
    assert not Message.objects.exists()


def test_a_job_that_died_too_often_is_told_too(kinds, officer):
    stale = timezone.now() - timedelta(minutes=10)
    make.job(owner=officer, kind="good", status="running", attempts=3, heartbeat_at=stale)
    lost.requeue_lost()
    assert "没有完成" in Message.objects.visible_to(officer).get().text


def test_whoever_sees_the_outcome_of_his_sheet_need_not_be_told(client, kinds):
    officer = make.posted(Role.COUNTY_OFFICER)
    job = services.prepare(by=officer, kind="good", title="检查名册")
    sheet = make.sheet_import(by=officer, job=job, status="done")
    running.run(job.pk)
    assert selectors.unread_count(officer) == 1
    client.force_login(officer)
    assert client.get(f"/sheets/{sheet.pk}/").status_code == 200
    assert selectors.unread_count(officer) == 0


def test_whoever_sees_the_outcome_need_not_be_told(client, kinds, officer):
    job = services.prepare(by=officer, kind="good", title="导出名册")
    client.force_login(officer)
    client.get(f"/jobs/{job.pk}/")
    running.run(job.pk)
    assert selectors.unread_count(officer) == 1
    client.get(f"/jobs/{job.pk}/")
    assert selectors.unread_count(officer) == 0
