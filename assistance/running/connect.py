"""What is declared of loans, public posts and sites."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from assistance.models import PostMonth
from assistance.running.loans import lists as loans
from assistance.running.posts import lists as posts
from assistance.running.sites import lists as sites
from assistance.running.verbs import VERBS
from households.history.sources import add_source
from households.history.versions import Source
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.kit.workbench import Due, Rank, Viewer, offer
from villages.rights import Right, Role

MENU = (
    Entry("measures", "小额信贷", "loans", (Right.HOUSEHOLD_VIEW,), 40, hint="余额、到期、逾期、贴息、风险补偿金"),
    Entry("measures", "公益性岗位", "public-posts", (Right.HOUSEHOLD_VIEW,), 45, hint="谁在岗、协议、每月考勤"),
    Entry("measures", "安置点", "sites", (Right.LEAD_VIEW,), 50, hint="搬迁户、钥匙、旧房、就业"),
)


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)
def overdue(viewer: Viewer) -> Sequence[Due]:
    """Loans that were not paid back in time."""
    count = loans.LATE.count(viewer.user, timezone.localdate(), role=viewer.role)
    if not count:
        return []
    text = "上门了解原因，催收或按约定代偿；用错的登记发现的问题。"
    where = f"{reverse('loans')}?state={loans.OVERDUE}"
    return [Due(f"{count:,} 笔小额信贷逾期", where, "查看贷款", text, "逾期", "fail", Rank.OVERDUE)]


def month_named(event: Any, _people: Any) -> str:
    return f"{event.month:%Y年%m月}公岗考勤"


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*loans.LISTS, *posts.LISTS, *sites.LISTS)
    add_source(Source(PostMonth, subject=month_named, silent=frozenset({"village", "post"})))
