"""The verb of public posts: a village's attendance of a month, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from assistance.models import Measure, PostMonth
from assistance.running.posts.selectors import last_day, posts_in
from povreg.kit.history import act
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

Days = tuple[int, int]
"""Days due and days worked."""


def note_attendance(*, by: User, village: Place, month: date, days: Mapping[int, Days]) -> int:
    """Note the attendance of posts (by the key of the measure) in a month; noted again it is corrected. All or
    nothing; returns how many.

    Raises PermissionDenied without MEASURE_EDIT at the village; ValidationError for a month to come, a post that did
    not run in it or is another village's, more days than the month has, or more worked than due.
    """
    check_right(by, Right.MEASURE_EDIT, village.pk)
    first = month.replace(day=1)
    if first > timezone.localdate():
        raise ValidationError("这个月还没有到，请核对月份。")
    if not days:
        raise ValidationError("没有填写考勤。")
    most = last_day(first).day
    with act(by=by, verb="note_attendance"):
        running = posts_in(Measure.objects.filter(village=village), first).in_bulk(days)
        if missing := set(days) - set(running):
            raise ValidationError(f"有 {len(missing)} 个岗位这个月不在岗，请刷新后重填。")
        for pk, (due, present) in days.items():
            if not 1 <= due <= most or not 0 <= present <= due:
                who = running[pk].member.name if running[pk].member else ""
                raise ValidationError(f"{who}的天数不对：应到 1 到 {most} 天，实到不超过应到，请核对。")
            place = {"household_id": running[pk].household_id, "village_id": village.pk}
            facts = {"due": due, "present": present, "by": by, **place}
            PostMonth.objects.update_or_create(post_id=pk, month=first, defaults=facts)
    return len(days)
