"""Recomputing: what is written and left alone, who flipped and why, what follows a save or a change of rule."""

import json
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from households.eligibility import blockers, services
from households.eligibility.assess import recompute, recompute_households, slices
from households.eligibility.blockers import Blocker, register_blocker
from households.models import Assessment, Flip, Household
from households.register import after
from households.register.completeness import count
from households.register.logic.facts import gather
from povreg.celery import app
from povreg.jobs.models import Job
from povreg.jobs.services import JobError
from tests import factories as make
from villages.models import CriteriaSet
from villages.rights import Role
from villages.standards import services as standards

pytestmark = pytest.mark.django_db
YEAR = 2020


@pytest.fixture
def worker(monkeypatch, django_capture_on_commit_callbacks):
    """``with worker():`` commits, and a worker does what was sent to it, the work sent meanwhile included."""
    app.loader.import_default_modules()
    sent = []
    monkeypatch.setattr(services.current_app, "send_task", lambda name, args: sent.append((name, args)))

    @contextmanager
    def commit_and_work():
        with django_capture_on_commit_callbacks(execute=True):
            yield
        while sent:
            name, args = sent.pop(0)
            with django_capture_on_commit_callbacks(execute=True):
                app.tasks[name].apply(args=args, throw=True)

    return commit_and_work


def family(code=make.VILLAGE, *, members=2, record=None, **facts):
    """A household whose year is complete and meets every criterion, unless told otherwise."""
    row = make.household(code, members=members, **facts)
    make.annual_record(row, **(record or {}))
    for person in row.members.all():
        make.member_year(person, school_status="04")
    return row


def verdict(row, year=YEAR):
    return Assessment.objects.get(household=row, year=year)


def flips():
    return list(Flip.objects.order_by("pk").values_list("before", "after", "cause", "changed"))


# What is written.


def test_a_complete_household_passes_with_its_figures_and_rules():
    row = family(members=4)

    outcome = recompute(make.COUNTY, YEAR)

    found = verdict(row)
    assert (outcome.expected, outcome.assessed, outcome.changed) == (1, 1, 1)
    assert (found.verdict, found.failed, found.missing) == ("pass", [], [])
    assert (found.persons, found.net_income, found.per_head) == (4, Decimal("29380.00"), Decimal("7345.00"))
    assert (found.line_amount, found.margin) == (Decimal("4000.00"), Decimal("0.8363"))
    assert found.criteria_set.name == "一超过两不愁三保障"
    assert found.eligible
    assert not found.borderline


def test_evidence_holds_ids_and_no_names():
    row = family(members=3)
    child = row.members.last()
    child.years.update(school_status="01")

    recompute(make.COUNTY, YEAR)

    evidence = verdict(row).evidence
    assert evidence["out_of_school"] == [child.pk]
    assert child.name not in json.dumps(evidence, ensure_ascii=False)


def test_a_household_without_a_record_is_judged_missing():
    row = make.household(members=1)

    recompute(make.COUNTY, YEAR)

    found = verdict(row)
    assert found.verdict == "missing"
    assert set(found.missing) == {"income", "food", "clothing", "water", "medical", "housing"}


def test_only_registered_households_are_judged():
    family(removed_on=date(2020, 3, 1), removed_reason="误录")
    tested = family(in_register=False)

    assert recompute(make.COUNTY, YEAR).expected == 0
    assert not Assessment.objects.filter(counted=True).exists()
    assert verdict(tested).verdict == "pass"


def test_completeness_is_that_of_the_household_page():
    full, empty = family(address="泉秀村3组"), make.household(members=2)

    recompute(make.COUNTY, YEAR)

    for row in (full, empty):
        sections = count(gather(row, YEAR)).values()
        found = verdict(row)
        assert found.gaps == [each.section for each in sections if not each.complete]
        assert (found.filled, found.fields) == (sum(s.filled for s in sections), sum(s.total for s in sections))


