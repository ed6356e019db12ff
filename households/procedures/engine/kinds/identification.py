"""贫困户识别: an ordinary household is identified as poor (policy.md section 1)."""

from datetime import date

from django.db.models import Q

from households.models import Batch, Member
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
from households.procedures.engine.scale import within_quota, within_quotas
from households.procedures.engine.writing import NEW, households_on, touched
from households.standing.services import POOR, begin


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
    scaled=True,
    reviewed=(within_quota,),
    filed=(within_quota,),
    reviewed_many=within_quotas,
    filed_many=within_quotas,
    takes_ordinary=True,
    applied_for=True,
)
