"""Every rule over sets finds the household that breaks it and leaves the one that keeps it, all in one run; the logic
rules of entry say the same over sets as at entry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from audits.checks.catalogue import catalogue, is_gap, words_of
from audits.checks.check import VILLAGE
from audits.checks.running import run_checks
from audits.checks.selectors import facts_of
from audits.models import Doubt
from households.models import AnnualRecord
from households.register.logic.check import check_all
from households.register.logic.facts import gather
from households.register.logic.rule import RULES, Severity
from tests import factories as make
from tests.audits.book import Spec, store
from tests.audits.examples import EXAMPLES, IN_POVERTY, LAST, VILLAGES, YEAR, spec
from tests.audits.examples_measures import MEASURES
from tests.households.register.test_logic import CASES, FAILS, HOLDS, aged, merged

ENTRY_ONLY = {"head-many", "work-months"}  # the database itself refuses them
STANDSTILL = (
    "school-standstill", [aged(13, school_status="05")], [aged(13, school_status="05")],
    {FAILS: {"earlier": ("05", "05")}, HOLDS: {"earlier": ("05", "04")}},
)  # fmt: skip


def of_entry() -> list[tuple[str, Spec, Spec]]:
    """The cases of the logic rules as households of 2020."""
    found = []
    for rule, bad, good, more in [*CASES, STANDSTILL]:
        if rule in ENTRY_ONLY:
            continue
        sides = []
        for people, which in ((bad, FAILS), (good, HOLDS)):
            given: dict[str, Any] = {name: more[name] for name in ("household", "record") if name in more}
            sets = {name: value for name, value in more.get(which, {}).items() if name != "earlier"}
            given |= merged({**more, which: sets}, which)
            household = dict(given.get("household", {}))
            if household.get("risks"):
                household |= {"monitor_type": "2", "exit_status": ""}
            earlier = more.get(which, {}).get("earlier", ())
            sides.append(
                Spec(LAST, people, household, None if given.get("record") is None else given["record"], earlier=earlier)
            )
        found.append((rule, *sides))
    return found


TO_2020 = {"cause-unanswered", "measure-no-cause"}
ENTRY = [(rule, bad, good) for rule, bad, good in of_entry()]
OWN = [
    (rule, *(spec(side, LAST if rule in IN_POVERTY | TO_2020 else YEAR) for side in (bad, good)))
    for rule, bad, good in [*EXAMPLES, *MEASURES]
]
ALL = [*ENTRY, *OWN]


@pytest.fixture(scope="module")
def found(module_db: None) -> Iterator[Mapping[Any, Any]]:
    """What the rules find, run once for each of the two years."""
    store([each for _rule, *sides in ALL for each in sides])
    villages: dict[tuple[str, bool], str] = {}
    for number, (rule, bad, good) in enumerate(VILLAGES):
        for is_bad, facts in ((True, bad), (False, good)):
            code = f"{make.TOWNSHIP}{300 + 2 * number + is_bad}"
            make.village_profile(code)
            make.village_year(code, YEAR, **facts)
            home = make.household(code)
            AnnualRecord.objects.create(household=home, village_id=code, year=YEAR, arable_mu=20)
            make.household(code)
            villages[rule, is_bad] = code
    for year in (LAST, YEAR):
        run_checks(make.COUNTY, year)
    rows = Doubt.objects.values_list("rule", "year", "household_id", "village_id")
    yield {"households": {row[:3] for row in rows}, "villages": {(row[0], row[3]) for row in rows}, "codes": villages}


@pytest.mark.parametrize(("rule", "bad", "good"), ALL, ids=[case[0] for case in ALL])
def test_a_rule_finds_who_breaks_it_and_nobody_else(rule: str, bad: Spec, good: Spec, found: Mapping[Any, Any]) -> None:
    assert (rule, bad.year, bad.row.pk) in found["households"], "the fault is not found"
    assert (rule, good.year, good.row.pk) not in found["households"], "good facts are doubted"


@pytest.mark.parametrize("rule", [case[0] for case in VILLAGES])
def test_a_rule_of_villages_finds_the_village(rule: str, found: Mapping[Any, Any]) -> None:
    assert (rule, found["codes"][rule, True]) in found["villages"]
    assert (rule, found["codes"][rule, False]) not in found["villages"]


CODE = re.compile(r"[a-z_]{3,}|\b\d{2}\b(?!%)")


def test_the_facts_of_a_doubt_are_words(found: Mapping[Any, Any]) -> None:
    """Where a rule shows a list by SQL of its own: no reader knows the codes."""
    rows = Doubt.objects.filter(rule__in=[code for code, check in catalogue().items() if check.group != 13])
    lists = [(row, name) for row in rows for name, value in row.seen.items() if isinstance(value, list)]
    said = {name: dict(facts_of(row)).get(name, "") for row, name in lists if "." not in name}
    assert set(said) >= {"缺少的指标", "没有措施的风险"}
    assert not [text for text in said.values() if not text or CODE.search(text)], said


def test_every_rule_has_an_example(found: Mapping[Any, Any]) -> None:
    over_sets = {code for code, check in catalogue().items() if not is_gap(check) and check.per != VILLAGE}
    assert over_sets == {case[0] for case in ALL}
    assert {code for code, check in catalogue().items() if check.per == VILLAGE} == {case[0] for case in VILLAGES}
    assert len(over_sets) >= 80
    logic = {code for code, rule in RULES.items() if rule.severity is not Severity.GAP}
    assert logic - ENTRY_ONLY <= over_sets


def test_the_rules_of_entry_say_the_same_over_sets(found: Mapping[Any, Any]) -> None:
    """Of every household of the examples, not only by the rule it is about."""
    over_sets = {code for code, check in catalogue().items() if check.logic is not None or is_gap(check)}
    for _rule, *sides in ENTRY:
        for each in sides:
            each.row.refresh_from_db()
            at_entry = {hit.rule for hit in check_all(gather(each.row, LAST))} & over_sets
            of_sets = {rule for rule, year, pk in found["households"] if pk == each.row.pk and year == LAST}
            assert of_sets & over_sets == at_entry, (_rule, each.people)


def test_rules_are_told_in_plain_words() -> None:
    for code, check in catalogue().items():
        assert words_of(code) and "%(" not in words_of(code)
        assert check.advice.endswith("。")
        assert check.where or is_gap(check) or (check.logic and check.logic.opens)
