"""The sections of the household page that hold one record: 基本情况, 生产生活条件, 收入与支出."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from households.entry.forms import (
    SECTION_FORMS,
    UNITS,
    SectionForm,
    spoken,
)
from households.entry.income.views import income_table
from households.entry.page import (
    Page,
    done,
    go_on,
    said_saved,
    section_url,
    show,
)
from households.entry.trouble import (
    Trouble,
    accept_ticks,
    attempt,
    carried,
    warnings_at,
)
from households.looks.services import note_look
from households.models import Household
from households.models.annual import WATER_ITEMS
from households.register import services, years
from households.register.selectors import HouseholdPage, household_page
from povreg.kit.views import demand, require, scoped_or_404
from villages.codes.controls import UNRECORDED, Secret
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

GROUPS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "basic": (
        ("住址和联系", ("group_name", "address", "door_no", "phone", "bank_name", "bank_account")),
        (
            "识别情况",
            (
                "poverty_standard", "household_attr", "planned_exit_year", "main_cause", "cause_note",
                "other_causes",
            ),
        ),
        (
            "家庭类型",
            ("is_martyr_family", "is_only_child_family", "is_two_daughter_family", "no_labour_backstop"),
        ),
        ("采集", ("collector", "note")),
    ),
    "living": (
        (
            "土地",
            (
                "arable_mu", "irrigated_mu", "forest_mu", "grain_to_green_mu", "orchard_mu", "pasture_mu", "water_mu",
            ),
        ),
        (
            "住房",
            ("house_area_m2", "house_structure", "house_built_year", "has_toilet", "main_fuel"),
        ),
        (
            "水、电、路",
            (
                "water_difficult", "power_production", "main_road_km", "entry_road", "entry_road_hardened", "in_coop",
            ),
        ),
    ),
    "guarantees": (
        ("两不愁", ("food", "clothing")),
        ("住房安全", ("house_grade", "house_security")),
        ("饮水安全", ("water_safe", "water_quantity", "water_quality", "water_access", "water_reliability")),
        ("用电和广播电视", ("power_living", "broadcast")),
        ("调查", ("surveyed_on", "surveyors", "source")),
    ),
}  # fmt: skip
WIDE = frozenset({"other_causes", "cause_note", "note", "address"})


@dataclass
class Cell:
    """One control with what stands around it: last year's value, warnings, whether it differs from last year."""

    name: str
    field: forms.BoundField
    prev: str = ""
    unit: str = ""
    warnings: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    marked: bool = False
    wide: str = ""
    secret: bool = False


def cells(
    form: forms.Form,
    names: Iterable[str],
    previous: Any = None,
    warnings: Mapping[str, list[dict[str, Any]]] | None = None,
    changed: Iterable[str] = (),
) -> list[Cell]:
    """The controls ``names`` of a form, ready for a template."""
    found = []
    for name in names:
        control = form.fields[name]
        found.append(
            Cell(
                name,
                form[name],
                prev=before(control, previous, name),
                unit=UNITS.get(name, ""),
                warnings=(warnings or {}).get(name, []),
                marked=name in changed or name in getattr(form, "suggested", ()),
                wide="yes" if name in WIDE else "",
                secret=isinstance(control, Secret),
            )
        )
    return found


def before(control: forms.Field, previous: Any, name: str) -> str:
    """What last year's record says, if it says something."""
    value = getattr(previous, name, None)
    return "" if value is None or value in ("", []) else f"上年 {spoken(control, value)}"


