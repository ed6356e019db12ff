"""Reports: each cell is the number of the list behind it; sums are those of the list; the workbook is the page."""

import io
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from households.figures.dimensions import of_land, of_worksheet
from households.figures.joined import counted_people, joined_households
from households.figures.rows import narrow_households
from households.find.filters import codes_of, list_filters
from households.find.listing import households_list
from households.models import AnnualRecord, Assessment, Household
from households.standing.selectors import counts_for
from povreg.overview.reports.declared import BY_CODE, REPORTS
from tests import factories as make
from tests.households.figures import figure_world
from tests.households.figures.figure_world import OTHER, POOR
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = make.YEAR
CODES = [report.code for report in REPORTS]
SPLITS = [report.code for report in REPORTS if report.kind == "split"]


@pytest.fixture
def leader(client):
    account = make.posted(Role.COUNTY_LEADER)
    client.force_login(account)
    return account


@pytest.fixture
def world(leader):
    figure_world.fill()
    return leader


def look(client, code, place=make.COUNTY, **more):
    answer = client.get(f"/reports/{code}/", {"place": place, "year": YEAR, **more})
    assert answer.status_code == 200, code
    return answer.context["grid"]


def cells_of(grid):
    for line in (*grid.lines, grid.total):
        yield from (*line.cells, *([line.total] if line.total else []))


def counts_of(grid):
    """The cells that count households or people; the others are sums over the list behind them."""
    return [cell for cell in cells_of(grid) if cell.unit in ("户", "人")]


def behind(user, url):
    """The households of the list an address leads to."""
    asked = QueryDict(urlsplit(url).query)
    return households_list(user, list_filters(codes_of(asked)), int(asked["year"]))


class Lists:
    """How many rows the list behind an address holds; each address is asked once."""

    def __init__(self, client):
        self.client, self.known = client, {}

    def size(self, url):
        if url not in self.known:
            answer = self.client.get(url)
            assert answer.status_code == 200, url
            self.known[url] = answer.context["page"].count
        return self.known[url]


# Each cell and the list behind it.


@pytest.mark.slow
def test_every_cell_of_every_report_is_the_number_of_its_list(client, world):
    lists = Lists(client)
    for code in CODES:
        followed = 0
        for cell in counts_of(look(client, code)):
            if cell.url:
                assert lists.size(cell.url) == cell.value, (code, cell.url)
                followed += 1
            elif BY_CODE[code].kind == "split":
                assert cell.value == 0, (code, cell)
        assert followed > 1, code


@pytest.mark.parametrize("place", [make.TOWNSHIP, POOR])
@pytest.mark.parametrize("code", ["health", "cause", "entry", "cadres"])
def test_the_same_below_the_county(client, world, code, place):
    lists, grid = Lists(client), look(client, code, place)
    assert len(grid.lines) == 1
    for cell in counts_of(grid):
        assert not cell.url or lists.size(cell.url) == cell.value


@pytest.mark.parametrize(
    ("code", "rows"), [("health", "age"), ("age", "sex"), ("cause", "size"), ("other_cause", "exit_status"),
                       ("entry", "household_attr"), ("structure", "verdict"), ("land", "place")],
)  # fmt: skip
@pytest.mark.parametrize("filters", [{}, {"poor_village": "yes", "exit_status": "1"}])
def test_the_same_crosswise_and_narrowed(client, world, code, rows, filters):
    lists, grid = Lists(client), look(client, code, rows=rows, show="homes", **filters)
    assert grid.lines
    for cell in counts_of(grid):
        assert not cell.url or lists.size(cell.url) == cell.value, cell.url
        for dimension, bucket in filters.items():
            assert not cell.url or f"{dimension}.{bucket}" in parse_qs(urlsplit(cell.url).query)["figure"]


def test_rows_and_columns_add_up(client, world):
    for code in SPLITS:
        grid = look(client, code)
        whole = counted_people(world, YEAR) if BY_CODE[code].of == "person" else Household.objects.registered()
        assert grid.total.total.value == whole.count() == sum(line.total.value for line in grid.lines), code
        for number, cell in enumerate(grid.total.cells):
            assert cell.value == sum(line.cells[number].value for line in grid.lines), code
        for line in () if BY_CODE[code].dimension.many else (*grid.lines, grid.total):
            assert sum(cell.value for cell in line.cells) == line.total.value, code


