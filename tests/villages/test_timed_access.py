"""Access for some hours: asked by one, granted by another, known to the office, ended by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from povreg.kit.reach import EVERYWHERE, reaching
from tests import factories
from tests.api.conftest import calling
from tests.owner import owner
from tests.villages.trusted import timed_access
from villages.access import services
from villages.access.selectors import state_of
from villages.models import Message, Posting, TimedAccess, User
from villages.people import postings
from villages.rights import Right, Role

pytestmark = pytest.mark.django_db
WORDS = {"hours": 24, "reason": "省级督查组抽查", "document": "渝督〔2026〕12号"}


@pytest.fixture
def security() -> User:
    return factories.posted(Role.SECURITY_ADMIN)


@pytest.fixture
def inspector() -> User:
    """Somebody whose posting lies in the next township."""
    return factories.posted(Role.INSPECTOR, factories.OTHER_TOWNSHIP)


def ask(by: User, **more: Any) -> TimedAccess:
    given = {"account": by, "place": factories.place(factories.TOWNSHIP), **WORDS, **more}
    return services.ask_access(by=by, **given)


def read(user: User, household: Any) -> int:
    """What the household's page answers."""
    client = Client()
    client.force_login(user)
    return client.get(f"/households/{household.pk}/").status_code


def rows_in_reach(user: User) -> int:
    """Households that the database shows to a statement without any filter."""
    with reaching(User.objects.get(pk=user.pk).reach()), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM households_household")
        found = int(cursor.fetchone()[0])
    with owner():  # a role stays for the rest of a test's transaction
        return found


def let_time_pass(row: TimedAccess) -> None:
    Posting.objects.filter(pk=row.posting_id).update(until=timezone.now() - timedelta(seconds=1))


def told(user: User) -> str:
    return " ".join(Message.objects.filter(to=user).order_by("pk").values_list("text", flat=True))


def test_from_asking_to_its_end_by_itself(inspector: User, security: User) -> None:
    household = factories.household(members=1)
    officer, leader = factories.posted(Role.COUNTY_OFFICER), factories.posted(Role.COUNTY_LEADER)
    assert (read(inspector, household), rows_in_reach(inspector)) == (404, 0)

    row = ask(inspector)
    assert "请核对依据" in told(security) and state_of(row) == "waiting"
    assert (read(inspector, household), rows_in_reach(inspector)) == (404, 0), "asking opens nothing"

    row = services.grant_access(by=security, access=row)
    assert (read(inspector, household), rows_in_reach(inspector)) == (200, 1)
    assert state_of(row) == "open" and row.ends_at - row.decided_at == timedelta(hours=24)
    assert all("省级督查组抽查" in told(each) for each in (officer, leader)), "the owner knows at once, and why"
    fresh = User.objects.get(pk=inspector.pk)
    assert not fresh.can(Right.UNMASK, factories.TOWNSHIP) and not fresh.can(Right.EXPORT, factories.TOWNSHIP)
    assert fresh.reach().role, "the statements write nothing"

    let_time_pass(row)
    assert (read(inspector, household), rows_in_reach(inspector)) == (404, 0)
    kept = TimedAccess.objects.select_related("posting").get(pk=row.pk)
    assert state_of(kept) in ("over", "ended") and kept.posting.role == Role.INSPECTOR


def test_the_office_asks_for_a_team_without_postings_and_ends_it(security: User) -> None:
    household, officer, guest = factories.household(members=1), factories.posted(Role.COUNTY_OFFICER), factories.user()
    row = services.grant_access(by=security, access=ask(officer, account=guest))
    assert read(guest, household) == 200
    services.end_access(by=officer, access=row, reason="督查已经结束")
    assert read(guest, household) == 403, "nothing is open to him any more"
    row = TimedAccess.objects.select_related("posting").get(pk=row.pk)
    assert state_of(row) == "ended" and "督查已经结束" in told(guest)
    with pytest.raises(ValidationError, match="已经结束"):
        services.end_access(by=officer, access=row, reason="再结束一次")


