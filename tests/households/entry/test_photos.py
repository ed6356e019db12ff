"""Photos as phones make them: several at once, two pictures in one file, HEIC; position and device stay behind."""

from __future__ import annotations

from io import BytesIO

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db
GPS, MAKE = 0x8825, 0x010F


@pytest.fixture
def household(client):
    client.force_login(factories.posted(Role.VILLAGE_CADRE))
    return factories.household(members=1)


def drawn(kind, colour="white", **more):
    data = BytesIO()
    exif = Image.Exif()
    exif[MAKE] = "Phone"
    exif.get_ifd(GPS)[1] = "N"
    Image.new("RGB", (60, 40), colour).save(data, kind, exif=exif, **more)
    return data.getvalue()


def upload(client, household, *contents, name="photo.jpg"):
    files = [SimpleUploadedFile(f"{at}{name}", content) for at, content in enumerate(contents)]
    return client.post(f"/households/{household.pk}/files/", {"kind": "01", "file": files})


def test_several_photos_are_kept_together_or_not_at_all(client, household):
    assert upload(client, household, drawn("JPEG"), drawn("JPEG", "red")).status_code == 302
    assert household.attachments.count() == 2
    refused = upload(client, household, drawn("JPEG", "blue"), b"no photo")
    assert refused.status_code == 422
    assert household.attachments.count() == 2


def test_of_two_pictures_in_one_file_the_first_is_kept(client, household):
    both = drawn("MPO", save_all=True, append_images=[Image.new("RGB", (30, 20), "red")])
    assert upload(client, household, both).status_code == 302
    row = household.attachments.get()
    with Image.open(row.file.open("rb")) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (60, 40), {})


def test_a_heic_photo_is_kept_as_jpeg_without_its_position(client, household):
    pillow_heif.register_heif_opener()
    assert upload(client, household, drawn("HEIF"), name="photo.heic").status_code == 302
    row = household.attachments.get()
    assert row.content_type == "image/jpeg"
    with Image.open(row.file.open("rb")) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (60, 40), {})
    broken = upload(client, household, drawn("HEIF")[:200], name="broken.heic")
    assert "打不开" in broken.content.decode()
