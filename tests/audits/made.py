"""Meaningful rows of the auditors' work for tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from audits.models import (
    AuditRound,
    ComparisonHit,
    ComparisonList,
    Doubt,
    Exemption,
    Finding,
    FindingStep,
    InspectionVisit,
)
from households.models import Household
from povreg.kit.history import act
from povreg.proof.models import ExportRecord
from tests import factories

TODAY = timezone.localdate


def audit_round(**facts: Any) -> AuditRound:
    """A round of this year in the county, still open."""
    number = AuditRound.objects.count() + 1
    defaults = {
        "county": factories.place(factories.COUNTY), "name": f"第{number}轮自查", "kind": AuditRound.Kind.SELF,
        "starts_on": date(2026, 3, 1), "ends_on": date(2026, 12, 20),
    }  # fmt: skip
    return AuditRound.objects.create(**defaults | facts)


def finding(of: Household | None = None, **facts: Any) -> Finding:
    """A finding about a household, assigned with ten days left."""
    defaults = {
        "source": Finding.Source.MANUAL, "year": 2026, "title": "住房等级与现场不符", "state": Finding.State.ASSIGNED,
        "opened_on": TODAY() - timedelta(days=5), "demand": "请入户核实。", "deadline": TODAY() + timedelta(days=10),
    }  # fmt: skip
    if of is None:
        facts = {"village": factories.place(factories.VILLAGE), **facts}
    else:
        facts = {"household": of, "village_id": of.village_id, **facts}
    row = Finding.objects.create(**defaults | facts)
    FindingStep.objects.create(finding=row, kind=FindingStep.Kind.OPENED, text="现场查看。")
    return row


def inspection(**facts: Any) -> InspectionVisit:
    """A visit to the village."""
    defaults = {
        "village": factories.place(factories.VILLAGE), "visited_on": date(2026, 6, 3), "method": "visit",
        "team": "督查一组", "called": 10, "reached": 8, "listed": 24, "seen": "三户危房未改造。",
    }  # fmt: skip
    if "by" not in facts:
        facts["by"] = factories.user()
    return InspectionVisit.objects.create(**defaults | facts)


def doubt(of: Household | None = None, **facts: Any) -> Doubt:
    """A household of more than ten people, found yesterday."""
    of = of or factories.household(members=1)
    defaults = {
        "rule": "household-large", "severity": "W", "group": 2, "year": 2026, "seen": {"人数": 11},
        "first_seen": TODAY() - timedelta(days=1), "last_seen": TODAY(),
    }  # fmt: skip
    return Doubt.objects.create(household=of, village_id=of.village_id, **defaults | facts)


def exemption(of: Household | None = None, **facts: Any) -> Exemption:
    """A household that is exempt from a rule for a year."""
    of = of or factories.household(members=1)
    facts.setdefault("by", factories.user())
    defaults = {"rule": "household-large", "reason": "四代同堂，确实一户。", "until": TODAY() + timedelta(days=365)}
    return Exemption.objects.create(household=of, village_id=of.village_id, **defaults | facts)


def an_act(household: Household) -> str:
    """The context of a change of the household, as a verb leaves it."""
    with act(by=None, verb="load_test"):
        Household.objects.filter(pk=household.pk).update(group_name=f"{household.history.count()}组")  # type: ignore[attr-defined]
    return str(household.history.latest("pgh_id").pgh_context_id)  # type: ignore[attr-defined]


def export_record(**facts: Any) -> ExportRecord:
    """A list that left, of the county."""
    defaults = {
        "kind": "list:leads", "title": "线索", "place_code": factories.COUNTY, "rows": 3, "digest": "0" * 64,
        "file_digest": "0" * 64, "key_id": "0" * 16, "signature": "0" * 88,
    }  # fmt: skip
    if "by" not in facts:
        facts["by"] = factories.user()
    return ExportRecord.objects.create(**defaults | facts)


def comparison(**facts: Any) -> ComparisonList:
    """The vehicles of a department, compared."""
    defaults = {
        "county": factories.place(factories.COUNTY), "source": "vehicle", "department": "车管所", "as_of": TODAY(),
        "keep_until": TODAY() + timedelta(days=90), "state": "compared", "counts": {"read": 9, "strong": 1, "weak": 0},
    }  # fmt: skip
    return ComparisonList.objects.create(**defaults | facts)


def hit(of: Household | None = None, **facts: Any) -> ComparisonHit:
    """The head of a household has a car, by the number."""
    of = of or factories.household(members=1)
    facts.setdefault("list", comparison())
    facts.setdefault("member", of.members.first())
    defaults = {"source": "vehicle", "severity": "E", "found_on": TODAY(), "detail": "车型 小型轿车"}
    return ComparisonHit.objects.create(household=of, village_id=of.village_id, **defaults | facts)
