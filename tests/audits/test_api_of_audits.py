"""Photos of a sample, signs, the trail and the export centre in the API; links to the trail; choices that are kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import SampleCase, SavedExport
from povreg.jobs.models import Job
from tests import factories
from tests.audits import made, sampled
from tests.factories_assistance import photo
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client: Client) -> User:
    account = factories.posted(Role.AUDITOR)
    client.force_login(account)
    return account


def test_photos_are_kept_once_and_shown(client: Client, auditor: User) -> None:
    case = sampled.case(factories.household(members=2, exit_status="1"))
    page = reverse("sample-case", args=[case.pk])
    assert client.post(reverse("sample-photo-add", args=[case.pk]), {"file": photo()}).status_code == 302
    again = client.post(reverse("sample-photo-add", args=[case.pk]), {"file": photo()})
    assert (again.status_code, "已经传过" in again.content.decode()) == (422, True)
    sent = client.post(f"/api/v1/sample-cases/{case.pk}/photos/", {"file": photo("black")})
    assert sent.status_code == 201, sent.content
    kept = case.photos.get(pk=sent.json()["id"])
    shown = reverse("sample-photo", args=[case.pk, kept.pk])
    assert shown in client.get(page).content.decode()
    assert b"".join(client.get(shown).streaming_content)[:3] == b"\xff\xd8\xff"
    client.force_login(factories.posted(Role.AUDITOR, factories.OTHER_COUNTY))
    assert client.get(shown).status_code == 404


def test_a_household_in_reserve_takes_no_photo(client: Client, auditor: User) -> None:
    case = sampled.case(factories.household(members=2, exit_status="1"))
    SampleCase.objects.filter(pk=case.pk).update(state="reserve")
    assert client.post(f"/api/v1/sample-cases/{case.pk}/photos/", {"file": photo()}).status_code in (404, 422)


def test_signs_say_what_they_are_made_of(client: Client, auditor: User) -> None:
    part = {"code": "bunching", "observed": 9, "expected": 2.5, "level": "strong"}
    row = sampled.sign(kind="income", picture={"parts": [part]})
    sampled.account_sign()
    found = client.get("/api/v1/signs/", {"kind": "income"}).json()["results"]
    assert [each["id"] for each in found] == [row.pk]
    assert found[0]["parts"][0]["label"] == "刚过线的户"
    assert client.get("/api/v1/sign-accounts/").json()["count"] == 1


def test_the_trail_of_a_household_over_the_api_and_from_its_page(client: Client, auditor: User) -> None:
    household = factories.household(members=1)
    context = made.an_act(household)
    made.an_act(factories.household())
    acts = client.get("/api/v1/trail/", {"household": household.pk}).json()
    assert str(context) in [each["id"] for each in acts]
    one = client.get(f"/api/v1/trail/{context}/").json()
    assert one["changes"] and one["changes"][0]["kind"]
    assert client.get("/api/v1/trail/", {"who": "nobody"}).status_code == 404
    history = reverse("household-history", args=[household.pk])
    page = client.get(history).content.decode()
    assert f"{reverse('trail')}?household={household.pk}" in page
    account = client.get(reverse("account", args=[auditor.pk])).content.decode()
    assert f"{reverse('trail')}?who={auditor.username}" in account
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    assert f"{reverse('trail')}?" not in client.get(history).content.decode()


def test_what_is_exported_every_month_is_kept_and_exported(client: Client, auditor: User) -> None:
    choice = {"datasets": {"households": ["household_no"]}, "form": "csv"}
    kept = client.post("/api/v1/saved-exports/", {"name": "每月", **choice}, content_type="application/json")
    assert kept.status_code == 201, kept.content
    page = client.get(reverse("datasets"), {"saved": kept.json()["id"]}).content.decode()
    assert 'value="households.household_no" checked' in page
    sent = {"place": factories.COUNTY, **choice}
    started = client.post("/api/v1/datasets/export/", sent, content_type="application/json")
    assert started.status_code == 202, started.content
    assert Job.objects.get(pk=started.json()["job"]).owner == auditor
    wrong = {**sent, "datasets": {"households": ["password"]}}
    assert client.post("/api/v1/datasets/export/", wrong, content_type="application/json").status_code == 422
    page = client.post(reverse("datasets"), {
        "datasets": ["members"], "place": factories.COUNTY, "form": "xlsx", "name": "成员", "keep": "1",
    })  # fmt: skip
    assert page.status_code == 302
    assert set(SavedExport.objects.values_list("name", flat=True)) == {"每月", "成员"}
    client.force_login(factories.posted(Role.AUDITOR))
    assert client.get("/api/v1/saved-exports/").json()["count"] == 0
    assert client.post(reverse("saved-export-drop", args=[kept.json()["id"]])).status_code == 404


def test_rules_and_their_precision_over_the_api(client: Client, auditor: User) -> None:
    row = made.doubt()
    made.doubt(solved_on=row.first_seen)
    made.doubt(exempted=True)
    at = {"place": factories.TOWNSHIP, "year": "2026"}
    answer = client.get("/api/v1/rules/", at).json()
    assert (answer["place"], answer["year"], answer["run_at"]) == (factories.TOWNSHIP, 2026, None)
    found = next(each for each in answer["rules"] if each["code"] == row.rule)
    assert (found["open"], found["solved"], found["exempted"], found["precision"]) == (1, 1, 1, 0)
    assert found["unjudged"] is None, "no run has counted"
    assert client.get(f"/api/v1/rules/{row.rule}/", at).json() == found
    assert client.get("/api/v1/rules/nothing/", at).status_code == 404
    assert client.get("/api/v1/rules/", {"place": factories.OTHER_COUNTY}).status_code == 404
    assert client.get("/api/v1/rules/", {"place": "", "year": "2026"}).status_code == 400
    assert client.get("/api/v1/rules/", {"colour": "red"}).status_code == 400
    assert client.post("/api/v1/rules/", {}).status_code == 405


def test_ranks_over_the_api_hold_ones_own_places(client: Client, auditor: User) -> None:
    row = made.doubt(severity="E")
    factories.household(members=1)
    for place, code in ((factories.COUNTY, factories.TOWNSHIP), (factories.TOWNSHIP, row.village_id)):
        found = client.get("/api/v1/quality/", {"place": place, "year": 2026}).json()
        assert [(each["place"], each["households"], each["errors"], each["rate"]) for each in found] == [
            (code, 2, 1, 150.0)
        ]
    for name in ("cadres", "helpers"):
        assert client.get(f"/api/v1/quality/{name}/", {"year": 2026}).json() == []
    client.force_login(factories.posted(Role.AUDITOR, factories.OTHER_COUNTY))
    assert client.get("/api/v1/quality/", {"year": 2026}).json() == []
    assert client.get("/api/v1/quality/", {"place": factories.COUNTY}).status_code == 404
