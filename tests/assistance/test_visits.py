"""Visits: who is due, the quick log, what it leads to, what a helper may set right."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from assistance.models import Visit
from assistance.visits import services
from assistance.visits.due import DONE, DUE, LATE, in_state, rules, standing_of, with_visits
from assistance.visits.services import Seen, Signed
from households.models import Household, Lead
from tests import factories as make
from tests.factories_assistance import photo, visit
from villages.models import Message
from villages.rights import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
UNSIGNED = Signed(reason="家里没人会写字")


@pytest.mark.parametrize(
    ("monitored", "last", "state", "until"),
    [
        (True, None, DUE, "2026-11-30"),
        (True, "2026-11-01", DONE, "2026-11-30"),
        (True, "2026-10-31", DUE, "2026-11-30"),
        (True, "2026-10-01", DUE, "2026-11-30"),
        (True, "2026-09-30", LATE, "2026-10-31"),  # nobody came in October
        (True, "2025-12-31", LATE, "2026-01-31"),
        (False, "2026-10-01", DONE, "2026-12-31"),
        (False, "2026-09-30", DUE, "2026-12-31"),
        (False, "2026-07-01", DUE, "2026-12-31"),
        (False, "2026-06-30", LATE, "2026-09-30"),
    ],
)
def test_who_is_due_by_class(monitored: bool, last: str | None, state: str, until: str) -> None:
    """The page's words and the condition of the lists agree."""
    household, day = make.household(), date(2026, 11, 18)
    if monitored:
        make.restand(household, monitor_type="1", risks=["01"], risk_identified_on=date(2025, 1, 5), risk_cleared=False)
    if last:
        visit(household, visited_on=date.fromisoformat(last))
        visit(household, visited_on=day, withdrawn_on=day, withdrawn_reason="登记错了")
    row = with_visits(Household.objects.filter(pk=household.pk)).get()
    standing = standing_of(row, day)
    assert (standing.state, standing.until.isoformat()) == (state, until)
    found = {each for each in (DONE, DUE, LATE) if with_visits(Household.objects.all()).filter(in_state(each, day))}
    assert found == {state}


def test_a_cleared_risk_is_visited_as_the_others_are() -> None:
    household = make.household()
    make.restand(
        household, monitor_type="1", risks=["01"], risk_identified_on=date(2025, 1, 5), risk_cleared=True,
        risk_cleared_on=date(2026, 1, 5), risk_clear_way="1",
    )  # fmt: skip
    assert standing_of(with_visits(Household.objects.filter(pk=household.pk)).get()).rule == rules()["others"]


def test_a_problem_becomes_a_lead_for_the_village() -> None:
    helper, cadre, household = make.posted(Role.HELPER), make.posted(Role.VILLAGE_CADRE), make.household()
    seen = Seen({"water": "problem", "living": "fine"}, {"water": "水管冻裂，停水三天"}, at_home=True)
    row = services.log_visit(by=helper, household=household, visited_on=TODAY(), seen=seen, signed=UNSIGNED)
    lead = Lead.objects.get()
    assert row.lead == lead
    assert (lead.source, lead.risks, lead.said) == ("visit", ["05"], "饮水：水管冻裂，停水三天")
    assert Message.objects.filter(to=cadre).count() == 1
    quiet = services.log_visit(
        by=helper, household=household, visited_on=TODAY(), seen=seen, signed=UNSIGNED, report=False
    )
    assert quiet.lead is None
    assert not row.problems.startswith("v1")  # plain in Python, sealed in the table


