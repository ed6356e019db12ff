"""Due for who answers findings, and for who assigns and verifies them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from audits.findings.selectors import WAITING
from povreg.kit.workbench import Due, Rank, Viewer, offer
from villages.rights import Role


def waiting(viewer: Viewer) -> dict[str, Any]:
    return WAITING.sums(viewer.user, timezone.localdate(), role=viewer.role)


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER)
def findings_to_answer(viewer: Viewer) -> Sequence[Due]:
    """What was assigned here and waits for an answer; a late one stands first."""
    found = waiting(viewer)
    if not found["assigned"]:
        return []
    text = "写明做了什么，附上照片或单据，由交办的人核实。"
    title = f"{found['assigned']} 件问题要报送整改"
    if found["late"]:
        tag = f"逾期 {found['late']} 件"
        return [Due(title, url_of(viewer, "late"), "去报送", text, tag, "fail", Rank.OVERDUE)]
    return [Due(title, url_of(viewer, "assigned"), "去报送", text, rank=Rank.WORK)]


@offer(Role.COUNTY_OFFICER, Role.AUDITOR, Role.INSPECTOR)
def findings_to_verify(viewer: Viewer) -> Sequence[Due]:
    """Answers of others, what nobody was asked to put right yet, and what nobody put right in time."""
    found = waiting(viewer)
    dues = late(viewer, found)
    if found["answered"]:
        text = "看凭据，必要时到户核实；不行的退回。"
        dues.append(Due(f"{found['answered']} 件整改待核实", url_of(viewer, "answered"), "去核实", text))
    if found["opened"]:
        text = "写明要求和期限，交办给责任地。"
        dues.append(Due(f"{found['opened']} 件问题待交办", url_of(viewer, "open"), "去交办", text))
    return dues


@offer(Role.COUNTY_LEADER)
def findings_late(viewer: Viewer) -> Sequence[Due]:
    """What nobody put right in time, for who asks why."""
    return late(viewer, waiting(viewer))


def late(viewer: Viewer, found: dict[str, Any]) -> list[Due]:
    if not found["late"]:
        return []
    text, tag = "过了期限还没有报送整改，请过问责任地。", f"最久 {(timezone.localdate() - found['first']).days} 天"
    title = f"{found['late']} 件问题逾期没有整改"
    return [Due(title, url_of(viewer, "late"), "看问题", text, tag, "fail", Rank.OVERDUE)]


def url_of(viewer: Viewer, state: str) -> str:
    place: dict[str, Any] = {"place": viewer.places[0]} if len(viewer.places) == 1 else {}
    return f"{reverse('findings')}?{urlencode({'state': state, **place})}"
