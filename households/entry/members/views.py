"""The members table and the two other places where members are typed: the year's school and insurance, and numbers that
are asked for in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from households.entry.events.views import event_links
from households.entry.forms import SECTION_FORMS, SectionForm
from households.entry.members.forms import (
    ALSO_HEALTH,
    ASKED_AT,
    LINE,
    MORE,
    REST,
    FullMemberForm,
    MemberForm,
    YearMemberForm,
    not_asked,
)
from households.entry.page import (
    Page,
    go_on,
    said_saved,
    sex_age,
    show,
)
from households.entry.sections.views import (
    cells,
    demand_fields,
    groups,
    opened,
    read_only,
    save_record,
    told,
)
from households.entry.trouble import (
    Trouble,
    accept_ticks,
    attempt,
    warnings_at,
)
from households.models import Household, Member
from households.register import services
from households.register.fields import SHARED_FACTS
from households.register.id_check import number_fault
from povreg.kit.idnumber import age_on
from povreg.kit.masking import mask_id
from povreg.kit.values import digits_of, plain
from povreg.kit.views import demand, holds, require, scoped_or_404
from villages.codes.selectors import label, labels_of
from villages.models.signed_in import SignedInRequest
from villages.rights import Right
from villages.standards.rules import COUNT_DAY, SCHOOL_DAY, school_day

NEW = "new-"
SHOWN = ("school_status", "health", "labour", "medical")
BLANK_KEY = "new-__prefix__"
Warnings = dict[str, list[dict[str, Any]]]


@require(Right.HOUSEHOLD_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def members_section(request: SignedInRequest, pk: int, section: str = "members") -> HttpResponse:
    """The members table: shown, some lines open for typing, saved all or none."""
    page = opened(request, pk, section)
    if request.method != "POST":
        return _shown(request, page, _asked_forms(request, page))
    demand(request.user, Right.HOUSEHOLD_EDIT, page.household.village_id)
    demand_fields(request, "line", "new-TOTAL_FORMS")
    forms = typed_forms(request, page, FullMemberForm)
    filled = {key: form for key, form in forms.items() if form.row or form.has_changed()}
    trouble = attempt(lambda versions: save_members(request, page, filled, versions), filled, titles(page, filled))
    if trouble:
        return _shown(request, page, forms, trouble)
    said_saved(request, page, any(map(_typed_in, filled.values())))
    return go_on(request, page)


def _typed_in(form: MemberForm) -> bool:
    row = form.member_row()
    return bool(row.facts or row.year_facts)


def typed_forms(request: SignedInRequest, page: Page, form_class: type[MemberForm]) -> dict[str, MemberForm]:
    """The posted lines as forms, by key: ``m12`` is member 12, ``new-0`` a new one. Of those who live elsewhere now
    only facts of the year can be typed."""
    people = {f"m{member.pk}": member for member in page.bundle.members}
    keys = [key for key in request.POST.getlist("line") if key in people or key.startswith(NEW)]
    return {key: _member_form(form_class, people.get(key), key, request.POST) for key in keys if key != BLANK_KEY}


def _member_form(form_class: type[MemberForm], member: Any, key: str, data: Any = None, **more: Any) -> MemberForm:
    return form_class(data, prefix=key, row=member, year_row=getattr(member, "year_row", None), **more)


def save_members(
    request: SignedInRequest, page: Page, forms: Mapping[str, MemberForm], versions: Mapping[str, int]
) -> None:
    """Hand the typed lines to the verb."""
    accept_ticks(request, page.bundle)
    rows = [form.member_row() for form in forms.values()]
    for row in rows:
        row.version = versions.get(row.key, row.version)
    rows = [row for row in rows if row.facts or row.year_facts]
    if rows:
        services.edit_members(
            by=request.user,
            household=page.household,
            year=page.year,
            rows=rows,
            ticks=request.POST.getlist("confirmed"),
            reason=request.POST.get("late_reason", ""),
        )


def titles(page: Page, forms: Mapping[str, MemberForm]) -> dict[str, str]:
    """How the summary of faults calls each line."""
    names = {key: form.row.name if form.row else str(form["name"].data or "") for key, form in forms.items()}
    return {key: name or "新成员" for key, name in names.items()}


def _asked_forms(request: SignedInRequest, page: Page) -> dict[str, MemberForm]:
    """The lines the address opens: ``edit=12``, ``edit=all``, ``add=1``."""
    if not page.may_edit:
        return {}
    asked = request.GET.get("edit", "")
    chosen = [member for member in page.bundle.here if asked in ("all", str(member.pk))]
    forms = {
        f"m{member.pk}": _member_form(FullMemberForm, member, f"m{member.pk}", suggested=_known(member))
        for member in chosen
    }
    if request.GET.get("add") or not page.bundle.members:
        forms["new-0"] = _member_form(FullMemberForm, None, "new-0")
    return forms


def _known(member: Any) -> dict[str, Any]:
    """What is known of a member without a row for the year: offered as this year's, saved only when the line is."""
    if getattr(member, "year_row", None) is not None:
        return {}
    known = {name: value for name in SHARED_FACTS if (value := getattr(member, name)) not in ("", None, [])}
    return known | {ALSO_HEALTH: member.healths[1:]}


