"""Leads in the browser and over the API: the way of one from the telephone to the decision."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from households.models import Lead
from tests import factories
from tests.api import rows
from villages.rights import Role

pytestmark = pytest.mark.django_db


def browse(role, code="", kind=Client):
    client = kind()
    client.force_login(factories.posted(role, code))
    return client


def test_from_the_telephone_to_the_decision():
    home = factories.household(members=1, exit_status="1")
    cadre, officer = browse(Role.VILLAGE_CADRE), browse(Role.TOWNSHIP_OFFICER)
    sent = {
        "source": "telephone", "found_on": "20260610", "village": home.village_id, "told_name": "周大山",
        "said": "家里遭了火灾，房子烧了。",
    }  # fmt: skip
    answer = officer.post(reverse("lead-new"), sent)
    lead = Lead.objects.get()
    assert answer.url == reverse("lead", args=[lead.pk])
    do = {name: reverse("lead-act", args=[lead.pk, name]) for name in ("check", "household", "visit", "dismiss")}
    assert cadre.post(do["check"]).status_code == 302
    assert cadre.post(do["household"], {"household_no": "1"}).status_code == 422
    assert cadre.post(do["household"], {"household_no": home.household_no}).status_code == 302
    assert cadre.post(do["visit"], {"visited_on": "2026-06-11", "finding": "房屋烧毁两间。"}).status_code == 302
    assert cadre.post(do["dismiss"], {"reason": "已有保险。"}).status_code == 403
    refused = officer.post(do["dismiss"], {"reason": ""})
    assert refused.status_code == 422
    assert "请填写不纳入的理由" in refused.content.decode()
    assert officer.post(do["dismiss"], {"reason": "保险已全额赔付。"}).status_code == 302
    lead.refresh_from_db()
    assert (lead.outcome, lead.household) == ("dismissed", home)
    page = officer.get(reverse("lead", args=[lead.pk])).content.decode()
    assert "保险已全额赔付" in page
    assert "周大山" not in page


def test_stations_count_what_their_lists_hold():
    home = factories.household(members=1)
    factories.lead(home)
    factories.lead(home, state="checking", checking_since=date(2026, 6, 11))
    factories.lead(home, state="checking", finding="属实，自付六万。", visited_on=date(2026, 6, 11))
    client = browse(Role.COUNTY_OFFICER)
    for url in (reverse("leads"), reverse("monitoring")):
        page = client.get(url)
        stations = {each.label: each.url for each in page.context["stations"]}
        for label in ("待核实", "核实中", "待办结"):
            link = stations[label]
            found = client.get(link if link.startswith("/") else url + link)
            assert found.context["list"].count == 1, label


def test_stations_hold_to_every_filter_of_the_address():
    """Of the leads of the last week the strip counted those of all time: 已办结 1, and an empty list."""
    home = factories.household(members=1)
    factories.lead(home, found_on=date(2026, 6, 1))
    factories.lead(home, found_on=date(2026, 6, 20), monitor_type="1")
    factories.lead(factories.household(members=1), found_on=date(2026, 6, 20))
    client, url = browse(Role.COUNTY_OFFICER), reverse("leads")
    for query in ("found_after=2026-06-10", f"household={home.pk}", "monitor_type=2", "found_after=2026-06-20"):
        for station in client.get(f"{url}?{query}&state=all").context["stations"]:
            assert client.get(url + station.url).context["list"].count == station.count, (query, station.label)


def test_the_household_that_is_told_of_is_that_of_the_address():
    home = factories.household(members=2)
    client = browse(Role.VILLAGE_CADRE)
    url = f"{reverse('lead-new')}?household={home.pk}"
    assert "王明海" in client.get(url).content.decode()
    client.post(url, {"source": "visit", "found_on": "2026-06-10", "said": "孩子没去上学。"})
    assert Lead.objects.get().household == home


def test_the_api_goes_the_same_way():
    home = factories.household(members=1, exit_status="1")
    village, office = browse(Role.VILLAGE_CADRE, kind=APIClient), browse(Role.COUNTY_OFFICER, kind=APIClient)

    def send(client, path, facts=None, method="post"):
        return getattr(client, method)(f"/api/v1/leads/{path}", facts or {}, format="json")

    made = send(office, "", {"source": "department", "found_on": "2026-06-10", "said": "医保自付六万二。",
                             "household": home.pk, "subject": "医保自付", "value": "62000.00"}).json()  # fmt: skip
    assert made["tracking_no"].count("-") == 7
    path = f"{made['id']}/"
    assert send(village, f"{path}check/").json()["state"] == "checking"
    assert send(village, f"{path}visit/", {"visited_on": "2026-06-11", "finding": "票据属实。"}).status_code == 200
    tested = send(village, f"{path}income-test/", {"wage_income": "9000.00", "others": 2}, "put").json()["income_test"]
    assert (tested["per_head"], tested["reason"]) == ("4500.00", "no_line")
    batch = rows.batch(home, kind="monitor_in")
    assert send(village, f"{path}list/", {"batch": batch.pk, "reason": "收入低。"}).status_code == 403
    done = send(office, f"{path}list/", {"batch": batch.pk, "reason": "收入低于监测线。"}).json()
    assert (done["outcome"], done["allowed"]) == ("listed", [])
    assert send(office, f"{path}dismiss/", {"reason": "再想一想。"}).status_code == 422
    stranger = browse(Role.COUNTY_OFFICER, factories.OTHER_COUNTY, APIClient)
    assert stranger.get(f"/api/v1/leads/{path}").status_code == 404
    assert stranger.get("/api/v1/leads/").json()["count"] == 0


def test_the_workbench_says_who_waits_for_whom():
    home = factories.household(members=1)
    factories.lead(home)
    officer = factories.posted(Role.TOWNSHIP_OFFICER)
    checked = {"state": "checking", "finding": "属实，自付六万。", "visited_on": date(2026, 6, 11)}
    factories.lead(home, **checked, checked_by=factories.posted(Role.VILLAGE_CADRE))
    factories.lead(home, **checked, checked_by=officer)
    seen = {}
    for role in (Role.VILLAGE_CADRE, Role.COUNTY_OFFICER):
        seen[role] = [due.title for due in browse(role).get("/").context["board"].dues]
    client = Client()
    client.force_login(officer)
    dues = {due.title: due for due in client.get("/").context["board"].dues}
    assert "1 条线索待核实" in seen[Role.VILLAGE_CADRE]
    assert "2 条线索待办结" in seen[Role.COUNTY_OFFICER]
    assert {"1 条线索待核实", "1 条线索待办结"} <= set(dues)
    found = client.get(dues["1 条线索待核实"].url).context["list"]
    assert found.count == 1
