"""What checks declare: verbs, lists, menu, jobs, a guard of the lists, what follows a save and a finding."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from audits.checks import dues  # noqa: F401  offers what is due
from audits.checks.catalogue import words_of
from audits.checks.jobs import CHECKS
from audits.checks.lists import LISTS
from audits.checks.selectors import OPEN
from audits.checks.services import blocking_rules, follow_finding, look_again
from audits.checks.verbs import VERBS
from audits.findings.services import when_ended
from audits.models import Doubt, Exemption
from households.history.sources import add_source
from households.history.versions import Source
from households.models import Member
from households.models.template import Kind
from households.procedures.engine.guards import register_guard
from households.procedures.engine.procedure import RowGuard
from households.register.after import after_change
from households.register.persons import declare_pointer, move_rows
from povreg.jobs.registry import register
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

VIEW = (Right.CHECK_VIEW,)
MENU = tuple(
    entry
    for domain in ("checks", "findings")
    for entry in (
        Entry(domain, "疑点", "doubts", VIEW, 10, hint="规则比出来的矛盾，要到户核实"),
        Entry(domain, "规则", "check-rules", VIEW, 50, hint="每条规则查什么，查出多少，准不准"),
        Entry(domain, "数据质量", "check-quality", VIEW, 55, hint="哪些乡镇、村、帮扶人的疑点多"),
    )
)
LISTS_OF = frozenset({Kind.IDENTIFICATION, Kind.EXIT, Kind.MONITOR_IN, Kind.MONITOR_OUT, Kind.RETURN})


def doubted(year: int) -> Q:
    """Whether the household has an open doubt that keeps it off the lists."""
    rows = Doubt.objects.filter(OPEN, household_id=OuterRef("household_id"), rule__in=blocking_rules())
    return Q(Exists(rows))


GUARD = RowGuard("doubts", doubted, "有必须先改正的疑点（见“核查”）", later=True, kinds=LISTS_OF)


def forget_doubts(kept: Member, double: Member) -> None:
    """Doubts are found anew for the one who is kept."""
    Doubt._base_manager.filter(member=double).delete()


def exemption_named(event: Any, _people: Any) -> str:
    return f"豁免“{words_of(event.rule)}”"


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    register(CHECKS)
    register_guard(GUARD)
    after_change(look_again)
    when_ended(follow_finding)
    declare_pointer("audits.Doubt.member", forget_doubts)
    declare_pointer("audits.Exemption.member", move_rows(Exemption))
    add_source(Source(Exemption, subject=exemption_named))
