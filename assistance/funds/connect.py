"""What projects and funds declare."""

from typing import Any

from assistance.funds import desk  # noqa: F401  offers to the workbenches
from assistance.funds.ledger import lists as ledger
from assistance.funds.notices import lists as notices
from assistance.funds.notices.objecting import followed
from assistance.funds.notices.selectors import posted_at
from assistance.funds.projects import lists as projects
from assistance.funds.section import money_section
from assistance.funds.verbs import VERBS
from assistance.models import ProjectBeneficiary
from households.entry.declared import Section, add_section
from households.history.sources import add_source
from households.history.versions import Source
from households.procedures.notices.declaring import FOLLOWED
from households.procedures.notices.more import MORE
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

NEIGHBOURS = ("funds", "disbursements", "assets", "project-objections", "fund-spread")
SEE = (Right.FUND_VIEW,)
MENU = (
    Entry(
        "assistance", "项目与资金", "projects", SEE, 60, also=NEIGHBOURS, inside="funds",
        hint="项目库、资金来源、拨付、各地资金",
    ),
    Entry("funds", "项目库", "projects", SEE, 10, hint="从申报到验收"),
    Entry("funds", "公示异议", "project-objections", SEE, 15, hint="群众对项目公示的意见和答复"),
    Entry("funds", "资金来源", "funds", SEE, 20, hint="到账、安排和结余"),
    Entry("funds", "资金拨付", "disbursements", SEE, 30, hint="每一笔拨给谁"),
    Entry("funds", "各地资金", "fund-spread", SEE, 40, hint="各乡镇、各村和人均"),
)  # fmt: skip


def gain_named(event: Any, _people: Any) -> str:
    return "项目受益"


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*projects.LISTS, *ledger.LISTS, *notices.LISTS)
    add_section(Section("money", "资金", money_section), order=76)
    add_source(Source(ProjectBeneficiary, subject=gain_named))
    FOLLOWED.add("project-objections", followed)
    MORE.add("projects", posted_at)
