"""The counts that dashboards read: equal to counting the households, at every level, after every kind of change."""

import math
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from households.eligibility.assess import recompute, recompute_households
from households.eligibility.measures import MEASURES, band_label, figure, figure_label, line_label
from households.models import Assessment, Household, Tally
from households.register import after
from households.register.moves import transfer_household
from povreg.kit.scopes import ancestors, within
from tests import factories as make
from villages.models import VillageProfile
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = 2020
FAR_VILLAGE = "500154202200"


@pytest.fixture
def county():
    """Households of three villages in two townships, one of them poor, with every kind of verdict."""
    make.village_profile(make.VILLAGE, is_poor=True)
    make.village_profile(make.NEXT_VILLAGE, is_poor=False)
    facts = [
        {},
        {"food": False},
        {"house_grade": ""},
        {"wage_income": Decimal("100")},
        {"wage_income": Decimal("-2000"), "business_income": None, "tr_pension": None},
        {"wage_income": Decimal("60000")},
        {"wage_income": Decimal("2820")},
        None,
    ]
    for number, record in enumerate(facts * 3):
        village = (make.VILLAGE, make.NEXT_VILLAGE, FAR_VILLAGE)[number % 3]
        row = make.household(
            village, members=2, main_cause=("02", "")[number % 2], return_year=(None, YEAR)[number % 5 == 0]
        )
        if record is not None:
            make.annual_record(row, **record)
        for person in row.members.all():
            make.member_year(person, school_status="04", ins_resident=(True, None)[number % 4 == 0])
    recompute(make.COUNTY, YEAR)


def kept():
    rows = Tally.objects.filter(year=YEAR).values_list("place_id", "measure", "bucket", "poor", "households", "people")
    return {row[:4]: row[4:] for row in rows}


def recounted():
    """The same counts, household by household, in Python."""
    poor = set(VillageProfile.objects.filter(is_poor=True).values_list("village_id", flat=True))
    households, people = Counter(), Counter()
    rows = Assessment.objects.filter(year=YEAR, counted=True)
    for row in rows.select_related("household"):
        for measure, bucket in buckets(row):
            for place in (*ancestors(row.village_id), row.village_id):
                key = (place, measure, bucket, row.village_id in poor)
                households[key] += 1
                people[key] += row.persons
    return {key: (households[key], people[key]) for key in households}


def buckets(row):
    yield from (("total", "all"), ("filled", "all"), ("fields", "all"), ("verdict", row.verdict))
    yield from (("failed", code) for code in row.failed)
    yield from (("missing", code) for code in row.missing)
    yield from (("blocker", code) for code in row.blockers)
    yield from (("gap", code) for code in row.gaps)
    for measure, holds in (("eligible", row.eligible), ("borderline", row.borderline), ("incomplete", bool(row.gaps))):
        if holds:
            yield measure, "yes"
    if row.per_head is not None:
        yield "net_income", "all"
        band = math.ceil(row.per_head / 500) * 500 - 500
        yield "income_band", str(min(max(band, -500), 12000))
        over = (row.per_head - row.line_amount) * 10 / row.line_amount
        step = math.floor(over) if over > 0 else -1 - math.floor(-over)
        yield "line_band", str(min(max(step, -11), 20))
    yield "cause", row.household.main_cause or "none"
    yield "exit_status", row.exit_status or "none"
    yield "household_attr", row.household.household_attr or "none"


def test_every_level_counts_what_is_there(county):
    assert kept() == recounted()
    assert {len(place) for place, *_rest in kept()} == {2, 4, 6, 9, 12}


def test_the_sums_of_entered_fields_are_kept(county):
    rows = Assessment.objects.all()
    for measure in ("filled", "fields"):
        sums = Tally.objects.filter(place_id=make.COUNTY, measure=measure).values_list("amount", flat=True)
        assert sum(sums) == sum(getattr(row, measure) for row in rows)


def test_the_net_income_of_those_who_recorded_it_is_kept(county):
    """With its people: the net income a head of a place. A village where nobody recorded it has no such row."""
    known = Assessment.objects.filter(per_head__isnull=False)
    assert 0 < known.count() < Assessment.objects.count()
    for place in (make.COUNTY, make.TOWNSHIP, make.VILLAGE):
        rows = Tally.objects.filter(place_id=place, measure="net_income")
        there = known.filter(within("village_id", place))
        assert sum(row.amount for row in rows) == sum(each.net_income for each in there)
        assert sum(row.people for row in rows) == sum(each.persons for each in there)

    households = Household.objects.filter(village_id=make.VILLAGE)
    for row in households:
        row.annual_records.all().delete()
    recompute(make.COUNTY, YEAR)
    assert not Tally.objects.filter(place_id=make.VILLAGE, measure="net_income").exists()
    assert kept() == recounted()


def test_one_save_moves_the_counts_of_its_village_and_above(county):
    row = Household.objects.filter(village_id=make.VILLAGE).first()
    row.annual_records.update(food=False, clothing=False)
    Household.objects.filter(pk=row.pk).update(main_cause="01", household_attr="04")

    recompute_households([row.pk], YEAR)

    assert kept() == recounted()


