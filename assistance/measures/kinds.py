"""Measures with rules of their own: what a loan, a public post, a removal, a term of school must hold to.

Each kind names the further fields that its form asks and a check over the measure as it would be saved, which raises
ValidationError beside the field. The catalogue says which entry is of which kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils import timezone

from assistance.measures.loans import MONTHS, interest, subsidised, term_months, terms_of
from assistance.measures.rules import rules
from assistance.measures.selectors import by_home
from assistance.models import Measure
from assistance.models.catalogue import Kind
from households.models.member import Member
from households.register.errors import refusal

SPRING, AUTUMN = 2, 8
"""Months in which a term of school begins."""
OUT_OF_SCHOOL = ("01", "18")
"""school_status: 非在校生, 学龄前儿童."""


@dataclass(frozen=True)
class KindRule:
    """``asks``: fields of a measure that only this kind has; ``check`` refuses what cannot be."""

    asks: tuple[str, ...]
    check: Callable[[Measure, Beside], None]


@dataclass(frozen=True)
class Beside:
    """What a measure is held against: the standing ``measures`` of its household, of those merged into it and of its
    people, wherever they lived when they got them; and how many people live there."""

    measures: list[Measure] = field(default_factory=list)
    living: int = 0

    def of_person(self, row: Measure) -> list[Measure]:
        """The person's others of the kind, in whichever household."""
        return [each for each in self.of_kind(row) if each.member_id == row.member_id]

    def of_kind(self, row: Measure) -> list[Measure]:
        """The others of the kind."""
        return [each for each in self.measures if each.item.kind == row.item.kind and is_another(each, row)]


def is_another(each: Measure, row: Measure) -> bool:
    return each is not row and (row.pk is None or each.pk != row.pk)


def beside(households: Iterable[int]) -> dict[int, Beside]:
    """By household what its measures are held against, in a few statements."""
    ids = list(households)
    living = Counter(Member.objects.present().filter(household__in=ids).values_list("household_id", flat=True))
    rows = Measure.objects.standing().select_related("item").order_by("delivered_on", "pk")
    return {pk: Beside(found, living[pk]) for pk, found in by_home(rows, ids).items()}


def months_after(day: date, months: int) -> date:
    """The day so many months on; the last of the month where it has fewer days."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


def age_on(person: Member, day: date) -> int | None:
    """Years of age; None where the day of birth is not known."""
    born = person.birth_date
    return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def check_loan(row: Measure, home: Beside) -> None:
    """Amount, term, use, the borrower's age, and what the household owes besides."""
    rule = rules().loan
    if not row.amount:
        raise refusal("请填写贷款金额。", field="amount")
    if row.ends_on is None:
        raise refusal("请填写贷款到期日期。", field="ends_on")
    if row.ends_on > months_after(row.delivered_on, rule.months):
        raise refusal(f"小额信贷期限不超过 {rule.months // 12} 年，请核对到期日期。", field="ends_on")
    if not row.use:
        raise refusal("请选择贷款用途；只能用于生产经营。", field="use")
    terms = terms_of(row.village_id, row.delivered_on)
    if row.rate is not None and terms and terms.most_rate is not None and row.rate > terms.most_rate:
        raise refusal(f"年利率不超过 {terms.most_rate:f}%（{terms.document}），请核对。", field="rate")
    age = age_on(row.member, row.delivered_on) if row.member else None
    if age is not None and age > rule.oldest:
        raise refusal(f"借款人 {age} 岁，超过 {rule.oldest} 岁，请由家里其他人借款。", field="member")
    owed = sum((each.amount or Decimal(0) for each in home.of_kind(row) if is_owed(each, row)), Decimal(0))
    if owed + row.amount > rule.limit:
        also = f"，本户还有 {owed:,.0f} 元没有还清" if owed else ""
        raise refusal(f"每户小额信贷不超过 {rule.limit:,.0f} 元{also}，请核对金额。", field="amount")


def is_owed(loan: Measure, beside: Measure) -> bool:
    """Whether one loan was still to be paid back while the other ran."""
    if loan.ends_on is None or beside.ends_on is None:
        return False
    still = loan.settled_on is None or loan.settled_on > beside.delivered_on
    return still and loan.ends_on >= beside.delivered_on and loan.delivered_on <= beside.ends_on


def check_subsidy(row: Measure, home: Beside) -> None:
    """Of a loan of the household whose rate is known: no month twice, none beyond the term, at most the interest."""
    loan = row.serves
    if loan is None or loan.household_id != row.household_id or loan.item.kind != Kind.LOAN or loan.withdrawn_on:
        raise refusal("请选择本户的一笔小额信贷；没有的，先登记贷款。", field="serves")
    if loan.rate is None:
        raise refusal("这笔贷款没有登记年利率，请先更正贷款。", field="serves")
    if row.quantity is None or row.quantity != row.quantity.to_integral_value():
        raise refusal("请填写贴息的月数，应为整数。", field="quantity")
    left = term_months(loan) - subsidised(loan, row.pk)
    if row.quantity > left:
        raise refusal(f"这笔贷款还可贴息 {left:f} 个月，请核对月数。", field="quantity")
    if row.delivered_on < loan.delivered_on:
        raise refusal("贴息日期早于贷款日期，请核对。", field="delivered_on")
    terms = terms_of(row.village_id, loan.delivered_on)
    share = terms.subsidy_share if terms else Decimal(100)
    most = (interest(loan.amount, loan.rate, row.quantity) * share / 100).quantize(Decimal("0.01"))
    if not row.amount or row.amount > most:
        raise refusal(f"{row.quantity:f} 个月最多贴息 {most:,.2f} 元，请核对金额。", field="amount")


