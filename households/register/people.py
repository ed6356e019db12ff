"""What a typed person says beyond what was typed: identity number, sex, birth date, initials, hashes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from households.models import Household, Member
from households.register.errors import FormErrors
from households.register.names import name_fault
from households.register.written import phone_fault, phone_written, two_names
from povreg.kit import locks
from povreg.kit.crypto import lookup_hash
from povreg.kit.fields import forms_of
from povreg.kit.idnumber import IdFault, IdNumber, normalise, parse
from povreg.kit.pinyin import name_spelled
from povreg.kit.plaintext import plain_name
from povreg.kit.reach import wider
from povreg.kit.scopes import county_of, within
from villages.models import User

FAULTS = {
    IdFault.LENGTH: "证件号码应为 18 位（残疾人证 20 或 22 位），请对照证件重新填写。",
    IdFault.BIRTHDATE: "证件号码第 7 至 14 位不是有效的出生日期，请对照证件重新填写。",
    IdFault.CHECKSUM: "证件号码校验位不对，至少有一位抄错，请对照证件重新填写。",
}


def derive(facts: Mapping[str, Any], errors: FormErrors, row: str) -> dict[str, Any]:
    """The facts with everything derived from them; faults go into ``errors`` under ``row``.

    An identity number sets number, hash, area, validity, sex and birth date; another kind of paper is kept as typed.
    """
    values = dict(facts)
    if "name" in values:
        fault = two_names(str(values["name"] or ""))
        values["name"] = plain_name(str(values["name"] or ""))
        fault = fault or name_fault(values["name"])
        _say(errors, f"姓名{fault}。" if fault else "", "name", row)
        values |= spelling(values["name"])
    if "phone" in values:
        _say(errors, phone_fault(values["phone"] or ""), "phone", row)
        values["phone"] = phone_written(values["phone"] or "")
        values["phone_hash"] = lookup_hash(values["phone"])
    if "disability_cert" in values:
        values["disability_cert"] = normalise(values["disability_cert"])
    if "id_no" in values:
        values |= _derive_id(str(values["id_no"] or ""), str(values.get("id_type", "")), errors, row)
    return values


def _say(errors: FormErrors, fault: str, field: str, row: str) -> None:
    if fault:
        errors.add(fault, field=field, row=row)


def spelling(name: str) -> dict[str, str]:
    """The columns under which a name is found by pinyin."""
    initials, pinyin = name_spelled(name)
    return {"name_initials": initials[:40], "name_pinyin": pinyin[:80]}


OLD_LENGTH = 15
RESIDENT_PAPERS = ("", "1", "2")
"""Papers that carry an identity number: resident card, disability certificate."""


def _derive_id(raw: str, id_type: str, errors: FormErrors, row: str) -> dict[str, Any]:
    text = normalise(raw)
    if not text or id_type not in RESIDENT_PAPERS:
        return {"id_no": text, "id_hash": lookup_hash(text), "id_area": "", "id_valid": False}
    read = read_id(text)
    if isinstance(read, IdFault):
        errors.add(id_fault_message(text, read), field="id_no", row=row)
        return {}
    return id_values(read)


def read_id(text: str) -> IdNumber | IdFault:
    """A number as a person types it. Fifteen digits that hold a whole date of birth are an unfinished number of 18,
    not one of the first generation (whose owner would be over a hundred years old)."""
    today = timezone.localdate()
    unfinished = len(text) == OLD_LENGTH and text[6:8] in ("19", "20")
    return IdFault.LENGTH if unfinished else parse(text, today)


def id_fault_message(text: str, fault: IdFault) -> str:
    """The fault in words, with the number of characters missing or too many."""
    if fault is IdFault.LENGTH and len(text) < 18:
        return f"证件号码还差 {18 - len(text)} 位：应为 18 位，现有 {len(text)} 位，请补全。"
    return FAULTS[fault]


def id_values(read: IdNumber) -> dict[str, Any]:
    """The member's fields an identity number says."""
    return {
        "id_no": read.text,
        "id_type": "2" if read.is_certificate else "1",
        "id_hash": lookup_hash(read.text),
        "id_area": read.area,
        "id_valid": True,
        "sex": read.sex,
        "birth_date": read.birth_date,
    }


def hold_numbers(household: Household, members: Iterable[Member]) -> None:
    """Keep others from registering the same people in the county until this transaction ends."""
    for number in sorted({str(member.id_hash) for member in members if member.id_hash}):
        locks.hold("person", county_of(household.village_id), number)


def refuse_duplicates(
    by: User | None, household: Household, members: Mapping[str, Member], errors: FormErrors
) -> list[Member]:
    """A person is registered once in a county: faults for members (by row key) whose number another present member of
    a registered household has. The other household is named only to someone who may see it, else its village. Returns
    those others."""
    hashes = {form: key for key, member in members.items() if member.id_hash for form in forms_of(member.id_hash)}
    others = (
        Member.objects.present()
        .filter(
            within("village_id", county_of(household.village_id)),
            id_hash__in=hashes,
            household__removed_on__isnull=True,
        )
        .exclude(pk__in=[member.pk for member in members.values()])
        .select_related("household__village")
    )
    with wider("one_registration"):
        found = list(others)
    for other in found:
        errors.add(_already_registered(by, household, other), field="id_no", row=hashes[other.id_hash])
    return found


def _already_registered(by: User | None, household: Household, other: Member) -> str:
    if other.household_id == household.pk:
        return f"证件号码与本户成员“{other.name}”相同，请核对，一人只登记一次。"
    seen = by is None or Household.objects.visible_to(by).filter(pk=other.household_id).exists()
    where = f"{other.household.village}户编号 {other.household.household_no}" if seen else str(other.household.village)
    return f"该证件号码已登记在{where}，请核对；如确已转入，请先由原户办理转出。"
