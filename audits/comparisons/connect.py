"""What comparisons declare: verbs, lists, menu, jobs."""

from audits.comparisons.jobs import COMPARISON
from audits.comparisons.lists import LISTS
from audits.comparisons.procedures import GUARDS, TELLER
from audits.comparisons.verbs import VERBS
from audits.models import ComparisonHit
from households.procedures.engine.compared import tell_comparisons
from households.procedures.engine.guards import register_guard
from households.register.persons import declare_pointer, move_rows
from povreg.jobs.registry import register
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

VIEW = (Right.COMPARE_VIEW,)
MENU = tuple(
    entry
    for domain in ("checks", "comparisons", "alerts")
    for entry in (
        Entry(domain, "部门比对", "audit-comparisons", VIEW, 30, also=("audit-hits",), hint="部门名单和登记的人对一对"),
        Entry(domain, "比对命中", "audit-hits", VIEW, 31, hint="谁在部门名单上，核实得怎么样"),
    )
)


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    register(COMPARISON)
    tell_comparisons(TELLER)
    for guard in GUARDS:
        register_guard(guard)
    declare_pointer("audits.ComparisonHit.member", move_rows(ComparisonHit))