def test_one_failing_water_item_is_enough_whatever_the_cell_says():
    items = ("water_quantity", "water_quality", "water_access", "water_reliability")
    dry = family(record={"water_safe": True, "water_access": False})
    good = family(record={"water_safe": None, **dict.fromkeys(items, True)})
    half = family(record={"water_safe": None, "water_quality": True})

    recompute(make.COUNTY, YEAR)

    assert [verdict(row).verdict for row in (dry, good, half)] == ["fail", "pass", "missing"]


# What is left alone.


def test_a_second_recompute_changes_nothing():
    row = family()
    recompute(make.COUNTY, YEAR)
    first = verdict(row).assessed_at

    outcome = recompute(make.COUNTY, YEAR)

    assert (outcome.assessed, outcome.changed, outcome.flips) == (1, 0, 0)
    assert verdict(row).assessed_at == first


def test_only_rows_whose_content_differs_are_written():
    row, other = family(), family()
    recompute(make.COUNTY, YEAR)
    row.annual_records.update(wage_income=Decimal("30000"))

    assert recompute(make.COUNTY, YEAR).changed == 1
    assert verdict(row).net_income > verdict(other).net_income
    assert flips() == []


def test_a_place_is_judged_alone():
    here, elsewhere = family(), family(make.OTHER_VILLAGE)

    assert recompute(make.TOWNSHIP, YEAR).assessed == 1

    assert verdict(here)
    assert not Assessment.objects.filter(household=elsewhere).exists()


def test_the_replaced_verdict_stays_in_the_history():
    row = family()
    recompute(make.COUNTY, YEAR)
    row.annual_records.update(food=False)
    recompute(make.COUNTY, YEAR)

    old = verdict(row).history.get()

    assert (old.verdict, old.pgh_context.metadata["verb"]) == ("pass", "recompute")


# Who flipped, and why.


def test_a_first_verdict_is_no_flip():
    family()
    recompute(make.COUNTY, YEAR)
    assert flips() == []


def test_changed_facts_flip_with_cause_data():
    row = family()
    recompute(make.COUNTY, YEAR)
    row.annual_records.update(food=False, house_grade="")

    assert recompute(make.COUNTY, YEAR).flips == 1
    assert flips() == [("pass", "fail", "data", ["food", "housing"])]


def test_a_changed_line_flips_with_cause_rule():
    family()
    recompute(make.COUNTY, YEAR)
    make.poverty_line("90000")

    recompute(make.COUNTY, YEAR)

    assert flips() == [("pass", "fail", "rule", ["income"])]


def test_facts_that_flip_while_the_line_moved_without_effect_are_data():
    row = family()
    recompute(make.COUNTY, YEAR)
    make.poverty_line("4001")
    row.annual_records.update(clothing=False)

    recompute(make.COUNTY, YEAR)

    assert flips() == [("pass", "fail", "data", ["clothing"])]


def test_a_new_criteria_set_flips_with_cause_rule():
    row = family(record={"broadcast": False})
    recompute(make.COUNTY, YEAR)
    wide = make.criteria_set(criteria=["income", "broadcast"], year_from=2016, place=make.place(make.COUNTY))

    recompute(make.COUNTY, YEAR)

    assert flips() == [("pass", "fail", "rule", ["broadcast"])]
    assert verdict(row).criteria_set == wide


def test_a_change_of_figures_without_another_verdict_is_no_flip():
    row = family(record={"food": False})
    recompute(make.COUNTY, YEAR)
    row.annual_records.update(clothing=False)

    outcome = recompute(make.COUNTY, YEAR)

    assert (outcome.changed, outcome.flips) == (1, 0)


# Rules.


def test_without_a_criteria_set_nothing_is_judged_and_the_message_says_what_to_do():
    family()
    CriteriaSet.objects.update(is_active=False)

    with pytest.raises(JobError, match="1 户没有适用于 2020 年的评定标准：请先在“标准”中启用一套"):
        recompute(make.COUNTY, YEAR)
    assert not Assessment.objects.exists()


def test_without_a_line_income_is_missing():
    row = family()
    make.poverty_line().delete()

    recompute(make.COUNTY, YEAR)

    assert verdict(row).missing == ["income"]


