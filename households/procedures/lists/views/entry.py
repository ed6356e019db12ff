"""One household of a list: evidence, what changed since the appraisal, and what is done with it alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from households.eligibility.explain import chips, verdict_url
from households.models import Batch, BatchEntry
from households.models.template import PaperKind
from households.procedures.engine.forms import (
    BatchForm,
    CorrectionForm,
    DescribeForm,
    EvidenceForm,
    ExceptionForm,
    OffForm,
    ReasonForm,
    StartForm,
)
from households.procedures.engine.procedure import procedure_of
from households.procedures.lists import (
    attachments as papers,
    batches,
    corrected,
    facts,
    rows,
    selectors,
    wayback,
)
from households.procedures.lists.actions import ACTING, REVIEWING
from households.procedures.lists.views.batch import BATCHES
from povreg.kit.views import holds, refusals_into, require, scoped_or_404
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right


def _off(by: User, entry: BatchEntry, form: BatchForm) -> object:
    values = form.cleaned_data
    if values["how"] == "back":
        return batches.send_back(by=by, entry=entry, reason=values["reason"])
    return batches.take_out(by=by, entry=entry, reason=values["reason"], stay_reason=values.get("stay_reason", ""))


def _describe(by: User, entry: BatchEntry, form: BatchForm) -> object:
    return batches.describe_entry(by=by, entry=entry, **form.cleaned_data)


def _accept(by: User, entry: BatchEntry, form: BatchForm) -> object:
    reason = form.cleaned_data["reason"]
    return facts.accept_changes(by=by, batch=entry.batch, entry_ids=[entry.pk], reason=reason)


def _except(by: User, entry: BatchEntry, form: BatchForm) -> object:
    return batches.except_entry(by=by, entry=entry, **form.cleaned_data)


def _evidence(by: User, entry: BatchEntry, form: BatchForm) -> object:
    file = form.cleaned_data["file"]
    return papers.attach_paper(by=by, batch=entry.batch, kind=PaperKind.EVIDENCE, file=file, entry=entry)


def _continue(by: User, entry: BatchEntry, form: BatchForm) -> object:
    return wayback.continue_entries(by=by, batch=entry.batch, entry_ids=[entry.pk])


def _correct(by: User, entry: BatchEntry, form: BatchForm) -> object:
    return corrected.correct_approval(by=by, entry=entry, **form.cleaned_data)


DONE = {
    "continue": "已另立接续名单，从原来所在的步骤继续办理。",
    "correct": "更正已提出，须由另一人在“更正令”中批准；批准后自动公告。",
    "off": "已办理，其他户继续。",
    "describe": "已保存。",
    "accept": "变更已确认。",
    "except": "已按例外列入，各级审核时都会看到。",
    "evidence": "佐证材料已上传。",
}
FORMS: dict[str, tuple[type[BatchForm], Any, frozenset[Right]]] = {
    "off": (OffForm, _off, ACTING),
    "describe": (DescribeForm, _describe, ACTING),
    "accept": (ReasonForm, _accept, REVIEWING),
    "except": (ExceptionForm, _except, ACTING),
    "evidence": (EvidenceForm, _evidence, ACTING),
    "continue": (StartForm, _continue, frozenset({Right.BATCH_DRAFT})),
    "correct": (CorrectionForm, _correct, frozenset({Right.COUNTY_REVIEW})),
}


@require(Right.BATCH_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def procedure_entry(request: SignedInRequest, pk: int, entry: int) -> HttpResponse:
    """The household's page in the list; a form names what it does in ``do``."""
    batch = scoped_or_404(BATCHES, request.user, pk)
    row = scoped_or_404(rows.entries(request.user, batch), request.user, entry)
    if request.method != "POST":
        return _show(request, batch, row)
    do = request.POST.get("do", "off")
    if do not in FORMS:
        raise Http404(do)
    make, run, rights = FORMS[do]
    if not _holds_one(request.user, rights, batch):
        raise PermissionDenied
    form = make(request.POST, request.FILES, batch=batch, auto_id=f"id_{do}_%s", initial=_known(row))
    if form.is_valid():
        with refusals_into(form):
            run(request.user, row, form)
            messages.success(request, DONE[do])
            return redirect("procedure-entry", pk=pk, entry=entry)
    return _show(request, batch, row, do, form)


def _holds_one(user: User, rights: frozenset[Right], batch: Batch) -> bool:
    return any(holds(user, right, batch.place_id) for right in rights)


def _known(row: BatchEntry) -> dict[str, Any]:
    return {"monitor_type": row.monitor_type, "risks": row.risks, "clear_way": row.clear_way, "grounds": row.grounds}


def _offered(user: User, batch: Batch, row: BatchEntry, changed: bool) -> list[str]:
    """The forms this person finds on the page."""
    if row.state != BatchEntry.State.LISTED:
        drafts = holds(user, Right.BATCH_DRAFT, batch.place_id)
        return ["continue"] if drafts and not row.is_open and wayback.may_continue(row) else []
    if batch.state == Batch.State.DONE:
        return ["correct"] if holds(user, Right.COUNTY_REVIEW, batch.place_id) else []
    if row.state != BatchEntry.State.LISTED or batch.state not in Batch.OPEN or not _may_act(user, batch):
        return []
    found = ["off"]
    kind = procedure_of(batch.kind)
    if kind.takes_in:
        found.insert(0, "except")
    if batch.step is not None:
        found.insert(0, "evidence")
    if kind.describes and not row.facts_at:
        found.insert(0, "describe")
    if changed and _holds_one(user, REVIEWING, batch):
        found.insert(0, "accept")
    return found


def _may_act(user: User, batch: Batch) -> bool:
    drafts = batch.state == Batch.State.DRAFT and holds(user, Right.BATCH_DRAFT, batch.place_id)
    return drafts or (batch.step is not None and not selectors.may_not(user, batch))


def _show(
    request: SignedInRequest, batch: Batch, row: BatchEntry, do: str = "", form: BatchForm | None = None
) -> HttpResponse:
    line = rows.rows(batch, [row])[0]
    judged = line.assessment
    names = _offered(request.user, batch, row, line.changed)
    made = {
        name: FORMS[name][0](batch=batch, auto_id=f"id_{name}_%s", initial=_known(row)) for name in names if name != do
    }
    context = {
        "batch": batch,
        "line": line,
        "entry": row,
        "chips": chips(judged) if judged else [],
        "verdict_url": verdict_url(judged) if judged else "",
        "differences": facts.differences(row),
        "forms": [(name, TITLES[name], form if name == do else made[name]) for name in names],
        "refused": form,
        "results": row.results.select_related("step", "by"),
        "signatures": row.signatures.select_related("step"),
        "corrections": row.corrections.select_related("ordered_by", "notice"),
        "may_export": holds(request.user, Right.EXPORT, batch.place_id),
        "papers": row.papers.filter(removed_at=None),
        "votes": row.votes.select_related("meeting__step").order_by("-pk"),
    }
    return render(request, "households/procedures/entry.html", context, status=422 if form else 200)


TITLES = {
    "off": "取消或退回这一户",
    "describe": "本户情况",
    "accept": "确认评议后变更",
    "except": "按例外列入（线不是唯一标准的，写明理由并附佐证）",
    "evidence": "上传本户佐证材料",
    "continue": "接续办理：另立名单，从取消或退回时所在的步骤继续",
    "correct": "更正批复：依上级文件撤销这份名单对本户的认定",
}
