"""A county edits the steps of a template: added, left out, moved. Each time a new version, tried before it holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.forms.models import model_to_dict

from households.models import ProcedureTemplate, TemplateStep
from households.models.template import DayRule, Level, StepKind
from households.procedures.engine import clock
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.stage import RIGHTS
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY
from villages.models import Place, User
from villages.rights import GRANTS, Right, Role

MAY_GO = (StepKind.NOMINATION, StepKind.VERIFICATION, StepKind.COMPARISON, StepKind.EXTERNAL)
"""Steps that a county may do without; every other is asked by law unless it is optional."""
MAY_COME = (StepKind.SURVEY, StepKind.NOMINATION, StepKind.VERIFICATION, StepKind.COMPARISON, StepKind.CONSENT)
ACTING = (Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)


@dataclass(frozen=True)
class NewStep:
    """A step to be added behind another (its id; None: in front)."""

    kind: str
    label: str
    level: str
    roles: Collection[str]
    after: int | None = None
    days: int = 0
    people: int = 0
    attachments: Collection[str] = field(default_factory=tuple)
    signers: Collection[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Asks:
    """What a step asks from now on: its papers and signatures besides those that the law asks, and who does it (none
    named: as before)."""

    attachments: Collection[str] = ()
    signers: Collection[str] = ()
    roles: Collection[str] = ()


def legal_of(template: ProcedureTemplate) -> dict[str, TemplateStep]:
    """By code, the steps of the template that this one was made from: what they ask stays in every version."""
    first = template
    while first.replaces is not None:
        first = first.replaces
    return {step.code: step for step in first.steps.all()}


def roles_for(kind: str) -> list[Role]:
    """Who may be given a step of a kind: the offices that hold its right."""
    right = RIGHTS.get(kind)
    return [role for role in ACTING if right in GRANTS[role]]


def may_go(step: TemplateStep) -> bool:
    return step.is_optional or step.kind in MAY_GO


def edit_steps(
    *,
    by: User,
    template: ProcedureTemplate,
    place: str,
    order: Mapping[int, int],
    dropped: Collection[int] = (),
    new: NewStep | None = None,
    asks: Mapping[int, Asks] | None = None,
    source: str = "",
) -> ProcedureTemplate:
    """The county's next version with its steps in another order, some left out, one added, and with what each asks
    (``asks``, by its id). It is not in force before :func:`activate_template`. What the law asks stays, in its order.

    Raises ProcedureError, PermissionDenied.
    """
    _demand(by, place)
    with act(by=by, verb="edit_steps", reason=source):
        Place.objects.select_for_update(of=("self",)).get(pk=place)
        if not source.strip():
            raise ProcedureError({"source": "请写明调整步骤的依据（文件）。"})
        every = list(template.steps.order_by("position"))
        kept = [step for step in every if step.pk not in dropped]
        lost = [step.label for step in every if step.pk in dropped and not may_go(step)]
        if lost:
            raise ProcedureError(f"“{'”“'.join(lost)}”是法定步骤，不能去掉。")
        kept.sort(key=lambda step: (order.get(step.pk, step.position), step.position))
        _ask(kept, legal_of(template), asks or {})
        steps = _with_new(kept, new)
        _check_order(every, steps)
        return _write(by, template, place, steps, source)


def _ask(steps: Collection[TemplateStep], legal: Mapping[str, TemplateStep], asks: Mapping[int, Asks]) -> None:
    """Set what the steps ask, never less than the law does. Raises ProcedureError for who may not do a step."""
    for step in steps:
        said = asks.get(step.pk)
        if said is None:
            continue
        first = legal.get(step.code)
        for name, given in (("attachments", said.attachments), ("signers", said.signers)):
            setattr(step, name, list(dict.fromkeys([*(getattr(first, name) if first else ()), *given])))
        if set(said.roles) - set(roles_for(step.kind)):
            raise ProcedureError(f"“{step.label}”不能由所选的岗位办理，请改选。")
        step.roles = list(said.roles) or step.roles


def _with_new(kept: list[TemplateStep], new: NewStep | None) -> list[TemplateStep]:
    if new is None:
        return kept
    if new.kind not in MAY_COME:
        raise ProcedureError({"new_kind": "只能增加调查、评议、核实、比对、认可一类的步骤。"})
    if not new.label.strip() or not new.roles or set(new.roles) - set(ACTING):
        raise ProcedureError({"new_label": "请填写新步骤的名称，并选择由谁办理。"})
    number = 1 + max((index for index, step in enumerate(kept) if step.pk == new.after), default=-1)
    used = {step.code for step in kept}
    code = next(f"{new.kind}_{n}" for n in range(2, 99) if f"{new.kind}_{n}" not in used)
    made = TemplateStep(
        code=code, kind=new.kind, label=new.label.strip()[:60], level=new.level, roles=list(new.roles), days=new.days,
        people=new.people, attachments=list(new.attachments), signers=list(new.signers), is_optional=True,
        day_rule=DayRule.CALENDAR,
    )  # fmt: skip
    return [*kept[:number], made, *kept[number:]]


def _check_order(before: list[TemplateStep], after: list[TemplateStep]) -> None:
    """What the law asks comes in the order in which it asks it, and the filing last."""
    asked = [step.code for step in before if not may_go(step)]
    now = [step.code for step in after if not may_go(step)]
    if asked != now:
        raise ProcedureError("法定步骤的先后不能改变，请调整其他步骤的顺序。")
    if not after or (before[-1].kind == StepKind.FILING and after[-1].kind != StepKind.FILING):
        raise ProcedureError("批复录入应是最后一步，请调整顺序。")


def _write(
    by: User, template: ProcedureTemplate, place: str, steps: list[TemplateStep], source: str
) -> ProcedureTemplate:
    own = ProcedureTemplate.objects.filter(code=template.code, place_id=place)
    fresh = ProcedureTemplate.objects.create(
        code=template.code, kind=template.kind, name=template.name, place_id=place, is_default=True, is_active=False,
        version=(own.aggregate(last=Max("version"))["last"] or 0) + 1, source=source.strip()[:300],
        note=template.note, signature_gap_days=template.signature_gap_days, objection_days=template.objection_days,
        replaces=template, created_by=by,
    )  # fmt: skip
    TemplateStep.objects.bulk_create(
        TemplateStep(**model_to_dict(step, exclude=["id", "template", "position"]), template=fresh, position=number)
        for number, step in enumerate(steps, 1)
    )
    return fresh


def activate_template(*, by: User, template: ProcedureTemplate) -> ProcedureTemplate:
    """A version that was tried on paper holds from now on; lists that run keep theirs. Raises ProcedureError,
    PermissionDenied."""
    if template.place_id is None:
        raise ProcedureError("国家模板不用启用。")
    _demand(by, template.place_id)
    with act(by=by, verb="edit_steps"):
        ProcedureTemplate.objects.filter(code=template.code, place_id=template.place_id).update(is_active=False)
        template.is_active = True
        template.save(update_fields=["is_active"])
    return template


def longest(template: ProcedureTemplate) -> int:
    """Days that a list takes at most where every step uses its time, notices included."""
    return sum(step.days for step in template.steps.filter(enabled=True))


def tried(template: ProcedureTemplate, began: date) -> dict[int, date]:
    """On paper: by when each enabled step (by id) of a list that begins on a day would be over, were every one to take
    its whole time."""
    day, found = began, {}
    for step in template.steps.filter(enabled=True).order_by("position"):
        day = clock.end_of(day, step.days, step.day_rule) if step.days else day
        found[step.pk] = day
    return found


def levels() -> list[tuple[str, str]]:
    return [(str(each), str(each.label)) for each in (Level.GROUP, Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)]


def _demand(by: User, place: str) -> None:
    if len(place) != COUNTY or not by.can(Right.TEMPLATE_EDIT, place):
        raise PermissionDenied