def test_what_cannot_be_is_refused_beside_its_field() -> None:
    helper, household = make.posted(Role.HELPER), make.household()
    facts: dict[str, Any] = {"by": helper, "household": household, "visited_on": TODAY(), "signed": UNSIGNED}
    picture = ContentFile(photo().read(), "signature.png")
    for field, more in (
        ("visited_on", {"visited_on": date(2027, 1, 1)}),
        ("way", {"way": "letter"}),
        ("water_words", {"seen": Seen({"water": "problem"}, {"water": " 停水 "})}),
        ("next_on", {"seen": Seen(next_step="来修", next_on=date(2020, 1, 1))}),
        ("unsigned_reason", {"signed": Signed()}),
        ("signer", {"signed": Signed("head")}),
        ("signer", {"signed": Signed("", picture)}),
        ("photos", {"photos": [photo()] * 7}),
    ):
        with pytest.raises(ValidationError) as refused:
            services.log_visit(**{**facts, **more})
        assert field in refused.value.message_dict, field
    services.log_visit(**{**facts, "way": "phone", "signed": Signed()})  # a call is not signed
    with pytest.raises(PermissionDenied):
        services.log_visit(**{**facts, "by": make.posted(Role.AUDITOR)})


def test_a_visit_is_taken_back_by_who_made_it_or_by_the_office() -> None:
    helper, other, household = make.posted(Role.HELPER), make.posted(Role.HELPER), make.household()
    row = visit(household, helper)
    for by, reason, refusal in ((other, "不是我", PermissionDenied), (helper, "", ValidationError)):
        with pytest.raises(refusal):
            services.withdraw_visit(by=by, visit=row, reason=reason)
    services.withdraw_visit(by=make.posted(Role.TOWNSHIP_OFFICER), visit=row, reason="登记到了别家")
    assert not Visit.objects.standing().exists()


def test_a_helper_sets_phone_and_work_right_and_proposes_the_rest() -> None:
    helper, cadre, household = make.posted(Role.HELPER), make.posted(Role.VILLAGE_CADRE), make.household(members=2)
    services.correct_contact(by=helper, household=household, phone="138 0000 1234")
    household.refresh_from_db()
    assert household.phone == "13800001234"
    member = household.members.order_by("person_no").last()
    services.correct_work(by=helper, member=member, work_place="", work_months=12)
    member.refresh_from_db()
    assert member.work_months == 12
    assert services.propose_correction(by=helper, household=household, text="老二今年高中毕业了") == 1
    assert Message.objects.get(to=cadre).url == f"/households/{household.pk}/"
    for refused in (
        lambda: services.correct_contact(by=helper, household=household, phone="没有"),
        lambda: services.correct_work(by=helper, member=member, work_place="", work_months=13),
        lambda: services.propose_correction(by=helper, household=household, text="他的号码是 13800001234"),
    ):
        with pytest.raises(ValidationError):
            refused()
    with pytest.raises(PermissionDenied):
        services.correct_contact(by=make.posted(Role.COUNTY_LEADER), household=household, phone="13800001234")


def test_the_quick_log_on_the_phone(client: Client) -> None:
    helper, household = make.posted(Role.HELPER), make.household(members=2)
    make.pairing(household, helper)
    client.force_login(helper)
    assert "记走访" in client.get("/visits/due/").content.decode()
    address = f"/visits/new/{household.pk}/"
    drawn = "data:image/png;base64," + base64.b64encode(photo("black").read()).decode()
    sent = {"visited_on": TODAY().isoformat(), "way": "field", "living": "fine", "health": "problem"}
    assert client.post(address, sent).status_code == 422
    sent |= {"health_words": "每月药费八百多", "signer": "head", "signature": drawn, "next_step": "办慢病卡"}
    answer = client.post(address, {**sent, "photos": [photo(), photo("red")]})
    assert (answer.status_code, answer["Location"]) == (302, "/visits/due/")
    row = Visit.objects.get()
    assert (row.signer, row.photos.count(), row.lead is not None) == ("head", 2, True)
    text = client.get(f"/visits/{row.pk}/").content.decode()
    assert "每月药费八百多" in text
    client.force_login(make.posted(Role.COUNTY_LEADER))
    text = client.get(f"/visits/{row.pk}/").content.decode()
    assert "每月药费八百多" not in text
    assert "只给走访人和经办人看" in text
    client.force_login(make.posted(Role.HELPER))
    assert client.get(f"/visits/{row.pk}/").status_code == 404
