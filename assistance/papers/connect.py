"""What papers declare: the section of the household page, the job, lists, menu, workbench, history, the public page."""

from typing import Any

from assistance.models import CorrectionRequest, HouseholdCard
from assistance.papers import board
from assistance.papers.cards import village_card
from assistance.papers.corrections.lists import LISTS
from assistance.papers.declared import PRINT
from assistance.papers.dossiers import WIDER
from assistance.papers.homes import follow
from assistance.papers.jobs import KINDS
from assistance.papers.own.shown import followed
from assistance.papers.section import section
from assistance.papers.verbs import HANDS, VERBS
from households.entry.declared import Section, add_section
from households.history.sources import add_source
from households.history.versions import Source
from households.procedures.notices.declaring import FOLLOWED
from households.register.turnover import on_turnover
from povreg.jobs.registry import register
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.kit.reach import declare_wider
from villages.places.cards import CARDS

MENU = (
    Entry("lists", "更正申请", "correction-requests", (PRINT,), 35, hint="农户说登记不对的，去答复"),
    Entry("households", "打印", "papers", (PRINT,), 38, hint="手册、登记卡、村登记表等，全村一次打印"),
)


def card_named(event: Any, _people: Any) -> str:
    return "查询码"


def request_named(event: Any, _people: Any) -> str:
    return "更正申请"


def connect() -> None:
    on_turnover(follow)
    declare_verbs(VERBS, HANDS)
    declare_lists(*LISTS)
    declare(*MENU)
    declare_wider(WIDER)
    add_section(Section("papers", "打印和查询码", section, right=PRINT), order=95)
    hidden = frozenset({"village", "code", "code_hash", "tries", "tried_on", "issued_by"})
    add_source(Source(HouseholdCard, subject=card_named, silent=hidden))
    sealed = frozenset({"village", "said", "phone", "tracking", "answered_by"})
    add_source(Source(CorrectionRequest, subject=request_named, silent=sealed))
    CARDS.add("papers", village_card)
    FOLLOWED.add("corrections", followed)
    for kind in KINDS:
        register(kind)
    board.offer_all()
