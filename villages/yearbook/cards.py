"""The yearly file on the page of its village: the newest figures, and the way to fill in or begin one."""

from __future__ import annotations

from django.urls import reverse

from povreg.kit.pages.columns import yuan_text
from povreg.kit.values import plain
from villages.models import Place, User, VillageYear
from villages.places.cards import PlaceCard
from villages.rights import Right
from villages.yearbook import selectors
from villages.yearbook.gaps import gaps_of
from villages.yearbook.parts import ASKED, COLLECTIVE, field_of, total

SHOWN = (
    "households", "population", "labour_force", "migrant_workers", "farmland", "hard_road", "bus", "broadband",
    "water_unsafe_households", "dilapidated_households", "clinics", "cooperatives",
)  # fmt: skip


def village_card(user: User, village: Place) -> PlaceCard | None:
    """Nothing for who may not see yearly files."""
    if not user.can(Right.VILLAGE_FILE_VIEW, village.code):
        return None
    begin = reverse("village-file-new", args=[village.code])
    may_begin = user.can(Right.VILLAGE_FILE_EDIT, village.code) and village.retired_on is None
    links = (("建立台账", begin),) if may_begin else ()
    row = selectors.files(user).filter(village=village).first()
    if row is None:
        return PlaceCard("村情台账", note="本村还没有村情台账。", links=links)
    links = (("打开台账", reverse("village-file", args=[row.pk])), *links)
    gaps = "、".join(gaps_of(row)) or "没有登记到短板"
    note = f"已填 {row.recorded}/{len(ASKED)} 项。短板：{gaps}。"  # type: ignore[attr-defined]
    return PlaceCard(f"{row.year} 年村情台账", figures(row), note, links)


def figures(row: VillageYear) -> tuple[tuple[str, str], ...]:
    told = [(str(field_of(name).verbose_name), said(getattr(row, name))) for name in SHOWN]
    income = total(row, COLLECTIVE)
    return (*told, ("村集体经济收入（元）", yuan_text(income)))


def said(value: object) -> str:
    return "" if value is None else plain(value)
