"""Rows of standing for tests: orders to correct, differences found, departments' lists, the end of 建库期."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from households.models import (
    CorrectionOrder,
    DepartmentList,
    DepartmentRow,
    Household,
    OpeningStock,
    StandingProposal,
)
from tests import factories
from villages.rights import Role

_numbers = itertools.count(1)


def settle() -> None:
    """What waits for the commit is checked now, as between two requests."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def close(county: str = factories.COUNTY, on: date | None = None) -> OpeningStock:
    """The county's opening stock is closed: nothing but lists, departments and orders writes standing."""
    settle()
    row, _made = OpeningStock.objects.update_or_create(
        county=factories.place(county), defaults={"closed_on": on or timezone.localdate()}
    )
    return row


def order(of: Household, **facts: Any) -> CorrectionOrder:
    """An order of the county office that waits: the household was out of poverty since 2018."""
    defaults = {
        "document": f"更正〔2026〕{next(_numbers)}号",
        "reason": "录入有误",
        "klass_id": "out",
        "since": date(2018, 12, 31),
        "spell": of.spells.filter(axis="poverty").first(),
        "ordered_by": facts.get("ordered_by") or factories.posted(Role.COUNTY_OFFICER),
        "ordered_on": timezone.localdate(),
    }
    return CorrectionOrder.objects.create(household=of, village_id=of.village_id, **defaults | facts)


def proposal(of: Household, kind: str = "in", **facts: Any) -> StandingProposal:
    """A roster said that the household is monitored; the register does not."""
    differences = {
        "in": {"monitor_type": [of.monitor_type, "2"]},
        "out": {"exit_status": [of.exit_status, "1"]},
        "clear": {"risk_cleared": ["false", "true"]},
        "error": {"identified_on": [str(of.identified_on or ""), "2015-03-01"]},
    }
    defaults = {"kind": kind, "differences": differences[kind], "source_name": "名册导入：已脱贫人口名单"}
    return StandingProposal.objects.create(household=of, village_id=of.village_id, **defaults | facts)


def department_list(county: str = factories.COUNTY, **facts: Any) -> DepartmentList:
    defaults = {
        "department": "民政局",
        "document": f"民政〔2026〕{next(_numbers)}号",
        "as_of": timezone.localdate(),
        "taken_by": factories.posted(Role.COUNTY_OFFICER),
    }
    return DepartmentList.objects.create(county=factories.place(county), **defaults | facts)


def department_row(of: Household, **facts: Any) -> DepartmentRow:
    held = facts.pop("list", None) or department_list()
    defaults = {"klass_id": "dibao", "since": date(2024, 1, 1)}
    return DepartmentRow.objects.create(list=held, household=of, village_id=of.village_id, **defaults | facts)
