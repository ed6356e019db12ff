"""What samples declare: verbs, lists, menu, workbench, the household's history."""

from typing import Any

from audits.models import SampleCase
from audits.samples import dues  # noqa: F401  offers what is due
from audits.samples.lists import LISTS
from audits.samples.verbs import VERBS
from households.history.sources import add_source
from households.history.versions import Source
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

VIEW = (Right.SAMPLE_VIEW,)
MENU = (
    Entry("checks", "抽样", "samples", VIEW, 50, hint="按种子抽取入户核查的户，比例附区间"),
    Entry("samples", "抽查", "samples", VIEW, 10, hint="按种子抽取入户核查的户，比例附区间"),
    Entry("samples", "抽查户", "sample-cases", VIEW, 20, hint="还有哪些户没有核"),
)


def case_named(event: Any, _people: Any) -> str:
    return "抽查"


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    add_source(Source(SampleCase, subject=case_named))
