"""The edit page of an asset and the buttons of its list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from assistance.assets import services
from assistance.assets.forms import AssetForm, DisposeForm, IncomeForm
from assistance.models import Asset
from povreg.kit.pages.edit import Edit, home, posted
from villages.models import User
from villages.rights import Right


def asset_form(request: HttpRequest, row: Asset | None) -> AssetForm:
    return AssetForm(posted(request), user=request.user, asset=row)


def save_asset(by: User, row: Asset | None, form: AssetForm) -> Asset:
    facts = dict(form.cleaned_data)
    return services.save_asset(by=by, asset=row, version=facts.pop("version", 0), **facts)


def note_income(by: User, row: Asset, form: Any) -> Any:
    given = {**form.cleaned_data, "to_households": form.cleaned_data["to_households"] or Decimal(0)}
    return services.note_income(by=by, asset=row, **given)


def rows() -> Any:
    return Asset.objects.select_related("place")


ASSET = Edit(
    code="asset",
    title=lambda row: row.name if row else "登记资产",
    right=Right.PROJECT_RUN,
    rows=rows,
    form=asset_form,
    save=save_asset,
    done=lambda row: f"已保存“{row.name}”。",
    after=lambda request, row: reverse("assets"),
    crumbs=home("项目资产", "assets"),
    wide=("use_of_income", "upkeep", "idle_reason"),
    draft=True,
)
INCOME = Edit(
    code="asset-income",
    title=lambda row: "登记收益",
    right=Right.PROJECT_RUN,
    rows=rows,
    form=lambda request, row: IncomeForm(posted(request), asset=row),
    save=note_income,
    done=lambda row: f"已登记收益 {row.amount:,.2f} 元。",
    after=lambda request, row: reverse("assets"),
)
DISPOSE = Edit(
    code="asset-dispose",
    title=lambda row: "处置资产",
    right=Right.PROJECT_APPROVE,
    rows=rows,
    form=lambda request, row: DisposeForm(posted(request), asset=row),
    save=lambda by, row, form: services.dispose(by=by, asset=row, **form.cleaned_data),
    done=lambda row: f"已处置“{row.name}”。",
    after=lambda request, row: reverse("assets"),
)
