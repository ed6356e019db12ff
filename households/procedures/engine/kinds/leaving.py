"""脱贫退出: a household whose verdict passes leaves poverty (policy.md section 2)."""

from datetime import date

from django.db.models import Q

from households.models import Batch, Household, StayReason, TemplateStep
from households.models.codes import REGISTERED_POOR
from households.models.template import Kind
from households.procedures.engine.errors import listed
from households.procedures.engine.guard_rows import NO_HEAD, REGISTERED, judged
from households.procedures.engine.procedure import Procedure, RowGuard
from households.standing.services import OUT, begin
from povreg.kit.scopes import within


def stayers(batch: Batch, step: TemplateStep) -> list[str]:
    """Every household that stays says why (policy.md 2.14)."""
    staying = (
        Household.objects.registered()
        .filter(within("village_id", batch.place_id), exit_status__in=REGISTERED_POOR)
        .exclude(entries__batch=batch, entries__state="listed")
        .exclude(pk__in=StayReason.objects.filter(year=batch.year).values("household_id"))
    )
    numbers = staying.values_list("household_no", flat=True)
    return [f"户 {listed(numbers)} 今年不退出，还没有登记不脱贫原因。请逐户登记。"] if numbers else []


def effect(batch: Batch, day: date) -> None:
    begin(batch, OUT, day, batch.year)


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
    planned=("拟脱贫退出", "收入达标，保障落实"),
    reviewed=(stayers,),
    by_verdict=True,
    consent_title="拟退出贫困户认可表",
)
