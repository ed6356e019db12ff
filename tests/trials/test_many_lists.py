"""Many lists in one act, measured: 535 villages of a county, 2,040 households, reviewed, approved, posted. Counted is
what works, the processor of this process and of its database session, as well as the clock. By hand:
``pytest tests/trials/test_many_lists.py -s``, with PROFILE=1 for where the time goes."""

from __future__ import annotations

import cProfile
import os
import pstats
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import psutil
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import (
    AnnualRecord,
    Application,
    Batch,
    BatchEntry,
    BulkAct,
    Household,
    IncomeTest,
    Member,
    MemberYear,
    ProcedureTemplate,
)
from households.procedures.engine import clock
from households.procedures.lists import jobs
from povreg.jobs.models import Job
from povreg.kit.history import act
from tests import factories, schema, standings
from villages.models import Place, PovertyLine, User
from villages.rights import Role

TOWNSHIPS, VILLAGES, HOUSEHOLDS = 40, 535, 2040
YEAR, DAY = 2026, date(2026, 3, 20)
BAR = 10.0  # seconds of work
pytestmark = pytest.mark.django_db(transaction=True)


class County:
    """A county whose every village has a list at one step."""

    def __init__(self) -> None:
        factories.place(factories.COUNTY)
        factories.poverty_line("8800", YEAR, kind=PovertyLine.Kind.MONITOR)
        self.cadre: User = factories.user("cadre")
        self.xian: User = factories.posted(Role.COUNTY_OFFICER)
        towns = [f"{factories.COUNTY}{300 + number}" for number in range(TOWNSHIPS)]
        self.villages = [f"{towns[n % TOWNSHIPS]}{200 + n // TOWNSHIPS}" for n in range(VILLAGES)]
        Place.objects.bulk_create(self.place(code, 4, factories.COUNTY) for code in towns)
        Place.objects.bulk_create(self.place(code, 5, code[:9]) for code in self.villages)
        with act(by=self.cadre, verb="load_test"):
            self.people()
        standings.close()
        with act(by=self.cadre, verb="load_test"):
            self.lists()
        schema.analyze()

    def place(self, code: str, level: int, parent: str) -> Place:
        return Place(code=code, name=f"地区{code}", short_name=f"地区{code}", level=level, parent_id=parent)

    def people(self) -> None:
        homes = [
            Household(village_id=self.villages[n % len(self.villages)], household_no=f"{n:018}", group_name="3组",
                      main_cause="02")
            for n in range(HOUSEHOLDS)
        ]  # fmt: skip
        self.homes = Household.objects.bulk_create(homes)
        people = Member.objects.bulk_create(
            Member(household=home, village_id=home.village_id, person_no=f"{home.household_no}{n + 1:02}",
                   name="王明海", relation="01" if n == 0 else "03", sex="1", birth_date=date(1975, 8, 9), health="01",
                   joined_on=date(2014, 1, 1))
            for home in self.homes
            for n in range(2)
        )  # fmt: skip
        AnnualRecord.objects.bulk_create(
            AnnualRecord(household=home, village_id=home.village_id, year=YEAR, wage_income=Decimal(12000))
            for home in self.homes
        )
        MemberYear.objects.bulk_create(
            MemberYear(member=one, household_id=one.household_id, village_id=one.village_id, year=YEAR)
            for one in people
        )

    def lists(self) -> None:
        template = ProcedureTemplate.objects.get(kind="monitor_in", place=None, is_default=True)
        self.steps = {step.code: step for step in template.steps.all()}
        batches = Batch.objects.bulk_create(
            Batch(kind="monitor_in", template=template, place_id=code, year=YEAR, state="running", started_on=DAY,
                  step=self.steps["county_review"], step_since=DAY, created_by=self.cadre)
            for code in self.villages
        )  # fmt: skip
        at = {batch.place_id: batch for batch in batches}
        BatchEntry.objects.bulk_create(
            BatchEntry(batch=at[home.village_id], household=home, added_by=self.cadre, monitor_type="2", risks=["07"])
            for home in self.homes
        )
        applications = Application.objects.bulk_create(
            Application(household=home, village_id=home.village_id, batch=at[home.village_id], kind="monitor_in",
                        year=YEAR, applied_on=DAY, authorised_on=DAY, reason="收入下降", state="listed",
                        received_by=self.cadre)
            for home in self.homes
        )  # fmt: skip
        IncomeTest.objects.bulk_create(
            IncomeTest(household_id=one.household_id, village_id=one.village_id, application=one, asked_on=DAY,
                       since=date(2025, 3, 1), until=date(2026, 2, 28), result="inside", per_head=Decimal(6000),
                       line_amount=Decimal(8800), persons=2)
            for one in applications
        )  # fmt: skip
        self.batches = [batch.pk for batch in batches]

    def stand_at(self, code: str) -> None:
        """As if nothing after this step had been done."""
        rows = Batch.objects.filter(pk__in=self.batches)
        rows.update(state="running", ended_on=None, step=self.steps[code], step_since=DAY)

    def act(self, kind: str, **signers: str) -> Job:
        row = BulkAct.objects.create(
            place_id=factories.COUNTY, step_kind=kind, batch_ids=self.batches, by=self.xian, document="渝农〔2026〕1号",
            signers=signers, signed_on=DAY, launched_at="2026-03-20T10:00:00+08:00",
        )  # fmt: skip
        params = {"act": row.pk, "board": "村委会公示栏", "hotline": "12317"}
        return factories.job(self.xian, kind=jobs.ACT, place_code=factories.COUNTY, params=params)


