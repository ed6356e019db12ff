"""The database itself shows nobody a row outside his places, whatever the application asks (decision 66)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import ProgrammingError, connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

from assistance.models import Pairing
from households.models import AnnualRecord, Assessment, Household, Lead, Member, Notice
from povreg.celery import app
from povreg.jobs import services as jobs
from povreg.jobs.registry import JobKind, register
from povreg.kit import reach
from povreg.kit.commands import HouseCommand
from povreg.kit.reach import EVERYWHERE, NOWHERE, Reach, at, reaching
from tests import factories as make
from tests.owner import owner
from villages.rights import Role, policies
from villages.rights.reach import ReachOfRequest
from villages.rights.scope import ScopedQuerySet

pytestmark = pytest.mark.django_db


def seen() -> tuple[int, int]:
    return Household.objects.count(), Member.objects.count()


@pytest.fixture
def two_villages() -> tuple[Household, Household]:
    """One household here, one next door."""
    return make.household(members=2), make.household(make.NEXT_VILLAGE, members=3)


def test_without_places_no_row_is_visible(two_villages: Any) -> None:
    assert seen() == (2, 5)
    with reaching(NOWHERE):
        assert seen() == (0, 0)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL povreg.reach = ''")
        cursor.cursor.execute("SELECT count(*) FROM households_household")  # carries nothing
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([make.VILLAGE], (1, 2)),
        ([make.NEXT_VILLAGE, make.OTHER_COUNTY], (1, 3)),
        ([make.VILLAGE, make.NEXT_VILLAGE], (2, 5)),
        ([make.TOWNSHIP], (2, 5)),
        ([make.COUNTY[:2]], (2, 5)),
        ([make.OTHER_TOWNSHIP], (0, 0)),
        ([], (0, 0)),
    ],
)
def test_a_reach_shows_its_places_and_no_other(two_villages: Any, codes: list[str], expected: tuple[int, int]) -> None:
    with reaching(at(*codes)):
        assert seen() == expected


def test_places_are_ranges_without_doubles() -> None:
    assert reach.ranges_of(["500154201200", "500154201", "500154"]) == "{[500154,500154:)}"
    assert reach.ranges_of(["500154201201", "500154201200", "500154201203"]) == (
        "{[500154201200,500154201201:),[500154201203,500154201203:)}"
    )
    assert reach.ranges_of([""]) == reach.ALL
    assert reach.ranges_of([]) == "{}"
    with pytest.raises(ValueError, match="code"):
        reach.ranges_of(["5'; DROP TABLE x; --"])


@pytest.mark.django_db(transaction=True)
def test_nothing_stays_behind_in_the_session(two_villages: Any) -> None:
    """The next transaction of the same connection may be somebody else's (a pooler in transaction mode)."""
    with reaching(EVERYWHERE):
        assert seen() == (2, 5)
        with transaction.atomic():
            assert seen() == (2, 5)
        assert len(list(Household.objects.iterator(chunk_size=1))) == 2
    assert bare("SELECT count(*) FROM households_household") == 0
    assert not bare("SELECT current_setting('povreg.reach', true)")
    with reaching(at(make.NEXT_VILLAGE)):
        assert len(list(Member.objects.iterator(chunk_size=1))) == 3  # a cursor on the server, outside a transaction
        with transaction.atomic():
            assert len(list(Member.objects.iterator(chunk_size=1))) == 3
    assert bare("SELECT count(*) FROM households_member") == 0


def bare(statement: str) -> Any:
    """What a statement that carries nothing gets."""
    with connection.cursor() as cursor:
        cursor.cursor.execute(statement)
        return cursor.fetchone()[0]


def test_a_savepoint_taken_back_does_not_take_the_reach_along(two_villages: Any) -> None:
    with reaching(at(make.VILLAGE)):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nonsense FROM households_household")
        assert seen() == (1, 2)


def test_a_row_is_written_inside_the_reach_only(two_villages: Any) -> None:
    here, there = two_villages
    with reaching(at(make.VILLAGE)):
        assert Household.objects.filter(pk=there.pk).update(group_name="x") == 0
        assert Household.objects.filter(pk=here.pk).update(group_name="x") == 1
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Household.objects.filter(pk=here.pk).update(village_id=make.NEXT_VILLAGE)


