"""Verbs of samples: drawn once by a seed, filled household by household, closed with their rates."""

from __future__ import annotations

import gzip
import hashlib
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils import timezone

from audits.models import Sample, SampleCase, SamplePhoto
from audits.samples.design.draws import digest_of, draw
from audits.samples.measures import Measure, measures_of, named
from audits.samples.plans import Design, Plan, Unit, Wanted, plan, reserve_of
from audits.samples.results import PEOPLE, results_of
from households.register.attachments import SUFFIXES, checked
from households.register.errors import refusal
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY
from povreg.kit.stale import check_version
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

State = SampleCase.State
SEED_BYTES = 16
SHORTEST = 4
MOST_PHOTOS = 9
MOST = 5000
"""Households that one sample may hold: more is a census, not a sample."""


def new_seed() -> str:
    """128 bits nobody chose."""
    return secrets.token_hex(SEED_BYTES)


def draw_sample(*, by: User | None, wanted: Wanted, name: str, seed: str = "") -> Sample:
    """Draw, and keep frame and seed so that anybody can draw again.

    ``seed`` is what the drawing lots gave (a number read out in public); without one the house makes it.
    Raises PermissionDenied without SAMPLE_DRAW there, ValidationError for what cannot be drawn.
    """
    check_right(by, Right.SAMPLE_DRAW, wanted.place.pk)
    seed = seed.strip() or new_seed()
    check_wanted(wanted)
    with act(by=by, verb="draw_sample"):
        _check_name(wanted, name)
        made = plan(wanted, seed)
        if not made.total:
            raise refusal("这个范围内没有可以抽的户，请换一个范围或指标。", field="place")
        if made.total > MOST:
            raise refusal(
                f"要抽 {made.total:,} 户，超过 {MOST:,} 户：请放宽允许误差，或降低每村至少的户数。", field="margin"
            )
        row = Sample.objects.create(
            place=wanted.place, year=wanted.year, name=name.strip(), design=wanted.design,
            measures=list(wanted.measures), confidence=wanted.confidence, margin=wanted.margin,
            expected=wanted.expected, least=wanted.least, risk_weight=wanted.risk_weight,
            villages_drawn=wanted.villages_drawn, seed=seed, frame=packed(made), frame_digest=digest_of(made.lines()),
            strata=strata_of(made), drawn_by=by,
        )  # fmt: skip
        SampleCase.objects.bulk_create(_cases(row, made), batch_size=1000)
    return row


def check_wanted(wanted: Wanted) -> None:
    """Raise ValidationError for conditions that cannot be."""
    if len(wanted.place.pk) < COUNTY:
        raise refusal("请选择一个县、乡镇或村。", field="place")
    offered = {each.code for each in measures_of(wanted.year)}
    if not wanted.measures or not {*wanted.measures} <= offered:
        raise refusal(f"请选择 {wanted.year} 年适用的指标。", field="measures")
    if not 0.5 < wanted.confidence < 1:
        raise refusal("置信度应在 50% 到 99.9% 之间，常用 95%。", field="confidence")
    if not 0 < wanted.margin < 0.5:
        raise refusal("允许误差应在 0.1% 到 50% 之间，常用 3%。", field="margin")
    if not 0 < wanted.expected < 1:
        raise refusal("预计比例应在 0.1% 到 99.9% 之间；不知道的填 50%，抽得最多。", field="expected")
    if wanted.design == Design.CLUSTERED and wanted.villages_drawn < 2:
        raise refusal("先抽村再抽户的，至少抽 2 个村，否则说不出误差。", field="villages_drawn")
    if wanted.design == Design.RISK and wanted.risk_weight < 1:
        raise refusal("加密倍数应不小于 1。", field="risk_weight")


def _check_name(wanted: Wanted, name: str) -> None:
    if len(name.strip()) < SHORTEST:
        raise refusal(f"请填写名称，至少 {SHORTEST} 个字，如：四季度入户。", field="name")
    if Sample.objects.filter(place=wanted.place, year=wanted.year, name=name.strip()).exists():
        raise refusal("这里今年已经有同名的抽查，请换一个名称。", field="name")


def packed(made: Plan) -> bytes:
    """The frame as a csv of stratum and household number, packed."""
    text = "".join(f"{stratum},{number}\n" for stratum, number in sorted(made.lines()))
    return gzip.compress(text.encode(), mtime=0)


def unpacked(row: Sample) -> str:
    return gzip.decompress(bytes(row.frame)).decode()


def strata_of(made: Plan) -> dict[str, dict[str, int]]:
    """By stratum: households, and how many were drawn; of villages drawn first how many there were to draw from."""
    kept = {
        stratum: {"units": made.units[stratum], "drawn": made.sizes.get(stratum, 0)} for stratum in sorted(made.units)
    }
    return kept | {f"{code}/": {"villages": count} for code, count in made.villages.items()} | {PEOPLE: made.people}


def _cases(row: Sample, made: Plan) -> list[SampleCase]:
    units: dict[str, Unit] = {unit.number: unit for _, unit in made.frame}
    cases = []
    spare = {stratum: reserve_of(size) for stratum, size in made.sizes.items()}
    drawn = draw(row.seed, made.lines(), made.sizes, max(spare.values(), default=0))
    for stratum, numbers in drawn.items():
        for position, number in enumerate(numbers[: made.sizes[stratum] + spare[stratum]], 1):
            unit = units[number]
            state = State.OPEN if position <= made.sizes[stratum] else State.RESERVE
            made_case = SampleCase(
                sample=row, household_id=unit.pk, village_id=unit.village, population=unit.population, stratum=stratum,
                position=position, persons=unit.persons, state=state,
            )  # fmt: skip
            cases.append(made_case)
    return cases


