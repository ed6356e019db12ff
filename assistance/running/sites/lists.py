"""The list of resettlement sites: who moved there, keys, old houses, and who there has work (稳得住、能致富)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.urls import reverse

from assistance.models import Measure, ResettlementSite, WorkSpell
from households.models import Member
from households.models.codes import SOME_LABOUR
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along
from povreg.kit.pages.listing import Action, Empty, Listing, RowAction, Sheet
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right


def sites(user: User) -> QuerySet[ResettlementSite]:
    rows = ResettlementSite.objects.visible_to(user).select_related("place__parent")
    return rows.order_by("place_id", "name", "pk")


def put_counts(rows: Sequence[Any], user: User) -> None:
    """Households, people and rooms of each site, and its people's work, in two statements."""
    ids = [row.pk for row in rows]
    moves = Measure.objects.standing().filter(site__in=ids).order_by()
    counted = moves.values("site").annotate(
        moved=Count("household", distinct=True), people=Sum("quantity"), area=Sum("area"),
        keys=Count("household", Q(keys_on__isnull=False), distinct=True),
        gone=Count("household", Q(old_house_on__isnull=False), distinct=True),
    )  # fmt: skip
    found = {row["site"]: row for row in counted}
    work = work_of(ids)
    for row in rows:
        row.of = found.get(row.pk, {})
        row.able, row.working, row.idle_homes = work.get(row.pk, (0, 0, 0))


def work_of(sites: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """People at each site who can work, those of them with work today, households with somebody able and nobody at
    work (零就业)."""
    open_spell = WorkSpell.objects.filter(member=OuterRef("pk"), until=None)
    able = Member.objects.present().filter(household__measures__site__in=sites, labour__in=SOME_LABOUR)
    able = able.filter(household__measures__withdrawn_on__isnull=True)
    listed = able.annotate(at_work=Exists(open_spell)).values_list(
        "household__measures__site", "household_id", "pk", "at_work"
    )
    people: dict[int, dict[int, tuple[int, bool]]] = {}
    for site, household, member, at_work in listed:
        people.setdefault(site, {})[member] = (household, at_work)
    return {site: summed(found.values()) for site, found in people.items()}


def summed(people: Any) -> tuple[int, int, int]:
    rows = list(people)
    homes, busy = {home for home, _at_work in rows}, {home for home, at_work in rows if at_work}
    return len(rows), sum(at_work for _home, at_work in rows), len(homes - busy)


def per_head(row: Any) -> Decimal | None:
    """Square metres a head; None where nothing is known."""
    area, people = row.of.get("area"), row.of.get("people")
    return (area / people).quantize(Decimal("0.1")) if area and people else None


def of(name: str) -> Any:
    return lambda row: row.of.get(name) or 0


class SiteFilters(django_filters.FilterSet):
    place = InPlace(field_name="place_id", label="所在地")
    q = filters.Typed("name", label="名称")


SITES = Listing(
    code="sites",
    title="安置点",
    subtitle="搬来多少户、钥匙和旧房、有劳动力的人就业没有",
    heading="安置点",
    unit="个",
    rights=(Right.LEAD_VIEW,),
    rows=sites,
    columns=(
        Column("name", "名称", phone=TITLE, width=20),
        Column("place_name", "所在地", lambda row: str(row.place), under=along("place__parent"), phone=UNDER),
        Column("homes", "住房（套）", kind=NUMBER),
        Column("moved", "搬来（户）", of("moved"), kind=NUMBER, phone=FIGURE),
        Column("people", "搬来（人）", lambda row: int(row.of.get("people") or 0), kind=NUMBER),
        Column("per_head", "人均面积（㎡）", per_head, text=lambda value: f"{value:f}" if value is not None else ""),
        Column("keys", "已交钥匙（户）", of("keys"), kind=NUMBER),
        Column("gone", "旧房已拆（户）", of("gone"), kind=NUMBER),
        Column("able", "有劳动能力（人）", kind=NUMBER),
        Column("working", "在就业（人）", kind=NUMBER),
        Column("idle_homes", "零就业（户）", kind=NUMBER),
        Column("note", "配套", on_page=False, width=30),
    ),
    filters=SiteFilters,
    bar=("q", "place"),
    personal=("q",),
    fetch=put_counts,
    row_actions=(
        RowAction("edit", "修改", lambda row: reverse("site", args=[row.pk]),
                  may=lambda row, user: user.can(Right.PARTNER_EDIT, row.place_id)),
    ),
    actions=(Action("登记安置点", "site-new", (Right.PARTNER_EDIT,), main=True),),
    empty=Empty("还没有安置点", "登记以后，在易地搬迁措施里选它。"),
    sheet=Sheet(Right.EXPORT, "安置点"),
)  # fmt: skip

LISTS = (SITES,)
