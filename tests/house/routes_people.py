"""Rows of the route table for marks on two people."""

from __future__ import annotations

from typing import Any

from tests import factories_people


def pages(route: Any, offices: Any) -> dict[str, Any]:
    """Addresses by what they answer to whom."""
    return {
        "people/doubles/apart/": route(may=offices),
        "people/doubles/apart/<int:pk>/withdraw/": route(
            may=offices, method="post", kwargs=lambda world: {"pk": factories_people.not_same(world.household).pk}
        ),
    }
