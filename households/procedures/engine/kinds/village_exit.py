"""贫困村退出: the village itself, judged by indicators (policy.md 2.3, 2.5, 2.15)."""

from datetime import date

from django.db.models import F

from households.models import Batch, TemplateStep
from households.models.template import Kind
from households.procedures.engine import village_exit
from households.procedures.engine.procedure import Procedure
from villages.models import VillageProfile


def indicators(batch: Batch, step: TemplateStep) -> list[str]:
    """The required indicators are met."""
    village_exit.demand_poor(batch)
    return village_exit.unmet(batch)


def effect(batch: Batch, day: date) -> None:
    VillageProfile.objects.filter(pk=batch.place_id).update(delisted_year=batch.year, version=F("version") + 1)


PROCEDURE = Procedure(
    kind=Kind.VILLAGE_EXIT,
    effect=effect,
    planned=("拟退出贫困村", "各项指标达标"),
    reviewed=(indicators,),
    filed=(indicators,),
    begin=village_exit.prepare,
    of_village=True,
)
