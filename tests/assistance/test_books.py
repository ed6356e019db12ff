"""Workbooks of assistance: taken over sets through the verbs; the counts add up, a second time changes nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from assistance.books.importing import Outcome, import_book
from assistance.books.layouts import ALL
from assistance.models import Disbursement, Measure, Pairing, PairingLimit, Visit, WorkSpell
from households.models import Household
from tests import factories as make
from tests.assistance import moneyed
from tests.factories_assistance import survey
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db
HERE = Path(__file__).name


def written(code: str, rows: Sequence[dict[str, Any]], path: Path) -> Path:
    """A workbook of the layout with these rows, by field."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    columns = ALL[code].sheets[0].listed
    sheet.append([column.header for column in columns])
    for row in rows:
        sheet.append([row.get(column.field) for column in columns])
    book.save(path)
    return path


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    assert outcome.rows_read == outcome.created + outcome.unchanged + outcome.rejected
    return outcome.rows_read, outcome.created, outcome.unchanged, outcome.rejected


def of_measures(home: Household, helper: User) -> list[dict[str, Any]]:
    good = {"household_no": home.household_no, "item": "110101", "delivered_on": date(2026, 5, 1), "amount": 600,
            "source": "县级财政", "payer": "农业农村局"}  # fmt: skip
    return [good, {**good, "amount": 1000, "delivered_on": date(2026, 5, 2)}, {**good, "household_no": "5001549"},
            {**good, "item": "999999"}, {**good, "delivered_on": "五月"}]  # fmt: skip


def of_payments(home: Household, helper: User) -> list[dict[str, Any]]:
    row = moneyed.allocation("1000")
    good = {"project": row.project_id, "document": row.document, "household_no": home.household_no, "item": "奖补",
            "amount": 300, "paid_on": date(2026, 5, 1), "voucher": "凭1"}  # fmt: skip
    return [good, {**good, "item": "又一项", "amount": 701}, {**good, "document": "没有"}, {**good, "voucher": None},
            {**good, "household_no": "1"}]  # fmt: skip


def of_pairings(home: Household, helper: User) -> list[dict[str, Any]]:
    survey(home)
    good = {"household_no": home.household_no, "username": helper.username, "starts_on": date(2026, 5, 1)}
    return [good, {**good, "username": "nobody"}, {**good, "household_no": "1"}, {**good, "starts_on": None},
            {**good, "starts_on": date(2026, 6, 1)}]  # fmt: skip


def of_visits(home: Household, helper: User) -> list[dict[str, Any]]:
    good = {"household_no": home.household_no, "username": helper.username, "visited_on": date(2026, 5, 1),
            "answer.water": "没问题", "unsigned": "纸质记录已签字"}  # fmt: skip
    later = {**good, "visited_on": date(2026, 5, 2)}
    return [good, {**later, "answer.water": "有问题"}, {**later, "unsigned": None}, {**later, "username": "x"},
            {**later, "answer.water": "还行"}]  # fmt: skip


def of_jobs(home: Household, helper: User) -> list[dict[str, Any]]:
    one, two = home.members.order_by("pk")
    good = {"person_no": one.person_no, "since": date(2026, 3, 1), "where": "省外", "employer": "某厂", "wage": 4200}
    other = {**good, "person_no": two.person_no}
    return [good, {**good, "person_no": None}, {**good, "person_no": "1"}, {**other, "wage": 50},
            {**other, "where": "月球"}]  # fmt: skip


CASES: dict[str, tuple[Callable[[Household, User], list[dict[str, Any]]], Any]] = {
    "measures": (of_measures, Measure),
    "payments": (of_payments, Disbursement),
    "pairings": (of_pairings, Pairing),
    "visits": (of_visits, Visit),
    "jobs": (of_jobs, WorkSpell),
}


@pytest.mark.parametrize("code", sorted(CASES))
def test_one_good_row_and_four_that_are_told_why(code: str, tmp_path: Path) -> None:
    rows_of, model = CASES[code]
    xian, home = make.posted(Role.COUNTY_OFFICER), make.household(members=2)
    path = written(code, rows_of(home, make.posted(Role.HELPER)), tmp_path / "book.xlsx")
    before = model.objects.count()
    assert counts(import_book(by=xian, code=code, path=path, dry_run=True)) == (5, 1, 0, 4)
    assert model.objects.count() == before, "a check writes nothing"
    outcome = import_book(by=xian, code=code, path=path)
    assert counts(outcome) == (5, 1, 0, 4)
    assert [each.row for each in outcome.rejects] == [3, 4, 5, 6]
    assert all(each.message and each.code for each in outcome.rejects)
    assert model.objects.count() == before + 1
    assert counts(import_book(by=xian, code=code, path=path)) == (5, 0, 1, 4)
    assert model.objects.count() == before + 1