def check_post(row: Measure, home: Beside) -> None:
    """A contract with its end, for one person who holds no other post at that time."""
    if row.member is None:
        raise refusal("公益性岗位请选择上岗的人。", field="member")
    if row.ends_on is None:
        raise refusal("请填写岗位协议到期日期。", field="ends_on")
    until = row.settled_on or row.ends_on
    for other in home.of_person(row):
        ended = other.settled_on or other.ends_on
        if ended and other.delivered_on <= until and ended >= row.delivered_on:
            raise refusal(
                f"{row.member.name}在这段时间已有“{other.item}”岗位（到 {ended}），一人不能同时有两个岗位，请核对。",
                field="member",
            )


def check_relocation(row: Measure, home: Beside) -> None:
    """People who move are those of the household, and no more room than the rule allows a head."""
    if row.quantity is None:
        raise refusal("请填写搬迁人数。", field="quantity")
    if home.living and row.quantity > home.living:
        raise refusal(f"搬迁 {row.quantity:f} 人，本户只有 {home.living} 人，请核对。", field="quantity")
    for name, day in (("keys_on", row.keys_on), ("old_house_on", row.old_house_on)):
        if day and not row.delivered_on <= day <= timezone.localdate():
            raise refusal("日期应在搬迁（落实）日期以后、今天以前，请核对。", field=name)
    most = rules().relocation.area_per_person * row.quantity
    if row.area is not None and row.area > most:
        each = rules().relocation.area_per_person
        raise refusal(f"安置住房人均不超过 {each} 平方米，最多 {most.normalize():f} 平方米，请核对。", field="area")


def term_of(day: date) -> tuple[int, int]:
    """The term of school that holds a day: year and month of its beginning."""
    if day.month >= AUTUMN:
        return day.year, AUTUMN
    return (day.year, SPRING) if day.month >= SPRING else (day.year - 1, AUTUMN)


def check_study(row: Measure, home: Beside) -> None:
    """For somebody who goes to school, once a term."""
    if row.member is None:
        raise refusal("教育资助请选择学生。", field="member")
    if row.member.school_status in OUT_OF_SCHOOL:
        raise refusal(f"{row.member.name}登记为非在校生，请先核对在校生状况。", field="member")
    same = [each for each in home.of_person(row) if each.item.code == row.item.code]
    if any(term_of(other.delivered_on) == term_of(row.delivered_on) for other in same):
        raise refusal(f"{row.member.name}这个学期已登记过“{row.item}”，每学期只登记一次。", field="delivered_on")


def check_civil(row: Measure, home: Beside) -> None:
    """低保 or 特困 for so many months of a year: nobody gets both at a time, no month is paid twice."""
    if row.quantity is not None and row.quantity > MONTHS:
        raise refusal("一次最多登记 12 个月，请核对。", field="quantity")
    year = row.delivered_on.year
    others = [
        each for each in home.measures
        if each.item.kind in (Kind.DIBAO, Kind.TEKUN) and each.delivered_on.year == year and is_another(each, row)
        and each.member_id == row.member_id
    ]  # fmt: skip
    for each in others:
        if each.item.kind != row.item.kind:
            raise refusal("低保和特困供养不能同时享受，请核对民政名单。", field="member")
    months = sum((each.quantity or Decimal(0) for each in others), row.quantity or Decimal(0))
    if months > MONTHS:
        had = months - (row.quantity or 0)
        raise refusal(f"{year}年已登记 {had:f} 个月，合计不超过 12 个月，请核对。", field="quantity")


def check_nothing(row: Measure, home: Beside) -> None:
    """No rule of its own."""


PLAIN = KindRule((), check_nothing)
KINDS: dict[str, KindRule] = {
    Kind.LOAN: KindRule(("use", "rate", "settled_on", "misuse"), check_loan),
    Kind.SUBSIDY: KindRule(("serves",), check_subsidy),
    Kind.DIBAO: KindRule((), check_civil),
    Kind.TEKUN: KindRule((), check_civil),
    Kind.POST: KindRule(("settled_on",), check_post),
    Kind.RELOCATION: KindRule(("area", "site", "keys_on", "old_house_on"), check_relocation),
    Kind.STUDY: KindRule((), check_study),
}


def rule_of(row: Measure) -> KindRule:
    return KINDS.get(row.item.kind, PLAIN)
