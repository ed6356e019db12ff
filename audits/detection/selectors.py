"""What is read of the signs of invented data."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from audits.models import DetectionRun, Sign
from households.models import Household
from households.models.member import head_name
from povreg.kit.scopes import county_of
from villages.models import User
from villages.rights import Right

PARTS = {
    "bunching": ("刚过线的户", "线上 5% 以内的户，照全县的形状应有多少"),
    "written_up": ("改成过线的户", "原来在线下 15% 以内，改后在线上 5% 以内"),
    "carried": ("靠一项转移性收入过线的户", "去年线下，今年过线，增加的部分七成以上是一项转移性收入"),
    "copied": ("同样收入的户", "十项收支在别的村少见，却有两户以上相同"),
    "repeated": ("照抄上年的户", "十项收支与上年分文不差"),
    "digits": ("个位是 0 和 5 的户", "数出来的钱什么尾数都有，估出来的多是 0 和 5"),
    "night": ("夜里的修改", "22 时到次日 6 时改收入"),
    "night_before": ("评定前三天夜里的修改", "乡镇、县审核通过前三天，22 时到次日 6 时改收入"),
    "just_before": ("评定前三天的修改", "乡镇、县审核通过前三天内改收入"),
    "bulk": ("一个账号成批的修改", "10 分钟内改 8 户以上"),
    "missing": ("没有走访的季度", "在册户一个季度一次，记录里没有"),
    "reused": ("用过的照片", "同一张照片又用在另一次走访"),
    "desk": ("坐在桌前补的走访", "同一账号接连登记几户，前后不到 6 分钟"),
    "too_many": ("一天走访太多户", "一个人一天走访 15 户以上"),
    "photos": ("两户用同一张照片", "照片的摘要相同"),
    "meetings": ("没有到会凭据的会议", "没有签到表、会议照片，或者没有记录"),
}
"""The looks of each kind: what is counted, and what that means."""


def latest_run(user: User, year: int, county: str = "") -> DetectionRun | None:
    """The latest look over a county's year, of the person's first county if none is named."""
    rows = DetectionRun.objects.visible_to(user).filter(year=year)
    if county:
        return rows.filter(county_id=county_of(county)).first()
    return rows.order_by("county_id", "-made_at").first()


def counties_of(user: User) -> list[str]:
    """Codes of the counties in which the person may see signs."""
    return sorted({county_of(code) for code in user.places_with(Right.SAMPLE_VIEW)})


def signs(user: User) -> QuerySet[Sign]:
    """What the latest looks found of villages, the most striking first."""
    rows = Sign.objects.visible_to(user).filter(run__in=latest_ids(user), account__isnull=True)
    return rows.select_related("village__parent", "run").order_by("-score", "village_id")


def accounts(user: User) -> QuerySet[Sign]:
    """Accounts that stand out by when and how they write."""
    rows = Sign.objects.visible_to(user).filter(run__in=latest_ids(user), account__isnull=False)
    return rows.select_related("village__parent", "account", "run").order_by("-score", "account_id")


def latest_ids(user: User) -> list[int]:
    rows = DetectionRun.objects.visible_to(user).order_by("county_id", "year", "-made_at")
    return list(rows.distinct("county_id", "year").values_list("pk", flat=True))


def households_behind(user: User, sign: Sign) -> QuerySet[Household]:
    """The households behind a sign, as far as the person may see them."""
    rows = Household.objects.visible_to(user).filter(pk__in=sign.household_ids).select_related("village")
    return rows.annotate(head_name=head_name()).order_by("household_no")


def parts_of(sign: Sign) -> list[dict[str, Any]]:
    """The looks of a sign in words."""
    return [
        {**part, "label": PARTS[part["code"]][0], "meaning": PARTS[part["code"]][1]}
        for part in sign.picture.get("parts", [])
    ]
