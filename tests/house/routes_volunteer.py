"""What a volunteer may open: he looks at the households of his village and enters them, nothing else.

Written beside the other tables, by address and method; :func:`with_volunteers` adds the role to their rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from villages.rights import Role

PAGES = {
    "households/<int:pk>/policies/": ("get",),
    "policies/entitled/": ("get",),
    "households/<int:pk>/plan/": ("get",),
    "households/<int:pk>/money/": ("get",),
    "households/<int:pk>/work/": ("get", "post"),
    "plans/": ("get",),
    "plans/missing/": ("get",),
    "plans/<int:pk>/": ("get",),
    "pairings/": ("get",),
    "pairings/gaps/": ("get",),
    "work/": ("get",),
    "work/villages/<int:code>/": (
        "get",
        "post",
    ),
    "work/<int:pk>/end/": (
        "get",
        "post",
    ),
    "closings/late/": ("get",),
    "corrections/": ("get",),
    "corrections/<int:pk>/": ("get",),
    "department-lists/<int:pk>/": ("get",),
    "department-lists/rows/": ("get",),
    "flips/": ("get",),
    "households/": ("get",),
    "households/<int:pk>/": ("get",),
    "households/<int:pk>/basic/": (
        "get",
        "post",
    ),
    "households/<int:pk>/copy/": ("post",),
    "households/<int:pk>/events/<slug:kind>/": ("get",),
    "households/<int:pk>/files/": ("get", "post"),
    "households/<int:pk>/files/<int:file>/": ("get",),
    "households/<int:pk>/files/<int:file>/remove/": ("post",),
    "households/<int:pk>/guarantees/": (
        "get",
        "post",
    ),
    "households/<int:pk>/income/": (
        "get",
        "post",
    ),
    "households/<int:pk>/income/total/": ("post",),
    "households/<int:pk>/living/": (
        "get",
        "post",
    ),
    "households/<int:pk>/measures/": ("get",),
    "households/<int:pk>/members/": (
        "get",
        "post",
    ),
    "households/<int:pk>/review/": ("get",),
    "households/<int:pk>/standing/": ("get",),
    "households/<int:pk>/verdict/": ("get",),
    "households/<int:pk>/privacy/": ("get",),
    "households/<int:pk>/consents/new/": ("get", "post"),
    "households/consents/<int:pk>/withdraw/": ("get", "post"),
    "households/<int:pk>/visits/": ("get",),
    "households/check-id/": ("post",),
    "households/columns/": ("post",),
    "households/counts/": ("get",),
    "households/find/": ("post",),
    "households/new/": ("get", "post"),
    "households/saved/": (
        "get",
        "post",
    ),
    "households/saved/<int:pk>/drop/": ("post",),
    "households/saved/<int:pk>/rename/": ("post",),
    "households/saved/<int:pk>/share/": ("post",),
    "households/walk/": ("get",),
    "measures/": ("get",),
    "people/": ("get",),
    "people/find/": ("post",),
    "proposals/": ("get",),
    "proposals/<int:pk>/": ("get",),
    "reviews/": ("get",),
    "reviews/household/<int:pk>/": (
        "get",
        "post",
    ),
    "reviews/progress/": ("get",),
    "visits/": ("get",),
    "visits/<int:pk>/": ("get",),
    "visits/due/": ("get",),
}
API = {
    "api/v1/entitled/": ("get",),
    "api/v1/plans/": ("get",),
    "api/v1/plans/<int:pk>/": ("get",),
    "api/v1/plans-missing/": ("get",),
    "api/v1/work/": (
        "get",
        "post",
    ),
    "api/v1/work/<int:pk>/": ("get",),
    "api/v1/work/<int:pk>/end/": ("post",),
    "api/v1/annual-records/": (
        "get",
        "post",
    ),
    "api/v1/annual-records/<int:pk>/": (
        "get",
        "patch",
    ),
    "api/v1/annual-records/copy/": ("post",),
    "api/v1/assessments/": ("get",),
    "api/v1/assessments/<int:pk>/": ("get",),
    "api/v1/attachments/": (
        "get",
        "post",
    ),
    "api/v1/attachments/<int:pk>/": ("get",),
    "api/v1/attachments/<int:pk>/file/": ("get",),
    "api/v1/attachments/<int:pk>/remove/": ("post",),
    "api/v1/consents/": ("get", "post"),
    "api/v1/consents/<int:pk>/": ("get",),
    "api/v1/consents/<int:pk>/withdraw/": ("post",),
    "api/v1/corrections/": ("get",),
    "api/v1/corrections/<int:pk>/": ("get",),
    "api/v1/department-rows/": ("get",),
    "api/v1/flips/": ("get",),
    "api/v1/flips/<int:pk>/": ("get",),
    "api/v1/households/": (
        "get",
        "post",
    ),
    "api/v1/households/<int:pk>/": (
        "get",
        "patch",
    ),
    "api/v1/households/<int:pk>/head/": ("post",),
    "api/v1/households/<int:pk>/natural-end/": ("post",),
    "api/v1/households/<int:pk>/undo-change/": ("post",),
    "api/v1/households/search/": ("post",),
    "api/v1/late-facts/": ("get",),
    "api/v1/late-facts/<int:pk>/": ("get",),
    "api/v1/measures/": ("get",),
    "api/v1/measures/<int:pk>/": ("get",),
    "api/v1/members/": (
        "get",
        "post",
    ),
    "api/v1/members/<int:pk>/": (
        "get",
        "patch",
    ),
    "api/v1/members/<int:pk>/leaving/": ("post",),
    "api/v1/members/<int:pk>/undo-joining/": ("post",),
    "api/v1/members/<int:pk>/undo-leaving/": ("post",),
    "api/v1/members/search/": ("post",),
    "api/v1/pairings/": ("get",),
    "api/v1/pairings/<int:pk>/": ("get",),
    "api/v1/proposals/": ("get",),
    "api/v1/proposals/<int:pk>/": ("get",),
    "api/v1/reviews/": ("get",),
    "api/v1/reviews/<int:pk>/assess/": ("post",),
    "api/v1/saved-filters/": (
        "get",
        "post",
    ),
    "api/v1/saved-filters/<int:pk>/": ("get",),
    "api/v1/saved-filters/<int:pk>/drop/": ("post",),
    "api/v1/saved-filters/<int:pk>/households/": ("get",),
    "api/v1/saved-filters/<int:pk>/rename/": ("post",),
    "api/v1/saved-filters/<int:pk>/share/": ("post",),
    "api/v1/visits-due/": ("get",),
    "api/v1/visits/": ("get",),
    "api/v1/visits/<int:pk>/": ("get",),
}


def with_volunteers(routes: Mapping[str, Any]) -> dict[str, Any]:
    """The tables with the volunteer among those who may."""
    return {route: _added(found, {**PAGES, **API}.get(route, ())) for route, found in routes.items()}


def _added(found: Any, methods: tuple[str, ...]) -> Any:
    if not isinstance(found, tuple):
        return replace(found, may=found.may | {Role.VOLUNTEER}) if found.method in methods else found
    return tuple(_added(each, methods) for each in found)
