"""What a sample leaves to be done, and what it says so far, on the workbench."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from audits.samples.results import Result, results_of
from audits.samples.selectors import OPEN_AT
from povreg.kit.workbench import Cell, Due, Listing, Viewer, offer
from villages.rights import Role


@offer(Role.AUDITOR, Role.COUNTY_OFFICER, Role.INSPECTOR)
def samples_to_see(viewer: Viewer) -> Sequence[Due | Listing]:
    """Samples that are being worked on: how far they are, and the rates with their intervals."""
    found: list[Due | Listing] = []
    for row in OPEN_AT(viewer.user, role=viewer.role):
        url = reverse("sample", args=[row.pk])
        left = row.wanted - row.seen
        if left:
            text = "入户核查，当场在手机上登记；也可以打印核查表。"
            found.append(
                Due(f"抽查“{row.name}”还有 {left} 户没有核", url, "去核查", text, done=row.seen, total=row.wanted)
            )
        if row.seen:
            cells = [result_cells(each, url) for each in results_of(row)]
            found.append(Listing(f"抽样：{row.name}", ("指标", "比例", "区间"), cells, f"已核 {row.seen} 户"))
    return found


def result_cells(each: Result, url: str) -> list[Cell]:
    if not each.answered:
        return [Cell(each.label, url), Cell("—"), Cell("还没有")]
    tone = {"no": "fail", "unsure": "warn"}.get(each.kept, "")
    return [
        Cell(each.label, url),
        Cell(percent(each.rate), tone=tone),
        Cell(f"{percent(each.low)}—{percent(each.high)}"),
    ]


def percent(share: float) -> str:
    return f"{100 * share:.1f}%"
