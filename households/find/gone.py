"""Whom a search speaks of who does not live there any more: left, died, or of a household that ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from households.find.addresses import household_page
from households.find.asked import Asked
from households.find.search import Kind, people_found
from households.models import Household, Member
from households.models.presence import Change
from povreg.kit.scopes import within
from povreg.kit.values import plain
from villages.codes.selectors import label
from villages.models import User
from villages.rights import Right

MOST = 10
BY_PERSON = (Kind.NAME, Kind.PINYIN, Kind.ID)


def people_gone(user: User, asked: Asked, year: int) -> list[dict[str, Any]]:
    """Those whom the search finds among who has gone, the last ones first, each with what became of him and where he
    is to be looked at. Who left and whose household ended are asked for apart: each has an index, both together none.
    Nothing is asked for a search that is no person's."""
    search, place = asked.search, str(asked.codes.get("place", ""))
    if search is None or search.kind not in BY_PERSON:
        return []
    places = [place] if place else user.places_with(Right.HOUSEHOLD_VIEW)
    people = Member.objects.visible_to(user).filter(within("village_id", place))
    found = people_found(people, search, places).select_related("household", "village").order_by("-left_on", "-pk")
    shown = found.defer("id_no", "disability_cert", "phone", "household__phone", "household__bank_account")
    left = shown.filter(left_on__isnull=False).exclude(left_reason=Change.MISTAKE)[:MOST]
    ended = shown.filter(household__in=Household.objects.filter(within("village_id", place), removed_on__isnull=False))
    rows = {row.pk: row for row in (*left, *ended[:MOST])}
    last_first = sorted(rows.values(), key=lambda row: (row.left_on or date.max, row.pk), reverse=True)
    return [_told(row, year) for row in last_first[:MOST]]


def _told(row: Member, year: int) -> dict[str, Any]:
    home = row.household
    if row.left_on:
        became = f"{plain(row.left_on)}{label('member_change', row.left_reason)}"
    else:
        became = f"所在户 {plain(home.removed_on)}已销号"
    return {
        "name": row.name,
        "what": became,
        "where": f"{row.village} {home.group_name}".strip(),
        "url": household_page(home.pk, year, "members"),
    }
