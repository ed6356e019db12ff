"""The list of households, and the first page of a new one.

Filters stand in the address as codes only, so that other pages can link here. A name or an identity number is posted
and kept in the session; the address carries a random key instead.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.eligibility.criteria import CRITERIA
from households.eligibility.explain import Chip, chips
from households.eligibility.measures import figure_label
from households.models import Assessment
from households.models.assessment import Verdict
from households.register import services, years
from households.register.fields import SECTIONS
from households.register.forms import FindForm, NewHouseholdForm
from households.register.listing import NOT_ASSESSED, ORDERS, ListFilters, ListPage, list_page
from households.register.views_page import section_url
from households.register.views_trouble import attempt
from povreg.kit.views import holds, require
from villages.codes.selectors import choices, label
from villages.models import Place
from villages.people.rights import Right

CODES = (
    "place", "household_no", "attr", "type", "exit_status", "verdict", "failed", "missing", "gap", "borderline",
    "eligible", "cause", "poor", "figure", "order", "candidate", "removed",
)  # fmt: skip
SHORT_RESULTS = {"pass": "", "fail": "未达标", "missing": "未记录"}
SHORT_SECTIONS = {
    "basic": "基本情况", "members": "成员", "living": "生产生活", "income": "收支", "guarantees": "保障",
    "files": "附件",
}  # fmt: skip
POOR = [("yes", "贫困村"), ("no", "非贫困村")]
FOUND = "household_search"
KEPT = 8  # searches a session remembers


@require(Right.HOUSEHOLD_VIEW)
@require_safe
def households(request: HttpRequest) -> HttpResponse:
    """The households the reader may see, filtered and paged."""
    year = years.year_of(request)
    filters = filters_of(request)
    number = request.GET.get("page", "1")
    page = list_page(request.user, filters, year, int(number) if number.isdigit() else 1)
    place = Place.objects.filter(pk=filters.place).first() if filters.place else None
    context = {
        "page": page,
        "rows": [_row(row, year) for row in page.rows],
        "filters": filters,
        "year": year,
        "place": place,
        "place_text": str(place or ""),
        "found": request.session.get(FOUND, {}).get(request.GET.get("found", ""), {}),
        "find_url": f"{reverse('households-find')}?{keeping(request, 'found', 'page')}",
        "without_found": f"?{keeping(request, 'found', 'page')}",
        "fields": _fields(filters),
        "figure": figure_label(filters.figure),
        "without_figure": f"?{keeping(request, 'figure', 'page')}",
        "narrowed": any(getattr(filters, name, "") for name in (*CODES, "name", "id_no") if name != "order"),
        "pages": _pages(request, page),
        "may_enter": holds(request.user, Right.HOUSEHOLD_EDIT),
    }
    return render(request, "households/register/list.html", context)


def filters_of(request: HttpRequest) -> ListFilters:
    """Filters from the address, and the search that its key stands for."""
    given: dict[str, Any] = {name: request.GET.get(name, "").strip() for name in CODES}
    given |= {name: given[name] == "1" for name in ("borderline", "eligible", "candidate", "removed")}
    if given["order"] not in ORDERS:
        given.pop("order")
    kept = request.session.get(FOUND, {}).get(request.GET.get("found", ""), {})
    return replace(ListFilters(), **given, **kept)


def keeping(request: HttpRequest, *without: str) -> str:
    """The query of the address without some of its parts."""
    return urlencode([(name, value) for name, value in request.GET.items() if name not in without and value])


def _pages(request: HttpRequest, page: ListPage) -> dict[str, str]:
    query = keeping(request, "page")
    base = f"?{query}&page=" if query else "?page="
    return {
        "previous": f"{base}{page.number - 1}" if page.has_previous else "",
        "next": f"{base}{page.number + 1}" if page.has_next else "",
    }


def _row(row: Any, year: int) -> dict[str, Any]:
    """One household as the list shows it."""
    found: Assessment | None = row.assessment
    return {
        "pk": row.pk,
        "name": row.head_name or "（未登记户主）",
        "url": f"{reverse('household', args=[row.pk])}?year={year}",
        "no": row.household_no,
        "village": str(row.village),
        "group": row.group_name,
        "persons": row.persons,
        "attr": label("household_attr", row.household_attr),
        "exit_status": label("exit_status", row.exit_status),
        "verdict": found.verdict if found else "",
        "per_head": found.per_head if found else None,
        "borderline": bool(found and found.borderline),
        "chips": [_small(chip) for chip in chips(found)] if found else [],
        "gaps": [
            {"label": SHORT_SECTIONS.get(gap, gap), "url": section_url(row.pk, gap, year)}
            for gap in (found.gaps if found else ())
            if gap in SECTIONS
        ],
    }


def _small(chip: Chip) -> dict[str, str]:
    """A chip of a list row: the label only, in words where it is not met or not recorded."""
    text = f"{chip.label} {SHORT_RESULTS[chip.result]}".strip()
    if chip.code == "housing" and chip.result == "fail":
        text = chip.text
    return {"code": chip.code, "label": chip.label, "result": chip.result, "text": text}


def _fields(filters: ListFilters) -> list[dict[str, Any]]:
    """The selects of the filter bar."""
    criteria = [(each.code, each.short) for each in CRITERIA]
    verdicts = [*Verdict.choices, (NOT_ASSESSED, "未评定")]
    return [
        {"name": "attr", "label": "贫困户属性", "choices": choices("household_attr"), "value": filters.attr},
        {"name": "exit_status", "label": "脱贫属性", "choices": choices("exit_status"), "value": filters.exit_status},
        {"name": "verdict", "label": "结论", "choices": verdicts, "value": filters.verdict},
        {"name": "failed", "label": "未达标项", "choices": criteria, "value": filters.failed},
        {"name": "missing", "label": "未记录项", "choices": criteria, "value": filters.missing},
        {"name": "cause", "label": "主要致贫原因", "choices": choices("cause"), "value": filters.cause},
        {"name": "poor", "label": "村类型", "choices": POOR, "value": filters.poor},
        {"name": "gap", "label": "未填完的部分", "choices": list(SECTIONS.items()), "value": filters.gap},
        {"name": "order", "label": "排序", "choices": list(ORDERS.items()), "value": filters.order},
    ]


@require(Right.HOUSEHOLD_VIEW)
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Keep a name or number in the session and send the reader to an address that does not hold it."""
    form = FindForm(request.POST)
    query = [(name, value) for name, value in request.GET.items() if name in (*CODES, "year") and value]
    if form.is_valid() and any(form.cleaned_data.values()):
        key = secrets.token_urlsafe(6)
        searches = dict(list(request.session.get(FOUND, {}).items())[-KEPT + 1 :])
        request.session[FOUND] = {**searches, key: {name: value for name, value in form.cleaned_data.items() if value}}
        query.append(("found", key))
    return redirect(f"{reverse('households')}?{urlencode(query)}")


