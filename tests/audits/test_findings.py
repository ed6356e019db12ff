"""A finding from a check to its end, and what may not be done on the way; doubts that are solved, exempt, found again;
rounds with their numbers."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.checks import services as checks
from audits.checks.connect import GUARD
from audits.checks.running import check_households, run_checks
from audits.findings import rounds, services
from audits.findings.selectors import counts_of_round, next_steps
from audits.models import Doubt, Exemption, Finding, SampleCase
from households.models import Batch, BatchEntry, Household, Member
from tests import factories as make
from tests.api import rows as batches
from tests.audits import made, sampled
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = 2026
SOON = timezone.localdate() + timedelta(days=10)
SAID = "到户看过，已经改正。"


def person(role: Role, code: str = "") -> User:
    return make.posted(role, code)


def empty_household() -> Household:
    return make.household()


def doubt_of(row: Household, rule: str = "household-empty") -> Doubt:
    return Doubt.objects.get(household=row, rule=rule)


def test_a_check_becomes_a_finding_that_another_closes() -> None:
    home = empty_household()
    auditor, cadre = person(Role.AUDITOR), person(Role.VILLAGE_CADRE)
    run_checks(make.COUNTY, YEAR)
    found = checks.open_from_doubt(by=auditor, doubt=doubt_of(home))
    assert found.state == "open" and next_steps(auditor, found)[0] == ("assign", "dismiss")
    found = services.assign_finding(by=auditor, finding=found, demand="请补登记成员。", deadline=SOON)
    with pytest.raises(PermissionDenied):
        services.close_finding(by=cadre, finding=found, text=SAID)
    found = services.answer_finding(by=cadre, finding=found, outcome="corrected", text=SAID)
    page = Client()
    page.force_login(auditor)
    shown = page.get(reverse("finding", args=[found.pk])).content.decode()
    assert "最近一次核查还有 1 处没有消除" in shown and "核查仍然发现这些疑点" in shown
    found = services.close_finding(by=auditor, finding=found, text=SAID)
    assert (found.state, found.verified_by, found.ended_on) == ("closed", auditor, timezone.localdate())
    assert [step.kind for step in found.steps.order_by("pk")] == ["opened", "assigned", "answered", "closed"]


def test_who_answered_does_not_verify() -> None:
    officer = person(Role.COUNTY_OFFICER)
    row = made.finding(state="answered", outcome="corrected", answered_by=officer, answered_on=timezone.localdate())
    with pytest.raises(ValidationError, match="两个人"):
        services.close_finding(by=officer, finding=row, text=SAID)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=row.pk).update(verified_by=officer)
    assert next_steps(officer, row)[0] == ()


def test_a_household_leaves_through_a_list_only() -> None:
    home = make.household(members=1)
    cadre, row = person(Role.VILLAGE_CADRE), made.finding(home)
    with pytest.raises(ValidationError, match="名单"):
        services.answer_finding(by=cadre, finding=row, outcome="removed", text=SAID)
    batch = batches.batch(home)
    row = services.answer_finding(by=cadre, finding=row, outcome="removed", text=SAID, batch=batch)
    assert row.batch == batch and home.in_register
    auditor = person(Role.AUDITOR)
    with pytest.raises(ValidationError, match="还没有生效"):
        services.close_finding(by=auditor, finding=row, text=SAID)
    Batch.objects.filter(pk=batch.pk).update(state="done", step=None, ended_on=timezone.localdate())
    batch.entries.update(state="out", reason="户主不同意", is_open=False)
    with pytest.raises(ValidationError, match="已不在名单上"):
        services.close_finding(by=auditor, finding=row, text=SAID)
    batch.entries.update(state="listed", reason="")
    assert services.close_finding(by=auditor, finding=row, text=SAID).state == "closed"


@pytest.mark.parametrize("code", [make.NEXT_VILLAGE])
def test_strangers_neither_see_nor_answer(code: str) -> None:
    row, stranger = made.finding(make.household(members=1)), person(Role.VILLAGE_CADRE, code)
    assert not Finding.objects.visible_to(stranger).exists()
    with pytest.raises(PermissionDenied):
        services.answer_finding(by=stranger, finding=row, outcome="corrected", text=SAID)


def test_it_comes_back() -> None:
    auditor = person(Role.AUDITOR)
    row = made.finding(state="answered", outcome="measures", answered_by=person(Role.VILLAGE_CADRE))
    row = services.return_finding(by=auditor, finding=row, text="凭据上没有单位的章。", deadline=SOON)
    assert row.state == "assigned"
    row = services.dismiss_finding(by=auditor, finding=row, text="部门数据有误，附证明。")
    row = services.reopen_finding(by=auditor, finding=row, text="证明是另一户的。", deadline=SOON)
    assert (row.state, row.reopened, row.ended_on, row.outcome) == ("assigned", 1, None, "")


def test_stations_hold_to_every_filter_of_the_address(client: Client) -> None:
    home = make.household(members=1)
    made.finding(home)
    made.finding(make.household(members=1))
    client.force_login(person(Role.AUDITOR))
    for query in (f"household={home.pk}", "severity=serious", "outcome=fixed"):
        for station in client.get(f"{reverse('findings')}?{query}&state=all").context["stations"]:
            found = client.get(reverse("findings") + station.url).context["list"].count
            assert found == station.count, (query, station.label)


def test_a_round_counts_what_ended_in_it() -> None:
    officer, auditor = person(Role.COUNTY_OFFICER), person(Role.AUDITOR)
    a_round = made.audit_round()
    for outcome in ("removed", "kept", "kept", "added"):
        made.finding(
            make.household(), round=a_round, state="closed", outcome=outcome, ended_on=timezone.localdate(),
            verified_by=auditor,
        )  # fmt: skip
    last = made.finding(round=a_round)
    with pytest.raises(ValidationError, match="还有 1 件"):
        rounds.close_round(by=officer, round=a_round, summary="")
    services.dismiss_finding(by=auditor, finding=last, text="核实不属实。")
    a_round = rounds.close_round(by=officer, round=a_round, summary="整改完毕。")
    numbers = counts_of_round(a_round)
    assert [numbers[name] for name in ("removed", "kept", "added", "closed", "dismissed")] == [1, 2, 1, 4, 1]
    with pytest.raises(ValidationError, match="已经办结"):
        services.open_finding(by=officer, source="manual", title="又一个问题", village=last.village, round=a_round)


def test_a_doubt_is_solved_and_found_again() -> None:
    home = empty_household()
    run_checks(make.COUNTY, YEAR)
    assert doubt_of(home).solved_on is None
    person_ = make.member(home)
    outcome = check_households([home.pk], YEAR)
    assert outcome.households == 1 and doubt_of(home).solved_on == timezone.localdate()
    Member.objects.filter(pk=person_.pk).update(left_on=timezone.localdate(), left_reason="01")
    check_households([home.pk], YEAR)
    again = doubt_of(home)
    assert (again.solved_on, again.times) == (None, 2)


def test_an_exemption_holds_until_it_is_withdrawn() -> None:
    home, officer = empty_household(), person(Role.COUNTY_OFFICER)
    run_checks(make.COUNTY, YEAR)
    with pytest.raises(PermissionDenied):
        checks.exempt_doubt(by=person(Role.AUDITOR), doubt=doubt_of(home), reason="空挂待迁出。", until=SOON)
    row = checks.exempt_doubt(by=officer, doubt=doubt_of(home), reason="空挂待迁出。", until=SOON)
    run_checks(make.COUNTY, YEAR)
    assert doubt_of(home).exempted and not Doubt.objects.open().filter(rule="household-empty").exists()
    checks.withdraw_exemption(by=officer, exemption=row)
    assert not doubt_of(home).exempted


def test_a_dismissed_finding_exempts_its_doubt() -> None:
    home, auditor = empty_household(), person(Role.AUDITOR)
    run_checks(make.COUNTY, YEAR)
    found = checks.open_from_doubt(by=auditor, doubt=doubt_of(home))
    services.dismiss_finding(by=auditor, finding=found, text="成员都已去世，正在销户。")
    assert doubt_of(home).exempted and Exemption.objects.get().by == auditor


def test_the_doubts_of_a_rule_are_opened_village_by_village() -> None:
    for code in (make.VILLAGE, make.VILLAGE, make.NEXT_VILLAGE):
        make.household(code)
    officer = person(Role.COUNTY_OFFICER)
    run_checks(make.COUNTY, YEAR)
    given = {"rule": "household-empty", "place": make.place(make.COUNTY), "year": YEAR}
    found = checks.open_for_rule(by=officer, demand="请逐户核对。", deadline=SOON, **given)
    assert [row.village_id for row in found] == [make.VILLAGE, make.NEXT_VILLAGE]
    assert Doubt.objects.filter(finding=found[0]).count() == 2
    with pytest.raises(ValidationError, match="没有待开出"):
        checks.open_for_rule(by=officer, demand="请逐户核对。", deadline=SOON, **given)
    closed = {"state": "closed", "outcome": "corrected", "ended_on": timezone.localdate(), "verified_by": officer}
    Finding.objects.filter(pk=found[0].pk).update(**closed)
    again = checks.open_for_rule(by=officer, demand="还是一样，请再核对。", deadline=SOON, **given)
    assert [row.village_id for row in again] == [make.VILLAGE], "what was closed and is found again is opened anew"


def test_a_county_sets_a_rule() -> None:
    home, officer = make.household(members=7), person(Role.COUNTY_OFFICER)
    run_checks(make.COUNTY, YEAR)
    assert not Doubt.objects.filter(rule="household-large").exists()
    given = {"county": make.place(make.COUNTY), "rule": "household-large", "year_from": YEAR, "reason": "县里的口径"}
    checks.set_rule(by=officer, params={"most": 6}, severity="E", enabled=True, **given)
    run_checks(make.COUNTY, YEAR)
    assert doubt_of(home, "household-large").severity == "E"
    checks.set_rule(by=officer, params={"most": 6}, severity="", enabled=False, **given)
    run_checks(make.COUNTY, YEAR)
    assert doubt_of(home, "household-large").solved_on


def test_a_serious_doubt_keeps_a_household_off_the_lists() -> None:
    home = make.household(members=1)
    batch = batches.batch(home)
    entries = BatchEntry.objects.filter(batch=batch)
    assert not entries.filter(GUARD.bad(YEAR)).exists()
    made.doubt(home, rule="household-empty", severity="E")
    assert entries.filter(GUARD.bad(YEAR)).exists()


def test_an_objection_a_sample_and_an_inspection_have_their_button(client: Client) -> None:
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    objection = batches.objection(make.household(members=1))
    visit = made.inspection()
    case = sampled.case(make.household(members=1, exit_status="1"))
    SampleCase.objects.filter(pk=case.pk).update(state="done", seen_on=timezone.localdate())
    pages = {
        "objection": reverse("objection", args=[objection.pk]),
        "inspection": reverse("inspection", args=[visit.pk]),
        "sample": reverse("sample-case", args=[case.pk]),
    }
    for source, page in pages.items():
        found = re.search(
            f'href="({reverse("finding-new")}[^"]*source={source}[^"]*)"', client.get(page).content.decode()
        )
        assert found, source
        address = html.unescape(found[1])
        form = client.get(address).content.decode()
        assert re.search(f'<option value="{source}"[^>]*selected', form), source
        sent = {"source": source, "severity": "W", "title": "房屋不安全", "village": make.VILLAGE}
        assert client.post(address, sent).status_code == 302
    assert set(Finding.objects.values_list("source", flat=True)) == set(pages)
