"""风险消除: a monitored household's risk is gone (policy.md section 6)."""

from datetime import date

from django.db.models import Q

from households.models import Batch
from households.models.template import Kind
from households.procedures.engine.facts_asked import NOT_CLEAR, UNSAFE
from households.procedures.engine.guard_rows import NO_HEAD, REGISTERED
from households.procedures.engine.procedure import Procedure, RowGuard
from households.procedures.engine.writing import snapshots
from households.standing.services import end_episodes


def effect(batch: Batch, day: date) -> None:
    end_episodes(batch, day, snapshots(batch))


PROCEDURE = Procedure(
    kind=Kind.MONITOR_OUT,
    fits=~Q(monitor_type="") & ~Q(risk_cleared=True),
    guards=(
        *REGISTERED,
        RowGuard(
            "not_monitored",
            lambda _: Q(household__monitor_type="") | Q(household__risk_cleared=True),
            "不是监测对象，或风险已经消除",
        ),
        UNSAFE,
        RowGuard("backstop", lambda _: Q(household__no_labour_backstop=True), "整户无劳动能力，暂不标注风险消除"),
        NOT_CLEAR,
        RowGuard("no_clear_way", lambda _: Q(clear_way=""), "没有填写风险消除方式", later=True),
        NO_HEAD,
    ),
    effect=effect,
    planned=("拟标注风险消除", "风险已经消除"),
    describes=("clear_way",),
)
