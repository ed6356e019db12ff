"""Ways to earn: the shipped ones, what holds in a county, how many households follow each; list, form and verb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from assistance.catalogue.loading import DATA, rows_of
from assistance.catalogue.selectors import county_of_user
from assistance.models import IncomeModel, Measure
from households.register.errors import refusal
from povreg.kit.history import act
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column
from povreg.kit.pages.edit import Edit, home, posted
from povreg.kit.pages.forms import VersionedForm
from povreg.kit.pages.listing import Empty, Listing, RowAction, Sheet
from povreg.kit.sheets.kinds import Yuan
from povreg.kit.stale import check_version
from villages.codes.controls import Number, Whole
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

FACTS = ("name", "unit", "months", "spent", "earned", "source", "is_active")


def load_models(model: Any) -> None:
    """Add the shipped rows that are not there yet (assistance/data/income_models.csv): 24, as document 002 counts them,
    named after the catalogue's entries; it prints neither their names nor their figures."""
    model.objects.bulk_create([model(**row) for row in rows_of(DATA / "income_models.csv")], ignore_conflicts=True)


def models_for(user: User) -> QuerySet[IncomeModel]:
    """The rows that hold in the person's county: its own, else the shipped one of the code."""
    county = county_of_user(user)
    own = IncomeModel.objects.filter(place=county).values("code")
    shipped = IncomeModel.objects.filter(place=None).exclude(code__in=own)
    turn = Case(When(is_active=True, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = IncomeModel.objects.filter(pk__in=shipped.values("pk")) | IncomeModel.objects.filter(place=county)
    return found.annotate(turn=turn).order_by("turn", "code", "pk")


def put_followers(rows: Sequence[Any], user: User) -> None:
    """How many households got the measure that goes with each this year. One statement."""
    year = timezone.localdate().year
    given = Measure.objects.visible_to(user).standing().filter(delivered_on__year=year)
    given = given.filter(item__code__in={row.item_code for row in rows}).order_by()
    counted = dict(given.values_list("item__code").annotate(homes=Count("household", distinct=True)))
    for row in rows:
        row.homes = counted.get(row.item_code, 0)


def save_model(*, by: User, row: IncomeModel, county: Place, version: int = 0, **facts: Any) -> IncomeModel:
    """Enter a county's own figures of a way to earn; of a shipped row the county's is begun.

    Raises PermissionDenied without CATALOGUE_EDIT at the county, Conflict, ValidationError for figures without source.
    """
    check_right(by, Right.CATALOGUE_EDIT, county.pk)
    if (facts.get("spent") is not None or facts.get("earned") is not None) and not facts.get("source", "").strip():
        raise refusal("填写了投入或产出的，请写明数据来源。", field="source")
    with act(by=by, verb="save_income_model"):
        own = IncomeModel(code=row.code, item_code=row.item_code, place=county)
        if row.place_id == county.pk:
            own = IncomeModel.objects.select_for_update(of=("self",)).get(pk=row.pk)
            check_version(own, version or None, facts)
            own.version += 1
        for name in FACTS:
            setattr(own, name, facts[name])
        own.save()
    return own


class IncomeForm(VersionedForm):
    name = forms.CharField(label="增收模式", max_length=40)
    unit = forms.CharField(label="单位", max_length=10, help_text="投入、产出按什么算，如：亩、头、人。")
    months = Whole(label="周期（月）", min_value=1, max_value=240, required=False)
    spent = Number(label="投入（元）", max_digits=12, decimal_places=2, min_value=0, required=False)
    earned = Number(label="产出（元）", max_digits=12, decimal_places=2, min_value=0, required=False)
    source = forms.CharField(
        label="数据来源", max_length=120, required=False, help_text="如：区农业农村委 2026年测算。"
    )
    is_active = forms.BooleanField(label="推荐", required=False)

    def __init__(self, *args: Any, row: IncomeModel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**{name: getattr(row, name) for name in (*FACTS, "version")}, **self.initial}


class IncomeFilters(django_filters.FilterSet):
    q = filters.Typed("name", label="名称")


def may_edit(row: IncomeModel, user: User) -> bool:
    return user.can(Right.CATALOGUE_EDIT)


def profit_tone(row: IncomeModel) -> str:
    return "fail" if row.profit is not None and row.profit < 0 else ""


INCOMES = Listing(
    code="income-models",
    title="增收模式",
    subtitle="每种投入多少、产出多少、赚多少；数字由县里填写来源后登记",
    heading="增收模式",
    unit="种",
    rights=(Right.STANDARD_VIEW,),
    rows=models_for,
    columns=(
        Column("name", "增收模式", phone=TITLE, mark=lambda row: "" if row.is_active else "不推荐", width=18),
        Column("unit", "单位"),
        Column("months", "周期（月）", kind=NUMBER, blank="未记录"),
        Column("spent", "投入（元）", kind=Yuan(), blank="未记录"),
        Column("earned", "产出（元）", kind=Yuan(), blank="未记录"),
        Column("profit", "纯收益（元）", lambda row: row.profit, kind=Yuan(), blank="未记录", phone=FIGURE,
               tone=profit_tone),
        Column("homes", "今年的户", kind=NUMBER),
        Column("source", "数据来源", phone=UNDER, width=30),
    ),
    filters=IncomeFilters,
    bar=("q",),
    personal=("q",),
    fetch=put_followers,
    row_actions=(RowAction("edit", "填写", lambda row: reverse("income-model", args=[row.pk]), may=may_edit),),
    faint=lambda row: not row.is_active,
    empty=Empty("没有这样的增收模式", "可以换一个名称再找。"),
    sheet=Sheet(Right.EXPORT, "增收模式", lambda user: [("金额", "元，按单位和周期")]),
)  # fmt: skip


def save(by: User, row: IncomeModel, form: Any) -> IncomeModel:
    facts = dict(form.cleaned_data)
    county = Place.objects.filter(pk=county_of_user(by)).first()
    if county is None:
        raise refusal("您的账号没有县级职务，请由县里填写。")
    return save_model(by=by, row=row, county=county, version=facts.pop("version", 0), **facts)


def income_form(request: HttpRequest, row: IncomeModel) -> IncomeForm:
    return IncomeForm(posted(request), user=request.user, row=row)


class IncomeEdit(Edit):
    """A row belongs to everybody below its place: it is found by the county, not by a household's scope."""

    def row(self, request: Any, given: Any) -> Any:
        return get_object_or_404(models_for(request.user), pk=given["pk"])


INCOME = IncomeEdit(
    code="income-model",
    title=lambda row: row.name,
    right=Right.CATALOGUE_EDIT,
    rows=IncomeModel.objects.all,
    form=income_form,
    save=save,
    done=lambda row: f"已保存“{row.name}”。",
    after=lambda request, row: reverse("income-models"),
    crumbs=home("增收模式", "income-models"),
    wide=("source",),
)
LISTS = (INCOMES,)
