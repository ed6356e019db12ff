"""身份 of the household page: everything it ever was, on an axis of years and in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from households.entry.page import Page, show
from households.entry.sections.views import opened
from households.entry.standing.axis import axis_of
from households.models import Assessment, Spell
from households.models.annual import EXPENSE_FIELDS, INCOME_FIELDS
from households.models.standing import MONITORING, StandingClass
from households.standing.selectors import open_proposals, orders_of, spells_of
from households.standing.words import end_words, origin_words, risks_words, since_words, today, until_words
from povreg.kit.views import require
from villages.codes.selectors import label
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

RESULTS = {"pass": "已解决", "fail": "未解决", "missing": "未记录"}
SNAPSHOT = {
    "net_income": "家庭纯收入", "per_head": "人均纯收入", "wage_income": "工资性收入",
    "business_income": "生产经营性收入", "property_income": "财产性收入", "transfer_income": "转移性收入",
    "business_expense": "生产经营性支出", "education": "义务教育", "housing": "住房安全", "medical": "基本医疗",
    "water": "饮水安全",
}  # fmt: skip
"""The fields 风险消除后… of the national file that have a label of their own; the rest are the yearly record's."""
AMOUNTS = frozenset({"net_income", "per_head", "transfer_income", *INCOME_FIELDS, *EXPENSE_FIELDS})


@require(Right.HOUSEHOLD_VIEW)
@require_safe
def standing_section(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """Spells on every axis, the episodes of monitoring, orders to correct and differences that wait."""
    page = opened(request, pk, section)
    spells = spells_of(page.household)
    judged = Assessment.objects.filter(household=page.household).order_by("year")
    context: dict[str, Any] = {
        "axis": axis_of(spells, list(judged.only("year", "per_head", "line_amount")), today()),
        "groups": groups(spells),
        "orders": orders_of(page.household),
        "proposals": open_proposals(request.user).filter(household=page.household),
        "order_url": order_url(page),
    }
    return show(request, "section_standing.html", page, **context)


def order_url(page: Page) -> str:
    """Where an order to correct is asked for, by who may."""
    if not page.user.can(Right.COUNTY_REVIEW, page.household.village_id):
        return ""
    return f"{reverse('correction-new')}?household={page.household.pk}"


def groups(spells: Sequence[Spell]) -> list[dict[str, Any]]:
    """The spells by axis, the latest first, as the page tells them."""
    found = []
    for axis, name in StandingClass.Axis.choices:
        own = [each for each in spells if each.axis == axis]
        if own:
            items = [told(each, number) for number, each in enumerate(own, 1)]
            found.append({"label": name, "monitored": axis == MONITORING, "rows": list(reversed(items))})
    return found


def told(spell: Spell, number: int) -> dict[str, Any]:
    """One spell in words; an episode with what belongs to it."""
    row = {
        "pk": spell.pk, "number": number, "name": str(spell.klass), "open": spell.until is None,
        "since": since_words(spell), "until": until_words(spell), "origin": origin_words(spell),
        "origin_link": _link(spell, "batch"), "end": end_words(spell), "end_link": _link(spell, "end_batch"),
    }  # fmt: skip
    return row | (_episode(spell) if spell.axis == MONITORING and hasattr(spell, "episode") else {})


def _link(spell: Spell, side: str) -> dict[str, str] | None:
    """The list, the order or the department's list behind a bound."""
    batch = spell.batch if side == "batch" else spell.end_batch
    if batch:
        return {"label": f"{batch.year}年{batch.get_kind_display()}名单", "url": reverse("procedure", args=[batch.pk])}
    if side == "batch" and spell.correction_id:
        return {"label": "更正令", "url": reverse("correction", args=[spell.correction_id])}
    if side == "batch" and spell.department_row:
        held = spell.department_row.list
        return {"label": f"{held.department} {held.document}", "url": reverse("department-list", args=[held.pk])}
    return None


def _episode(spell: Spell) -> dict[str, Any]:
    episode = spell.episode
    return {
        "risks": risks_words(episode),
        "wanted": episode.wanted,
        "way": label("clear_way", episode.clear_way),
        "snapshot": [
            {"label": _snapshot_label(name), "value": _snapshot_text(name, value)}
            for name, value in _ordered(episode.snapshot)
        ],
    }


def _ordered(snapshot: dict[str, Any]) -> list[tuple[str, Any]]:
    names = [*SNAPSHOT, *(name for name in snapshot if name not in SNAPSHOT)]
    return [(name, snapshot[name]) for name in names if name in snapshot]


def _snapshot_label(name: str) -> str:
    return SNAPSHOT.get(name, name)


def _snapshot_text(name: str, value: Any) -> str:
    return f"{float(value):,.2f} 元" if name in AMOUNTS else RESULTS.get(value, str(value))
