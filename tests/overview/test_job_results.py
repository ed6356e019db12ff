"""Who may have the workbook of an export: its owner, while he holds the right it was made with."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from tests import factories
from villages.models import Posting
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return factories.posted(Role.TOWNSHIP_OFFICER)


@pytest.fixture
def made(officer, settings, tmp_path):
    """An export of the township that ended well."""
    settings.MEDIA_ROOT = tmp_path
    job = factories.job(
        officer, place_code=factories.TOWNSHIP, status="done", params={"unmasked": True, "year": factories.YEAR}
    )
    job.result_file.save("x.xlsx", ContentFile(b"PK"), save=False)
    job.result_name = "名单.xlsx"
    job.save()
    return job


def answer(client, user, job):
    client.force_login(user)
    return client.get(f"/jobs/{job.pk}/result/")


def test_the_owner_downloads_it(client, officer, made):
    assert b"".join(answer(client, officer, made).streaming_content) == b"PK"
    assert f"/jobs/{made.pk}/result/" in client.get(f"/jobs/{made.pk}/").text


def test_nobody_else_does(client, made):
    assert answer(client, factories.posted(Role.COUNTY_OFFICER), made).status_code == 404


def test_an_ended_posting_ends_it(client, officer, made):
    Posting.objects.filter(user=officer).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert answer(client, officer, made).status_code == 404
    assert f"/jobs/{made.pk}/result/" not in client.get(f"/jobs/{made.pk}/").text


def test_a_role_without_full_numbers_does_not_get_them(client, officer, made):
    Posting.objects.filter(user=officer).update(role=Role.VILLAGE_CADRE)
    assert answer(client, officer, made).status_code == 404
