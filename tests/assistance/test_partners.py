"""Partners are counted once, needs name nobody, offers are not given away twice, helpers are graded by others."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from assistance.appraisal.services import appraise
from assistance.models import SocialNeed
from assistance.partners.lists import coverage
from assistance.partners.services import link_households, pay
from assistance.partners.social.services import NothingLeft, close_need, donate, note_offer, publish_need
from tests import factories
from tests.assistance import moneyed
from tests.standings import settle
from villages.rights import Role

pytestmark = pytest.mark.django_db
DAY = moneyed.DAY


@pytest.fixture
def xian():
    return factories.posted(Role.COUNTY_OFFICER)


def test_a_household_is_covered_once_however_many_take_it_along(xian):
    home, other = factories.household(), factories.household()
    for form in ("work", "dividend"):
        assert link_households(by=xian, partner=moneyed.partner(), households=[home], form=form, since=DAY) == 1
    assert coverage(xian) == (2, 1)
    assert other.pk != home.pk


def test_money_from_a_partner_is_noted_once_a_voucher(xian):
    partner, home = moneyed.partner(), factories.household()
    link_households(by=xian, partner=partner, households=[home], form="dividend", since=DAY)
    assert link_households(by=xian, partner=partner, households=[home], form="dividend", since=DAY) == 0
    link = partner.links.get()
    pay(by=xian, link=link, amount=Decimal("500"), paid_on=DAY, voucher="分红1")
    with pytest.raises(ValidationError, match="登记过"):
        pay(by=xian, link=link, amount=Decimal("500"), paid_on=DAY, voucher="分红1")
    page = Client()
    page.force_login(xian)
    assert "500" in page.get(reverse("partner", args=[partner.pk])).content.decode()


def publish(by, **facts):
    defaults = {"kind": "goods", "title": "一户村民缺冬衣", "content": "三口人的棉衣", "amount": Decimal("600")}
    return publish_need(by=by, village=factories.place(), **{**defaults, **facts})


def test_what_is_published_names_nobody():
    cun = factories.posted(Role.VILLAGE_CADRE)
    home = factories.household(members=1)
    with pytest.raises(ValidationError, match="不能有家庭成员的姓名"):
        publish(cun, household=home, content=f"{home.members.get().name}家缺棉衣")
    with pytest.raises(ValidationError, match="不能有电话"):
        publish(cun, content="请打13912345678")
    need = publish(cun, household=home)
    shown = Client().get(reverse("public-needs", args=[factories.COUNTY])).content.decode()
    assert need.title in shown and home.household_no not in shown
    assert close_need(by=cun, need=need).state == "closed"


def test_an_offer_reaches_needs_to_the_cent_and_no_further(xian):
    cun = factories.posted(Role.VILLAGE_CADRE)
    need, more = publish(cun), publish(cun, amount=Decimal("900"))
    facts = {"donor": "某商会", "kind": "goods", "content": "衣物", "amount": Decimal("1000")}
    offer = note_offer(by=xian, place=factories.place(factories.COUNTY), **facts)
    give = {"by": xian, "offer": offer, "delivered_on": DAY}
    donate(need=need, amount=Decimal("600"), receipt="票1", **give)
    with pytest.raises(NothingLeft, match=r"400\.00"):
        donate(need=more, amount=Decimal("400.01"), receipt="票2", **give)
    with pytest.raises(ValidationError, match="用过"):
        donate(need=more, amount=Decimal("1"), receipt="票1", **give)
    donate(need=more, amount=Decimal("400"), receipt="票3", **give)
    settle()
    offer.refresh_from_db()
    assert offer.given == 1000
    assert SocialNeed.objects.get(pk=need.pk).state == "met"


def test_helpers_are_graded_by_others_with_a_reason_where_poor(xian):
    helper = factories.posted(Role.HELPER, factories.TOWNSHIP)
    factories.pairing(factories.household(members=1), helper)
    grade = {"helper": helper, "year": 2026, "asked": 3, "content": 2}
    with pytest.raises(ValidationError, match="写明理由"):
        appraise(by=xian, grade="poor", **grade)
    with pytest.raises(ValidationError, match="不能超过"):
        appraise(by=xian, grade="good", **{**grade, "content": 4})
    with pytest.raises(PermissionDenied):
        appraise(by=helper, grade="good", **grade)
    appraise(by=xian, grade="good", **grade)
    page = Client()
    page.force_login(xian)
    assert helper.name in page.get(reverse("appraisals")).content.decode()
