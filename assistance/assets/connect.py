"""What assets declare."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from assistance.assets import lists
from assistance.assets.verbs import VERBS
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.kit.workbench import Due, Rank, Viewer, offer
from villages.rights import Right, Role

MENU = Entry("funds", "项目资产", "assets", (Right.FUND_VIEW,), 50, hint="谁所有、谁经营、闲置和收益")


def url(standing: str) -> str:
    return f"{reverse('assets')}?{urlencode({'standing': standing})}"


@offer(Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, Role.DEPARTMENT_OFFICER)
def assets_due(viewer: Viewer) -> Sequence[Due]:
    """Assets that lie idle, and contracts that end."""
    idle, ending = lists.waiting(viewer.user, viewer.role).values()
    found = []
    if idle:
        found.append(
            Due(
                f"{idle} 项资产闲置", url("idle"), "查看资产", "写明盘活措施，或按程序处置。", "闲置", "warn", Rank.SOON
            )
        )
    if ending:
        text = "合同已到期或两个月内到期，请续签或另行安排。"
        found.append(Due(f"{ending} 项资产合同到期", url("ending"), "查看资产", text, rank=Rank.WORK))
    return found


def connect() -> None:
    declare(MENU)
    declare_verbs(VERBS)
    declare_lists(*lists.LISTS)
