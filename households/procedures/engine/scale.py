"""Scale control (规模控制, policy.md 1.3-1.8): the confirmed quotas of a village, its township and county hold over all
lists of a kind and year together."""

from collections.abc import Sequence

from django.db.models import Count

from households.models import Batch, Member, Quota, TemplateStep
from povreg.kit.scopes import ancestors, within


def within_quota(batch: Batch, step: TemplateStep) -> list[str]:
    """What stands against one list: see :func:`within_quotas`."""
    return list(within_quotas([batch]).values())


def within_quotas(batches: Sequence[Batch]) -> dict[int, str]:
    """Batch id to the quotas that its list breaks, for lists of one kind and year, in two statements. What was approved
    counts, and these lists; in the village whatever else is on its way, too."""
    kind, year = batches[0].kind, batches[0].year
    above = {code for batch in batches for code in (*ancestors(batch.place_id), batch.place_id)}
    limits = Quota.objects.filter(place_id__in=above, year=year, kind=kind, confirmed_on__isnull=False)
    found = list(limits.select_related("place"))
    if not found:
        return {}
    people = _people(kind, year, max(found, key=lambda limit: -len(limit.place_id)).place_id)
    told: dict[int, str] = {}
    for limit in found:
        mine = [batch for batch in batches if batch.place_id.startswith(limit.place_id)]
        many = _counted(people, limit.place_id, {batch.pk for batch in mine})
        if many > limit.amount:
            text = (
                f"{limit.place}{year}年本类名单合计 {many} 人，超过核定规模 {limit.amount} 人（各份名单合并计算）。"
                "请核减名单，或由县调整规模。"
            )
            told |= {batch.pk: told.get(batch.pk, "") + text for batch in mine}
    return told


People = list[tuple[int, str, str, int]]


def _people(kind: str, year: int, place: str) -> People:
    """Batch, village, state and present people of every list of a kind and year under a place."""
    rows = Member.objects.present().filter(
        within("household__entries__batch__place_id", place),
        household__entries__state="listed",
        household__entries__batch__kind=kind,
        household__entries__batch__year=year,
    )
    entry = "household__entries__batch"
    counted = rows.order_by().values_list(entry, f"{entry}__place", f"{entry}__state").annotate(n=Count("pk"))
    return list(counted)


def _counted(people: People, place: str, mine: set[int]) -> int:
    return sum(
        n
        for batch, village, state, n in people
        if village.startswith(place)
        and (state == Batch.State.DONE or batch in mine or (village == place and state in Batch.OPEN))
    )
