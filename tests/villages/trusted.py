"""Rows of access for some hours, and of consents."""

from __future__ import annotations

from datetime import date
from typing import Any

from households.models import Consent, Household
from tests import factories
from villages.models import TimedAccess
from villages.rights import Role


def timed_access(**facts: Any) -> TimedAccess:
    """A request that waits: the county's office asks for somebody who holds no posting."""
    defaults = {"hours": 24, "reason": "省级督查组抽查", "document": "渝督〔2026〕12号"}
    defaults["account"] = facts.get("account") or factories.user()
    defaults["asked_by"] = facts.get("asked_by") or factories.posted(Role.COUNTY_OFFICER)
    where = facts.get("place") or factories.place(factories.TOWNSHIP)
    return TimedAccess.objects.create(**defaults | facts | {"place": where})


def consent(of: Household, **facts: Any) -> Consent:
    """What a household agreed to on paper."""
    noted_by = facts.get("noted_by") or factories.posted(Role.VILLAGE_CADRE)
    defaults = {"purpose": "society", "given_on": date(2026, 3, 2), "paper": "信息提供同意书", "signers": 2}
    return Consent.objects.create(household=of, **defaults | facts | {"noted_by": noted_by})
