"""Due for the administrators of accounts and postings, and for everybody's own password."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from households.models import Deputy
from povreg.kit.pages.columns import moment_text
from povreg.kit.workbench import Cell, Due, Figure, Link, Listing, Rank, Viewer, offer
from villages.access.services import LAPSES, waiting_now
from villages.models import Posting, User
from villages.people import selectors
from villages.people.sign_in import password_days_left
from villages.rights import Role

ENDING = timedelta(days=30)
ROWS = 10


def in_state(state: str) -> str:
    return f"{reverse('accounts')}?state={state}"


@offer(Role.ACCOUNTS_ADMIN)
def accounts(viewer: Viewer) -> Sequence[Due | Figure]:
    """Accounts that somebody cannot use: locked, or still with the initial password."""
    mine = User.objects.visible_to(viewer.user)
    locked = list(selectors.in_state(mine, "locked").order_by("locked_until")[:ROWS])
    counts = mine.filter(is_active=True).aggregate(all=Count("pk"), initial=Count("pk", Q(must_change_password=True)))
    found: list[Due | Figure] = [
        Figure("在用账号", counts["all"], "个", url=reverse("accounts")),
        Figure("已锁定", len(locked), "个", url=in_state("locked"), tone="fail" if locked else ""),
        Figure(
            "未改初始密码", counts["initial"], "个", url=in_state("initial"), tone="warn" if counts["initial"] else ""
        ),
    ]
    if locked:
        links = [
            Link(f"{account.name}（{account.username}）", reverse("account", args=[account.pk])) for account in locked
        ]
        text = "核实是本人后解锁；不是本人的，请保持锁定并告诉安全管理员。"
        found.append(
            Due(
                f"{len(locked)} 个账号被锁定",
                in_state("locked"),
                "查看并解锁",
                text,
                "已锁定",
                "fail",
                Rank.OVERDUE,
                links=links,
            )
        )
    return [*found, *villages_waiting(viewer)]


def villages_waiting(viewer: Viewer) -> list[Due]:
    """Villages for which nobody can enter anything yet."""
    count = selectors.villages_without_cadre(*viewer.places).count()
    if not count:
        return []
    text = "这些村还没有人能录入。可以按乡镇一次开通，每村一个账号。"
    return [Due(f"{count:,} 个村还没有账号", reverse("village-accounts"), "按村批量开户", text)]


@offer(Role.SECURITY_ADMIN)
def unposted(viewer: Viewer) -> Sequence[Due]:
    """Accounts that were opened and wait for a posting."""
    count = selectors.in_state(User.objects.visible_to(viewer.user), "unposted").count()
    if not count:
        return [Due("没有等待授予任职的账号", rank=Rank.NOTICE, text="账号管理员开户后，这里会列出来。")]
    text = "授予任职后才能办理业务。村级账号可以按乡镇批量授予。"
    return [Due(f"{count} 个账号等待授予任职", in_state("unposted"), "查看账号", text, "待授予", "warn", Rank.SOON)]


@offer(Role.SECURITY_ADMIN)
def deputies_to_grant(viewer: Viewer) -> Sequence[Due]:
    """Orders of deputies that hold only once they are granted."""
    rows = Deputy.objects.visible_to(viewer.user).filter(posting=None, withdrawn_on=None)
    count = rows.filter(until__gte=timezone.localdate()).count()
    if not count:
        return []
    text = "县里安排的代办，核对文号和期限后授予；授予以前不生效。"
    return [Due(f"{count} 项代办等待授予", reverse("deputies"), "查看代办", text, "待授予", "warn", Rank.SOON)]


@offer(Role.SECURITY_ADMIN)
def access_asked(viewer: Viewer) -> Sequence[Due]:
    """Requests for access for some hours that wait for a decision."""
    count = waiting_now().visible_to(viewer.user).count()
    if not count:
        return []
    text = "核对督查通知后批准或退回；三天没有办理的失效。"
    url = f"{reverse('timed-access')}?state=waiting"
    return [Due(f"{count} 项限时查阅等待批准", url, "去办理", text, "待批准", "warn", Rank.SOON)]


@offer(Role.ACCOUNTS_ADMIN, Role.SECURITY_ADMIN)
def postings_ending(viewer: Viewer) -> Sequence[Listing]:
    """Postings that end within a month."""
    today = timezone.localdate()
    rows = Posting.objects.visible_to(viewer.user).today().filter(until=None, ends_on__lte=today + ENDING)
    latest = rows.select_related("user", "place").order_by("ends_on")[:ROWS]
    cells = [
        [
            Cell(posting.user.name, reverse("account", args=[posting.user_id])),
            Cell(f"{posting.get_role_display()}（{posting.place}）"),
            Cell(f"{posting.ends_on:%Y-%m-%d}"),
            Cell(f"还有 {(posting.ends_on - today).days} 天"),
        ]
        for posting in latest
    ]
    empty = "三十天内没有到期的任职。"
    return [Listing("即将到期的任职", ("姓名", "任职", "截止日期", "剩余"), cells, "三十天内", empty=empty)]


def access_due(user: User) -> Sequence[Due]:
    """One's own requests for access for some hours that nobody has decided, for who holds no posting and sees nothing
    else: what is waited for, and until when."""
    rows = waiting_now().filter(account=user).select_related("place", "account")
    return [
        Due(
            f"查阅{row.place} {row.hours} 小时",
            text=f"安全管理员批准后就能查阅。{moment_text(row.asked_at + LAPSES)}以前没有办理的，要重新申请。",
            tag="等待批准",
            tone="warn",
            rank=Rank.SOON,
        )
        for row in rows
    ]


def password_due(user: User) -> Sequence[Due]:
    """A reminder when one's own password is about ninety days old (policy.md 11.11)."""
    left = password_days_left(user)
    if left is None:
        return []
    overdue = left < 0
    tag = f"已超过 {-left} 天" if overdue else f"还有 {left} 天"
    text = "密码应每 90 天更换一次。"
    rank = Rank.OVERDUE if overdue else Rank.SOON
    return [Due("修改密码", reverse("password_change"), "去修改", text, tag, "fail" if overdue else "warn", rank)]
