"""A list's page: its steps, its households, what is to be done now; every action is a plain POST."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_POST, require_safe

from households.eligibility.explain import chips
from households.models import Batch, BatchEntry, Member, Paper
from households.models.template import Capacity, Level, PaperKind
from households.procedures.engine import clock
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.forms import BatchForm
from households.procedures.engine.printed import printed_of
from households.procedures.engine.procedure import procedure_of
from households.procedures.lists import boards, facts, looked, rows, selectors, wayback
from households.procedures.lists.actions import (
    ACTIONS,
    Action,
    carry_out,
    demand_action,
    offered,
)
from households.procedures.lists.forms.steps import MeetingForm, ValuesForm
from povreg.kit.headers import handed_out
from povreg.kit.views import holds, paged, refusals_into, require, scoped_or_404
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right, Role

BATCHES = Batch.objects.select_related("place__parent", "template", "step", "created_by")
SHOWN = 100  # households on a page of the list
TONES = {"done": "pass", "current": "act", "later": "plain", "off": "missing"}
STATES = {"done": "已办", "current": "当前", "later": "未到", "off": "省略"}
ENTRY_TONES = {"listed": "act", "out": "missing", "back": "warn"}


@dataclass(frozen=True)
class Card:
    """A form on the page and the action it posts to."""

    action: Action
    form: BatchForm
    url: str
    sure: str = ""

    @property
    def table(self) -> list[dict[str, Any]]:
        return self.form.rows()


@contextmanager
def refused_rows(form: BatchForm) -> Iterator[None]:
    """What a verb found wrong with single households goes beside their lines."""
    try:
        yield
    except ProcedureError as fault:
        form.row_faults = dict(fault.rows)
        raise


@require(Right.BATCH_VIEW)
@require_safe
def procedure(request: SignedInRequest, pk: int) -> HttpResponse:
    """The list as it stands, for whoever may see it; that somebody who decides has opened it is noted."""
    batch = scoped_or_404(BATCHES, request.user, pk)
    looked.look(request.user, batch)
    return show(request, batch)


@require(Right.BATCH_VIEW)
@require_POST
def act_on(request: SignedInRequest, pk: int, action: str) -> HttpResponse:
    """One action; refused, the page comes back with what was typed and the list unchanged."""
    batch = scoped_or_404(BATCHES, request.user, pk)
    if action not in ACTIONS:
        raise Http404(action)
    chosen = ACTIONS[action]
    demand_action(request.user, batch, chosen)
    form = make(request, batch, chosen, listed(request.user, batch))
    if form.is_valid():
        with refusals_into(form), refused_rows(form):
            carry_out(chosen, request.user, batch, form, request.POST.get("then", ""))
            messages.success(request, chosen.done)
            return redirect("procedure", pk=pk)
    return show(request, scoped_or_404(BATCHES, request.user, pk), chosen, form, status=422)


def make(
    request: SignedInRequest, batch: Batch, action: Action, entries: list[BatchEntry], bound: bool = True
) -> BatchForm:
    given = (request.POST, request.FILES) if bound else ()
    return action.form(*given, batch=batch, entries=entries, auto_id=f"id_{action.code}_%s")


def listed(user: User, batch: Batch) -> list[BatchEntry]:
    return list(rows.entries(user, batch, BatchEntry.State.LISTED))


def show(
    request: SignedInRequest,
    batch: Batch,
    refused: Action | None = None,
    form: BatchForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = selectors.batch_page(request.user, batch)
    state = request.GET.get("state", "")
    listing = paged(request, rows.entries(request.user, batch, state if state in ENTRY_TONES else ""), SHOWN)
    altered = facts.changed(batch) if batch.state in Batch.OPEN else []
    lines = rows.rows(batch, listing, altered)
    drafts = batch.state == Batch.State.DRAFT and holds(request.user, Right.BATCH_DRAFT, batch.place_id)
    may_act = page.may_act or drafts
    records = [record for line in page.steps for record in line.records]
    context = {
        "batch": batch,
        "page": page,
        "may_act": may_act,
        "drafts": drafts,
        "steps": [_step(line) for line in page.steps],
        "position": _position(page),
        "waiting_for": _waiting_for(batch),
        "left": clock.left(batch.due_on) if batch.due_on else None,
        "listing": listing,
        "lines": [_line(batch, line) for line in lines],
        "counts": _counts(request.user, batch, None if state or listing.has_other_pages() else lines),
        "state": state,
        "cards": _cards(request, batch, altered, refused, form) if may_act else [],
        "refused": form,
        "notices": [(row, clock.left(row.ends_on, row.day_rule) if row.state == "open" else None)
                    for row in page.notices],
        "photos": boards.counted(paper for line in page.steps for paper in line.papers),
        "printed": printed_of(procedure_of(batch.kind).of_village, {line.step.kind for line in page.steps}),
        "may_correct": wayback.may_correct(request.user, batch, records),
        "may_stop": (may_act or drafts) and batch.state in Batch.OPEN,
        "may_stay": procedure_of(batch.kind).by_verdict and holds(request.user, Right.BATCH_DRAFT, batch.place_id),
        "indicators": _indicators(batch),
        "records": records,
    }  # fmt: skip
    return render(request, "households/procedures/batch.html", context, status=status)


def _cards(
    request: SignedInRequest, batch: Batch, altered: list[int], refused: Action | None, form: BatchForm | None
) -> list[Card]:
    entries = listed(request.user, batch)
    changed = [entry for entry in entries if entry.pk in altered]
    return [
        Card(
            action=action,
            form=form
            if form is not None and action == refused
            else make(request, batch, action, changed if action.code == "accept" else entries, bound=False),
            url=reverse("procedure-act", args=[batch.pk, action.code]),
            sure=_sure(action, batch, entries),
        )
        for action in offered(batch, bool(changed))
    ]


def _sure(action: Action, batch: Batch, entries: list[BatchEntry]) -> str:
    """What is asked before something that cannot be undone, in numbers; a list of the village itself has none."""
    if not action.sure:
        return ""
    if procedure_of(batch.kind).of_village:
        return "批复后，本村的状态随即更新，不能撤回；确有错误的，依上级文件更正。"
    people = Member.objects.present().filter(household__in=[entry.household_id for entry in entries]).count()
    return action.sure.format(households=len(entries), people=people)


def _indicators(batch: Batch) -> list[dict[str, Any]]:
    """What a village's exit is judged by, to read."""
    return ValuesForm(batch=batch).rows() if procedure_of(batch.kind).of_village else []


