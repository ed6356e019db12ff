"""The verbs of leads: each allowed and each refused state, strangers, the history, who is told."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from households.leads import selectors, services
from households.leads.income.services import save_income_test
from households.leads.services import Told
from households.models import BatchEntry, IncomeTest, Lead, UnmaskLog
from households.register.village_rows import carriers
from tests import factories
from tests.api import rows
from villages.models import Message, PovertyLine
from villages.rights import Role

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 10)
SAID = "男主人住院，自付六万多。"


@pytest.fixture
def home():
    return factories.household(members=2, exit_status="1")


@pytest.fixture
def cadre():
    return factories.posted(Role.VILLAGE_CADRE)


@pytest.fixture
def officer():
    return factories.posted(Role.TOWNSHIP_OFFICER)


def raised(by, **facts) -> Lead:
    return services.raise_lead(by=by, **{"source": "visit", "found_on": DAY, "said": SAID} | facts)


def checked(home, cadre) -> Lead:
    row = raised(cadre, household=home)
    return services.note_visit(by=cadre, lead=row, visited_on=DAY, finding="查了医院票据，属实。")


def refused(words=None):
    return pytest.raises(ValidationError, match=words)


def test_a_lead_about_a_household(home, officer, cadre):
    row = raised(officer, household=home, monitor_type="1", risks=["01"])
    assert (row.state, row.village_id, row.year, row.raised_by) == ("new", home.village_id, 2026, officer)
    assert len(row.tracking) == 32
    assert row.tracking_no.count("-") == 7
    told = Message.objects.get()
    assert (told.to, told.kind) == (cadre, "work")
    assert "王" not in told.text
    event = Lead.history.rel.related_model.objects.get(pgh_obj_id=row.pk)
    assert event.pgh_context.metadata["verb"] == "raise_lead"


def test_two_leads_have_two_numbers(home, officer):
    assert raised(officer, household=home).tracking != raised(officer, household=home).tracking


def test_a_lead_about_somebody_told_by_name(officer):
    village = factories.place(factories.VILLAGE)
    row = raised(officer, village=village, told=Told("周大山", "138-0000-5678", "3组"))
    assert row.household is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT told_name || said FROM households_lead WHERE id = %s", [row.pk])
        (stored,) = cursor.fetchone()
    assert stored
    assert "周" not in stored
    assert "住院" not in stored


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"source": "income"}, "source"),
        ({"said": "病"}, "said"),
        ({"found_on": date(2019, 1, 1)}, "found_on"),
        ({"found_on": timezone.localdate() + timedelta(1)}, "found_on"),
        ({"monitor_type": "2"}, "monitor_type"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(home, officer, facts, field):
    with refused() as fault:
        raised(officer, household=home, **facts)
    assert field in fault.value.message_dict


def test_an_ordinary_household_may_be_on_the_edge(officer):
    ordinary = factories.ordinary(members=1)
    assert raised(officer, household=ordinary, monitor_type="2").monitor_type == "2"


def test_somebody_without_name_or_place_is_refused(officer):
    village = factories.place(factories.VILLAGE)
    with refused() as fault:
        raised(officer, village=village)
    assert "told_name" in fault.value.message_dict


def test_a_closed_household_is_refused(officer):
    with refused():
        raised(officer, household=factories.household(removed_on=date(2026, 1, 1)))


def test_a_member_of_another_household_is_refused(home, officer):
    other = factories.household(members=1).members.get()
    with refused():
        raised(officer, household=home, member=other)


@pytest.mark.parametrize("role", [Role.COUNTY_LEADER, Role.AUDITOR])
def test_readers_raise_none(home, role):
    with pytest.raises(PermissionDenied):
        raised(factories.posted(role), household=home)


def test_a_stranger_raises_none(home):
    with pytest.raises(PermissionDenied):
        raised(factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE), household=home)


def test_it_is_taken_up_once(home, cadre):
    row = services.check_lead(by=cadre, lead=raised(cadre, household=home))
    assert (row.state, row.checked_by) == ("checking", cadre)
    with refused():
        services.check_lead(by=cadre, lead=row)


def test_a_visit_is_noted_and_may_be_corrected(home, cadre):
    row = checked(home, cadre)
    assert (row.state, row.visited_on) == ("checking", DAY)
    assert (
        services.note_visit(by=cadre, lead=row, visited_on=DAY, finding="改正：票据五张。").version == row.version + 1
    )


@pytest.mark.parametrize(("day", "finding"), [(DAY - timedelta(1), "属实的。"), (DAY, "是")])
def test_a_visit_before_the_lead_or_without_words_is_refused(home, cadre, day, finding):
    with refused():
        services.note_visit(by=cadre, lead=raised(cadre, household=home), visited_on=day, finding=finding)


def test_a_helper_raises_and_does_not_check(home):
    helper = factories.posted(Role.HELPER)
    row = raised(helper, household=home)
    with pytest.raises(PermissionDenied):
        services.note_visit(by=helper, lead=row, visited_on=DAY, finding="看过了，属实。")


def test_a_household_is_named_once(home, cadre):
    row = raised(cadre, village=home.village, told=Told("周大山"))
    row = services.name_household(by=cadre, lead=row, household=home)
    assert row.household == home
    with refused():
        services.name_household(by=cadre, lead=row, household=home)


def test_who_checked_does_not_decide(home, officer):
    row = services.note_visit(by=officer, lead=raised(officer, household=home), visited_on=DAY, finding="查了，属实。")
    with refused("两个人"):
        services.dismiss_lead(by=officer, lead=row, reason="自付已报销。")
    other = factories.posted(Role.TOWNSHIP_OFFICER)
    assert services.dismiss_lead(by=other, lead=row, reason="自付已报销。").outcome == "dismissed"


def test_a_village_does_not_decide(home, cadre):
    with pytest.raises(PermissionDenied):
        services.dismiss_lead(by=factories.posted(Role.VILLAGE_CADRE), lead=checked(home, cadre), reason="没有问题。")


def test_none_is_dismissed_unseen_or_without_reason(home, cadre, officer):
    with refused("核实"):
        services.dismiss_lead(by=officer, lead=raised(cadre, household=home), reason="没有问题。")
    with refused() as fault:
        services.dismiss_lead(by=officer, lead=checked(home, cadre), reason=" ")
    assert "reason" in fault.value.message_dict


def test_a_decided_lead_stays_so(home, cadre, officer):
    row = services.dismiss_lead(by=officer, lead=checked(home, cadre), reason="自付已报销。")
    for verb, facts in (
        (services.check_lead, {}),
        (services.note_visit, {"visited_on": DAY, "finding": "又去看了。"}),
        (services.hand_over_lead, {"handed_to": "区医保局", "reason": "核报销。"}),
    ):
        with refused("已办结"):
            verb(by=officer, lead=row, **facts)


def test_it_is_handed_to_somebody(home, officer):
    row = raised(officer, household=home)
    with refused():
        services.hand_over_lead(by=officer, lead=row, handed_to=" ", reason="核报销。")
    done = services.hand_over_lead(by=officer, lead=row, handed_to="区医保局", reason="核报销。")
    assert (done.outcome, done.handed_to) == ("handed_over", "区医保局")


def on_a_list(home):
    return rows.batch(home, kind="monitor_in")


def test_it_is_listed_with_its_income_test(home, cadre, officer):
    row, batch = checked(home, cadre), on_a_list(home)
    with refused("测算收入"):
        services.list_lead(by=officer, lead=row, batch=batch, reason="收入在监测范围内。")
    facts = {"wage_income": Decimal("9000"), "others": 3}
    save_income_test(by=cadre, about=row, facts=facts)
    done = services.list_lead(by=officer, lead=row, batch=batch, reason="收入在监测范围内。")
    assert (done.outcome, done.batch, done.decided_by) == ("listed", batch, officer)


def test_it_is_not_listed_where_income_is_not_recorded(home, cadre, officer):
    factories.poverty_line("8800", year=2026, kind=PovertyLine.Kind.MONITOR)
    row, batch = checked(home, cadre), on_a_list(home)
    save_income_test(by=cadre, about=row, facts={"others": 3})
    with refused("测算收入"):
        services.list_lead(by=officer, lead=row, batch=batch, reason="收入在监测范围内。")


def test_a_list_without_the_household_is_refused(home, cadre, officer):
    batch = on_a_list(home)
    BatchEntry.objects.filter(batch=batch).update(household=factories.household(members=1))
    with refused("不在所选的名单"):
        services.list_lead(by=officer, lead=checked(home, cadre), batch=batch, reason="收入在监测范围内。")


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "decided"},
        {"state": "decided", "decided_on": DAY, "outcome": "dismissed"},
        {"state": "decided", "decided_on": DAY, "outcome": "listed", "outcome_reason": "收入低。"},
        {"outcome": "dismissed"},
    ],
)
def test_the_database_refuses_half_a_decision(home, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.lead(home, **facts)


def test_who_told_it_is_masked_until_somebody_asks_with_a_reason(cadre):
    row = factories.lead()
    page = selectors.lead_page(cadre, row)
    assert (page.name, page.phone, page.said) == ("周*山", "138****5678", row.said)
    with refused():
        selectors.unmask(by=cadre, lead=row, reason="")
    assert selectors.unmask(by=cadre, lead=row, reason="电话回访")["phone"] == "13800005678"
    assert UnmaskLog.objects.get().by == cadre


def test_what_was_said_is_for_those_who_check(home):
    row = factories.lead(home)
    assert selectors.lead_page(factories.posted(Role.COUNTY_LEADER), row).said == ""
    assert selectors.lead_page(factories.posted(Role.COUNTY_OFFICER), row).said == row.said


def test_strangers_see_none(home):
    factories.lead(home)
    assert not selectors.leads(factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE)).exists()
    assert not selectors.leads(factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY)).exists()
    assert not IncomeTest.objects.visible_to(factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY)).exists()


def test_a_lead_moves_with_its_household(home):
    assert {Lead, IncomeTest} <= set(carriers())