def test_a_helper_reaches_his_own_households(two_villages: Any) -> None:
    here, _there = two_villages
    helper, other = make.posted(Role.HELPER), make.household(members=1)
    make.pairing(here, helper)
    make.pairing(other, ends_on="2020-01-02", starts_on="2020-01-01", helper=helper)
    with reaching(helper.reach()):
        assert [row.pk for row in Household.objects.all()] == [here.pk]
        assert {row.household_id for row in Member.objects.all()} == {here.pk}
    with reaching(make.posted(Role.HELPER).reach()):
        assert seen() == (0, 0)


@pytest.mark.parametrize("role", Role)
def test_every_role_reaches_what_the_first_lock_shows(two_villages: Any, role: Role) -> None:
    user = make.posted(role)
    make.pairing(two_villages[0], user if role == Role.HELPER else None)
    wanted = {model: set(model.objects.visible_to(user).values_list("pk", flat=True)) for model in (Household, Member)}
    with reaching(user.reach()):
        assert {model: set(model.objects.values_list("pk", flat=True)) for model in wanted} == wanted


# Requests with the first lock removed.


@pytest.fixture
def first_lock_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """``visible_to`` shows everything, to everybody."""
    for found in {ScopedQuerySet, *_subclasses(ScopedQuerySet)}:
        if "visible_to" in vars(found):
            monkeypatch.setattr(found, "visible_to", lambda self, user: self)


def _subclasses(of: type) -> Iterator[type]:
    for found in of.__subclasses__():
        yield found
        yield from _subclasses(found)


LISTS = ["/households/", "/people/", "/flips/", "/households/search/?q=王", "/leads/", "/procedures/", "/"]
RESOURCES = ["households", "members", "annual-records", "assessments", "batches", "notices", "pairings", "objections"]


@pytest.fixture
def foreigners() -> Household:
    """A household of another township with all that hangs on it, under a name that stands nowhere else."""
    row = make.household(make.OTHER_TOWNSHIP + "200", members=1)
    Member.objects.filter(household=row).update(name="欧阳远客")
    make.annual_record(row)
    make.assessment(row, failed=["water"])
    make.flip(row)
    make.attachment(row)
    make.pairing(row)
    make.lead(row)
    return row


@pytest.mark.parametrize("role", [Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.HELPER])
def test_with_the_first_lock_removed_pages_show_no_foreign_row(
    role: Role, foreigners: Household, first_lock_open: None
) -> None:
    client = Client()
    client.force_login(make.posted(role))
    for path in LISTS:
        answer = client.get(path, follow=True)
        assert "欧阳远客" not in answer.content.decode(), path
        assert foreigners.household_no not in answer.content.decode(), path
    assert client.get(f"/households/{foreigners.pk}/").status_code == 404


@pytest.mark.parametrize("role", [Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER])
def test_with_the_first_lock_removed_the_api_shows_no_foreign_row(
    role: Role, foreigners: Household, first_lock_open: None
) -> None:
    client = Client()
    client.force_login(make.posted(role))
    for name in RESOURCES:
        answer = client.get(f"/api/v1/{name}/")
        assert answer.status_code == 200, (name, answer.content)
        assert answer.json()["count"] == 0, name
    assert client.get(f"/api/v1/households/{foreigners.pk}/").status_code == 404


def test_the_first_lock_was_open(foreigners: Household, first_lock_open: None) -> None:
    """Else the tests above could not fail: to an officer of the county they show it all."""
    client = Client()
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    assert client.get("/api/v1/households/").json()["count"] == 1
    assert foreigners.household_no in client.get("/households/").content.decode()
    cadre = make.posted(Role.VILLAGE_CADRE)
    assert Household.objects.visible_to(cadre).count() == 1


