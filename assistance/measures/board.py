"""What of measures is due, for the workbench."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from assistance.measures import selectors
from povreg.kit.workbench import Due, Figure, Link, Rank, Viewer, offer
from villages.rights import Role

SOON = 90
"""Days before the end of what runs on in which it is named (policy-2026.md 11)."""
SHOWN = 4
QUIET = timedelta(days=180)


def offer_all() -> None:
    """Tell the workbench; called once, when the app is ready."""
    offer(Role.VILLAGE_CADRE, Role.HELPER)(ending)
    offer(Role.VILLAGE_CADRE, Role.HELPER, Role.TOWNSHIP_OFFICER)(without)
    offer(Role.COUNTY_OFFICER, Role.COUNTY_LEADER)(given)


def ending(viewer: Viewer) -> Sequence[Due]:
    """Loans, contracts and terms that end soon."""
    rows = selectors.ending(viewer.user, viewer.role, SOON)
    if not rows:
        return []
    shown = [(f"{row.head_name} {row.item} {row.ends_on:%m月%d日}", row.pk) for row in rows[:SHOWN]]  # type: ignore[attr-defined]
    links = [Link(text, reverse("measure", args=[pk])) for text, pk in shown]
    days = (rows[0].ends_on - timezone.localdate()).days  # type: ignore[operator]
    url = f"{reverse('measures')}?state=running"
    text = "到期前落实还款、续签或接续的政策。"
    return [Due("有措施快到期", url, "查看", text, f"最近 {days} 天", "warn", Rank.SOON, links=links)]


def without(viewer: Viewer) -> Sequence[Due]:
    """Monitored households that got nothing for half a year."""
    since = timezone.localdate() - QUIET
    count = selectors.without_measure(viewer.user, viewer.role, since)
    if not count:
        return []
    text = "监测对象要有针对风险的措施；已经落实的请登记，风险消除时要用。"
    return [Due(f"{count:,} 户监测对象近半年没有措施", reverse("measure-whom"), "登记措施", text, rank=Rank.WORK)]


def given(viewer: Viewer) -> Sequence[Figure]:
    """What reached households this year."""
    count = selectors.given_in(viewer.user, viewer.role, viewer.year)
    if not count:
        return []
    return [Figure("本年措施", count, "项", url=f"{reverse('measures')}?year={viewer.year}")]
