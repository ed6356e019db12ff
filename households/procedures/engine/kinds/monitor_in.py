"""监测对象纳入: a household at risk is monitored (policy.md section 6)."""

from datetime import date

from django.db.models import Q

from households.models import Batch
from households.models.template import Kind
from households.procedures.engine.facts_asked import (
    FORMER,
    HARD_FACTS,
    LACKS_EVIDENCE,
    NO_TEST,
    NOT_FORMER,
    NOT_INSIDE,
    NOT_SUDDEN,
    risk_words,
)
from households.procedures.engine.guard_rows import MOVED, NO_HEAD, REMOVED
from households.procedures.engine.procedure import Procedure, RowGuard
from households.standing.services import begin_episodes

WRITTEN = ("monitor_type", "risks")


def effect(batch: Batch, day: date) -> None:
    begin_episodes([batch], day)


PROCEDURE = Procedure(
    kind=Kind.MONITOR_IN,
    fits=Q(monitor_type="") | Q(risk_cleared=True),
    guards=(
        REMOVED,
        MOVED,
        RowGuard(
            "monitored",
            lambda _: ~Q(household__monitor_type="") & ~Q(household__risk_cleared=True),
            "已是监测对象",
        ),
        RowGuard(
            "no_monitor_type",
            lambda _: Q(monitor_type="") | Q(risks=[]),
            "没有填写监测对象类型或风险类型",
            later=True,
        ),
        NO_HEAD,
        NO_TEST,
        NOT_INSIDE,
        NOT_SUDDEN,
        NOT_FORMER,
        FORMER,
        HARD_FACTS,
        LACKS_EVIDENCE,
    ),
    effect=effect,
    effect_many=begin_episodes,
    planned=("拟纳入监测对象", "存在返贫致贫风险"),
    found=risk_words,
    takes_in=True,
    takes_ordinary=True,
    applied_for=True,
    authorised=True,
    describes=WRITTEN,
    copied=WRITTEN,
)