def _shown(
    request: SignedInRequest, page: Page, forms: Mapping[str, MemberForm], trouble: Trouble | None = None
) -> HttpResponse:
    lines = [
        _typed_line(page, forms[key], trouble) if (key := f"m{member.pk}") in forms else _shown_line(page, member)
        for member in page.bundle.members
    ]
    lines += [_typed_line(page, form, trouble) for key, form in forms.items() if key.startswith(NEW)]
    section = warnings_at(page.bundle, "members", "", {}, trouble)
    new = [number for key in forms if (number := digits_of(key.removeprefix(NEW))) is not None]
    context = {
        "lines": lines,
        "wide": bool(forms),
        "ages": ASKED_AT,
        "ethnicity": page.bundle.head.ethnicity if page.bundle.head else "",
        "blank": _typed_line(page, _member_form(FullMemberForm, None, BLANK_KEY), None),
        "new_count": max(new, default=-1) + 1,
        "loose": section.get("", []),
        "draft_version": "-".join(str(member.version) for member in page.bundle.members),
        "edit_all_url": page.url("members", edit="all") if len(forms) < page.bundle.editable else "",
        "add_url": page.url("members", add=1),
        "check_url": reverse("household-check-id"),
        "unmask_url": reverse("household-unmask", args=[page.household.pk]),
        "may_unmask": holds(request.user, Right.UNMASK, page.household.village_id),
        "today": timezone.localdate(),
        "left": [_left_line(member) for member in page.bundle.left],
        "events": event_links(request.user, page),
        **told(request, trouble, [section, *(line["all_warnings"] for line in lines)]),
    }
    return show(request, "section_members.html", page, trouble.status if trouble else 200, **context)


def _typed_line(page: Page, form: MemberForm, trouble: Trouble | None) -> dict[str, Any]:
    """One line open for typing, with its warnings."""
    key = str(form.prefix)
    target = str(form.row.pk) if form.row else key
    warnings = warnings_at(page.bundle, "members", target, form.fields, trouble, key)
    idle = not_asked(form, _age_at_school_day(form.row, page.year)) if form.row else set()
    return {
        "form": form,
        "member_id": form.row.pk if form.row else "",
        "sex_age": sex_age(form.row, page.year) if form.row else "",
        "cells": cells(form, LINE, None, warnings),
        "more": cells(form, [name for name in MORE if name not in idle], None, warnings),
        "rest": cells(form, [name for name in REST if name not in idle], None, warnings),
        "row_errors": [*form.non_field_errors(), *(each["text"] for each in warnings.get("", []))],
        "all_warnings": warnings,
    }


