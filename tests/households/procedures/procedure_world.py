"""A village with its people on the way through a procedure: each helper does one step as an ordinary case would."""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from households.models import Batch, Household
from households.models.template import Capacity, PaperKind, StepKind
from households.procedures.applications import services as applications
from households.procedures.engine import clock, templates
from households.procedures.lists import (
    attachments as papers,
    batches,
    effects,
    meetings,
    notices,
    reviews,
    signatures,
    steps,
)
from tests import factories
from villages.rights import Role

START = date(2020, 10, 12)
YEAR = 2020
REPRESENTATIVES, PRESENT = 38, 30


_numbers = count()


def picture() -> ContentFile:
    """No two alike, as a photo of the board may be used once only."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "JPEG", comment=str(next(_numbers)))
    return ContentFile(out.getvalue(), name="photo.jpg")


class World:
    """One village; ``day`` is what the procedures take for today while a step is done. ``checker`` has no part in the
    list: objections may be given to him."""

    def __init__(self, households: int = 3, kind: str = "exit") -> None:
        self.day = START
        self.kind = kind
        self.cadre = factories.posted(Role.VILLAGE_CADRE, name="李建国")
        self.checker = factories.posted(Role.VILLAGE_CADRE, name="孙国强")
        self.zhen = factories.posted(Role.TOWNSHIP_OFFICER, name="赵一民")
        self.xian = factories.posted(Role.COUNTY_OFFICER, name="周文静")
        self.households = [self.household() for _ in range(households)]

    village = factories.VILLAGE

    def household(self, village: str = factories.VILLAGE, **facts: Any) -> Household:
        if self.kind == "identification":
            facts = {"in_register": False, **facts}
        row = factories.household(village, members=2, **facts)
        factories.annual_record(row, YEAR)
        for person in row.members.all():
            factories.member_year(person, YEAR)
        unmet = {"failed": ["income"]} if self.kind in ("identification", "return") else {}
        factories.assessment(row, YEAR, persons=2, **unmet)
        if self.kind == "monitor_out" and row.monitor_type:
            factories.clearance(row, year=YEAR)
        return row

    def at(self) -> Any:
        return clock.at(self.day)

    def later(self, days: int) -> None:
        self.day += timedelta(days=days)

    def draft(self, code: str = "", **more: Any) -> Batch:
        facts = {"source": "chosen", "household_ids": [row.pk for row in self.households], "village": self.village}
        facts |= more
        if code:
            facts["template"] = templates.templates_for(self.kind, factories.VILLAGE).get(code=code)
        with self.at():
            return batches.draft_batch(by=self.cadre, kind=self.kind, year=YEAR, **facts)

    def start(self, code: str = "", **more: Any) -> Batch:
        return self.start_drafted(self.draft(code, **more))

    def start_drafted(self, batch: Batch) -> Batch:
        with self.at():
            return batches.start_batch(by=self.cadre, batch=batch)

    def actor(self, batch: Batch) -> Any:
        assert batch.step is not None
        return {"township": self.zhen, "county": self.xian}.get(batch.step.level, self.cadre)

    def supply(self, batch: Batch) -> None:
        """Upload what the step asks for and have it signed."""
        assert batch.step is not None
        by = self.actor(batch)
        for kind in batch.step.attachments:
            papers.attach_paper(by=by, batch=batch, kind=kind, file=picture())
        for capacity in batch.step.signers:
            if capacity != Capacity.HEAD:
                signatures.sign(by=by, batch=batch, capacity=capacity, name="张三", signed_on=self.day)

    def meet(self, batch: Batch, against: tuple[int, ...] = ()) -> None:
        votes = {
            pk: meetings.Votes(2, PRESENT - 2) if pk in against else meetings.Votes(PRESENT - 1, 0, 1)
            for pk in batch.entries.filter(state="listed").values_list("pk", flat=True)
        }
        meetings.hold_meeting(
            by=self.cadre, batch=batch, held_on=self.day, venue="村委会会议室", chair="李建国",
            representatives=REPRESENTATIVES, present=PRESENT, votes=votes,
        )  # fmt: skip

    def survey(self, batch: Batch) -> None:
        for entry in batch.entries.filter(state="listed").select_related("household"):
            people = [applications.SurveyorFacts(name, self.day) for name in "甲乙丙丁戊"]
            applications.record_survey(
                by=self.cadre, household=entry.household, kind=self.kind, year=YEAR, surveyed_on=self.day,
                finding="meets", surveyors=people, household_signed=True,
            )  # fmt: skip

    def applied(self, batch: Batch) -> None:
        for entry in batch.entries.filter(state="listed").select_related("household"):
            applications.apply(
                by=self.cadre, household=entry.household, kind=self.kind, year=YEAR, applied_on=self.day,
                reason="家中缺劳力", authorised_on=self.day,
            )  # fmt: skip

    def explain(self, batch: Batch) -> None:
        """Why each household is struck off, with evidence."""
        for entry in batch.entries.filter(state="listed", grounds=""):
            batches.describe_entry(by=self.cadre, entry=entry, grounds="识别时隐瞒商品房")
            papers.attach_paper(by=self.cadre, batch=batch, kind="evidence", file=picture(), entry=entry)

    def consent(self, batch: Batch, refused: tuple[int, ...] = ()) -> None:
        entries = batch.entries.filter(state="listed")
        steps.record_consents(
            by=self.cadre,
            batch=batch,
            answers={
                entry.pk: steps.Answer(
                    entry.pk not in refused, self.day, reason="收入不稳" if entry.pk in refused else ""
                )
                for entry in entries
            },
        )

    def do(self, batch: Batch) -> Batch:
        """Do the current step as it should be done, and return the batch at the next one."""
        with self.at():
            self._do(batch)
        batch.refresh_from_db()
        return batch

    def _do(self, batch: Batch) -> None:
        assert batch.step is not None
        kind, by = batch.step.kind, self.actor(batch)
        if kind in (StepKind.NOTICE, StepKind.ANNOUNCEMENT):
            self.notice(batch, by)
            return
        if kind == StepKind.FILING:
            self.supply(batch)
            effects.approve_batch(by=by, batch=batch)
            return
        if kind == StepKind.APPLICATION:
            self.applied(batch)
        if kind == StepKind.SURVEY or (kind == StepKind.VERIFICATION and batch.step.people):
            self.survey(batch)
        if kind == StepKind.CONSENT:
            self.consent(batch)
        if self.kind == "removal" and kind == StepKind.VERIFICATION:
            self.explain(batch)
        self.supply(batch)
        if kind == StepKind.APPRAISAL:
            self.meet(batch)
        if kind in (StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW):
            first = batch.entries.filter(state="listed").first()
            sample = {first.pk: steps.Result(True)} if first else {}
            reviews.review(by=by, batch=batch, kind=kind, sample=sample)
        else:
            steps.complete_step(by=by, batch=batch)

    def notice(self, batch: Batch, by: Any) -> None:
        assert batch.step is not None
        if batch.step.kind == StepKind.ANNOUNCEMENT:
            posted = notices.announce(by=by, batch=batch, board="村委会公示栏")
        else:
            posted = notices.post_notice(by=by, batch=batch, board="村委会公示栏", hotline="12317")
        if posted.days:
            self.supply(batch)
            self.day = posted.ends_on + timedelta(days=1)
            with self.at():
                self.photograph(batch)
                notices.close_notice(by=by, notice=posted)

    def photograph(self, batch: Batch) -> None:
        """The board once more, at the end."""
        if batch.step is not None and PaperKind.BOARD_PHOTO in batch.step.attachments:
            papers.attach_paper(by=self.actor(batch), batch=batch, kind=PaperKind.BOARD_PHOTO, file=picture())

    def until(self, batch: Batch, code: str) -> Batch:
        """Go through the steps until the one of this code is the current one (or, with "", to the end)."""
        while batch.step is not None and batch.step.code != code:
            batch = self.do(batch)
        return batch
