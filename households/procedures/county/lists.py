"""The lists of templates and of season windows."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from households.models import ProcedureTemplate, SeasonWindow
from households.models.template import kind_label
from households.procedures.county.filters import TemplateFilters, WindowFilters
from households.procedures.engine import clock
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, day_text
from povreg.kit.pages.listing import Ask, Empty, Listing, RowAction
from villages.models import User
from villages.rights import Right


def templates(user: User) -> QuerySet[ProcedureTemplate]:
    """Those that hold in the person's counties, by kind: what a county took over, and the national ones."""
    rows = ProcedureTemplate.objects.visible_to(user).select_related("place")  # type: ignore[attr-defined]
    return rows.order_by("kind", "code", "place_id", "-version")


def standing(row: ProcedureTemplate) -> tuple[str, str]:
    """Word and tone of a template."""
    if row.read_only:
        return "核对清单", ""
    if not row.is_active:
        return "停用", "missing"
    return "默认" if row.is_default else "可选", ""


def template_page(row: ProcedureTemplate, user: User) -> str:
    return reverse("procedure-template", args=[row.pk])


TEMPLATES = Listing(
    code="templates",
    title="程序模板",
    subtitle="新拟定的名单先用本县版本，没有的用国家默认",
    heading="程序模板",
    unit="个模板",
    rights=(Right.BATCH_VIEW,),
    rows=templates,
    columns=(
        Column("name", "名称", link=template_page, phone=TITLE, width=28),
        Column("version", "版本", lambda row: f"第 {row.version} 版", css="nowrap", api=""),
        Column("place", "适用", lambda row: str(row.place or "国家"), css="nowrap", api="", phone=UNDER),
        Column("state", "状态", lambda row: standing(row)[0], tone=lambda row: standing(row)[1], api="", phone=FIGURE),
        Column("source", "依据", css="small", width=40),
    ),
    filters=TemplateFilters,
    bar=("kind", "active"),
    group=lambda row: kind_label(row.kind),
    empty=Empty("没有程序模板", "可以放宽条件再看。"),
    orderings={"kind": ("kind", "code", "-version")},
    size=200,
)  # fmt: skip


def windows_seen(user: User) -> QuerySet[SeasonWindow]:
    """Season windows of the person's places, latest first."""
    return SeasonWindow.objects.visible_to(user).select_related("place", "by").order_by("-opens_on", "-pk")


def today(row: SeasonWindow) -> tuple[str, str]:
    """Word and tone of a window today."""
    if row.withdrawn_at:
        return "已撤销", "missing"
    if clock.today() < row.opens_on:
        return "未开放", "plain"
    return ("已关闭", "missing") if clock.today() > row.closes_on else ("开放中", "pass")


def may_withdraw(row: SeasonWindow, user: User) -> bool:
    return not row.withdrawn_at and user.can(Right.TEMPLATE_EDIT, row.place_id)


WINDOWS = Listing(
    code="windows",
    title="办理时间",
    subtitle="没有设过的地区和功能一直开放；设过的，只在开放时间内办理",
    heading="设过的办理时间",
    unit="条",
    rights=(Right.TEMPLATE_EDIT,),
    rows=windows_seen,
    columns=(
        Column("function", "功能", lambda row: row.get_function_display(), css="nowrap", api="", phone=TITLE),
        Column("kind", "种类", lambda row: kind_label(row.kind) if row.kind else "所有种类", css="nowrap", api=""),
        Column("place", "地区", lambda row: str(row.place), api=""),
        Column("open", "开放时间", lambda row: f"{day_text(row.opens_on)}—{day_text(row.closes_on)}", css="nowrap",
               api="", phone=UNDER, width=32),
        Column("state", "状态", lambda row: today(row)[0], tone=lambda row: today(row)[1], api="", phone=FIGURE),
        Column("reason", "依据", under=lambda row: row.by, css="small", width=36),
    ),
    filters=WindowFilters,
    row_actions=(
        RowAction("withdraw", "撤销", lambda row: reverse("season-window-withdraw", args=[row.pk]), may_withdraw,
                  Ask("撤销办理时间", lambda row: f"{row.place}，{row.get_function_display()}。", "撤销的原因")),
    ),
    empty=Empty("还没有设过办理时间", "所有功能一直开放。"),
    orderings={"opens_on": ("opens_on",), "place": ("place_id", "-opens_on")},
)  # fmt: skip

LISTS = (TEMPLATES, WINDOWS)
