"""The end of a household by the death of its last member (全户自然减少), in one short step."""

from datetime import date

from households.models import Household, RegisterEvent
from households.register import after
from households.register.errors import refusal
from households.register.guard import lock, save
from households.register.member_changes import DEATH, note, refuse_day
from households.register.turnover import Turn, Turnover, tell
from households.register.turns import refuse_order
from households.standing import services as standing
from povreg.kit.history import act
from villages.models import User

ENDED = "07"
WORDS = "自然减少：全户成员死亡"


def end_household(*, by: User | None, household: Household, on: date, reason: str = "") -> Household:
    """The last member died on ``on``: the household ends that day, and every class it was in. Years before keep it.

    Raises ValidationError where nobody or more than one lives there, or for a day that cannot be; PermissionDenied.
    """
    with act(by=by, verb="end_household", reason=reason):
        row = lock(by, household)
        living = list(row.members.present().select_for_update(of=("self",)))
        if len(living) != 1:
            raise refusal(
                f"本户现有 {len(living)} 人，只有最后一位成员死亡时才能办理全户自然减少；请逐人登记人员减少。"
            )
        [last] = living
        refuse_day(on, last.birth_date, last.joined_on or last.identified_on)
        refuse_order(last, on)
        save(last, {"left_on": on, "left_reason": DEATH})
        note(by, row, last, DEATH, on, reason)
        save(row, {"removed_on": on, "removed_reason": WORDS})
        standing.end_all(row, on)
        RegisterEvent.objects.create(
            household=row,
            village_id=row.village_id,
            household_change=ENDED,
            happened_on=on,
            reason=reason.strip(),
            by=by,
        )
        tell(Turnover(Turn.ENDED, row, on, members=[last.pk], why=DEATH))
        after.changed([row.pk])
    return row
