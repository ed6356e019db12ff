"""One list of the demonstration on its way, done by the verbs that people use."""

import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from households.eligibility.assess import recompute_households
from households.leads.income.services import save_income_test
from households.leads.people import living_on
from households.models import Batch, Clearance, Household, Notice
from households.models.codes import MEASURE_PAPER
from households.models.template import Capacity, Kind, PaperKind, StepKind
from households.procedures.applications import services as applications
from households.procedures.engine import clock
from households.procedures.engine.procedure import procedure_of
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
from households.procedures.lists.rows import suggest
from households.procedures.objections import services as objections
from households.register.attachments import add_attachment
from povreg.demo.county import FIRST_DAY
from povreg.demo.facts import YEARS
from povreg.kit.scopes import township_of, within
from villages.models import Posting, User
from villages.rights import Role

YEAR = YEARS[-1]
REPRESENTATIVES, PRESENT = 38, 31
BOARD, HOTLINE = "村委会公示栏", "12317"
DESCRIBED: dict[str, dict[str, Any]] = {
    Kind.MONITOR_OUT: {"clear_way": "1"},
    Kind.REMOVAL: {"grounds": "经核实，识别时隐瞒了县城的商品房"},
}
VILLAGERS = (
    *("谭国安", "王立平", "罗永芳", "向德明", "冉光华", "龚世清", "熊家富", "秦大友", "彭万春", "易长贵", "姚文昌"),
    *("邓先碧", "廖启富", "蒲天寿", "石正才", "牟方全", "文显明", "郎元寿", "刁家兴", "雷中和"),
)
SENT = ("周航", "吴小军", "何佳", "段博", "尹雪", "曾宇", "汪洋", "沈思远")
OFFICIALS = ("何正明", "罗永强", "傅志刚", "黎红", "贺建军", "幸福生", "唐毅", "杜成", "贾兰", "游小平")
PICTURE = Image.new("RGB", (320, 210), (226, 226, 226))


def signers_of(village: str) -> dict[str, str]:
    """Who signs for a village, its township and its county: the same people for all of its lists."""
    group_leader, secretary, director = Random(village).sample(VILLAGERS, 3)  # noqa: S311 - invented, not secret
    sent = Random(village).choice(SENT)  # noqa: S311
    office, leader = Random(township_of(village)).sample(OFFICIALS, 2)  # noqa: S311
    return {
        Capacity.GROUP_LEADER: group_leader,
        Capacity.VILLAGE_SECRETARY: secretary,
        Capacity.VILLAGE_DIRECTOR: director,
        Capacity.FIRST_SECRETARY: sent,
        Capacity.TEAM_LEADER: sent,
        Capacity.TOWNSHIP_OFFICE: office,
        Capacity.TOWNSHIP_LEADER: leader,
        Capacity.COUNTY_OFFICE: "周文静",
        Capacity.COUNTY_LEADER: "陈立",
    }


def posted(username: str, name: str, role: Role, place: str) -> User:
    """The demonstration's account of a role if it is posted there, else one without password that stands in."""
    account = User.objects.get(username=username)
    if any(role == held and place.startswith(code) for held, code in account.postings_today()):
        return account
    stand_in, _ = User.objects.get_or_create(
        username=f"{username}-{place[6:]}",
        defaults={
            "name": name,
            "place_id": place,
            "password": make_password(None),
            "must_change_password": False,
            "password_changed_at": timezone.now(),
        },
    )
    Posting.objects.get_or_create(user=stand_in, role=role, place_id=place, defaults={"starts_on": FIRST_DAY})
    return stand_in


def picture() -> ContentFile:
    """A photo that shows nothing; no two alike."""
    out = io.BytesIO()
    PICTURE.save(out, "JPEG", comment=uuid4().hex)
    return ContentFile(out.getvalue(), name="photo.jpg")


