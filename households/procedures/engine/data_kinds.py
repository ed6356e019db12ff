"""Kinds of procedures that are rows: read, made by a county, turned into what the engine asks of a kind."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.forms.models import model_to_dict

from households.models import (
    Batch,
    PolicyRun,
    ProcedureKind,
    ProcedureTemplate,
    Review,
    StandingClass,
    StepRecord,
    SupportDecision,
    TemplateStep,
)
from households.models.review import Outcome
from households.models.template import Kind
from households.procedures.engine import asked
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.procedure import Procedure, provide
from households.procedures.engine.scale import within_quota, within_quotas
from households.procedures.engine.writing import households_on
from households.standing.services import begin, ended, open_spells
from povreg.kit.history import act
from villages.codes.selectors import labels
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

CACHE, KEY, KEEP = "process", "procedure-kinds", 5
"""Seconds that a process goes on with the kinds it read."""


def rows() -> list[ProcedureKind]:
    """The active kinds that are rows, by code."""
    cache = caches[CACHE]
    found: list[ProcedureKind] | None = cache.get(KEY)
    if found is None:
        found = list(ProcedureKind.objects.active().select_related("gives").order_by("code"))
        cache.set(KEY, found, KEEP)
    return found


def kinds() -> list[Procedure]:
    """What the engine asks of them."""
    return [procedure_from(row) for row in rows()]


def offered(year: int) -> list[str]:
    """Codes of those that are carried out in a year."""
    return [row.code for row in rows() if row.on_offer(year)]


def procedure_from(row: ProcedureKind) -> Procedure:
    checks = (within_quota,) if row.gives_id else ()
    return Procedure(
        kind=row.code,
        name=row.label,
        fits=asked.fits_of(row.fits),
        guards=asked.guards_of(row.conditions),
        effect=lambda batch, day: apply(row, batch, day),
        planned=(row.planned, row.found),
        takes_in=row.gives_id is not None,
        scaled=row.gives_id is not None,
        reviewed=checks,
        filed=checks,
        reviewed_many=within_quotas if checks else None,
        filed_many=within_quotas if checks else None,
        takes_ordinary=row.takes_ordinary,
        applied_for=row.applied_for,
        authorised=row.authorised,
    )


def apply(row: ProcedureKind, batch: Batch, day: date) -> None:
    """What an approval does: classes end and begin, support goes on or ends as assessed."""
    homes = households_on(batch)
    if row.ends:
        spells = open_spells(homes.values("pk"), axes=_axes(row.ends)).filter(klass__in=row.ends)
        spells.update(**ended(day), end_origin="list", end_batch=batch)
    if row.gives_id:
        begin(batch, row.gives_id, day, batch.year)
    if row.supports:
        _decide_support(row, batch, day)


def _axes(keys: Sequence[str]) -> list[str]:
    return list(StandingClass.objects.filter(pk__in=keys).values_list("axis", flat=True))


def _decide_support(row: ProcedureKind, batch: Batch, day: date) -> None:
    """Dated decisions on support, one a household, as the assessment of the year proposed, each with the policies that
    run on under it."""
    reviews = list(
        Review.objects.filter(household__in=households_on(batch), year=batch.year).select_related("household")
    )
    running = SupportDecision.objects.filter(
        household__in=[each.household_id for each in reviews], until=None, withdrawn_on=None
    )
    running.filter(since__lt=day).update(until=day)
    by = StepRecord.objects.filter(batch=batch).exclude(by=None).order_by("pk").values_list("by_id", flat=True).last()
    made = SupportDecision.objects.bulk_create(
        SupportDecision(
            household_id=each.household_id, village_id=each.household.village_id, review=each, outcome=each.proposal,
            document=str(batch)[:80], decided_on=day, since=day, decided_by_id=by or batch.created_by_id,
        )
        for each in reviews
    )  # fmt: skip
    PolicyRun.objects.bulk_create(
        PolicyRun(decision=each, policy=run["policy"], until=_months_later(day, run["months"]))
        for each in made
        for run in row.runs
        if run["outcome"] == each.outcome
    )


def _months_later(day: date, months: int | None) -> date | None:
    if not months:
        return None
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, monthrange(day.year + years, month + 1)[1]))


def policies_running(codes: Sequence[str], months: int | None) -> list[dict[str, Any]]:
    """What of a household's support runs on where support goes on, as a kind keeps it."""
    return [{"policy": code, "months": months, "outcome": Outcome.GO_ON.value} for code in codes]


