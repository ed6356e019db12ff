"""Detection over a county in the database: villages that lie are found, and shown."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from audits.detection.facts import ITEMS, books_of, until
from audits.detection.services import detect
from audits.models import DetectionRun, Sign
from households.models import AnnualRecord, Assessment, Household
from povreg.demo.doubtful import plant_village
from povreg.kit.bulk import insert_rows
from povreg.kit.history import act
from tests import factories
from tests.owner import owner
from villages.models import Place
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR, LINE = 2026, 8800
VILLAGES, HOUSEHOLDS = 24, 24
LIAR, NIGHT_OWL = "500154202210", "500154202211"


def codes() -> list[str]:
    return [f"5001542022{number:02d}" for number in range(VILLAGES)]


@pytest.fixture(scope="module")
def county(module_db: None) -> Place:
    """Two dozen villages: in one incomes are lifted over the line and copied, in one they are changed at night."""
    rng = np.random.default_rng(8)
    for code in codes():
        factories.place(code)
    number = iter(range(1, 10_000))
    rows = [(next(number), code) for code in codes() for _ in range(HOUSEHOLDS)]
    with act(by=None, verb="load_test"):
        insert_rows(
            Household, ("id", "household_no", "village"), ((10**6 + pk, f"500154{pk:012}", code) for pk, code in rows)
        )
        heads = LINE * np.exp(rng.normal(0.25, 0.3, len(rows)))
        for household, head in zip(Household.objects.order_by("pk"), heads, strict=True):
            write(household, float(head), rng)
    return factories.place(factories.COUNTY)


def write(household: Household, head: float, rng: np.random.Generator) -> None:
    """The record and the verdict of a household of three."""
    net, wage = round(head * 3, 2), round(head * 3 * rng.uniform(0.4, 0.9), 2)
    facts = {"wage_income": Decimal(str(wage)), "business_income": Decimal(str(round(net - wage, 2)))}
    AnnualRecord.objects.create(household=household, village_id=household.village_id, year=YEAR, **facts)
    given = {"persons": 3, "net_income": Decimal(str(net)), "per_head": Decimal(str(round(head, 2)))}
    factories.assessment(household, YEAR, line_amount=Decimal(LINE), **given)


def change(row: AnnualRecord, net: float, at: datetime | None = None) -> None:
    """Correct a record (and what follows), as of an hour."""
    with act(by=None, verb="load_test"):
        AnnualRecord.objects.filter(pk=row.pk).update(wage_income=Decimal(str(net)), business_income=0)
        Assessment.objects.filter(household_id=row.household_id, year=YEAR).update(
            net_income=Decimal(str(net)), per_head=Decimal(str(round(net / 3, 2)))
        )
    if at is not None:
        with owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE households_annualrecordevent DISABLE TRIGGER ALL")
            cursor.execute(
                "UPDATE households_annualrecordevent SET pgh_created_at = %s"
                " WHERE pgh_obj_id = %s AND pgh_label = 'update'",
                [at, row.pk],
            )
            cursor.execute("ALTER TABLE households_annualrecordevent ENABLE TRIGGER ALL")


def of_village(code: str) -> list[AnnualRecord]:
    return list(AnnualRecord.objects.filter(village_id=code, year=YEAR).order_by("pk"))


def test_a_village_that_lifts_and_copies_incomes_is_found(county: Place) -> None:
    liar = of_village(LIAR)
    for row in liar[:6]:
        change(row, LINE * 3 * 0.93)
    run_before = detect(by=None, county=county, year=YEAR)
    for row in liar[:6]:
        change(row, LINE * 3 * 1.02 + row.pk % 7)
    for row in liar[8:13]:
        AnnualRecord.objects.filter(pk=row.pk).update(
            wage_income=liar[7].wage_income, business_income=liar[7].business_income
        )
    run = detect(by=None, county=county, year=YEAR)
    found = Sign.objects.filter(run=run, kind="overall").order_by("-score").first()
    assert found
    assert found.village_id == LIAR
    assert found.level == "strong"
    copies = Sign.objects.get(run=run, kind="copies", village_id=LIAR)
    assert {row.household_id for row in liar[7:13]} <= set(copies.household_ids)
    honest = Sign.objects.filter(run=run, kind="overall").exclude(village_id=LIAR).exclude(level="none")
    assert honest.count() <= VILLAGES * 0.05
    assert run.looked["visits"]
    assert run_before.pk != run.pk


def test_changes_at_night_are_found_by_the_hour_of_the_county(county: Place) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    for position, code in enumerate(codes()):
        for row in of_village(code)[:8]:
            hour = 23 if code == NIGHT_OWL else 9 + position % 8
            change(row, float(row.wage_income or 0) + 10, datetime(2026, 11, 20, hour, row.pk % 60, tzinfo=zone))
    run = detect(by=None, county=county, year=YEAR)
    best = Sign.objects.filter(run=run, kind="edits", account__isnull=True).order_by("-score").first()
    assert best
    assert best.village_id == NIGHT_OWL
    assert best.picture["bars"][23] == 8
    assert best.level == "strong"


def test_what_the_books_say(county: Place) -> None:
    books = books_of(county.pk, YEAR)
    assert len(books.households) == VILLAGES * HOUSEHOLDS
    assert books.line == LINE
    assert np.isnan(books.facts.first).all()
    assert until([1440.0 * 10], 1440.0 * 8) == 2
    assert np.isnan(until([5.0], 6.0))


def test_a_sheet_read_again_changes_what_was_said_first_but_is_nobodys_typing(county: Place) -> None:
    row = of_village(LIAR)[0]
    first = sum(float(getattr(row, name) or 0) for name in ITEMS[:-1]) / 3 / LINE
    with act(by=None, verb="import_sheet"):
        AnnualRecord.objects.filter(pk=row.pk).update(wage_income=Decimal(LINE * 3), business_income=0)
    facts = books_of(county.pk, YEAR).facts
    assert facts.first[~np.isnan(facts.first)] == pytest.approx([first])
    assert facts.edits is not None
    assert not len(facts.edits.group)


def test_the_pages_show_the_ranking_and_the_households_behind_it(county: Place, client: Client) -> None:
    run = detect(by=None, county=county, year=YEAR)
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    page = client.get(reverse("detection"), {"kind": "income", "year": YEAR}).content.decode()
    first = Sign.objects.filter(run=run, kind="income").order_by("-score", "village_id").first()
    assert first
    assert str(first.village) in page
    assert "不是结论" in page
    assert page.count("<svg") >= 2
    behind = client.get(reverse("sign-households", args=[first.pk])).content.decode()
    assert all(str(row.household_no) in behind for row in Household.objects.filter(pk__in=first.household_ids))


def test_a_county_that_was_never_looked_over_says_so(client: Client) -> None:
    client.force_login(factories.posted(Role.AUDITOR))
    page = client.get(reverse("detection"), {"year": YEAR}).content.decode()
    assert "还没有检测过" in page
    assert not DetectionRun.objects.exists()


def test_the_village_planted_in_the_demonstration_is_found(county: Place) -> None:
    """The planter of the demonstration, in a county whose villages are as large as its own."""
    largest = Household.objects.filter(village_id=LIAR)
    for number in range(2):
        home = factories.household(LIAR, members=0, household_no=f"50015499999999{number:04}")
        write(home, LINE * 1.6, np.random.default_rng(home.pk))
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL session_replication_role = replica"
        )  # standing follows spells, of which there are none
        largest.update(in_register=True)
        cursor.execute("SET LOCAL session_replication_role = origin")
    for row in largest:
        for _ in range(3):
            factories.member(row)
    assert plant_village(Random(3), county.pk) == LIAR
    for row in of_village(LIAR):
        net = sum(float(getattr(row, name) or 0) for name in ITEMS[:-1]) - float(row.business_expense or 0)
        Assessment.objects.filter(household_id=row.household_id, year=YEAR).update(
            net_income=Decimal(str(round(net, 2))), per_head=Decimal(str(round(net / 3, 2)))
        )
    run = detect(by=None, county=county, year=YEAR)
    best = Sign.objects.filter(run=run, kind="overall").order_by("-score").first()
    assert best
    assert best.village_id == LIAR
    assert best.level != "none"
