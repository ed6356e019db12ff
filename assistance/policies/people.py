"""Reasons when two rows of one person become one."""

from assistance.models import NotServed
from households.models import Member


def move_reasons(kept: Member, double: Member) -> None:
    """Reasons follow; where both have one for a policy and year, the one who stays keeps his."""
    own = NotServed._base_manager.filter(member=kept).values_list("policy", "year")
    for policy, year in own:
        NotServed._base_manager.filter(member=double, policy=policy, year=year).delete()
    NotServed._base_manager.filter(member=double).update(member=kept)