def test_taking_the_posting_back_leaves_it_in_the_trail(inspector: User, security: User) -> None:
    row = services.grant_access(by=security, access=ask(inspector))
    postings.end(by=security, posting=row.posting, last_day=timezone.localdate() - timedelta(days=1))
    row = TimedAccess.objects.select_related("posting").get(pk=row.pk)
    assert state_of(row) == "ended" and row.posting.until <= timezone.now()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"hours": 73}, "1 至 72 小时"),
        ({"hours": 0}, "1 至 72 小时"),
        ({"reason": "查"}, "写明事由"),
        ({"document": " "}, "文号"),
        ({"place": factories.OTHER_TOWNSHIP}, "现在就能查阅"),
    ],
)
def test_what_cannot_be_asked(inspector: User, more: dict[str, Any], words: str) -> None:
    if "place" in more:
        more = {"place": factories.place(more["place"])}
    with pytest.raises(ValidationError, match=words):
        ask(inspector, **more)


def test_who_may_not_be_let_in_or_ask(inspector: User) -> None:
    cadre, officer = factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE), factories.posted(Role.COUNTY_OFFICER)
    with pytest.raises(ValidationError, match="由同一人担任"):
        ask(officer, account=cadre)
    with pytest.raises(PermissionDenied):
        ask(inspector, account=factories.user())
    with pytest.raises(PermissionDenied):
        ask(cadre)
    with pytest.raises(PermissionDenied):
        ask(inspector, place=factories.place(factories.OTHER_COUNTY))
    ask(inspector)
    with pytest.raises(ValidationError, match="不用重复申请"):
        ask(inspector)


def test_four_eyes(security: User) -> None:
    row = timed_access()
    with pytest.raises(PermissionDenied):
        services.grant_access(by=row.asked_by, access=row)
    with pytest.raises(PermissionDenied):
        services.grant_access(by=factories.posted(Role.SECURITY_ADMIN, factories.OTHER_COUNTY), access=row)
    own = timed_access(asked_by=security)
    with pytest.raises(ValidationError, match="另一位安全管理员"):
        services.grant_access(by=security, access=own)
    with pytest.raises(IntegrityError, match="access_by_another"), transaction.atomic():
        TimedAccess.objects.filter(pk=own.pk).update(
            decided_by=security, decided_at=timezone.now(), refusal="自己批自己"
        )
    services.refuse_access(by=security, access=row, reason="没有附介绍信")
    assert "没有附介绍信" in told(row.asked_by)
    with pytest.raises(ValidationError, match="已经办理"):
        services.grant_access(by=security, access=row)


def test_a_request_that_nobody_decides_is_dead_after_three_days(security: User) -> None:
    row = timed_access()
    TimedAccess.objects.filter(pk=row.pk).update(asked_at=timezone.now() - services.LAPSES)
    row.refresh_from_db()
    assert state_of(row) == "lapsed"
    with pytest.raises(ValidationError, match="已经失效"):
        services.grant_access(by=security, access=row)


def test_pages(inspector: User, security: User) -> None:
    mine, theirs = Client(), Client()
    mine.force_login(inspector)
    theirs.force_login(security)
    township = factories.place(factories.TOWNSHIP)
    page = mine.get("/timed-access/new/").content.decode()
    assert str(township) in page and "查阅人账号" not in page
    assert mine.post("/timed-access/new/", {**WORDS, "place": township.pk, "hours": "80"}).status_code == 422
    assert mine.post("/timed-access/new/", {**WORDS, "place": township.pk}).status_code == 302
    row = TimedAccess.objects.get()
    assert "批准限时查阅" not in mine.get("/timed-access/").content.decode()
    assert "批准限时查阅" in theirs.get("/timed-access/").content.decode()
    assert mine.post(f"/timed-access/{row.pk}/grant/").status_code == 403
    assert theirs.post(f"/timed-access/{row.pk}/grant/").status_code == 302
    assert "查阅中" in mine.get("/timed-access/").content.decode()


def test_by_program(inspector: User, security: User) -> None:
    factories.place(factories.TOWNSHIP)
    mine, theirs = calling(inspector), calling(security)
    asked = mine.post("/api/v1/timed-access/", {**WORDS, "place": factories.TOWNSHIP}, format="json")
    assert (asked.status_code, asked.json()["state"]) == (201, "waiting"), asked.json()
    address = f"/api/v1/timed-access/{asked.json()['id']}/"
    assert mine.get(address).json()["until"] is None
    assert mine.post(f"{address}grant/").status_code == 403
    assert theirs.post(f"{address}grant/").json()["state"] == "open"
    assert theirs.post(f"{address}end/", {"reason": "提前走了"}, format="json").json()["state"] == "ended"
    with reaching(EVERYWHERE):
        assert TimedAccess.objects.get().history.count() == 3
