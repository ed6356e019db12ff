"""Rows about people who look alike."""

from __future__ import annotations

from typing import Any

from households.models import Household, NotSame
from tests import factories


def not_same(of: Household | None = None, **facts: Any) -> NotSame:
    """Two rows of one name in a household that were found to be two people."""
    of = of or factories.household(members=1)
    pair = [factories.member(of, name="王小红", relation="03") for _ in range(2)]
    defaults = {"reason": "分别查看了两人的身份证", "by": factories.user()}
    return NotSame.objects.create(one=pair[0], other=pair[1], **defaults | facts)


OWN_LISTS = {"apart": ("people-apart", not_same)}
"""Code of a list to the name of its address and what makes a row."""
