"""The declared list of deputies."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.urls import reverse

from households.models import Deputy
from households.procedures.deputies.services import may_end
from households.procedures.engine import clock
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along, day_text
from povreg.kit.pages.listing import Action, Empty, Listing, RowAction
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right


def deputies(user: User) -> QuerySet[Deputy]:
    """Orders at a person's places, the latest first."""
    rows = Deputy.objects.visible_to(user).select_related("place__parent", "absent", "deputy", "ordered_by", "posting")
    return rows.order_by("-since", "-pk")


class DeputyFilters(django_filters.FilterSet):
    place = InPlace(field_name="place_id", label="地点")


def state_of(row: Deputy) -> tuple[str, str]:
    """In words and tone."""
    if row.withdrawn_on:
        return "已撤销", "missing"
    if row.posting_id is None:
        return "待授予", "warn"
    if row.until < clock.today():
        return "已到期", "missing"
    return "代办中", "act"


def may_grant(row: Deputy, user: User) -> bool:
    waits = row.posting_id is None and row.withdrawn_on is None and row.until >= clock.today()
    return waits and user.can(Right.POSTING_GRANT, row.place_id)


def ends(row: Deputy, user: User) -> bool:
    return may_end(user, row)


DEPUTIES = Listing(
    code="deputies",
    title="代办",
    subtitle="谁在什么时候代谁办理；由县主管部门安排，安全管理员授予后生效，双人办理的要求不变",
    heading="代办",
    unit="项",
    rights=(Right.BATCH_VIEW, Right.POSTING_GRANT),
    rows=deputies,
    columns=(
        Column("deputy", "代办人", lambda row: str(row.deputy), api="", phone=TITLE),
        Column("absent", "代谁", lambda row: str(row.absent or "岗位空缺"),
               under=lambda row: row.get_role_display(), api="", phone=UNDER),
        Column("place", "地点", lambda row: str(row.place), under=along("place__parent"), api=""),
        Column("days", "期限", lambda row: f"{day_text(row.since)} 至 {day_text(row.until)}", api=""),
        Column("document", "依据", along("document"), under=along("reason"), api=""),
        Column("state", "状态", lambda row: state_of(row)[0], tone=lambda row: state_of(row)[1], api="", phone=FIGURE),
    ),
    filters=DeputyFilters,
    bar=("place",),
    actions=(Action("安排代办", "deputy-new", (Right.TEMPLATE_EDIT,), main=True),),
    row_actions=(
        RowAction("grant", "授予", lambda row: reverse("deputy-grant", args=[row.pk]), may_grant),
        RowAction("end", "撤销", lambda row: reverse("deputy-end", args=[row.pk]), ends),
    ),
    empty=Empty("没有代办", lambda user: "有人出差、请假或岗位空缺时，由县主管部门安排代办。"),
)  # fmt: skip
