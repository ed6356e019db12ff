"""What partners, needs and offers declare."""

from typing import Any

from assistance.models import PartnerLink
from assistance.partners import lists
from assistance.partners.social import lists as social
from assistance.partners.verbs import VERBS
from households.history.sources import add_source
from households.history.versions import Source
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

MENU = (
    Entry("funds", "带贫主体", "partners", (Right.FUND_VIEW,), 60, hint="合作社、企业带了哪些户"),
    Entry(
        "funds", "需求对接", "social-needs", (Right.FUND_VIEW,), 70, also=("social-offers",), hint="需求、意向、捐赠"
    ),
)


def named(event: Any, _people: Any) -> str:
    return "带动"


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*lists.LISTS, *social.LISTS)
    add_source(Source(PartnerLink, subject=named))
