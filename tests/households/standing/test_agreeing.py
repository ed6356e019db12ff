"""A figure and the list behind it agree in the running year, too; who is only tested stands in no figure."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from households.eligibility.assess import recompute
from households.entry.events.forms import MergeForm
from households.find.listing import ListFilters, list_page
from households.models import Assessment, Tally
from households.procedures.engine import village_exit
from households.register import moves
from tests import factories
from tests.factories import COUNTY, VILLAGE
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


@pytest.fixture
def homes():
    """Of this year: one poor, one whose risk was removed years ago, one without a class; each fails by its house."""
    factories.poverty_line(kind="monitor", year=YEAR, amount="8000")
    past = {"monitor_type": "2", "household_type": "04", "risk_identified_on": date(2021, 3, 1), "risk_cleared": True}
    found = {
        "poor": factories.household(members=1, exit_status="0"),
        "cleared": factories.household(members=1, identified_on=None, risk_cleared_on=date(2022, 3, 1), **past),
        "ordinary": factories.ordinary(members=1),
    }
    for row in found.values():
        factories.annual_record(row, YEAR, house_grade="D")
    recompute(COUNTY, YEAR)
    return found


def numbers(**filters):
    officer = factories.posted(Role.COUNTY_OFFICER)
    return {row.household_no for row in list_page(officer, ListFilters(place=COUNTY, **filters), YEAR).rows}


def test_the_lists_behind_figures_hold_whom_the_figures_count(homes):
    poor = homes["poor"].household_no
    for measure, bucket, filters in (
        ("total", "all", {"figure": "total.all"}),
        ("verdict", "fail", {"verdict": "fail"}),
        ("failed", "housing", {"failed": "housing"}),
    ):
        kept = Tally.objects.get(place_id=COUNTY, year=YEAR, measure=measure, bucket=bucket)
        assert (kept.households, numbers(**filters)) == (1, {poor})
    assert numbers() == {poor, homes["cleared"].household_no}
    assert numbers(everybody=True, failed="housing") == {row.household_no for row in homes.values()}


def test_the_api_lists_no_verdict_of_who_is_only_tested(homes, client):
    assert Assessment.objects.filter(year=YEAR).count() == 3
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    told = client.get("/api/v1/assessments/", {"year": YEAR, "verdict": "fail"}).json()["results"]
    assert [each["household"] for each in told] == [homes["poor"].pk]


def test_a_village_is_judged_by_those_who_are_counted(homes):
    assert village_exit._share_of("housing")(VILLAGE, YEAR)[1] == "建档立卡户 0 户达标 ÷ 1 户"


def test_the_poverty_rate_of_a_past_year_does_not_follow_later_exits():
    factories.village_profile(population=10)
    factories.household(members=1, exit_status="1", exit_year=2019)
    factories.household(members=1, exit_status="0")
    assert village_exit.poverty_rate(VILLAGE, 2018)[1].startswith("未脱贫 2 人")
    assert village_exit.poverty_rate(VILLAGE, 2020)[1].startswith("未脱贫 1 人")


def merge(source, target):
    by = factories.posted(Role.TOWNSHIP_OFFICER)
    relations = {each.pk: "99" for each in source.members.all()}
    return moves.merge_households(
        by=by, source=source, target=target, relations=relations, on=timezone.localdate(), reason="投靠亲属"
    )


def test_a_merger_takes_no_class_away():
    with pytest.raises(ValidationError, match="身份会因此丢失"):
        merge(factories.household(members=1), factories.ordinary(members=1))
    kept = merge(factories.ordinary(members=1), factories.household(members=1))
    assert (kept.exit_status, kept.members.present().count()) == ("0", 2)
    assert merge(factories.ordinary(members=1), factories.ordinary(members=1)).members.present().count() == 2


def test_the_form_finds_ordinary_households():
    target = factories.ordinary(members=1)
    form = MergeForm({"target": target.household_no})
    form.user = factories.posted(Role.TOWNSHIP_OFFICER)
    form.is_valid()
    assert form.cleaned_data["target"] == target
