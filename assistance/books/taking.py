"""What each workbook's rows become: household or person is found inside the reader's places, the verb does the rest.

Each function takes the person and the values of a row, and answers whether something was created or stood there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistance.catalogue.selectors import measures_at
from assistance.funds.ledger.services import Payee, disburse
from assistance.measures.services import deliver_measure, given_of
from assistance.models import Allocation, Disbursement, Measure, Pairing, Visit, WorkSpell
from assistance.models.visit import Answer, Way
from assistance.pairing.services import helpers_at, start_pairing
from assistance.visits.services import TOPICS, Seen, Signed, log_visit
from assistance.work.services import begin_work
from households.models import Household, Member
from povreg.kit.crypto import lookup_hash
from villages.models import User
from villages.rights import Right

CREATED, UNCHANGED = "created", "unchanged"
Values = dict[str, Any]


class Rejected(Exception):  # noqa: N818 - an answer, not an accident
    """The row is not taken: the field at fault, a code of contract.md 3, what is wrong and what to do."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field, self.code, self.message = field, code, message


def household_of(by: User, values: Values) -> Household:
    row = Household.objects.visible_to(by).filter(household_no=values["household_no"], removed_on=None).first()
    if row is None:
        raise Rejected("household_no", "unknown_household", "您负责的范围内没有这个户编号，请核对")
    return row


def member_of(values: Values, rows: Any) -> Member:
    """The person of the row, by number or paper, among ``rows``."""
    found = None
    if values.get("person_no"):
        found = rows.filter(person_no=values["person_no"]).first()
    elif values.get("id_no"):
        found = rows.filter(id_hash=lookup_hash(str(values["id_no"]))).first()
    else:
        raise Rejected("person_no", "required", "人编号和证件号码都是空的，请至少填一项")
    if found is None:
        raise Rejected("person_no", "unknown_person", "没有找到这个人，请核对人编号或证件号码")
    return found  # type: ignore[no-any-return]


def helper_of(values: Values, village: str) -> User:
    row = helpers_at(village).filter(username=values["username"]).first()
    if row is None:
        raise Rejected("username", "unknown_person", "这个账号不是该村在任的帮扶责任人，请核对账号和任职")
    return row


def measure(by: User, values: Values) -> str:
    household = household_of(by, values)
    member = None
    if values.get("person_no"):
        member = member_of(values, Member.objects.present().filter(household=household))
    day = values["delivered_on"]
    item = next((row for row in measures_at(household.village_id, day) if row.code == values["item"]), None)
    if item is None:
        raise Rejected("item", "unknown_code", f"{day:%Y-%m-%d} 的目录里没有这个编码的措施，请核对")
    same = Measure.objects.standing().filter(household=household, member=member, item__code=item.code)
    if same.filter(delivered_on=day).exists():
        return UNCHANGED
    deliver_measure(by=by, household=household, item=item, delivered_on=day, member=member, given=given_of(values))
    return CREATED


def payment(by: User, values: Values) -> str:
    rows = Allocation.objects.visible_to(by).filter(project=values["project"], document=values["document"])
    allocation = rows.select_related("project").first()
    if allocation is None:
        raise Rejected("document", "unknown_code", "这个项目没有这个文号的资金安排，请核对项目编号和文号")
    household = household_of(by, values)
    stands = Disbursement.objects.filter(project=allocation.project, household=household, item=values["item"])
    if stands.filter(reverses=None, is_reversed=False, amount=values["amount"]).exists():
        return UNCHANGED
    facts = {name: values[name] for name in ("item", "paid_on", "voucher")}
    disburse(by=by, allocation=allocation, payees=[Payee(values["amount"], household=household)], **facts)
    return CREATED


def pairing(by: User, values: Values) -> str:
    household = household_of(by, values)
    helper = helper_of(values, household.village_id)
    if Pairing.objects.filter(household=household, helper=helper, starts_on=values["starts_on"]).exists():
        return UNCHANGED
    facts = {name: values[name] for name in ("starts_on", "ends_on", "note") if name in values}
    start_pairing(by=by, household=household, helper=helper, **facts)
    return CREATED


def visit(by: User, values: Values) -> str:
    household = household_of(by, values)
    helper = helper_of(values, household.village_id)
    day = values["visited_on"]
    if Visit.objects.standing().filter(household=household, by=helper, visited_on=day).exists():
        return UNCHANGED
    answers = {topic: values[f"answer.{topic}"] for topic in TOPICS if values.get(f"answer.{topic}")}
    wrong = [topic for topic, answer in answers.items() if answer == Answer.PROBLEM]
    if wrong and not values.get("problem"):
        raise Rejected("problem", "required", "有“有问题”的，请在“问题”一栏写明")
    words: str = values.get("problem") or ""
    seen = Seen(
        answers=answers, problems=dict.fromkeys(wrong, words), at_home=values.get("at_home"),
        next_step=values.get("next_step", ""),
    )  # fmt: skip
    log_visit(
        by=by, visitor=helper, household=household, visited_on=day, way=values.get("way", Way.FIELD), seen=seen,
        signed=Signed(reason=values["unsigned"]), report=False,
    )  # fmt: skip
    return CREATED


JOB = ("since", "where", "place_name", "employer", "sector", "wage", "channel", "has_contract")


def job(by: User, values: Values) -> str:
    member = member_of(values, Member.objects.visible_to(by).present())
    facts = {name: values[name] for name in JOB if name in values}
    if WorkSpell.objects.filter(member=member, until=None, since=facts["since"]).exists():
        return UNCHANGED
    begin_work(by=by, member=member, **facts)
    return CREATED


TAKERS: dict[str, tuple[Callable[[User, Values], str], Right]] = {
    "measures": (measure, Right.MEASURE_EDIT),
    "payments": (payment, Right.FUND_MANAGE),
    "pairings": (pairing, Right.PAIRING_EDIT),
    "visits": (visit, Right.PAIRING_EDIT),
    "jobs": (job, Right.HOUSEHOLD_EDIT),
}
"""By layout: what a row becomes, and the right that the verb asks for."""
