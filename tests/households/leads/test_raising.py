"""A failed guarantee raises a lead as income does; it goes by itself while nobody has touched it."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from households.eligibility.assess import recompute, recompute_households
from households.leads import services
from households.models import Lead
from households.standing.services import end_all
from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


@pytest.fixture
def home():
    row = factories.household(members=1, exit_status="1")
    person = row.members.get()
    factories.member_year(person, YEAR)
    return row


def judge(home, **facts):
    """Record the year, judge the household, and answer its open leads by cause."""
    record = home.annual_records.filter(year=YEAR).first() or factories.annual_record(home, YEAR)
    for name, value in facts.items():
        setattr(record, name, value)
    record.save()
    recompute_households([home.pk], YEAR)
    return opened()


def opened():
    return {row.cause: row for row in Lead.objects.open()}


def test_a_failed_guarantee_raises_one(home):
    row = judge(home, water_safe=False)["water"]
    assert (row.source, row.village_id, row.year, row.state) == ("guarantee", home.village_id, YEAR, "new")
    assert (row.monitor_type, row.risks, row.subject) == ("1", ["05"], "饮水安全")
    assert len(row.tracking) == 32
    assert row.raised_by is None


def test_an_income_not_above_the_line_raises_one_with_figures(home):
    factories.poverty_line("90000", year=YEAR, kind="monitor")
    row = judge(home)["income"]
    assert (row.source, row.value, row.threshold) == ("income", 29380, 90000)


def test_an_ordinary_household_is_on_the_edge(home):
    ordinary = factories.ordinary(members=1)
    assert judge(ordinary, water_safe=False)["water"].monitor_type == "2"


def test_nothing_is_raised_twice(home):
    judge(home, water_safe=False, food=False)
    recompute(home.village_id, YEAR)
    recompute_households([home.pk], YEAR)
    assert sorted(opened()) == ["food", "water"]
    assert Lead.objects.count() == 2


def test_a_whole_village_is_served_by_the_same_statement(home):
    factories.annual_record(home, YEAR, house_grade="D")
    recompute(home.village_id, YEAR)
    assert opened()["housing"].risks == ["04"]


def test_it_goes_when_the_cause_has_gone(home):
    lead = judge(home, water_safe=False)["water"]
    assert judge(home, water_safe=True) == {}
    lead.refresh_from_db()
    assert (lead.state, lead.outcome) == ("decided", "withdrawn")
    assert "water" in judge(home, water_safe=False)


def test_what_is_no_longer_recorded_is_not_met(home):
    judge(home, water_safe=False)
    assert "water" in judge(home, water_safe=None)


def test_one_that_somebody_touched_stays(home):
    cadre = factories.posted(Role.VILLAGE_CADRE)
    services.check_lead(by=cadre, lead=judge(home, water_safe=False)["water"])
    assert judge(home, water_safe=True)["water"].state == "checking"


def test_one_with_an_income_test_stays(home):
    factories.income_test(judge(home, water_safe=False)["water"])
    assert "water" in judge(home, water_safe=True)


def test_what_somebody_decided_is_not_raised_again_in_that_year(home):
    lead = judge(home, water_safe=False)["water"]
    officer = factories.posted(Role.TOWNSHIP_OFFICER)
    services.hand_over_lead(by=officer, lead=lead, handed_to="区水利局", reason="水管已列入抢修。")
    recompute_households([home.pk], YEAR)
    assert opened() == {}


def test_a_monitored_household_raises_none_until_its_risk_is_removed(home):
    factories.restand(home, monitor_type="1", risk_identified_on=date(2026, 1, 5), risk_cleared=False)
    assert judge(home, water_safe=False) == {}
    factories.restand(home, risk_cleared=True, risk_cleared_on=date(2026, 8, 1))
    assert "water" in judge(home, water_safe=False)


def test_past_years_raise_none(home):
    factories.annual_record(home, 2020, water_safe=False)
    recompute_households([home.pk], 2020)
    assert opened() == {}


def test_a_household_that_was_closed_takes_its_untouched_leads_along(home):
    lead = judge(home, water_safe=False)["water"]
    end_all(home, date(2026, 7, 1))
    type(home).objects.filter(pk=home.pk).update(removed_on=date(2026, 7, 1))
    recompute_households([home.pk], YEAR)
    lead.refresh_from_db()
    assert lead.outcome == "withdrawn"
    assert "销户" in lead.outcome_reason
