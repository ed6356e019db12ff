"""What measures declare: the section of the household page, menu, list, history, what they mean for verdicts."""

from typing import Any

from assistance.measures import board, selectors, views
from assistance.measures.homes import follow
from assistance.measures.lists import LISTS
from assistance.measures.people import move_measures
from assistance.measures.verbs import VERBS
from assistance.models import CatalogueItem, Measure
from households.eligibility.blockers import Blocker, register_blocker
from households.eligibility.clearing.conditions import count_delivered
from households.entry.declared import Section, add_section
from households.history.sources import add_source
from households.history.versions import Source
from households.register.persons import declare_pointer
from households.register.turnover import on_turnover
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, Quick, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

INNER = ("measures-summary", "entitled", "policy-coverage", "loans", "public-posts", "sites")
MENU = (
    Entry(
        "assistance", "措施", "measures", (Right.HOUSEHOLD_VIEW,), 30, inside="measures",
        also=INNER, hint="落实到户到人的措施，应享政策",
    ),
    Entry("measures", "措施", "measures", (Right.HOUSEHOLD_VIEW,), 10, hint="落实到户到人的措施，金额、凭据和成效"),
    Entry("measures", "措施汇总", "measures-summary", (Right.DASHBOARD_VIEW,), 12, hint="一年里各项措施多少户、多少钱"),
    Quick("登记措施", "谁家得到了什么、多少钱", "measure-whom", (Right.MEASURE_EDIT,), 15),
)  # fmt: skip
NO_MEASURE = Blocker(
    "no_measure",
    "当年没有帮扶措施",
    selectors.NONE_IN_YEAR,
    "当年没有落实帮扶措施，请落实后登记；已经落实的，请补登记。",
)


def named(event: Any, people: Any) -> str:
    who = people.get(event.member_id, "")
    return f"{who}的帮扶措施" if who else "帮扶措施"


def item_words(pk: Any) -> str:
    return str(CatalogueItem.objects.filter(pk=pk).first() or "")


def connect() -> None:
    on_turnover(follow)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    declare(*MENU)
    add_section(Section("measures", "帮扶措施", views.section), order=70)
    add_source(
        Source(
            Measure,
            subject=named,
            words=(("item", item_words),),
            silent=frozenset({"village", "entered_by", "evidence"}),
        )
    )
    declare_pointer("assistance.Measure.member", move_measures)
    count_delivered(selectors.DELIVERED)
    register_blocker(NO_MEASURE)
    board.offer_all()