@contextmanager
def measured(name: str) -> Iterator[dict[str, float]]:
    """Seconds of both processors and of the clock, and the statements."""
    connection.ensure_connection()
    server = psutil.Process(connection.connection.info.backend_pid)
    profile = cProfile.Profile()
    found: dict[str, float] = {}
    with CaptureQueriesContext(connection) as asked:
        before, mine, began = sum(server.cpu_times()[:2]), time.process_time(), time.perf_counter()
        if "PROFILE" in os.environ:
            profile.enable()
        yield found
        profile.disable()
        found["clock"] = time.perf_counter() - began
        found["python"], found["postgres"] = time.process_time() - mine, sum(server.cpu_times()[:2]) - before
    found["work"] = found["python"] + found["postgres"]
    told = ", ".join(f"{key} {value:.1f} s" for key, value in found.items())
    print(f"\n{name}: {told}, {len(asked)} statements, load {os.getloadavg()[0]:.1f}")
    if "PROFILE" in os.environ:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
        slowest = sorted(asked.captured_queries, key=lambda each: -float(each["time"]))[:12]
        print("\n".join(f"{each['time']} {' '.join(each['sql'].split())[:400]}" for each in slowest))


def done(job: Job, parts: Any, run: Any) -> int:
    return sum(run(job, part).changed for part in parts(job))


def test_many_lists_in_one_act() -> None:
    county = County()
    work = {}
    with clock.at(DAY):
        with measured(f"review of {VILLAGES} lists") as found:
            job = county.act("county_review", county_office="周文静")
            assert done(job, jobs._act_parts, jobs._act_part) == len(county.batches)
        work["review"] = found["work"]
        with measured("approval of 2,040 households") as found:
            job = county.act("announcement")
            assert done(job, jobs._act_parts, jobs._act_part) == len(county.batches)
        work["approve"] = found["work"]
        assert Household.objects.filter(monitor_type="2").count() == HOUSEHOLDS
        county.stand_at("notice_1")
        poster = factories.posted(Role.VILLAGE_CADRE, factories.COUNTY)
        with measured(f"{VILLAGES} notices posted") as found:
            params = {"kind": "monitor_in", "year": YEAR, "board": "公示栏", "hotline": "12317"}
            job = factories.job(poster, kind=jobs.POST, place_code=factories.COUNTY, params=params)
            assert done(job, jobs._post_parts, jobs._post_part) == len(county.batches)
        work["post"] = found["work"]
    assert {name: seconds for name, seconds in work.items() if seconds > BAR} == {}
