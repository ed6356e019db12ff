"""What visits declare: menu, lists, the section of the household page, history, the workbench."""

from typing import Any

from assistance.models import Visit
from assistance.visits import board, views
from assistance.visits.lists import LISTS
from assistance.visits.verbs import VERBS
from households.entry.declared import Section, add_section
from households.history.sources import add_source
from households.history.versions import Source
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, Quick, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

MENU = (
    Entry(
        "assistance", "走访", "visits-due", (Right.HOUSEHOLD_VIEW,), 50, inside="visits",
        also=("visits", "visits-progress"), hint="谁还没有走访，走访记录和进度",
    ),
    Entry("visits", "该走访的户", "visits-due", (Right.HOUSEHOLD_VIEW,), 10, hint="监测对象每月、其他户每季，谁还没走"),
    Entry("visits", "走访记录", "visits", (Right.HOUSEHOLD_VIEW,), 20, hint="谁去了哪家，看到什么"),
    Entry("visits", "走访进度", "visits-progress", (Right.DASHBOARD_VIEW,), 30, hint="各地应走、已走、逾期"),
    Quick("走访", "去了谁家，看到什么，签字", "visits-due", (Right.VISIT_LOG,), 5),
)  # fmt: skip


def named(event: Any, _people: Any) -> str:
    return f"{event.visited_on:%Y年%m月%d日}走访"


def connect() -> None:
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    declare(*MENU)
    add_section(Section("visits", "走访", views.section), order=72)
    add_source(Source(Visit, subject=named, silent=frozenset({"village", "signature", "lead", "problems", "at_home"})))
    board.offer_all()
