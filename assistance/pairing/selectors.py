"""What pairings say about who sees what, who has a helper, and where one is missing."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from assistance.models import Pairing
from households.models import Household
from households.models.member import head_name
from povreg.kit.workbench import inside
from villages.models import User
from villages.rights.ready import ReadyFor


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
    rows = Pairing.objects.today().filter(household__in=list(households)).order_by("turn", "starts_on", "pk")
    names: dict[int, list[str]] = {}
    for household, name in rows.values_list("household_id", "helper__name"):
        names.setdefault(household, []).append(name)
    return {household: "、".join(dict.fromkeys(found)) for household, found in names.items()}


def pairings(user: User) -> QuerySet[Pairing]:
    """The pairings a person may see, those of today first."""
    rows = Pairing.objects.visible_to(user).select_related("helper", "unit", "village__parent", "household")
    return rows.annotate(head_name=head_name("household_id")).order_by(
        "village_id", "household_id", "turn", "-starts_on"
    )


def of_today(today: date | None = None) -> QuerySet[Pairing]:
    return Pairing.objects.on(today or timezone.localdate()).filter(household=OuterRef("pk"))


def must_have_helper(user: User) -> QuerySet[Household]:
    """Households a person sees that must have a helper."""
    return in_need_of_helper(Household.objects.visible_to(user).registered())


def in_need_of_helper(rows: QuerySet[Household]) -> QuerySet[Household]:
    """Of registered households those that must have a helper: monitored with the risk there, and poor ones."""
    monitored = ~Q(monitor_type="") & ~Q(risk_cleared=True)
    return rows.filter(Q(exit_status__in=("0", "3")) | monitored)


def gaps(user: User, today: date | None = None) -> QuerySet[Household]:
    """Households that must have a helper and have none today."""
    rows = must_have_helper(user).filter(~Exists(of_today(today))).select_related("village__parent")
    return rows.annotate(head_name=head_name("pk")).order_by("village_id", "household_no")


def _gaps_of(user: Any, today: date, *, role: str) -> QuerySet[Household]:
    return gaps(user, today).filter(inside(user, role, "village_id"))


GAPS = ReadyFor(_gaps_of, date)
"""The same in the places of a role."""


def coverage(user: User) -> dict[str, int]:
    """How many must have a helper, and how many of them have one."""
    rows = must_have_helper(user).order_by()
    return rows.aggregate(must=Count("pk"), have=Count("pk", filter=Q(Exists(of_today()))))
