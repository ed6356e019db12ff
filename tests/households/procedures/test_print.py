"""Printed papers: the head's full name and nothing else personal; the same as .docx; a QR code to the public page."""

import io
import zipfile
from datetime import date

import pikepdf
import pytest
import segno
from django.core.files.base import ContentFile
from docx import Document
from docx.oxml.ns import qn

from households.procedures.lists import notices
from households.procedures.papers import declared as printing, posted
from households.procedures.papers.blocks import Facts, Grid, Paper, Qr, Sheet
from households.procedures.papers.bound import bound
from households.procedures.papers.docx import docx
from households.procedures.papers.forms import FORMS as EVERY
from households.procedures.papers.whole import HouseholdFile
from tests import factories
from tests.households.procedures.procedure_world import World
from villages.rights import Role

pytestmark = pytest.mark.django_db
HEAD, CHILD = "欧阳春秀", "欧阳小宝"
WITH_PEOPLE = ("survey",)
"""Forms of the inside of the office: they name who lives there, and how they are."""


@pytest.fixture
def world():
    found = World(households=2)
    head, child = found.households[0].members.order_by("person_no")
    for person, name in ((head, HEAD), (child, CHILD)):
        person.name, person.phone, person.health = name, "13911112222", "03"
        person.bank_account = "6228480400001234567"
        person.save()
    return found


@pytest.fixture
def notice(world):
    batch = world.until(world.start("exit-national"), "notice_1")
    with world.at():
        return notices.post_notice(by=world.cadre, batch=batch, board="村委会公示栏", hotline="02352221111")


def secrets(world) -> list[str]:
    numbers = [person.id_no for row in world.households for person in row.members.all()]
    return [*numbers, CHILD, "王小", "13911112222", "6228480400001234567", "大病"]


def docx_text(answer) -> str:
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_a_file_says_that_it_is_chinese():
    """Else a computer without its typeface takes another language's commas."""
    paper = Paper("表", "表", [Sheet("表", blocks=[Facts((("村", "小园村"),))])])
    styles = Document(io.BytesIO(docx(paper))).styles.element
    told = [each.get(qn("w:eastAsia")) for each in styles.iter(qn("w:lang"))]
    assert told and set(told) == {"zh-CN"}


def both(client, path: str) -> list[str]:
    page, file = client.get(f"{path}/"), client.get(f"{path}.docx")
    assert page.status_code == file.status_code == 200
    assert file.headers["Content-Type"].endswith("wordprocessingml.document")
    return [page.content.decode(), docx_text(file)]


def test_the_printed_notice_names_the_heads_in_full_and_nothing_else_personal(client, world, notice):
    client.force_login(world.cadre)
    for text in both(client, f"/procedures/notices/{notice.pk}/print"):
        for wanted in (
            "开州区关面乡泉秀村2020年脱贫退出公示（第一次）", HEAD, "王明海", "3组", "收入达标，保障落实",
            "以上共 2 户 4 人", "村委会公示栏", "02352221111、12317", "泉秀村村民委员会", "至2020年10月19日止",
        ):  # fmt: skip
            assert wanted in text
        assert [
            secret for secret in [*secrets(world), *(row.household_no for row in world.households)] if secret in text
        ] == []


def test_the_qr_code_leads_to_the_public_page(client, world, notice):
    client.force_login(world.cadre)
    address = f"http://testserver/gongshi/n/{notice.token}/"
    page = client.get(f"/procedures/notices/{notice.pk}/print/").content.decode()
    assert f'data-url="{address}"' in page
    assert segno.make(address, error="m").svg_inline(border=2, omitsize=True) in page
    (sheet,) = posted.notice_paper(notice, address).sheets
    assert [block.url for block in sheet.blocks if isinstance(block, Qr)] == [address]
    assert client.get(address).status_code == 200
    picture = Document(io.BytesIO(client.get(f"/procedures/notices/{notice.pk}/print.docx").content)).inline_shapes
    assert len(picture) == 1


def test_the_announcement_is_issued_by_the_county(client, world):
    batch = world.until(world.start("exit-national"), "announcement")
    with world.at():
        row = notices.announce(by=world.xian, batch=batch, board="县政府网站")
    client.force_login(world.xian)
    for text in both(client, f"/procedures/notices/{row.pk}/print"):
        assert "泉秀村2020年脱贫退出公告" in text and "县审定" in text and "开州区扶贫开发领导小组" in text
        assert "第一次" not in text and HEAD in text and "拟脱贫退出" not in text, (
            "what is decided is no longer planned"
        )


WANTED = {
    "application": ("脱贫退出申请书", "申请人签字（按手印）", "同意有关部门查询"),
    "survey": (
        "入户核查表",
        "调查人不少于两人",
        "户主签字（按手印）",
        "达标",
        "工资性收入",
        "住房面积",
        "耕地面积",
        "欧阳小宝",
    ),
    "income": ("收入测算确认表", "测算期", "是否计入"),
    "minutes": ("民主评议会议记录", "应到代表", "38 人", "30 人", "村委会会议室", "29", "通过"),
    "consent": ("拟退出贫困户认可表", "不认可的原因", "认可"),
    "approval": ("脱贫退出审批表", "村级意见（盖章）", "乡镇审核意见（盖章）", "县级审定意见（盖章）", "4 人"),
}


def test_every_form_says_what_it_is_for_with_the_head_and_no_number(client, world, notice):
    """Who lives there and how he is stands on the forms of the inside of the office only."""
    client.force_login(world.cadre)
    for form, wanted in WANTED.items():
        for text in both(client, f"/procedures/{notice.batch_id}/print/{form}"):
            assert HEAD in text and "王明海" in text
            assert [each for each in wanted if each not in text] == []
            inside = {CHILD, "王小", "大病"} if form in WITH_PEOPLE else set()
            assert [secret for secret in secrets(world) if secret in text and secret not in inside] == []


