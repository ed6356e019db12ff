"""Cards when households change: who has gone knows the code and the second fact, so the old card opens nothing more."""

from __future__ import annotations

from assistance.papers.services import revoke
from households.models import Household, Member
from households.models.codes import HEAD, SPOUSE
from households.register.turnover import Turn, Turnover

DEATH = "01"
SPLIT, MERGED, ENDED = "分户后原卡作废，请换发", "已并入别户", "已销户"
UNDONE, PARTED = "登记有误，已撤销", "户主或配偶离开本户，请换发"


def follow(happened: Turnover) -> None:
    """Revoke what somebody outside the household could still open. A household that moves keeps its card: the code is
    the household's, not the village's."""
    for household, reason in revoked(happened):
        revoke(household, reason)


def revoked(happened: Turnover) -> list[tuple[Household, str]]:
    """The households whose cards become worthless, with the reason."""
    home, other = happened.household, happened.other
    if happened.undone:
        return [(other, UNDONE)] if happened.turn is Turn.SPLIT and other else []
    if happened.turn is Turn.SPLIT:
        return [(home, SPLIT)]
    if happened.turn is Turn.MERGED:
        return [(home, MERGED)]
    if happened.turn is Turn.ENDED:
        return [(home, ENDED)]
    if happened.turn is Turn.LEFT and happened.why != DEATH and has_partner(happened):
        return [(home, PARTED)]
    return []


def has_partner(happened: Turnover) -> bool:
    """Whether the head, or who lived with him as husband or wife, is among those who left."""
    return Member.objects.filter(pk__in=happened.members, relation__in=(HEAD, SPOUSE)).exists()
