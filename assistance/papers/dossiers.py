"""Everything that the forms of households say, read over sets: the same few statements for one household and for a
village of hundreds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from assistance.measures.selectors import by_home
from assistance.models import (
    Disbursement,
    Measure,
    NeedsSurvey,
    Pairing,
    Plan,
    PlanLine,
    Visit,
    WorkSpell,
)
from assistance.policies.selectors import Entitlement, entitled, in_force
from households.models import AnnualRecord, Assessment, Household, Member, MemberYear, Spell
from households.models.codes import HEAD
from households.register.turnover import homes_behind
from households.standing.words import Shown, of_today
from povreg.kit.reach import wider
from povreg.kit.scopes import county_of
from villages.periods.selectors import Era, era_of

WIDER = {"helper_contact": "the papers of a household name who helps it, with unit and phone, wherever he works"}


@dataclass(frozen=True)
class Helper:
    """Who helps a household: as it may call him."""

    name: str
    unit: str
    post: str
    phone: str
    turn: int
    row: Pairing


@dataclass
class Dossier:
    """One household in a year. Lists are in the order in which the forms show them."""

    household: Household
    year: int
    era: Era
    members: list[Member] = field(default_factory=list)
    years: dict[int, MemberYear] = field(default_factory=dict)
    records: dict[int, AnnualRecord] = field(default_factory=dict)
    verdicts: dict[int, Assessment] = field(default_factory=dict)
    spells: list[Spell] = field(default_factory=list)
    surveys: list[NeedsSurvey] = field(default_factory=list)
    plan: Plan | None = None
    lines: list[PlanLine] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    payments: list[Disbursement] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    helpers: list[Helper] = field(default_factory=list)
    jobs: list[WorkSpell] = field(default_factory=list)
    entitlements: list[Entitlement] = field(default_factory=list)
    card_url: str = ""

    @property
    def head(self) -> Member | None:
        return next((each for each in self.members if each.relation == HEAD), None)

    @property
    def head_name(self) -> str:
        return self.head.name if self.head else ""

    @property
    def record(self) -> AnnualRecord | None:
        return self.records.get(self.year)

    @property
    def verdict(self) -> Assessment | None:
        return self.verdicts.get(self.year)

    @property
    def persons(self) -> int:
        return self.verdict.persons if self.verdict else len(self.members)

    @property
    def standing(self) -> Shown:
        return of_today(self.household)

    def given(self, line: PlanLine) -> list[Measure]:
        """What was delivered in the year of what a plan holds."""
        return [
            each for each in self.measures if each.item.code == line.item.code and each.delivered_on.year == self.year
        ]


def read(ids: Sequence[int], year: int) -> list[Dossier]:
    """The households in the order of village and number, each with everything that forms say of it in a year."""
    rows = Household.objects.filter(pk__in=ids).select_related("village__parent__parent")
    found = {
        row.pk: Dossier(row, year, era_of(year, row.village_id)) for row in rows.order_by("village_id", "household_no")
    }
    for fill in FILLS:
        fill(found, year)
    return list(found.values())


Found = dict[int, Dossier]


def _of(rows: QuerySet[Any], found: Found) -> QuerySet[Any]:
    return rows.filter(household_id__in=list(found))


def _people(found: Found, year: int) -> None:
    rows = _of(Member.objects.present(), found)
    for row in sorted(rows, key=lambda each: (each.relation != HEAD, each.person_no)):
        found[row.household_id].members.append(row)
    for each in _of(MemberYear.objects.filter(year=year), found):
        found[each.household_id].years[each.member_id] = each


def _years(found: Found, year: int) -> None:
    for record in _of(AnnualRecord.objects.filter(year__lte=year), found):
        found[record.household_id].records[record.year] = record
    for verdict in _of(Assessment.objects.filter(year__lte=year), found):
        found[verdict.household_id].verdicts[verdict.year] = verdict
    for spell in _of(Spell.objects.select_related("klass"), found):
        found[spell.household_id].spells.append(spell)


def _plans(found: Found, year: int) -> None:
    for survey in _of(NeedsSurvey.objects.select_related("by").order_by("-surveyed_on", "-pk"), found):
        found[survey.household_id].surveys.append(survey)
    lines = Prefetch("lines", PlanLine.objects.select_related("item"))
    for plan in _of(Plan.objects.filter(year=year).prefetch_related(lines), found):
        found[plan.household_id].plan = plan
        found[plan.household_id].lines = list(plan.lines.all())


def _help(found: Found, year: int) -> None:
    given = Measure.objects.standing().select_related("item", "member").order_by("-delivered_on", "-pk")
    for pk, measures in by_home(given, list(found)).items():
        found[pk].measures = measures
    _listed(
        found,
        Visit.objects.standing().filter(visited_on__year=year).select_related("by").order_by("-visited_on", "-pk"),
        "visits",
    )
    paid = Disbursement.objects.filter(reverses__isnull=True, is_reversed=False)
    _listed(found, paid.select_related("project", "allocation__source").order_by("-paid_on", "-pk"), "payments")
    _listed(found, WorkSpell.objects.select_related("member").order_by("-since", "-pk"), "jobs")


def _listed(found: Found, rows: QuerySet[Any], name: str) -> None:
    """Of households that were merged into these, too."""
    behind = homes_behind(list(found))
    for row in rows.filter(household__in=list(behind)):
        getattr(found[behind[row.household_id]], name).append(row)


def _helpers(found: Found, year: int) -> None:
    for household, helpers in helpers_of(list(found)).items():
        found[household].helpers = helpers


@wider("helper_contact")
def helpers_of(ids: Iterable[int]) -> dict[int, list[Helper]]:
    """Today's helpers of households, the first one first, with unit, post and phone. One statement."""
    rows = Pairing.objects.today().filter(household_id__in=list(ids)).order_by("turn", "starts_on")
    found: dict[int, list[Helper]] = defaultdict(list)
    for row in rows.select_related("helper__cadre", "helper__unit", "unit"):
        found[row.household_id].append(_helper(row))
    return dict(found)


def _helper(row: Pairing) -> Helper:
    cadre = getattr(row.helper, "cadre", None)
    unit = row.unit or row.helper.unit
    return Helper(
        name=row.helper.name,
        unit=str(unit or ""),
        post=cadre.post if cadre else "",
        phone=cadre.phone if cadre else "",
        turn=row.turn,
        row=row,
    )


def _entitlements(found: Found, year: int) -> None:
    """One statement for each policy of each county, however many households."""
    counties: dict[str, list[int]] = defaultdict(list)
    for pk, dossier in found.items():
        counties[county_of(dossier.household.village_id)].append(pk)
    for county, ids in counties.items():
        for policy in in_force(county, year):
            people = Member.objects.present().filter(household_id__in=ids)
            for member in entitled(people, policy, year).order_by("person_no"):
                given = Entitlement(policy, member, member.has_it, member.why_not or "")
                found[member.household_id].entitlements.append(given)
    for dossier in found.values():
        dossier.entitlements.sort(key=lambda each: (each.has_it or bool(each.why_not), each.policy.voluntary))


FILLS: tuple[Callable[[Found, int], None], ...] = (_people, _years, _plans, _help, _helpers, _entitlements)
