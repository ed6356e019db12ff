"""Differences between rosters and the register (身份差异): dismissed with a reason, or taken by a list."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from households.models import Batch, Household, StandingProposal
from povreg.kit.fields import CodeField
from povreg.kit.history import act
from povreg.kit.values import BLANK
from villages.codes.selectors import label
from villages.models import User
from villages.rights import Right

State, Kind = StandingProposal.State, StandingProposal.Kind
YES_NO = {"true": "是", "false": "否"}


def said(proposal: StandingProposal) -> Mapping[str, str]:
    """What the roster said, by column: the differences only."""
    return {name: pair[1] or "" for name, pair in proposal.differences.items()}


def differences(proposal: StandingProposal) -> list[tuple[str, str, str]]:
    """(field, what the register holds, what the roster said) in words."""
    return [
        (_label(name), _shown(name, held), _shown(name, said)) for name, (held, said) in proposal.differences.items()
    ]


def _label(name: str) -> str:
    field: Any = Household._meta.get_field(name)
    return str(field.verbose_name)


def _shown(name: str, value: str | None) -> str:
    field = Household._meta.get_field(name)
    if not value:
        return BLANK
    return label(field.code_table, value) if isinstance(field, CodeField) else YES_NO.get(value, value)


def may_settle(user: User, village: str) -> bool:
    """Village and township draft lists; the county office answers for what is wrong in the register."""
    return user.can(Right.BATCH_DRAFT, village) or user.can(Right.COUNTY_REVIEW, village)


def locked_open(proposal: StandingProposal) -> StandingProposal:
    """The proposal, locked. Raises ValidationError once it is settled."""
    row: StandingProposal = StandingProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if row.state != State.OPEN:
        raise ValidationError(f"这条身份差异{row.get_state_display()}，不能再办，请刷新页面。")
    return row


def dismiss_proposal(*, by: User, proposal: StandingProposal, reason: str) -> StandingProposal:
    """The register is right: nothing changes, and the same roster does not raise it again. Raises ValidationError
    without a reason or once it is settled, PermissionDenied."""
    if not may_settle(by, proposal.village_id):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": ["请写明不采纳的理由。"]})
    with act(by=by, verb="dismiss_proposal", reason=reason):
        row = locked_open(proposal)
        settle([row], by=by, state=State.DISMISSED, reason=reason.strip()[:200])
    return row


def settle(
    rows: Collection[StandingProposal], *, by: User | None, state: str, reason: str = "", batch: Batch | None = None
) -> None:
    """Write how locked proposals ended; the one who decided keeps it within his own act."""
    facts: dict[str, Any] = {"state": state, "reason": reason, "batch": batch, "settled_by": by}
    for row in rows:
        for name, value in facts.items():
            setattr(row, name, value)
        row.settled_at = timezone.now()
        row.save()
