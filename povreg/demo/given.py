"""What the invented households were given, and who visited them: loans and 低保 in the numbers of document 002 (at full
size 3,155 loans of 97.82 million yuan, 6,980 households with 21,398 people), else in proportion; the helper's own
households with needs, plans, measures and visits in every state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from assistance.measures.paid import OF_LEDGER
from assistance.models import CatalogueItem, Disbursement, Measure, NeedsSurvey, Pairing, Plan, PlanLine, Visit
from assistance.models.plan import Path
from assistance.plans.path import facts_of, propose
from households.models import Household
from povreg.kit.bulk import insert_rows, refresh_statistics
from povreg.kit.scopes import within

FULL_SIZE = 33_000
LOANS, LOANS_HUNDREDS = 3_155, 978_200  # households, hundreds of yuan
CARRIED, CARRIED_PEOPLE = 6_980, 21_398  # households and people on 低保
SPREAD = 100  # hundreds of yuan by which loans differ from the mean
LOAN, DIBAO, INSURANCE, WORK, GRANT = "110501", "410101", "410201", "120104", "110101"
NOTED = 0.9
"""Share of the payments to households that were noted as measures."""
CODES = (LOAN, DIBAO, INSURANCE, WORK, GRANT)
FIELDS = (
    *("household", "village", "item", "delivered_on", "ends_on", "amount", "quantity", "payer", "source", "use"),
    "risks", "voucher", "payment", "rate",
)  # fmt: skip
RATE = Decimal("3.45")  # per cent a year, invented
OF_BANK = ("", None)  # voucher and payment of what the ledger does not hold


def give_help(rng: Random, county: str, households: int) -> None:
    """Write the measures of the county and what the helper's households have."""
    items = {row.code: row for row in CatalogueItem.objects.filter(code__in=CODES, place=None)}
    rows = Household.objects.filter(within("village_id", county)).registered()
    sized = list(
        rows.annotate(people=Count("members", Q(members__left_on__isnull=True)))
        .order_by("pk")
        .values_list("pk", "village_id", "people")
    )
    rng.shuffle(sized)
    given = [*loans(rng, sized, items[LOAN], households), *carried(rng, sized, items[DIBAO], households)]
    insert_rows(Measure, FIELDS, [*given, *granted(rng, county, items[GRANT])])
    refresh_statistics(Measure)
    helped(county, items)


def loans(rng: Random, sized: list[tuple[int, str, int]], item: CatalogueItem, households: int) -> Iterator[tuple]:
    """The loans: their number and sum in proportion, to the yuan at full size, none above the limit."""
    count = min(len(sized), round(LOANS * households / FULL_SIZE))
    total = round(LOANS_HUNDREDS * households / FULL_SIZE)
    for (pk, village, _people), hundreds in zip(sized, parts_of(total, count), strict=False):
        begun = timezone.localdate() - timedelta(days=rng.randrange(20, 1060))
        use = rng.choice(("planting", "breeding", "processing", "trade"))
        ends = begun + timedelta(days=rng.choice((364, 729, 1094)))
        owed = Decimal(hundreds * 100)
        yield (pk, village, item.pk, begun, ends, owed, 1, "农村商业银行", "bank", use, item.risks, *OF_BANK, RATE)


def parts_of(total: int, count: int) -> list[int]:
    """``count`` amounts around the mean that make up the total exactly: each pair a little above and below."""
    if not count:
        return []
    each, over = divmod(total, count)
    parts = [each + (number < over) for number in range(count)]
    for number in range(0, count - 1, 2):
        parts[number] += SPREAD
        parts[number + 1] -= SPREAD
    return parts


def carried(rng: Random, sized: list[tuple[int, str, int]], item: CatalogueItem, households: int) -> Iterator[tuple]:
    """低保 of this year from January on: households and people in proportion, exact where the sizes allow."""
    count = round(CARRIED * households / FULL_SIZE)
    first = date(timezone.localdate().year, 1, 1)
    for pk, village, people in of_people(sized, count, round(CARRIED_PEOPLE * households / FULL_SIZE)):
        amount = Decimal(people * rng.randrange(280, 420) * 12)
        yield (pk, village, item.pk, first, None, amount, 12, "民政局", "county", "", item.risks, *OF_BANK, None)