def make_kind(
    *,
    by: User,
    place: str,
    code: str,
    like: ProcedureTemplate,
    new_class: str = "",
    **facts: Any,
) -> ProcedureKind:
    """A county makes a kind of its own: words, conditions, what it gives; its first template takes another's steps.
    ``new_class`` names a class that it gives and that was not there before.

    Raises ProcedureError for a code in use, unknown conditions, a kind that does nothing; PermissionDenied.
    """
    check_right(by, Right.TEMPLATE_EDIT, place)
    with act(by=by, verb="make_kind", reason=facts.get("source", "")):
        if code in Kind.values or ProcedureKind.objects.filter(code=code).exists():
            raise ProcedureError({"code": "这个代码已经用过，请换一个。"})
        asked.check(facts.get("conditions", []))
        asked.check(facts.get("fits", []))
        if new_class:
            facts["gives"] = new_standing_class(code, new_class)
        if not (facts.get("gives") or facts.get("ends") or facts.get("supports")):
            raise ProcedureError("请选择批复的效果：纳入一类身份、终止身份，或决定帮扶是否延续。")
        if {run["policy"] for run in facts.get("runs", [])} - set(labels("support_policy")):
            raise ProcedureError({"policies": "没有这项政策，请从列表中选择。"})
        if bool(facts.get("supports")) != bool(facts.get("runs")):
            raise ProcedureError({"policies": "决定帮扶是否延续的，请勾选继续帮扶的户延续哪些政策；其他种类不选。"})
        _take_once(facts)
        row = ProcedureKind.objects.create(code=code, place_id=place, created_by=by, **facts)
        _let_end(row)
        copy_template(like, row.code, row.label, place, by, row.source)
        forget()
    return row


def _take_once(facts: dict[str, Any]) -> None:
    """Who is in the class that a kind gives is not put on a list of it again."""
    given = facts.get("gives")
    if given is None:
        return
    said = {"ask": "not_in_class", "keys": [given.pk]}
    for name, more in (("fits", {}), ("conditions", {"message": f"已是“{given.label}”"})):
        held = list(facts.get(name, []))
        if not any(each["ask"] == "not_in_class" and given.pk in each["keys"] for each in held):
            facts[name] = [*held, said | more]


def new_standing_class(code: str, label: str) -> StandingClass:
    """A class on an axis of its own, begun and ended by lists of the kind ``code``. Which lists write which class is
    the database's to hold: the application adds such a class through a function that touches no other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT add_class_of_kind(%s, %s)", [code, label[:20]])
    return StandingClass.objects.get(pk=code[:16])


def _let_end(row: ProcedureKind) -> None:
    """Classes that counties' own kinds gave may be ended by lists of this one, too."""
    with connection.cursor() as cursor:
        for key in row.ends:
            cursor.execute("SELECT end_class_by_kind(%s, %s)", [row.code, key])


def copy_template(
    like: ProcedureTemplate, kind: str, name: str, place: str | None, by: User | None, source: str
) -> ProcedureTemplate:
    """The first template of a kind: the steps of another, to be edited."""
    fresh = ProcedureTemplate.objects.create(
        code=f"{kind}-default", kind=kind, name=name, place_id=place, is_default=True, source=source[:300],
        signature_gap_days=like.signature_gap_days, objection_days=like.objection_days, created_by=by,
    )  # fmt: skip
    steps = [TemplateStep(**model_to_dict(step, exclude=["id", "template"])) for step in like.steps.all()]
    for step in steps:
        step.template = fresh
    TemplateStep.objects.bulk_create(steps)
    return fresh


def forget() -> None:
    """The kinds are read anew by this process."""
    caches[CACHE].delete(KEY)


def label_of(code: str) -> str:
    """What a kind is called, shipped in code or as a row; the code itself where nobody knows it."""
    if code in Kind.values:
        return str(Kind(code).label)
    return next((row.label for row in rows() if row.code == code), code)


def connect() -> None:
    """Kinds that are rows stand beside those in code."""
    provide(kinds)
