"""What partners, needs and offers declare."""

from typing import Any

from assistance.models import PartnerLink, Shareholding, SocialNeed
from assistance.partners import lists
from assistance.partners.homes import follow
from assistance.partners.shares import lists as shares
from assistance.partners.social import homes as needs, lists as social
from assistance.partners.verbs import VERBS
from households.history.sources import add_source
from households.history.versions import Source
from households.register.turnover import on_turnover
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

SEE = (Right.FUND_VIEW,)
MENU = (
    Entry("assistance", "需求对接", "social-needs", SEE, 70, inside="society",
          also=("social-offers", "partners", "shares"), hint="需求、意向、捐赠；带贫主体"),
    Entry("society", "需求", "social-needs", SEE, 10, hint="需要社会帮什么"),
    Entry("society", "意向和捐赠", "social-offers", SEE, 20, hint="谁愿意帮什么，落实了多少"),
    Entry("society", "带贫主体", "partners", SEE, 30, hint="合作社、企业带了哪些户"),
    Entry("society", "股份和分红", "shares", SEE, 50, hint="配股、脱贫转股、按股分红"),
    Entry("society", "带动的户", "partner-links", SEE, 40, hint="谁带谁、怎么带、给了多少钱"),
    Entry("funds", "带贫主体", "partners", (Right.FUND_VIEW,), 60, hint="合作社、企业带了哪些户"),
    Entry(
        "funds", "需求对接", "social-needs", (Right.FUND_VIEW,), 70, also=("social-offers",), hint="需求、意向、捐赠"
    ),
)  # fmt: skip


def share_named(event: Any, _people: Any) -> str:
    return "股份"


def named(event: Any, _people: Any) -> str:
    return "带动"


def need_named(event: Any, _people: Any) -> str:
    return f"帮扶需求“{event.title}”"


def connect() -> None:
    on_turnover(follow)
    on_turnover(needs.follow)
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*lists.LISTS, *social.LISTS, *shares.LISTS)
    add_source(Source(Shareholding, subject=share_named, silent=frozenset({"village", "link", "taken_from"})))
    add_source(Source(PartnerLink, subject=named))
    add_source(Source(SocialNeed, subject=need_named, silent=frozenset({"title"})))
