"""What each workbook's rows become, a thousand at a time: what they name is looked up in sets inside the reader's
places, the subject's verb takes or refuses each.

A taker gets the person and the values of some rows, and answers for each, in their order, whether something was created
or stood there, or why not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from assistance.catalogue.selectors import CountyCatalogue
from assistance.funds.ledger.services import Paying, disburse_many
from assistance.measures.services import Delivery, deliver_measures, given_of
from assistance.models import Allocation, Disbursement, Measure, Pairing, Visit, WorkSpell
from assistance.models.visit import Answer, Way
from assistance.pairing.services import Pair, helpers_at, start_pairings
from assistance.visits.services import TOPICS, Noted, Seen, Signed, log_visits
from assistance.work.services import begin_works
from households.models import Household, Member
from povreg.kit.crypto import lookup_hash
from povreg.kit.scopes import COUNTY
from villages.models import User
from villages.rights import Right

CREATED, UNCHANGED = "created", "unchanged"
Values = dict[str, Any]


class Rejected(Exception):  # noqa: N818 - an answer, not an accident
    """The row is not taken: the field at fault, a code of contract.md 3, what is wrong and what to do."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field, self.code, self.message = field, code, message


Said = str | Rejected | ValidationError
Prepared = tuple[Hashable, Any]
"""By what a row is known to stand there already, and what the verb is asked."""


def each_taken(
    rows: Sequence[Values],
    prepare: Callable[[Values], Prepared],
    stands: Collection[Hashable],
    ask: Callable[[list[Any]], Sequence[Any]],
) -> list[Said]:
    """What became of each row. One that says the same as an earlier row gets no second chance: it stands there once
    that one was taken."""
    answers: dict[int, Said] = {}
    first: dict[Hashable, int] = {}
    repeats: dict[int, int] = {}
    asked: dict[int, Any] = {}
    for number, row in enumerate(rows):
        try:
            key, wanted = prepare(row)
        except Rejected as fault:
            answers[number] = fault
            continue
        if key in stands:
            answers[number] = UNCHANGED
        elif key not in first:
            asked[number] = wanted
            first[key] = number
        else:
            repeats[number] = first[key]
    for number, said in zip(asked, ask(list(asked.values())) if asked else (), strict=True):
        answers[number] = said if isinstance(said, ValidationError) else CREATED
    for number, earlier in repeats.items():
        answers[number] = UNCHANGED if answers[earlier] == CREATED else answers[earlier]
    return [answers[number] for number in range(len(rows))]


@dataclass(frozen=True)
class Homes:
    """The households that rows name, of those the person may act for: by number."""

    found: dict[str, Household]
    barred: frozenset[str]

    def of(self, row: Values) -> Household:
        """Raises Rejected."""
        number = row["household_no"]
        if number in self.barred:
            raise Rejected("household_no", "unknown_place", "不在您负责的范围内，请删去这一行")
        if number not in self.found:
            raise Rejected("household_no", "unknown_household", "您负责的范围内没有这个户编号，请核对")
        return self.found[number]

    @property
    def villages(self) -> set[str]:
        return {row.village_id for row in self.found.values()}

    @property
    def ids(self) -> list[int]:
        return [row.pk for row in self.found.values()]


def homes_of(by: User, rows: Iterable[Values], right: Right) -> Homes:
    numbers = {row["household_no"] for row in rows}
    seen = Household.objects.visible_to(by).filter(household_no__in=numbers, removed_on=None)
    found = {row.household_no: row for row in seen}
    barred = frozenset(number for number, row in found.items() if not by.can(right, row.village_id))
    return Homes({number: row for number, row in found.items() if number not in barred}, barred)


@dataclass(frozen=True)
class People:
    """The people that rows name, by number and by paper."""

    by_number: dict[str, Member]
    by_paper: dict[str, Member]

    def of(self, row: Values) -> Member:
        """Raises Rejected."""
        if row.get("person_no"):
            found = self.by_number.get(row["person_no"])
        elif row.get("id_no"):
            found = self.by_paper.get(lookup_hash(str(row["id_no"])))
        else:
            raise Rejected("person_no", "required", "人编号和证件号码都是空的，请至少填一项")
        if found is None:
            raise Rejected("person_no", "unknown_person", "没有找到这个人，请核对人编号或证件号码")
        return found


def people_of(rows: Iterable[Values], among: QuerySet[Member]) -> People:
    numbers = {row["person_no"] for row in rows if row.get("person_no")}
    papers = {lookup_hash(str(row["id_no"])) for row in rows if row.get("id_no") and not row.get("person_no")}
    found = list(among.filter(Q(person_no__in=numbers) | Q(id_hash__in=papers)))
    return People({row.person_no: row for row in found}, {row.id_hash: row for row in found if row.id_hash})


class Helpers:
    """Who may be named as a helper, by village and account."""

    def __init__(self, villages: Iterable[str]) -> None:
        rows = {code: helpers_at(code).select_related("unit", "cadre") for code in villages}
        self._found = {code: {each.username: each for each in found} for code, found in rows.items()}

    def of(self, row: Values, village: str) -> User:
        """Raises Rejected."""
        found = self._found[village].get(row["username"])
        if found is None:
            raise Rejected("username", "unknown_person", "这个账号不是该村在任的帮扶责任人，请核对账号和任职")
        return found


