"""What can be done with a list from its page: one table of actions, each a form and a verb."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404

from households.models import Batch, BatchEntry, Notice, Paper, TemplateStep
from households.models.template import Capacity, StepKind
from households.procedures.applications import services as applications
from households.procedures.engine import forms, village_exit
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.forms import PAPER, SIGN, BatchForm
from households.procedures.engine.procedure import procedure_of
from households.procedures.engine.stage import RIGHTS
from households.procedures.lists import (
    attachments as papers,
    batches,
    effects,
    facts,
    meetings,
    notices,
    reviews,
    signatures,
    steps,
    wayback,
)
from households.procedures.lists.forms import steps as forms_rows
from villages.models import User
from villages.rights import Right

REVIEWS = (StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW)
POSTS = (StepKind.NOTICE, StepKind.ANNOUNCEMENT)
COMPLETED = steps.COMPLETED_HERE
COMPLETE = "complete"
DESCRIBED_AT = (StepKind.APPLICATION, StepKind.SURVEY, StepKind.NOMINATION, StepKind.VERIFICATION)
SUPPLIED_AFTER = ("post",)
"""What must be done before its photo can be taken."""
DAYS = ("held_on", "surveyed_on", "applied_on", "on")
DRAFTING = frozenset({Right.BATCH_DRAFT})
NEED_HOUSEHOLDS = ("apply", "survey", "results", "meeting")
ACTING = frozenset({*RIGHTS.values(), Right.BATCH_DRAFT})
REVIEWING = frozenset({Right.TOWNSHIP_REVIEW, Right.COUNTY_REVIEW})
Run = Callable[[Any, Batch, Any], object]


@dataclass(frozen=True)
class Action:
    """``rights``: one of them at the list's place lets a person try; the verb decides. ``at``: kinds of steps on whose
    page the form stands. ``risk`` marks what ends something, ``main`` what the step is for, ``completes``: the step
    may be ended with it. ``sure`` is what is asked before it is done, of so many households and people."""

    code: str
    title: str
    button: str
    form: type[BatchForm]
    run: Run
    done: str
    rights: frozenset[Right]
    at: tuple[str, ...] = ()
    hint: str = ""
    files: bool = False
    risk: bool = False
    main: bool = False
    completes: bool = False
    sure: str = ""


def _open_notice(batch: Batch) -> Notice:
    return get_object_or_404(batch.notices.order_by("-pk"), state=Notice.State.OPEN)


def _review(by: User, batch: Batch, form: forms_rows.ReviewForm) -> object:
    kind = batch.step.kind if batch.step else StepKind.TOWNSHIP_REVIEW
    return reviews.review(by=by, batch=batch, kind=kind if kind in REVIEWS else _own_kind(by, batch), **form.decision())


def _own_kind(by: User, batch: Batch) -> str:
    county = by.can(Right.COUNTY_REVIEW, batch.place_id)
    return StepKind.COUNTY_REVIEW if county else StepKind.TOWNSHIP_REVIEW


def _listed(by: User | None, batch: Batch, chosen: Sequence[str]) -> list[BatchEntry]:
    rows = BatchEntry.objects.visible_to(by).filter(batch=batch, pk__in=chosen).select_related("household")
    return list(rows.order_by("pk"))


def _survey(by: User, batch: Batch, form: forms.SurveyForm) -> None:
    values = form.cleaned_data
    people = [applications.SurveyorFacts(name, values["signed_on"]) for name in values["surveyors"]]
    plain = ("surveyed_on", "finding", "note", "household_signed", "read_back")
    with transaction.atomic():
        for entry in _listed(by, batch, values["chosen"]):
            applications.record_survey(
                by=by, household=entry.household, kind=batch.kind, year=batch.year, surveyors=people,
                **{name: values[name] for name in plain},
            )  # fmt: skip


def _apply(by: User, batch: Batch, form: forms.ApplyForm) -> None:
    values = form.cleaned_data
    person = (values["proxy_name"], values["proxy_relation"])
    proxy = applications.Proxy(*person, thumbprint=values["thumbprint"]) if any(person) else None
    with transaction.atomic():
        for entry in _listed(by, batch, values["chosen"]):
            applications.apply(
                by=by, household=entry.household, kind=batch.kind, year=batch.year, proxy=proxy,
                applied_on=values["applied_on"], reason=values["reason"], authorised_on=values.get("authorised_on"),
            )  # fmt: skip


def _describe(by: User, batch: Batch, form: forms_rows.DescribeForm) -> None:
    entries = {entry.pk: entry for entry in form.entries}
    with transaction.atomic():
        for pk, said in form.described().items():
            batches.describe_entry(by=by, entry=entries[pk], **said)


def _values(by: User | None, batch: Batch, form: forms_rows.ValuesForm) -> object:
    declares = batch.step is None or batch.step.kind == StepKind.APPLICATION
    verb = village_exit.declare_values if declares else village_exit.confirm_values
    return verb(by=by, batch=batch, values=form.values())


def _remove_paper(by: User | None, batch: Batch, form: BatchForm) -> object:
    paper = get_object_or_404(Paper.objects.visible_to(by), batch=batch, pk=form.cleaned_data["paper"])
    return papers.remove_paper(by=by, paper=paper, reason=form.cleaned_data["reason"])


def _accept(by: User | None, batch: Batch, form: forms.AcceptForm) -> object:
    chosen = [int(pk) for pk in form.cleaned_data["entries_chosen"]]
    return facts.accept_changes(by=by, batch=batch, entry_ids=chosen, reason=form.cleaned_data["reason"])


def _typed(verb: Callable[..., object]) -> Run:
    """A verb that takes what the form names."""
    return lambda by, batch, form: verb(by=by, batch=batch, **form.said())


def carry_out(action: Action, by: User, batch: Batch, form: BatchForm, then: str = "") -> None:
    """Do an action with the scans and signatures that came with its form, and, where ``then`` says so, end the step;
    all of it or nothing. Raises what the verbs raise."""
    with transaction.atomic():
        if action.code not in SUPPLIED_AFTER:
            _supply(by, batch, form)
        action.run(by, batch, form)
        if action.code in SUPPLIED_AFTER:
            _supply(by, batch, form)
        if then == COMPLETE and action.completes:
            steps.complete_step(by=by, batch=batch, on=_day_of(form))


def _supply(by: User, batch: Batch, form: BatchForm) -> None:
    for kind, file in form.supplied(PAPER).items():
        try:
            papers.attach_paper(by=by, batch=batch, kind=kind, file=file)
        except ValidationError as fault:
            raise ProcedureError({f"{PAPER}{kind}": fault.messages}) from fault
    for capacity, name in form.supplied(SIGN).items():
        signatures.sign(by=by, batch=batch, capacity=capacity, name=name, signed_on=_day_of(form))


def _day_of(form: BatchForm) -> date | None:
    """The day that the form names for what was done."""
    return next((form.cleaned_data[name] for name in DAYS if form.cleaned_data.get(name)), None)


EVERY: tuple[Action, ...] = (
    Action("start", "启动名单", "启动名单", forms.StartForm, _typed(batches.start_batch), "名单已启动。", DRAFTING,
           hint="启动后按模板逐步办理，所用模板不再改变。", main=True),
    Action("describe", "逐户情况", "保存逐户情况", forms_rows.DescribeForm, _describe, "逐户情况已保存。",
           frozenset({Right.BATCH_DRAFT, Right.STEP_RECORD}), DESCRIBED_AT, hint="民主评议以前可以修改"),
    Action("apply", "登记申请", "登记申请", forms.ApplyForm, _apply, "申请已登记。", DRAFTING, (StepKind.APPLICATION,),
           completes=True),
    Action("survey", "登记入户调查", "登记调查", forms.SurveyForm, _survey, "入户调查已登记。",
           frozenset({Right.STEP_RECORD}), (StepKind.SURVEY, StepKind.VERIFICATION), completes=True),
    Action("results", "逐户结果", "保存逐户结果", forms_rows.ResultsForm,
           lambda by, batch, form: steps.record_results(by=by, batch=batch, results=form.results()),
           "逐户结果已登记。", frozenset({Right.STEP_RECORD, Right.COUNTY_REVIEW}), steps.WITH_RESULTS,
           hint="结果为“不符”的户，办结这一步时取消。", completes=True),
    Action("consents", "农户认可", "保存认可情况", forms_rows.ConsentsForm,
           lambda by, batch, form: steps.record_consents(by=by, batch=batch, answers=form.answers()),
           "认可情况已登记。", frozenset({Right.STEP_RECORD}), (StepKind.CONSENT,),
           hint="不认可的户随即退出名单，其他户继续。", main=True, completes=True),
    Action("values", "村退出指标", "保存指标", forms_rows.ValuesForm, _values, "指标已保存。",
           frozenset({Right.STEP_RECORD, *REVIEWING}), (StepKind.APPLICATION, *REVIEWS),
           hint="审核认定的数值优先，其次是系统计算的，再次是村填报的。", main=True),
    Action("meeting", "民主评议会议", "保存会议和表决", forms_rows.MeetingForm,
           lambda by, batch, form: meetings.hold_meeting(by=by, batch=batch, **form.facts()),
           "会议和表决已登记。", frozenset({Right.MEETING_RECORD}), (StepKind.APPRAISAL,),
           hint="同意票超过实到人数一半为通过，由系统计算。", main=True, completes=True),
    Action("paper", "上传附件", "上传", forms.PaperForm, _typed(papers.attach_paper), "附件已上传。", ACTING,
           tuple(StepKind), files=True),
    Action("paper-remove", "移除附件", "移除", forms.RemovePaperForm, _remove_paper, "附件已移除。", ACTING, risk=True),
    Action("sign", "登记签字", "登记签字", forms.SignForm, _typed(signatures.sign), "签字已登记。", ACTING,
           tuple(StepKind), hint="按纸质材料上的签字登记；重新登记的，以最后一次为准。"),
    Action("post", "张贴公示", "张贴公示", forms.PostForm, _typed(notices.post_notice), "公示已张贴，开始计日。",
           frozenset({Right.NOTICE_POST}), (StepKind.NOTICE,), hint="张贴后名单固定，计日开始。", main=True),
    Action("announce", "发布公告", "发布公告", forms.AnnounceForm, _typed(notices.announce), "公告已发布。",
           frozenset({Right.NOTICE_POST}), (StepKind.ANNOUNCEMENT,), main=True),
    Action("close", "结束公示", "结束公示", forms.CloseForm,
           lambda by, batch, form: notices.close_notice(by=by, notice=_open_notice(batch), **form.said()),
           "公示已结束。", frozenset({Right.NOTICE_POST}), POSTS,
           hint="期满、张贴照片齐全、异议全部办结后才能结束。", main=True),
    Action("correct", "更正公示", "更正并重新计日", forms.CorrectForm,
           lambda by, batch, form: notices.correct_notice(by=by, notice=_open_notice(batch), **form.cleaned_data),
           "已按现在的名单重新公示，重新计日。", frozenset({Right.NOTICE_POST}), POSTS, risk=True),
    Action("accept", "确认评议后变更", "确认变更", forms.AcceptForm, _accept, "变更已确认。", REVIEWING,
           (*REVIEWS, StepKind.ANNOUNCEMENT, StepKind.FILING)),
    Action("review", "审核决定", "提交决定", forms_rows.ReviewForm, _review, "决定已登记。", REVIEWING, REVIEWS,
           hint="只有例外的户才填“例外”；抽查不符的户须同时取消或退回。", main=True),
    Action("approve", "批复录入", "批复", forms.ApproveForm, _typed(effects.approve_batch),
           "已批复，名单中各户的状态已更新。", frozenset({Right.COUNTY_REVIEW}), (StepKind.FILING,),
           hint="批复后名单中所有户的状态和日期一次更新；错批依上级文件更正。", main=True,
           sure="批复后，这 {households} 户 {people} 人的状态和日期一次更新，不能撤回；确有错误的，依上级文件更正。"),
    Action("complete", "办结这一步", "办结这一步", forms.CompleteForm, _typed(steps.complete_step), "这一步已办结。",
           frozenset({Right.STEP_RECORD, Right.MEETING_RECORD, Right.COUNTY_REVIEW}), COMPLETED),
    Action("correct-step", "更正上一步", "退回上一步更正", forms.ReasonForm, _typed(wayback.correct_step),
           "已回到上一步，请重新登记。原来的记录保留。", ACTING, tuple(StepKind), risk=True,
           hint="投票、日期、农户意见登记错了，在下一步开始办理以前由本级更正；新旧记录都保留。"),
    Action("stop", "终止名单", "终止名单", forms.ReasonForm, _typed(batches.stop_batch), "名单已终止。", ACTING,
           hint="终止后不产生任何效果，名单中的户可列入其他名单。", risk=True),
)  # fmt: skip
ACTIONS: dict[str, Action] = {action.code: action for action in EVERY}


def demand_action(user: User, batch: Batch, action: Action) -> None:
    """Raise PermissionDenied unless the person holds one of the action's rights at the list's place."""
    if not any(user.can(right, batch.place_id) for right in action.rights):
        raise PermissionDenied


def offered(batch: Batch, altered: bool = False) -> list[Action]:
    """The actions whose forms belong on the page of a list as it stands, for somebody who may act in its step."""
    if batch.step is None:
        drafts = [ACTIONS["describe"], ACTIONS["start"]] if _describes(batch) else [ACTIONS["start"]]
        return drafts if batch.state == Batch.State.DRAFT else []
    without_households = NEED_HOUSEHOLDS if procedure_of(batch.kind).of_village else ()
    fitting = _fitting(batch, batch.step, altered)
    return [
        action
        for action in EVERY
        if batch.step.kind in action.at and fitting.get(action.code, True) and action.code not in without_households
    ]


def _describes(batch: Batch) -> bool:
    return any(name in forms_rows.BY_LIST for name in procedure_of(batch.kind).describes)


def _fitting(batch: Batch, step: TemplateStep, altered: bool) -> dict[str, bool]:
    """Whether an action has its place as the list stands, for those that do not always have it."""
    posted = batch.notices.filter(state=Notice.State.OPEN).first() if step.kind in POSTS else None
    up = posted is not None
    return {
        "survey": bool(step.people) or step.kind == StepKind.SURVEY,
        "sign": bool(set(step.signers) - {Capacity.HEAD}),
        "paper": bool(step.attachments) or step.kind not in POSTS,
        "post": not up,
        "announce": not up,
        "close": posted is not None and notices.may_close(posted),
        "correct": up,
        "accept": altered,
        "values": procedure_of(batch.kind).of_village,
        "correct-step": False,
        "describe": _describes(batch),
    }
