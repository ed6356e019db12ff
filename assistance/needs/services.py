"""The verb of needs: record what a household was asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from assistance.models import NeedsSurvey
from assistance.models.plan import Need, Path
from households.models import Household
from households.register.errors import refusal
from households.register.guard import lock
from households.register.years import FIRST_YEAR
from povreg.kit.history import act
from villages.models import User
from villages.rights import Right


def record_needs(
    *,
    by: User,
    household: Household,
    surveyed_on: date,
    needs: Collection[str],
    will: Collection[str] = (),
    situation: str = "",
    difficulty: str = "",
) -> NeedsSurvey:
    """Note what a household said it needs and wants; a later survey stands beside it.

    Raises PermissionDenied without PLAN_EDIT there; ValidationError for a day that cannot be, or where nothing is said.
    """
    with act(by=by, verb="record_needs"):
        row = lock(by, household, Right.PLAN_EDIT)
        if not date(FIRST_YEAR, 1, 1) <= surveyed_on <= timezone.localdate():
            raise refusal("调查日期不能晚于今天，请核对。", field="surveyed_on")
        if not needs and not situation.strip():
            raise refusal("请选择需要什么；确实没有需求的，在“现状”里写明。", field="needs")
        if not set(needs) <= set(Need.values) or not set(will) <= set(Path.values):
            raise refusal("有一项不在选项里，请重新选择。", field="needs")
        return NeedsSurvey.objects.create(
            household=row,
            village_id=row.village_id,
            surveyed_on=surveyed_on,
            by=by,
            needs=list(needs),
            will=list(will),
            situation=situation.strip()[:300],
            difficulty=difficulty.strip()[:300],
        )