@require(Right.HOUSEHOLD_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_household(request: HttpRequest) -> HttpResponse:
    """Where, and who heads it; then on to the members."""
    form = NewHouseholdForm(request.POST or None, initial=_only_village(request))
    made: list[Any] = []
    trouble = None
    if request.method == "POST":
        trouble = attempt(lambda versions: made.append(_register(request, form)), {"": form, "head": form})
    if made:
        messages.success(request, f"已登记{form.cleaned_data['name']}户，请接着录入家庭成员。")
        return redirect(section_url(made[0].pk, "members", years.year_of(request), edit="all", add=1))
    code = form["village"].value() or ""
    place = Place.objects.visible_to(request.user).filter(pk=code).first()
    asking = {name: found for (_row, name), found in trouble.asking.items()} if trouble else {}
    context = {
        "form": form,
        "faults": _once(trouble.faults) if trouble else [],
        "asks": trouble.asks if trouble else 0,
        "village_text": str(place) if place else request.POST.get("village_text", ""),
        "under": _under(request),
        "cells": [
            {
                "field": form[name],
                "warnings": [
                    {"code": each.key, "text": each.message, "confirmed": False} for each in asking.get(name, ())
                ],
            }
            for name in form.fields
            if name != "village"
        ],
    }
    return render(request, "households/register/new.html", context, status=trouble.status if trouble else 200)


def _register(request: HttpRequest, form: NewHouseholdForm) -> Any:
    facts, head = form.facts(), form.head()
    return services.register_household(
        by=request.user,
        village=form.cleaned_data["village"],
        facts=facts,
        head=head,
        ticks=request.POST.getlist("confirmed"),
    )


def _once(faults: list[dict[str, str]]) -> list[dict[str, str]]:
    """The head's and the household's controls are one form here: each fault once."""
    return list({tuple(fault.items()): fault for fault in faults}.values())


def _villages(request: HttpRequest) -> list[str]:
    return sorted(set(request.user.places_with(Right.HOUSEHOLD_EDIT)))  # type: ignore[union-attr]


def _only_village(request: HttpRequest) -> dict[str, str]:
    """A village cadre's own village is filled in; the place the list was filtered by, for others."""
    codes = [code for code in (*_villages(request), request.GET.get("place", "")) if len(code) == 12]
    return {"village": codes[-1]} if codes else {}


def _under(request: HttpRequest) -> str:
    """The code all the places have in common where the person may enter households."""
    codes = _villages(request)
    first, last = codes[0], codes[-1]
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[: max(length for length in (0, 2, 4, 6, 9, 12) if length <= same)]
