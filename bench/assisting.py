"""Workbooks of assistance at the size of a county's yearly lists: rows a second of each kind, checks and all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from django.utils import timezone

from assistance.books.importing import import_book
from assistance.books.layouts import ALL
from assistance.models import Measure, Visit, WorkSpell
from bench.measure import Figure, clocked
from bench.province import COUNTY
from households.models import Household, Member
from povreg.kit.reach import EVERYWHERE, reaching
from povreg.kit.scopes import within
from villages.models import User

ROWS = 5_000


def figures() -> list[Figure]:
    with reaching(EVERYWHERE), tempfile.TemporaryDirectory() as folder:
        return [taken("measures", measures(), Path(folder)), taken("jobs", jobs(), Path(folder)),
                taken("visits", visits(), Path(folder))]  # fmt: skip


def taken(code: str, rows: Iterable[dict[str, Any]], folder: Path) -> Figure:
    path = written(code, rows, folder / f"{code}.xlsx")
    by = User.objects.get(username="xian")
    seen: list[Any] = []
    seconds = clocked(lambda: seen.append(import_book(by=by, code=code, path=path)))
    outcome = seen[0]
    if outcome.created + outcome.unchanged != outcome.rows_read:
        raise RuntimeError(f"{code}: {outcome.rejects[0].message}")
    name = f"{ALL[code].label}: a workbook of {outcome.rows_read:,} rows taken over"
    return Figure(name, outcome.rows_read / seconds, "rows/s", detail={"seconds": seconds})


def written(code: str, rows: Iterable[dict[str, Any]], path: Path) -> Path:
    spec = ALL[code].sheets[0]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(spec.name)
    sheet.append([column.header for column in spec.listed])
    for row in rows:
        sheet.append([row.get(column.field) for column in spec.listed])
    book.save(path)
    return path


def homes() -> list[str]:
    rows = Household.objects.filter(within("village_id", COUNTY)).registered().filter(removed_on=None)
    return list(rows.order_by("pk").values_list("household_no", flat=True)[:ROWS])


def measures() -> Iterable[dict[str, Any]]:
    day = date(timezone.localdate().year, 2, 3)
    given = {"item": "110101", "delivered_on": day, "amount": 600, "quantity": 2, "source": "县级财政",
             "payer": "农业农村局"}  # fmt: skip
    Measure.objects.filter(item__code="110101", delivered_on=day).delete()
    return ({"household_no": number, **given} for number in homes())


def jobs() -> Iterable[dict[str, Any]]:
    free = Member.objects.present().filter(within("village_id", COUNTY), household__in_register=True)
    free = free.exclude(pk__in=WorkSpell.objects.values("member"))
    numbers = free.order_by("pk").values_list("person_no", flat=True)[:ROWS]
    since = date(timezone.localdate().year, 1, 5)
    return ({"person_no": number, "since": since, "where": "省外", "wage": 4200} for number in list(numbers))


def visits() -> Iterable[dict[str, Any]]:
    """By the one helper of the demonstration, in his township."""
    helper = User.objects.get(username="bangfu")
    place = str(helper.place_id)
    Visit.objects.filter(by=helper).delete()
    numbers = Household.objects.filter(within("village_id", place), removed_on=None).registered()
    day = date(timezone.localdate().year, 3, 4)
    for number in numbers.values_list("household_no", flat=True)[:ROWS]:
        yield {"household_no": number, "username": helper.username, "visited_on": day, "unsigned": "纸质记录已签字"}
