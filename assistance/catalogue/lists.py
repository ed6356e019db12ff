"""The list of the catalogue."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from assistance.catalogue.selectors import county_of_user, in_force, limits_words, versions_for
from assistance.models import CatalogueItem
from assistance.models.catalogue import Batch, Nature
from povreg.kit.pages import filters
from povreg.kit.pages.columns import DAY, FIGURE, TITLE, UNDER, Column, along
from povreg.kit.pages.listing import Action, Empty, Listing, RowAction, Sheet
from villages.codes.selectors import labels_of
from villages.rights import Right

HOLDING = (("now", "现行"), ("all", "历次版本"))


class CatalogueFilters(django_filters.FilterSet):
    label = filters.Typed("label", "code", label="名称或编码")
    level = filters.Choice(choices=[(str(each.value), each.label) for each in CatalogueItem.Level], label="层级")
    batch = filters.Choice(choices=Batch.choices, label="五个一批")
    nature = filters.Choice(choices=Nature.choices, label="帮扶方式")
    risk = filters.Code(label="针对的风险", help_text="风险代码", method="with_risk")
    holding = filters.Choice(choices=HOLDING, label="版本", method="which")

    def with_risk(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(risks__contains=[value])

    def which(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "all":
            return rows
        return rows.filter(pk__in=[row.pk for row in in_force(county_of_user(self.request.user))])


def answers(row: CatalogueItem) -> str:
    return labels_of("risk", row.risks)


def place_words(row: CatalogueItem) -> str:
    return str(row.place) if row.place else "通用"


def runs(row: CatalogueItem) -> bool:
    return row.ends_on is None or row.ends_on >= timezone.localdate()


def may_revise(row: CatalogueItem, user: object) -> bool:
    return row.level == CatalogueItem.Level.MEASURE and runs(row) and user.can(Right.CATALOGUE_EDIT)  # type: ignore[attr-defined]


CATALOGUE = Listing(
    code="catalogue",
    title="措施目录",
    subtitle="途径、计划、项目、措施四级；县里可以改金额、单位和依据，已登记的措施不受影响",
    heading="目录",
    unit="项",
    rights=(Right.STANDARD_VIEW,),
    rows=versions_for,
    columns=(
        Column("code", "编码", css="tabular", phone=UNDER, width=9),
        Column("label", "名称", phone=TITLE, under=lambda row: row.get_level_display(), width=24),
        Column("batch", "五个一批", lambda row: row.get_batch_display(), api="batch"),
        Column("nature", "帮扶方式", lambda row: row.get_nature_display(), phone=FIGURE),
        Column("risks", "针对的风险", answers, width=30),
        Column("limits", "金额", limits_words, blank="不限", width=20),
        Column("unit", "单位", width=8),
        Column("department", "主管部门", under=along("basis"), width=20),
        Column("place", "适用", place_words, width=10),
        Column("starts_on", "开始执行", kind=DAY, css="tabular"),
        Column("ends_on", "停止执行", kind=DAY, css="tabular"),
    ),
    filters=CatalogueFilters,
    bar=("label", "level", "batch", "nature", "holding"),
    usual={"holding": "now"},
    actions=(Action("增加措施", "catalogue-new", (Right.CATALOGUE_EDIT,)),),
    row_actions=(
        RowAction("revise", "修改", lambda row: reverse("catalogue-revise", args=[row.pk]), may_revise),
        RowAction("end", "停用", lambda row: reverse("catalogue-end", args=[row.pk]), may_revise),
    ),
    faint=lambda row: not runs(row),
    empty=Empty("没有这样的措施"),
    sheet=Sheet(Right.EXPORT, "措施目录"),
    orderings={"code": ("code", "starts_on")},
)

LISTS = (CATALOGUE,)