class Walk:
    """One list on its way. ``day`` is the day on which the next verb is done."""

    def __init__(self, officer: User, village: str, year: int = YEAR) -> None:
        self.village, self.county, self.year = village, officer, year
        self.signers = signers_of(village)
        director, office = Capacity.VILLAGE_DIRECTOR, Capacity.TOWNSHIP_OFFICE
        self.cadre = posted("cun", self.signers[director], Role.VILLAGE_CADRE, village)
        self.township = posted("zhen", self.signers[office], Role.TOWNSHIP_OFFICER, township_of(village))
        self.signers |= {director: self.cadre.name, office: self.township.name}
        self.household_ids: list[int] = []
        self.day = timezone.localdate()

    def draft(self, days_ago: int, kind: str = Kind.MONITOR_IN) -> Batch:
        self.day = timezone.localdate() - timedelta(days=days_ago)
        with clock.at(self.day):
            return batches.draft_batch(
                by=self.cadre, kind=kind, village=self.village, year=self.year, household_ids=self.household_ids
            )

    def start(self, days_ago: int, kind: str = Kind.MONITOR_IN) -> Batch:
        batch = self.draft(days_ago, kind)
        for entry in batch.entries.select_related("household") if procedure_of(kind).describes else ():
            klass = "1" if entry.household.exit_status == "1" else "2"
            said = DESCRIBED.get(kind) or {"monitor_type": klass, "risks": ["07"]}
            batches.describe_entry(by=self.cadre, entry=entry, **said)
        with clock.at(self.day):
            return batches.start_batch(by=self.cadre, batch=batch)

    def until(self, batch: Batch, code: str) -> Batch:
        """Do the steps up to the one of this code (all of them for ""), a day each."""
        while batch.step is not None and batch.step.code != code:
            with clock.at(self.day):
                self.do(batch)
            batch.refresh_from_db()
            self.day = min(self.day + timedelta(days=1), timezone.localdate())
        return batch

    def actor(self, batch: Batch) -> User:
        assert batch.step is not None
        return {"township": self.township, "county": self.county}.get(batch.step.level, self.cadre)

    def do(self, batch: Batch) -> None:
        assert batch.step is not None
        kind, by = batch.step.kind, self.actor(batch)
        if kind in (StepKind.NOTICE, StepKind.ANNOUNCEMENT):
            self.run_notice(batch)
            return
        self.supply(batch)
        if kind == StepKind.FILING:
            effects.approve_batch(by=by, batch=batch)
        elif kind in (StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW):
            self.explain_stayers(batch)
            reviews.review(by=by, batch=batch, kind=kind, sample=self.sample(batch))
        else:
            steps.complete_step(by=by, batch=batch)

    def supply(self, batch: Batch) -> None:
        """Papers, signatures, and what the kind of step asks for."""
        assert batch.step is not None
        by = self.actor(batch)
        for kind in batch.step.attachments:
            papers.attach_paper(by=by, batch=batch, kind=kind, file=picture())
        for capacity in batch.step.signers:
            if capacity != Capacity.HEAD:
                signatures.sign(by=by, batch=batch, capacity=capacity, name=self.signers[capacity])
        own: dict[str, Callable[[Batch], Any]] = {
            StepKind.APPLICATION: self.apply,
            StepKind.SURVEY: self.survey,
            StepKind.CONSENT: self.consent,
            StepKind.VERIFICATION: self.prove,
            StepKind.APPRAISAL: self.meet,
        }
        if batch.step.kind in own:
            own[batch.step.kind](batch)

    def entries(self, batch: Batch) -> Any:
        return batch.entries.filter(state="listed").select_related("household").order_by("pk")

    def apply(self, batch: Batch) -> None:
        for entry in self.entries(batch):
            row = applications.apply(
                by=self.cadre, household=entry.household, kind=batch.kind, year=self.year, applied_on=self.day,
                reason="务工收入不稳定", authorised_on=self.day,
            )  # fmt: skip
            people = living_on(entry.household, self.day)
            facts = {"wage_income": Decimal(5200) * len(people), "member_ids": [each.pk for each in people]}
            save_income_test(by=self.cadre, about=row, facts={**facts, "basis": "长期共同生活"})

    def survey(self, batch: Batch) -> None:
        went = (self.cadre.name, self.signers[Capacity.FIRST_SECRETARY])
        surveyors = [applications.SurveyorFacts(name, self.day) for name in went]
        for entry in self.entries(batch):
            applications.record_survey(
                by=self.cadre, household=entry.household, kind=batch.kind, year=self.year, surveyed_on=self.day,
                finding="meets", surveyors=surveyors, household_signed=True, read_back=True,
            )  # fmt: skip

    def deliver(self, household: Household) -> None:
        """The paper of a measure that was delivered, so that the risk may be removed."""
        if not Clearance.objects.filter(household=household, year=self.year, eligible=True).exists():
            add_attachment(by=self.cadre, household=household, year=self.year, kind=MEASURE_PAPER, file=picture())
            recompute_households([household.pk], self.year)

    def prove(self, batch: Batch) -> None:
        """Evidence for who is struck off."""
        for entry in self.entries(batch) if batch.kind == Kind.REMOVAL else ():
            papers.attach_paper(by=self.cadre, batch=batch, kind=PaperKind.EVIDENCE, file=picture(), entry=entry)

    def consent(self, batch: Batch) -> None:
        answers = {entry.pk: steps.Answer(True, self.day) for entry in self.entries(batch)}
        steps.record_consents(by=self.cadre, batch=batch, answers=answers)

    def meet(self, batch: Batch) -> None:
        votes = {entry.pk: meetings.Votes(PRESENT - 2, 1, 1) for entry in self.entries(batch)}
        people = {"chair": self.signers[Capacity.VILLAGE_SECRETARY], "recorder": self.cadre.name}
        meetings.hold_meeting(
            by=self.cadre, batch=batch, held_on=self.day, venue="村委会会议室", representatives=REPRESENTATIVES,
            present=PRESENT, votes=votes, minutes="逐户介绍情况，逐户表决。", **people,
        )  # fmt: skip

    def sample(self, batch: Batch) -> dict[int, steps.Result]:
        first = self.entries(batch).first()
        return {first.pk: steps.Result(True, "入户核对，与登记相符")} if first else {}

    def explain_stayers(self, batch: Batch) -> None:
        if batch.kind != Kind.EXIT:
            return
        staying = Household.objects.registered().filter(within("village_id", self.village), exit_status__in=("0", "3"))
        staying = staying.exclude(entries__batch=batch, entries__state="listed")
        judged = {row.pk: row.assessments.filter(year=self.year).first() for row in staying}
        reasons = {row.pk: (suggest(row, judged[row.pk], self.year) or "02", "") for row in staying}
        batches.record_stay_reasons(by=self.cadre, village=self.village, year=self.year, reasons=reasons)

    def post(self, batch: Batch) -> Notice:
        by = self.actor(batch)
        with clock.at(self.day):
            if batch.step is not None and batch.step.kind == StepKind.ANNOUNCEMENT:
                return notices.announce(by=by, batch=batch, board=BOARD, hotline=HOTLINE)
            return notices.post_notice(by=by, batch=batch, board=BOARD, hotline=HOTLINE)

    def run_notice(self, batch: Batch) -> None:
        posted = self.post(batch)
        if posted.days:
            self.supply(batch)
            self.day = posted.ends_on + timedelta(days=1)
            with clock.at(self.day):
                self.photograph(batch)
                notices.close_notice(by=self.actor(batch), notice=posted)

    def photograph(self, batch: Batch) -> None:
        """The board once more, at the end of a notice."""
        if batch.step is not None and PaperKind.BOARD_PHOTO in batch.step.attachments:
            papers.attach_paper(by=self.actor(batch), batch=batch, kind=PaperKind.BOARD_PHOTO, file=picture())

    def object(self, notice: Notice, text: str, *, position: int = 1, name: str = "") -> Any:
        with clock.at(self.day):
            line = notice.lines.get(position=position)
            return objections.receive_objection(by=None, notice=notice, line=line, text=text, name=name)

    def settle(self, objection: Any, decision: str, finding: str, answer: str) -> None:
        """Assign, investigate, decide and answer an objection on one day."""
        by, effect = self.township, "out" if decision == "upheld" else ""
        with clock.at(self.day):
            objections.assign_objection(by=by, objection=objection, to=by)
            objections.investigate_objection(by=by, objection=objection, text=finding)
            objections.decide_objection(by=by, objection=objection, decision=decision, reason=finding, effect=effect)
            objections.answer_objection(by=by, objection=objection, answer=answer)
