"""The demonstration county holds lists in every state, and every one got there by its own steps."""

import pytest
from django.utils import timezone

from households.models import Batch, Notice, Objection
from households.procedures.lists import lines
from households.procedures.notices import selectors as public
from povreg.demo import procedures
from povreg.demo.procedures import run_procedures
from povreg.demo.services import load_demo
from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db


def test_lists_in_every_state(settings):
    settings.DEMO_PASSWORD = "Demo-12345"
    for number in range(24):
        factories.place(f"{factories.COUNTY}{201 + number // 8}{200 + number % 8}")
    load_demo(county=factories.COUNTY, households=1200, seed=1)
    made = run_procedures(factories.COUNTY)
    assert made == 20
    assert set(Batch.objects.values_list("state", flat=True)) == {"draft", "running", "done", "stopped"}
    assert set(Batch.objects.filter(state="running").values_list("step__kind", flat=True)) >= {
        "appraisal", "survey", "comparison", "notice", "township_review", "county_review", "announcement",
    }  # fmt: skip
    assert Batch.objects.filter(round=2).exists()
    kinds = set(Batch.objects.values_list("kind", "year"))
    assert kinds == {
        ("monitor_in", 2026),
        ("monitor_out", 2026),
        ("removal", 2026),
        ("exit", 2020),
        ("low_income", 2026),
        ("classified", 2026),
    }
    assert set(Objection.objects.values_list("state", "decision")) == {
        ("received", ""), ("answered", "rejected"), ("answered", "upheld"),
    }  # fmt: skip
    running = public.notice_list(factories.COUNTY)
    assert running.count() >= 3 and running.filter(ends_on__gte=timezone.localdate()).count() >= 3
    assert all(lines.holds(notice) for notice in Notice.objects.all())


def test_a_scene_does_with_a_list_of_one_household():
    """A county of few households: the second objection is left out, the list is not left half way."""
    people = {"cun": Role.VILLAGE_CADRE, "zhen": Role.TOWNSHIP_OFFICER, "xian": Role.COUNTY_OFFICER}
    accounts = {name: factories.posted(role, username=name) for name, role in people.items()}
    only = factories.household(members=1)
    factories.annual_record(only, procedures.YEAR)
    factories.member_year(only.members.get(), procedures.YEAR)
    factories.assessment(only, procedures.YEAR, persons=1)
    factories.poverty_line("8800", procedures.YEAR, kind="monitor")
    walk = procedures.Walk(accounts["xian"], factories.VILLAGE)
    walk.household_ids = [only.pk]
    procedures.settled(walk)
    assert Batch.objects.filter(state="running", step__kind="notice").count() == 1
    assert [row.decision for row in Objection.objects.all()] == ["rejected"]
