"""All rules together: those of entry and those over sets; which hold for a county and year, with what parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db.models import Q

from audits.checks import rules as _declared  # noqa: F401  its import declares the rules
from audits.checks.check import CHECKS, GAP, Check, of_logic
from audits.models import RuleSetting
from households.register.logic.rule import RULES, Rule, Severity
from povreg.kit.scopes import county_of


@cache
def catalogue() -> Mapping[str, Check]:
    """Every rule by its id, in the order of the groups. Rules of entry that the database itself makes impossible are
    not run over sets."""
    logic = [of_logic(rule) for rule in RULES.values() if over_sets(rule)]
    found = sorted([*logic, *CHECKS.values()], key=lambda each: (each.group, each.severity, each.id))
    return {each.id: each for each in found}


def over_sets(rule: Rule) -> bool:
    return bool(rule.sets or rule.suspects or rule.opens) or rule.severity is Severity.GAP


def is_gap(check: Check) -> bool:
    """Whether it is an entry still to be made: those are counted by the declarations of completeness."""
    return check.severity == GAP


def rule_of(code: str) -> Check | None:
    """The rule of an id; None for one that this version no longer has."""
    return catalogue().get(code)


def words_of(code: str, params: Mapping[str, Any] | None = None) -> str:
    """What a rule says is wrong."""
    found = rule_of(code)
    if found is None:
        return code
    given = {**found.params, **(params or {})}
    return found.text % given if given else found.text


@dataclass(frozen=True)
class InForce:
    """A rule as it holds for a county and year."""

    check: Check
    params: Mapping[str, Any]
    setting: RuleSetting | None = None

    @property
    def text(self) -> str:
        return words_of(self.check.id, self.params)


def settings_of(county: str, year: int) -> dict[str, RuleSetting]:
    """What the county set, the latest row of each rule."""
    rows = RuleSetting.objects.filter(
        Q(year_to__isnull=True) | Q(year_to__gte=year), county=county, year_from__lte=year
    )
    return {row.rule: row for row in rows.order_by("at", "pk")}


def in_force(place: str, year: int) -> list[InForce]:
    """The rules that are run for a place's county and a year."""
    own = settings_of(county_of(place), year)
    return [
        _with(check, own.get(check.id))
        for check in catalogue().values()
        if check.in_year(year) and (check.id not in own or own[check.id].enabled)
    ]


def _with(check: Check, setting: RuleSetting | None) -> InForce:
    if setting is None:
        return InForce(check, check.params)
    known = {name: value for name, value in setting.params.items() if name in check.params}
    return InForce(replace(check, severity=setting.severity or check.severity), {**check.params, **known}, setting)
