"""The edit pages of units and cadres."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from povreg.kit.pages.edit import Edit, home, posted
from villages.models import Cadre, Unit, User
from villages.rights import Right
from villages.units import services
from villages.units.forms import CadreForm, UnitForm


def unit_form(request: HttpRequest, unit: Unit | None) -> UnitForm:
    return UnitForm(posted(request), user=request.user, unit=unit)


def save_unit(by: User, unit: Unit | None, form: UnitForm) -> Unit:
    return services.save_unit(by=by, unit=unit, **form.cleaned_data)


def cadre_form(request: HttpRequest, cadre: Cadre | None) -> CadreForm:
    return CadreForm(posted(request), user=request.user, cadre=cadre)


def save_cadre(by: User, cadre: Cadre | None, form: CadreForm) -> Cadre:
    return services.save_cadre(by=by, cadre=cadre, **form.cleaned_data)


UNIT = Edit(
    code="unit",
    title=lambda unit: unit.name if unit else "登记单位",
    right=Right.UNIT_EDIT,
    rows=Unit.objects.all,
    form=unit_form,
    save=save_unit,
    done=lambda unit: f"已保存“{unit.name}”。",
    after=lambda request, unit: reverse("units"),
    crumbs=home("单位", "units"),
    wide=("villages",),
    draft=True,
)
CADRE = Edit(
    code="cadre",
    title=lambda cadre: cadre.name if cadre else "登记干部",
    subtitle=lambda cadre: f"{cadre.birth_date.year}年出生" if cadre and cadre.birth_date else "",
    right=Right.UNIT_EDIT,
    rows=lambda: Cadre.objects.select_related("user"),
    form=cadre_form,
    save=save_cadre,
    done=lambda cadre: f"已保存干部“{cadre.name}”。",
    after=lambda request, cadre: reverse("cadres"),
    crumbs=home("干部", "cadres"),
    secret=("id_no", "phone"),
    draft=True,
)
