"""The list of archives."""

from __future__ import annotations

import django_filters
from django.db.models import Count, QuerySet
from django.urls import reverse

from households.models import Archive
from povreg.kit.pages import filters
from povreg.kit.pages.columns import FIGURE, TITLE, UNDER, Column, along
from povreg.kit.pages.listing import Action, Empty, Listing
from povreg.kit.sheets.kinds import Day
from villages.models import User
from villages.places.filters import InPlace
from villages.rights import Right


def archives(user: User) -> QuerySet[Archive]:
    """Those the person may see, the latest year first, with how many households and papers each has."""
    rows = Archive.objects.visible_to(user).select_related("place__parent", "by")
    return rows.annotate(homes=Count("households", distinct=True), scans=Count("papers", distinct=True)).order_by(
        "-year", "place_id", "-pk"
    )


class ArchiveFilters(django_filters.FilterSet):
    place = InPlace(field_name="place_id", label="村")
    year = filters.Whole(field_name="year", label="年度")


ARCHIVES = Listing(
    code="archives",
    title="历史档案",
    subtitle="以前年度在纸上办过的程序，补录后只供查阅，不改变任何户的身份和统计",
    heading="历史档案",
    unit="份",
    rights=(Right.BATCH_VIEW,),
    rows=archives,
    columns=(
        Column("subject", "事项", link=lambda row, user: reverse("archive", args=[row.pk]), phone=TITLE, width=20),
        Column("place", "村", lambda row: str(row.place), under=along("place__parent"), api="", phone=UNDER),
        Column("year", "年度", lambda row: str(row.year), api="", css="tabular"),
        Column("decided_on", "批复日期", kind=Day(), css="nowrap"),
        Column("homes", "户数", lambda row: str(row.homes), api="", phone=FIGURE),
        Column("scans", "材料", lambda row: f"{row.scans} 份", api=""),
    ),
    filters=ArchiveFilters,
    bar=("place", "year"),
    actions=(Action("补录历史档案", "archive-new", (Right.BATCH_DRAFT,), main=True),),
    empty=Empty("没有历史档案", lambda user: "2014 年以来在纸上办过的程序，可以补录材料供查阅。"),
)  # fmt: skip
