"""The opening stock (建库期): until its county office closes it, rosters may write standing (contract.md section 5)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from households.models import Household, OpeningStock, Spell
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY, county_of, within
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right


def is_opening(place_code: str) -> bool:
    """Whether the county of a place still takes standing from rosters."""
    return not OpeningStock.objects.filter(county_id=county_of(place_code), closed_on__isnull=False).exists()


def count_sheet(county: str) -> dict[str, Any]:
    """What the office signs when it closes: households with and without a class, and households of each class today."""
    rows = Household.objects.living().filter(within("village_id", county))
    open_now = Spell.objects.filter(within("village_id", county), until__isnull=True)
    return {
        "households": rows.count(),
        "registered": rows.filter(in_register=True).count(),
        "ordinary": rows.filter(in_register=False).count(),
        "classes": dict(open_now.order_by().values_list("klass__label").annotate(count=Count("pk"))),
    }


def _check_origins() -> None:
    """What this transaction wrote before the closing was written in the opening stock, and is looked at as such."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS standing_has_origin IMMEDIATE")
        cursor.execute("SET CONSTRAINTS standing_has_origin DEFERRED")


def close_opening(*, by: User | None, county: str) -> OpeningStock:
    """Close the opening stock of a county, once. From then on a roster whose standing differs only proposes.

    Raises ValidationError where it is closed already or the place is no county, PermissionDenied.
    """
    if len(county) != COUNTY:
        raise ValidationError("建库期按县结束，请选择县。")
    check_right(by, Right.COUNTY_REVIEW, county)
    with act(by=by, verb="close_opening"):
        OpeningStock.objects.get_or_create(county_id=county)
        _check_origins()
        row = OpeningStock.objects.select_for_update(of=("self",)).get(county_id=county)
        if row.closed_on:
            raise ValidationError(f"本县建库期已于 {row.closed_on:%Y年%m月%d日}结束，不能重复办理。")
        row.closed_on, row.closed_by, row.counts = timezone.localdate(), by, count_sheet(county)
        row.save()
    return row
