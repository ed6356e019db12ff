"""Files that are handed out, on pages and by the API: no cache keeps them, no browser runs them."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client

from households.sheets.layouts import LAYOUTS
from povreg.jobs.models import Job
from povreg.kit.headers import FILE_POLICY
from tests import factories
from tests.api import rows
from tests.house.routes import World
from villages.rights import Role

pytestmark = pytest.mark.django_db
SUBJECTS = ("povreg", "villages", "households", "assistance", "audits")


@pytest.fixture
def world(db) -> World:
    return World()


@pytest.fixture
def officer(world) -> Client:
    client = Client()
    client.user = world.officer = factories.posted(Role.COUNTY_OFFICER)
    client.force_login(client.user)
    return client


def attachment_of(world: World) -> str:
    return f"/households/{world.household.pk}/files/{world.attachment.pk}/"


def attachment_api(world: World) -> str:
    return f"/api/v1/attachments/{world.attachment.pk}/file/"


def paper_of(world: World) -> str:
    return f"/procedures/{world.batch.pk}/papers/{rows.paper(world.batch).pk}/"


def paper_api(world: World) -> str:
    return f"/api/v1/batches/{world.batch.pk}/papers/{rows.paper(world.batch).pk}/"


def finished(world: World) -> Job:
    job = factories.job(world.officer, status=Job.Status.DONE, result_name="结果.xlsx")
    job.result_file.save("result.xlsx", ContentFile(b"PK"))
    return job


def job_of(world: World) -> str:
    return f"/jobs/{finished(world).pk}/result/"


def job_api(world: World) -> str:
    return f"/api/v1/jobs/{finished(world).pk}/result/"


def returned(world: World) -> int:
    row = factories.sheet_import(world.officer)
    row.rejects.save("rejects.xlsx", ContentFile(b"PK"))
    return row.pk


def rejects_of(world: World) -> str:
    return f"/sheets/{returned(world)}/rejects/"


def rejects_api(world: World) -> str:
    return f"/api/v1/imports/{returned(world)}/rejects/"


def blank(world: World) -> str:
    return f"/sheets/templates/{next(iter(LAYOUTS))}/"


def report(world: World) -> str:
    return "/reports/age/sheet/"


def report_api(world: World) -> str:
    return "/api/v1/reports/age/sheet/"


def village_files(world: World) -> str:
    return "/village-files/sheet/"


def notice(world: World) -> str:
    return f"/procedures/notices/{world.notice.pk}/print.docx"


FILES = (
    *(attachment_of, attachment_api, paper_of, paper_api, job_of, job_api, rejects_of, rejects_api),
    *(blank, report, report_api, village_files, notice),
)


@pytest.mark.parametrize("address", FILES, ids=lambda address: address.__name__)
def test_a_file_is_kept_by_no_cache_and_runs_nothing(officer, world, address):
    answer = officer.get(address(world))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == FILE_POLICY


def test_a_page_keeps_the_policy_of_pages(officer):
    policy = officer.get("/").headers["Content-Security-Policy"]
    assert "script-src" not in policy and "default-src 'self'" in policy and "sandbox" not in policy


@pytest.mark.parametrize(
    ("content_type", "way"), [("image/png", "inline"), ("application/pdf", "attachment"), ("text/html", "attachment")]
)
def test_only_images_are_shown_in_the_browser(officer, world, content_type, way):
    world._made["attachment"] = factories.attachment(world.household, content_type=content_type)
    assert officer.get(attachment_of(world)).headers["Content-Disposition"].startswith(f"{way};")


def test_no_view_says_for_itself_how_a_file_is_kept():
    """The middleware decides for all of them: a view that sets these headers would look as if it mattered."""
    ours = [path for name in SUBJECTS for path in (Path(settings.BASE_DIR) / name).rglob("*.py")]
    said = [str(path) for path in ours if path.name != "headers.py" and SETS & texts_of(path)]
    assert said == []


SETS = {"X-Content-Type-Options", "private, no-store", "private, max-age=300"}


def texts_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
