"""Who decides on a list has opened it: noted at each of its steps, and asked wherever many pass at once."""

from collections.abc import Iterable

from households.models import Batch, BatchLook
from households.models.template import StepKind
from villages.models import User
from villages.rights import Right

RIGHT_OF = {
    StepKind.TOWNSHIP_REVIEW: Right.TOWNSHIP_REVIEW,
    StepKind.COUNTY_REVIEW: Right.COUNTY_REVIEW,
    StepKind.COMPARISON: Right.COUNTY_REVIEW,
    StepKind.FILING: Right.COUNTY_REVIEW,
    StepKind.ANNOUNCEMENT: Right.COUNTY_REVIEW,
}
UNOPENED = "还没有人打开查看过这份名单。请先打开查看，或者在名单页用批量办理，查看抽中的名单后再办。"


def look(user: User, batch: Batch) -> None:
    """Note that somebody who decides on lists has opened this one at its step."""
    kind = batch.step.kind if batch.step else ""
    if kind in RIGHT_OF and user.can(RIGHT_OF[StepKind(kind)], batch.place_id):
        BatchLook.objects.bulk_create(
            [BatchLook(batch=batch, step=batch.step, round=batch.round, by=user)], ignore_conflicts=True
        )


def unopened(batches: Iterable[Batch]) -> list[int]:
    """Ids of lists that nobody has opened at their present step."""
    rows = list(batches)
    looks = BatchLook.objects.filter(batch__in=rows).values_list("batch_id", "step_id", "round")
    seen = set(looks)
    return [batch.pk for batch in rows if (batch.pk, batch.step_id, batch.round) not in seen]
