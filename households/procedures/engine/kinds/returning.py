"""返贫: a household that had left is poor again."""

from datetime import date

from django.db.models import Q

from households.models import Batch
from households.models.codes import OUT_OF_POVERTY
from households.models.template import Kind
from households.procedures.engine.facts_asked import (
    EXCEPTION_WORDS,
    HARD_FACTS,
    LACKS_EVIDENCE,
    NO_INCOME,
    NO_RECORD,
    NOTHING_UNMET,
    unmet_words,
)
from households.procedures.engine.guard_rows import NO_HEAD, REGISTERED
from households.procedures.engine.procedure import Procedure, RowGuard
from households.standing.services import RETURNED, begin


def effect(batch: Batch, day: date) -> None:
    begin(batch, RETURNED, day, batch.year)


PROCEDURE = Procedure(
    kind=Kind.RETURN,
    fits=Q(exit_status=OUT_OF_POVERTY),
    guards=(
        *REGISTERED,
        RowGuard("not_out", lambda _: ~Q(household__exit_status=OUT_OF_POVERTY), "没有脱贫，不用返贫程序"),
        NO_HEAD,
        NO_RECORD,
        NO_INCOME,
        NOTHING_UNMET,
        HARD_FACTS,
        LACKS_EVIDENCE,
    ),
    effect=effect,
    planned=("拟认定返贫", EXCEPTION_WORDS),
    found=unmet_words,
    takes_in=True,
    applied_for=True,
)