def _shown_line(page: Page, member: Any) -> dict[str, Any]:
    """One line to read, with what still wants an answer about this person."""
    form = _member_form(FullMemberForm, member, f"m{member.pk}")
    warnings = warnings_at(page.bundle, "members", str(member.pk), form.fields, None)
    flat = [
        each | {"label": form.fields[name].label if name else "", "text": each["text"]}
        for name, found in warnings.items()
        for each in found
    ]
    return {
        "member_id": member.pk,
        "name": member.name,
        "is_head": member is page.bundle.head,
        "relation": label("relation", member.relation_then),
        "note": _standing_note(page, member),
        "id_no": mask_id(member.id_no),
        "sex_age": sex_age(member, page.year),
        "values": [{"label": form[name].label, "text": _chosen(form, member, name)} for name in SHOWN],
        "edit_url": page.url("members", edit=member.pk) + f"#line-m{member.pk}" if member.here else "",
        "warnings": flat,
        "all_warnings": warnings,
    }


def _chosen(form: Form, member: Member, name: str) -> str:
    """The label of what is chosen, nothing for what is not recorded; without a row for the year what is known now."""
    known = None if getattr(member, "year_row", None) else getattr(member, name, None)
    value = form.initial.get(name) or known
    if name == "health":
        return labels_of("health", (getattr(member, "year_row", None) or member).healths)
    return dict(form.fields[name].choices).get(value, "") if value else ""  # type: ignore[attr-defined]


def _left_line(member: Any) -> dict[str, Any]:
    last = member.stays[-1]
    return {
        "member_id": member.pk,
        "name": member.name,
        "relation": label("relation", last.relation),
        "left_on": last.until,
        "left_reason": last.get_went_display(),
    }


def _standing_note(page: Page, member: Any) -> str:
    """What a reader of the year must know: that somebody has left since, or was not counted."""
    if not member.here:
        last = member.stays[-1]
        return f"{plain(last.until)}{last.get_went_display()}，现已不在本户"
    return "" if member.counted else f"{plain(COUNT_DAY.of(page.year))}还不在本户，不计入该年人口"


# -- 两不愁三保障: the household's answers and each member's school and insurance ------------------------------------


