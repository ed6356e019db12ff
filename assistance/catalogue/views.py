"""Editing the catalogue, declared."""

from __future__ import annotations

from typing import Any

from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from assistance.catalogue import services
from assistance.catalogue.forms import EndForm, ItemForm, NewItemForm
from assistance.catalogue.selectors import county_of_user, limits_words, versions_for
from assistance.models import CatalogueItem
from povreg.kit.pages.edit import Edit, home, posted
from villages.models import Place, User
from villages.rights import Right


def item_form(request: Any, row: CatalogueItem) -> ItemForm:
    stored = model_to_dict(row, fields=services.FACTS)
    return ItemForm(posted(request), user=request.user, initial={**stored, "starts_on": timezone.localdate()})


def item_of(request: HttpRequest, pk: int) -> CatalogueItem:
    """A version that holds in the person's county. Raises Http404."""
    return get_object_or_404(versions_for(request.user), pk=pk)  # type: ignore[arg-type]


class ItemEdit(Edit):
    """An entry belongs to everybody below its place: it is found by the county, not by a household's scope."""

    def row(self, request: HttpRequest, given: Any) -> Any:
        return None if self.rows is None else item_of(request, given["pk"])


def revise(by: User, row: CatalogueItem, form: Any) -> CatalogueItem:
    return services.revise_item(by=by, item=row, county=form.county, **form.facts)


def add(by: User, row: None, form: Any) -> CatalogueItem:
    return services.add_item(by=by, county=form.county, **form.facts)


def end(by: User, row: CatalogueItem, form: Any) -> CatalogueItem:
    county = Place.objects.get(pk=county_of_user(by))
    return services.end_item(by=by, item=row, county=county, **form.cleaned_data)


COMMON: dict[str, Any] = {
    "right": Right.CATALOGUE_EDIT,
    "rows": CatalogueItem.objects.all,
    "after": lambda request, row: reverse("catalogue"),
    "crumbs": home("措施目录", "catalogue"),
    "wide": ("causes", "risks", "basis", "tiers"),
}
REVISE = ItemEdit(
    code="catalogue-item",
    title=lambda row: f"修改{row}",
    note=lambda row: f"现行标准：{limits_words(row) or '金额不限'}。新标准从所填日期起执行，此前登记的措施仍按原标准。",
    form=item_form,
    save=revise,
    done=lambda row: f"已修改，{row.starts_on:%Y年%m月%d日}起执行。",
    **COMMON,
)
END = ItemEdit(
    code="catalogue-end",
    title=lambda row: f"停用{row}",
    note=lambda row: "停用后不能再登记这项措施；已登记的不变。",
    label="停用",
    form=lambda request, row: EndForm(
        posted(request),
        user=request.user,
        initial={"ends_on": timezone.localdate()},  # type: ignore[attr-defined]
    ),
    save=end,
    done=lambda row: f"已停用，最后一天 {row.ends_on:%Y年%m月%d日}。",
    **COMMON,
)
NEW = ItemEdit(
    code="catalogue-new",
    title=lambda row: "增加措施",
    form=lambda request, row: NewItemForm(
        posted(request),
        user=request.user,
        initial={"starts_on": timezone.localdate()},  # type: ignore[attr-defined]
    ),
    save=add,
    done=lambda row: f"已增加：{row}（{row.code}）。",
    **COMMON | {"rows": None},
)
