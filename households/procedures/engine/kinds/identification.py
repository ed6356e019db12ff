"""贫困户识别: an ordinary household is identified as poor (policy.md section 1)."""

from datetime import date

from django.db.models import Q

from households.models import Batch, Member, Quota, TemplateStep
from households.models.template import Kind
from households.procedures.engine.guard_rows import MOVED, NO_HEAD
from households.procedures.engine.procedure import Procedure, RowGuard
from households.procedures.engine.writing import NEW, households_on, touched
from households.standing.services import POOR, begin


def within_quota(batch: Batch, step: TemplateStep) -> list[str]:
    """A confirmed quota of the village is not exceeded (规模控制, policy.md 1.3-1.8)."""
    limit = Quota.objects.filter(place_id=batch.place_id, year=batch.year, confirmed_on__isnull=False).first()
    if limit is None:
        return []
    people = batch.entries.filter(state="listed", household__members__left_on__isnull=True).count()
    return (
        [f"名单共 {people} 人，超过本村核定规模 {limit.amount} 人。请核减名单，或由县调整规模。"]
        if people > limit.amount
        else []
    )


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
    ),
    effect=effect,
    event=NEW,
    planned=("拟纳入贫困户", "收入低于标准，符合条件"),
    reviewed=(within_quota,),
    filed=(within_quota,),
    takes_ordinary=True,
    applied_for=True,
)
