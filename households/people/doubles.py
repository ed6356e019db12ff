"""People who may be registered twice: found by what two rows share, shown side by side, and merged by whoever may.

Numbers are sealed, so SQL finds pairs of one name and sex that also share a birthday, a telephone, a bank account or a
village, and only these are opened to see whether their numbers differ by one digit, or are one number on two papers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from households.models import Member, NotSame
from households.models.apart import NotSameQuerySet
from households.models.presence import Change
from povreg.kit.masking import birth_shown, mask_id, mask_phone
from povreg.kit.scopes import within_any
from povreg.kit.values import BLANK, plain, shown
from villages.models import User
from villages.rights import Right

MOST = 1000  # pairs that are opened for one page
BORN, DIGIT, PAPER = "同名、同一天出生", "同名，证件号码只差一位", "同名，残疾证号与身份证号是同一个号码"
PHONE, BANK = "同名、同一电话", "同名、同一银行卡"
BODY = 17  # digits of a number before its check digit


@dataclass(frozen=True)
class Pair:
    """Two rows that may be one person, and what speaks for it."""

    one: Member
    other: Member
    why: tuple[str, ...]

    @property
    def said(self) -> str:
        return "；".join(self.why)


_PAIRS = """
WITH here AS (
    SELECT m.id, m.name, m.sex, m.birth_date, m.phone_hash, m.village_id, m.household_id, m.left_on, h.bank_hash
    FROM households_member m JOIN households_household h ON h.id = m.household_id
    WHERE m.village_id ^@ ANY(%(places)s) AND m.left_reason <> %(mistake)s)
SELECT a.id, b.id, a.birth_date = b.birth_date, a.phone_hash <> '' AND a.phone_hash = b.phone_hash,
       a.household_id <> b.household_id AND a.bank_hash <> '' AND a.bank_hash = b.bank_hash
FROM here a JOIN here b ON b.name = a.name AND b.sex = a.sex AND b.id > a.id
WHERE (a.left_on IS NULL OR b.left_on IS NULL)
  AND NOT EXISTS (SELECT FROM households_notsame n
                  WHERE n.one_id = a.id AND n.other_id = b.id AND n.withdrawn_on IS NULL)
  AND (a.birth_date = b.birth_date OR a.phone_hash <> '' AND a.phone_hash = b.phone_hash
       OR a.household_id <> b.household_id AND a.bank_hash <> '' AND a.bank_hash = b.bank_hash
       OR a.village_id = b.village_id)
ORDER BY (a.birth_date = b.birth_date) DESC NULLS LAST, a.village_id, a.id, b.id
LIMIT %(most)s
"""


class Found(NamedTuple):
    """``capped`` where there were more pairs to be opened than MOST: what was not opened is not said to be fine."""

    pairs: list[Pair]
    capped: bool


def doubles(user: User) -> Found:
    """The pairs that a person may merge, likeliest first; at most MOST are looked at."""
    places = user.places_with(Right.HOUSEHOLD_MOVE)
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"places": places, "mistake": Change.MISTAKE, "most": MOST + 1})
        found = cursor.fetchall()
    opened = found[:MOST]
    people = _people(user, {pk for row in opened for pk in row[:2]})
    pairs = [
        Pair(people[one], people[other], why)
        for one, other, *shared in opened
        if one in people and other in people and (why := _reasons(people[one], people[other], *shared))
    ]
    pairs.sort(key=lambda pair: (DIGIT not in pair.why, PAPER not in pair.why, -len(pair.why)))
    return Found(pairs, len(found) > MOST)


def marked_apart(user: User) -> NotSameQuerySet:
    """Pairs that were found to be two people, where a person may merge and mark; those taken back, too."""
    rows = NotSame.objects.visible_to(user).filter(
        within_any("one__village_id", user.places_with(Right.HOUSEHOLD_MOVE))
    )
    return rows.select_related(
        "one__household", "one__village", "other__household", "other__village", "by", "withdrawn_by"
    )


def _people(user: User, pks: Iterable[int]) -> dict[int, Member]:
    rows = Member.objects.visible_to(user).filter(pk__in=pks).select_related("household", "village__parent")
    return {row.pk: row for row in rows}


def _reasons(one: Member, other: Member, born: bool | None, phone: bool, bank: bool) -> tuple[str, ...]:
    """What speaks for one person; nothing where only name and village are shared."""
    numbers = one.id_no, other.id_no
    said = (
        (DIGIT, one_digit_apart(*numbers)), (PAPER, one_number(*numbers)),
        (BORN, bool(born)), (PHONE, phone), (BANK, bank),
    )  # fmt: skip
    return tuple(text for text, holds in said if holds)


def one_digit_apart(one: str, other: str) -> bool:
    """Whether two identity numbers differ in one digit, or in two neighbours that were exchanged; the check digit
    follows from the others."""
    first, second = one[:BODY], other[:BODY]
    if len(first) < BODY or len(second) < BODY:
        return False
    apart = [at for at in range(BODY) if first[at] != second[at]]
    exchanged = len(apart) == 2 and apart[1] == apart[0] + 1 and sorted(first[apart[0]:apart[1] + 1]) == sorted(
        second[apart[0]:apart[1] + 1])  # fmt: skip
    return len(apart) == 1 or exchanged


def one_number(one: str, other: str) -> bool:
    """Whether one is a disability certificate that begins with the other."""
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and shorter != longer and longer.startswith(shorter)


def pair_of(user: User, one: int, other: int) -> tuple[Member, Member] | None:
    """Two rows that a person may merge; None where one is out of reach."""
    places = within_any("village_id", user.places_with(Right.HOUSEHOLD_MOVE))
    rows = {row.pk: row for row in Member.objects.visible_to(user).filter(Q(pk__in=(one, other)) & places)}
    return (rows[one], rows[other]) if len(rows) == 2 else None


FACTS = ("name", "sex", "id_type", "ethnicity", "education", "health", "labour")


@dataclass(frozen=True)
class Line:
    """One line of the comparison."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        return self.one != self.other


