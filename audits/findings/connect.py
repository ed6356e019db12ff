"""What findings declare: verbs, lists, menu, workbench, the household's history."""

from typing import Any

from audits.findings import dues  # noqa: F401  offers what is due
from audits.findings.lists import LISTS
from audits.findings.selectors import address_of
from audits.findings.verbs import VERBS
from audits.models import Finding
from households.history.sources import add_source
from households.history.versions import Source
from households.register.persons import declare_pointer, move_rows
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.kit.ways import declare_way
from villages.rights import Right

VIEW = (Right.FINDING_VIEW,)
MENU = tuple(
    entry
    for domain in ("checks", "findings")
    for entry in (
        Entry(domain, "整改", "findings", VIEW, 20, hint="开出的问题：交办、报送、核实、销号"),
        Entry(domain, "轮次通报", "audit-rounds", VIEW, 60, hint="每一轮核查剔除、保留、补录多少户"),
        Entry(domain, "督查走访", "inspections", VIEW, 70, hint="督查组到了哪些村，看到什么"),
    )
)


def finding_named(event: Any, _people: Any) -> str:
    return f"问题“{event.title}”"


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    add_source(Source(Finding, subject=finding_named))
    declare_way("finding", address_of)
    declare_pointer("audits.Finding.member", move_rows(Finding))