def test_a_person_who_does_not_count_is_in_no_report(client, leader):
    row = make.household(members=2)
    assert look(client, "sex").total.total.value == 2
    row.members.filter(relation="03").update(left_on=f"{YEAR}-09-30", left_reason="01")
    assert look(client, "sex").total.total.value == 1
    Household.objects.filter(pk=row.pk).update(removed_on=f"{YEAR}-09-30")
    assert look(client, "sex").is_empty


# Sums.


def records():
    return AnnualRecord.objects.filter(year=YEAR, household__in=Household.objects.registered())


def test_income_is_the_sum_of_the_records(client, world):
    grid = look(client, "structure")
    rows = list(records())
    for line, name in zip(grid.lines, of_worksheet(), strict=True):
        homes, _share, amount, *_rest = line.cells
        values = [getattr(row, name) or Decimal(0) for row in rows]
        assert amount.value == sum(values), name
        assert homes.value == sum(value != 0 for value in values), name
    net = grid.total.cells[2].value
    earned = sum(line.cells[2].value for line in grid.lines[:-1])
    assert net == earned - grid.lines[-1].cells[2].value
    assert sum(line.cells[5].value for line in grid.lines[:-1]) == pytest.approx(Decimal(100), abs=Decimal("0.5"))


@pytest.mark.parametrize(("code", "labels"), [("structure", of_worksheet), ("land", of_land)])
def test_a_sum_is_that_of_the_list_behind_it(client, world, code, labels):
    for grid in (look(client, code, rows="place"), look(client, code, rows="exit_status", poor_village="no")):
        followed = 0
        for line in (*grid.lines, grid.total):
            for name, cell in zip(labels(), line.cells, strict=True):
                if cell.url:
                    listed = AnnualRecord.objects.filter(year=YEAR, household__in=behind(world, cell.url).values("pk"))
                    assert cell.value == sum(getattr(row, name) or 0 for row in listed), cell.url
                    followed += 1
                else:
                    assert cell.value == 0
        assert followed > 10


def test_averages_are_taken_over_who_has_a_worksheet(client, world):
    grid = look(client, "structure")
    known = narrow_households(Household.objects.registered(), ["worksheet.yes"], YEAR, world)
    people = sum(known.filter(assessments__year=YEAR).values_list("assessments__persons", flat=True))
    net, per_home, per_head = (cell.value for cell in grid.total.cells[2:5])
    assert grid.total.cells[0].value == known.count()
    assert (per_home, per_head) == (round(net / known.count(), 2), round(net / people, 2))


def test_land_of_a_place_is_that_of_its_households(client, world):
    grid = look(client, "land", rows="place", show="sum")
    for line, village in zip(grid.lines, (POOR, OTHER), strict=True):
        rows = records().filter(village_id=village) if len(grid.lines) == 2 else records()
        assert line.cells[0].value == sum(row.arable_mu or 0 for row in rows)


def test_entry_is_the_share_of_the_recorded_fields(client, world):
    grid = look(client, "entry")
    judged = [row for home in Household.objects.registered() for row in home.assessments.filter(year=YEAR)]
    share = Decimal(sum(row.filled for row in judged)) * 100 / sum(row.fields for row in judged)
    assert grid.total.cells[1].value == share.quantize(Decimal("0.1"))


# Village cadres.


def test_each_village_cadre_answers_for_his_village(client, world):
    for name in ("周成", "吴兰"):
        account = make.user(name=name)
        make.posting(account, Role.VILLAGE_CADRE, POOR)
    grid = look(client, "cadres")
    assert [(line.label, line.sub) for line in grid.lines] == [
        ("吴兰", "泉秀村"), ("周成", "泉秀村"), ("没有村干部账号", "甘泉村"),
    ]  # fmt: skip
    homes = Household.objects.registered()
    assert [line.cells[0].value for line in grid.lines] == [
        homes.filter(village_id=village).count() for village in (POOR, POOR, OTHER)
    ]
    assert grid.total.cells[0].value == homes.count()


