"""Assets: idle ones say why, income is noted once, giving up takes the county's paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from assistance.assets.services import dispose, note_income, save_asset
from tests import factories
from tests.assistance import moneyed
from villages.rights import Role

pytestmark = pytest.mark.django_db


def test_an_idle_asset_says_since_when_and_why():
    zhen = factories.posted(Role.TOWNSHIP_OFFICER)
    row = moneyed.asset()
    with pytest.raises(ValidationError, match="从哪天起闲置"):
        save_asset(by=zhen, asset=row, version=1, state="idle", idle_reason="无人承包")
    saved = save_asset(
        by=zhen, asset=row, version=1, state="idle", idle_since=date(2026, 1, 1), idle_reason="无人承包，公开招租"
    )
    page = Client()
    page.force_login(zhen)
    assert saved.name in page.get(f"{reverse('assets')}?standing=idle").content.decode()


def test_income_is_noted_once_and_disposal_is_the_countys():
    zhen, xian = factories.posted(Role.TOWNSHIP_OFFICER), factories.posted(Role.COUNTY_OFFICER)
    row = moneyed.asset()
    income = {"by": zhen, "asset": row, "received_on": date(2026, 2, 1), "used_for": "公益岗位", "document": "方案1"}
    with pytest.raises(ValidationError, match="不能超过收到的金额"):
        note_income(amount=Decimal("100"), to_households=Decimal("100.01"), **income)
    note_income(amount=Decimal("4000"), to_households=Decimal("2400"), **income)
    with pytest.raises(ValidationError, match="登记过"):
        note_income(amount=Decimal("1"), **income)
    give_up = {"asset": row, "on": date(2026, 3, 1), "disposal": "scrapped", "document": "批1号"}
    with pytest.raises(PermissionDenied):
        dispose(by=zhen, **give_up)
    dispose(by=xian, **give_up)
    with pytest.raises(ValidationError, match="已经处置"):
        save_asset(by=zhen, asset=row, name="改名")
