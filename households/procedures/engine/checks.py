"""What a step still lacks before it can be completed: sentences, each with what to do. Empty: it can."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from django.db.models import Count, Exists, OuterRef

from households.models import (
    Application,
    Batch,
    BoardPhoto,
    EntryResult,
    Meeting,
    Notice,
    Objection,
    Paper,
    Signature,
    Survey,
    TemplateStep,
)
from households.models.template import Capacity, PaperKind, StepKind
from households.procedures.engine import clock, compared
from households.procedures.engine.duties import POSTING
from households.procedures.engine.errors import listed
from households.procedures.engine.procedure import Check, procedure_of


def lacking(batch: Batch, step: TemplateStep) -> tuple[list[str], list[str]]:
    """Kinds of papers and capacities that a step still lacks; asked once a page, the answer stays with ``batch``."""
    kept: tuple[int, tuple[list[str], list[str]]] | None = getattr(batch, "lacking", None)
    if kept is None or kept[0] != step.pk:
        kept = (step.pk, (_lacking_papers(batch, step), _lacking_signatures(batch, step)))
        batch.lacking = kept  # type: ignore[attr-defined]
    return kept[1]


def keep_lacking(batch: Batch, step: TemplateStep, papers: Sequence[Paper], signed: Sequence[Signature]) -> None:
    """:func:`lacking` out of what a page has read already."""
    here = (step.pk, batch.round)
    kinds = {paper.kind for paper in papers if (paper.step_id, paper.round) == here}
    names = {row.capacity for row in signed if (row.step_id, row.round) == here}
    absent = [] if step.kind == StepKind.CONSENT else [each for each in step.signers if each not in names]
    batch.lacking = (step.pk, (_absent_papers(batch, step, kinds), absent))  # type: ignore[attr-defined]


def _lacking_papers(batch: Batch, step: TemplateStep) -> list[str]:
    rows = Paper.objects.filter(batch=batch, step=step, round=batch.round, removed_at=None)
    return _absent_papers(batch, step, set(rows.values_list("kind", flat=True)) if step.attachments else set())


def _absent_papers(batch: Batch, step: TemplateStep, there: set[str]) -> list[str]:
    found = [kind for kind in step.attachments if kind not in there]
    if step.kind in POSTING and PaperKind.BOARD_PHOTO in step.attachments:
        found = [kind for kind in found if kind != PaperKind.BOARD_PHOTO]
        found += [str(PaperKind.BOARD_PHOTO)] if _moments(batch, step) else []
    if PaperKind.COMPARISON in found and step.kind == StepKind.COMPARISON and compared.covers(batch):
        found.remove(str(PaperKind.COMPARISON))
    return found


def papers(batch: Batch, step: TemplateStep) -> list[str]:
    names = [str(PaperKind(kind).label) for kind in _lacking_papers(batch, step) if not _of_board(kind, step)]
    names += _moments(batch, step) if PaperKind.BOARD_PHOTO in step.attachments and step.kind in POSTING else []
    return [f"还没有上传：{'、'.join(names)}。请先上传。"] if names else []


def _of_board(kind: str, step: TemplateStep) -> bool:
    return kind == PaperKind.BOARD_PHOTO and step.kind in POSTING


def _moments(batch: Batch, step: TemplateStep) -> list[str]:
    """Which photos of the board a notice still lacks; one without days takes them afterwards."""
    hangs = batch.notices.filter(step=step, round=batch.round, state=Notice.State.OPEN)
    if not step.days:
        return []
    rows = BoardPhoto.objects.filter(notice__in=hangs, paper__removed_at=None)
    there = set(rows.values_list("moment", flat=True))
    return [f"{PaperKind.BOARD_PHOTO.label}（{each.label}）" for each in BoardPhoto.Moment if each not in there]


def _lacking_signatures(batch: Batch, step: TemplateStep) -> list[str]:
    if step.kind == StepKind.CONSENT or not step.signers:
        return []
    rows = Signature.objects.filter(batch=batch, step=step, round=batch.round, entry=None)
    there = set(rows.values_list("capacity", flat=True))
    return [each for each in step.signers if each not in there]


def signatures(batch: Batch, step: TemplateStep) -> list[str]:
    names = "、".join(Capacity(each).label for each in _lacking_signatures(batch, step))
    return [f"还没有签字：{names}。请先登记签字。"] if names else []


def somebody_listed(batch: Batch, step: TemplateStep) -> list[str]:
    if procedure_of(batch.kind).of_village or batch.entries.filter(state="listed").exists():
        return []
    return ["名单中已经没有农户。请终止这份名单。"]


def applications(batch: Batch, step: TemplateStep) -> list[str]:
    kind = procedure_of(batch.kind)
    if kind.of_village:
        return []
    applied = Application.objects.filter(
        household_id=OuterRef("household_id"), kind=batch.kind, state__in=("open", "listed"), year=batch.year
    )
    if kind.authorised:
        applied = applied.filter(authorised_on__isnull=False)
    lacking = batch.entries.filter(~Exists(applied), state="listed").values_list("household__household_no", flat=True)
    what = "申请和承诺授权" if kind.authorised else "申请"
    return [f"户 {listed(lacking)} 没有登记{what}。请先登记，或把这些户取消。"] if lacking else []


def surveys(batch: Batch, step: TemplateStep) -> list[str]:
    """Every listed household was surveyed for this by enough people (policy.md 7.9, 2.8)."""
    enough = max(step.people, 2) if step.kind == StepKind.SURVEY else step.people
    if not enough:
        return []
    done = (
        Survey.objects.filter(household_id=OuterRef("household_id"), kind=batch.kind, year=batch.year)
        .annotate(people=Count("surveyors"))
        .filter(people__gte=enough)
    )
    lacking = batch.entries.filter(~Exists(done), state="listed").values_list("household__household_no", flat=True)
    return [f"户 {listed(lacking)} 没有 {enough} 人以上签字的入户调查。请先登记入户调查。"] if lacking else []


def consents(batch: Batch, step: TemplateStep) -> list[str]:
    lacking = batch.entries.filter(state="listed", consent=None).values_list("household__household_no", flat=True)
    return [f"户 {listed(lacking)} 还没有登记是否认可。请逐户登记认可或不认可。"] if lacking else []


def meeting(batch: Batch, step: TemplateStep) -> list[str]:
    held = Meeting.objects.filter(batch=batch, step=step, round=batch.round).order_by("-pk").first()
    if held is None:
        return ["还没有登记民主评议会议。请先登记会议和逐户表决结果。"]
    lacking = batch.entries.filter(state="listed").exclude(votes__meeting=held)
    numbers = lacking.values_list("household__household_no", flat=True)
    return [f"户 {listed(numbers)} 没有表决结果。请重新登记会议。"] if numbers else []


def needed_present(representatives: int, quorum: Fraction) -> int:
    """The least number of representatives that makes a meeting valid."""
    return ceil(representatives * quorum)


def notice(batch: Batch, step: TemplateStep) -> list[str]:
    """The notice ran its whole time."""
    posted = Notice.objects.filter(batch=batch, step=step, round=batch.round, state=Notice.State.OPEN).first()
    if posted is None:
        return [f"“{step.label}”还没有张贴。请先张贴。"]
    if clock.today() <= posted.ends_on:
        left = clock.left(posted.ends_on, posted.day_rule)
        return [f"公示到 {posted.ends_on:%Y年%m月%d日} 为止（{left}），不能提前结束。"]
    return []


def objections(batch: Batch, step: TemplateStep) -> list[str]:
    waiting = Objection.objects.open().filter(batch=batch).count()
    return [f"还有 {waiting} 件异议没有答复。请先办结异议。"] if waiting else []


def sample(batch: Batch, step: TemplateStep) -> list[str]:
    """The reviewer looked again at enough households (policy.md 2.8)."""
    if not step.sample_percent:
        return []
    count = batch.entries.filter(state="listed").count()
    least = max(ceil(count * step.sample_percent / 100), 1)
    done = EntryResult.objects.filter(entry__batch=batch, step=step, round=batch.round).exclude(
        outcome=EntryResult.Outcome.ACCEPTED
    )
    looked = done.values("entry").distinct().count()
    return [] if looked >= least else [f"应抽查至少 {least} 户，已抽查 {looked} 户。请登记抽查结果。"]


def reviewed(batch: Batch, step: TemplateStep) -> list[str]:
    """What the kind asks of a review."""
    return [text for check in procedure_of(batch.kind).reviewed for text in check(batch, step)]


def filed(batch: Batch, step: TemplateStep) -> list[str]:
    """What the kind asks of the approval."""
    return [text for check in procedure_of(batch.kind).filed for text in check(batch, step)]


COMMON: tuple[Check, ...] = (somebody_listed, papers, signatures)
CHECKS: dict[str, tuple[Check, ...]] = {
    StepKind.APPLICATION: (applications,),
    StepKind.SURVEY: (surveys,),
    StepKind.VERIFICATION: (surveys,),
    StepKind.CONSENT: (consents,),
    StepKind.APPRAISAL: (meeting,),
    StepKind.NOTICE: (notice, objections),
    StepKind.ANNOUNCEMENT: (notice, objections),
    StepKind.TOWNSHIP_REVIEW: (objections, sample, reviewed),
    StepKind.COUNTY_REVIEW: (objections, sample, reviewed),
    StepKind.FILING: (objections, filed),
}


def missing(batch: Batch, step: TemplateStep) -> list[str]:
    """Everything the step lacks."""
    return [text for check in (*COMMON, *CHECKS.get(step.kind, ())) for text in check(batch, step)]
