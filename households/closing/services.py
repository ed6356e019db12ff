"""Closing a year (年度封存): what the county office reported of a year stays as it is, with a digest of it."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from households.closed.selectors import forget
from households.closing import freezing
from households.closing.selectors import missing_items
from households.eligibility.summaries import recount_where_surveyed
from households.models import YearClosing
from povreg.kit.history import act
from povreg.kit.locks import hold
from povreg.kit.scopes import COUNTY, PROVINCE
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

SHORTEST_REASON = 4


def close_year(*, by: User | None, county: Place, year: int, reason: str = "") -> YearClosing:
    """Close a year of a county, for good: its rows and figures can no longer be changed, by whatever tool.

    What is missing (the count sheet) must be accepted with a ``reason``. Raises ValidationError for a place that is no
    county, a year that is not over, has no verdict or is closed already, and for a missing reason; PermissionDenied.
    """
    check_right(by, Right.COUNTY_REVIEW, county.pk)
    _check_year(county, year)
    with act(by=by, verb="close_year", reason=reason):
        hold("tally", county.pk[:PROVINCE], year)
        freezing.hold_still()
        if YearClosing.objects.filter(county=county, year=year).exists():
            raise ValidationError({"year": [f"{year}年度已封存，不能重复办理。"]})
        sheet = {item.code: item.count for item in missing_items(county.pk, year)}
        _check_sheet(sheet, reason)
        recount_where_surveyed(county.pk, year)
        facts = freezing.freeze(county.pk, year)
        if not facts["households"]:
            raise ValidationError({"year": [f"{year}年度没有评定过的户，不能封存。请先录入并评定。"]})
        closing = YearClosing.objects.create(
            county=county, year=year, closed_by=by, sheet=sheet, reason=reason.strip()[:200], **facts
        )
        transaction.on_commit(forget)
        forget()
    return closing


def _check_year(county: Place, year: int) -> None:
    if len(county.pk) != COUNTY:
        raise ValidationError({"county": ["年度按县封存，请选择县（区、市）。"]})
    if year >= timezone.localdate().year:
        raise ValidationError({"year": [f"{year}年还没有结束，不能封存。只能封存已经过去的年度。"]})


def _check_sheet(sheet: dict[str, int], reason: str) -> None:
    if any(sheet.values()) and len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError(
            {"reason": [f"清点表上还有缺项。仍要封存的，请写明理由，至少 {SHORTEST_REASON} 个字；否则请先补齐。"]}
        )


@dataclass(frozen=True)
class Verified:
    """Whether a closed year still is what was closed: the households (ids) and places (codes) that differ."""

    closing: YearClosing
    households: list[int]
    places: list[str]
    listed: bool

    @property
    def holds(self) -> bool:
        return self.listed and not self.households and not self.places


def verify_closing(closing: YearClosing) -> Verified:
    """Hold a closed year against its digests. ``listed`` is whether the list of digests is the one that was closed."""
    params = freezing.params_of(closing.county_id, closing.year)
    kept = freezing.listed_digests(closing.county_id, closing.year)
    now = dict(freezing.rows_of(freezing.household_digests(closing.columns), params))
    figures = dict(freezing.rows_of(freezing.place_digests(closing.columns), params))
    return Verified(
        closing=closing,
        households=_differing(kept, now),
        places=_differing(closing.figures, figures),
        listed=freezing.whole_digest(kept, closing.figures) == closing.digest,
    )


def _differing(kept: dict[Any, str], now: dict[Any, str]) -> list[Any]:
    return sorted(key for key in kept.keys() | now.keys() if kept.get(key) != now.get(key))
