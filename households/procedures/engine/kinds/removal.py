"""清退: a household that was identified wrongly is struck off."""

from datetime import date

from django.db.models import Q

from households.models import Batch
from households.models.template import Kind
from households.procedures.engine.guard_rows import NO_HEAD, REGISTERED
from households.procedures.engine.procedure import Procedure
from households.procedures.engine.writing import STRUCK_OFF, write


def effect(batch: Batch, day: date) -> None:
    write(batch, removed_on=day, removed_reason=f"清退（{batch.year}年名单）")


PROCEDURE = Procedure(
    kind=Kind.REMOVAL,
    fits=Q(candidate=False),
    guards=(*REGISTERED, NO_HEAD),
    effect=effect,
    event=STRUCK_OFF,
    planned=("拟清退", "不符合贫困户条件"),
)