def measures(by: User, rows: Sequence[Values]) -> list[Said]:
    homes = homes_of(by, rows, Right.MEASURE_EDIT)
    people = people_of(rows, Member.objects.present().filter(household__in=homes.ids))
    held = {county: CountyCatalogue(county) for county in {code[:COUNTY] for code in homes.villages}}
    stands = Measure.objects.standing().filter(household__in=homes.ids)

    def prepare(row: Values) -> Prepared:
        home, day = homes.of(row), row["delivered_on"]
        member = people.of(row) if row.get("person_no") else None
        if member is not None and member.household_id != home.pk:
            raise Rejected("person_no", "unknown_person", "这个人不在这一户，请核对人编号")
        item = held[home.village_id[:COUNTY]].on(day).get(row["item"])
        if item is None:
            raise Rejected("item", "unknown_code", f"{day:%Y-%m-%d} 的目录里没有这个编码的措施，请核对")
        key = (home.pk, member.pk if member else None, item.code, day)
        return key, Delivery(home, item, day, member, given_of(row))

    keys = set(stands.values_list("household_id", "member_id", "item__code", "delivered_on"))
    return each_taken(rows, prepare, keys, lambda asked: deliver_measures(by=by, deliveries=asked))


def payments(by: User, rows: Sequence[Values]) -> list[Said]:
    homes = homes_of(by, rows, Right.HOUSEHOLD_VIEW)
    money = Allocation.objects.visible_to(by).filter(project__in={row["project"] for row in rows})
    found = {(str(each.project_id), each.document): each for each in money.select_related("project")}
    stands = Disbursement.objects.filter(household__in=homes.ids, reverses=None, is_reversed=False)

    def prepare(row: Values) -> Prepared:
        allocation = found.get((str(row["project"]), row["document"]))
        if allocation is None:
            raise Rejected("document", "unknown_code", "这个项目没有这个文号的资金安排，请核对项目编号和文号")
        if not by.can(Right.FUND_MANAGE, allocation.project.place_id):
            raise Rejected("project", "unknown_place", "不在您负责的范围内，请删去这一行")
        home = homes.of(row)
        key = (allocation.project_id, home.pk, row["item"], row["amount"])
        return key, Paying(allocation, home, row["amount"], row["item"], row["paid_on"], row["voucher"])

    keys = set(stands.values_list("project_id", "household_id", "item", "amount"))
    return each_taken(rows, prepare, keys, lambda asked: disburse_many(by=by, payings=asked))


def pairings(by: User, rows: Sequence[Values]) -> list[Said]:
    homes = homes_of(by, rows, Right.PAIRING_EDIT)
    helpers = Helpers(homes.villages)
    stands = Pairing.objects.filter(household__in=homes.ids)

    def prepare(row: Values) -> Prepared:
        home = homes.of(row)
        helper = helpers.of(row, home.village_id)
        facts = {name: row[name] for name in ("starts_on", "ends_on", "note") if name in row}
        return (home.pk, helper.pk, row["starts_on"]), Pair(home, helper, **facts)

    keys = set(stands.values_list("household_id", "helper_id", "starts_on"))
    return each_taken(rows, prepare, keys, lambda asked: start_pairings(by=by, pairs=asked))


def visits(by: User, rows: Sequence[Values]) -> list[Said]:
    homes = homes_of(by, rows, Right.PAIRING_EDIT)
    helpers = Helpers(homes.villages)
    stands = Visit.objects.standing().filter(household__in=homes.ids)

    def prepare(row: Values) -> Prepared:
        home = homes.of(row)
        helper = helpers.of(row, home.village_id)
        day, way, signed = row["visited_on"], row.get("way", Way.FIELD), Signed(reason=row["unsigned"])
        return (home.pk, helper.pk, day), Noted(home, helper, day, way, seen_in(row), signed)

    keys = set(stands.values_list("household_id", "by_id", "visited_on"))
    return each_taken(rows, prepare, keys, lambda asked: log_visits(by=by, visits=asked))


def seen_in(row: Values) -> Seen:
    """What a row says was found. Raises Rejected for a problem without words."""
    answers = {topic: row[f"answer.{topic}"] for topic in TOPICS if row.get(f"answer.{topic}")}
    wrong = [topic for topic, answer in answers.items() if answer == Answer.PROBLEM]
    words: str = row.get("problem") or ""
    if wrong and not words:
        raise Rejected("problem", "required", "有“有问题”的，请在“问题”一栏写明")
    return Seen(
        answers=answers, problems=dict.fromkeys(wrong, words), at_home=row.get("at_home"),
        next_step=row.get("next_step", ""),
    )  # fmt: skip


JOB = ("since", "where", "place_name", "employer", "sector", "wage", "channel", "has_contract")


def jobs(by: User, rows: Sequence[Values]) -> list[Said]:
    people = people_of(rows, Member.objects.visible_to(by).present())
    every = [*people.by_number.values(), *people.by_paper.values()]
    stands = WorkSpell.objects.filter(member__in={each.pk for each in every}, until=None)

    def prepare(row: Values) -> Prepared:
        member = people.of(row)
        if not by.can(Right.HOUSEHOLD_EDIT, member.village_id):
            raise Rejected("person_no", "unknown_place", "不在您负责的范围内，请删去这一行")
        return (member.pk, row["since"]), (member, {name: row[name] for name in JOB if name in row})

    keys = set(stands.values_list("member_id", "since"))
    return each_taken(rows, prepare, keys, lambda asked: begin_works(by=by, begun=asked))


TAKERS: dict[str, tuple[Callable[[User, Sequence[Values]], list[Said]], Right]] = {
    "measures": (measures, Right.MEASURE_EDIT),
    "payments": (payments, Right.FUND_MANAGE),
    "pairings": (pairings, Right.PAIRING_EDIT),
    "visits": (visits, Right.PAIRING_EDIT),
    "jobs": (jobs, Right.HOUSEHOLD_EDIT),
}
"""By layout: what rows become, and the right that the verb asks for."""
