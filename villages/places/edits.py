"""The edit pages of places: facts of a village, new places, and decisions about them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse

from povreg.kit.pages.edit import Edit, posted
from villages.models import Place, User
from villages.places import mergers, selectors, services
from villages.places.forms import MergeForm, ProfileForm, RenameForm, SplitForm, VillageForm
from villages.places.names import clean_name
from villages.rights import Right


def at_level(*levels: int) -> QuerySet[Place]:
    """Places of one of ``levels``; none given: all."""
    return Place.objects.filter(level__in=levels) if levels else Place.objects.all()


def crumbs_above(request: HttpRequest, place: Place) -> list[dict[str, str]]:
    """The places above, as links where the person may open them."""
    above = selectors.breadcrumbs(place.code)[:-1]
    seen = Place.objects.visible_to(request.user).filter(pk__in=[one.pk for one in above])
    open_ = set(seen.values_list("pk", flat=True))
    return [{"label": str(one), "url": reverse("place", args=[one.pk]) if one.pk in open_ else ""} for one in above]


def crumbs(request: HttpRequest, place: Place) -> list[dict[str, str]]:
    return [*crumbs_above(request, place), {"label": str(place), "url": reverse("place", args=[place.code])}]


Said = tuple[Place, str]
"""The place one comes back to, and what was done there."""


def profile_form(request: HttpRequest, village: Place) -> ProfileForm:
    return ProfileForm(posted(request), user=request.user, profile=selectors.profile_of(village))


def save_profile(by: User, village: Place, form: ProfileForm) -> Said:
    version = form.cleaned_data["version"]
    services.save_profile(by=by, village=village.code, version=version, facts=form.facts)
    return village, f"{village}的基本情况已保存。"


def add_village(by: User, township: Place, form: VillageForm) -> Said:
    village = services.add_village(by=by, township=township.code, **form.cleaned_data)
    return township, f"已新增{village}。"


def rename(by: User, place: Place, form: RenameForm) -> Said:
    services.rename_place(by=by, place=place.code, **form.cleaned_data)
    return place, f"已更名为{clean_name(form.cleaned_data['name'])}。"


def merge(by: User, village: Place, form: MergeForm) -> Said:
    data = form.cleaned_data
    changes = mergers.merge_villages(
        by=by, sources=form.codes, target=village.code, on=data["on"], document=data["document"]
    )
    moved = sum(change.households_moved for change in changes)
    return village, f"已把 {len(changes)} 个村并入{village}，随迁 {moved} 户。"


def split(by: User, village: Place, form: SplitForm) -> Said:
    data = form.cleaned_data
    parts = {data["target"].pk: mergers.Part(groups=form.group_names)}
    (change,) = mergers.split_village(by=by, source=village.code, parts=parts, on=data["on"], document=data["document"])
    return village, f"已把 {change.households_moved} 户划入{change.target}。"


def of_place(
    code: str,
    title: Callable[[Any], str],
    label: str,
    form: Callable[[HttpRequest, Any], BaseForm],
    save: Callable[..., Said],
    *levels: int,
    note: Callable[[Any], str] = lambda place: "",
) -> Edit:
    """An edit page about a place of one of ``levels``."""
    return Edit(
        code=code,
        title=title,
        subtitle=lambda place: f"代码 {place.code}",
        note=note,
        right=Right.PLACE_EDIT,
        rows=partial(at_level, *levels),
        place="code",
        key="code",
        form=form,
        save=save,
        done=lambda said: said[1],
        after=lambda request, said: reverse("place", args=[said[0].code]),
        crumbs=crumbs,
        label=label,
        wide=("sources",),
    )


def merging(village: Place) -> str:
    return (
        f"合并后，被并入的村撤销：农户、村民小组、任职和对口单位都随之转到{village}，两村同名的组合在一起。"
        "合并不能撤回，请核对批复文件。"
    )


def splitting(village: Place) -> str:
    return "所选组的农户连同历年记录转到划入的村。单独的农户请在农户页面办理迁移。"


PROFILE = of_place("village-profile", lambda village: "村基本情况", "保存", profile_form, save_profile,
                   Place.Level.VILLAGE)  # fmt: skip
NEW_VILLAGE = of_place(
    "village-new", lambda township: "新增村", "新增", lambda request, township: VillageForm(posted(request)),
    add_village, Place.Level.TOWNSHIP,
)  # fmt: skip
RENAME = of_place(
    "place-rename", lambda place: "更名", "更名",
    lambda request, place: RenameForm(posted(request), initial={"name": place.name}), rename,
)  # fmt: skip
MERGE = of_place(
    "village-merge", lambda village: f"把其他村并入{village}", "合并",
    lambda request, village: MergeForm(posted(request), user=request.user, target=village), merge,
    Place.Level.VILLAGE, note=merging,
)  # fmt: skip
SPLIT = of_place(
    "village-split", lambda village: f"从{village}划出几个组", "划出",
    lambda request, village: SplitForm(posted(request), user=request.user), split,
    Place.Level.VILLAGE, note=splitting,
)  # fmt: skip
