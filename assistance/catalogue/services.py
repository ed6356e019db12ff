"""Verbs of the catalogue: a county gives an entry a version of its own, ends it, or adds one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.forms.models import model_to_dict

from assistance.catalogue.selectors import in_force
from assistance.catalogue.tiers import read_tiers
from assistance.models import CatalogueItem
from households.register.errors import refusal, values_of
from povreg.kit.history import act
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

FACTS = ("label", "unit", "per", "low", "high", "tiers", "department", "basis", "causes", "risks", "nature", "batch")
"""What a county may say otherwise."""


def revise_item(*, by: User | None, item: CatalogueItem, county: Place, starts_on: date, **facts: Any) -> CatalogueItem:
    """Give an entry other words or limits in a county from a day; what was delivered before keeps the old ones.

    Raises PermissionDenied without CATALOGUE_EDIT there; ValidationError for a day before the version it follows began,
    limits in the wrong order, or an entry that is no measure.
    """
    check_right(by, Right.CATALOGUE_EDIT, county.pk)
    values = values_of(facts, FACTS, "a catalogue entry")
    with act(by=by, verb="revise_catalogue_item"):
        before = _current(item.code, county)
        if before.level != CatalogueItem.Level.MEASURE:
            raise refusal("只有措施一级可以修改，途径、计划、项目是全国统一的。")
        if starts_on <= before.starts_on:
            raise refusal(f"开始日期应晚于现行版本的 {before.starts_on:%Y-%m-%d}，请改正。", field="starts_on")
        values = _checked(values)
        if before.place_id == county.pk:
            CatalogueItem.objects.filter(pk=before.pk).update(ends_on=starts_on - timedelta(days=1))
        kept = model_to_dict(before, exclude=("id", "place", "ends_on", "starts_on"))
        return CatalogueItem.objects.create(**{**kept, **values}, place=county, starts_on=starts_on)


def end_item(*, by: User | None, item: CatalogueItem, county: Place, ends_on: date) -> CatalogueItem:
    """Let a county give an entry no more after a day. Raises PermissionDenied, ValidationError."""
    check_right(by, Right.CATALOGUE_EDIT, county.pk)
    with act(by=by, verb="end_catalogue_item"):
        before = _current(item.code, county)
        if ends_on < before.starts_on:
            raise refusal(f"停止日期早于开始执行的 {before.starts_on:%Y-%m-%d}，请改正。", field="ends_on")
        if before.place_id == county.pk:
            before.ends_on = ends_on
            before.save(update_fields=["ends_on"])
            return before
        kept = model_to_dict(before, exclude=("id", "place", "ends_on"))
        return CatalogueItem.objects.create(**kept, place=county, ends_on=ends_on)


def add_item(*, by: User | None, project: CatalogueItem, county: Place, starts_on: date, **facts: Any) -> CatalogueItem:
    """Add a measure below a project, under the next free code. Raises PermissionDenied, ValidationError."""
    check_right(by, Right.CATALOGUE_EDIT, county.pk)
    values = values_of(facts, FACTS, "a catalogue entry")
    with act(by=by, verb="add_catalogue_item"):
        if project.level != CatalogueItem.Level.PROJECT:
            raise refusal("请选择措施所属的项目。", field="project")
        if not values.get("label"):
            raise refusal("请填写措施名称。", field="label")
        values = _checked(values)
        taken = CatalogueItem.objects.filter(code__startswith=project.code, level=CatalogueItem.Level.MEASURE)
        last = max((int(row.code[4:]) for row in taken), default=0)
        if last >= 99:
            raise refusal("这个项目下已有 99 项措施，不能再增加。", field="project")
        inherited = {name: getattr(project, name) for name in ("batch", "nature", "causes", "risks", "department")}
        return CatalogueItem.objects.create(
            **{**inherited, **{name: value for name, value in values.items() if value not in ("", [], None)}},
            code=f"{project.code}{last + 1:02d}",
            level=CatalogueItem.Level.MEASURE,
            place=county,
            starts_on=starts_on,
        )


def _current(code: str, county: Place) -> CatalogueItem:
    found = next((row for row in in_force(county.pk) if row.code == code), None)
    if found is None:
        raise refusal("这一项已停用，请刷新页面。")
    return CatalogueItem.objects.select_for_update(of=("self",)).get(pk=found.pk)


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with the classes as they are kept. Raises ValidationError for limits in the wrong order, or beside
    classes."""
    low, high = values.get("low"), values.get("high")
    if low is not None and high is not None and low > high:
        raise refusal("最低金额大于最高金额，请改正。", field="low")
    tiers = read_tiers(values.get("tiers") or "")
    if tiers and (low is not None or high is not None):
        raise refusal("分了档的，金额就是各档的标准，最低和最高请留空。", field="tiers")
    return {**values, "tiers": tiers} if "tiers" in values else dict(values)
