"""The quarter's privilege review on the auditor's workbench, until it is signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from audits.privileges.selectors import quarter_of, review_now
from povreg.kit.scopes import COUNTY, county_of
from povreg.kit.workbench import Due, Rank, Viewer, offer
from villages.rights import Role

SOON = 31
"""Days before the end of a quarter in which its review is asked for."""


@offer(Role.AUDITOR)
def review_to_sign(viewer: Viewer) -> Sequence[Due]:
    today = timezone.localdate()
    year, quarter = quarter_of(today)
    if quarter_of(today + timedelta(days=SOON)) == (year, quarter):
        return []
    dues = []
    for code in sorted({county_of(place) for place in viewer.places if len(place) >= COUNTY}):
        if review_now(code, today) is None:
            text = "谁能看、谁能办，哪些账号没人用，哪些事一人两手。"
            title = f"{year}年第{quarter}季度权限复核还没有签字"
            dues.append(Due(title, f"{reverse('privileges')}?place={code}", "去复核", text, rank=Rank.SOON))
    return dues
