"""The edit pages of yearly files: begin one, and a page for each of its parts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from povreg.kit.pages.edit import Edit, posted
from villages.models import Place, User, VillageYear
from villages.places.edits import crumbs as crumbs_of_place
from villages.rights import Right
from villages.yearbook import selectors, services
from villages.yearbook.forms import PartForm, StartForm
from villages.yearbook.parts import PARTS, Part


def start_form(request: HttpRequest, village: Place) -> StartForm:
    year = request.GET.get("year", "")
    usual = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else selectors.usual_year(request.user)  # type: ignore[arg-type]
    return StartForm(posted(request), initial={"year": usual, "copy": selectors.latest_of(village) is not None})


def start(by: User, village: Place, form: StartForm) -> VillageYear:
    return services.start_year(by=by, village=village, **form.cleaned_data)


def page_of(row: VillageYear) -> str:
    return reverse("village-file", args=[row.pk])


def crumbs(request: HttpRequest, row: VillageYear) -> list[dict[str, str]]:
    return [{"label": "村情台账", "url": reverse("village-files")}, {"label": called(row), "url": page_of(row)}]


def called(row: VillageYear) -> str:
    return f"{row.village} {row.year} 年"


START = Edit(
    code="village-file-new",
    title=lambda village: f"建立{village}的村情台账",
    note=lambda village: "村类型、是否贫困村和出列年度在村基本情况里登记，这里不再重复填写。",
    right=Right.VILLAGE_FILE_EDIT,
    rows=lambda: Place.objects.filter(level=Place.Level.VILLAGE),
    place="code",
    key="code",
    form=start_form,
    save=start,
    done=lambda row: f"已建立{called(row)}的台账，请逐部分填写。",
    after=lambda request, row: page_of(row),
    crumbs=crumbs_of_place,
    label="建立",
)


def edit_of(part: Part) -> Edit:
    """The edit page of one part."""

    def form(request: HttpRequest, row: VillageYear) -> PartForm:
        return PartForm(posted(request), user=request.user, part=part, row=row)

    def save(by: User, row: VillageYear, form: Any) -> VillageYear:
        return services.save_facts(by=by, row=row, version=form.cleaned_data["version"], facts=form.facts)

    return Edit(
        code=f"village-file-{part.code}",
        title=lambda row: part.label,
        subtitle=lambda row: f"{called(row)} · 没有调查的留空，没有的填 0",
        right=Right.VILLAGE_FILE_EDIT,
        rows=lambda: VillageYear.objects.select_related("village"),
        place="village_id",
        form=form,
        save=save,
        done=lambda row: f"{called(row)}的{part.label}已保存。",
        after=lambda request, row: page_of(row),
        crumbs=crumbs,
        wide=("effect",),
        draft=True,
    )


EDITS = {part.code: edit_of(part) for part in PARTS}
