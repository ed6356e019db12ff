"""What 分类管理 declares: verbs, lists, menu, its section of the household page, its part of the history."""

from typing import Any

from households.entry.declared import Section, add_section
from households.history.sources import add_source
from households.history.versions import Source
from households.models import Review, SupportDecision
from households.review.lists import LISTS
from households.review.verbs import VERBS
from households.review.views import review_section
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

MENU = (Entry("households", "分类管理", "reviews", (Right.HOUSEHOLD_VIEW,), 35, hint="脱贫户综合评估，退出或继续帮扶"),)


def review_named(event: Any, _people: Any) -> str:
    return f"{event.year}年综合评估"


def decision_named(event: Any, _people: Any) -> str:
    return f"分类管理决定“{event.document}”"


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    add_section(Section("review", "分类管理", review_section), order=75)
    add_source(Source(Review, subject=review_named))
    add_source(Source(SupportDecision, subject=decision_named))
