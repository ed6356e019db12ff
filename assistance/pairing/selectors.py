"""What pairings say about who sees what."""

from typing import Any

from django.db.models import Q

from assistance.models import Pairing


def paired_households(user: Any, household_path: str) -> Q:
    """A helper sees the households paired with him today, and nothing else of the place."""
    paired = Pairing.objects.today().filter(helper=user).values("household_id")
    return Q(**{f"{household_path}__in": paired})
