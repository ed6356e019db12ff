"""Verbs of plans: draw one after the needs were asked, fill it with measures, agree it with the household."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assistance.catalogue.selectors import limits_words, measures_at
from assistance.models import CatalogueItem, Plan, PlanLine
from assistance.models.catalogue import Nature
from assistance.models.plan import Path
from assistance.needs.selectors import latest_survey
from assistance.plans.path import able
from assistance.tallies.after import counted_anew
from households.models import Household
from households.register.errors import refusal
from households.register.guard import lock
from households.register.years import FIRST_YEAR
from povreg.kit.history import act
from povreg.kit.stale import check_version
from villages.codes.selectors import labels_of
from villages.models import User
from villages.rights import Right

SHORTEST = 4
State = Plan.State


@dataclass(frozen=True)
class Aims:
    """Where the year shall lead: the path and why, income a head in yuan, the target in words."""

    path: str
    path_reason: str
    other_paths: Collection[str] = ()
    target_income: Decimal | None = None
    target: str = ""


def draw_plan(*, by: User, household: Household, year: int, aims: Aims) -> Plan:
    """Begin the plan of a household for a year, upon its latest survey of needs; causes and risks are those of the day.

    Raises PermissionDenied without PLAN_EDIT there; ValidationError before any survey, for a second plan of the year,
    a year that cannot be or a path without its reason.
    """
    with act(by=by, verb="draw_plan"):
        row = lock(by, household, Right.PLAN_EDIT)
        survey = latest_survey(row.pk)
        if survey is None:
            raise refusal("还没有调查这一户的需求：请先登记需求调查，再拟定计划。")
        if not FIRST_YEAR <= year <= timezone.localdate().year + 1:
            raise refusal("只能拟定今年、明年或以往年度的计划，请核对年度。", field="year")
        if Plan.objects.filter(household=row, year=year).exists():
            raise refusal(f"{year}年已有帮扶计划，请直接修改。", field="year")
        _check_aims(aims)
        return Plan.objects.create(
            household=row,
            village_id=row.village_id,
            year=year,
            survey=survey,
            causes=[code for code in (row.main_cause, *row.other_causes) if code],
            risks=row.risks if watched(row) else [],
            drawn_on=timezone.localdate(),
            drawn_by=by,
            **_values(aims),
        )


def watched(row: Household) -> bool:
    """Whether the household is monitored and its risk not removed."""
    return bool(row.monitor_type) and row.risk_cleared is not True


def revise_plan(*, by: User, plan: Plan, aims: Aims, version: int | None = None) -> Plan:
    """Change where a plan leads while it is being drawn. Raises PermissionDenied, ValidationError, Conflict."""
    with act(by=by, verb="revise_plan"):
        row = _drafted(by, plan)
        check_version(row, version, _values(aims))
        _check_aims(aims)
        for name, value in _values(aims).items():
            setattr(row, name, value)
        return _saved(row)


def add_line(
    *,
    by: User,
    plan: Plan,
    item: CatalogueItem,
    due_on: date,
    quantity: Decimal | None = None,
    amount: Decimal | None = None,
    responsible: str = "",
) -> PlanLine:
    """Put a measure of the catalogue on a plan.

    Raises PermissionDenied; ValidationError for a measure that does not hold there, a term outside the year, or one
    that stands there already.
    """
    with act(by=by, verb="add_plan_line"):
        row = _drafted(by, plan)
        if item.pk not in {each.pk for each in measures_at(row.village_id)}:
            raise refusal("这项措施不在现行目录里，请另选。", field="item")
        if due_on.year != row.year:
            raise refusal(f"完成期限应在 {row.year} 年内，请改正。", field="due_on")
        if row.lines.filter(item__code=item.code).exists():
            raise refusal(f"计划里已有“{item}”，请不要重复。", field="item")
        if amount is not None and amount < 0:
            raise refusal("金额不能小于 0，请改正。", field="amount")
        if amount is not None and item.high is not None and not item.per and amount > item.high:
            raise refusal(f"“{item}”的标准是{limits_words(item)}，请核对金额。", field="amount")
        asked: Any = amount  # the column takes none, its type does not say so
        line = PlanLine.objects.create(
            plan=row,
            household_id=row.household_id,
            village_id=row.village_id,
            item=item,
            due_on=due_on,
            quantity=quantity,
            amount=asked,
            responsible=responsible.strip()[:60],
        )
        _saved(row)
    return line


def drop_line(*, by: User, line: PlanLine) -> Plan:
    """Take a measure off a plan that is being drawn. Raises PermissionDenied, ValidationError."""
    with act(by=by, verb="drop_plan_line"):
        row = _drafted(by, line.plan)
        PlanLine.objects.filter(pk=line.pk).delete()
        return _saved(row)


def agree_plan(*, by: User, plan: Plan, agreed_on: date) -> Plan:
    """The household agreed. Every risk of a monitored household must be answered by a measure, and who can work gets at
    least one that lets him earn.

    Raises PermissionDenied; ValidationError where one of these is missing, or for a day that cannot be.
    """
    with act(by=by, verb="agree_plan"):
        row = _drafted(by, plan)
        if not row.drawn_on <= agreed_on <= timezone.localdate():
            raise refusal(f"商定日期应在 {row.drawn_on:%Y-%m-%d} 到今天之间，请核对。", field="agreed_on")
        fault = next(iter(lacking(row)), "")
        if fault:
            raise refusal(fault)
        row.state, row.agreed_on = State.AGREED, agreed_on
        counted_anew([row.village_id])
        return _saved(row)


def lacking(plan: Plan) -> list[str]:
    """What keeps a plan from being agreed, in sentences with their remedy."""
    items = [line.item for line in plan.lines.select_related("item")]
    if not items:
        return ["计划里还没有措施，请至少加一项。"]
    answered = {code for item in items for code in item.risks}
    open_risks = [code for code in plan.risks if code not in answered]
    found = []
    if open_risks:
        found.append(f"还没有措施针对：{labels_of('risk', open_risks)}。监测对象的每项风险都要有措施，请补上。")
    if not any(item.nature == Nature.DEVELOPING for item in items) and able(plan.household):
        found.append("这一户有劳动能力，至少要有一项开发式措施（产业、就业、培训），请补上。")
    return found


def reopen_plan(*, by: User, plan: Plan, reason: str) -> Plan:
    """Open an agreed plan again. Raises PermissionDenied, ValidationError without a reason."""
    with act(by=by, verb="reopen_plan", reason=reason):
        lock(by, plan.household, Right.PLAN_EDIT)
        row = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if row.state != State.AGREED:
            raise refusal("计划还在拟定中，可以直接修改。")
        if len(reason.strip()) < SHORTEST:
            raise refusal(f"请写明重新拟定的原因，至少 {SHORTEST} 个字。", field="reason")
        row.state, row.agreed_on = State.DRAFT, None
        counted_anew([row.village_id])
        return _saved(row)


def _drafted(by: User, plan: Plan) -> Plan:
    """The plan, locked and still being drawn."""
    lock(by, plan.household, Right.PLAN_EDIT)
    row = Plan.objects.select_for_update(of=("self",)).select_related("household").get(pk=plan.pk)
    if row.state != State.DRAFT:
        raise refusal("计划已经商定；要修改的，请先点“重新拟定”。")
    return row


def _check_aims(aims: Aims) -> None:
    if aims.path not in Path.values:
        raise refusal("请选择主要路子。", field="path")
    if len(aims.path_reason.strip()) < SHORTEST:
        raise refusal(f"请写明为什么走这条路，至少 {SHORTEST} 个字。", field="path_reason")
    if aims.target_income is not None and aims.target_income < 0:
        raise refusal("收入目标不能小于 0，请改正。", field="target_income")


def _values(aims: Aims) -> dict[str, object]:
    return {
        "path": aims.path,
        "path_reason": aims.path_reason.strip()[:200],
        "other_paths": [code for code in aims.other_paths if code != aims.path],
        "target_income": aims.target_income,
        "target": aims.target.strip()[:200],
    }


def _saved(row: Plan) -> Plan:
    row.version += 1
    row.save()
    return row
