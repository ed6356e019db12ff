"""Which template holds where, and a county's own versions of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Length
from django.forms.models import model_to_dict

from households.models import ProcedureTemplate, TemplateStep
from households.models.template import DayRule, Kind, StepKind, kind_label
from households.procedures.engine.errors import ProcedureError
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY, ancestors, county_of
from villages.models import Place, User
from villages.periods.selectors import office_name
from villages.rights import Right

LEGAL_QUORUM = Fraction(2, 3)
"""The share of the representatives that must be present, below which no county goes (policy.md 1.13)."""


@dataclass(frozen=True)
class StepChange:
    """What a county may set of one step; None leaves it as it is."""

    label: str | None = None
    days: int | None = None
    day_rule: str | None = None
    enabled: bool | None = None
    quorum: str | None = None
    sample_percent: Decimal | None = None

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value is not None}


def templates_for(kind: str, place_code: str) -> QuerySet[ProcedureTemplate]:
    """Active templates of a kind that hold at a place, the one to offer first in front: the most specific place, then
    the default one, then the latest version."""
    return (
        ProcedureTemplate.objects.active()
        .filter(kind=kind)
        .filter(_holds_at(place_code))
        .order_by(Length("place_id").desc(nulls_last=True), "-is_default", "code", "-version")
    )


def _holds_at(place_code: str) -> Q:
    return Q(place__isnull=True) | Q(place_id__in=[*ancestors(place_code), place_code])


def template_for(kind: str, place_code: str) -> ProcedureTemplate:
    """The template that a new batch takes. Raises ProcedureError where there is none."""
    found = templates_for(kind, place_code).first()
    if found is None:
        office = office_name(place_code)
        raise ProcedureError(f"没有启用的“{kind_label(kind)}”程序模板，请{office}先在“程序模板”中启用一个。")
    return found


def identifies_by_procedure(place_code: str) -> bool:
    """Whether the county has taken over a template of identification: new households are candidates then."""
    return ProcedureTemplate.objects.active().filter(kind=Kind.IDENTIFICATION, place_id=county_of(place_code)).exists()


def steps_of(template: ProcedureTemplate) -> list[TemplateStep]:
    """The enabled steps in order."""
    return list(template.steps.filter(enabled=True).order_by("position"))


def revise_template(
    *,
    by: User,
    template: ProcedureTemplate,
    place: str,
    changes: Mapping[str, StepChange],
    name: str = "",
    source: str = "",
    signature_gap_days: int | None = None,
    activate: bool = True,
) -> ProcedureTemplate:
    """Make the county's next version of a template (its first one takes a national template over); with ``activate``
    off it holds only once it was tried (``step_edits.activate_template``).

    Batches that run keep the version they started with. Raises ProcedureError for days below the legal minimum, a
    step left out that is not optional, a quorum that is no share; PermissionDenied.
    """
    _demand(by, place)
    with act(by=by, verb="revise_template", reason=source):
        Place.objects.select_for_update(of=("self",)).get(pk=place)
        if template.read_only:
            raise ProcedureError(f"“{template.name}”只作核对清单，不能修订。")
        steps = [_revised(step, changes.get(step.code, StepChange())) for step in template.steps.all()]
        unknown = set(changes) - {step.code for step in steps}
        if unknown:
            raise ProcedureError(f"模板中没有这些步骤：{'、'.join(sorted(unknown))}。请刷新页面后再改。")
        own = ProcedureTemplate.objects.filter(code=template.code, place_id=place)
        if activate:
            own.filter(is_active=True).update(is_active=False)
        fresh = ProcedureTemplate.objects.create(
            code=template.code,
            kind=template.kind,
            name=name or template.name,
            version=(own.aggregate(last=Max("version"))["last"] or 0) + 1,
            place_id=place,
            is_default=True,
            is_active=activate,
            source=source or template.source,
            note=template.note,
            signature_gap_days=template.signature_gap_days if signature_gap_days is None else signature_gap_days,
            objection_days=template.objection_days,
            replaces=template,
            created_by=by,
        )
        for step in steps:
            step.template = fresh
        TemplateStep.objects.bulk_create(steps)
    return fresh


def _revised(step: TemplateStep, change: StepChange) -> TemplateStep:
    """A copy of the step with the county's values."""
    values = model_to_dict(step, exclude=["id", "template"]) | change.values()
    _check(step, values)
    return TemplateStep(**values)


def _check(step: TemplateStep, values: Mapping[str, Any]) -> None:
    if values["days"] < step.min_days:
        raise ProcedureError(
            f"“{step.label}”不得少于 {step.min_days} {_unit(step.day_rule)}，请改为 {step.min_days} 或更多。"
        )
    if values["day_rule"] != step.day_rule and step.min_days and values["day_rule"] == DayRule.CALENDAR:
        raise ProcedureError(f"“{step.label}”按工作日计，不能改为按日历日计。")
    if not values["enabled"] and not step.is_optional:
        raise ProcedureError(f"“{step.label}”是必经步骤，不能省略。")
    if not str(values["label"]).strip():
        raise ProcedureError("步骤名称不能为空，请填写。")
    if step.kind == StepKind.APPRAISAL and not _is_share(values["quorum"]):
        raise ProcedureError(f"“{step.label}”的到会比例不得低于法定的三分之二、不超过 1，例如 2/3、3/4。")
    if not step.sample_percent <= values["sample_percent"] <= 100:
        raise ProcedureError(f"“{step.label}”的抽查比例应在 {step.sample_percent}% 到 100% 之间。")


def _unit(rule: str) -> str:
    return "个工作日" if rule == DayRule.WORKING else "天"


def _is_share(text: str) -> bool:
    try:
        return LEGAL_QUORUM <= Fraction(text) <= 1
    except (ValueError, ZeroDivisionError):
        return False


def retire_template(*, by: User, template: ProcedureTemplate) -> ProcedureTemplate:
    """No new batch starts with this version; those that run go on. National templates stay. Raises ProcedureError."""
    if template.place_id is None:
        raise ProcedureError("国家模板不能停用；本县另有做法的，请修订为本县版本。")
    _demand(by, template.place_id)
    with act(by=by, verb="retire_template"):
        template.is_active = False
        template.save(update_fields=["is_active"])
    return template


def _demand(by: User, place: str) -> None:
    if len(place) != COUNTY or not by.can(Right.TEMPLATE_EDIT, place):
        raise PermissionDenied
