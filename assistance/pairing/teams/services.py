"""The verb of teams: note how many days members were in the village in a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from assistance.models import TeamMonth
from povreg.kit.history import act
from villages.models import Cadre, Place, User
from villages.rights import Right
from villages.rights.checks import check_right


def note_days(*, by: User, village: Place, month: date, days: Mapping[int, int]) -> int:
    """Note the days of a month, by cadre; a month noted again is corrected. Returns how many were noted.

    Raises PermissionDenied without VILLAGE_FILE_EDIT at the village, ValidationError for more days than the month has,
    a month to come, or a cadre of another village.
    """
    check_right(by, Right.VILLAGE_FILE_EDIT, village.pk)
    first = month.replace(day=1)
    if first > timezone.localdate():
        raise ValidationError("这个月还没有到，请核对月份。")
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    if any(not 0 <= each <= (following - first).days for each in days.values()):
        raise ValidationError(f"在村天数应在 0 到 {(following - first).days} 之间，请核对。")
    known = set(Cadre.objects.filter(place=village, is_team_member=True, pk__in=days).values_list("pk", flat=True))
    if known != set(days):
        raise ValidationError("有人不是本村的驻村队员，请刷新后重填。")
    with act(by=by, verb="note_team_days"):
        for cadre, number in days.items():
            TeamMonth.objects.update_or_create(
                cadre_id=cadre, month=first, defaults={"village": village, "days": number}
            )
    return len(days)
