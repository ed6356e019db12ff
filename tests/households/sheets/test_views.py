"""Sheets in the browser: upload, check, confirm once, rejects, columns by hand, export, and who may."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from households.models import Household, SheetImport, UnmaskLog
from households.sheets import services
from povreg.jobs import running, services as jobs
from povreg.jobs.models import Job
from povreg.kit.views import PAGE_SIZE
from tests import factories
from tests.households.sheets.sheetbooks import (
    cells_of,
    new_id,
    person,
    save,
)
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def worker(client, monkeypatch, django_capture_on_commit_callbacks):
    """Posting does what commits and a worker would do before the page that follows is opened."""
    sent = []
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: sent.append((name, args)))
    plain_post = client.post

    def post(path, data=None, follow=False):
        with django_capture_on_commit_callbacks(execute=True):
            response = plain_post(path, data or {})
        while sent:
            name, args = sent.pop(0)
            if name == "povreg.jobs.run":
                running.run(*args)
        return client.get(response.url) if follow and response.status_code == 302 else response

    monkeypatch.setattr(client, "post", post)


@pytest.fixture
def officer():
    factories.place(factories.VILLAGE)
    return factories.posted(Role.TOWNSHIP_OFFICER)


@pytest.fixture
def browser(client, officer):
    client.force_login(officer)
    return client


def upload(client, path, **fields):
    with path.open("rb") as content:
        return client.post(reverse("sheets"), {"file": content, "county": factories.COUNTY, **fields}, follow=True)


def page_of(response):
    return response.content.decode()


def test_upload_check_confirm_and_the_rejects_come_back(browser, officer, tmp_path):
    path = save(tmp_path / "名单.xlsx", {"名单": [person(), person(relation="之子", 民族="火星族") | {"星座": "牛"}]})
    response = upload(browser, path)
    sheet = SheetImport.objects.get()
    assert (sheet.status, sheet.layout, sheet.by) == ("checked", "roster-2022", officer)
    assert not Household.objects.exists()
    text = page_of(response)
    assert "不在可填的范围内" in text
    assert "未识别、已忽略的列：星座" in text
    assert "确认导入" in text
    assert str(sheet.file) not in text
    done = browser.post(reverse("sheet-confirm", args=[sheet.pk]), follow=True)
    sheet.refresh_from_db()
    assert (sheet.status, sheet.report["created"], sheet.report["rejected"]) == ("done", 1, 1)
    assert "改动的户" in page_of(done)
    assert Household.objects.get().members.count() == 1
    again = browser.post(reverse("sheet-confirm", args=[sheet.pk]), follow=True)
    assert "不能再这样做" in page_of(again)
    assert Job.objects.filter(kind=services.IMPORT).count() == 1
    answer = browser.get(reverse("sheet-rejects", args=[sheet.pk]))
    rejects = tmp_path / "rejects.xlsx"
    rejects.write_bytes(b"".join(answer.streaming_content))
    [row] = cells_of(rejects)
    save(rejects, {"名单": [row | {"民族": "汉族"}]})
    upload(browser, rejects)
    browser.post(reverse("sheet-confirm", args=[SheetImport.objects.latest("pk").pk]))
    assert Household.objects.get().members.count() == 2


def test_an_import_is_looked_at_and_taken_back(client, browser, officer, tmp_path):
    """Its households are listed, an auditor reads along and may not undo; whoever imported it does, with a reason."""
    answer = upload(browser, save(tmp_path / "a.xlsx", {"名单": [person(姓名="王明海")]}))
    sheet = SheetImport.objects.get()
    browser.post(reverse("sheet-confirm", args=[sheet.pk]), follow=True)
    assert Household.objects.count() == 1
    page = browser.get(reverse("sheet-households", args=[sheet.pk])).text
    assert all(text in page for text in ("王明海", "新登记", "撤销这次导入"))
    client.force_login(factories.posted(Role.AUDITOR))
    assert "撤销这次导入" not in client.get(reverse("sheet-households", args=[sheet.pk])).text
    assert client.post(reverse("sheet-undo", args=[sheet.pk]), {"reason": "拿错"}).status_code == 403
    client.force_login(officer)
    answer = browser.post(reverse("sheet-undo", args=[sheet.pk]), {"reason": "拿错了文件"}, follow=True)
    assert "撤销：1 户恢复到导入以前" in " ".join(answer.text.split())
    assert not Household.objects.exists()


def test_a_change_of_most_rows_is_written_only_by_who_says_that_he_looked(browser, tmp_path, monkeypatch):
    monkeypatch.setattr("households.sheets.changes.FEW", 1)
    rows = [person(f"H{at}") for at in range(3)]
    upload(browser, save(tmp_path / "a.xlsx", {"名单": rows}))
    browser.post(reverse("sheet-confirm", args=[SheetImport.objects.get().pk]), follow=True)
    page = upload(browser, save(tmp_path / "b.xlsx", {"名单": [row | {"致贫原因1": "因残"} for row in rows]}))
    sheet = SheetImport.objects.latest("pk")
    assert "已核对" in page_of(page)
    refused = browser.post(reverse("sheet-confirm", args=[sheet.pk]), follow=True)
    assert "改动的行超过一半" in page_of(refused)
    assert set(Household.objects.values_list("main_cause", flat=True)) == {"01"}
    browser.post(reverse("sheet-confirm", args=[sheet.pk]), {"sure": "1"}, follow=True)
    assert set(Household.objects.values_list("main_cause", flat=True)) == {"02"}


def test_the_same_file_is_recognised(browser, tmp_path):
    path = save(tmp_path / "a.xlsx", {"名单": [person()]})
    upload(browser, path)
    browser.post(reverse("sheet-confirm", args=[SheetImport.objects.get().pk]))
    assert "同一个文件" in page_of(upload(browser, path))


def test_rows_of_another_township_are_rejected_as_outside(browser, tmp_path):
    factories.place("500154202200", name="甘泉村村民委员会")
    rows = [person(), person("H9", **{"乡(镇)": "满月镇", "行政村": "甘泉村"})]
    text = page_of(upload(browser, save(tmp_path / "a.xlsx", {"名单": rows})))
    assert "不在您负责的范围内" in text
    assert SheetImport.objects.get().preview["created"] == 1


def test_columns_are_assigned_by_hand(browser, tmp_path):
    rows = [{{"证件号码": "公民号"}.get(name, name): cell for name, cell in person().items()}]
    response = upload(browser, save(tmp_path / "a.xlsx", {"名单": rows}), layout="roster-2022")
    sheet = SheetImport.objects.get()
    assert sheet.status == "uploaded"
    assert "缺少必须有的列：证件号码" in page_of(response)
    fields = {"header": ["公民号"], "column": ["证件号码"]}
    response = browser.post(reverse("sheet-columns", args=[sheet.pk]), fields, follow=True)
    sheet.refresh_from_db()
    assert (sheet.status, sheet.preview["created"]) == ("checked", 1)
    assert "手工指定" in page_of(response)
    browser.post(reverse("sheet-confirm", args=[sheet.pk]))
    assert Household.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "空的"), (b"name,id\n", "认不出"), (b"PK\x03\x04 broken", "不是能读的表格")],
)
def test_other_files_are_refused_and_not_kept(browser, content, message):
    file = SimpleUploadedFile("a.xlsx", content)
    response = browser.post(reverse("sheets"), {"file": file, "county": factories.COUNTY})
    assert response.status_code == 422
    assert message in page_of(response)
    assert not SheetImport.objects.exists()


def test_an_unknown_table_is_refused_with_the_way_out(browser, tmp_path):
    response = upload(browser, save(tmp_path / "a.xlsx", {"x": [{"地址": 1, "电话": 2}]}))
    assert response.status_code == 422
    assert "认不出" in page_of(response)


def test_a_large_file_is_refused(browser, tmp_path, monkeypatch):
    monkeypatch.setattr(services, "MOST_BYTES", 100)
    response = upload(browser, save(tmp_path / "a.xlsx", {"名单": [person()]}))
    assert "超过" in page_of(response)


def test_a_sheet_without_a_good_row_cannot_be_confirmed(browser, tmp_path):
    upload(browser, save(tmp_path / "a.xlsx", {"名单": [person(证件号码="1")]}))
    sheet = SheetImport.objects.get()
    response = browser.post(reverse("sheet-confirm", args=[sheet.pk]), follow=True)
    assert "没有可以导入的行" in page_of(response)
    browser.post(reverse("sheet-discard", args=[sheet.pk]))
    sheet.refresh_from_db()
    assert sheet.status == "cancelled"


def test_imports_are_seen_by_their_county_and_their_owner_only(client, browser, tmp_path):
    upload(browser, save(tmp_path / "a.xlsx", {"名单": [person()]}))
    page = reverse("sheet-import", args=[SheetImport.objects.get().pk])
    assert browser.get(page).status_code == 200
    for role, code, status in (
        (Role.COUNTY_OFFICER, factories.COUNTY, 200),
        (Role.TOWNSHIP_OFFICER, factories.OTHER_TOWNSHIP, 404),
        (Role.COUNTY_OFFICER, factories.OTHER_COUNTY, 404),
        (Role.VILLAGE_CADRE, factories.VILLAGE, 403),
    ):
        client.force_login(factories.posted(role, code))
        assert client.get(page).status_code == status


def test_a_village_cadre_exports_masked_and_cannot_import(client, tmp_path):
    of = factories.household(members=2)
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    assert upload(client, save(tmp_path / "a.xlsx", {"名单": [person()]})).status_code == 403
    assert "unmasked" not in page_of(client.get(reverse("sheet-export")))
    fields = {"layout": "roster-2022", "place": factories.VILLAGE, "unmasked": "on", "reason": "想看"}
    response = client.post(reverse("sheet-export"), fields, follow=True)
    job = Job.objects.get(kind=services.EXPORT)
    assert (job.status, job.report["done"]) == ("done", 2)
    assert "下载" in page_of(response)
    file = tmp_path / "out.xlsx"
    file.write_bytes(b"".join(client.get(reverse("job-result", args=[job.pk])).streaming_content))
    assert {row["证件号码"][6:14] for row in cells_of(file)} == {"********"}
    assert not UnmaskLog.objects.exists()
    assert of.members.count() == 2


def test_full_numbers_need_right_and_reason(browser, officer):
    factories.household(members=1)
    fields = {"layout": "roster-2022", "place": factories.TOWNSHIP, "unmasked": "on"}
    assert "写明理由" in page_of(browser.post(reverse("sheet-export"), fields))
    browser.post(reverse("sheet-export"), fields | {"reason": "与公安核对"})
    assert (UnmaskLog.objects.get().by, UnmaskLog.objects.get().rows) == (officer, 1)


def test_an_export_stays_inside_ones_places(browser):
    factories.place(factories.OTHER_TOWNSHIP)
    fields = {"layout": "roster-2022", "place": factories.OTHER_TOWNSHIP}
    response = browser.post(reverse("sheet-export"), fields)
    assert response.status_code == 422
    assert "负责范围内" in page_of(response)
    assert "年度" in page_of(browser.post(reverse("sheet-export"), {"layout": "annual", "place": factories.TOWNSHIP}))


def test_the_list_takes_few_queries(browser, officer, django_assert_max_num_queries):
    for _ in range(PAGE_SIZE + 5):
        factories.sheet_import(by=officer)
    browser.get(reverse("sheets"))  # the frame keeps the county's latest year for a minute
    with django_assert_max_num_queries(10):
        browser.get(reverse("sheets"))


def test_a_blank_template_is_sent(browser):
    response = browser.get(reverse("sheet-template", args=["annual"]))
    assert response.status_code == 200
    assert "filename" in response["Content-Disposition"]
    assert browser.get(reverse("sheet-template", args=["none"])).status_code == 404


def test_a_limit_lost_meanwhile_stops_the_import(browser, officer, tmp_path):
    upload(browser, save(tmp_path / "a.xlsx", {"名单": [person(证件号码=new_id())]}))
    officer.postings.all().delete()
    county = factories.posted(Role.COUNTY_OFFICER)
    browser.force_login(county)
    sheet = SheetImport.objects.get()
    browser.post(reverse("sheet-confirm", args=[sheet.pk]))
    assert Job.objects.get(kind=services.IMPORT).status == "failed"
    assert not Household.objects.exists()
    page = page_of(browser.get(reverse("sheet-import", args=[sheet.pk])))
    assert "已没有在本县导入的权限" in page
    assert "待确认" in page
    browser.post(reverse("sheet-discard", args=[sheet.pk]))
    sheet.refresh_from_db()
    assert sheet.status == "cancelled"


def test_a_cancelled_check_can_be_started_again(browser, tmp_path):
    upload(browser, save(tmp_path / "a.xlsx", {"名单": [person()]}))
    sheet = SheetImport.objects.get()
    SheetImport.objects.update(status="checking")
    Job.objects.update(status="running")
    again = reverse("sheet-columns", args=[sheet.pk])
    assert "不能再这样做" in page_of(browser.post(again, follow=True))
    Job.objects.update(status="cancelled")
    assert "失败" in page_of(browser.get(reverse("sheet-import", args=[sheet.pk])))
    browser.post(again)
    sheet.refresh_from_db()
    assert sheet.status == "checked"
