"""Deputies: the county office orders who stands in for whom, the security administrator grants it."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied

from households.models import Deputy
from households.models.deputy import STANDS_IN_AS
from households.procedures.engine import clock
from households.procedures.engine.errors import ProcedureError, StateError
from povreg.kit.history import act
from villages.models import Place, Posting, User
from villages.people.postings import check_place, end, grant
from villages.rights import Right, Role
from villages.rights.checks import check_right

LONGEST = timedelta(days=183)


def order_deputy(
    *,
    by: User,
    place: Place,
    role: str,
    deputy: User,
    since: date,
    until: date,
    document: str,
    reason: str,
    absent: User | None = None,
) -> Deputy:
    """Order that somebody stands in for a person, or for an office that nobody holds (``absent`` None).

    Raises ProcedureError for oneself, somebody who does not hold the office, days that cannot be, what is missing;
    PermissionDenied.
    """
    check_right(by, Right.TEMPLATE_EDIT, place.pk)
    if role not in STANDS_IN_AS:
        raise ProcedureError({"role": "请选择村干部、乡镇经办人员或县经办人员。"})
    if deputy.pk == by.pk:
        raise ProcedureError({"deputy": "不能安排自己代办，请由另一位工作人员安排。"})
    if not document.strip() or not reason.strip():
        raise ProcedureError({"document": "请填写依据（文号）和原因。"})
    if not since <= until <= since + LONGEST or until < clock.today():
        raise ProcedureError({"until": f"代办期限应在起始日以后、不超过 {LONGEST.days} 天，且没有过去，请改正。"})
    check_place(Role(role), place)
    if absent is not None:
        held = Posting.objects.filter(user=absent, role=role, place=place).on(since)
        if absent.pk == deputy.pk or not held.exists():
            raise ProcedureError({"absent": f"{absent}不是这里的{Role(role).label}，请核对被代办人。"})
    with act(by=by, verb="order_deputy", reason=reason):
        return Deputy.objects.create(
            place=place, role=role, absent=absent, deputy=deputy, since=since, until=until,
            document=document.strip()[:80], reason=reason.strip()[:120], ordered_by=by,
        )  # fmt: skip


def grant_deputy(*, by: User, deputy: Deputy) -> Deputy:
    """Have an order hold: the deputy gets the posting for its days. Raises ValidationError for what stands against the
    posting (roles that must not meet, a closed account), StateError, PermissionDenied."""
    check_right(by, Right.POSTING_GRANT, deputy.place_id)
    with act(by=by, verb="grant_deputy"):
        row = Deputy.objects.select_for_update(of=("self",)).select_related("deputy", "place").get(pk=deputy.pk)
        if row.posting_id or row.withdrawn_on:
            raise StateError("这项代办已经授予或撤销，请刷新页面。")
        row.posting = grant(
            by=by, account=row.deputy, role=Role(row.role), place=row.place, starts_on=max(row.since, clock.today()),
            ends_on=row.until,
        )  # fmt: skip
        row.save(update_fields=["posting"])
    return row


def end_deputy(*, by: User, deputy: Deputy) -> Deputy:
    """Withdraw an order: the office one that was not granted yet; one that holds, whoever grants postings. Raises
    StateError, PermissionDenied."""
    with act(by=by, verb="end_deputy"):
        row = Deputy.objects.select_for_update(of=("self",)).select_related("posting").get(pk=deputy.pk)
        if not may_end(by, row):
            raise PermissionDenied
        if row.withdrawn_on:
            raise StateError("这项代办已经撤销，不用再办。")
        row.withdrawn_on = clock.today()
        row.save(update_fields=["withdrawn_on"])
        if row.posting is not None and row.posting.ends_on and row.posting.ends_on >= clock.today():
            end(by=by, posting=row.posting, last_day=clock.today() - timedelta(days=1))
    return row


def may_end(user: User, row: Deputy) -> bool:
    right = Right.POSTING_GRANT if row.posting_id else Right.TEMPLATE_EDIT
    return row.withdrawn_on is None and user.can(right, row.place_id)
