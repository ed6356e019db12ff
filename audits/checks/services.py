"""When rules are run (asked for, at night, after a save), and what people do with doubts: exempt them, have them put
right, set a rule for their county."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from audits.checks import sql
from audits.checks.catalogue import catalogue, rule_of, words_of
from audits.checks.jobs import KIND
from audits.checks.running import check_households
from audits.findings.services import assign_finding, open_finding
from audits.models import AuditRound, CheckRun, Doubt, Exemption, Finding, RuleSetting
from households.eligibility.selectors import counties
from households.models import Household
from households.register.errors import refusal
from households.register.years import working_year, years_offered
from povreg.jobs.gathering import gather
from povreg.jobs.models import Job
from povreg.jobs.services import launch
from povreg.kit.history import act
from povreg.kit.locks import hold
from povreg.kit.scopes import COUNTY, county_of, within
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

LOOK_AGAIN = "audits.look_again"
FEW = 2000  # households; after more than that the night looks
SHORTEST = 4
LONGEST_EXEMPTION = timedelta(days=3 * 366)
MOST_VILLAGES = 600
"""Findings that one order may open."""


def start_checks(*, by: User | None, place: Place, year: int) -> Job:
    """Run the rules over a place; the job that is under way is returned instead of a second.

    Raises PermissionDenied without FINDING_OPEN there, ValidationError for a year out of range.
    """
    check_right(by, Right.FINDING_OPEN, place.pk)
    if year not in years_offered():
        raise refusal("请选择一个年度。", field="year")
    if len(place.pk) < COUNTY:
        raise refusal("核查按县或乡镇进行，请选择县、乡镇或村。", field="place")
    with transaction.atomic():
        hold("start-checks", place.pk, year)
        waiting = Job.objects.filter(kind=KIND, place_code=place.pk, params__year=year).exclude(status__in=Job.ENDED)
        return waiting.first() or launch(
            by=by, kind=KIND, title=f"核查{place} {year} 年", place_code=place.pk, params={"year": year}
        )


def nightly() -> int:
    """Run every county with households for the year it works on; returns the jobs."""
    found = counties()
    for county in found:
        launch(by=None, kind=KIND, title="夜间核查", place_code=county, params={"year": working_year(county)})
    return len(found)


def look_again(household_ids: Sequence[int], left: Sequence[str], year: int | None) -> None:
    """Have a worker look again at households that were saved (households.register.after), with those that are saved
    in the seconds after it."""
    if len(household_ids) <= FEW:
        gather(LOOK_AGAIN, household_ids, "" if year is None else str(year))


def look_again_now(household_ids: Sequence[int], year: int | None) -> None:
    """Look again at households of a county that was looked at before, for the year it works on."""
    by: dict[str, list[int]] = {}
    for pk, village in _villages(household_ids):
        by.setdefault(county_of(village), []).append(pk)
    for county, ids in by.items():
        own = working_year(county)
        if year in (None, own) and CheckRun.objects.filter(within("place_id", county), year=own).exists():
            check_households(ids, own)


def _villages(household_ids: Sequence[int]) -> QuerySet[Any, tuple[int, str]]:
    return Household.objects.filter(pk__in=household_ids).order_by("pk").values_list("pk", "village_id")


def exempt_doubt(*, by: User, doubt: Doubt, reason: str, until: date, whole_village: bool = False) -> Exemption:
    """It is as the rule says, and right so: nobody is asked again until a day. ``whole_village`` exempts the village
    from the rule. Raises PermissionDenied without CHECK_EXEMPT, ValidationError."""
    check_right(by, Right.CHECK_EXEMPT, doubt.village_id)
    if not SHORTEST <= len(reason.strip()) <= 200:
        raise refusal(f"请写明豁免的理由，{SHORTEST} 到 200 个字。", field="reason")
    today = timezone.localdate()
    if not today < until <= today + LONGEST_EXEMPTION:
        raise refusal("有效期应在明天到三年之内，请改正。", field="until")
    with act(by=by, verb="exempt_doubt", reason=reason):
        row = Exemption.objects.create(
            rule=doubt.rule,
            village_id=doubt.village_id,
            household_id=None if whole_village else doubt.household_id,
            member_id=None if whole_village else doubt.member_id,
            reason=reason.strip(),
            until=until,
            by=by,
        )
        _apply(row)
    return row


def withdraw_exemption(*, by: User, exemption: Exemption) -> Exemption:
    """The exemption no longer holds: the doubts are open again. Raises PermissionDenied, ValidationError."""
    check_right(by, Right.CHECK_EXEMPT, exemption.village_id)
    with act(by=by, verb="withdraw_exemption"):
        row = Exemption.objects.select_for_update(of=("self",)).get(pk=exemption.pk)
        if row.withdrawn_on:
            raise refusal("这项豁免已经撤回。")
        row.withdrawn_on, row.withdrawn_by = timezone.localdate(), by
        row.save()
        _apply(row)
    return row


def _apply(row: Exemption) -> None:
    """Doubts of the rule in the village follow the exemptions."""
    with transaction.get_connection().cursor() as cursor:
        there = "d.rule = %(rule)s AND d.village_id = %(village)s"
        cursor.execute(sql.exempt(there), {"rule": row.rule, "village": row.village_id})


def set_rule(
    *,
    by: User | None,
    county: Place,
    rule: str,
    year_from: int,
    params: dict[str, Any],
    severity: str,
    enabled: bool,
    reason: str,
) -> RuleSetting:
    """What holds for a rule in the county from a year on. Raises PermissionDenied, ValidationError."""
    check_right(by, Right.CHECK_EXEMPT, county.pk)
    found = rule_of(rule)
    if found is None:
        raise refusal("没有这条规则。", field="rule")
    if len(county.pk) != COUNTY:
        raise refusal("规则按县设定，请选择县。", field="county")
    if set(params) - set(found.params):
        raise refusal("这条规则没有这样的参数。", field="params")
    if len(reason.strip()) < SHORTEST:
        raise refusal(f"请写明依据，至少 {SHORTEST} 个字。", field="reason")
    with act(by=by, verb="set_rule", reason=reason):
        return RuleSetting.objects.create(
            rule=rule,
            county=county,
            year_from=year_from,
            params=params,
            severity=severity,
            enabled=enabled,
            reason=reason.strip()[:200],
            by=by,
        )


def open_from_doubt(*, by: User, doubt: Doubt, round: AuditRound | None = None) -> Finding:
    """Have one doubt put right. Raises PermissionDenied, ValidationError for one that is in a finding already."""
    check_right(by, Right.FINDING_OPEN, doubt.village_id)
    with act(by=by, verb="open_from_doubts"):
        row = (
            Doubt.objects.select_for_update(of=("self",))
            .select_related("village", "household", "member")
            .get(pk=doubt.pk)
        )
        if row.solved_on:
            raise refusal("这个疑点已经解决，不用再开出。")
        if row.finding is not None and row.finding.state not in tuple(map(str, Finding.ENDED)):
            raise refusal("这个疑点已经开出整改，请看原来的问题。")
        return _open(by, row.rule, [row], row.village, round)


def open_for_rule(
    *,
    by: User,
    rule: str,
    place: Place,
    year: int,
    demand: str,
    deadline: date,
    round: AuditRound | None = None,
) -> list[Finding]:
    """Have the open doubts of a rule put right village by village, one finding each, and assign them at once.

    Raises PermissionDenied without FINDING_OPEN there, ValidationError where nothing is open.
    """
    check_right(by, Right.FINDING_OPEN, place.pk)
    with act(by=by, verb="open_from_doubts"):
        free = Q(finding=None) | Q(finding__state__in=Finding.ENDED)  # found again after it was closed: once more
        rows = Doubt.objects.open().filter(free, within("village_id", place.pk), rule=rule, year=year)
        by_village: dict[Place, list[Doubt]] = {}
        for row in rows.select_for_update(of=("self",)).select_related("village").order_by("village_id", "pk"):
            by_village.setdefault(row.village, []).append(row)
        if not by_village:
            raise refusal("这条规则在所选范围内没有待开出的疑点。")
        if len(by_village) > MOST_VILLAGES:
            raise refusal(f"涉及 {len(by_village)} 个村，一次最多 {MOST_VILLAGES} 个，请按乡镇开出。")
        found = [_open(by, rule, doubts, village, round) for village, doubts in by_village.items()]
        return [assign_finding(by=by, finding=each, demand=demand, deadline=deadline) for each in found]


def _open(by: User, rule: str, doubts: Collection[Doubt], village: Place, round: AuditRound | None) -> Finding:
    known = rule_of(rule)
    one = next(iter(doubts)) if len(doubts) == 1 else None
    about = "" if one else f"共 {len(doubts)} 处，名单见疑点。"
    found = open_finding(
        by=by,
        source=Finding.Source.CHECK,
        title=words_of(rule)[:80],
        said=f"{about}{known.advice if known else ''}",
        household=one.household if one else None,
        member=one.member if one else None,
        village=village,
        year=next(iter(doubts)).year,
        severity="E" if known and known.severity == "E" else "W",
        rule=rule,
        round=round,
    )
    Doubt.objects.filter(pk__in=[each.pk for each in doubts]).update(finding=found)
    return found


def follow_finding(row: Finding) -> None:
    """A finding found untrue: its doubts are exempt for a year, so that the same is not asked again tomorrow."""
    if row.state != Finding.State.DISMISSED or row.verified_by is None:
        return
    last = row.steps.order_by("-pk").first()  # type: ignore[attr-defined]
    until = timezone.localdate() + timedelta(days=365)
    for doubt in Doubt.objects.filter(finding=row, solved_on__isnull=True):
        exemption = Exemption.objects.create(
            rule=doubt.rule,
            village_id=doubt.village_id,
            household_id=doubt.household_id,
            member_id=doubt.member_id,
            reason=(last.text if last else "核实不属实")[:200],
            until=until,
            by=row.verified_by,
        )
        _apply(exemption)


def blocking_rules() -> list[str]:
    """Rules whose open doubts keep a household off the lists."""
    return [each.id for each in catalogue().values() if each.blocks]