def _step(line: selectors.StepLine) -> dict[str, Any]:
    step = line.step
    return {
        "line": line,
        "step": step,
        "tone": TONES[line.state],
        "state": STATES[line.state],
        "level": Level(step.level).label,
        "wants": [PaperKind(kind).label for kind in step.attachments],
        "signers": [Capacity(each).label for each in step.signers],
        "latest": line.records[-1] if line.records else None,
        "votes": line.meeting,
    }


def _position(page: selectors.BatchPage) -> tuple[int, int]:
    counted = [line for line in page.steps if line.state != "off"]
    done = next((number for number, line in enumerate(counted, 1) if line.state == "current"), len(counted))
    return (0 if page.batch.state == Batch.State.DRAFT else done), len(counted)


def _waiting_for(batch: Batch) -> str:
    """Whose turn it is, in words."""
    if batch.step is None:
        return "村级拟定人员" if batch.state == Batch.State.DRAFT else ""
    return "、".join(Role(role).label for role in batch.step.roles)


def _counts(user: User, batch: Batch, shown: list[rows.Row] | None) -> dict[str, int]:
    """Households by state; ``shown`` are all of them, where the page shows all."""
    found = dict.fromkeys(ENTRY_TONES, 0)
    if shown is not None:
        for line in shown:
            found[line.entry.state] += 1
        return found
    for state in BatchEntry.objects.visible_to(user).filter(batch=batch).values_list("state", flat=True):
        found[state] += 1
    return found


def _line(batch: Batch, line: rows.Row) -> dict[str, Any]:
    entry, judged = line.entry, line.assessment
    return {
        "row": line,
        "url": reverse("procedure-entry", args=[batch.pk, entry.pk]),
        "household_url": f"{reverse('household', args=[entry.household_id])}?year={batch.year}",
        "state": entry.get_state_display(),
        "tone": ENTRY_TONES[entry.state],
        "chips": [
            {"code": chip.code, "label": chip.label, "result": chip.result, "text": chip.label}
            for chip in (chips(judged) if judged else [])
        ],
        "verdict": judged.verdict if judged else "",
        "per_head": judged.per_head if judged else None,
    }


@require(Right.BATCH_VIEW)
@require_safe
def quorum(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whether as many are there as the meeting needs, for the figures typed so far."""
    batch = scoped_or_404(BATCHES, request.user, pk)
    return HttpResponse(escape(MeetingForm(request.GET, batch=batch).quorum_text()))


@require(Right.BATCH_VIEW)  # type: ignore[arg-type]
@require_safe
def paper_file(request: SignedInRequest, pk: int, paper: int) -> FileResponse:
    """A scan or photo of a list, to who may see the list."""
    scoped_or_404(BATCHES, request.user, pk)
    row = scoped_or_404(Paper.objects.filter(batch_id=pk, removed_at=None), request.user, paper)
    return handed_out(row.file, row.content_type)
