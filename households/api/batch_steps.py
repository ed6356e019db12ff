"""The verbs that take a list through its steps. Codes and rights are those of the page's table of actions."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from rest_framework.request import Request

from households.api import batch_bodies as bodies
from households.api.batch_verbs import verb
from households.models import Batch, BatchEntry, Notice
from households.models.template import StepKind
from households.procedures.applications import services as applications
from households.procedures.engine import village_exit
from households.procedures.engine.errors import StateError
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
)
from households.procedures.lists.actions import ACTIONS, REVIEWS
from villages.rights import Right

Given = dict[str, Any]
CODES = {
    "start": "start",
    "stop": "stop",
    "record_survey": "survey",
    "record_results": "results",
    "record_consents": "consents",
    "record_values": "values",
    "hold_meeting": "meeting",
    "attach_paper": "paper",
    "record_signature": "sign",
    "post_notice": "post",
    "announce": "announce",
    "close_notice": "close",
    "correct_notice": "correct",
    "accept_changes": "accept",
    "decide": "review",
    "approve": "approve",
    "complete": "complete",
}


class BatchSteps:
    """Part of the resource of lists."""

    request: Request
    rights: dict[str, Any] = {name: ACTIONS[code].rights for name, code in CODES.items()}

    @verb(code="start")
    def start(self, batch: Batch, given: Given) -> None:
        """Begin the first step; the template is pinned from here on."""
        batches.start_batch(by=self.request.user, batch=batch)

    @verb(bodies.Because, code="stop")
    def stop(self, batch: Batch, given: Given) -> None:
        """End a list without effect; its households are free for another."""
        batches.stop_batch(by=self.request.user, batch=batch, **given)

    @verb(bodies.Visits, code="survey")
    def record_survey(self, batch: Batch, given: Given) -> None:
        """Visits by one team on one day to some households of the list."""
        chosen = given.pop("entries")
        rows = batch.entries.filter(pk__in=chosen).select_related("household").order_by("pk")
        if len(rows) < len(set(chosen)):
            raise StateError("所选的户已不在名单中，请重新读取名单后再办。")
        with transaction.atomic():
            for entry in rows:
                applications.record_survey(
                    by=self.request.user,
                    household=entry.household,
                    kind=batch.kind,
                    year=batch.year,
                    **bodies.visit(given),
                )

    @verb(bodies.Findings, code="results")
    def record_results(self, batch: Batch, given: Given) -> None:
        """What the step found of households; who does not hold is taken out when the step is completed."""
        steps.record_results(by=self.request.user, batch=batch, results=bodies.results(given["results"]))

    @verb(bodies.Consents, code="consents")
    def record_consents(self, batch: Batch, given: Given) -> None:
        """The households' own word; a refusal takes the household off the list."""
        steps.record_consents(by=self.request.user, batch=batch, answers=bodies.answers(given))

    @verb(bodies.Indicators, code="values")
    def record_values(self, batch: Batch, given: Given) -> None:
        """Indicators of a village's exit: declared in its first step, confirmed by the reviewers."""
        declares = batch.step is None or batch.step.kind == StepKind.APPLICATION
        write = village_exit.declare_values if declares else village_exit.confirm_values
        values = bodies.by_id(given["values"], lambda row: (row["value"], row["note"]), "indicator")
        write(by=self.request.user, batch=batch, values=values)

    @verb(bodies.Held, code="meeting")
    def hold_meeting(self, batch: Batch, given: Given) -> None:
        """An appraisal with the votes on every household; the outcome is computed."""
        counted = bodies.votes(given.pop("votes"))
        meetings.hold_meeting(by=self.request.user, batch=batch, votes=counted, **given)

    @verb(bodies.NewPaper, code="paper", files=True)
    def attach_paper(self, batch: Batch, given: Given) -> None:
        """Upload a scan or photo of the current step."""
        chosen = given.pop("entry", None)
        entry = None if chosen is None else get_object_or_404(BatchEntry, batch=batch, pk=chosen)
        papers.attach_paper(by=self.request.user, batch=batch, entry=entry, **given)

    @verb(bodies.Signing, code="sign")
    def record_signature(self, batch: Batch, given: Given) -> None:
        """Note a signature on paper; the last one of a capacity counts."""
        signatures.sign(by=self.request.user, batch=batch, **given)

    @verb(bodies.Posting, code="post")
    def post_notice(self, batch: Batch, given: Given) -> None:
        """Put the list up: it is frozen, and the days of the notice begin."""
        notices.post_notice(by=self.request.user, batch=batch, **given)

    @verb(bodies.Announcing, code="announce")
    def announce(self, batch: Batch, given: Given) -> None:
        """Announce the decided list."""
        notices.announce(by=self.request.user, batch=batch, **given)

    @verb(code="close")
    def close_notice(self, batch: Batch, given: Given) -> None:
        """End the notice whose days are over."""
        notices.close_notice(by=self.request.user, notice=open_notice(batch))

    @verb(bodies.Correcting, code="correct")
    def correct_notice(self, batch: Batch, given: Given) -> None:
        """Put up the list as it is now instead of a notice that was wrong; its days begin again."""
        notices.correct_notice(by=self.request.user, notice=open_notice(batch), **given)

    @verb(bodies.Accepting, code="accept")
    def accept_changes(self, batch: Batch, given: Given) -> None:
        """Let households stand on the facts as they are now, after the reviewer looked at what changed."""
        facts.accept_changes(by=self.request.user, batch=batch, entry_ids=given["entries"], reason=given["reason"])

    @verb(bodies.Deciding, code="review")
    def decide(self, batch: Batch, given: Given) -> None:
        """The township's or county's decision: pass the list but for its exceptions, or return it."""
        reviews.review(by=self.request.user, batch=batch, kind=self._review(batch), **bodies.decision(given))

    def _review(self, batch: Batch) -> str:
        """The review the list stands at; elsewhere the caller's own, which the verb then refuses with a reason."""
        if batch.step is not None and batch.step.kind in REVIEWS:
            return str(batch.step.kind)
        county = self.request.user.can(Right.COUNTY_REVIEW, batch.place_id)  # type: ignore[union-attr]
        return StepKind.COUNTY_REVIEW if county else StepKind.TOWNSHIP_REVIEW

    @verb(bodies.Approving, code="approve")
    def approve(self, batch: Batch, given: Given) -> None:
        """Approve the list: every household left on it changes its standing, at once or not at all."""
        effects.approve_batch(by=self.request.user, batch=batch, **given)

    @verb(bodies.Completing, code="complete")
    def complete(self, batch: Batch, given: Given) -> None:
        """End the current step and go on to the next."""
        steps.complete_step(by=self.request.user, batch=batch, **given)


def open_notice(batch: Batch) -> Notice:
    """The notice that is up. Raises StateError when there is none."""
    found = batch.notices.filter(state=Notice.State.OPEN).order_by("-pk").first()
    if found is None:
        raise StateError("这份名单现在没有张贴的公示，请先张贴。")
    return found