@pytest.mark.parametrize(
    ("facts", "blocked"),
    [
        ({"identified_on": date(YEAR, 1, 1)}, True),
        ({"identified_on": date(YEAR - 1, 12, 31)}, False),
        ({"return_year": YEAR}, True),
        ({"return_year": YEAR - 1}, False),
    ],
)
def test_a_household_identified_or_returned_this_year_is_blocked_but_keeps_its_verdict(facts, blocked):
    row = family(**facts)

    recompute(make.COUNTY, YEAR)

    found = verdict(row)
    assert found.verdict == "pass"
    assert found.blockers == (["identified_this_year"] if blocked else [])
    assert found.eligible is not blocked


def test_a_higher_layer_may_add_a_blocker(monkeypatch):
    monkeypatch.setattr(blockers, "_blockers", dict(blockers._blockers))
    register_blocker(Blocker("no_phone", "没有电话", "i.persons < 2", "请登记联系电话。"))
    alone, pair = family(members=1), family(members=2)

    recompute(make.COUNTY, YEAR)

    assert verdict(alone).blockers == ["no_phone"]
    assert verdict(pair).blockers == []


# What follows a save, an import, a standard.


def test_a_save_is_judged_at_once_for_every_year_of_the_county(worker):
    row = family()
    make.annual_record(row, year=2019)
    recompute(make.COUNTY, 2019)

    with worker():
        after.changed([row.pk])

    assert {each.year for each in Assessment.objects.filter(household=row)} == {2019, 2020}


def test_a_save_of_one_year_s_facts_is_judged_for_that_year_alone(worker):
    row = family()
    make.annual_record(row, year=2019)
    recompute(make.COUNTY, 2019)
    recompute(make.COUNTY, YEAR)
    Assessment.objects.filter(household=row).update(verdict="missing")

    with worker():
        after.changed([row.pk], year=YEAR)

    verdicts = dict(Assessment.objects.filter(household=row).values_list("year", "verdict"))
    assert verdicts[2019] == "missing" and verdicts[YEAR] != "missing"


def test_an_import_of_many_is_judged_by_a_worker(worker):
    rows = [family(members=1) for _ in range(services.AT_ONCE + 1)]

    with worker():
        after.changed([row.pk for row in rows])

    assert Assessment.objects.filter(year=YEAR).count() == len(rows)


def test_thousands_are_judged_by_place(worker, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 0)
    monkeypatch.setattr(services, "BY_ID", 1)
    rows = [family(), family(make.NEXT_VILLAGE)]

    with worker():
        services.reassess([row.pk for row in rows])

    job = Job.objects.get()
    assert (job.place_code, job.params, job.status) == (make.TOWNSHIP, {"year": YEAR}, "done")
    assert Assessment.objects.count() == 2


def test_a_changed_line_recomputes_the_years_and_places_it_reaches(worker):
    row = family()
    recompute(make.COUNTY, YEAR)
    officer = make.posted(Role.COUNTY_OFFICER)

    with worker():
        standards.add_line(
            by=officer, kind="exit", year=YEAR, place=make.place(make.COUNTY), amount=Decimal("90000"), source="渝府发"
        )

    assert verdict(row).line_amount == Decimal("90000")
    assert Job.objects.get().owner == officer


def test_a_line_of_another_kind_recomputes_nothing(worker):
    family()
    recompute(make.COUNTY, YEAR)

    with worker():
        standards.add_line(
            by=make.posted(Role.COUNTY_OFFICER), kind="dibao", year=YEAR, place=make.place(make.COUNTY),
            amount=Decimal("5000"), source="民政局",
        )  # fmt: skip

    assert not Job.objects.exists()


def test_every_county_is_judged_at_night_for_its_latest_year(worker):
    row = family()
    make.annual_record(row, year=2019)

    with worker():
        assert services.nightly() == 1

    assert verdict(row, YEAR)
    assert not Assessment.objects.filter(year=2019).exists()


