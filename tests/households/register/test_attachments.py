"""Files of a household: judged by their content, images without place and device, taken off but never deleted."""

import hashlib
import io
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from pikepdf import Dictionary, Encryption, Name, Pdf
from PIL import Image

from households.models import Attachment
from households.register import attachments
from tests import factories as make
from tests.pdfs import a_pdf
from villages.rights import Role

pytestmark = pytest.mark.django_db
PDF = a_pdf()
GPS_INFO, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


@pytest.fixture
def cadre():
    return make.posted(Role.VILLAGE_CADRE)


@pytest.fixture
def house(cadre):
    return make.household(members=1)


def picture(kind="JPEG", size=(60, 40), **exif):
    image = Image.new("RGB", size, (120, 80, 40))
    tags = image.getexif()
    tags[MAKE] = "Camera of somebody"
    tags.get_ifd(GPS_INFO)[1] = "N"
    for number, value in exif.items():
        tags[int(number[1:])] = value
    out = io.BytesIO()
    image.save(out, kind, exif=tags)
    return out.getvalue()


def add(by, house, content, name="房屋.jpg", **more):
    file = ContentFile(content, name)
    return attachments.add_attachment(by=by, household=house, year=2020, file=file, **{"kind": "01", **more})


@pytest.mark.parametrize(
    ("kind", "content_type", "suffix"),
    [("JPEG", "image/jpeg", ".jpg"), ("PNG", "image/png", ".png"), ("WEBP", "image/webp", ".webp")],
)
def test_an_image_is_kept_by_its_content_not_its_name(cadre, house, kind, content_type, suffix):
    row = add(cadre, house, picture(kind), name="王明海家.exe")
    assert (row.content_type, Path(row.file.name).suffix) == (content_type, suffix)
    assert "王明海" not in row.file.name and row.original_name == "王明海家.exe"
    assert (row.village_id, row.by, row.year) == (house.village_id, cadre, 2020)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_and_device_are_gone(cadre, house, kind):
    row = add(cadre, house, picture(kind))
    with Image.open(row.file) as kept:
        assert not dict(kept.getexif()) and "exif" not in kept.info


def test_a_photo_taken_sideways_stands_upright(cadre, house):
    with Image.open(add(cadre, house, picture(size=(60, 40), t274=6)).file) as kept:
        assert kept.size == (40, 60)


def test_a_huge_photo_is_scaled_down(cadre, house):
    with Image.open(add(cadre, house, picture(size=(4000, 200))).file) as kept:
        assert max(kept.size) == attachments.LONGEST_SIDE


def test_the_digest_is_of_what_is_kept(cadre, house):
    row = add(cadre, house, PDF, name="鉴定表.pdf", kind="02")
    assert row.content_type == "application/pdf"
    assert row.sha256 == hashlib.sha256(row.file.read()).hexdigest()
    assert row.size == row.file.size > 0


def test_a_pdf_loses_its_scripts(cadre, house):
    def rung(pdf):
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(31415926)")

    content = a_pdf(rung)
    row = add(cadre, house, content, name="鉴定表.pdf", kind="02")
    with Pdf.open(row.file) as kept:
        assert "/OpenAction" not in kept.Root and len(kept.pages) == 1
    with pytest.raises(ValidationError, match="已经上传过"):
        add(cadre, house, content, name="又一次.pdf", kind="02")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "空的"),
        (b"MZ\x90\x00 not a picture", "只能上传"),
        (b"<html><script>alert(1)</script></html>", "只能上传"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "只能上传"),
        (picture()[:300], "打不开"),
        (b"%PDF-1.4 cut off", "只能上传"),
        (b"%PDF-1.4 broken %%EOF", "PDF 文件打不开"),
        (a_pdf(encryption=Encryption(user="a", owner="b")), "去掉密码"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "打不开"),
        (b"%PDF-" + b"0" * attachments.LARGEST, "10 MB"),
    ],
    ids=[
        "empty",
        "program",
        "html",
        "svg",
        "cut image",
        "cut pdf",
        "broken pdf",
        "locked pdf",
        "broken png",
        "too large",
    ],
)
def test_what_is_not_kept_says_why(cadre, house, content, fault):
    with pytest.raises(ValidationError, match=fault):
        add(cadre, house, content)
    assert not Attachment.objects.exists()


def test_a_kind_is_needed(cadre, house):
    with pytest.raises(ValidationError, match="附件类别"):
        add(cadre, house, PDF, kind="")


def test_the_same_file_only_once(cadre, house):
    row = add(cadre, house, PDF)
    with pytest.raises(ValidationError, match="已经上传过"):
        add(cadre, house, PDF)
    attachments.remove_attachment(by=cadre, attachment=row, reason="传错了")
    assert add(cadre, house, PDF)


def test_taken_off_with_a_reason_and_kept(cadre, house):
    row = add(cadre, house, PDF)
    with pytest.raises(ValidationError, match="原因"):
        attachments.remove_attachment(by=cadre, attachment=row, reason="")
    gone = attachments.remove_attachment(by=cadre, attachment=row, reason="不是本户的")
    assert gone.removed_at and Path(gone.file.path).exists()
    event = gone.history.model.objects.filter(pgh_obj_id=gone.pk).latest("pgh_id")
    assert event.pgh_context.metadata["reason"] == "不是本户的"


@pytest.mark.parametrize("role", [Role.HELPER, Role.COUNTY_LEADER, Role.AUDITOR])
def test_who_only_reads_may_neither_add_nor_remove(cadre, house, role):
    row, reader = add(cadre, house, PDF), make.posted(role)
    with pytest.raises(PermissionDenied):
        add(reader, house, picture())
    with pytest.raises(PermissionDenied):
        attachments.remove_attachment(by=reader, attachment=row, reason="不要了")


def test_a_png_of_59_megapixels_is_refused_unread():
    out = io.BytesIO()
    Image.new("1", (9000, 6600)).save(out, "PNG")
    with pytest.raises(ValidationError, match="2500 万"):
        attachments.checked(ContentFile(out.getvalue(), name="a.png"))


def test_of_a_phones_two_images_the_first_is_kept():
    out = io.BytesIO()
    first, second = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")
    first.save(out, "MPO", save_all=True, append_images=[second])
    content, content_type = attachments.checked(ContentFile(out.getvalue(), name="a.jpg"))
    kept = Image.open(io.BytesIO(content))
    assert (content_type, kept.format, kept.getpixel((5, 5))[0] > 200) == ("image/jpeg", "JPEG", True)


def test_a_large_photo_is_shrunk_while_it_is_read():
    out = io.BytesIO()
    Image.new("RGB", (9000, 6000), "green").save(out, "JPEG")
    content, _ = attachments.checked(ContentFile(out.getvalue(), name="a.jpg"))
    assert Image.open(io.BytesIO(content)).size == (3000, 2000)
