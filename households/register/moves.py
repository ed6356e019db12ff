"""Households that split, merge, move to another village or were entered by mistake; rows are moved in sets."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from households.models import Household, Member


def split_household(
    *,
    by: Any,
    household: Household,
    member_ids: Collection[int],
    new_head: Member,
    relations: Mapping[int, str],
    on: date,
    reason: str,
) -> Household:
    """Make the members a household of their own in the same village under ``new_head``; returns the new household.

    ``relations`` gives the relation of each moved member but the head to the new head. The old head stays.
    Yearly rows of the members move along; yearly records of the household stay. Right: HOUSEHOLD_MOVE.
    Raises ValidationError, PermissionDenied.
    """
    raise NotImplementedError


def merge_households(
    *, by: Any, source: Household, target: Household, relations: Mapping[int, str], on: date, reason: str
) -> Household:
    """Move all present members of ``source`` into ``target`` and strike ``source`` off; returns ``target``.

    ``relations`` gives each moved member's relation to the head of ``target``. Both must lie in one county.
    Right: HOUSEHOLD_MOVE at both. Raises ValidationError, PermissionDenied.
    """
    raise NotImplementedError


def transfer_household(*, by: Any, household: Household, village: str, on: date, reason: str) -> Household:
    """Move a household to another village (12-digit code) of the county, with everything that hangs on it.

    Right: HOUSEHOLD_MOVE at both villages. Raises ValidationError, PermissionDenied.
    """
    raise NotImplementedError


def void_household(*, by: Any, household: Household, reason: str) -> Household:
    """Strike off a household that was entered by mistake: it is removed from the register with the reason, not deleted.

    Refused when more than one year is recorded (it is no slip any more). Right: HOUSEHOLD_VOID.
    Raises ValidationError, PermissionDenied.
    """
    raise NotImplementedError
