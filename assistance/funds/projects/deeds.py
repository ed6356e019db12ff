"""What may be done with a project on its page: the steps of its way, money, notices, households."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from assistance.funds.ledger import forms as money, services as ledger
from assistance.funds.notices import services as notices
from assistance.funds.projects import services
from assistance.funds.projects.forms import BeneficiariesForm, CloseForm, PostForm, StepForm
from assistance.funds.projects.way import FUNDED, MAY_ALSO, PAYABLE, WAY, Step
from assistance.models import Project, ProjectNotice
from villages.models import User
from villages.rights import Right

Stage, State = ProjectNotice.Stage, Project.State


@dataclass(frozen=True)
class Deed:
    """One thing that is done: its title, who may when (of project), its form, what it runs, what is said then."""

    code: str
    title: str
    rights: tuple[Right, ...]
    may: Callable[[Project], bool]
    form: Callable[[User, Project, Any], forms.Form]
    run: Callable[[User, Project, Any], Any]
    done: str
    hint: str = ""
    risk: bool = False

    def open_to(self, user: User, row: Project) -> bool:
        return self.may(row) and any(user.can(right, row.place_id) for right in self.rights)


def of_step(step: Step) -> Deed:
    also = MAY_ALSO.get(step.code)
    return Deed(
        step.code,
        step.label,
        (step.right, also) if also else (step.right,),
        lambda row: row.state in step.states,
        lambda user, row, data: StepForm(data, step=step, project=row),
        lambda user, row, form: services.take_step(by=user, project=row, code=step.code, **form.cleaned_data),
        f"已登记：{step.label}。",
        step.hint,
        step.risk,
    )


def open_notice(row: Project, stage: str = "") -> ProjectNotice | None:
    """The notice that hangs now."""
    rows = [each for each in row.notices.all() if each.closed_on is None and stage in ("", each.stage)]
    return rows[0] if rows else None


def hangs_no_longer(row: Project) -> bool:
    """Whether the days of the notice that hangs are over."""
    notice = open_notice(row)
    return notice is not None and notice.ends_on < timezone.localdate()


def of_notice(stage: str) -> Deed:
    label = str(Stage(stage).label)
    states = notices.POSTED_IN[Stage(stage)]
    return Deed(
        f"post-{stage}",
        f"张贴{label}",
        (Right.NOTICE_POST,),
        lambda row: row.state in states and not any(each.stage == stage for each in row.notices.all()),
        lambda user, row, data: PostForm(data, stage=stage),
        lambda user, row, form: notices.post_project(by=user, project=row, stage=stage, **form.cleaned_data),
        f"{label}已张贴，网上同时可以查看。",
    )


def close(user: User, row: Project, form: Any) -> Any:
    return notices.close_notice(by=user, notice=form.notice, **form.cleaned_data)


def pay(user: User, row: Project, form: Any) -> Any:
    given = form.cleaned_data
    facts = {name: given[name] for name in ("allocation", "item", "voucher", "paid_on")}
    return ledger.disburse(by=user, payees=form.payees(), **facts)


def name_households(user: User, row: Project, form: Any) -> Any:
    return services.set_beneficiaries(by=user, project=row, households=form.households, gain=form.cleaned_data["gain"])


MONEY = (Right.FUND_MANAGE,)
DEEDS = {
    deed.code: deed
    for deed in (
        of_notice(Stage.BEFORE),
        Deed("close", "登记公示结束", (Right.NOTICE_POST,), hangs_no_longer,
             lambda user, row, data: CloseForm(data, notice=open_notice(row)), close, "已登记公示结束。"),
        Deed("allocate", "安排资金", MONEY, lambda row: row.state in FUNDED and row.allocated < row.budget,
             lambda user, row, data: money.AllocateForm(data, user=user, project=row),
             lambda user, row, form: ledger.allocate(by=user, project=row, **form.cleaned_data), "资金已安排。"),
        *map(of_step, WAY[:8]),
        Deed("pay-households", "发放到户", MONEY, lambda row: row.state in PAYABLE and row.paid < row.allocated,
             lambda user, row, data: money.PayHouseholdsForm(data, user=user, project=row), pay, "已发放到户。",
             "一次登记一份发放名单，全部成功才入账；同一事项同一户只能发一次。"),
        Deed("pay-unit", "拨付给单位", MONEY, lambda row: row.state in PAYABLE and row.paid < row.allocated,
             lambda user, row, data: money.PayUnitForm(data, user=user, project=row), pay, "已拨付。"),
        of_notice(Stage.AFTER),
        Deed("beneficiaries", "登记受益户", (Right.PROJECT_PROPOSE,),
             lambda row: row.state not in (State.RETURNED, State.STOPPED),
             lambda user, row, data: BeneficiariesForm(data, user=user), name_households, "受益户已登记。"),
        *map(of_step, WAY[8:]),
    )
}  # fmt: skip
"""In the order in which they are offered: the first open one is what the page is for."""


def open_deeds(user: User, row: Project) -> list[Deed]:
    """What this person may do with a project now."""
    return [deed for deed in DEEDS.values() if deed.open_to(user, row)]
