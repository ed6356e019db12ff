"""A sample on its way: drawn once, filled, closed; what it says, and who may do what."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import Sample, SampleCase
from audits.samples.design.draws import draw
from audits.samples.measures import measures_of
from audits.samples.plans import Wanted, plan
from audits.samples.results import PEOPLE, results_of
from audits.samples.selectors import MOST, OPEN_AT
from audits.samples.services import close_sample, draw_sample, note_case, note_unreached, unpacked
from povreg.kit.stale import Conflict
from tests import factories
from tests.audits.sampled import sample
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db
State = SampleCase.State


@pytest.fixture
def officer() -> User:
    return factories.posted(Role.COUNTY_OFFICER)


def people_of(village: str, left: int, ordinary: int) -> None:
    for _ in range(left):
        factories.household(village, members=2, exit_status="1")
    for _ in range(ordinary):
        factories.ordinary(village, members=1)


def wanted(**facts: object) -> Wanted:
    plain = {"place": factories.place(factories.COUNTY), "year": 2020, "design": "townships"}
    return Wanted(**plain | {"measures": ["wrong_exit", "missed", "approval"], "margin": Decimal("0.2")} | facts)  # type: ignore[arg-type]


def drawn(officer: User, **facts: object) -> Sample:
    people_of(factories.VILLAGE, 6, 4)
    people_of("500154202200", 3, 3)
    return draw_sample(by=officer, wanted=wanted(**facts), name="四季度入户", seed="2026-1130")


def test_what_was_drawn_can_be_drawn_again_from_seed_and_frame(officer: User) -> None:
    row = drawn(officer)
    frame = [tuple(line.split(",")) for line in unpacked(row).splitlines()]
    sizes = {code: each["drawn"] for code, each in row.strata.items() if "drawn" in each}
    again = draw(row.seed, frame, sizes)  # type: ignore[arg-type]
    kept = row.cases.exclude(state=State.RESERVE).order_by("stratum", "position")
    assert [case.household.household_no for case in kept] == [no for code in sorted(again) for no in again[code]]
    assert len(frame) == 16
    assert row.strata[PEOPLE]["exited"] == 18


def test_strata_are_townships_and_a_village_gets_its_least(officer: User) -> None:
    people_of(factories.VILLAGE, 6, 0)
    people_of("500154202200", 3, 0)
    by_township = plan(wanted(measures=["wrong_exit"]), "1")
    assert set(by_township.units) == {"exited/500154201", "exited/500154202"}
    by_village = plan(wanted(measures=["wrong_exit"], design="villages", margin=Decimal("0.49"), least=2), "1")
    assert by_village.sizes == {f"exited/{factories.VILLAGE}": 2, "exited/500154202200": 2}


def test_villages_first_then_households(officer: User) -> None:
    for village in (factories.VILLAGE, "500154202200", factories.NEXT_VILLAGE):
        people_of(village, 3, 0)
    made = plan(wanted(measures=["wrong_exit"], design="clustered", villages_drawn=2), "1")
    assert len(made.units) == 2
    assert made.villages == {"exited": 3}


def test_what_cannot_be_drawn_is_refused(officer: User) -> None:
    with pytest.raises(ValidationError, match="可以抽的户"):
        draw_sample(by=officer, wanted=wanted(), name="四季度入户")
    with pytest.raises(ValidationError, match="适用的指标"):
        draw_sample(by=officer, wanted=wanted(measures=["not_included"]), name="四季度入户")
    with pytest.raises(ValidationError, match="至少抽 2 个村"):
        draw_sample(by=officer, wanted=wanted(design="clustered"), name="四季度入户")
    with pytest.raises(PermissionDenied):
        draw_sample(by=factories.posted(Role.TOWNSHIP_OFFICER), wanted=wanted(), name="四季度入户")
    drawn(officer)
    with pytest.raises(ValidationError, match="同名"):
        draw_sample(by=officer, wanted=wanted(), name="四季度入户")


def test_each_era_has_its_measures() -> None:
    assert {each.code for each in measures_of(2018)} == {"wrong_exit", "missed", "approval"}
    assert {each.code for each in measures_of(2026)} == {"not_included", "wrong_clear", "no_measure", "approval"}
    [missed] = [each for each in measures_of(2018) if each.code == "missed"]
    assert missed.limit_at("500154") == {"most": 0.02}
    assert missed.limit_at("522729201")["most"] == 0.01


def answers(case: SampleCase, wrong: bool = False) -> dict[str, bool | None]:
    own = "wrong_exit" if case.population == "exited" else "missed"
    return {own: wrong, "approval": True}


def test_rates_follow_what_was_seen_and_are_frozen_at_the_end(officer: User) -> None:
    row = drawn(officer)
    today = timezone.localdate()
    cases = list(row.cases.filter(state=State.OPEN).order_by("pk"))
    exited = [case for case in cases if case.population == "exited"]
    for case in cases:
        note_case(
            by=officer, case=case, answers=answers(case, case == exited[0]), seen_on=today, note="收入没有稳定超过标准"
        )
    found = {each.code: each for each in results_of(row)}
    assert found["wrong_exit"].answered == len(exited)
    assert 0 < found["wrong_exit"].low < found["wrong_exit"].rate < found["wrong_exit"].high < 1
    assert found["wrong_exit"].kept in ("no", "unsure")
    assert found["approval"].rate == 1
    assert found["incidence"].rate == pytest.approx(found["wrong_exit"].rate * 18 / 25)
    close_sample(by=officer, sample=row)
    row.refresh_from_db()
    SampleCase.objects.filter(pk=cases[0].pk).update(answers={})
    assert {each.code: each for each in results_of(row)} == found
    with pytest.raises(ValidationError, match="已经办结"):
        note_case(by=officer, case=cases[0], answers=answers(cases[0]), seen_on=today)


def test_a_sample_with_households_waiting_is_not_closed(officer: User) -> None:
    with pytest.raises(ValidationError, match="没有核"):
        close_sample(by=officer, sample=drawn(officer))


def test_who_was_not_met_is_replaced_by_the_next_of_the_stratum(officer: User) -> None:
    row = drawn(officer, margin=Decimal("0.45"))
    case = row.cases.filter(state=State.OPEN, stratum="exited/500154201").first()
    assert case
    spare = row.cases.filter(state=State.RESERVE, stratum=case.stratum).order_by("position").first()
    assert spare
    with pytest.raises(ValidationError, match="去了几次"):
        note_unreached(by=officer, case=case, reason="")
    note_unreached(by=officer, case=case, reason="去了三次，门锁着")
    spare.refresh_from_db()
    assert spare.state == State.OPEN


def test_answers_are_whole_dated_and_explained(officer: User) -> None:
    case = drawn(officer).cases.filter(state=State.OPEN, population="exited").first()
    assert case
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="每一个问题"):
        note_case(by=officer, case=case, answers={"approval": True}, seen_on=today)
    with pytest.raises(ValidationError, match="写明看到什么"):
        note_case(by=officer, case=case, answers=answers(case, wrong=True), seen_on=today)
    with pytest.raises(ValidationError, match="入户日期"):
        note_case(by=officer, case=case, answers=answers(case), seen_on=today + timedelta(days=1))
    note_case(by=officer, case=case, answers=answers(case), seen_on=today, version=case.version)
    with pytest.raises(Conflict):
        note_case(by=officer, case=case, answers=answers(case), seen_on=today, version=case.version)


def test_drawn_filled_and_printed_on_the_pages(officer: User, client: Client) -> None:
    people_of(factories.VILLAGE, 5, 2)
    client.force_login(officer)
    asked = {
        "name": "四季度入户", "place": factories.COUNTY, "measures": ["not_included", "approval"], "design": "simple",
        "confidence": "0.95", "margin": "10", "expected": "5",
    }  # fmt: skip
    planned = client.post(f"{reverse('sample-new')}?year=2026", asked | {"preview": "1"})
    assert "7 户抽" in planned.content.decode()
    assert not Sample.objects.exists()
    page = client.post(f"{reverse('sample-new')}?year=2026", asked, follow=True).content.decode()
    row = Sample.objects.get()
    assert row.seed in page
    assert row.frame_digest in page
    case = row.cases.filter(state=State.OPEN).first()
    assert case
    sent = {"not_included": "no", "approval": "yes", "seen_on": timezone.localdate().isoformat(), "version": "1"}
    said = client.post(reverse("sample-case-note", args=[case.pk]), sent, follow=True).content.decode()
    assert "群众认可度：认可" in said
    printed = client.get(reverse("sample-print", args=[row.pk])).content.decode()
    assert printed.count("农户签字") == row.cases.filter(state=State.OPEN).count()
    frame = client.get(reverse("sample-frame", args=[row.pk])).content.decode()
    assert len(frame.splitlines()) == 7


def test_the_workbench_shows_the_samples_drawn_last() -> None:
    """Counting their households took the order away: the first drawn stood there, the newest did not."""
    home = factories.household(members=2, exit_status="1")
    drawn = [sample(home) for _ in range(MOST + 1)]
    officer = factories.posted(Role.COUNTY_OFFICER)
    assert [row.pk for row in OPEN_AT(officer, role=Role.COUNTY_OFFICER)] == [row.pk for row in drawn[:0:-1]]
