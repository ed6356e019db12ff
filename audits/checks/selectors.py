"""What is read of doubts: the list, one doubt with its facts, counts by rule, the quality of places and helpers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Count, F, Field, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from assistance.models import Pairing
from audits.checks.catalogue import catalogue, in_force, rule_of, words_of
from audits.checks.check import Check, plain
from audits.checks.needs import needs_of
from audits.checks.unjudged import Listed, below, listed, totals
from audits.models import CheckRun, Doubt, Exemption, Finding
from audits.models.check import DoubtQuerySet
from households.models import AnnualRecord, Household, Member, MemberYear
from households.models.member import head_name
from households.register.fields import YEAR_FACTS, verbose
from povreg.kit.prepared import summed
from povreg.kit.scopes import PARENT_LENGTH, within
from povreg.kit.values import BIRTH, shown
from povreg.kit.workbench import inside
from villages.models import Place, User, VillageYear
from villages.rights.ready import ReadyFor

OPEN = Q(solved_on=None, exempted=False, confirmed=False)
STATES: dict[str, tuple[str, Q]] = {
    "open": ("待核实", OPEN & ~Q(severity="G")),
    "must": ("必须改正", OPEN & Q(severity="E")),
    "may": ("需要核实", OPEN & Q(severity="W")),
    "gap": ("没有填写", OPEN & Q(severity="G")),
    "handled": ("整改中", OPEN & Q(finding__isnull=False) & ~Q(finding__state__in=Finding.ENDED)),
    "confirmed": ("录入时已确认", Q(solved_on=None, confirmed=True)),
    "exempted": ("已豁免", Q(solved_on=None, exempted=True)),
    "solved": ("已解决", Q(solved_on__isnull=False)),
    "all": ("全部", Q()),
}
"""What doubts are shown: label and condition, in the order of the tabs."""
MODELS: dict[str, Any] = {"household": Household, "annual": AnnualRecord, "village": VillageYear}
DECIMALS = 1


def doubts(user: User) -> DoubtQuerySet:
    """The doubts a person may see, the serious ones first. ``head_name`` is added."""
    rows = Doubt.objects.visible_to(user).select_related("village__parent", "household", "member", "finding")
    return rows.annotate(head_name=head_name("household_id")).order_by("severity", "group", "village_id", "pk")


def who_is_it(row: Doubt) -> str:
    """Whom or what it is about."""
    if row.member:
        return row.member.name
    if row.household_id is None:
        return str(row.village)
    return getattr(row, "head_name", "") or str(row.household)


def text_of(row: Doubt) -> str:
    """What is wrong."""
    return words_of(row.rule)


def facts_of(row: Doubt) -> list[tuple[str, str]]:
    """The facts the rule looked at, label and value."""
    check = rule_of(row.rule)
    return [_said(check, name, value) for name, value in row.seen.items()]


def _said(check: Check | None, name: str, value: Any) -> tuple[str, str]:
    table, _, field_name = name.partition(".")
    if not field_name:
        return name, check.say(name, value) if check else plain(value)
    if field_name == BIRTH:
        return verbose(Member, field_name), f"{value}年"
    model = MODELS.get(table) or (MemberYear if field_name in YEAR_FACTS else Member)
    return verbose(model, field_name), shown(cast("Field[Any, Any]", model._meta.get_field(field_name)), value)


def by_rule(user: User, place: str, year: int) -> list[dict[str, Any]]:
    """Every rule with how many doubts of it are open, exempt, solved there, its precision so far, what it needs, how
    many it could not judge there (None: not counted), and the lists it needs of which nothing is recorded."""
    rows = Doubt.objects.visible_to(user).filter(within("village_id", place), year=year).order_by()
    counts = rows.values("rule").annotate(
        n_open=Count("pk", filter=OPEN), n_exempted=Count("pk", filter=Q(solved_on=None, exempted=True)),
        n_solved=Count("pk", filter=Q(solved_on__isnull=False)), untrue=Count("pk", filter=UNTRUE),
        true=Count("pk", filter=TRUE),
    )  # fmt: skip
    found: dict[str, Any] = {row["rule"]: row for row in counts}
    run = last_run(place, year)
    return [_of_rule(check, found.get(check.id)) | _untold(check, run, place) for check in catalogue().values()]


def _untold(check: Check, run: CheckRun | None, place: str) -> dict[str, Any]:
    """What the last run could not tell of a rule: how many it could not judge, which of its lists were not there."""
    counted = totals(run.unjudged, place) if run else None
    needs, missing = needs_of(check), run.lacking if run else ()
    return {
        "needs": needs.short,
        "unjudged": None if counted is None else counted.get(check.id, 0),
        "lacking": [each.label for each in needs.lists if each.code in missing],
    }


def unjudged(user: User, check: Check, place: str, year: int) -> Listed:
    """Whom a rule in force cannot judge in a township or a village."""
    rule = next((each for each in in_force(place, year) if each.check.id == check.id), None)
    return listed(user, rule, place, year) if rule else Listed({}, [])


def unjudged_below(check: Check, run: CheckRun | None, place: str) -> list[tuple[Place, int]]:
    """The townships of a place with how many of theirs the run could not judge by a rule, the most first."""
    counted = below(run.unjudged if run else None, check, place)
    names = Place.objects.in_bulk(counted)
    rows = [(names[code], number) for code, number in counted.items() if code in names]
    return sorted(rows, key=lambda row: (-row[1], row[0].pk))


UNTRUE = Q(finding__state=Finding.State.DISMISSED) | Q(exempted=True)
TRUE = Q(finding__state=Finding.State.CLOSED)


def _of_rule(check: Check, row: dict[str, Any] | None) -> dict[str, Any]:
    numbers = {name: row[f"n_{name}"] if row else 0 for name in ("open", "exempted", "solved")}
    return {"check": check, "text": words_of(check.id), "precision": precision(row), **numbers}


def precision(row: dict[str, Any] | None) -> int | None:
    """Of the doubts that were looked into, the per cent that were true; None where nobody looked."""
    looked = (row["true"] + row["untrue"]) if row else 0
    return round(100 * row["true"] / looked) if row and looked else None


def last_run(place: str, year: int) -> CheckRun | None:
    """The last run that covered a place."""
    covering = [place[:length] for length in PARENT_LENGTH if 0 < length <= len(place)]
    return CheckRun.objects.filter(place_id__in=covering, year=year, ended_at__isnull=False).first()


def quality(user: User, place: str, year: int, digits: int) -> list[dict[str, Any]]:
    """Places below ``place`` (codes of so many digits) by open doubts for 100 households, the worst first."""
    inside = within("village_id", place)
    rows = Doubt.objects.visible_to(user).filter(inside, OPEN, year=year).order_by()
    counts = rows.annotate(at=Substr("village_id", 1, digits)).values("at").annotate(**SEVERITIES)
    listed = Household.objects.visible_to(user).registered().filter(inside).order_by()
    homes = dict(listed.annotate(at=Substr("village_id", 1, digits)).values_list("at").annotate(n=Count("pk")))
    names = {each.pk: each for each in Place.objects.filter(pk__in=homes)}
    by: dict[str, Any] = {row["at"]: row for row in counts}
    found = [
        {"place": names[code], "code": code, "households": number, **_rate(by.get(code), number)}
        for code, number in homes.items()
        if code in names
    ]
    return sorted(found, key=lambda each: (-each["rate"], each["code"]))


SEVERITIES = {
    "errors": Count("pk", filter=Q(severity="E")),
    "warnings": Count("pk", filter=Q(severity="W")),
    "gaps": Count("pk", filter=Q(severity="G")),
}


def _rate(row: dict[str, Any] | None, households: int) -> dict[str, Any]:
    """Counts, and doubts (what must be corrected three times) for 100 households."""
    errors, warnings, gaps = (row[name] if row else 0 for name in ("errors", "warnings", "gaps"))
    rate = round(100 * (3 * errors + warnings) / households, DECIMALS) if households else 0.0
    return {"errors": errors, "warnings": warnings, "gaps": gaps, "rate": rate}


def helpers(user: User, place: str, year: int, most: int = 50) -> list[dict[str, Any]]:
    """Helpers by the open doubts of the households they help, the most first."""
    rows = Doubt.objects.visible_to(user).filter(within("village_id", place), OPEN, year=year).exclude(severity="G")
    helper = Pairing.objects.filter(household_id=OuterRef("household_id"), ends_on__isnull=True).order_by("-starts_on")
    account, name = (Subquery(helper.values(field)[:1]) for field in ("helper", "helper__name"))
    by = rows.order_by().annotate(account=account, who=name).exclude(who=None).values("account", "who")
    found = by.annotate(doubts=Count("pk"), households=Count("household_id", distinct=True))
    rows_of: Iterable[Any] = found.order_by("-doubts", "who")[:most]
    return list(rows_of)


def exemptions(user: User) -> QuerySet[Exemption]:
    """Exemptions, those that hold first."""
    rows = Exemption.objects.visible_to(user).select_related("village__parent", "household", "member", "by")
    return rows.order_by(F("withdrawn_on").desc(nulls_first=True), "-at", "-pk")


def of_household(user: User, household_id: int) -> DoubtQuerySet:
    """The open doubts about a household."""
    return doubts(user).filter(OPEN, household_id=household_id).exclude(severity="G")


def _open_at(user: Any, *, role: str) -> QuerySet[Any, Any]:
    rows = Doubt.objects.visible_to(user).filter(inside(user, role, "village_id"), OPEN)
    return summed(rows, must=Count("pk", Q(severity="E")), may=Count("pk", Q(severity="W")))


OPEN_AT = ReadyFor(_open_at)
"""Open doubts in the places of a role by severity."""
