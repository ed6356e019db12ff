"""What checks say on a workbench: doubts to correct, each one click away."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from audits.checks.selectors import OPEN_AT
from povreg.kit.workbench import Figure, Viewer, offer
from villages.rights import Role


@offer(Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, Role.AUDITOR, Role.INSPECTOR)
def doubts(viewer: Viewer) -> Sequence[Figure]:
    """How many doubts are open there."""
    found = OPEN_AT.sums(viewer.user, role=viewer.role)
    if not found["must"] and not found["may"]:
        return []
    place = {"place": viewer.places[0]} if len(viewer.places) == 1 else {}
    code, label, sub = (
        ("must", "必须改正的疑点", f"另有 {found['may']} 处要核实")
        if found["must"]
        else ("may", "要核实的疑点", "没有必须改正的")
    )
    url = f"{reverse('doubts')}?{urlencode({'state': code, **place})}"
    return [Figure(label, found[code], "处", sub, url, "fail" if found["must"] else "")]
