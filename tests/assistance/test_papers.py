"""Forms are printed from what was entered once; what a form would leave blank is what is missing."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from assistance.models import HouseholdCard
from assistance.papers import jobs, services
from assistance.papers.declared import FORMS, lacking, sheet_of
from assistance.papers.dossiers import read
from assistance.papers.parts import PARTS
from assistance.papers.village_forms import VILLAGE_FORMS
from households.entry.declared import SECTIONS
from households.models import Household
from households.procedures.papers.blocks import Facts, Grid, Text
from povreg.jobs.services import JobError, prepare, run_here
from povreg.proof.models import ExportRecord
from tests import factories as make
from tests.assistance import moneyed
from tests.factories_assistance import measure, plan, plan_line, visit
from villages.models import Place
from villages.rights import Role

pytestmark = pytest.mark.django_db
SITE = "https://example.test/"


def helped(members: int = 2, **facts: Any) -> Household:
    """A household with a helper, a plan, a measure, a visit and a record of this year."""
    year = timezone.localdate().year
    household = make.household(members=members, **facts)
    helper = make.posted(Role.HELPER, name="何帮扶")
    make.pairing(household, helper)
    make.cadre(user=helper, name="何帮扶", phone="13900001111", post="科员", place=make.place(make.COUNTY))
    drawn = plan(household, target_income=Decimal(15000))
    plan_line(drawn)
    measure(household, delivered_on=date(year, 5, 20))
    visit(household, helper, next_step="下月看饮水")
    make.annual_record(household, year)
    make.assessment(household, year)
    return household


@pytest.fixture
def cadre() -> Any:
    return make.posted(Role.VILLAGE_CADRE)


@pytest.fixture
def client_of(client: Client, cadre: Any) -> Client:
    client.force_login(cadre)
    return client


def text_of(blocks: Any) -> str:
    found = []
    for block in blocks:
        if isinstance(block, Text):
            found.append(block.text)
        elif isinstance(block, Facts):
            found += [each for pair in block.pairs for each in pair]
        elif isinstance(block, Grid):
            found += [*block.heads, *(each for row in block.rows for each in row)]
    return "\n".join(found)


def test_the_handbook_has_its_six_parts_with_what_was_entered() -> None:
    household = helped()
    sheet = sheet_of(FORMS["handbook"], read([household.pk], timezone.localdate().year)[0])
    said = text_of(sheet.blocks)
    parts = ["家庭基本情况", "致贫原因", "帮扶责任人", "帮扶计划", "帮扶措施", "帮扶成效"]
    assert [block.text[2:] for block in sheet.blocks if isinstance(block, Text) and block.style == "heading"] == parts
    for each in ("何帮扶", "13900001111", "600.00", "下月看饮水", "已落实", "15,000.00"):
        assert each in said
    head = household.members.heads().get()
    assert head.id_no not in said and f"{head.id_no[:6]}********{head.id_no[-4:]}" in said


@pytest.mark.parametrize(
    ("year", "monitored", "title"),
    [(2019, False, "扶贫手册"), (2026, False, "脱贫户帮扶手册"), (2026, True, "防止返贫监测帮扶手册")],
)
def test_the_book_is_called_by_its_era(year: int, monitored: bool, title: str) -> None:
    household = make.household(members=1)
    if monitored:
        make.restand(household, monitor_type="1", risks=["01"], risk_identified_on=date(2025, 1, 5), risk_cleared=False)
    assert sheet_of(FORMS["handbook"], read([household.pk], year)[0]).title == title


def test_what_is_missing_leads_to_a_section_that_is_there() -> None:
    assert {part.section for part in PARTS.values()} <= {"overview", *(code for code, _section in SECTIONS.items())}


def test_what_is_missing_is_what_would_be_blank() -> None:
    household = make.household(members=1)
    before = {each.section: each for each in lacking(FORMS["handbook"], read([household.pk], 2026)[0])}
    assert before["measures"].words == ("帮扶措施没有登记",)
    measure(household)
    after = {each.section for each in lacking(FORMS["handbook"], read([household.pk], 2026)[0])}
    assert "measures" not in after and "plan" in after


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_household_is_a_page_and_a_file(form: str, client_of: Client, cadre: Any) -> None:
    household = helped()
    make.restand(household, monitor_type="1", risks=["01"], risk_identified_on=date(2025, 1, 5), risk_cleared=False)
    services.issue_card(by=cadre, household=household)
    address = f"/households/{household.pk}/papers/{form}"
    page = client_of.get(f"{address}/")
    assert page.status_code == 200
    for part in FORMS[form].parts:
        assert part.title in page.content.decode() or len(FORMS[form].chapters) == 1
    answer = client_of.get(f"{address}.pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as file:
        assert len(file.pages) >= 1
    assert ExportRecord.objects.filter(kind=f"paper:{form}", by=cadre, unmasked=False).count() == 1


def test_a_form_can_be_changed_by_the_office(client_of: Client, cadre: Any) -> None:
    household = make.household(members=1)
    services.issue_card(by=cadre, household=household)
    answer = client_of.get(f"/households/{household.pk}/papers/card.docx")
    assert "登记卡" in "".join(each.text for each in Document(io.BytesIO(answer.content)).paragraphs)


@pytest.mark.parametrize("form", VILLAGE_FORMS)
def test_every_form_of_a_village_is_a_page_and_a_file(form: str, client_of: Client) -> None:
    household = helped()
    make.village_year(year=timezone.localdate().year)
    page = client_of.get(f"/papers/{make.VILLAGE}/{form}/").content.decode()
    said = {"register": "公共服务情况", "pairing": "何帮扶", "funds": "合计 0 笔", "roster": household.household_no}
    assert said[form] in page
    assert client_of.get(f"/papers/{make.VILLAGE}/{form}.pdf").content[:4] == b"%PDF"


def test_a_village_without_a_yearly_file_and_helpers_is_told_so(client_of: Client) -> None:
    make.household(members=1)
    page = client_of.get(f"/papers/?place={make.VILLAGE}").content.decode()
    assert "村情台账还没有建立" in page and "没有帮扶责任人" in page


def test_what_the_tables_of_money_and_households_would_leave_blank(client_of: Client) -> None:
    year = timezone.localdate().year
    household = helped(main_cause="", risks=[])
    moneyed.payment(household, paid_on=date(year, 3, 2))
    measure(household, delivered_on=date(year, 4, 1), amount=Decimal(700), source="county")
    xian, village = make.posted(Role.COUNTY_OFFICER), Place.objects.get(pk=make.VILLAGE)
    name = household.members.get(relation="01").name
    lacks = VILLAGE_FORMS["funds"].lacks(xian, village, year)
    assert f"第 1 行{name}：银行账户" in lacks
    assert [each for each in lacks if "没有对应的资金拨付" in each and "700.00" in each]
    assert VILLAGE_FORMS["roster"].lacks(xian, village, year) == [f"第 1 行{name}：致贫原因、风险"]
    Household.objects.filter(pk=household.pk).update(main_cause="01", bank_account="6222000011112222")
    assert VILLAGE_FORMS["roster"].lacks(xian, village, year) == []
    assert f"第 1 行{name}：银行账户" not in VILLAGE_FORMS["funds"].lacks(xian, village, year)


def test_a_village_is_read_in_as_many_statements_as_one_household() -> None:
    helped()
    with CaptureQueriesContext(connection) as one:
        read([Household.objects.get().pk], 2026)
    ids = [helped().pk for _ in range(3)]
    with CaptureQueriesContext(connection) as many:
        assert len(read(ids, 2026)) == 3
    assert len(many) <= len(one)


def job_of(cadre: Any, form: str) -> Any:
    params = {"form": form, "year": 2026, "site": SITE}
    return prepare(by=cadre, kind=jobs.KIND, title="全村", place_code=make.VILLAGE, params=params)


def test_a_whole_village_is_one_file_that_is_recorded(cadre: Any) -> None:
    for _ in range(3):
        helped()
    job = run_here(job_of(cadre, "card"))
    assert (job.report["expected"], job.report["done"], HouseholdCard.objects.valid().count()) == (3, 3, 3)
    with job.result_file.open() as content, pikepdf.open(io.BytesIO(content.read())) as file:
        assert len(file.pages) == 3
    assert ExportRecord.objects.filter(kind="paper:card").count() == 1


def test_very_many_households_are_several_files_in_one(cadre: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BOOK", 2)
    monkeypatch.setattr(jobs, "CHUNK", 1)
    for _ in range(3):
        make.household(members=1)
    job = run_here(job_of(cadre, "account"))
    with job.result_file.open() as content, zipfile.ZipFile(content) as held:
        assert held.namelist() == ["001.pdf", "002.pdf"]


def test_who_may_no_longer_print_there_gets_nothing() -> None:
    make.household(members=1)
    with pytest.raises(JobError, match="没有打印"):
        run_here(job_of(make.posted(Role.HELPER), "handbook"))
    with pytest.raises(PermissionDenied):
        village = Place.objects.get(pk=make.VILLAGE)
        stranger = make.posted(Role.VILLAGE_CADRE, make.NEXT_VILLAGE)
        jobs.launch_village(by=stranger, village=village, form=FORMS["card"], year=2026, site=SITE)
