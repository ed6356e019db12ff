"""Objections to posted projects: taken from anybody, answered by the office, followed by their number."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError

from assistance.models import ProjectNotice, ProjectObjection
from households.procedures.engine import clock
from households.procedures.notices.declaring import Followed
from povreg.kit.history import act
from povreg.kit.masking import mask_numbers
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

TERM = timedelta(days=20)
"""Until when a named objection is answered (policy.md 9.4)."""
SHORTEST, LONGEST = 10, 1000


def receive(*, notice: ProjectNotice, text: str, name: str = "", phone: str = "") -> ProjectObjection:
    """Take an objection to a project while its notice hangs. Raises ValidationError when it hangs no longer, or for
    what says nothing."""
    if notice.closed_on or clock.today() > notice.ends_on:
        raise ValidationError("公示已经结束，有问题请拨打监督电话反映。")
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        raise ValidationError({"text": f"请写明情况和理由，{SHORTEST} 到 {LONGEST} 个字。"})
    with act(by=None, verb="receive_project_objection"):
        return ProjectObjection.objects.create(
            notice=notice, place_id=notice.project.place_id, text=text.strip(), name=name.strip()[:40],
            phone=phone.strip()[:20], received_on=clock.today(), due_on=clock.today() + TERM,
        )  # fmt: skip


def answer_objection(*, by: User, objection: ProjectObjection, upheld: bool, answer: str) -> ProjectObjection:
    """Answer an objection, once; what is upheld has its remedy in the answer.

    Raises PermissionDenied without NOTICE_POST at the place, or for who proposed the project; ValidationError.
    """
    check_right(by, Right.NOTICE_POST, objection.place_id)
    with act(by=by, verb="answer_project_objection"):
        rows = ProjectObjection.objects.select_for_update(of=("self",)).select_related("notice__project")
        row = rows.get(pk=objection.pk)
        if row.notice.project.proposed_by_id == by.pk:
            raise PermissionDenied
        if row.answered_on:
            raise ValidationError("这条异议已经答复，不能再改。")
        if len(answer.strip()) < SHORTEST:
            raise ValidationError({"answer": f"请写明核查情况和处理结果，至少 {SHORTEST} 个字；提出人凭查询号能看到。"})
        row.upheld, row.answer, row.answered_on, row.answered_by = upheld, answer.strip()[:300], clock.today(), by
        row.save(update_fields=["upheld", "answer", "answered_on", "answered_by"])
    return row


def followed(wanted: str) -> Followed | None:
    """An objection by its number without strokes, for whoever sent it."""
    number = "-".join(wanted[start : start + 4] for start in range(0, 16, 4))
    row = ProjectObjection.objects.filter(tracking_no=number).first()
    if row is None:
        return None
    said = f"异议{'成立' if row.upheld else '不成立'}。{mask_numbers(row.answer)}" if row.answered_on else ""
    state = "已答复" if row.answered_on else "核查中"
    return Followed(row.tracking_no, state, row.received_on, said, "", row.answered_on, row.due_on)
