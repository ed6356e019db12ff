"""The income worksheet: last year's column, this year's boxes, what differs, and the sum the server adds up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from households.eligibility.criterion import no_line_words
from households.entry.forms import SECTION_FORMS, SectionForm
from households.entry.page import Page
from households.models import AnnualRecord, Household
from households.models.annual import (
    APART_FIELDS,
    EXPENSE_FIELDS,
    INCOME_FIELDS,
    OF_WHICH_FIELDS,
    TRANSFER_FIELDS,
    WORKSHEET_FIELDS,
)
from households.register import worksheet, years
from households.register.living import counted_here, members_of
from povreg.kit.views import require, scoped_or_404
from villages.models.signed_in import SignedInRequest
from villages.periods.selectors import era_of
from villages.rights import Right
from villages.standards.selectors import line_for

PARTS = (
    ("收入", INCOME_FIELDS),
    ("转移性收入", TRANSFER_FIELDS),
    ("支出", EXPENSE_FIELDS),
    ("其中（已含在上面各项里）", OF_WHICH_FIELDS),
    ("另记（不计入纯收入，监测时用）", APART_FIELDS),
)


def income_table(page: Page, form: SectionForm, warnings: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Rows of the worksheet and its sums."""
    previous = page.bundle.previous
    parts = [
        {"title": title, "rows": [_row(form, name, previous, warnings.get(name, [])) for name in names]}
        for title, names in PARTS
    ]
    amounts = typed_amounts(form) if form.is_bound else {name: form.initial.get(name) for name in WORKSHEET_FIELDS}
    return {
        "parts": parts,
        "period": f"{page.year - 1}年10月1日—{page.year}年9月30日，元",
        "previous_sums": page.bundle.previous_worksheet if previous else None,
        **sums(page.household, page.year, amounts, page.bundle.worksheet.persons),
    }


def _row(form: SectionForm, name: str, previous: AnnualRecord | None, warnings: list[dict[str, Any]]) -> dict[str, Any]:
    before = getattr(previous, name, None)
    now = form.initial.get(name)
    return {
        "name": name,
        "field": form[name],
        "before": before,
        "warnings": warnings,
        "note": difference(before, now) if previous else "",
        "marked": previous is not None and now is not None and now != before,
    }


def difference(before: Decimal | None, now: Decimal | None) -> str:
    """In words, against last year: 多 4,800；少 500；与上年相同."""
    if before is None or now is None:
        return ""
    if before == now:
        return "与上年相同"
    amount = f"{abs(now - before):,.2f}".removesuffix(".00")
    return f"{'多' if now > before else '少'} {amount}"


def typed_amounts(form: SectionForm) -> dict[str, Decimal]:
    """The amounts that can be read; a faulty one counts as blank until it is mended."""
    form.is_valid()
    return {name: form.cleaned_data[name] for name in WORKSHEET_FIELDS if form.cleaned_data.get(name) is not None}


def sums(household: Household, year: int, amounts: Mapping[str, Any], persons: int) -> dict[str, Any]:
    """Net income and how it stands to the line of the year, as the badge says it."""
    added = worksheet.add_up(amounts, persons)
    line = line_for(era_of(year, household.village_id).line, year, household.village_id)
    amount = line.amount if line else None
    total_url = f"{reverse('household-income-total', args=[household.pk])}?year={year}"
    return {"sums": added, "line": amount, "total_url": total_url, **badge(added.per_head, amount, year)}


def badge(per_head: Decimal | None, line: Decimal | None, year: int) -> dict[str, str]:
    """Tone and words: 高于标准 21.6%. Exactly the line is not above it (contract.md section 4)."""
    if line is None:
        return {"tone": "missing", "margin": no_line_words(year)}
    if per_head is None:
        return {"tone": "missing", "margin": "未记录"}
    share = abs(per_head / line - 1)
    if per_head == line:
        return {"tone": "fail", "margin": "等于标准，未超过"}
    word = "高于" if per_head > line else "低于"
    return {"tone": "pass" if per_head > line else "fail", "margin": f"{word}标准 {share:.1%}"}


@require(Right.HOUSEHOLD_VIEW)
@require_POST
def income_total(request: SignedInRequest, pk: int) -> HttpResponse:
    """The sum rows for what is typed so far; nothing is saved."""
    household = scoped_or_404(Household, request.user, pk)
    year = years.year_of(request)
    amounts = typed_amounts(SECTION_FORMS["income"](request.POST))
    persons = sum(counted_here(member, year) for member in members_of(household.pk, year))
    return render(request, "households/register/_income_total.html", sums(household, year, amounts, persons))
