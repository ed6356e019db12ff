"""The counts of assistance: what plain SQL counts, kept in step by the verbs, and what the dashboard shows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from assistance.measures.services import Given, deliver_measure, withdraw_measure
from assistance.models import AssistanceTally
from assistance.pairing.services import end_pairing, start_pairing
from assistance.situation import tallies
from assistance.situation.tasks import count_places
from assistance.visits.services import Signed, log_visit, withdraw_visit
from households.register.moves import transfer_household
from povreg.jobs import gathering
from tests import factories as make
from tests.assistance import moneyed
from tests.assistance.test_situation import SQL, county
from tests.factories_assistance import catalogue_item
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
TODAY = timezone.localdate
Commits = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Commits) -> Iterator[Commits]:
    """What a verb has done after its commit is done."""
    yield lambda: django_capture_on_commit_callbacks(execute=True)


def test_counts_are_what_plain_sql_counts_at_every_level() -> None:
    county()
    moneyed.project(at=make.TOWNSHIP, state="started", year=YEAR, budget=Decimal("7000"))
    tallies.recount_county(make.COUNTY)
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"year": YEAR})
        wanted = dict(zip([each[0] for each in cursor.description], cursor.fetchone(), strict=True))
        cursor.execute("SELECT sum(budget) FROM assistance_project")
        wanted["asked"] = cursor.fetchone()[0]
    del wanted["people"]
    for place, below in ((make.COUNTY, 9), (make.TOWNSHIP, 12), (make.COUNTY[:2], 4)):
        found, as_of = tallies.read(place, YEAR, below)
        whole = tallies.added(list(found.values()))
        assert {name: whole[name] for name in wanted} == wanted and as_of is not None
    assert set(tallies.read(make.TOWNSHIP, YEAR, 12)[0]) == {make.TOWNSHIP, make.VILLAGE, make.NEXT_VILLAGE}
    before, _ = tallies.read(make.COUNTY, YEAR - 1, 9)
    assert tallies.added(list(before.values()))["measures"] == 1
    again, _ = tallies.read(make.TOWNSHIP, YEAR, 12)
    assert tallies.recount_all() == 1 and tallies.read(make.TOWNSHIP, YEAR, 12)[0] == again


def row_of(village: str = make.VILLAGE) -> dict[str, Any]:
    return tallies.read(village, YEAR, 12)[0].get(village, tallies.NOTHING)


def test_verbs_count_anew_what_they_change(committed: Commits) -> None:
    xian, home = make.posted(Role.COUNTY_OFFICER), make.household(members=1, exit_status="0")
    helper = make.posted(Role.HELPER)
    with committed():
        pair = start_pairing(by=xian, household=home, helper=helper, starts_on=TODAY())
    assert (row_of()["helped_due"], row_of()["helped"], row_of()["others_done"]) == (1, 1, 0)
    with committed():
        seen = log_visit(by=helper, household=home, visited_on=TODAY(), signed=Signed(reason="不在家"))
    assert (row_of()["others"], row_of()["others_done"]) == (1, 1)
    with committed():
        withdraw_visit(by=helper, visit=seen, reason="记错了")
        given = deliver_measure(
            by=xian, household=home, item=catalogue_item(), delivered_on=TODAY(),
            given=Given(amount=Decimal(600), quantity=Decimal(2), payer="农业局", source="county"),
        )  # fmt: skip
    assert (row_of()["others_done"], row_of()["measures"], row_of()["spent"]) == (0, 1, Decimal(600))
    with committed():
        withdraw_measure(by=xian, measure=given, reason="记错了")
        make.pairing(home, make.posted(Role.HELPER), turn=2)
        end_pairing(by=xian, pairing=pair, ends_on=TODAY(), reason="调走")
    assert (row_of()["measures"], row_of()["helped"]) == (0, 1)


def test_who_moves_is_counted_where_he_came_from_and_where_he_lives(
    committed: Commits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a worker: a save at entry waits for no count."""
    sent: list[Any] = []
    with gathering.taken(tallies.COUNT_PLACES):
        pass  # what other tests have left
    monkeypatch.setattr(gathering.current_app, "send_task", lambda name, args, **_more: sent.append((name, args)))
    home = make.household(members=1)
    make.place(make.NEXT_VILLAGE)
    officer = make.posted(Role.TOWNSHIP_OFFICER)
    with committed():
        transfer_household(by=officer, household=home, village=make.NEXT_VILLAGE, on=TODAY(), reason="搬迁")
    assert sent.count((tallies.COUNT_PLACES, [""])) == 1
    count_places()
    assert row_of()["others"] == 0 and row_of(make.NEXT_VILLAGE)["others"] == 1


def test_the_dashboard_shows_them_and_leads_to_rows(client: Client) -> None:
    county()
    make.tally(make.COUNTY, YEAR)
    tallies.recount_county(make.COUNTY)
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    page = client.get(f"/dashboard/{make.COUNTY}/", {"year": YEAR})
    assert "本月已走访" in page.content.decode() and "各地帮扶" in page.content.decode()
    whole = page.context["helping"].whole
    for figure, address in whole.urls.items():
        if figure not in ("money",):
            assert client.get(address).context["list"].count == getattr(whole, figure), figure
    assert client.get(whole.urls["money"]).status_code == 200
    before = client.get(f"/dashboard/{make.COUNTY}/", {"year": YEAR - 1}).content.decode()
    assert "本月已走访" not in before


def test_who_sees_no_money_is_shown_none(client: Client) -> None:
    county()
    make.tally(make.VILLAGE, YEAR)
    tallies.recount_county(make.COUNTY)
    client.force_login(make.posted(Role.VILLAGE_CADRE))
    page = client.get(f"/dashboard/{make.VILLAGE}/", {"year": YEAR})
    shown = page.context["helping"]
    assert shown.rows == [] and ("已安排资金" in page.content.decode()) is ("money" in shown.whole.urls)
    assert AssistanceTally.objects.count() >= 2
