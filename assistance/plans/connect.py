"""What plans declare: menu, lists, the section of the household page, history, the workbench."""

from typing import Any

from assistance.models import Plan, PlanLine
from assistance.needs.selectors import path_words
from assistance.plans import board, views
from assistance.plans.lists import LISTS
from assistance.plans.verbs import VERBS
from households.entry.declared import Section, add_section
from households.history.sources import add_source
from households.history.versions import Source
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

MENU = (
    Entry(
        "assistance",
        "一户一策",
        "plans",
        (Right.HOUSEHOLD_VIEW,),
        20,
        inside="plans",
        also=("income-models",),
        hint="每户每年的计划",
    ),
    Entry("plans", "一户一策", "plans", (Right.HOUSEHOLD_VIEW,), 20, hint="每户每年的计划和落实情况"),
    Entry("plans", "还没有计划的户", "plans-missing", (Right.HOUSEHOLD_VIEW,), 25, hint="该有一户一策还没有的"),
)


def named(event: Any, _people: Any) -> str:
    return f"{event.year}年帮扶计划"


def of_line(_event: Any, _people: Any) -> str:
    return "计划措施"


def connect() -> None:
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    declare(*MENU)
    add_section(Section("plan", "一户一策", views.section), order=68)
    silent = frozenset({"village", "survey", "drawn_by"})
    add_source(Source(Plan, subject=named, words=(("other_paths", path_words),), silent=silent))
    add_source(Source(PlanLine, subject=of_line, silent=frozenset({"village", "plan", "item"})))
    board.offer_all()
