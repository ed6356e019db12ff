"""What leads declare: verbs, lists, menu, what follows a recompute and a changed line, the household's history."""

from typing import Any

from households.eligibility.followers import after_verdicts
from households.entry.declared import Aside, add_aside
from households.history.sources import add_source
from households.history.versions import Source
from households.leads.income.services import line_changed
from households.leads.lists import LISTS
from households.leads.monitored import lists as monitored
from households.leads.monitored.clearing import clearance_card, leads_card
from households.leads.people import move_leads, move_tests
from households.leads.raising import follow
from households.leads.verbs import VERBS
from households.models import IncomeTest, Lead
from households.register.persons import declare_pointer
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, Quick, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right
from villages.standards.hooks import on_standard_change

MENU = (
    Entry("monitoring", "概况", "monitoring", (Right.LEAD_VIEW,), 10, hint="线索到了哪一步，哪些乡镇要过问"),
    Entry("monitoring", "监测对象", "monitored", (Right.LEAD_VIEW,), 20, hint="谁在监测，离风险消除还差什么"),
    Entry("monitoring", "线索", "leads", (Right.LEAD_VIEW,), 30, hint="登记、核实、办结"),
    Entry("monitoring", "风险消除", "clearing", (Right.DASHBOARD_VIEW,), 60, hint="各地多少户可以消除，还差什么"),
    Quick("登记线索", "听到、看到哪家有困难", "lead-new", (Right.LEAD_RAISE,), 10),
)


def lead_named(event: Any, _people: Any) -> str:
    return "线索"


def test_named(event: Any, _people: Any) -> str:
    return f"{event.asked_on:%Y年%m月}收入测算"


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS, *monitored.LISTS)
    add_aside(Aside("leads", "households/register/aside/leads.html", leads_card), order=6)
    add_aside(Aside("clearance", "households/register/aside/clearance.html", clearance_card), order=5)
    after_verdicts(follow)
    on_standard_change(line_changed)
    add_source(Source(Lead, subject=lead_named))
    declare_pointer("households.Lead.member", move_leads)
    declare_pointer("households.IncomeTest.member_ids", move_tests)
    add_source(Source(IncomeTest, subject=test_named))
