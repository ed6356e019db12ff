"""Workbooks as offices made them: each file of the collection, and what must become of it (its README)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from households.models import Household, Member
from households.sheets.layouts import LAYOUTS
from households.sheets.outcome import Outcome
from povreg.kit.sheets.finding import Wishes
from povreg.kit.sheets.reader import SheetError
from tests import factories
from tests.conftest import SHARED
from tests.households.sheets.sheetbooks import codes, import_file
from villages.models import Place
from villages.places.services import rename_place

pytestmark = pytest.mark.django_db
FOLDER = SHARED / "cases" / "sheets"


@dataclass(frozen=True)
class Case:
    """``counts``: read, created, updated, unchanged, rejected. The lists hold (row, code)."""

    file: str
    counts: tuple[int, ...] = ()
    rejects: tuple[tuple[int, str], ...] = ()
    questions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    layout: str = "roster-2022"
    skipped: int = 0
    error: str = ""
    before: str = ""
    confirm: tuple[str, ...] = ()
    then: Callable[[Outcome], Any] = lambda outcome: None


def names() -> set[str]:
    return set(Member.objects.values_list("name", flat=True))


def of(name: str) -> Household:
    return Household.objects.get(members__name=name)


def nobody_is(*wrong: str) -> Callable[[Outcome], None]:
    def check(outcome: Outcome) -> None:
        assert not names() & set(wrong)

    return check


def all_found(outcome: Outcome) -> None:
    assert names() == {f"测试{each}" for each in "乙丙丁戊己庚"}
    assert Household.objects.filter(household_no="5001980009900006").count() == 1


def filled_down(outcome: Outcome) -> None:
    assert set(Household.objects.values_list("village__name", flat=True)) == {"永兴社区居民委员会"}
    assert {each.members.count() for each in Household.objects.all()} == {3}


def one_household(outcome: Outcome) -> None:
    assert Household.objects.get().members.count() == 2


def sheets_told(**told: tuple[bool, int]) -> Callable[[Outcome], None]:
    def check(outcome: Outcome) -> None:
        assert {each.name: (each.used, each.rows) for each in outcome.sheets} == told, outcome.sheets
        assert all(each.used or each.why for each in outcome.sheets)

    return check


def accounts(outcome: Outcome) -> None:
    assert of("银行丙").bank_account == "6228480478012345678"
    assert of("银行丙").phone == ""
    assert "15 位" in outcome.rejects[0].message


def kept_names(outcome: Outcome) -> None:
    assert of("错位甲").household_no == "5001980005500001"
    assert all("错位" in each.message for each in outcome.questions)


def newer_kept(outcome: Outcome) -> None:
    one = of("先后甲")
    older = outcome.counts.updated == 1
    expected = (date(2015, 6, 30), "03", "13800000001") if older else (date(2022, 6, 30), "01", "13800000009")
    assert (one.data_date, one.main_cause, one.phone) == expected


def all_columns(outcome: Outcome) -> None:
    assert outcome.unknown_columns == []
    assert set(Member.objects.values_list("work_months", flat=True)) == {6, None}


def not_calculated(outcome: Outcome) -> None:
    assert re.search("公式没有计算", outcome.rejects[0].message)


def incomes(outcome: Outcome) -> None:
    found = dict(Household.objects.values_list("members__name", "declared_income"))
    assert [found[f"测试甲{each}"] for each in "乂乃乄乇"] == [
        Decimal("5321.50"), Decimal("5321.50"), Decimal("5321.50"), Decimal("5300.00"),
    ]  # fmt: skip


def papers(outcome: Outcome) -> None:
    assert dict(Member.objects.values_list("name", "id_type")) == {
        "测试甲丶": "1", "测试乙丶": "2", "测试丙丶": "4", "测试丁丶": "5",
    }  # fmt: skip


def blanks(outcome: Outcome) -> None:
    assert set(Member.objects.values_list("education", "school_status", "work_months")) == {("", "", None)}
    assert set(Household.objects.values_list("main_cause", "monitor_type")) == {("", "")}
    assert not Household.objects.filter(risk_cleared=True).exists()


def relations(outcome: Outcome) -> None:
    assert (
        sorted(Member.objects.values_list("relation", flat=True)) == ["01"] * 2 + ["02"] * 2 + ["03"] * 2 + ["04"] * 2
    )


def hidden_told(outcome: Outcome) -> None:
    assert [each.hidden for each in outcome.sheets] == [2]
    assert any("隐藏" in each.message for each in outcome.warnings)


CASES = (
    Case("b01-id-as-number.xlsx", (3, 0, 0, 0, 3), tuple((row, "id_as_number") for row in (2, 3, 4))),
    Case("b02-invisible.xlsx", (6, 6, 0, 0, 0), then=all_found),
    Case("b03-merged.xlsx", (2, 2, 0, 0, 0), then=one_household),
    Case(
        "b04-errors.xlsx", (6, 0, 0, 0, 6), tuple((row, "error_value") for row in range(2, 8)), then=nobody_is("#N/A")
    ),
    Case("b06-decimal-month.xlsx", (5, 4, 0, 0, 1), ((5, "bad_date"),), ("month_zero",)),
    Case(
        "b07-sheet-per-village.xlsx", (3, 3, 0, 0, 0),
        then=sheets_told(泉秀村=(True, 1), 青蒿村=(True, 1), 小园村=(True, 1)),
    ),
    Case("b17-hidden-sheet.xlsx", (1, 1, 0, 0, 0), then=sheets_told(已脱贫人口名单=(False, 0), 最新=(True, 1))),
    Case(
        "b19-bank-as-number.xlsx", (6, 2, 0, 0, 4),
        ((2, "id_as_number"), (3, "id_as_number"), (6, "bad_number"), (7, "id_as_number")), (), ("two_phones",),
        "roster-2016", then=accounts,
    ),
    Case("b22-certificate-twice.xlsx", (4, 2, 0, 0, 2), ((3, "duplicate_person"), (5, "duplicate_person"))),
    Case("b25-renamed-village.xlsx", (2, 2, 0, 0, 0)),
    Case("b26b-names-swapped.xlsx", (2, 0, 0, 2, 0), (), ("name_differs",) * 2, before="b26a-before.xlsx",
         then=kept_names),
    Case("b26b-names-swapped.xlsx", (2, 0, 2, 0, 0), before="b26a-before.xlsx", confirm=("name_differs",),
         warnings=("name_differs",) * 2),
    Case("b27b-older-roster.xlsx", (1, 0, 0, 1, 0), (), ("older_data",), before="b27a-newer-roster.xlsx",
         then=newer_kept),
    Case("b27b-older-roster.xlsx", (1, 0, 1, 0, 0), before="b27a-newer-roster.xlsx", confirm=("older_data",),
         warnings=("older_data",), then=newer_kept),
    Case("s03_title_unit_blank_header4.xlsx", (6, 6, 0, 0, 0), then=filled_down),
    Case("s04_two_row_header.xlsx", (6, 6, 0, 0, 0), then=filled_down),
    Case("s05_totals_signature.xlsx", (6, 6, 0, 0, 0), skipped=2),
    Case("s06_hidden_filter.xlsx", (6, 6, 0, 0, 0), warnings=("hidden_rows",), then=hidden_told),
    Case("s07_header_noise.xlsx", (6, 6, 0, 0, 0), then=all_columns),
    Case("s08_id_as_number.xlsx", (6, 0, 0, 0, 6), tuple((row, "id_as_number") for row in range(2, 8))),
    Case("s11_formula_no_cache.xlsx", (3, 0, 0, 0, 3), tuple((row, "error_value") for row in (2, 3, 4)),
         then=not_calculated),
    Case("s12_merged_household.xlsx", (6, 6, 0, 0, 0), then=filled_down),
    Case("s13_biff.xls", (3, 3, 0, 0, 0)),
    Case("s14_gbk.csv", (3, 3, 0, 0, 0)),
    Case("s14b_utf8bom.csv", (3, 3, 0, 0, 0)),
    Case("s16_password.xlsx", error="密码"),
    Case("s18b_two_roster_sheets.xlsx", (9, 9, 0, 0, 0), then=sheets_told(汉丰街道=(True, 3), 文峰街道=(True, 6))),
    Case("s20b_helper_name_first.xlsx", (3, 0, 0, 0, 3), tuple((row, "required") for row in (2, 3, 4)),
         ("two_columns",) * 2, then=nobody_is("帮扶人王五")),
    Case("s20b_helper_name_first.xlsx", (3, 3, 0, 0, 0), confirm=("two_columns",), then=nobody_is("帮扶人王五")),
    Case("s21_apostrophe_nbsp_zwsp.xlsx", (3, 3, 0, 0, 0), then=filled_down),
    Case("s23_certificate_passport.xlsx", (4, 4, 0, 0, 0), then=papers),
    Case("s31_slash_as_blank.xlsx", (3, 3, 0, 0, 0), then=blanks),
    Case("s45_income_text.xlsx", (6, 4, 0, 0, 2), ((5, "bad_number"), (6, "bad_number")), then=incomes),
    Case("s47_label_spellings.xlsx", (8, 8, 0, 0, 0), then=relations),
    Case("s51_future_dates.xlsx", (3, 0, 0, 0, 3), tuple((row, "bad_date") for row in (2, 3, 4)), (), ("check",)),
    Case("s52_silly_names.xlsx", (3, 0, 0, 0, 3), tuple((row, "check") for row in (2, 3, 4))),
)  # fmt: skip


@pytest.fixture(scope="module")
def county(module_db):
    for code, name in (
        (factories.VILLAGE, "泉秀村村民委员会"), (factories.NEXT_VILLAGE, "小园村村民委员会"),
        ("500154201202", "青蒿村村民委员会"), ("500154201203", "火焰村村民委员会"), ("500154001", "汉丰街道"),
        ("500154001002", "永兴社区居民委员会"),
    ):  # fmt: skip
        place = factories.place(code, name=name)
        Place.objects.filter(pk=place.pk).update(name=name)
    officer = factories.posted(factories.Role.COUNTY_OFFICER)
    rename_place(
        by=officer, place="500154201203", name="火焰山村村民委员会", on=date(2021, 3, 1), document="民〔2021〕3号"
    )


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the collection of workbooks is not at {FOLDER}")
@pytest.mark.parametrize("case", CASES, ids=lambda case: "+".join((case.file, *case.confirm)))
def test_a_workbook_as_it_came(case, county):
    if case.before:
        assert import_file(FOLDER / case.before).rejects == []
    wishes = Wishes(confirmed=frozenset(case.confirm))
    if case.error:
        with pytest.raises(SheetError, match=case.error):
            import_file(FOLDER / case.file, case.layout, wishes=wishes)
        return
    outcome = import_file(FOLDER / case.file, case.layout, wishes=wishes)
    counts = outcome.counts
    assert codes(outcome) == list(case.rejects), [each.message for each in outcome.rejects]
    read = (counts.rows_read, counts.created, counts.updated, counts.unchanged, counts.rejected)
    assert read == case.counts
    assert tuple(each.code for each in outcome.questions) == case.questions
    told = {each.code for each in outcome.warnings}
    assert set(case.warnings) <= told <= {*case.warnings, "member_count", "check"}
    assert sum(len(each.skipped) for each in outcome.sheets) == case.skipped
    assert outcome.report()["skipped"] == case.skipped
    case.then(outcome)
    again = import_file(FOLDER / case.file, case.layout, wishes=wishes)
    assert again.counts.created == 0


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the collection of workbooks is not at {FOLDER}")
def test_every_file_is_asked_about():
    asked = {case.file for case in CASES} | {case.before for case in CASES}
    assert {path.name for path in FOLDER.iterdir()} <= asked
    assert LAYOUTS