@require(Right.HOUSEHOLD_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def guarantees_section(request: SignedInRequest, pk: int, section: str = "guarantees") -> HttpResponse:
    """One page, two verbs, saved together or not at all."""
    page = opened(request, pk, section)
    if request.method != "POST":
        return _guarantees(request, page, SECTION_FORMS[section](row=page.bundle.record), _year_forms(page))
    demand(request.user, Right.HOUSEHOLD_EDIT, page.household.village_id)
    demand_fields(request, "version")
    form = SECTION_FORMS[section](request.POST, row=page.bundle.record)
    people = typed_forms(request, page, YearMemberForm)

    def save(versions: Mapping[str, int]) -> None:
        save_record(request, page, form, versions)
        save_members(request, page, people, versions)

    trouble = attempt(save, {"": form, **people}, titles(page, people))
    if trouble:
        return _guarantees(request, page, form, people, trouble)
    said_saved(request, page, bool(form.changes()) or any(map(_typed_in, people.values())))
    return go_on(request, page)


def _year_forms(page: Page) -> dict[str, MemberForm]:
    return {f"m{member.pk}": _member_form(YearMemberForm, member, f"m{member.pk}") for member in page.bundle.members}


def _guarantees(
    request: SignedInRequest,
    page: Page,
    form: SectionForm,
    people: Mapping[str, MemberForm],
    trouble: Trouble | None = None,
) -> HttpResponse:
    if not page.may_edit:
        read_only(form)
    warnings = warnings_at(page.bundle, "guarantees", "", form.fields, trouble)
    lines = [_year_line(page, each, trouble) for each in people.values()]
    context = {
        "form": form,
        "groups": groups(page, form, warnings),
        "lines": lines,
        "heads": [YearMemberForm.base_fields[name].label for name in YearMemberForm.names],
        "loose": warnings.get("", []),
        "school_day": SCHOOL_DAY,
        **told(request, trouble, [warnings, *(line["all_warnings"] for line in lines)]),
    }
    return show(request, "section_guarantees.html", page, trouble.status if trouble else 200, **context)


def _year_line(page: Page, form: MemberForm, trouble: Trouble | None) -> dict[str, Any]:
    member = form.row
    assert member is not None
    warnings = warnings_at(page.bundle, "members", str(member.pk), form.fields, trouble, str(form.prefix))
    return {
        "form": form,
        "name": member.name,
        "age": _ages(member, page.year),
        "cells": cells(form, form.names, None, warnings),
        "idle": not_asked(form, _age_at_school_day(member, page.year)),
        "all_warnings": warnings,
    }


def _ages(member: Member, year: int) -> str:
    """The age of the year as everywhere, and the one on the school day where that is another."""
    if not member.birth_date:
        return ""
    reached, at_school = max(year - member.birth_date.year, 0), _age_at_school_day(member, year)
    return (
        str(reached)
        if at_school in (None, reached) or reached >= SCHOOLED
        else f"{reached}（{SCHOOL_DAY} {at_school}）"
    )


SCHOOLED = 18
"""Years of age from which nobody asks how old somebody was when the school year began."""


def _age_at_school_day(member: Member, year: int) -> int | None:
    """The age by which the education criterion judges; none when it is unknown or the member was not born yet."""
    born, day = member.birth_date, school_day(year)
    return age_on(born, day) if born and born <= day else None


# -- numbers ----------------------------------------------------------------------------------------------------------


@require(Right.HOUSEHOLD_EDIT)
@require_POST
def check_id(request: SignedInRequest) -> JsonResponse:
    """Whether a typed number can be registered: its own fault, or where it is registered already. 422 with ``field``
    "reason" where the account has asked so often today that it must say why."""
    village, member = request.POST.get("village", ""), request.POST.get("member", "")
    demand(request.user, Right.HOUSEHOLD_EDIT, village)
    try:
        fault = number_fault(
            by=request.user,
            village=village,
            id_no=request.POST.get("id_no", ""),
            member_id=digits_of(member),
            reason=request.POST.get("reason", ""),
        )
    except ValidationError as refused:
        return JsonResponse({"fault": "；".join(refused.messages), "field": "reason"}, status=422)
    return JsonResponse({"fault": fault})


@require(Right.UNMASK)
@require_POST
def unmask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Full numbers of one household, on this one answer only; the look and its reason are logged."""
    household = scoped_or_404(Household, request.user, pk, Right.UNMASK)
    what = request.POST.get("what", "id_no")
    labels = {"id_no": "证件号码", "phone": "联系电话", "bank_account": "银行卡号"}
    what = what if what in labels else "id_no"
    context: dict[str, Any] = {"what": labels[what], "rows": [], "household": household}
    try:
        found = services.unmask(by=request.user, household=household, what=what, reason=request.POST.get("reason", ""))
        context["rows"] = _unmasked_rows(household, found)
    except ValidationError as refused:
        context["refused"] = "；".join(refused.messages)
    template = "_unmasked.html" if request.htmx else "unmasked.html"  # type: ignore[attr-defined]
    return render(request, f"households/register/{template}", context, status=422 if "refused" in context else 200)


def _unmasked_rows(household: Household, found: Mapping[str, Any]) -> list[dict[str, str]]:
    names = dict(household.members.values_list("pk", "name"))
    rows: Iterable[dict[str, str]] = (
        {"label": names[pk], "text": text} for pk, text in found["members"].items() if pk in names
    )
    own = [{"label": "本户", "text": found["household"]}] if found["household"] else []
    return [*own, *rows]
