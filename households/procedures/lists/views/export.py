"""The board's lists as a workbook, for who may export them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import FileResponse
from django.views.decorators.http import require_safe

from households.models.template import kind_label
from households.procedures.lists import selectors
from households.procedures.lists.board_sheet import write_board
from households.procedures.lists.views.board import (
    ALL,
    filters,
    order_of,
    place_name,
)
from povreg.kit.scopes import within_any
from povreg.kit.sheets.leaving import Leaving
from povreg.kit.views import require
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


@require(Right.EXPORT)  # type: ignore[arg-type]
@require_safe
def board_workbook(request: SignedInRequest) -> FileResponse:
    """The filtered table of the board, all pages of it, of the places where the person may export."""
    kind, year, place = filters(request)
    bucket = request.GET.get("bucket", ALL)
    bucket = bucket if bucket in selectors.BUCKETS else ""
    rows = selectors.batches(request.user, kind=kind, year=year, place=place, bucket=bucket)
    rows = rows.filter(within_any("place_id", request.user.places_with(Right.EXPORT)))  # type: ignore[union-attr]
    about = (
        ("表格", "名单与公示"),
        ("种类", kind_label(kind)),
        ("年度", year),
        ("地区", place_name(place) or "负责范围内全部"),
        ("阶段", selectors.BUCKETS.get(bucket, "全部")),
        ("导出人", request.user),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lists.xlsx"
        leaving = Leaving("batches", "名单与公示", request.user, place)
        write_board(path, selectors.table(rows, order_of(bucket)), about, leaving)
        name = f"名单与公示-{kind_label(kind)}-{year}.xlsx"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
