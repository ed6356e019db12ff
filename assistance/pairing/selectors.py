"""What pairings say about who sees what."""

from collections.abc import Iterable

from django.db.models import Q

from assistance.models import Pairing
from villages.models import User


def paired_households(user: User, household_path: str) -> Q:
    """A helper sees the households paired with him today, and nothing else of the place."""
    paired = Pairing.objects.today().filter(helper=user).values("household_id")
    return Q(**{f"{household_path}__in": paired})


PAIRED = """
SELECT household_id FROM assistance_pairing
WHERE helper_id = who AND starts_on <= (now() AT TIME ZONE 'Asia/Shanghai')::date
AND (ends_on IS NULL OR ends_on >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
"""
"""The same for the policies of the database."""


def helpers_of(households: Iterable[int]) -> dict[int, str]:
    """Names of today's helpers by household, several joined; households without one are left out. One query."""
    rows = Pairing.objects.today().filter(household__in=list(households)).order_by("starts_on", "pk")
    names: dict[int, list[str]] = {}
    for household, name in rows.values_list("household_id", "helper__name"):
        names.setdefault(household, []).append(name)
    return {household: "、".join(dict.fromkeys(found)) for household, found in names.items()}