def granted(rng: Random, county: str, item: CatalogueItem) -> Iterator[tuple]:
    """Grants that the ledger paid to households, noted as measures."""
    rows = Disbursement.objects.filter(within("village_id", county), household__isnull=False, reverses=None)
    for row in rows.select_related("project", "allocation__source").order_by("pk"):
        if rng.random() < NOTED:
            source = OF_LEDGER[row.allocation.source.kind]
            yield (
                row.household_id, row.village_id, item.pk, row.paid_on, None, row.amount, 1, row.project.supervisor,
                source, "", item.risks, row.voucher, row.pk, None,
            )  # fmt: skip


def of_people(sized: list[tuple[int, str, int]], count: int, people: int) -> list[tuple[int, str, int]]:
    """``count`` households that hold ``people`` people together: those that come first, some of them exchanged for
    ones of another size until the sum is right, or nothing brings it nearer."""
    chosen, rest = sized[:count], defaultdict(list)
    for each in sized[count:]:
        rest[each[2]].append(each)
    wanted = people - sum(each[2] for each in chosen)
    for position, each in enumerate(chosen):
        if not wanted:
            break
        step = 1 if wanted > 0 else -1
        for size in (each[2] + wanted, each[2] + 2 * step, each[2] + step):
            if rest[size] and abs(wanted - (size - each[2])) < abs(wanted):
                chosen[position] = rest[size].pop()
                rest[each[2]].append(each)
                wanted -= size - each[2]
                break
    return chosen


def helped(county: str, items: dict[str, CatalogueItem]) -> None:
    """The helper's households: visited lately, due and late; needs asked, a plan of this year, measures."""
    pairs = Pairing.objects.filter(within("village_id", county)).select_related("household", "helper")
    pairs = pairs.order_by("household__household_no")
    for number, pair in enumerate(pairs):
        household, today = pair.household, timezone.localdate()
        for days in ((9, 75), (45,), (220,), (3,), ())[number % 5]:
            visit(pair, today - timedelta(days=days), number)
        Measure.objects.create(
            household=household,
            village_id=household.village_id,
            item=items[INSURANCE],
            delivered_on=date(today.year, 1, 20),
            amount=Decimal(220),
            payer="医疗保障局",
            source="county",
            risks=items[INSURANCE].risks,
            entered_by=pair.helper,
        )
        if number < 3:
            planned(pair, items)


def visit(pair: Pairing, day: date, number: int) -> None:
    fine: dict[str, Any] = dict.fromkeys(("living", "housing", "water"), "fine")
    Visit.objects.create(
        household=pair.household,
        village_id=pair.village_id,
        by=pair.helper,
        visited_on=day,
        way="field" if number % 2 == 0 else "phone",
        at_home=True,
        next_step="看药费报销了没有" if number == 0 else "",
        unsigned_reason="" if number % 2 else "演示数据",
        **fine,
    )


def planned(pair: Pairing, items: dict[str, CatalogueItem]) -> None:
    """Needs, and the plan of this year with a measure that lets the family earn and one that carries it."""
    household, year = pair.household, timezone.localdate().year
    survey = NeedsSurvey.objects.create(
        household=household,
        village_id=household.village_id,
        surveyed_on=date(year, 1, 8),
        by=pair.helper,
        needs=["job", "medical"],
        will=[Path.JOB],
        situation="靠务工和种地，看病花钱多。",
    )
    proposed = propose(facts_of(household, survey))
    plan = Plan.objects.create(
        household=household,
        village_id=household.village_id,
        year=year,
        survey=survey,
        causes=[household.main_cause],
        path=proposed.path,
        path_reason=proposed.reason,
        other_paths=list(proposed.others),
        target="收入不低于上年，医药费能报的都报了",
        drawn_on=date(year, 1, 10),
        drawn_by=pair.helper,
        state=Plan.State.AGREED,
        agreed_on=date(year, 1, 12),
    )
    for code in (WORK, INSURANCE):
        PlanLine.objects.create(
            plan=plan,
            household=household,
            village_id=household.village_id,
            item=items[code],
            due_on=date(year, 12, 31),
            responsible="乡人社所" if code == WORK else "医疗保障局",
        )
