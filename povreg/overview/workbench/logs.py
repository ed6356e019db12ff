"""What the officer of the logs looks at: who was not let in lately, and who reads a place for some hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from povreg.kit.workbench import Due, Figure, Rank, Viewer, offer
from villages.access.selectors import accesses, in_state
from villages.models import SignInAttempt
from villages.people.selectors import sign_ins
from villages.rights import Role

WEEK = timedelta(days=7)
REFUSED = SignInAttempt.Outcome.REFUSED


@offer(Role.LOG_OFFICER)
def signed_in(viewer: Viewer) -> Sequence[Due | Figure]:
    """The week's tries to sign in, and those that were refused."""
    refused = Q(outcome=REFUSED)
    rows = sign_ins(viewer.user).filter(at__gte=timezone.now() - WEEK).order_by()
    found = rows.aggregate(
        tries=Count("pk"),
        refused=Count("pk", refused),
        accounts=Count("user", refused, distinct=True),
        unknown=Count("tried_hash", refused & Q(user=None), distinct=True),
    )
    url = f"{reverse('sign-ins')}?outcome={REFUSED}"
    tone = "warn" if found["refused"] else ""
    return [
        Figure("近七天登录", found["tries"], "次", url=reverse("sign-ins")),
        Figure("没有通过", found["refused"], "次", url=url, tone=tone),
        *refusals(found, url),
    ]


def refusals(found: dict[str, int], url: str) -> list[Due]:
    if not found["refused"]:
        return [
            Due("近七天没有未通过的登录", rank=Rank.NOTICE, text="密码错误、验证码错误和不存在的用户名会列在这里。")
        ]
    whose = [f"{found['accounts']} 个账号"] if found["accounts"] else []
    whose += [f"{found['unknown']} 个不存在的用户名"] if found["unknown"] else []
    text = f"涉及{'、'.join(whose)}。核对来源地址和时间，不是本人的，告诉账号管理员锁定。"
    return [Due(f"{found['refused']} 次登录没有通过", url, "去核对", text, "近七天", "warn", Rank.SOON)]


@offer(Role.LOG_OFFICER, Role.COUNTY_LEADER)
def reading_now(viewer: Viewer) -> Sequence[Due]:
    """People who read a place for some hours just now."""
    count = in_state(accesses(viewer.user).filter(viewer.inside("place_id")), "open").order_by().count()
    if not count:
        return []
    text = "核对依据和范围；到时自动结束，有疑问的请安全管理员提前结束。"
    url = f"{reverse('timed-access')}?state=open"
    return [Due(f"{count} 项限时查阅正在进行", url, "查看", text, "查阅中", "act", Rank.WORK)]
