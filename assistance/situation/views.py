"""The page: figures of the person's places, what each of the places below does, where the money lies."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from assistance.models.catalogue import Batch
from assistance.situation import selectors
from assistance.visits.due import rule_words
from households.register.years import year_of
from povreg.kit.views import require
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

TEN_THOUSAND = 10_000


@require_safe
@require(Right.DASHBOARD_VIEW)
def overview(request: SignedInRequest) -> HttpResponse:
    """How assistance stands in the places below."""
    user, year = request.user, year_of(request)
    rows = selectors.lines(user, year)
    charts = {"source": source_chart(user, year), "batch": batch_chart(user, year), "head": head_chart(rows)}
    context = {
        "rows": rows,
        "whole": selectors.total(rows),
        "year": year,
        "rule": rule_words(),
        "charts": {name: data for name, data in charts.items() if data},
    }
    return render(request, "assistance/situation/overview.html", context)


def bars(head: str, unit: str, parts: list[tuple[str, float, str]]) -> dict[str, Any]:
    """A chart of bars: label, value and address of each; nothing of nothing."""
    if not parts:
        return {}
    labels, values, urls = ([part[at] for part in parts] for at in range(3))
    series = [{"name": head, "tone": "act", "values": values, "urls": urls}]
    return {"kind": "bar", "unit": unit, "head": head, "categories": labels, "series": series}


def source_chart(user: User, year: int) -> dict[str, Any]:
    """The money by source, allocated and left, in ten thousand yuan."""
    found = selectors.by_source(user, year) if user.can(Right.FUND_VIEW) else []
    if not found:
        return {}
    urls = [f"{reverse('funds')}?{urlencode([('year', year), ('kind', code)])}" for code, *_ in found]
    given = [float(row[2] / TEN_THOUSAND) for row in found]
    left = [float(row[3] / TEN_THOUSAND) for row in found]
    return {
        "kind": "stack", "unit": "万元", "head": "来源", "categories": [row[1] for row in found],
        "series": [
            {"name": "已安排", "tone": "main", "values": given, "urls": urls},
            {"name": "结余", "tone": "plain", "values": left, "urls": urls},
        ],
    }  # fmt: skip


def batch_chart(user: User, year: int) -> dict[str, Any]:
    labels = dict(Batch.choices)
    listed = reverse("measures")
    parts = [
        (str(labels[code]), float(found), f"{listed}?{urlencode([('batch', code), ('year', year)])}")
        for code, found in selectors.by_batch(user, year)
    ]
    return bars("措施", "项", parts)


def head_chart(rows: list[selectors.Line]) -> dict[str, Any]:
    """Yuan allocated for each registered person, beside what was asked for: the most first."""
    there = sorted((row for row in rows if row.people), key=lambda row: -(row.per_head or 0))
    if not any(row.asked for row in there):
        return {}
    url = reverse("fund-spread")
    urls = [f"{url}?place={row.code}" for row in there]
    return {
        "kind": "bar", "unit": "元", "head": "人均", "categories": [row.name for row in there],
        "series": [
            {"name": "人均需求", "tone": "plain", "values": [round(float(row.asked) / row.people) for row in there],
             "urls": urls},
            {"name": "人均安排", "tone": "main", "values": [float(row.per_head or 0) for row in there], "urls": urls},
        ],
    }  # fmt: skip
