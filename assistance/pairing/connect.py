"""What pairing declares: a column of the household list, what a helper may see, lists, menu, what is due."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from assistance.pairing import selectors
from assistance.pairing.homes import follow
from assistance.pairing.lists import LISTS
from assistance.pairing.matching.needs import needs_known, surveyed, wanted_of_episodes
from assistance.pairing.selectors import PAIRED, helpers_of, paired_households
from assistance.pairing.verbs import VERBS
from households.find.columns import add_column
from households.register.turnover import on_turnover
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.kit.workbench import Due, Rank, Viewer, offer
from villages.rights import Right, Role
from villages.rights.scope import limit_role

SEE = (Right.DASHBOARD_VIEW,)
MENU = (
    Entry("assistance", "结对", "pairings", SEE, 40, inside="pairing", also=("support-units",),
          hint="谁帮扶哪一户，还缺谁"),
    Entry("assistance", "驻村队伍", "teams", SEE, 80, hint="每村的工作队、第一书记、在村天数"),
    Entry("pairing", "结对", "pairings", SEE, 10, hint="谁帮扶哪一户"),
    Entry("pairing", "没有帮扶责任人的户", "pairing-gaps", (Right.HOUSEHOLD_VIEW,), 20, hint="应当有人帮扶的缺口"),
    Entry("pairing", "结对建议", "pairing-proposals", (Right.PAIRING_EDIT,), 30, hint="按需求、路程算出来的"),
    Entry("pairing", "户数上限", "pairing-limits", (Right.PAIRING_EDIT,), 40, hint="各级干部最多帮扶几户"),
    Entry("pairing", "单位帮扶分布", "support-units", SEE, 50, hint="哪些村几个单位重叠，哪些村没有"),
)  # fmt: skip


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)
def without_helper(viewer: Viewer) -> Sequence[Due]:
    """Households that must have a helper and have none."""
    count = selectors.GAPS.count(viewer.user, timezone.localdate(), role=viewer.role)
    if not count:
        return []
    text = "没有脱贫的户和风险没有消除的监测对象，都应当有人帮扶。"
    return [Due(f"{count:,} 户还没有帮扶责任人", reverse("pairing-gaps"), "查看名单", text, rank=Rank.WORK)]


def connect() -> None:
    on_turnover(follow)
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    needs_known(wanted_of_episodes)
    needs_known(surveyed)
    add_column("helper", "帮扶责任人", helpers_of)
    limit_role(Role.HELPER, paired_households, PAIRED)
