"""The verb and the edit page of a site."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from assistance.models import ResettlementSite
from households.register.errors import refusal
from povreg.kit.controls import Day
from povreg.kit.history import act
from povreg.kit.pages.edit import Edit, home, posted
from povreg.kit.pages.forms import VersionedForm
from povreg.kit.stale import check_version
from villages.codes.controls import Whole
from villages.models import Place, User
from villages.places.fields import PlaceField
from villages.rights import Right
from villages.rights.checks import check_right

FACTS = ("name", "homes", "opened_on", "note")


def save_site(*, by: User, site: ResettlementSite | None = None, version: int = 0, **facts: Any) -> ResettlementSite:
    """Record a site, or change one read at ``version``. Raises PermissionDenied without PARTNER_EDIT at its place,
    Conflict, ValidationError for a name that is there."""
    place: Place = facts.get("place") or site.place  # type: ignore[union-attr]
    check_right(by, Right.PARTNER_EDIT, place.pk)
    with act(by=by, verb="save_site"):
        row = ResettlementSite()
        if site is not None:
            row = ResettlementSite.objects.select_for_update(of=("self",)).get(pk=site.pk)
            check_version(row, version or None, facts)
            row.version += 1
        for name, value in facts.items():
            setattr(row, name, value)
        if ResettlementSite.objects.filter(place=row.place, name=row.name).exclude(pk=row.pk).exists():
            raise refusal(f"这里已有安置点“{row.name}”，请修改那一个。", field="name")
        row.save()
    return row


class SiteForm(VersionedForm):
    place = PlaceField(label="所在地", levels=[Place.Level.VILLAGE, Place.Level.TOWNSHIP])
    name = forms.CharField(label="名称", max_length=60)
    homes = Whole(label="住房套数", min_value=1, max_value=100_000)
    opened_on = Day(label="入住日期", required=False)
    note = forms.CharField(label="配套", max_length=200, required=False, help_text="学校、卫生室、帮扶车间等。")

    def __init__(self, *args: Any, site: ResettlementSite | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if site is not None:
            stored = {name: getattr(site, name) for name in (*FACTS, "version")}
            self.initial = {**stored, "place": site.place_id, **self.initial}


def site_form(request: HttpRequest, row: ResettlementSite | None) -> SiteForm:
    return SiteForm(posted(request), user=request.user, site=row)


def save(by: User, row: ResettlementSite | None, form: Any) -> ResettlementSite:
    facts = dict(form.cleaned_data)
    return save_site(by=by, site=row, version=facts.pop("version", 0), **facts)


SITE = Edit(
    code="site",
    title=lambda row: row.name if row else "登记安置点",
    right=Right.PARTNER_EDIT,
    rows=lambda: ResettlementSite.objects.select_related("place"),
    form=site_form,
    save=save,
    done=lambda row: f"已保存“{row.name}”。",
    after=lambda request, row: reverse("sites"),
    crumbs=home("安置点", "sites"),
    wide=("note",),
)
