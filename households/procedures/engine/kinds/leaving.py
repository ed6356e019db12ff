"""脱贫退出: a household whose verdict passes leaves poverty (policy.md section 2)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from households.models import Batch, BatchEntry, Household, StayReason, TemplateStep
from households.models.codes import REGISTERED_POOR
from households.models.template import Kind
from households.procedures.engine.errors import listed
from households.procedures.engine.guard_rows import NO_HEAD, REGISTERED, judged
from households.procedures.engine.procedure import Procedure, RowGuard
from households.standing.services import OUT, begin_many


def stayers(batch: Batch, step: TemplateStep) -> list[str]:
    """Every household that stays says why (policy.md 2.14)."""
    return [text for text in stayers_of([batch]).values() if text]


def stayers_of(batches: Sequence[Batch]) -> dict[int, str]:
    """:func:`stayers` of many lists of one year, in one statement."""
    year, villages = batches[0].year, [batch.place_id for batch in batches]
    on_lists = BatchEntry.objects.filter(is_open=True, batch__kind=batches[0].kind, batch__place__in=villages)
    said = StayReason.objects.filter(year=year, village__in=villages)
    staying = (
        Household.objects.registered()
        .filter(village_id__in=villages, exit_status__in=REGISTERED_POOR)
        .exclude(pk__in=on_lists.values("household_id"))
        .exclude(pk__in=said.values("household_id"))
    )
    found: dict[str, list[str]] = {}
    for village, number in staying.order_by("household_no").values_list("village_id", "household_no"):
        found.setdefault(village, []).append(number)
    return {
        batch.pk: f"户 {listed(found[batch.place_id])} 今年不退出，还没有登记不脱贫原因。请逐户登记。"
        for batch in batches
        if batch.place_id in found
    }


def effect(batch: Batch, day: date) -> None:
    effect_many([batch], day)


def effect_many(batches: Sequence[Batch], day: date) -> None:
    begin_many(batches, OUT, day, batches[0].year)


PROCEDURE = Procedure(
    kind=Kind.EXIT,
    fits=Q(exit_status__in=REGISTERED_POOR),
    guards=(
        *REGISTERED,
        RowGuard("not_poor", lambda _: ~Q(household__exit_status__in=REGISTERED_POOR), "不是未脱贫户，不能退出"),
        RowGuard("verdict", lambda year: ~judged(year, verdict="pass"), "两不愁三保障未全部达标，不能退出"),
        RowGuard("blocked", lambda year: judged(year, verdict="pass", eligible=False), "虽然达标，但有不得退出的情形"),
        RowGuard(
            "same_year",
            lambda year: Q(household__identified_on__year=year) | Q(household__return_year=year),
            "当年识别或返贫，当年不得退出",
        ),
        NO_HEAD,
        RowGuard("borderline", lambda year: judged(year, borderline=True), "收入踩线", refuses=False),
        RowGuard("consent_refused", lambda _: Q(consent=False), "本户不认可退出"),
    ),
    effect=effect,
    effect_many=effect_many,
    planned=("拟脱贫退出", "收入达标，保障落实"),
    reviewed=(stayers,),
    reviewed_many=stayers_of,
    by_verdict=True,
    consent_title="拟退出贫困户认可表",
)