def test_a_cadre_without_households_has_a_row_of_nothing(client, world):
    make.posting(make.user(name="周成"), Role.VILLAGE_CADRE, make.NEXT_VILLAGE)
    line = next(line for line in look(client, "cadres").lines if line.label == "周成")
    assert {cell.value for cell in line.cells} == {0, None}


# Page, chart and workbook.


def test_charts_show_what_the_table_says(client, world):
    answer = client.get("/reports/cause/", {"place": make.COUNTY, "year": YEAR})
    grid, [(_id, _title, data)] = answer.context["grid"], answer.context["charts"]
    assert data["series"][0]["values"] == [cell.value for cell in grid.total.cells]
    assert data["series"][0]["urls"] == [cell.url or None for cell in grid.total.cells]


def test_every_report_is_drawn(client, world):
    for code in CODES:
        answer = client.get(f"/reports/{code}/", {"place": make.COUNTY, "year": YEAR})
        assert answer.context["charts"], code
        text = answer.content.decode()
        assert BY_CODE[code].title in text
        assert f"统计{YEAR} 年在册" in text


def workbook(client, code, **more):
    answer = client.get(f"/reports/{code}/sheet/", {"place": make.COUNTY, "year": YEAR, **more})
    assert answer.status_code == 200, code
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_workbook_is_the_page(client, world):
    client.force_login(make.posted(Role.COUNTY_OFFICER))
    for code in CODES:
        grid, book = look(client, code, poor_village="yes"), workbook(client, code, poor_village="yes")
        heads, *found = book.worksheets[0].iter_rows(min_row=2, values_only=True)
        subs = ["行政村"] if any(line.sub for line in grid.lines) else []
        named = [f"{head.label}（{head.unit}）" for head in grid.heads]
        assert list(heads[: 1 + len(subs) + len(named)]) == [grid.head, *subs, *named], code
        assert len(found) == len(grid.lines) + 1
        for row, line in zip(found, (*grid.lines, grid.total), strict=True):
            cells = [cell.value for cell in (*line.cells, *([line.total] if line.total else []))]
            assert row[0] == line.label
            assert [None if cell is None else Decimal(str(cell)) for cell in row[1 + len(subs) :]] == cells, code


def test_the_workbook_says_what_it_is_of(client, world):
    client.force_login(make.posted(Role.COUNTY_OFFICER, name="周文静"))
    book = workbook(client, "age", poor_village="yes", rows="sex")
    about = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert about["筛选"] == "村类型：贫困村"
    assert (about["报表"], about["年度"], about["行"]) == ("年龄", str(YEAR), "性别")
    assert about["地区"] == f"开州区（{make.COUNTY}）"
    assert "9 月 30 日在户的人" in about["口径"]
    assert about["导出人"].startswith("周文静")
    assert about["数据行数"] == str(book.worksheets[0].max_row - 2)


# Where, and who may look.


def test_a_report_leads_a_level_down(client, world):
    line = look(client, "age").lines[0]
    below = client.get(line.url)
    assert below.context["place"].pk == make.TOWNSHIP
    village = client.get(below.context["grid"].lines[0].url)
    assert village.context["place"].pk == POOR
    assert village.context["grid"].lines[0].url == ""
    assert [crumb["label"] for crumb in village.context["crumbs"]] == ["开州区", "关面乡"]


@pytest.mark.parametrize(
    ("role", "code", "status"),
    [
        (Role.COUNTY_LEADER, make.COUNTY, 200),
        (Role.DEPARTMENT_OFFICER, make.COUNTY, 200),
        (Role.TOWNSHIP_OFFICER, make.TOWNSHIP, 200),
        (Role.TOWNSHIP_OFFICER, make.COUNTY, 404),
        (Role.TOWNSHIP_OFFICER, make.OTHER_TOWNSHIP, 404),
        (Role.VILLAGE_CADRE, make.VILLAGE, 200),
        (Role.VILLAGE_CADRE, make.NEXT_VILLAGE, 404),
        (Role.HELPER, make.VILLAGE, 403),
        (Role.ACCOUNTS_ADMIN, make.COUNTY, 403),
    ],
)
def test_reports_are_seen_inside_the_posting(client, role, code, status):
    make.household(members=1)
    make.place(make.NEXT_VILLAGE), make.place(make.OTHER_TOWNSHIP)
    client.force_login(make.posted(role, make.COUNTY if code == make.COUNTY and status != 404 else ""))
    assert client.get(f"/reports/age/?place={code}").status_code == status


