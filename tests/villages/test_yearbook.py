"""The yearly file of a village: beginning, saving, copying, completeness, gaps, pages, sheet there and back."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from povreg.kit.stale import Conflict
from tests import factories
from tests.factories import NEXT_VILLAGE, TOWNSHIP, VILLAGE, place, posted
from villages.models import VillageYear
from villages.rights import Role
from villages.yearbook import selectors, services
from villages.yearbook.gaps import GAPS, gaps_of
from villages.yearbook.importing import import_years
from villages.yearbook.parts import ASKED, COPIED, FACTS, PARTS
from villages.yearbook.sheet import FACT_COLUMNS, SPEC, cells_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cadre() -> Any:
    return posted(Role.VILLAGE_CADRE)


@pytest.fixture
def officer() -> Any:
    return posted(Role.TOWNSHIP_OFFICER)


def start(by: Any, year: int = 2020, **more: Any) -> VillageYear:
    return services.start_year(by=by, village=place(VILLAGE), year=year, **more)


def test_every_fact_stands_in_one_part_and_one_column() -> None:
    own = {"id", "version", "updated_at", "village", "year"}
    assert sorted(FACTS) == sorted({field.name for field in VillageYear._meta.concrete_fields} - own)
    assert [column.field for column in FACT_COLUMNS] == list(FACTS)
    assert all(set(part.yearly | part.optional) <= set(part.facts) for part in PARTS)


def test_the_first_file_begins_with_what_the_village_page_holds(cadre: Any) -> None:
    factories.village_profile(VILLAGE, households=410, population=1600)
    row = start(cadre)
    assert (row.households, row.population, row.labour_force) == (410, 1600, None)


def test_a_copy_takes_what_seldom_changes_and_leaves_the_years_own_figures(cadre: Any) -> None:
    factories.village_year(year=2019, groups=7, hard_road=True, farmer_income=Decimal(9000), funds_central=Decimal(5))
    row = start(cadre, copy=True)
    assert (row.groups, row.hard_road, row.farmer_income, row.funds_central) == (7, True, None, None)
    assert {"farmer_income", "funds_central", "medical_insured", "houses_repaired"}.isdisjoint(COPIED)


@pytest.mark.parametrize(
    ("year", "copy", "field", "words"),
    [(2019, False, "year", "已有 2019 年"), (2100, False, "year", "至今年之间"), (2018, True, "copy", "没有更早年度")],
)
def test_a_file_that_cannot_be_begun_says_why(cadre: Any, year: int, copy: bool, field: str, words: str) -> None:
    factories.village_year(year=2019)
    with pytest.raises(ValidationError) as refusal:
        start(cadre, year=year, copy=copy)
    assert words in refusal.value.message_dict[field][0]


def test_only_villages_have_files_and_only_ones_own_are_kept(cadre: Any, officer: Any) -> None:
    with pytest.raises(ValidationError, match="不是现有的行政村"):
        services.start_year(by=officer, village=place(TOWNSHIP), year=2020)
    with pytest.raises(PermissionDenied):
        services.start_year(by=cadre, village=place(NEXT_VILLAGE), year=2020)
    with pytest.raises(PermissionDenied):
        services.save_facts(by=posted(Role.AUDITOR), row=factories.village_year(), version=1, facts={"groups": 3})
    services.start_year(by=officer, village=place(VILLAGE), year=2018)


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"population": 300}, "households", "总户数不能多于总人口（300）"),
        ({"dilapidated_households": 500}, "dilapidated_households", "危房户数不能多于总户数（410）"),
        ({"farmland": Decimal(10), "paddy": Decimal(11)}, "paddy", "水田面积（亩）不能多于耕地面积（亩）（10）"),
        ({"unpaved": Decimal(-1)}, "unpaved", "不能小于 0"),
        ({"groups": 3_000_000}, "groups", "请核对"),
    ],
)
def test_figures_that_cannot_be_are_refused_beside_the_field(
    cadre: Any, facts: dict[str, Any], field: str, words: str
) -> None:
    row = factories.village_year()
    with pytest.raises(ValidationError) as refusal:
        services.save_facts(by=cadre, row=row, version=1, facts=facts)
    assert words in refusal.value.message_dict[field][0]


def test_saving_is_versioned_and_told(cadre: Any) -> None:
    row = services.save_facts(by=cadre, row=start(cadre), version=1, facts={"groups": 6, "hard_road": False})
    assert row.version == 2
    with pytest.raises(Conflict):
        services.save_facts(by=cadre, row=row, version=1, facts={"groups": 9})
    change = selectors.changes_of(row)[0]
    assert (change.who, change.verb) == (str(cadre), "填报村情台账")
    assert change.facts == ("村民小组数：未填写 → 6", "到乡镇通沥青（水泥）路：未填写 → 否")


def test_nought_is_recorded_and_an_empty_box_is_not(cadre: Any) -> None:
    factories.village_year(workshops=0, main_income="", main_industry="柑橘")
    found = selectors.files(cadre).get()
    assert found.recorded == 4  # households, population, workshops, main industry
    assert found.recorded < len(ASKED)


def test_gaps_are_what_is_known_to_be_lacking(cadre: Any) -> None:
    factories.village_year(hard_road=False, bus=True, water_unsafe_households=2, clinics=0, physicians=0)
    assert gaps_of(selectors.files(cadre).get()) == ("未通沥青（水泥）路", "有户未实现饮水安全", "无标准化卫生室")


def test_the_report_counts_what_the_list_behind_it_holds(client: Any, officer: Any) -> None:
    factories.village_year(VILLAGE, bus=False, clinics=0)
    factories.village_year(NEXT_VILLAGE, bus=False)
    lines = {line.place.code: line for line in selectors.gap_lines(officer, place(TOWNSHIP), 2020)}
    at = [gap.code for gap in GAPS].index("bus")
    assert (lines[VILLAGE].files, lines[VILLAGE].lacking[at], lines[VILLAGE].missing) == (1, 1, 0)
    client.force_login(officer)
    page = client.get(f"/village-files/gaps/?place={TOWNSHIP}&year=2020").content.decode()
    behind = f"/village-files/?year=2020&amp;place={VILLAGE}&amp;gap=bus"
    assert behind in page
    shown = client.get(behind.replace("&amp;", "&")).context["list"].rows
    assert [each.row.village_id for each in shown] == [VILLAGE]


def test_a_file_is_begun_and_filled_in_part_by_part(client: Any, cadre: Any) -> None:
    client.force_login(cadre)
    begun = client.post(reverse("village-file-new", args=[VILLAGE]), {"year": "2020"})
    row = VillageYear.objects.get()
    assert begun.url == reverse("village-file", args=[row.pk])
    sent = {"version": "1", "hard_road": "true", "unpaved": "3.5", "bus": "false", "irrigated": "1,200"}
    answer = client.post(reverse("village-file-facilities", args=[row.pk]), sent, follow=True)
    row.refresh_from_db()
    assert (row.hard_road, row.bus, row.unpaved, row.irrigated) == (True, False, Decimal("3.50"), Decimal(1200))
    page = answer.content.decode()
    assert "短板：未通客运班车" in page
    assert "已填 4/9" in page
    wrong = client.post(reverse("village-file-facilities", args=[row.pk]), {"version": "2", "unpaved": "三"})
    assert wrong.status_code == 422 and "不是数字" in wrong.content.decode()
    assert "打开台账" in client.get(reverse("place", args=[VILLAGE])).content.decode()


def test_the_file_shows_last_year_and_the_village_page_beside_it(client: Any) -> None:
    factories.village_profile(VILLAGE, households=405)
    factories.village_year(year=2019, groups=5)
    row = factories.village_year(groups=6, collective_business=Decimal(3000), collective_other=Decimal(500))
    client.force_login(posted(Role.AUDITOR))
    page = client.get(reverse("village-file", args=[row.pk])).content.decode()
    assert "2019 年：5" in page
    assert "405（村基本情况）" in page and "3,500" in page
    assert reverse("village-file-basic", args=[row.pk]) not in page


def book(*rows: list[Any], headers: list[str] | None = None) -> BytesIO:
    workbook = openpyxl.Workbook()
    workbook.active.append(headers or [column.header for column in SPEC.columns])
    for row in rows:
        workbook.active.append(row)
    kept = BytesIO()
    workbook.save(kept)
    return kept


def saved(tmp_path: Path, *rows: list[Any], headers: list[str] | None = None) -> Path:
    path = tmp_path / "villages.xlsx"
    path.write_bytes(book(*rows, headers=headers).getvalue())
    return path


def test_what_is_downloaded_is_imported_unchanged(client: Any, officer: Any, tmp_path: Path) -> None:
    row = factories.village_year(hard_road=True, unpaved=Decimal("1.25"), main_industry="柑橘", farmland=Decimal(900))
    client.force_login(officer)
    answer = client.get("/village-files/sheet/?year=2020")
    path = tmp_path / "down.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    outcome = import_years(by=officer, path=path)
    assert outcome.rejects == []
    assert (outcome.unchanged, outcome.updated) == (1, 0)
    row.refresh_from_db()
    assert row.version == 1


def test_rows_are_taken_over_or_rejected_with_reason_and_the_counts_add_up(officer: Any, tmp_path: Path) -> None:
    headers = ["年度", "行政村", "村民小组数", "通客运班车", "总户数", "总人口", "备注"]
    names = [place(VILLAGE).name, place(NEXT_VILLAGE).name]
    path = saved(
        tmp_path,
        [2020, names[0], 6, "是", 400, 1600, "x"],
        [2020, names[1], "六", "", "", "", ""],
        [2020, "没有这个村", 1, "", "", "", ""],
        [2020, names[0], 6, "", "", "", ""],
        ["", names[1], 6, "", "", "", ""],
        [2019, names[1], 6, "", 500, 20, ""],
        headers=headers,
    )
    outcome = import_years(by=officer, path=path)
    assert (outcome.rows_read, outcome.created, outcome.rejected) == (6, 1, 5)
    assert outcome.rows_read == outcome.created + outcome.updated + outcome.unchanged + outcome.rejected
    codes = [(each.row, each.code) for each in outcome.rejects]
    assert codes == [(3, "bad_number"), (4, "unknown_place"), (5, "duplicate"), (6, "required"), (7, "check")]
    assert outcome.unknown == ["备注"]
    again = import_years(by=officer, path=path)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)
    assert VillageYear.objects.count() == 1


def test_the_import_page_says_what_became_of_each_row(client: Any, officer: Any) -> None:
    client.force_login(officer)
    upload = book(cells_of(place(VILLAGE), 2020, None), [2020, "500198000001", "", "外村"])
    upload.seek(0)
    upload.name = "villages.xlsx"  # type: ignore[attr-defined]
    page = client.post("/village-files/import/", {"file": upload})
    assert page.status_code == 200
    assert page.context["outcome"].created == 1
    assert "在您负责的范围内没有找到" in page.content.decode()
    broken = BytesIO(b"no workbook")
    broken.name = "x.xlsx"  # type: ignore[attr-defined]
    assert client.post("/village-files/import/", {"file": broken}).status_code == 422
