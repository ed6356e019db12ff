"""Saving an income test, and judging it again when the county's line changed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from households.leads.people import living_on
from households.models import Application, Household, IncomeTest, Lead
from households.models.income import TEST_FIELDS
from households.register import after, income_range as rules
from households.register.errors import refusal, values_of
from povreg.kit.history import act
from povreg.kit.scopes import within
from povreg.kit.stale import check_version
from villages.models import PovertyLine, User
from villages.rights import Right
from villages.rights.checks import check_right
from villages.standards.hooks import StandardChange
from villages.standards.rules import Thresholds
from villages.standards.selectors import criteria_set_for, line_for

FACTS = (*TEST_FIELDS, "left_out", "member_ids", "others", "basis", "before_per_head", "event")
MOST_OTHERS = 20
Subject = Lead | Application


def save_income_test(*, by: User, about: Subject, facts: Mapping[str, Any], version: int | None = None) -> IncomeTest:
    """Save the test of a lead or an application (one each) and judge it; nothing is written into a yearly record.

    ``facts`` are amounts and the further facts named in FACTS; ``version`` is the one the form showed. Raises
    PermissionDenied without LEAD_CHECK, ValidationError, Conflict.
    """
    check_right(by, Right.LEAD_CHECK, about.village_id)
    given = values_of(facts, FACTS, "an income test")
    with act(by=by, verb="test_income"):
        row = _row(about)
        if row.pk:
            check_version(row, version, given)
        _check(row, given)
        for name, value in given.items():
            setattr(row, name, value)
        row.tested_by = by
        after.changed([row.household_id], year=timezone.localdate().year)
        return judged(row)


def _row(about: Subject) -> IncomeTest:
    """The test of this lead or application, locked; or a new one."""
    about = type(about)._default_manager.select_for_update(of=("self",)).get(pk=about.pk)
    if is_over(about):
        raise refusal("已经办结，收入测算不能再改。")
    if about.household_id is None:
        raise refusal("请先确认是哪一户，再测算收入。")
    known = {"lead": about} if isinstance(about, Lead) else {"application": about}
    found = IncomeTest.objects.select_for_update(of=("self",)).filter(**known).first()
    day = about.found_on if isinstance(about, Lead) else about.applied_on
    since, until = rules.period_of(day)
    first = {"household_id": about.household_id, "village_id": about.village_id, "asked_on": day}
    return found or IncomeTest(**known, **first, since=since, until=until)


def is_over(about: Subject) -> bool:
    """Whether nothing of it may be changed any more."""
    return about.state == Lead.State.DECIDED if isinstance(about, Lead) else about.state not in Application.WAITING


def _check(row: IncomeTest, given: Mapping[str, Any]) -> None:
    negative = [name for name in TEST_FIELDS if (given.get(name) or 0) < 0]
    if negative:
        raise refusal("不能小于 0，请填 0 或正数；没有问到请留空。", field=negative[0])
    if set(given.get("left_out") or ()) - set(TEST_FIELDS):
        raise refusal("没有这个收支项目，请核对。", field="left_out")
    members = set(given.get("member_ids") or ())
    known = living_on(row.household, row.asked_on).filter(pk__in=members).count()
    if known < len(members):
        raise refusal("所选的人当天不在这一户，请重新选择。", field="member_ids")
    if not 0 <= (given.get("others") or 0) <= MOST_OTHERS:
        raise refusal(f"没有登记的人数应在 0 到 {MOST_OTHERS} 之间，请核对。", field="others")


def judged(row: IncomeTest) -> IncomeTest:
    """Write what the test says by the line and thresholds of its year and place, and save it."""
    line = line_for(PovertyLine.Kind.MONITOR, row.asked_on.year, row.village_id)
    outcome = outcome_of(row, line.amount if line else None)
    row.line, row.line_amount, row.watch_until = line, outcome.line, outcome.watch_until
    row.persons, row.per_head = outcome.persons, outcome.per_head
    row.net_income = outcome.sums.net if outcome.sums else None
    row.result, row.reason = outcome.result, outcome.reason
    row.is_heavy, row.is_sharp_fall = outcome.is_heavy, outcome.is_sharp_fall
    row.version = row.version + 1 if row.pk else 1
    row.save()
    return row


def outcome_of(row: IncomeTest, line: Decimal | None) -> rules.Outcome:
    """What the facts of a test say against a line."""
    return rules.judge(
        {name: getattr(row, name) for name in TEST_FIELDS},
        len(row.member_ids) + row.others,
        line,
        left_out=row.left_out,
        before_per_head=row.before_per_head,
        thresholds=thresholds_of(row),
    )


def thresholds_of(row: IncomeTest) -> Thresholds:
    """The thresholds that hold for the year and place of a test."""
    found = criteria_set_for(row.asked_on.year, row.village_id)
    return Thresholds.of(found.params if found else None)


def line_changed(change: StandardChange, by: User | None) -> None:
    """A monitor line was entered, corrected or withdrawn: tests that are not decided yet follow it."""
    if change.kind != PovertyLine.Kind.MONITOR:
        return
    rows = IncomeTest.objects.filter(within("village_id", change.place_code), asked_on__year__gte=change.year_from)
    rows = rows.filter(asked_on__year__lte=change.year_to or timezone.localdate().year)
    rows = rows.exclude(lead__state=Lead.State.DECIDED)
    rows = rows.filter(Q(application=None) | Q(application__state__in=Application.WAITING))
    with act(by=by, verb="retest_income"), transaction.atomic():
        for row in rows.select_for_update(of=("self",)).order_by("pk"):
            judged(row)


def suggested(household: Household, year: int) -> tuple[dict[str, Decimal], int | None]:
    """The amounts of the household's latest yearly record up to a year, and that year: a suggestion, of another
    period."""
    record = household.annual_records.filter(year__lte=year).order_by("-year").first()
    if record is None:
        return {}, None
    amounts = {name: getattr(record, name, None) for name in TEST_FIELDS}
    return {name: amount for name, amount in amounts.items() if amount is not None}, record.year
