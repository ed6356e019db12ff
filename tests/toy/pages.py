"""List and edit page, each declared."""

import django_filters
from django import forms
from django.http import HttpRequest
from django.urls import reverse

from povreg.kit.pages.columns import NUMBER, TITLE, Column
from povreg.kit.pages.edit import Edit, home, posted
from povreg.kit.pages.listing import Empty, Listing, Sheet
from tests.toy import services
from tests.toy.models import Well
from villages.models import User
from villages.rights import Right


class WellFilters(django_filters.FilterSet):
    depth = django_filters.NumberFilter(label="井深")


class WellForm(forms.Form):
    depth = forms.IntegerField(label="井深（米）", min_value=1)


def well_form(request: HttpRequest, well: Well) -> WellForm:
    return WellForm(posted(request), initial={"depth": well.depth})


def save_well(by: User, well: Well, form: forms.Form) -> Well:
    return services.deepen_well(by=by, well=well, **form.cleaned_data)


WELLS = Listing(
    code="wells",
    title="水井",
    unit="口井",
    rights=(Right.HOUSEHOLD_VIEW,),
    rows=lambda user: Well.objects.visible_to(user).select_related("household", "village").order_by("pk"),
    columns=(
        Column("household", "农户", lambda well: well.household.household_no, phone=TITLE),
        Column("depth", "井深", kind=NUMBER),
    ),
    filters=WellFilters,
    bar=("depth",),
    empty=Empty("还没有水井"),
    sheet=Sheet(Right.EXPORT, "水井"),
    orderings={"depth": ("depth",)},
)
WELL = Edit(
    code="well",
    title=lambda well: "修改水井",
    right=Right.HOUSEHOLD_EDIT,
    rows=Well.objects.all,
    form=well_form,
    save=save_well,
    done=lambda well: f"已保存，井深 {well.depth} 米。",
    after=lambda request, well: reverse("wells"),
    crumbs=home("水井", "wells"),
)
