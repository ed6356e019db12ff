"""What the county office sets through the pages: a template's next version, and when functions are open."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from households.models import Batch, ProcedureTemplate, SeasonWindow
from households.procedures.engine import templates
from tests import factories
from tests.households.procedures.procedure_world import YEAR, World
from villages.models import Place
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def template(db) -> ProcedureTemplate:
    factories.place(factories.COUNTY)
    return ProcedureTemplate.objects.get(code="exit-national", place=None)


def typed(client: Any, template: ProcedureTemplate, **changes: Any) -> dict[str, Any]:
    """What the form holds, with changes by field or by step code and field (``notice_1.days``)."""
    form = client.get(f"/procedures/templates/{template.pk}/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else value for name, value in shown.items()}
    pks = dict(template.steps.values_list("code", "pk"))
    for name, value in changes.items():
        code, _, field = name.partition(".")
        values[f"{field}-{pks[code]}" if field else name] = value
    return values


def test_the_county_makes_its_own_version(client, template):
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    form = typed(
        client, template, source="开州办发〔2020〕1号", **{"notice_1.days": "10", "notice_1.label": "村内公示"}
    )
    answer = client.post(f"/procedures/templates/{template.pk}/", form)
    fresh = ProcedureTemplate.objects.get(place=factories.COUNTY)
    assert answer.status_code == 302 and answer.url == f"/procedures/templates/{fresh.pk}/"
    step = fresh.steps.get(code="notice_1")
    assert (fresh.version, fresh.source, step.days, step.label) == (1, "开州办发〔2020〕1号", 10, "村内公示")
    assert "村内公示" in client.get(answer.url).content.decode()
    assert "开州区" in client.get("/procedures/templates/").content.decode()
    assert not fresh.is_active and templates.template_for("exit", factories.VILLAGE) == template, "not before its trial"
    client.post(f"/procedures/templates/{fresh.pk}/activate/")
    assert templates.template_for("exit", factories.VILLAGE) == fresh
    client.post(f"/procedures/templates/{fresh.pk}/retire/")
    fresh.refresh_from_db()
    assert not fresh.is_active


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"notice_1.days": "3"}, "不得少于 7"),
        ({"appraisal.quorum": "1/3"}, "到会比例不得低于法定的三分之二"),
        ({"notice_1.days": "多"}, "不是整数"),
        ({"source": ""}, "请填写依据"),
    ],
)
def test_a_version_below_the_minimum_is_refused_and_kept_on_the_page(client, template, changes, said):
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    form = typed(client, template, name="本县退出程序", **changes)
    answer = client.post(f"/procedures/templates/{template.pk}/", form)
    assert answer.status_code == 422
    assert said in answer.content.decode() and 'value="本县退出程序"' in answer.content.decode()
    assert not ProcedureTemplate.objects.filter(place=factories.COUNTY).exists()


def test_templates_are_read_by_all_and_revised_by_the_county(client, template):
    for role, wanted in ((Role.VILLAGE_CADRE, 403), (Role.TOWNSHIP_OFFICER, 403), (Role.COUNTY_LEADER, 403)):
        client.force_login(factories.posted(role))
        page = client.get(f"/procedures/templates/{template.pk}/")
        assert page.status_code == 200 and page.context["form"] is None
        assert client.post(f"/procedures/templates/{template.pk}/").status_code == wanted


WINDOW = {
    "function": "drafting", "kind": "exit", "place": factories.COUNTY, "opens_on": "2020-10-01",
    "closes_on": "20201231", "reason": "年度动态调整通知",
}  # fmt: skip


def test_a_window_is_opened_and_withdrawn(client, template):
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    assert client.post("/procedures/windows/", WINDOW).status_code == 302
    row = SeasonWindow.objects.get()
    assert (row.opens_on, row.closes_on, row.kind) == (date(2020, 10, 1), date(2020, 12, 31), "exit")
    assert "年度动态调整通知" in client.get("/procedures/windows/").content.decode()
    assert client.post(f"/procedures/windows/{row.pk}/withdraw/").status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert "已撤销" in client.get("/procedures/windows/").content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"closes_on": "2020-09-01"}, "关闭日期早于开放日期"),
        ({"reason": ""}, "请填写依据"),
        ({"place": factories.OTHER_COUNTY}, "请选择您负责范围内的地区"),
    ],
)
def test_a_window_that_cannot_be_is_refused(client, template, changes, said):
    factories.place(factories.OTHER_COUNTY)
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    answer = client.post("/procedures/windows/", {**WINDOW, **changes})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not SeasonWindow.objects.exists()


def workbook(client: Any, query: str = "") -> tuple[Any, list[list[Any]]]:
    """The answer and the rows of the board's workbook."""
    answer = client.get(f"/procedures/export/?kind=exit&year={YEAR}{query}")
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return book, [list(row) for row in book["名单"].iter_rows(values_only=True)]


def test_the_board_is_exported_as_it_is_filtered():
    world = World(households=2)
    world.start()
    Place.objects.filter(pk=factories.VILLAGE).update(short_name="=1+1")
    client = Client()
    client.force_login(world.xian)
    page = client.get(f"/procedures/?kind=exit&year={YEAR}&bucket=all").content.decode()
    assert f"/procedures/export/?kind=exit&amp;year={YEAR}&amp;bucket=all" in page
    book, (header, row) = workbook(client)
    told = dict(zip(header, row, strict=True))
    assert (told["村代码"], told["户数"], told["人数"], told["状态"]) == (factories.VILLAGE, 2, 4, "办理中")
    cell = book["名单"].cell(2, header.index("村") + 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert not any("王" in str(value) for value in row)
    assert workbook(client, f"&place={factories.NEXT_VILLAGE}")[1] == [header]


def test_the_board_is_exported_by_who_may_and_of_his_own_place():
    World(households=1).start()
    client = Client()
    client.force_login(factories.posted(Role.COUNTY_LEADER))
    assert client.get("/procedures/export/").status_code == 403
    assert "导出表格" not in client.get(f"/procedures/?kind=exit&year={YEAR}&bucket=all").content.decode()
    client.force_login(factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE))
    assert len(workbook(client)[1]) == 1  # the heading alone


def test_a_longer_board_asks_no_more_questions_when_exported():
    world = World(households=1)
    world.start()
    client = Client()
    client.force_login(world.xian)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            workbook(client)
        return len(found)

    asked()  # what is kept between requests is fetched here
    few = asked()
    for code in (factories.NEXT_VILLAGE, f"{factories.TOWNSHIP}230"):
        row = Batch.objects.get(place_id=factories.VILLAGE)
        row.pk, row.place = None, factories.place(code)
        row.save()
    assert asked() == few