def note_case(
    *,
    by: User,
    case: SampleCase,
    answers: Mapping[str, bool | None],
    seen_on: date,
    note: str = "",
    version: int | None = None,
) -> SampleCase:
    """Note what was found in a household; again, as long as the sample is open.

    Raises PermissionDenied without SAMPLE_DRAW there, Conflict, ValidationError.
    """
    check_right(by, Right.SAMPLE_DRAW, case.village_id)
    with act(by=by, verb="note_sample_case"):
        row = _locked(case, version, {"note": note, "seen_on": seen_on})
        if row.state == State.RESERVE:
            raise refusal("这户是备选：前面的户没有见到时才轮到它。")
        asked = {each.code for each in asked_of(row)}
        if {*answers} != asked:
            raise refusal("请回答每一个问题；说不清的选“说不清”。")
        if any(answers[each.code] is not None and each.wrong and answers[each.code] for each in asked_of(row)):
            _check_note(note, "认定有问题的，请写明看到什么")
        if not timezone.localdate(row.sample.drawn_at) <= seen_on <= timezone.localdate():
            raise refusal("入户日期应在抽取以后、今天以前，请核对。", field="seen_on")
        row.state, row.answers, row.seen_on, row.seen_by = State.DONE, dict(answers), seen_on, by
        row.note = note.strip()[:500]
        return _saved(row)


def asked_of(case: SampleCase) -> list[Measure]:
    """The measures that are asked of a household."""
    return [each for each in named(case.sample.measures) if each.population in ("", case.population)]


def note_unreached(*, by: User, case: SampleCase, reason: str, version: int | None = None) -> SampleCase:
    """Nobody could be met: the next household in reserve of the stratum steps in, as the draw has it.

    Raises PermissionDenied, Conflict, ValidationError without a reason.
    """
    check_right(by, Right.SAMPLE_DRAW, case.village_id)
    with act(by=by, verb="note_unreached", reason=reason):
        row = _locked(case, version, {"note": reason})
        if row.state != State.OPEN:
            raise refusal("只有待核的户可以登记没有见到。")
        _check_note(reason, "请写明为什么没有见到，去了几次")
        row.state, row.note = State.UNREACHED, reason.strip()[:500]
        _saved(row)
        spare = SampleCase.objects.select_for_update(of=("self",)).filter(
            sample_id=row.sample_id, stratum=row.stratum, state=State.RESERVE
        )
        if (next_one := spare.order_by("position").first()) is not None:
            next_one.state = State.OPEN
            _saved(next_one)
        return row


def add_photo(*, by: User, case: SampleCase, file: File) -> SamplePhoto:
    """Keep a photo taken in the household.

    Raises PermissionDenied without SAMPLE_DRAW there, ValidationError for a file that is no photo, is there already, or
    is one too many.
    """
    check_right(by, Right.SAMPLE_DRAW, case.village_id)
    content, content_type = checked(file)
    if not content_type.startswith("image/"):
        raise refusal("这里只收照片，请上传 JPG、PNG 图片；文件类的凭据请放到问题的整改凭据里。", field="file")
    mark = hashlib.sha256(content).hexdigest()
    with act(by=by, verb="add_sample_photo"):
        row = _locked(case, None, {})
        if row.state == State.RESERVE:
            raise refusal("这户是备选：前面的户没有见到时才轮到它。")
        if row.photos.filter(sha256=mark).exists():
            raise refusal("这张照片已经传过，请换一张。", field="file")
        if row.photos.count() >= MOST_PHOTOS:
            raise refusal(f"一户最多 {MOST_PHOTOS} 张照片，已经够了。", field="file")
        photo = SamplePhoto(case=row, content_type=content_type, size=len(content), sha256=mark, by=by)
        photo.file.save(f"file{SUFFIXES[content_type]}", ContentFile(content), save=True)
        return photo


def _check_note(text: str, what: str) -> None:
    if len(text.strip()) < SHORTEST:
        raise refusal(f"{what}，至少 {SHORTEST} 个字。", field="note")


def _locked(case: SampleCase, version: int | None, typed: Mapping[str, Any]) -> SampleCase:
    row = SampleCase.objects.select_for_update(of=("self",)).select_related("sample").get(pk=case.pk)
    if not row.sample.is_open:
        raise ValidationError("这次抽查已经办结，不能再改。")
    check_version(row, version, typed)
    return row


def _saved(row: SampleCase) -> SampleCase:
    row.version += 1
    row.save()
    return row


def close_sample(*, by: User, sample: Sample) -> Sample:
    """Freeze the rates with their intervals. Raises PermissionDenied, ValidationError while households wait."""
    check_right(by, Right.SAMPLE_DRAW, sample.place_id)
    with act(by=by, verb="close_sample"):
        row = Sample.objects.select_for_update(of=("self",)).get(pk=sample.pk)
        if not row.is_open:
            raise ValidationError("这次抽查已经办结。")
        waiting = row.cases.filter(state=State.OPEN).count()
        if waiting:
            raise ValidationError(f"还有 {waiting} 户没有核，请核完，或登记没有见到的原因。")
        row.results = {each.code: each.as_dict() for each in results_of(row)}
        row.closed_on, row.closed_by = timezone.localdate(), by
        row.save()
        return row
