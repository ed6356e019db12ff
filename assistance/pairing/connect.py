"""What pairing declares: a column of the household list, what a helper may see, lists, menu, what is due."""

from collections.abc import Sequence

from django.urls import reverse

from assistance.pairing import selectors
from assistance.pairing.lists import LISTS
from assistance.pairing.matching.needs import needs_known, surveyed, wanted_of_episodes
from assistance.pairing.selectors import PAIRED, helpers_of, paired_households
from assistance.pairing.verbs import VERBS
from households.find.columns import add_column
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.kit.workbench import Due, Rank, Viewer, offer
from villages.rights import Right, Role
from villages.rights.scope import limit_role

MENU = (
    Entry(
        "assistance", "结对", "pairings", (Right.DASHBOARD_VIEW,), 40, also=("teams",),
        hint="谁帮扶哪一户，还缺谁；驻村队伍",
    ),
)  # fmt: skip


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)
def without_helper(viewer: Viewer) -> Sequence[Due]:
    """Households that must have a helper and have none."""
    count = selectors.gaps(viewer.user).filter(viewer.inside("village_id")).count()
    if not count:
        return []
    text = "没有脱贫的户和风险没有消除的监测对象，都应当有人帮扶。"
    return [Due(f"{count:,} 户还没有帮扶责任人", reverse("pairing-gaps"), "查看名单", text, rank=Rank.WORK)]


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    needs_known(wanted_of_episodes)
    needs_known(surveyed)
    add_column("helper", "帮扶责任人", helpers_of)
    limit_role(Role.HELPER, paired_households, PAIRED)
