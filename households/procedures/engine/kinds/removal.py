"""清退: a household that was identified wrongly is an ordinary household again."""

from datetime import date

from django.db.models import Q

from households.models import Batch
from households.models.template import Kind
from households.procedures.engine.facts_asked import NO_EVIDENCE, NO_GROUNDS
from households.procedures.engine.guard_rows import NO_HEAD, REGISTERED
from households.procedures.engine.procedure import Procedure
from households.procedures.engine.writing import STRUCK_OFF
from households.standing.services import end


def effect(batch: Batch, day: date) -> None:
    end(batch, day)


PROCEDURE = Procedure(
    kind=Kind.REMOVAL,
    fits=Q(in_register=True),
    guards=(*REGISTERED, NO_HEAD, NO_GROUNDS, NO_EVIDENCE),
    effect=effect,
    event=STRUCK_OFF,
    planned=("拟清退", "经核实不符合条件"),
    describes=("grounds",),
)
