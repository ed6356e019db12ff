"""信息比对: one result for a county serves all its lists; who was named is explained before a list takes him in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from households.models import Comparison, ComparisonHit, Household
from households.procedures.engine import clock
from households.procedures.engine.errors import ProcedureError, StateError, listed
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY, within
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

What = ComparisonHit.What
WORDS = {str(each.label): each for each in What}
SHORTEST = 6


@dataclass(frozen=True)
class Hit:
    """A household, by number, that was named: for what, and what was found."""

    household_no: str
    what: str
    detail: str = ""


def record_comparison(
    *,
    by: User,
    place: str,
    kind: str,
    year: int,
    compared_on: date,
    document: str,
    source: str,
    hits: Sequence[Hit] = (),
) -> Comparison:
    """Put the result of a comparison on record for a county, with the households it named (none: nothing was found).

    Raises ProcedureError for what is missing or cannot be, PermissionDenied.
    """
    check_right(by, Right.COUNTY_REVIEW, place)
    if len(place) != COUNTY:
        raise ProcedureError({"place": "比对结果按县登记，请选择县。"})
    if compared_on > clock.today():
        raise ProcedureError({"compared_on": "比对日期还没有到，请填写实际日期。"})
    if not document.strip() or not source.strip():
        raise ProcedureError("请填写比对单位和文号（或批次）。")
    homes = _homes(place, [hit.household_no for hit in hits])
    with act(by=by, verb="record_comparison"):
        row = Comparison.objects.create(
            place_id=place, kind=kind, year=year, compared_on=compared_on, document=document.strip()[:80],
            source=source.strip()[:120], by=by,
        )  # fmt: skip
        ComparisonHit.objects.bulk_create(
            [
                ComparisonHit(
                    comparison=row, household=homes[hit.household_no], village_id=homes[hit.household_no].village_id,
                    what=hit.what, detail=hit.detail.strip()[:200],
                )
                for hit in dict.fromkeys(hits)
            ],
            batch_size=1000,
        )  # fmt: skip
    return row


def _homes(place: str, numbers: Sequence[str]) -> dict[str, Household]:
    rows = Household.objects.filter(within("village_id", place), household_no__in=set(numbers))
    found = {row.household_no: row for row in rows}
    if missing := [number for number in dict.fromkeys(numbers) if number not in found]:
        raise ProcedureError({"lines": f"本县没有这些户编号：{listed(missing)}。请核对。"})
    return found


def read_lines(text: str) -> list[Hit]:
    """What was pasted, a line a hit: 户编号, 情形, 情况. Raises ProcedureError naming the line."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.replace("\t", " ").split(maxsplit=2)
        if not parts:
            continue
        what = WORDS.get(parts[1]) if len(parts) > 1 else None
        if what is None:
            raise ProcedureError(
                {"lines": f"第 {number} 行看不懂。每行写：户编号 情形 情况；情形为{'、'.join(WORDS)}之一。"}
            )
        found.append(Hit(parts[0], str(what), parts[2] if len(parts) > 2 else ""))
    return found


def explain_hit(*, by: User, hit: ComparisonHit, explanation: str) -> ComparisonHit:
    """Say why what a comparison found does not stand against the household (sold, scrapped, another person's). By the
    township or county, not by the village. Raises ProcedureError, PermissionDenied."""
    if not by.can(Right.COUNTY_REVIEW, hit.village_id):
        check_right(by, Right.TOWNSHIP_REVIEW, hit.village_id)
    if len(explanation.strip()) < SHORTEST:
        raise ProcedureError({"reason": f"请写明核实情况和依据，至少 {SHORTEST} 个字。"})
    with act(by=by, verb="explain_hit", reason=explanation):
        row = ComparisonHit.objects.select_for_update(of=("self",)).get(pk=hit.pk)
        if row.state != ComparisonHit.State.OPEN:
            raise StateError("这条疑点已经说明，不用再办。")
        row.state, row.explanation = ComparisonHit.State.EXPLAINED, explanation.strip()[:300]
        row.explained_by, row.explained_on = by, clock.today()
        row.save()
    return row