def test_nobody_signed_in_reaches_nothing(rf: Any, foreigners: Household) -> None:
    """A page without login sees no row, unless it asks a question that is declared."""
    request = rf.get("/")
    answered: list[tuple[int, int]] = []

    def view(_request: HttpRequest) -> HttpResponse:
        answered.append(seen())
        with reach.wider("public"):
            answered.append(seen())
        return HttpResponse()

    for request.user in (AnonymousUser(), make.posted(Role.ACCOUNTS_ADMIN), make.posted(Role.COUNTY_OFFICER)):
        ReachOfRequest(view)(request)
    assert answered == [(0, 0), (1, 1), (0, 0), (1, 1), (1, 1), (1, 1)]


# Jobs, tasks and commands.


def test_a_task_of_the_house_reaches_everywhere_and_a_job_its_county(two_villages: Any) -> None:
    counted: list[tuple[int, int]] = []
    make.household(make.OTHER_COUNTY + "201200", members=1)

    @app.task(name="tests.count")
    def count() -> None:
        counted.append(seen())

    with reaching(NOWHERE):
        count.delay()
        count.apply()
    register(JobKind("tests.count", run=lambda _job: counted.append(seen())))
    jobs.run_here(jobs.prepare(by=None, kind="tests.count", title="", place_code=make.VILLAGE))
    register(JobKind("tests.own", run=lambda _job: counted.append(seen()), own=True))
    cadre = make.posted(Role.VILLAGE_CADRE, make.NEXT_VILLAGE)
    jobs.run_here(jobs.prepare(by=cadre, kind="tests.own", title="", place_code=make.COUNTY))
    assert counted == [(3, 6), (3, 6), (2, 5), (1, 3)]


def test_a_command_reaches_the_place_it_names(two_villages: Any) -> None:
    counted = []

    class Counting(HouseCommand):
        def add_arguments(self, parser: Any) -> None:
            parser.add_argument("--place")

        def handle(self, *_args: Any, **_options: Any) -> None:
            counted.append(seen())

    with reaching(NOWHERE):
        call_command(Counting())
        call_command(Counting(), place=make.VILLAGE)
    assert counted == [(2, 5), (1, 2)]


def test_a_wider_question_is_declared_with_its_reason() -> None:
    assert all(len(reason) > 20 for reason in reach.WIDER.values())
    with pytest.raises(LookupError), reach.wider("whatever"):
        pass


# The catalogue.


def test_every_table_with_a_place_is_secured_or_named_with_its_reason() -> None:
    secured = {policy.table for policy in policies.policies()}
    for model in apps.get_models():
        kept = getattr(model, "pgh_tracked_model", model)
        table, kept_table = model._meta.db_table, kept._meta.db_table
        on_households = any(
            isinstance(field, models.ForeignKey) and field.related_model in (Household, Member)
            for field in model._meta.get_fields()
        )
        if on_households or hasattr(model, "scope"):
            assert (table in secured) != (kept_table in policies.OPEN), table
    assert len(secured) > 70


def test_the_database_has_the_policies_that_are_declared() -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute(policies.PRESENT, [policies.NAME])
        assert dict(cursor.fetchall()) == {policy.table: policy.mark for policy in policies.policies()}
        cursor.execute("SELECT count(*) FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity")
        assert cursor.fetchone() == (len(policies.policies()),)
        assert policies.secure_rows(cursor) == 0  # a second time nothing is locked


def test_histories_follow_the_household(two_villages: Any) -> None:
    here, there = two_villages
    events = apps.get_model("households", "HouseholdEvent"), apps.get_model("households", "MemberEvent")
    with reaching(at(make.VILLAGE)):
        assert {row.pgh_obj_id for row in events[0].objects.all()} == {here.pk}
        assert {row.household_id for row in events[1].objects.all()} == {here.pk}
    assert there.pk in {row.pgh_obj_id for row in events[0].objects.all()}


def test_what_hangs_on_households_follows(foreigners: Household) -> None:
    tables = (AnnualRecord, Assessment, Lead, Pairing)
    assert [model.objects.count() for model in tables] == [1, 1, 1, 1]
    with reaching(at(make.VILLAGE)):
        assert [model.objects.count() for model in tables] == [0, 0, 0, 0]
        assert Notice.objects.count() == 0


def test_reach_is_a_plain_value() -> None:
    assert Reach("{}", "{}", "7").prefix == "SET LOCAL povreg.reach = '{}|{}|7'; "
