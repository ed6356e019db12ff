"""What every verb of the register asks first: may this person do it here, is the row as the form had shown it."""

from collections.abc import Iterable, Mapping
from typing import Any

from households.models import Household
from households.register.errors import refusal
from povreg.kit.history import Versioned
from povreg.kit.prepared import Ready
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

LOCKED = Ready(lambda pk: Household.objects.select_for_update(of=("self",)).filter(pk=pk), int)


def lock(by: User | None, household: Household, right: Right = Right.HOUSEHOLD_EDIT) -> Household:
    """The household's row, locked until the transaction ends, re-read from the database.

    Raises PermissionDenied without the right at its village, ValidationError when it was struck from the register.
    """
    row = LOCKED.first(household.pk)
    if row is None:
        raise Household.DoesNotExist
    check_right(by, right, row.village_id)
    if row.removed_on:
        raise refusal(f"该户已于{row.removed_on:%Y年%m月%d日}销号（{row.removed_reason}），不能再修改。")
    return row


def lock_many(by: User | None, households: Iterable[int], right: Right = Right.HOUSEHOLD_EDIT) -> dict[int, Household]:
    """The rows of many households by key, locked in one order; those struck from the register are left out.

    Raises PermissionDenied without the right at the village of one of them.
    """
    rows = Household.objects.filter(pk__in=set(households)).order_by("pk").select_for_update(of=("self",))
    found = {row.pk: row for row in rows}
    for village in {row.village_id for row in found.values()}:
        check_right(by, right, village)
    return {pk: row for pk, row in found.items() if row.removed_on is None}


def save(row: Versioned, facts: Mapping[str, Any]) -> bool:
    """Set the facts and save the row under the next version; False when nothing differs."""
    differing = {name: value for name, value in facts.items() if getattr(row, name) != value}
    if not differing and row.pk:
        return False
    for name, value in differing.items():
        setattr(row, name, value)
    if row.pk:
        row.version += 1
    row.save()
    return True
