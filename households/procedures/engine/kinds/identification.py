"""贫困户识别: an ordinary household is identified as poor (policy.md section 1)."""

from datetime import date

from django.db.models import Q

from households.models import Batch, BatchEntry, Member, Quota, TemplateStep
from households.models.template import Kind
from households.procedures.engine.facts_asked import (
    EXCEPTION_WORDS,
    HARD_FACTS,
    INCOME_ABOVE,
    LACKS_EVIDENCE,
    NO_INCOME,
    NO_RECORD,
    unmet_words,
)
from households.procedures.engine.guard_rows import MOVED, NO_HEAD
from households.procedures.engine.procedure import Procedure, RowGuard
from households.procedures.engine.writing import NEW, households_on, touched
from households.standing.services import POOR, begin
from povreg.kit.scopes import ancestors, within


def within_quota(batch: Batch, step: TemplateStep) -> list[str]:
    """The confirmed quotas of the village, its township and county for the kind and year hold over all lists together
    (规模控制, policy.md 1.3-1.8): what was approved, this list, and in the village whatever else is on its way."""
    places = [*ancestors(batch.place_id), batch.place_id]
    limits = Quota.objects.filter(place_id__in=places, year=batch.year, kind=batch.kind, confirmed_on__isnull=False)
    return [text for limit in limits.select_related("place") for text in _over(batch, limit)]


def _over(batch: Batch, limit: Quota) -> list[str]:
    own = limit.place_id == batch.place_id
    states = (Batch.State.DONE, *Batch.OPEN) if own else (Batch.State.DONE,)
    lists = Q(batch__state__in=states, batch__kind=batch.kind, batch__year=batch.year) | Q(batch=batch)
    entries = BatchEntry.objects.filter(lists, within("batch__place_id", limit.place_id), state="listed")
    people = Member.objects.present().filter(household__in=entries.values("household_id")).count()
    if people <= limit.amount:
        return []
    return [
        f"{limit.place}{batch.year}年本类名单合计 {people} 人，超过核定规模 {limit.amount} 人（各份名单合并计算）。"
        "请核减名单，或由县调整规模。"
    ]


def effect(batch: Batch, day: date) -> None:
    begin(batch, POOR, day)
    present = Member.objects.present().filter(household__in=households_on(batch), identified_on=None)
    present.update(identified_on=day, **touched())


PROCEDURE = Procedure(
    kind=Kind.IDENTIFICATION,
    fits=Q(exit_status=""),
    guards=(
        MOVED,
        RowGuard(
            "already_in",
            lambda _: ~Q(household__exit_status=""),
            "已在册，不用再识别（返贫请用返贫程序）",
        ),
        NO_HEAD,
        NO_RECORD,
        NO_INCOME,
        INCOME_ABOVE,
        HARD_FACTS,
        LACKS_EVIDENCE,
    ),
    effect=effect,
    event=NEW,
    planned=("拟纳入贫困户", EXCEPTION_WORDS),
    found=unmet_words,
    takes_in=True,
    reviewed=(within_quota,),
    filed=(within_quota,),
    takes_ordinary=True,
    applied_for=True,
)