def beside(one: Member, other: Member) -> list[Line]:
    """Both rows, line by line: facts, then homes, stays and years."""
    lines = [_line(str(_field(name).verbose_name), _fact(one, name), _fact(other, name)) for name in FACTS]
    lines.insert(2, _line("出生日期", *_born(one, other)))
    lines += [_line(label, tell(one), tell(other)) for label, tell in TOLD.items()]
    days = {one.birth_date, other.birth_date} if one.id_no or other.id_no else set()
    for label, told in (("识别时间", _identified), ("居住", _stays)):
        lines.append(_line(label, told(one, days), told(other, days)))
    return lines


def _line(label: str, one: str, other: str) -> Line:
    return Line(label, one or BLANK, other or BLANK)


def _field(name: str) -> Any:
    return Member._meta.get_field(name)


def _fact(row: Member, name: str) -> str:
    return str(shown(_field(name), getattr(row, name)))


def _born(one: Member, other: Member) -> tuple[str, str]:
    """Both days as they may stand beside both masked numbers, which may be one person's; that days of one year differ
    is said in words."""
    first, second = (birth_shown(row.birth_date, one.id_no, other.id_no) or "" for row in (one, other))
    apart = "（月日不同）" if first == second and one.birth_date != other.birth_date else ""
    return first, second + apart


def _number(row: Member) -> str:
    return mask_id(row.id_no)


def _phone(row: Member) -> str:
    return mask_phone(row.phone)


def _person_no(row: Member) -> str:
    return row.person_no


def _home(row: Member) -> str:
    return f"{row.village} {row.household.household_no}，{shown(_field('relation'), row.relation)}"


def _day(day: date | None, births: Collection[date | None]) -> str:
    """A day as it may stand beside a masked number: who was born into a household came on the day of his birth."""
    return "" if day is None else f"{day.year}年" if day in births else plain(day)


def _identified(row: Member, births: Collection[date | None]) -> str:
    return _day(row.identified_on, births)


def _stays(row: Member, births: Collection[date | None]) -> str:
    """Since when he lived where; lines of one stay are one."""
    stays = list(row.presences.select_related("household").order_by("since", "pk"))
    begun = [stay for at, stay in enumerate(stays) if at == 0 or not stay.continued]
    said = []
    for at, stay in enumerate(begun):
        last = stays[stays.index(begun[at + 1]) - 1] if at + 1 < len(begun) else stays[-1]
        said.append(f"{_day(stay.since, births) or '一直'}至{_day(last.until, births) or '今'}")
    return "；".join(said)


def _years(row: Member) -> str:
    return "、".join(str(year) for year in sorted(row.years.values_list("year", flat=True)))


TOLD = {
    "证件号码": _number, "联系电话": _phone, "人编号": _person_no, "户": _home, "年度情况": _years,
}  # fmt: skip
