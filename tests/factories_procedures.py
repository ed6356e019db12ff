"""Rows of the lists of procedures that have a page of their own: archives, hits of comparisons."""

from __future__ import annotations

import itertools
from datetime import date

from households.models import Archive, Comparison, ComparisonHit, Deputy
from tests import factories
from villages.rights import Role

_numbers = itertools.count(1)


def archive() -> Archive:
    day = date(2017, 12, 1)
    return Archive.objects.create(
        place=factories.place(), year=2017, subject=f"2017年脱贫退出{next(_numbers)}", decided_on=day, entered_on=day,
        by=factories.posted(Role.VILLAGE_CADRE),
    )  # fmt: skip


def hit() -> ComparisonHit:
    found = Comparison.objects.create(
        place=factories.place(factories.COUNTY), kind="monitor_in", year=2026, compared_on=date(2026, 1, 5),
        document=f"比对{next(_numbers)}号", source="县大数据局", by=factories.posted(Role.COUNTY_OFFICER),
    )  # fmt: skip
    home = factories.household(members=1)
    return ComparisonHit.objects.create(
        comparison=found, household=home, village_id=home.village_id, what="car", detail="小型轿车一辆"
    )


def deputy() -> Deputy:
    return Deputy.objects.create(
        place=factories.place(), role=Role.VILLAGE_CADRE, deputy=factories.user(), since=date(2026, 1, 1),
        until=date(2026, 3, 1), document=f"渝农〔2026〕{next(_numbers)}号", reason="病假",
        ordered_by=factories.posted(Role.COUNTY_OFFICER),
    )  # fmt: skip


OWN_LISTS = {"archives": ("archives", archive), "hits": ("comparisons", hit), "deputies": ("deputies", deputy)}
"""Code of a list to the name of its address and what makes a row."""
