"""What policies declare: menu, lists, the section of the household page, history."""

from typing import Any

from assistance.models import NotServed
from assistance.policies import views
from assistance.policies.lists import LISTS
from assistance.policies.people import move_reasons
from assistance.policies.verbs import VERBS
from households.entry.declared import Section, add_section
from households.history.sources import add_source
from households.history.versions import Source
from households.register.persons import declare_pointer
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

MENU = (
    Entry("measures", "应享政策", "entitled", (Right.HOUSEHOLD_VIEW,), 30, hint="谁该享受什么政策，谁还没有"),
    Entry("measures", "政策覆盖", "policy-coverage", (Right.DASHBOARD_VIEW,), 35, hint="每项政策应享、已享多少"),
    Entry("rules", "政策库", "policies", (Right.STANDARD_VIEW,), 55, hint="政策、对象、标准、文件"),
)


def named(event: Any, people: Any) -> str:
    return f"{people.get(event.member_id, '')}{event.year}年未享受原因"


def connect() -> None:
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    declare(*MENU)
    add_section(Section("policies", "应享政策", views.section), order=71)
    add_source(Source(NotServed, subject=named, silent=frozenset({"village", "policy"})))
    declare_pointer("assistance.NotServed.member", move_reasons)
