"""What somebody types into the search box of the household list, and whom it finds.

One box takes a name or a part of it, pinyin (initials or whole syllables), a whole phone or identity number, and the
beginning of a household number. What was typed stays out of addresses, logs and jobs; it is kept in the session.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left

from households.models import Household
from households.models.member import MemberQuerySet
from povreg.kit.crypto import lookup_hash
from povreg.kit.idnumber import normalise, upgrade
from povreg.kit.masking import mask_id, mask_phone
from povreg.kit.pinyin import name_spelled, typed_pinyin
from povreg.kit.plaintext import plain_name
from povreg.kit.scopes import COUNTY, counties_of

LONGEST = 60
ID_LENGTHS = (15, 18, 20, 22)
UNFINISHED = range(14, 18)
"""Lengths at which digits with a date of birth in them are an identity number that was not finished."""
_PHONE = re.compile(r"1\d{10}")
_ID = re.compile(r"\d{17}X(\d\d|\d{4})?")
_SPACED = re.compile(r"[\d-]*\d[\d-]*X?")
_BORN = re.compile(r"\d{6}(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])")
_MASKED = re.compile(r"\d*\*+[\dX]*")
_NUMBER = re.compile(r"[0-9A-Z]*\d[0-9A-Z]*")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-z]")


WHOLE = (
    "户编号请从第一位输起。身份证号和电话加密保存，只能按完整的号码查（身份证号 18 位，电话 11 位）；"
    + "只记得几位的，请改输姓名。"
)


class Kind(StrEnum):
    """What the typed text is taken for."""

    NAME = "name"
    PINYIN = "pinyin"
    PHONE = "phone"
    ID = "id"
    HOUSEHOLD = "household_no"
    MASKED = "masked"


@dataclass(frozen=True)
class Search:
    """A typed text as it is understood: ``value`` is normalised (names without blanks, numbers half-width)."""

    kind: Kind
    value: str

    @property
    def words(self) -> str:
        """What was searched, for the reader; numbers of people are masked."""
        return {
            Kind.NAME: f"姓名含“{self.value}”",
            Kind.PINYIN: f"姓名拼音以“{self.value}”开头",
            Kind.PHONE: f"电话 {mask_phone(self.value)}",
            Kind.ID: f"证件号码或户编号 {mask_id(self.value)}",
            Kind.HOUSEHOLD: f"户编号以“{self.value}”开头",
            Kind.MASKED: "遮盖了几位的号码",
        }[self.kind]

    @property
    def is_unfinished(self) -> bool:
        """Whether it looks like an identity number of which the last digits are lacking."""
        return len(self.value) in UNFINISHED and bool(_BORN.match(self.value))

    @property
    def advice(self) -> str:
        """What to try when nobody was found."""
        if self.is_unfinished:
            return f"像是没有输完的身份证号：现有 {len(self.value)} 位，请输完整的 18 位。"
        return {
            Kind.NAME: "可以少输一个字，或改输拼音首字母（如 wmh）。",
            Kind.PINYIN: "请输姓名拼音的首字母（如 wmh）或全拼（如 wangminghai），从姓开始输。",
            Kind.PHONE: "请核对号码；未登记电话的户，可按姓名或身份证号查找。",
            Kind.ID: "请核对号码是否抄错；残疾人也可输残疾人证号（20 位）。",
            Kind.HOUSEHOLD: WHOLE,
            Kind.MASKED: "号码加密保存，遮盖了几位的查不到：请输完整的 18 位身份证号或 11 位电话，或改输姓名。",
        }[self.kind]


def legible(typed: str) -> str:
    """Typed or pasted text without what is no letter, sign or blank, and not longer than a search may be."""
    return "".join(letter for letter in typed if letter.isprintable()).strip()[:LONGEST]


def read(typed: str) -> Search | None:
    """What a typed text is taken for; None for nothing typed."""
    number = normalise(typed[:LONGEST])
    if not number:
        return None
    if _SPACED.fullmatch(number):
        number = number.replace("-", "")
    if _MASKED.fullmatch(number):
        return Search(Kind.MASKED, number)
    if _HAN.search(number):
        name = plain_name(typed[:LONGEST])
        return Search(Kind.PINYIN, name_spelled(name)[1]) if _LATIN.search(name) else Search(Kind.NAME, name)
    if _PHONE.fullmatch(number):
        return Search(Kind.PHONE, number)
    if _is_id(number):
        return Search(Kind.ID, number)
    if _NUMBER.fullmatch(number):
        return Search(Kind.HOUSEHOLD, number)
    pinyin = typed_pinyin(typed[:LONGEST]) if _LETTER.search(number) else ""
    return Search(Kind.PINYIN, pinyin) if pinyin else Search(Kind.NAME, "".join(typed[:LONGEST].split()))


def _is_id(number: str) -> bool:
    """Digits of 15 that hold a whole date of birth are the beginning of 18, not a number of the first generation."""
    if len(number) == 15 and _BORN.match(number):
        return False
    return bool(_ID.fullmatch(number)) or (number.isdigit() and len(number) in ID_LENGTHS)


def narrow(rows: QuerySet, people: MemberQuerySet, search: Search, places: list[str]) -> QuerySet:
    """The households that ``search`` finds among ``rows``, by members among ``people`` (both limited to ``places``).

    Each statement starts from what was found, by an index, not from the list."""
    return rows.filter(pk__in=_FINDERS[search.kind](people, search.value, places))


def _by_name(people: MemberQuerySet, name: str, places: list[str]) -> QuerySet:
    return people.named(name, places).values("household_id")


def _by_pinyin(people: MemberQuerySet, typed: str, places: list[str]) -> QuerySet:
    return people.spelled(typed, places).values("household_id")


def _by_phone(people: MemberQuerySet, phone: str, places: list[str]) -> QuerySet:
    """By the household's phone or a member's; the number of a household may begin with the same digits."""
    wanted = lookup_hash(phone)
    homes = Household.objects.filter(phone_hash=wanted).order_by().values("pk")
    theirs = people.filter(phone_hash=wanted).order_by().values("household_id")
    return homes.union(theirs, _by_household_no(people, phone, places))


def _by_id(people: MemberQuerySet, number: str, places: list[str]) -> QuerySet:
    """By identity number or certificate; a household's number may have as many digits."""
    found = people.filter(id_hash__in=_papers(number))
    homes = _by_household_no(people, number, places)
    return homes.union(found.order_by().values("household_id"))


