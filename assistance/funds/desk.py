"""What is due of projects and funds on the workbenches of those who review, decide, post and pay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from assistance.funds.projects import selectors
from assistance.models import FundSource, Project, ProjectNotice, ProjectObjection
from povreg.kit.prepared import summed
from povreg.kit.workbench import Due, Figure, Rank, Viewer, inside, offer
from villages.rights import Role
from villages.rights.ready import ReadyFor

S = Project.State


def url(**filters: Any) -> str:
    return f"{reverse('projects')}?{urlencode(filters)}"


def due_of(count: int, said: str, state: str, action: str, text: str = "") -> list[Due]:
    return [Due(f"{count} 个项目{said}", url(state=state), action, text, rank=Rank.WORK)] if count else []


@offer(Role.TOWNSHIP_OFFICER)
def to_review(viewer: Viewer) -> Sequence[Due]:
    """Projects that villages proposed."""
    found = selectors.WAITING.sums(viewer.user, role=viewer.role)
    return due_of(found[S.PROPOSED], "等待乡镇审核", S.PROPOSED, "去审核", "申报人不能审核自己申报的项目。")


@offer(Role.COUNTY_OFFICER)
def to_decide(viewer: Viewer) -> Sequence[Due]:
    """Projects that wait for the county: to be decided, posted, entered, accepted, announced, paid."""
    found = selectors.WAITING.sums(viewer.user, role=viewer.role)
    unposted = found["unposted"]
    dues = [
        *due_of(found[S.REVIEWED], "等待县级审定", S.REVIEWED, "去审定"),
        *due_of(found[S.APPROVED], "等待公示入库", S.APPROVED, "去办理", "事前公示期满后入库。"),
        *due_of(found[S.FINISHED], "等待验收", S.FINISHED, "去验收"),
    ]
    if unposted:
        text = "验收后应当公告资金来源和使用情况。"
        dues.append(
            Due(f"{unposted} 个项目应公告未公告", url(station="unposted"), "去公告", text, "应公告", "warn", Rank.SOON)
        )
    return [*dues, *paid_slowly(found["slow"])]


@offer(Role.DEPARTMENT_OFFICER)
def to_pay(viewer: Viewer) -> Sequence[Due]:
    """Projects whose money comes slowly."""
    return paid_slowly(selectors.WAITING.sums(viewer.user, role=viewer.role)["slow"])


def paid_slowly(count: int) -> list[Due]:
    if not count:
        return []
    text = "已开工、完工或验收的项目，资金拨付不到一半。"
    return [Due(f"{count} 个项目拨付慢", url(station="slow"), "查看项目", text, "拨付慢", "warn", Rank.SOON)]


def _money(user: Any, year: int, *, role: str) -> QuerySet[Any, Any]:
    rows = FundSource.objects.visible_to(user).filter(inside(user, role, "place_id"), year=year)
    return summed(rows, all=Sum("amount"), given=Sum("allocated"))


MONEY = ReadyFor(_money, int)


@offer(Role.COUNTY_OFFICER, Role.DEPARTMENT_OFFICER)
def money(viewer: Viewer) -> Sequence[Figure]:
    """The year's money, and what of it lies unallocated."""
    year = timezone.localdate().year
    got = MONEY.sums(viewer.user, year, role=viewer.role)
    if not got["all"]:
        return []
    share = got["given"] / got["all"]
    left = f"已安排 {share:.0%}，结余 {(got['all'] - got['given']) / 10000:,.0f} 万元"
    listed = f"{reverse('funds')}?year={year}"
    return [Figure(f"{year}年资金", round(got["all"] / 10000), "万元", left, listed)]


def _objections(user: Any, *, role: str) -> QuerySet[Any, Any]:
    rows = ProjectObjection.objects.visible_to(user).filter(inside(user, role, "place_id"), answered_on=None)
    return summed(rows, count=Count("pk"), first=Min("due_on"))


OBJECTIONS = ReadyFor(_objections)


@offer(Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)
def objections_open(viewer: Viewer) -> Sequence[Due]:
    """Objections to posted projects that nobody has answered."""
    found = OBJECTIONS.sums(viewer.user, role=viewer.role)
    if not found["count"]:
        return []
    days = (found["first"] - timezone.localdate()).days
    tag, tone = (f"逾期 {-days} 天", "fail") if days < 0 else (f"还有 {days} 天", "warn")
    text = "核查后答复；没有答复的，公示不能结束。"
    where = f"{reverse('project-objections')}?open=true"
    title = f"{found['count']} 条项目公示异议待答复"
    return [Due(title, where, "去答复", text, tag, tone, Rank.OVERDUE if days < 0 else Rank.SOON)]


def _over(user: Any, today: date, *, role: str) -> QuerySet[Any, Any]:
    rows = ProjectNotice.objects.visible_to(user).filter(inside(user, role, "project__place_id"), closed_on=None)
    return rows.filter(ends_on__lt=today).order_by("ends_on").values_list("project_id", "project__name")


OVER = ReadyFor(_over, date)


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)
def notices_over(viewer: Viewer) -> Sequence[Due]:
    """Notices of projects whose days are over and that nobody has closed."""
    over = OVER(viewer.user, timezone.localdate(), role=viewer.role)
    if not over:
        return []
    first, name = over[0]
    text = f"如“{name}”。登记收到的异议和处理结果。"
    where = reverse("project", args=[first])
    return [Due(f"{len(over)} 份项目公示期满", where, "登记结束", text, "期满", "warn", Rank.SOON)]
