"""The lists of departments, support units and cadres."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.urls import reverse

from povreg.kit.masking import mask_phone
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, month_text
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet
from villages.models import Cadre, Unit, User
from villages.rights import Right
from villages.units import selectors
from villages.units.filters import CadreFilters, UnitFilters

UNRECORDED = "未登记"


def page_of(name: str) -> Any:
    """Where a row is changed, for who may."""
    return lambda row, user: reverse(name, args=[row.pk]) if user.can(Right.UNIT_EDIT) else ""


def remedy(said: str) -> Any:
    return lambda user: f"可以放宽条件再找，或点“{said}”。" if user.can(Right.UNIT_EDIT) else "可以放宽条件再找。"


def cadres_of(unit: Unit, user: User) -> str:
    return f"{reverse('cadres')}?q={quote(unit.name)}" if unit.cadre_count else ""  # type: ignore[attr-defined]


def duties(cadre: Cadre) -> str:
    return "、".join(selectors.duties_of(cadre))


def stay(cadre: Cadre) -> str:
    """From when to when a cadre lives in the village."""
    until = month_text(cadre.stationed_to) or "今"
    return f"{month_text(cadre.stationed_from)} 至 {until}" if cadre.stationed_from else ""


UNITS = Listing(
    code="units",
    title="单位",
    subtitle="行业部门和帮扶单位",
    unit="个单位",
    rights=(Right.UNIT_VIEW,),
    rows=selectors.units,
    columns=(
        Column("name", "单位", link=page_of("unit-edit"), mark=lambda unit: "" if unit.is_active else "停用",
               phone=TITLE, width=28),
        Column("kind", "类别", lambda unit: unit.get_kind_display(), api=""),
        Column("place", "所在地", lambda unit: str(unit.place), api="", phone=UNDER, width=18),
        Column("leader_name", "分管领导", blank=UNRECORDED),
        Column("phone", "办公电话", blank=UNRECORDED, css="tabular", width=18),
        Column("villages", "对口村", along("village_count"), kind=NUMBER, api="", width=9),
        Column("cadres", "干部", along("cadre_count"), kind=NUMBER, link=cadres_of, api="", phone=FIGURE, width=9),
    ),
    filters=UnitFilters,
    bar=("q", "kind", "place"),
    personal=("q",),
    actions=(Action("干部名单", "cadres"), Action("登记单位", "unit-new", (Right.UNIT_EDIT,), main=True)),
    empty=Empty("没有符合条件的单位", remedy("登记单位")),
    sheet=Sheet(Right.EXPORT, "单位"),
    orderings={"place": ("place_id", "name"), "name": ("name",)},
)  # fmt: skip

CADRES = Listing(
    code="cadres",
    title="干部",
    subtitle="驻村干部、帮扶责任人和第一书记",
    unit="名干部",
    rights=(Right.UNIT_VIEW,),
    rows=selectors.cadres,
    columns=(
        Column("name", "姓名", link=page_of("cadre-edit"), phone=TITLE, width=10),
        Column("duties", "驻村身份", duties, blank="不驻村", api="", phone=FIGURE, width=18),
        Column("unit", "单位和职务", lambda cadre: str(cadre.unit or ""), under=along("post"), blank=UNRECORDED,
               api="", phone=UNDER, width=28),
        Column("post", "职务", on_page=False, width=18),
        Column("place", "工作地", lambda cadre: str(cadre.place), under=lambda cadre: cadre.place.parent, api="",
               width=18),
        Column("phone", "联系电话", lambda cadre: mask_phone(cadre.phone), blank=UNRECORDED, css="tabular", width=16),
        Column("stay", "驻村时间", stay, blank=UNRECORDED, css="tabular", api="", in_sheet=False),
        Column("stationed_from", "驻村开始", text=month_text, on_page=False),
        Column("stationed_to", "驻村结束", text=month_text, on_page=False),
    ),
    filters=CadreFilters,
    bar=("q", "place", "duty"),
    personal=("q",),
    actions=(Action("单位名单", "units"), Action("登记干部", "cadre-new", (Right.UNIT_EDIT,), main=True)),
    empty=Empty("没有符合条件的干部", remedy("登记干部")),
    sheet=Sheet(Right.EXPORT, "干部", lambda user: [("电话", "已遮盖")]),
    orderings={"place": ("place_id", "name"), "name": ("name",)},
)  # fmt: skip

LISTS = (UNITS, CADRES)