def _by_household_no(_people: MemberQuerySet, number: str, places: list[str]) -> QuerySet:
    """The county stands first in the index of household numbers."""
    rows = Household.objects.alias(county=Left("village_id", COUNTY)).order_by()
    return rows.filter(counties_of("county", places), household_no__startswith=number).values("pk")


def people_found(people: MemberQuerySet, search: Search, places: list[str]) -> Any:
    """The people of whom a search by name, pinyin or paper speaks, whether they live there still or not."""
    if search.kind == Kind.NAME:
        return people.named(search.value, places)
    if search.kind == Kind.PINYIN:
        return people.spelled(search.value, places)
    return people.filter(id_hash__in=_papers(search.value)) if search.kind == Kind.ID else people.none()


def _papers(number: str) -> list[str]:
    """Hashes under which a paper may be kept: as typed, the number in a certificate, the one of 15 digits."""
    papers = {number, number[:18], *([upgrade(number)] if len(number) == 15 else [])}
    return [lookup_hash(each) for each in sorted(papers)]


def _nobody(people: MemberQuerySet, _number: str, _places: list[str]) -> QuerySet:
    return people.none().values("household_id")


_FINDERS: dict[Kind, Any] = {
    Kind.MASKED: _nobody,
    Kind.NAME: _by_name,
    Kind.PINYIN: _by_pinyin,
    Kind.PHONE: _by_phone,
    Kind.ID: _by_id,
    Kind.HOUSEHOLD: _by_household_no,
}