def test_the_whole_file_of_a_household_says_what_is_missing(client, world, notice):
    client.force_login(world.cadre)
    entry = notice.batch.entries.get(household=world.households[0])
    answer = client.get(f"/procedures/{notice.batch_id}/entries/{entry.pk}/file.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer)))
    names = archive.namelist()
    assert names[0] == "00-卷内目录.docx" and any("会议照片" in name for name in names)
    assert any("民主评议会议记录.docx" in name for name in names) and not any("县批复" in name for name in names)
    document = Document(io.BytesIO(archive.read(names[0])))
    rows = {row.cells[1].text: row.cells[3].text for row in document.tables[1].rows}
    assert rows["民主评议会议记录"] == "有" and rows["县批复"] == "未到"
    notice.batch.papers.filter(kind="minutes").update(removed_at=notice.at)
    entry.refresh_from_db()
    assert HouseholdFile(notice.batch, entry).missing == ["村“两委”组织民主评议 会议记录"]


def test_the_whole_file_is_bound_as_one_pdf_with_the_page_of_every_paper(client, world, notice):
    """Contents first; a picture fills a page as it was stored; a scan that is gone or broken is named and left out."""
    client.force_login(world.cadre)
    entry = notice.batch.entries.get(household=world.households[0])
    scans = list(notice.batch.papers.order_by("pk"))
    stored = [(paper.file.storage, paper.file.name) for paper in scans]
    answer = client.get(f"/procedures/{notice.batch_id}/entries/{entry.pk}/file.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(b"".join(answer))) as file:
        with file.open_outline() as outline:
            marks = {mark.title: file.pages.index(mark.destination[0]) for mark in outline.root}
        names = list(marks)
        assert names[0] == "卷内目录" and "民主评议会议记录" in names and f"{notice.step.label}名单" in names
        assert list(marks.values()) == sorted(set(marks.values())) and max(marks.values()) < len(file.pages)
        (storage, name), page = stored[0], file.pages[marks[f"{scans[0].step.label} {scans[0].get_kind_display()}"]]
        with storage.open(name) as kept:
            assert page.obj.Resources.XObject.Scan.read_raw_bytes() == kept.read()
    for storage, name in stored[:2]:
        storage.delete(name)
    storage.save(name, ContentFile(b"no picture"))
    whole = HouseholdFile(notice.batch, entry)
    bound(whole, lambda row: f"https://gongshi.example/{row.token}").close()
    told = {item.title: item.state for item in whole.items if item.title.startswith(scans[0].step.label)}
    assert sorted(told.values())[:2] == ["打不开", "缺"]


def test_papers_of_the_offices_say_only_what_is_true(client, world, notice):
    """In html and .docx alike: sign-in, authorisation, comparison, proof of the notice, reviews, decision, contents."""
    client.force_login(world.cadre)
    wanted = {
        "sign-in": "代表姓名", "authorisation": "签字（按手印）", "comparison": "还没有比对结果",
        "unopposed": "公示还没有结束", "township": "审核意见", "decision": "拟稿：县级还没有审定",
        "correction": "没有更正", "contents": "会议记录",
    }  # fmt: skip
    assert set(wanted) | set(WANTED) | {"village-exit"} == set(EVERY)
    for form, said in wanted.items():
        for text in both(client, f"/procedures/{notice.batch_id}/print/{form}"):
            assert said in text, form
            assert [secret for secret in secrets(world) if secret in text] == []


def test_who_is_of_age_on_the_day_of_the_application_signs(world):
    batch = world.draft("exit-national")
    child = world.households[0].members.order_by("person_no")[1]
    for born, signs in ((date(2002, 10, 13), [HEAD, ""]), (date(2002, 10, 12), [HEAD, CHILD, ""])):
        child.birth_date = born
        child.save()
        with world.at():
            sheets = EVERY["authorisation"][1](batch, printing.lines_of(batch))
        grids = [block for sheet in sheets for block in sheet.blocks if isinstance(block, Grid)]
        grid = next(block for block in grids if block.rows[0][1] == HEAD)
        assert [row[1] for row in grid.rows] == signs


def test_forms_before_anything_was_done_have_room_to_write(world):
    batch = world.draft("exit-national")
    (sheet,) = printing.form_paper(batch, "minutes", EVERY["minutes"]).sheets
    facts = next(block for block in sheet.blocks if isinstance(block, Facts))
    assert dict(facts.pairs)["会议地点"] == "" and dict(facts.pairs)["会议时间"] == printing.BLANK_DAY


def test_one_household_can_be_printed_alone(client, world, notice):
    client.force_login(world.cadre)
    entry = notice.batch.entries.get(household=world.households[0])
    text = client.get(f"/procedures/{notice.batch_id}/print/application/?entry={entry.pk}").content.decode()
    assert HEAD in text and "王明海" not in text


def test_an_unknown_form_is_not_found(client, world, notice):
    client.force_login(world.cadre)
    assert client.get(f"/procedures/{notice.batch_id}/print/receipt/").status_code == 404


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        (Role.COUNTY_LEADER, "", 200),
        (Role.ACCOUNTS_ADMIN, "", 403),
        (Role.VILLAGE_CADRE, factories.NEXT_VILLAGE, 404),
        (Role.COUNTY_OFFICER, factories.OTHER_COUNTY, 404),
    ],
)
def test_who_may_print(client, world, notice, role, place, status):
    client.force_login(factories.posted(role, place))
    for path in (f"/procedures/notices/{notice.pk}/print", f"/procedures/{notice.batch_id}/print/minutes"):
        assert [client.get(f"{path}/").status_code, client.get(f"{path}.docx").status_code] == [status, status]
