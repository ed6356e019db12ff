"""Whether an identity number could be registered in a village, asked while it is being typed.

The answer says of anybody in the county whether and where he is registered. Typing a village in asks a few dozen times
a day; whoever asks far more often says why, and whom an answer concerned is kept.
"""

from collections.abc import Iterable

from django.conf import settings

from households.models import Household, Member, UnmaskLog
from households.register.errors import FormErrors, refusal
from households.register.people import derive, refuse_duplicates
from households.register.services import SHORTEST_REASON
from povreg.kit import throttle
from povreg.kit.history import act
from villages.models import User

LONGEST_REASON = 200


def number_fault(*, by: User | None, village: str, id_no: str, member_id: int | None = None, reason: str = "") -> str:
    """What is wrong with the number, or where its owner is registered already in the county; empty when all is well.

    ``member_id`` is the member it is typed for, who may keep it. A check that finds somebody is logged. Raises
    ValidationError beside ``reason`` for an account that checked CHECKS_A_DAY numbers today and says no reason.
    """
    errors = FormErrors()
    found = derive({"id_no": id_no}, errors, "")
    if not errors.rows and found.get("id_hash"):
        _demand_reason(by, reason.strip())
        member = Member(pk=member_id, id_hash=found["id_hash"])
        others = refuse_duplicates(by, Household(village_id=village), {"": member}, errors)
        _keep_found(by, village, others, reason.strip())
    return next(iter(errors.all_messages()), "")


def _demand_reason(by: User | None, reason: str) -> None:
    most = settings.CHECKS_A_DAY
    if by is None or throttle.asked_today("check-id", str(by.pk)) <= most:
        return
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise refusal(
            f"您今天已查重 {most} 个证件号码，继续查重请填写理由（{SHORTEST_REASON} 至 {LONGEST_REASON} 个字）。",
            field="reason",
        )


def _keep_found(by: User | None, village: str, others: Iterable[Member], reason: str) -> None:
    with act(by=by, verb="check_number", reason=reason):
        for other in others:
            UnmaskLog.objects.create(
                by=by,
                household_id=other.household_id,
                place_id=village,
                what=f"{UnmaskLog.CHECK}：人编号 {other.person_no}",
                reason=reason[:LONGEST_REASON],
            )