def test_a_household_struck_off_leaves_the_counts(county):
    row = Household.objects.filter(village_id=make.VILLAGE).first()
    before = Tally.objects.get(place_id=make.TOWNSHIP, measure="total", poor=True).households
    Household.objects.filter(pk=row.pk).update(removed_on=date(2020, 5, 1), removed_reason="误录")

    recompute_households([row.pk], YEAR)

    assert Tally.objects.get(place_id=make.TOWNSHIP, measure="total", poor=True).households == before - 1
    assert kept() == recounted()


def test_a_household_that_moves_takes_its_count_along(county, django_capture_on_commit_callbacks):
    row = Household.objects.filter(village_id=make.VILLAGE).first()

    with django_capture_on_commit_callbacks(execute=True):
        transfer_household(
            by=make.posted(Role.COUNTY_OFFICER), household=row, village=FAR_VILLAGE,
            on=date(2020, 6, 1), reason="易地搬迁到新村居住",
        )  # fmt: skip

    assert kept() == recounted()
    assert Tally.objects.get(place_id=FAR_VILLAGE, measure="total").households == 9


def test_an_emptied_village_leaves_no_rows(county, django_capture_on_commit_callbacks):
    ids = list(Household.objects.filter(village_id=FAR_VILLAGE).values_list("pk", flat=True))
    Household.objects.filter(pk__in=ids).update(removed_on=date(2020, 5, 1), removed_reason="误录")

    with django_capture_on_commit_callbacks(execute=True):
        after.changed(ids)

    assert not Tally.objects.filter(within("place_id", make.OTHER_TOWNSHIP), year=YEAR).exists()
    assert kept() == recounted()


def test_a_village_that_becomes_poor_changes_sides_at_the_next_recompute(county):
    VillageProfile.objects.filter(village_id=make.NEXT_VILLAGE).update(is_poor=True)

    recompute(make.COUNTY, YEAR)

    assert kept() == recounted()
    assert not Tally.objects.filter(place_id=make.NEXT_VILLAGE, poor=False).exists()


def test_the_time_of_the_last_count_is_kept_although_nothing_changed(county):
    before = Tally.objects.filter(measure="total", place_id=make.COUNTY).latest("as_of").as_of
    recompute(make.COUNTY, YEAR)
    assert Tally.objects.filter(measure="total", place_id=make.COUNTY).earliest("as_of").as_of > before


def test_every_figure_finds_the_rows_behind_it(county):
    """Measure by measure, the list condition matches as many households as were counted."""
    totals = Counter()
    for (place, measure, bucket, _poor), (households, _people) in kept().items():
        if place == make.COUNTY:
            totals[measure, bucket] += households
    rows = Assessment.objects.filter(year=YEAR)
    found = {(code, bucket): rows.filter(figure(f"{code}.{bucket}")).count() for code, bucket in totals}
    assert found == dict(totals)
    assert {code for code, _bucket in totals} == {measure.code for measure in MEASURES} - never_here()


def never_here():
    """Buckets that this county does not hold."""
    gap = {"gap"} if not Tally.objects.filter(measure="gap").exists() else set()
    return gap | {"monitored", "watched", "clearable", "lacking", "below"}  # test_clearing.py, test_two_lines.py


@pytest.mark.parametrize("text", ["nothing.yes", "verdict", "income_ratio.half", ""])
def test_an_undeclared_figure_finds_nothing(county, text):
    assert not Assessment.objects.filter(figure(text)).exists()


def test_figures_are_named_in_words():
    assert [band_label(bucket) for bucket in ("-500", "3500", "12000")] == ["0 及以下", "3500—4000", "12000 以上"]
    assert figure_label("income_band.3500") == "人均纯收入 3500—4000 元"
    words = ["0 及以下", "90%—100%", "100%—110%", "300% 以上"]
    assert [line_label(bucket) for bucket in ("-11", "-1", "0", "20")] == words
    assert figure_label("line_band.0") == "人均纯收入为标准线的 100%—110%"

    assert figure_label("incomplete.yes") == "录入未完成"
    assert figure_label("net_income.all") == "已记录收入"
    assert figure_label("blocker.identified_this_year") == "不得退出：当年识别或返贫"


def test_the_band_above_the_line_is_what_the_card_calls_borderline(county):
    """Also for who earns the line exactly, or a tenth more than it exactly."""
    line = Assessment.objects.filter(year=YEAR).first().line_amount
    nothing_else = {"business_income": 0, "tr_pension": 0, "business_expense": 0}
    for per_head in (line, line * Decimal("1.1"), line + 1, line * Decimal("1.0999")):
        make.annual_record(make.household(make.VILLAGE, members=1), wage_income=per_head, **nothing_else)
    recompute(make.COUNTY, YEAR)
    near, borderline = (
        Tally.objects.get(place_id=make.COUNTY, poor=True, measure=measure, bucket=bucket).households
        for measure, bucket in (("line_band", "0"), ("borderline", "yes"))
    )
    assert near == borderline == 3
    at = Assessment.objects.filter(figure("line_band.-1"), village_id=make.VILLAGE, year=YEAR)
    assert at.filter(per_head=line).count() == 1
    assert kept() == recounted()
