"""Rows of the route table for marks on two people."""

from __future__ import annotations

from typing import Any

from tests import factories_people


def pages(route: Any, offices: Any) -> dict[str, Any]:
    """Addresses by what they answer to whom."""
    one = {"kwargs": marked}
    return {
        "people/doubles/apart/": route(may=offices),
        "people/doubles/apart/<int:pk>/withdraw/": route(may=offices, method="post", **one),
    }


def api(reading: Any, sending: Any, offices: Any) -> dict[str, Any]:
    """The same in the API."""
    one = {"kwargs": marked}
    return {
        "not-same/": (reading(offices), sending(offices)),
        "not-same/<int:pk>/": reading(offices, **one),
        "not-same/<int:pk>/withdraw/": sending(offices, **one),
    }


def marked(world: Any) -> dict[str, Any]:
    return {"pk": factories_people.not_same(world.household).pk}
