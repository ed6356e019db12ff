"""Verbs on access for some hours.

Four eyes: who inspects asks for himself, or the county's office for a team that has come; a security administrator
decides. The office (and the county's leaders) are told at once and may end it. Nobody need do anything for it to end.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from povreg.kit.history import act
from povreg.kit.pages.columns import moment_text
from povreg.kit.scopes import COUNTY, county_of
from villages.messages.services import tell_of_work, tell_person
from villages.models import Place, TimedAccess, User
from villages.models.access import LONGEST_HOURS, TimedAccessQuerySet
from villages.people import postings
from villages.rights import Right, Role
from villages.rights.checks import check_right

ROLE = Role.INSPECTOR
"""As whom somebody reads: everything of the place, no whole numbers, no change."""
LAPSES = timedelta(days=3)
"""A request that nobody has decided by then is dead."""
SHORTEST_REASON = 4
OWNERS = (Role.COUNTY_OFFICER, Role.COUNTY_LEADER)


def ask_access(*, by: User, account: User, place: Place, hours: int, reason: str, document: str) -> TimedAccess:
    """Ask that somebody may read a place for some hours.

    Raises PermissionDenied for somebody else's account or another county's place without the office of the place,
    ValidationError for what is missing, hours that cannot be, a closed account, roles that must not meet, a place that
    is open to him anyway, a request that waits already.
    """
    check_right(by, Right.ACCESS_ASK)
    if not by.can(Right.ACCESS_END, place.code) and (account.pk != by.pk or not is_near(by, place)):
        raise PermissionDenied
    check_asked(place, hours, reason, document)
    check_reader(account, place)
    with act(by=by, verb="ask_access", reason=reason.strip()):
        row = TimedAccess.objects.create(
            account=account, place=place, hours=hours, reason=reason.strip(), document=document.strip(), asked_by=by
        )
        tell(row, by, (Role.SECURITY_ADMIN,), f"{row}，请核对依据后批准或退回。")
    return row


def is_near(user: User, place: Place) -> bool:
    """Whether a place lies in a county where the person has a posting."""
    return any(place.code.startswith(county_of(code)) for _role, code in user.postings_today())


def check_asked(place: Place, hours: int, reason: str, document: str) -> None:
    """Raises ValidationError."""
    if not 1 <= hours <= LONGEST_HOURS:
        raise ValidationError({"hours": f"查阅时间为 1 至 {LONGEST_HOURS} 小时，请改正。"})
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": f"请写明事由，至少 {SHORTEST_REASON} 个字。"})
    if not document.strip():
        raise ValidationError({"document": "请填写督查通知或介绍信的文号。"})
    if len(place.code) < COUNTY:
        raise ValidationError({"place": "限时查阅的范围是一个县、乡镇或村，请重新选择。"})
    postings.check_place(ROLE, place)


def check_reader(account: User, place: Place) -> None:
    """Raises ValidationError for somebody who cannot be let in, or is in already."""
    if not account.is_active:
        raise ValidationError({"account": "这个账号已经停用，请先由账号管理员恢复。"})
    if account.can(Right.HOUSEHOLD_VIEW, place.code):
        raise ValidationError({"place": f"{account}现在就能查阅{place}，不用申请。"})
    today = timezone.localdate()
    try:
        postings.check_others(account, ROLE, place, today, today + LAPSES)
    except ValidationError as fault:
        raise ValidationError({"account": fault.messages}) from fault
    if waiting_now().filter(account=account, place=place).exists():
        raise ValidationError({"place": f"{account}查阅{place}的申请正在等待批准，不用重复申请。"})


def waiting_now() -> TimedAccessQuerySet:
    """Requests that can still be granted."""
    return TimedAccess.objects.waiting().filter(asked_at__gt=timezone.now() - LAPSES)


def grant_access(*, by: User, access: TimedAccess) -> TimedAccess:
    """Let somebody in from now on, for the hours that were asked for. Raises PermissionDenied, ValidationError."""
    with act(by=by, verb="grant_access", reason=access.reason):
        row = undecided(by, access)
        row.decided_at = timezone.now()
        row.ends_at = row.decided_at + timedelta(hours=row.hours)
        row.posting = postings.grant(
            by=by, account=row.account, role=ROLE, place=row.place, starts_on=timezone.localdate(row.decided_at),
            ends_on=timezone.localdate(row.ends_at), until=row.ends_at,
        )  # fmt: skip
        row.decided_by = by
        row.save()
        tell(row, by, OWNERS, f"{row}已由{by}批准，{moment_text(row.ends_at)}自动结束。事由：{row.reason}")
        tell_person(by=by, to=row.account, text=f"{row}已批准，{moment_text(row.ends_at)}自动结束。", url=page())
    return row


def refuse_access(*, by: User, access: TimedAccess, reason: str) -> TimedAccess:
    """Let nobody in. Raises PermissionDenied, ValidationError."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": f"请写明原因，至少 {SHORTEST_REASON} 个字。"})
    with act(by=by, verb="refuse_access", reason=reason.strip()):
        row = undecided(by, access)
        row.decided_by, row.decided_at, row.refusal = by, timezone.now(), reason.strip()
        row.save()
        tell_person(by=by, to=row.asked_by, text=f"{row}没有批准：{row.refusal}"[:300], url=page())
    return row


def undecided(by: User, access: TimedAccess) -> TimedAccess:
    """The row under its lock. Raises PermissionDenied, ValidationError where it is decided, dead, or one's own."""
    check_right(by, Right.ACCESS_GRANT, access.place_id)
    rows = TimedAccess.objects.select_for_update(of=("self",)).select_related("account", "place", "asked_by")
    row = rows.get(pk=access.pk)
    if by.pk in (row.account_id, row.asked_by_id):
        raise ValidationError("不能批准自己的申请，请由另一位安全管理员办理。")
    if row.decided_at:
        raise ValidationError("这项申请已经办理，请刷新页面。")
    if row.asked_at <= timezone.now() - LAPSES:
        raise ValidationError(f"这项申请 {LAPSES.days} 天没有办理，已经失效，请重新申请。")
    return row


def end_access(*, by: User, access: TimedAccess, reason: str) -> TimedAccess:
    """End it before its hour: whoever grants, or the office that was told. Raises PermissionDenied, ValidationError."""
    check_right(by, Right.ACCESS_END, access.place_id)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": f"请写明原因，至少 {SHORTEST_REASON} 个字。"})
    with act(by=by, verb="end_access", reason=reason.strip()):
        rows = TimedAccess.objects.select_for_update(of=("self",)).select_related("posting", "account", "place")
        row = rows.get(pk=access.pk)
        if row.posting is None or not row.holds:
            raise ValidationError("这项查阅没有生效，或者已经结束，不用再办理。")
        postings.end_now(row.posting)
        row.ended_by, row.ended_at, row.ended_reason = by, timezone.now(), reason.strip()
        row.save()
        text = f"{row}已由{by}提前结束：{row.ended_reason}"
        tell(row, by, (*OWNERS, Role.SECURITY_ADMIN), text)
        tell_person(by=by, to=row.account, text=text[:300], url=page())
    return row


def tell(row: TimedAccess, by: User, roles: tuple[Role, ...], text: str) -> None:
    """Tell those of the county who hold one of the roles."""
    county = Place.objects.get(pk=county_of(row.place_id))
    for role in roles:
        tell_of_work(by=by, place=county, role=role, text=text, url=page())


def page() -> str:
    return reverse("timed-access")
