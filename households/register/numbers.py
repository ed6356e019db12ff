"""Household and person numbers: village code + running number, household number + two digits."""

import itertools

from django.db.models import Max
from django.db.models.functions import Length

from households.models import Household, Member
from povreg.kit import locks
from povreg.kit.reach import wider
from povreg.kit.scopes import county_of, within


@wider("free_number")
def next_household_no(village_code: str) -> str:
    """A number free in the county: the village's code and four digits (more once 9999 are used up).

    Locks the village's numbers until the transaction ends, so that two entries never get the same number.
    """
    locks.hold("household-no", village_code)
    in_county = Household.objects.filter(within("village_id", county_of(village_code)))
    own = in_county.filter(household_no__startswith=village_code)
    for digits in itertools.count(4):
        last = (
            own.annotate(length=Length("household_no")).filter(length=12 + digits).aggregate(m=Max("household_no"))["m"]
        )
        number = int(last[12:]) + 1 if last else 1
        if number < 10**digits:
            return f"{village_code}{number:0{digits}d}"
    raise AssertionError("unreachable")


@wider("free_number")
def next_person_no(household: Household) -> str:
    """The household's number and two digits, free in the county (numbers of people who left are not used again)."""
    taken = set(
        Member.objects.filter(
            within("village_id", county_of(household.village_id)), person_no__startswith=household.household_no
        ).values_list("person_no", flat=True)
    )
    numbers = (f"{household.household_no}{number:02d}" for number in itertools.count(1))
    return next(number for number in numbers if number not in taken)