def test_an_unknown_report_or_place_is_not_found(client, leader):
    assert client.get("/reports/nothing/").status_code == 404
    assert client.get("/reports/age/?place=500154999").status_code == 404
    assert client.get(f"/reports/age/?place={make.OTHER_COUNTY}").status_code == 404
    assert client.get("/reports/age/", {"place": f"{make.COUNTY}\x01"}).status_code == 404


def test_a_group_is_counted_with_its_village(client, leader):
    make.household(members=2)
    assert look(client, "age", f"{make.VILLAGE}003").total.total.value == 2


def test_what_an_address_says_wrongly_is_left_out(client, world):
    grid = look(client, "age", rows="nothing", verdict="x", exit_status="99", show="x")
    assert grid.total.total.value == look(client, "age").total.total.value


def test_a_leader_takes_the_workbook_away(client, leader):
    make.household(members=1)
    assert client.get(f"/reports/age/sheet/?place={make.COUNTY}").status_code == 200
    assert "导出表格" in client.get(f"/reports/age/?place={make.COUNTY}").content.decode()


def test_one_village_sees_only_itself(client, world):
    client.force_login(make.posted(Role.VILLAGE_CADRE))
    grid = client.get("/reports/cause/", {"year": YEAR}).context["grid"]
    assert [line.label for line in grid.lines] == ["泉秀村"]
    assert grid.total.total.value == Household.objects.registered().filter(village_id=POOR).count()


def test_a_year_without_records_counts_who_is_registered(client, world):
    grid = look(client, "house_grade", year=2016)
    assert [head.label for head in grid.heads][-1] == "未登记"
    assert grid.total.cells[-1].value == Household.objects.filter(counts_for(2016)).count()


# What it costs.


@pytest.mark.parametrize("code", ["age", "cause", "other_cause", "structure", "entry"])
def test_a_report_asks_as_often_for_many_places_as_for_few(client, leader, code, django_assert_max_num_queries):
    make.household(members=2)
    look(client, code)
    with django_assert_max_num_queries(12) as few:
        look(client, code)
    for number in range(3, 9):
        make.household(f"50015420{number}200", members=1)
    with django_assert_max_num_queries(12) as many:
        look(client, code)
    assert len(many) <= len(few)


def test_a_province_is_counted_once_in_ten_minutes(client):
    client.force_login(make.posted(Role.AUDITOR, "50"))
    make.household(members=2)
    first = look(client, "age", "50")
    make.household(members=2)
    again = look(client, "age", "50")
    assert again.total.total.value == first.total.total.value == 2
    assert again.at == first.at
    assert look(client, "age", make.COUNTY).total.total.value == 4
    assert "结果保留十分钟" in client.get("/reports/age/?place=50").content.decode()


def test_what_households_lack_stands_in_one_table(client, world):
    grid = look(client, "hardship")
    homes = joined_households(Household.objects.registered(), YEAR)
    heads = [head.label for head in grid.heads]
    whole = dict(zip(heads, (cell.value for cell in grid.total.cells), strict=True))
    assert whole["没有安全饮水"] == homes.filter(record__water_safe=False).count() > 0
    assert whole["住房D级"] == homes.filter(record__house_grade="D").count()
    assert whole["在册户"] == homes.count()
    assert grid.shares[-1] == "100.0%"


def test_households_and_people_stand_side_by_side(client, world):
    grid = look(client, "scale")
    homes, people = Household.objects.registered(), counted_people(world, YEAR)
    values = [cell.value for cell in grid.total.cells]
    assert values[:2] == [homes.count(), people.count()]
    assert values[2] == round(Decimal(people.count()) / homes.count(), 2)
    poor = Assessment.objects.filter(year=YEAR, counted=True, exit_status="0")
    assert values[3] == poor.count()
    assert values[4] == people.filter(lived__household__in=poor.values("household")).count()
    assert "/people/" in grid.total.cells[4].url
    assert look(client, "scale", rows="cause").head == "乡镇"