@require(Right.HOUSEHOLD_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def record_section(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """A section over one record: shown, saved, or shown again with what is wrong."""
    page = opened(request, pk, section)
    form_class = SECTION_FORMS[section]
    if request.method != "POST":
        return _shown(request, page, form_class(row=row_of(page.bundle, section)))
    demand(request.user, Right.HOUSEHOLD_EDIT, page.household.village_id)
    demand_fields(request, "version")
    form = form_class(request.POST, row=row_of(page.bundle, section))
    trouble = attempt(lambda versions: save_record(request, page, form, versions), {"": form})
    if trouble:
        return _shown(request, page, form, trouble)
    said_saved(request, page, bool(form.changes()))
    return go_on(request, page)


def demand_fields(request: SignedInRequest, *names: str) -> None:
    """Raise SuspiciousOperation (400) for a request without the form's own fields: nothing arrived, so nothing may be
    called saved."""
    if not any(name in request.POST for name in names):
        raise SuspiciousOperation("the form is missing")


def opened(request: SignedInRequest, pk: int, section: str) -> Page:
    """The page of a household for the year asked for; that it was looked at is kept. Raises Http404 outside the
    reader's scope."""
    page = Page(household_page(request.user, pk, years.year_of(request)), section, request.user)
    note_look(by=request.user, household=pk, village=page.household.village_id)
    return page


def row_of(bundle: HouseholdPage, section: str) -> Any:
    return bundle.household if section == "basic" else bundle.record


def save_record(request: SignedInRequest, page: Page, form: SectionForm, versions: Mapping[str, int]) -> None:
    """Hand the typed facts to the section's verb."""
    accept_ticks(request, page.bundle)
    version = versions.get("", form.seen_version)
    facts = form.changes()
    ticks = request.POST.getlist("confirmed")
    if page.section == "basic":
        services.edit_household(
            by=request.user,
            household=page.household,
            version=version or page.household.version,
            facts=facts,
            year=page.year,
            ticks=ticks,
        )
    elif facts:
        services.edit_annual(
            by=request.user,
            household=page.household,
            year=page.year,
            version=version,
            facts=facts,
            ticks=ticks,
            reason=request.POST.get("late_reason", ""),
        )


def read_only(form: forms.Form) -> None:
    """Boxes nobody may type in say themselves that nothing is recorded."""
    for control in form.fields.values():
        control.widget.attrs["placeholder"] = UNRECORDED


def _shown(request: SignedInRequest, page: Page, form: SectionForm, trouble: Trouble | None = None) -> HttpResponse:
    if not page.may_edit:
        read_only(form)
    warnings = warnings_at(page.bundle, page.section, "", form.fields, trouble)
    context = {"form": form, "loose": warnings.get("", []), **told(request, trouble, [warnings])}
    status = trouble.status if trouble else 200
    if page.section == "income":
        return show(request, "section_income.html", page, status, **context, **income_table(page, form, warnings))
    return show(request, "section_fields.html", page, status, **context, groups=groups(page, form, warnings))


def told(
    request: SignedInRequest, trouble: Trouble | None, warnings: Iterable[Mapping[str, list[dict[str, Any]]]]
) -> dict[str, Any]:
    """What stands above the fields after a refusal."""
    if trouble is None:
        return {"faults": [], "asks": 0, "conflict": None, "carried": []}
    return {
        "faults": trouble.faults,
        "asks": trouble.asks,
        "conflict": trouble.conflict,
        "carried": carried(request, warnings),
    }


def groups(page: Page, form: SectionForm, warnings: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The section's fields in their cards."""
    previous = None if page.section == "basic" else page.bundle.previous
    changed = () if page.section == "basic" else page.bundle.changed
    return [
        _group(title, cells(form, names, previous, warnings, changed), form) for title, names in GROUPS[page.section]
    ]


def _group(title: str, all_cells: list[Cell], form: SectionForm) -> dict[str, Any]:
    """A card of cells; the four parts of water are folded below the one question they answer in detail."""
    folded = [cell for cell in all_cells if cell.name in WATER_ITEMS]
    told = any(cell.warnings or cell.marked or form[cell.name].value() not in (None, "") for cell in folded)
    faulty = form.is_bound and any(cell.name in form.errors for cell in folded)
    shown = [cell for cell in all_cells if cell not in folded]
    return {"title": title, "cells": shown, "folded": folded, "fold_open": told or faulty}


@require(Right.HOUSEHOLD_EDIT)
@require_POST
def copy_last_year(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open the year with last year's record; the page then marks what was changed since."""
    household = scoped_or_404(Household, request.user, pk, Right.HOUSEHOLD_EDIT)
    year = years.year_of(request)
    if done(request, lambda: services.copy_last_year(by=request.user, household=household, year=year)):
        messages.success(request, f"已沿用{year - 1}年的记录，请逐项核对；改动的格子会标黄。")
    section = request.POST.get("section", "")
    return redirect(section_url(household.pk, section if section in SECTION_FORMS else "income", year))
