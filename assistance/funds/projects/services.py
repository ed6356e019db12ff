"""Verbs of projects: proposed by a village, reviewed, decided, posted, planned, carried out, accepted.

Who proposed does not review, who reviewed does not decide. None of the nine forbidden uses goes on (policy.md 9.5).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from assistance.funds import catalogue
from assistance.funds.projects.way import MAY_ALSO, PAYABLE, STEPS, Step
from assistance.models import Project, ProjectBeneficiary, ProjectNotice, ProjectStep
from assistance.tallies.after import counted_anew
from households.models import Household
from povreg.kit.history import act
from povreg.kit.stale import check_version
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

FACTS = (
    "name", "year", "category", "content", "site", "quantity", "budget", "supervisor", "link_form", "households_meant",
    "people_meant", "starts_on", "ends_on", "allowed_because",
)  # fmt: skip
State = Project.State
EDITABLE = (State.PROPOSED, State.RETURNED)
SHORTEST = 4


class WrongState(ValidationError):  # noqa: N818 - a state, not an accident
    """The project does not stand where this step begins."""


def propose_project(*, by: User | None, place: Place, on: date | None = None, **facts: Any) -> Project:
    """Propose a project at a place.

    Raises PermissionDenied without PROJECT_PROPOSE there; ValidationError for facts that cannot be, or words that
    sound like a forbidden use and are not answered.
    """
    check_right(by, Right.PROJECT_PROPOSE, place.pk)
    day = on or timezone.localdate()
    with act(by=by, verb="propose_project"):
        row = Project(place=place, since=day, proposed_by=by, **known(facts))
        check_facts(row)
        row.save()
        ProjectStep.objects.create(project=row, step="propose", state=row.state, on=day, by=by)
        counted_anew([row.place_id])
    return row


def known(facts: dict[str, Any]) -> dict[str, Any]:
    """Raises TypeError for a fact that a project does not have."""
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"no facts of a project: {sorted(unknown)}")
    return facts


def change_project(*, by: User, project: Project, version: int = 0, **facts: Any) -> Project:
    """Change a project that nobody has reviewed yet, or that was returned.

    Raises PermissionDenied, Conflict when somebody else was faster, WrongState later on its way, ValidationError.
    """
    check_right(by, Right.PROJECT_PROPOSE, project.place_id)
    with act(by=by, verb="change_project"):
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        check_version(row, version or None, facts)
        if row.state not in EDITABLE:
            raise WrongState(f"项目{row.get_state_display()}，不能再修改；需要改动的，请先退回。")
        for name, value in known(facts).items():
            setattr(row, name, value)
        check_facts(row)
        row.version += 1
        row.save()
        counted_anew([row.place_id])
    return row


def check_facts(row: Project) -> None:
    """Raises ValidationError beside the field."""
    faults: dict[str, str] = {}
    if row.category not in catalogue.categories():
        faults["category"] = "没有这个类别，请从列表中选。"
    if row.budget is None or row.budget <= 0:
        faults["budget"] = "投资估算应大于 0，请核对。"
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        faults["ends_on"] = "计划完工早于计划开工，请改正。"
    if row.people_meant < row.households_meant:
        faults["people_meant"] = "受益人数不能少于受益户数，请核对。"
    found = catalogue.doubts(row.name, row.content)
    if found and len(row.allowed_because.strip()) < SHORTEST:
        word, use = found[0]
        faults["allowed_because"] = (
            f"“{word}”像是禁止的用途“{use.label}”（{catalogue.forbidden_source()}）。确实不属于的，请写明理由；属于的，不能申报。"
        )
    if faults:
        raise ValidationError(faults)


def take_step(
    *, by: User | None, project: Project, code: str, on: date, document: str = "", note: str = "",
    contractor: str = "", forbidden: str = "",
) -> Project:  # fmt: skip
    """Take one step of the way (assistance.funds.projects.way).

    Raises PermissionDenied; WrongState when it does not begin where the project stands; ValidationError for what is
    missing, a day before the last step's, or the same person twice.
    """
    step = STEPS[code]
    check_step(by, step, project)
    with act(by=by, verb=f"project_{code}", reason=note):
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if row.state not in step.states:
            raise WrongState(f"项目现在是“{row.get_state_display()}”，不能{step.label}。")
        check_asked(step, row, on, document=document, note=note, contractor=contractor)
        check_hands(by, step, row)
        GUARDS.get(code, no_guard)(row, on)
        row.state, row.since = step.to, on
        row.contractor = contractor.strip()[:80] or row.contractor
        row.forbidden = forbidden
        row.reviewed_by = by if code == "review" else row.reviewed_by
        row.version += 1
        row.save()
        said = {"document": document.strip()[:80], "note": note.strip()[:300]}
        ProjectStep.objects.create(project=row, step=code, state=row.state, on=on, by=by, **said)
        counted_anew([row.place_id])
    return row


def check_step(by: User | None, step: Step, project: Project) -> None:
    also = MAY_ALSO.get(step.code)
    if also is not None and by is not None and by.can(also, project.place_id):
        return
    check_right(by, step.right, project.place_id)


def check_asked(step: Step, row: Project, on: date, **given: str) -> None:
    labels = {"document": "文件号", "note": "意见或原因", "contractor": "承建单位"}
    faults = {
        name: f"请填写{labels[name]}。" for name in step.asks if name in labels and not given.get(name, "").strip()
    }
    if on < row.since:
        faults["on"] = f"日期早于上一步（{row.since:%Y-%m-%d}），请核对。"
    if on > timezone.localdate():
        faults["on"] = "日期还没有到，请填实际办理的日期。"
    if faults:
        raise ValidationError(faults)


def check_hands(by: User | None, step: Step, row: Project) -> None:
    """Who proposed does not review, who reviewed or proposed does not decide."""
    pk = by.pk if by else None
    if step.code == "review" and pk == row.proposed_by_id:
        raise ValidationError("您申报了这个项目，请由其他人审核。")
    if step.code == "approve" and pk in (row.proposed_by_id, row.reviewed_by_id):
        raise ValidationError("您申报或审核了这个项目，请由其他人审定。")


def no_guard(row: Project, on: date) -> None:
    """Nothing more is asked."""


def was_posted(row: Project, on: date) -> None:
    over = row.notices.filter(stage=ProjectNotice.Stage.BEFORE, closed_on__isnull=False, closed_on__lte=on)
    if not over.exists():
        raise ValidationError("还没有期满的事前公示，请先张贴公示，期满登记结束后再入库。")


def is_funded(row: Project, on: date) -> None:
    if row.allocated <= 0:
        raise ValidationError("还没有安排资金，请先安排资金再列入年度计划。")


def is_paid_back(row: Project, on: date) -> None:
    if row.paid > 0:
        raise ValidationError(f"已拨付 {row.paid:,.2f} 元，请先冲正收回，再终止项目。")


GUARDS = {"enlist": was_posted, "plan": is_funded, "stop": is_paid_back}


def set_beneficiaries(*, by: User, project: Project, households: Collection[Household], gain: str) -> int:
    """Note which households a project is meant for; those named already stay. Returns how many were added.

    Raises PermissionDenied without PROJECT_PROPOSE at the project's place, ValidationError for households elsewhere.
    """
    check_right(by, Right.PROJECT_PROPOSE, project.place_id)
    outside = [each.household_no for each in households if not each.village_id.startswith(project.place_id)]
    if outside:
        raise ValidationError({"households": f"不在项目实施地点：{'、'.join(outside[:5])}，请核对户编号。"})
    with act(by=by, verb="set_beneficiaries"):
        before = project.beneficiaries.count()
        ProjectBeneficiary.objects.bulk_create(
            [
                ProjectBeneficiary(project=project, household=each, village_id=each.village_id, gain=gain.strip()[:80])
                for each in households
            ],
            ignore_conflicts=True,
        )
        return project.beneficiaries.count() - before


def unit_cost(project: Project) -> Decimal | None:
    """Yuan for one unit of the category; None where no quantity was said."""
    return (project.budget / project.quantity).quantize(Decimal("0.01")) if project.quantity else None


def is_payable(project: Project) -> bool:
    return project.state in PAYABLE