@pytest.mark.parametrize("code", ["measures", "visits", "jobs", "payments"])
def test_many_rows_take_as_many_statements_as_a_few(
    code: str, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    xian, helper = make.posted(Role.COUNTY_OFFICER), make.posted(Role.HELPER)
    good = dict(CASES[code][0](make.household(members=2), helper)[0])

    def rows(count: int) -> list[dict[str, Any]]:
        homes = [make.household(members=1) for _ in range(count)]
        if code == "jobs":
            return [{**good, "person_no": home.members.get().person_no} for home in homes]
        amount = 150 if code == "payments" else 300
        return [{**good, "household_no": home.household_no, "amount": amount} for home in homes]

    few, many = written(code, rows(2), tmp_path / "few.xlsx"), written(code, rows(3), tmp_path / "many.xlsx")
    with CaptureQueriesContext(connection) as asked:
        assert counts(import_book(by=xian, code=code, path=few)) == (2, 2, 0, 0)
    with django_assert_max_num_queries(len(asked)):
        assert counts(import_book(by=xian, code=code, path=many)) == (3, 3, 0, 0)


def test_the_same_row_twice_in_a_book_is_taken_once(tmp_path: Path) -> None:
    xian, home = make.posted(Role.COUNTY_OFFICER), make.household(members=1)
    good, wrong, *_rest = of_measures(home, make.posted(Role.HELPER))
    path = written("measures", [good, wrong, good, wrong], tmp_path / "b.xlsx")
    outcome = import_book(by=xian, code="measures", path=path)
    assert counts(outcome) == (4, 1, 1, 2)
    assert [each.row for each in outcome.rejects] == [3, 5]


def test_limits_count_over_the_rows_of_one_book(tmp_path: Path) -> None:
    """A household owes fifty thousand at most, a helper has so many households, an allocation is spent once."""
    xian, home, helper = make.posted(Role.COUNTY_OFFICER), make.household(members=1), make.posted(Role.HELPER)
    loan = {"household_no": home.household_no, "item": "110501", "amount": 30000, "ends_on": date(2028, 1, 1),
            "source": "金融机构", "payer": "农商行", "use": "种植"}  # fmt: skip
    rows = [{**loan, "delivered_on": date(2026, 2, day)} for day in (1, 2)]
    assert counts(import_book(by=xian, code="measures", path=written("measures", rows, tmp_path / "a.xlsx")))[1] == 1
    paid = of_payments(home, helper)[0]
    rows = [{**paid, "amount": 600, "item": item} for item in ("一季度", "二季度")]
    outcome = import_book(by=xian, code="payments", path=written("payments", rows, tmp_path / "b.xlsx"))
    assert counts(outcome)[1:] == (1, 0, 1) and "只剩 400.00 元" in outcome.rejects[0].message
    PairingLimit.objects.create(place=make.place(make.COUNTY), rank="一般干部", most=1)
    make.cadre(user=helper, rank="一般干部")
    homes = [make.household(members=1), make.household(members=1)]
    rows = [{"household_no": each.household_no, "username": helper.username, "starts_on": date(2026, 5, 1)}
            for each in homes]  # fmt: skip
    outcome = import_book(by=xian, code="pairings", path=written("pairings", rows, tmp_path / "c.xlsx"))
    assert counts(outcome)[1:] == (1, 0, 1) and "最多 1 户" in outcome.rejects[0].message


def test_the_visit_is_the_helpers_the_act_the_offices(tmp_path: Path) -> None:
    xian, home, helper = make.posted(Role.COUNTY_OFFICER), make.household(members=1), make.posted(Role.HELPER)
    import_book(by=xian, code="visits", path=written("visits", of_visits(home, helper)[:1], tmp_path / "b.xlsx"))
    assert Visit.objects.get().by == helper
    with pytest.raises(PermissionDenied):
        import_book(by=make.posted(Role.VILLAGE_CADRE), code="payments", path=tmp_path / "b.xlsx")


def test_from_the_template_to_the_rejected_rows_and_back(client: Client, tmp_path: Path) -> None:
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    home = make.household(members=1)
    template = b"".join(client.get("/assistance/books/measures/blank/").streaming_content)  # type: ignore[attr-defined]
    book = load_workbook(io.BytesIO(template))
    book["措施"].append(
        [home.household_no, None, "110101", "2026-05-01", None, 100, None, None, "县级财政", "农业农村局"]
    )
    out = io.BytesIO()
    book.save(out)

    def upload(content: bytes, **more: str) -> Any:
        file = SimpleUploadedFile("book.xlsx", content)
        return client.post("/assistance/books/measures/", {"file": file, **more})

    assert "标准是" in upload(out.getvalue(), checked="on").content.decode()
    back = b"".join(upload(out.getvalue(), rejects="1").streaming_content)
    book = load_workbook(io.BytesIO(back))
    sheet = book["措施"]
    reason = [cell.value for cell in sheet[1]].index("退回原因") + 1
    assert "标准是" in sheet.cell(2, reason).value
    sheet.cell(2, 6).value = 600
    out = io.BytesIO()
    book.save(out)
    assert "新增" in upload(out.getvalue()).content.decode()
    assert Measure.objects.get().amount == Decimal(600)