def test_a_waiting_recompute_is_not_queued_twice():
    make.place(make.COUNTY)
    first = services.place_changed(make.COUNTY, [YEAR])
    assert services.place_changed(make.COUNTY, [YEAR]) == first


# The verb, the job, the command.


def test_an_officer_starts_a_recompute_and_sees_its_report(worker):
    row = family()
    recompute(make.COUNTY, YEAR)
    row.annual_records.update(food=False)
    officer = make.posted(Role.TOWNSHIP_OFFICER)

    with worker():
        job = services.recompute_place(by=officer, place=make.place(make.TOWNSHIP), year=YEAR)

    job.refresh_from_db()
    assert job.status == "done"
    wanted = {"expected": 1, "assessed": 1, "changed": 1, "flips": 1}
    assert {name: job.report[name] for name in wanted} == wanted
    assert job.report["turns"] == [{"before": "pass", "after": "fail", "cause": "data", "count": 1}]
    assert Flip.objects.get().job == job


def test_a_running_recompute_is_returned_instead_of_a_second():
    officer = make.posted(Role.COUNTY_OFFICER)
    place = make.place(make.COUNTY)
    first = services.recompute_place(by=officer, place=place, year=YEAR)
    Job.objects.update(status=Job.Status.RUNNING)

    assert services.recompute_place(by=officer, place=place, year=YEAR) == first


def test_nobody_recomputes_outside_the_posting_or_a_year_that_has_not_begun():
    officer = make.posted(Role.TOWNSHIP_OFFICER)
    with pytest.raises(PermissionDenied):
        services.recompute_place(by=officer, place=make.place(make.COUNTY), year=YEAR)
    with pytest.raises(PermissionDenied):
        services.recompute_place(by=make.posted(Role.VILLAGE_CADRE), place=make.place(make.VILLAGE), year=YEAR)
    with pytest.raises(ValidationError, match="年度应在 2013 到"):
        services.recompute_place(by=officer, place=make.place(make.TOWNSHIP), year=timezone.localdate().year + 2)


def test_the_command_reports_as_the_contract_says(tmp_path):
    row = family()
    recompute(make.COUNTY, YEAR)
    row.annual_records.update(food=False, wage_income=Decimal("3000.10"))
    empty = make.household()
    said, out = StringIO(), tmp_path / "report.json"

    call_command("recompute", place=make.COUNTY, year=YEAR, report=out, detail=True, stdout=said)

    report = json.loads(out.read_text())
    assert said.getvalue().strip() == "expected 2, assessed 2, changed 2"
    assert report["flips"] == [{"household_no": row.household_no, "from": "pass", "to": "fail", "cause": "data"}]
    by_no = {each["household_no"]: each for each in report["assessments"]}
    assert by_no[row.household_no]["per_head"] == "4190.05"
    assert by_no[row.household_no]["line"] == 4000
    assert by_no[row.household_no]["borderline"] is True
    assert by_no[row.household_no]["criteria"]["food"] == "fail"
    assert by_no[empty.household_no]["per_head"] is None
    assert by_no[empty.household_no]["persons"] == 1


def test_the_command_refuses_an_unknown_place_and_year():
    with pytest.raises(CommandError, match="no place 999999"):
        call_command("recompute", place="999999", year=YEAR)
    make.place(make.COUNTY)
    with pytest.raises(CommandError, match="年度应在"):
        call_command("recompute", place=make.COUNTY, year=1999)


def test_small_townships_share_a_slice_and_a_village_is_its_own():
    for code in (make.VILLAGE, "500154202200", make.OTHER_VILLAGE):
        make.household(code)
    assert slices(make.COUNTY) == ["500154201-500154202"]
    assert slices(make.VILLAGE) == [make.VILLAGE]
    assert slices(make.COUNTY, size=1) == ["500154201-500154201", "500154202-500154202"]


def test_households_of_two_counties_may_be_saved_together():
    rows = [family(), family(make.OTHER_VILLAGE)]
    outcome = recompute_households([row.pk for row in rows], YEAR)
    assert outcome.assessed == 2
    assert Household.objects.filter(assessments__verdict="pass").count() == 2
