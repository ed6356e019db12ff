"""The logic checks of a village, asked for by the workbench after it is shown: they read every row of the village."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.cache import cache
from django.utils import timezone

from households.find.addresses import household_page
from households.register.findings import Checked, open_findings
from households.register.logic.rule import Severity
from povreg.kit.workbench import Cell, Listing, Viewer
from povreg.overview.workbench.entry import head_names
from villages.rights import Role

KEEP = 60  # seconds
ROWS = 8


def viewer_of(user: object, year: int) -> Viewer | None:
    """The person as village cadre; None for everybody else."""
    codes = tuple(code for role, code in user.postings_today() if role == Role.VILLAGE_CADRE)  # type: ignore[attr-defined]
    return Viewer(user, Role.VILLAGE_CADRE, codes, year) if codes else None


def checks(viewer: Viewer) -> Listing:
    """Households with errors or unconfirmed warnings, each leading to the section where they are answered."""
    key = f"checks:{viewer.user.pk}:{','.join(viewer.places)}:{viewer.year}:{timezone.localdate()}"
    found: Sequence[Checked] | None = cache.get(key)
    if found is None:
        found = open_findings(viewer.user, viewer.places, viewer.year)
        cache.set(key, found, KEEP)
    heads = head_names(each.household_id for each in found[:ROWS])
    rows = [row(viewer, each, heads) for each in found[:ROWS]]
    count = sum(len(each.findings) for each in found)
    sub = f"{len(found)} 户 {count} 条" + (f"，先列 {ROWS} 户" if len(found) > ROWS else "") if found else ""
    return Listing("逻辑检查", ("户主", "要核实的内容", "条数"), rows, sub, empty="没有发现前后矛盾的内容。")


def row(viewer: Viewer, checked: Checked, heads: dict[int, str]) -> list[Cell]:
    first = checked.findings[0]
    url = household_page(checked.household_id, viewer.year, first.section)
    tone = "fail" if first.severity is Severity.ERROR else ""
    return [
        Cell(heads.get(checked.household_id, "户主未登记"), url),
        Cell(first.message, tone=tone),
        Cell(len(checked.findings), number=True),
    ]
