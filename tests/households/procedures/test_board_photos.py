"""A photo of the board proves when the list hung there, and is of no other notice."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from households.models import BoardPhoto, UnmaskLog
from households.procedures.engine import checks
from households.procedures.engine.errors import ProcedureError
from households.procedures.lists import attachments, boards, notices
from povreg.kit.photos import Taken, look_of, taken
from tests import factories
from tests.households.procedures.procedure_world import World

pytestmark = pytest.mark.django_db
EXIF, GPS = 0x8769, 0x8825


def board(seed=1, day=None, kind="JPEG", size=(640, 480), where=((31, 9, 51.5), (108, 23, 33.0))):
    """A photo of a board with a pattern of its own, and what a phone writes into it."""
    image = Image.new("RGB", size, (200, 190, 170))
    draw = ImageDraw.Draw(image)
    wide, high = size[0] // 6, size[1] // 5
    for column in range(6):
        for row in range(5):
            grey = (column * 7 + row * 13) * seed * 31 % 255
            draw.rectangle((column * wide, row * high, (column + 1) * wide, (row + 1) * high), fill=(grey, grey, grey))
    tags = image.getexif()
    if day:
        tags.get_ifd(EXIF)[0x9003] = f"{day:%Y:%m:%d} 09:30:00"
    if where:
        tags.get_ifd(GPS).update({1: "N", 2: where[0], 3: "E", 4: where[1]})
    out = io.BytesIO()
    image.save(out, kind, exif=tags)
    return ContentFile(out.getvalue(), name="board.jpg")


def noticed(world):
    """A list whose village notice is up."""
    batch = world.until(world.start(), "notice_1")
    with world.at():
        return batch, notices.post_notice(by=world.cadre, batch=batch, board="村委会公示栏")


def upload(world, batch, file, moment=""):
    with world.at():
        return attachments.attach_paper(by=world.cadre, batch=batch, kind="board_photo", file=file, moment=moment)


def missing(world, batch):
    batch.refresh_from_db()
    with world.at():
        return "".join(checks.papers(batch, batch.step))


def test_time_and_place_are_read_before_the_photo_is_written_anew():
    file = board(day=date(2020, 10, 13))
    said = taken(file.read())
    assert f"{said.at:%Y-%m-%d %H:%M}" == "2020-10-13 09:30" and said.position == "31.16431,108.39250"
    assert taken(b"no picture") == Taken()
    assert taken(board(where=None).read()) == Taken()


def test_pictures_alike_differ_in_few_bits_and_even_surfaces_say_nothing():
    one, small, other = board(3).read(), board(3, size=(320, 240)).read(), board(5).read()
    near = (look_of(one) ^ look_of(small)).bit_count()
    assert near <= boards.ALIKE < (look_of(one) ^ look_of(other)).bit_count()
    plain = io.BytesIO()
    Image.new("RGB", (60, 40), "grey").save(plain, "PNG")
    assert look_of(plain.getvalue()) is None


def test_a_notice_is_photographed_at_its_beginning_and_at_its_end():
    world = World()
    batch = world.until(world.start(), "notice_1")
    with pytest.raises(ProcedureError, match="请先张贴"):
        upload(world, batch, board())
    with world.at():
        notice = notices.post_notice(by=world.cadre, batch=batch, board="村委会公示栏")
    assert "张贴照片（张贴时）、张贴照片（期满时）" in missing(world, batch)
    with pytest.raises(ProcedureError, match="不在张贴期间"):
        upload(world, batch, board(day=world.day - timedelta(days=1)))
    paper = upload(world, batch, board(day=world.day))
    assert (paper.board.moment, paper.board.position) == ("start", "31.16431,108.39250")
    with paper.file.open() as kept, Image.open(kept) as image:
        assert not dict(image.getexif())
    assert "期满时" in missing(world, batch) and "张贴时" not in missing(world, batch)
    world.day = notice.ends_on + timedelta(days=1)
    with world.at(), pytest.raises(ProcedureError, match="期满时"):
        notices.close_notice(by=world.cadre, notice=notice)
    upload(world, batch, board(2, where=None))
    with world.at():
        notices.close_notice(by=world.cadre, notice=notice)
    last = BoardPhoto.objects.get(moment="end")
    assert boards.remarks(last) == ["照片没有拍摄时间", "没有位置"]


def test_the_same_photo_serves_no_other_notice_and_one_alike_is_told():
    world = World()
    _, first = noticed(world)
    upload(world, first.batch, board(5))
    other = World(0)
    other.village = factories.NEXT_VILLAGE
    factories.posting(other.cadre, "village_cadre", factories.NEXT_VILLAGE)
    other.households = [other.household(factories.NEXT_VILLAGE)]
    batch, _ = other.until(other.start_drafted(other.draft(village=factories.NEXT_VILLAGE)), "notice_1"), None
    with other.at():
        notices.post_notice(by=other.cadre, batch=batch, board="村委会公示栏")
    with pytest.raises(ProcedureError, match="已经用在另一份公示") as refused:
        upload(other, batch, board(5))
    assert str(first.batch.place) in str(refused.value)
    paper = upload(other, batch, board(5, size=(600, 450)))
    assert any("相似" in text for text in boards.remarks(paper.board))


def test_an_announcement_takes_its_photo_while_it_hangs(client, monkeypatch):
    world = World()
    batch = world.until(world.start(), "")
    notice = batch.notices.get(type="announcement")
    monkeypatch.setattr("households.procedures.engine.clock.today", lambda: world.day)
    client.force_login(world.xian)
    page = f"/procedures/notices/{notice.pk}/photos/"
    assert "还没有张贴照片" in client.get(page).content.decode()
    assert client.post(page, {"file": board(day=notice.posted_on)}).status_code == 302
    photo = notice.board_photos.get()
    shown = client.get(page).content.decode()
    assert "09:30" in shown and "31.16" not in shown
    where = f"{page}{photo.pk}/position/"
    assert "至少 4 个字" in client.post(where, {"reason": "看"}).content.decode()
    assert "31.16431,108.39250" in client.post(where, {"reason": "核对张贴地点"}).content.decode()
    assert UnmaskLog.objects.get().what == "张贴照片位置"
    world.day += timedelta(days=40)
    assert "已结束" in client.post(page, {"file": board(9)}).content.decode()
