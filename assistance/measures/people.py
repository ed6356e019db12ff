"""Measures when two rows of one person become one."""

from assistance.models import Measure
from households.models import Member


def move_measures(kept: Member, double: Member) -> None:
    """What was given to the double was given to the one who stays."""
    Measure._base_manager.filter(member=double).update(member=kept)
