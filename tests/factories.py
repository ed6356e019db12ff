"""Meaningful rows for tests: people posted somewhere, households with members, records and verdicts.

Every factory takes the facts a test is about as keywords and fills the rest with the state of an ordinary, complete
case. Identity numbers carry the area code 500198, which belongs to nobody.
"""

from __future__ import annotations

import hashlib
import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from assistance.models import Pairing
from households.closed import selectors as closed_years
from households.closing.freezing import columns_now
from households.models import (
    AcceptedWarning,
    AnnualRecord,
    Assessment,
    Attachment,
    Clearance,
    Episode,
    Flip,
    Household,
    IncomeTest,
    LateFact,
    Lead,
    Member,
    MemberYear,
    PolicyRun,
    RegisterEvent,
    Review,
    SavedFilter,
    SheetImport,
    Spell,
    SupportDecision,
    Tally,
    UnmaskLog,
    YearClosing,
)
from households.models.household import STANDING
from households.standing import stated
from households.standing.services import end_all
from households.standing.stated import split_facts
from povreg.jobs.models import Job
from povreg.kit.crypto import lookup_hash
from povreg.kit.idnumber import check_digit
from povreg.kit.pinyin import initials, name_spelled
from povreg.kit.scopes import PARENT_LENGTH
from villages.models import (
    Cadre,
    CriteriaSet,
    Message,
    OfficeName,
    Place,
    PlaceChange,
    Posting,
    PovertyLine,
    Programme,
    SignInAttempt,
    Unit,
    UnitVillage,
    User,
    VillageProfile,
    VillageYear,
    WorkingYear,
)
from villages.rights import Role

COUNTY, TOWNSHIP, VILLAGE = "500154", "500154201", "500154201200"
NEXT_VILLAGE, OTHER_TOWNSHIP, OTHER_COUNTY = "500154201201", "500154202", "500101"
OTHER_VILLAGE = "500101001200"  # in the other county
YEAR = 2020
NAMES = {
    "50": "重庆市", "5001": "市辖区", COUNTY: "开州区", TOWNSHIP: "关面乡", VILLAGE: "泉秀村民委员会",
    NEXT_VILLAGE: "小园村民委员会", OTHER_TOWNSHIP: "满月镇", "500154202200": "甘泉村民委员会",
    OTHER_COUNTY: "万州区", "500101001": "高笋塘街道", OTHER_VILLAGE: "高峰村民委员会",
}  # fmt: skip
ROLE_PLACE = {Role.VILLAGE_CADRE: VILLAGE, Role.VOLUNTEER: VILLAGE, Role.TOWNSHIP_OFFICER: TOWNSHIP}
_numbers = itertools.count(1)
_persons = itertools.count(1)


def place(code: str = VILLAGE, **facts: Any) -> Place:
    """The place, with everything above it."""
    found = Place.objects.filter(pk=code).first()
    if found:
        return found
    above = code[: PARENT_LENGTH[len(code)]]
    name = facts.pop("name", NAMES.get(code, f"{code[-3:]}村民委员会" if len(code) == 12 else f"地区{code}"))
    short = name.removesuffix("村民委员会") + "村" if name.endswith("村民委员会") else name
    level = list(PARENT_LENGTH).index(len(code)) + 1
    return Place.objects.create(
        code=code, name=name, level=level, parent=place(above) if above else None,
        **{"short_name": short, "initials": initials(short), **facts},
    )  # fmt: skip


def village_profile(code: str = VILLAGE, **facts: Any) -> VillageProfile:
    return VillageProfile.objects.create(village=place(code), **{"is_poor": True, **facts})


def village_year(code: str = VILLAGE, year: int = YEAR, **facts: Any) -> VillageYear:
    return VillageYear.objects.create(
        village=place(code), year=year, **{"households": 410, "population": 1600, **facts}
    )


def place_change(**facts: Any) -> PlaceChange:
    defaults = {
        "kind": PlaceChange.Kind.MERGE,
        "source": place(NEXT_VILLAGE),
        "target": place(VILLAGE),
        "happened_on": date(2020, 1, 1),
        "by": facts.get("by") or posted(Role.COUNTY_OFFICER),
    }
    return PlaceChange.objects.create(**defaults | facts)


def user(username: str = "", *, password: str = "", **facts: Any) -> User:
    """An account that has changed its first password; without ``password`` nobody can sign in with it."""
    username = username or f"person{next(_numbers)}"
    defaults = {"name": "李建国", "must_change_password": False, "password_changed_at": timezone.now()}
    account = User(username=username, **defaults | facts)
    account.set_password(password or None)
    account.save()
    return account


def sign_in(account: User | None = None) -> SignInAttempt:
    """A try to sign in that was refused."""
    outcome = SignInAttempt.Outcome.REFUSED
    return SignInAttempt.objects.create(
        user=account, tried_hash=f"{next(_numbers):032}", address="10.1.1.1", outcome=outcome
    )


def posting(account: User, role: Role, code: str = "", **facts: Any) -> Posting:
    where = place(code or ROLE_PLACE.get(role, COUNTY))
    return Posting.objects.create(
        user=account, role=role, place=where, **{"starts_on": date(2018, 1, 1), "ends_on": None, **facts}
    )


def posted(role: Role, code: str = "", **facts: Any) -> User:
    """An account with one posting; its own place is the posting's."""
    code = code or ROLE_PLACE.get(role, COUNTY)
    account = user(**{"place": place(code), **facts})
    posting(account, role, code)
    return account


def unit(**facts: Any) -> Unit:
    defaults = {"name": f"区水利局{next(_numbers)}", "kind": Unit.Kind.SUPPORT, "phone": "02352220000"}
    return Unit.objects.create(**defaults | {"place": place(COUNTY)} | facts)


def unit_village(**facts: Any) -> UnitVillage:
    return UnitVillage.objects.create(**{"unit": unit(), "village": place(VILLAGE), **facts})


def cadre(**facts: Any) -> Cadre:
    number = id_number(date(1980, 5, 6), "1")
    defaults = {
        "name": "王立新",
        "sex": "1",
        "id_no": number,
        "id_hash": lookup_hash(number),
        "birth_date": date(1980, 5, 6),
        "place": place(VILLAGE),
        "post": "驻村工作队队员",
        "phone": "13800001234",
        "phone_hash": lookup_hash("13800001234"),
        "is_team_member": True,
    }
    return Cadre.objects.create(**defaults | facts)


def id_number(born: date, sex: str = "1") -> str:
    """A new valid number of an invented person; ``sex`` 1 male, 2 female."""
    order = next(_persons) % 500 * 2 + (1 if sex == "1" else 0)
    first17 = f"500198{born:%Y%m%d}{order:03}"
    return first17 + check_digit(first17)


def household(code: str = VILLAGE, *, members: int = 0, **facts: Any) -> Household:
    """A registered household (``in_register=False``: an ordinary one); ``members`` creates the head and others too."""
    defaults = {
        "household_no": f"{code[:6]}{next(_numbers):012}",
        "group_name": "3组",
        "main_cause": "02",
        "exit_status": "0",
        "identified_on": date(2014, 1, 1),
    }
    own, said = split_facts(defaults | facts)
    if "exit_status" not in facts and facts.get("household_type") in {"02", "04"}:
        said["exit_status"] = ""
    if facts.get("return_year") and "exit_status" not in facts:
        said["exit_status"] = "3"
    row = Household.objects.create(village=place(code), **own)
    if said.pop("in_register", True):
        stand(row, **said)
    if row.removed_on:
        end_all(row, row.removed_on)
        row.refresh_from_db()
    for number in range(members):
        member(row, **({} if number == 0 else {"relation": "03", "birth_date": date(2010, 3, number % 28 + 1)}))
    return row


def stand(of: Household, **said: Any) -> Household:
    """Give a household without spells the standing a roster would state (county in 建库期); the row knows it then."""
    stated.state([(of.pk, {"data_date": of.data_date, **said})], "测试名册", date(2020, 12, 31))
    of.refresh_from_db()
    return of


def restand(of: Household, **said: Any) -> Household:
    """State the standing anew, as a roster in the opening stock does; what is not said stays."""
    before = {name: getattr(of, name) for name in STANDING}
    Episode.objects.filter(spell__household=of).delete()
    Spell.objects.filter(household=of).delete()
    return stand(of, **before | said)


def ordinary(code: str = VILLAGE, *, members: int = 0, **facts: Any) -> Household:
    """A household of the village that has no class (普通农户)."""
    return household(code, members=members, in_register=False, **facts)


def member(of: Household, *, born: date | None = None, **facts: Any) -> Member:
    """A present member; the first one of a household is its head."""
    count = Member.objects.filter(household=of).count()
    facts["birth_date"] = facts.get("birth_date") or born or date(1975, 8, 9)
    sex = facts.get("sex", "1")
    number = facts.pop("id_no", None) or id_number(facts["birth_date"], sex)
    defaults = {
        "person_no": f"{of.household_no}{count + 1:02}",
        "name": "王明海" if count == 0 else f"王小{'一二三四五六七八九'[count % 9]}",
        "relation": "01" if count == 0 else "03",
        "id_no": number,
        "id_hash": lookup_hash(number),
        "id_area": number[:6],
        "id_valid": True,
        "sex": sex,
        "ethnicity": "01",
        "health": "01",
        "labour": "01",
        "joined_on": date(2014, 1, 1),
    }
    row = Member(household=of, village_id=of.village_id, **defaults | facts)
    row.name_initials, row.name_pinyin = name_spelled(row.name)
    row.save()
    return row


def review(of: Household | None = None, **facts: Any) -> Review:
    """A comprehensive assessment of this year, of a former poor household."""
    of = of or household(members=1, exit_status="1", exit_year=2018)
    today = timezone.localdate()
    defaults = {
        "village_id": of.village_id, "year": today.year, "economy": "fair", "ability": "part", "assessed_on": today,
        "evidence": "有稳定务工收入", "assessors": "王立新、李建国", "proposal": "end",
    }  # fmt: skip
    return Review.objects.create(household=of, **defaults | facts)


def support(of: Household | None = None, **facts: Any) -> SupportDecision:
    """A decision on a household's support that holds, with one policy that runs on."""
    found = facts.pop("review", None) or review(of)
    today = timezone.localdate()
    defaults = {
        "review": found, "village_id": found.village_id, "outcome": "end", "document": "开农函〔2026〕1号",
        "decided_on": today, "since": today,
    }  # fmt: skip
    who = facts.pop("decided_by", None) or posted(Role.COUNTY_OFFICER)
    made = SupportDecision.objects.create(household=found.household, decided_by=who, **defaults | facts)
    PolicyRun.objects.create(decision=made, policy="05", until=today + timedelta(days=365))
    return made


def annual_record(of: Household, year: int = YEAR, **facts: Any) -> AnnualRecord:
    """A complete record that meets every criterion of 2020 for up to four persons."""
    defaults = {
        "wage_income": Decimal("24000"),
        "business_income": Decimal("5000"),
        "tr_pension": Decimal("1380"),
        "business_expense": Decimal("1000"),
        "food": True,
        "clothing": True,
        "house_grade": "A",
        "water_safe": True,
        "power_living": True,
        "broadcast": True,
    }
    return AnnualRecord.objects.create(household=of, village_id=of.village_id, year=year, **defaults | facts)


def member_year(person: Member, year: int = YEAR, **facts: Any) -> MemberYear:
    defaults = {"school_status": "01", "ins_resident": True, "ins_employee": False, "health": "01"}
    return MemberYear.objects.create(
        member=person, household_id=person.household_id, village_id=person.village_id, year=year, **defaults | facts
    )


def poverty_line(amount: str = "4000", year: int = YEAR, **facts: Any) -> PovertyLine:
    """The line in force for its kind, year and place; a shipped one gets the test's amount."""
    key = {"kind": PovertyLine.Kind.EXIT, "place": None, "withdrawn_at": None}
    key |= {name: facts.pop(name) for name in tuple(facts) if name in key}
    values = {"amount": Decimal(amount), "source": "测试依据", **facts}
    return PovertyLine.objects.update_or_create(year=year, **key, defaults=values)[0]


def working_year(year: int = YEAR, county: str = COUNTY, **facts: Any) -> WorkingYear:
    return WorkingYear.objects.create(county=place(county), year=year, **{"source": "测试依据", **facts})


def office_name(name: str = "区乡村振兴局", county: str = COUNTY, **facts: Any) -> OfficeName:
    defaults = {"since": date(2021, 5, 1) + timedelta(days=next(_numbers)), "source": "测试依据"}
    return OfficeName.objects.create(county=place(county), name=name, **defaults | facts)


def programme(county: str = COUNTY, **facts: Any) -> Programme:
    """A programme of the province that lets the county identify 低收入农户."""
    defaults = {"name": "低收入农户", "procedures": ["identification", "exit"], "year_from": 2026, "source": "测试依据"}
    return Programme.objects.create(county=place(county), **defaults | facts)


def criteria_set(**facts: Any) -> CriteriaSet:
    defaults = {
        "name": f"测试标准{next(_numbers)}",
        "criteria": ["income", "food", "clothing", "education", "medical", "housing", "water"],
        "year_from": 2014,
        "source": "测试依据",
    }
    return CriteriaSet.objects.create(**defaults | facts)


def assessment(of: Household, year: int = YEAR, **facts: Any) -> Assessment:
    """A verdict written without a recompute; ``failed``, ``missing`` and ``gaps`` as the test needs."""
    facts.setdefault("criteria_set", CriteriaSet.objects.order_by("pk").first() or criteria_set())
    verdict = "fail" if facts.get("failed") else "missing" if facts.get("missing") else "pass"
    defaults = {
        "persons": 1,
        "line_amount": Decimal("4000"),
        "net_income": Decimal("8000"),
        "per_head": Decimal("8000"),
        "margin": Decimal("1"),
        "verdict": verdict,
        "eligible": verdict == "pass",
        "filled": 20 - 4 * len(facts.get("gaps", [])),
        "fields": 20,
        "assessed_at": timezone.now(),
    }
    for name in ("exit_status", "household_type", "monitor_type", "risk_cleared", "household_attr", "main_cause"):
        defaults[name] = getattr(of, name)
    return Assessment.objects.create(household=of, village_id=of.village_id, year=year, **defaults | facts)


def flip(of: Household, year: int = YEAR, **facts: Any) -> Flip:
    defaults = {"before": "pass", "after": "fail", "cause": Flip.Cause.DATA, "changed": ["water"]}
    defaults["at"] = timezone.now() - timedelta(days=1)
    return Flip.objects.create(household=of, village_id=of.village_id, year=year, **defaults | facts)


def closing(county: str = COUNTY, year: int = YEAR, **facts: Any) -> YearClosing:
    """A closed year, without what was closed with it."""
    defaults = {"households": 1, "people": 1, "digest": "0" * 64, "columns": columns_now()}
    row = YearClosing.objects.create(county=place(county), year=year, **defaults | facts)
    closed_years.forget()
    return row


def late_fact(of: Household, year: int = YEAR, **facts: Any) -> LateFact:
    defaults = {"kind": LateFact.Kind.RECORD, "what": "住房等级：C级→A级", "reason": "补登危房改造验收单"}
    return LateFact.objects.create(household=of, village_id=of.village_id, year=year, **defaults | facts)


def tally(code: str = COUNTY, year: int = YEAR, **facts: Any) -> Tally:
    defaults = {"measure": "verdict", "bucket": "pass", "households": 10, "people": 40, "as_of": timezone.now()}
    return Tally.objects.create(place=place(code), year=year, **defaults | facts)


def event(of: Household, **facts: Any) -> RegisterEvent:
    defaults = {"member_change": "06", "happened_on": date(2020, 5, 1), "reason": "新生儿"}
    return RegisterEvent.objects.create(household=of, village_id=of.village_id, **defaults | facts)


def accepted_warning(of: Household, **facts: Any) -> AcceptedWarning:
    defaults = {"rule": "income_low", "digest": "0" * 64, "by": facts.get("by") or posted(Role.VILLAGE_CADRE)}
    return AcceptedWarning.objects.create(household=of, village_id=of.village_id, **defaults | facts)


def attachment(of: Household, **facts: Any) -> Attachment:
    content = facts.pop("content", b"\x89PNG\r\n\x1a\n")
    defaults = {
        "title": "房屋照片",
        "original_name": "房屋.png",
        "content_type": "image/png",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "by": facts.get("by") or posted(Role.VILLAGE_CADRE),
    }
    row = Attachment(household=of, village_id=of.village_id, **defaults | facts)
    row.file.save("house.png", ContentFile(content))
    return row


def pairing(of: Household, helper: User | None = None, **facts: Any) -> Pairing:
    helper = helper or posted(Role.HELPER)
    turn = 1 + Pairing.objects.filter(household=of, ends_on=None).count()
    defaults = {"starts_on": date(2018, 1, 1), "turn": turn}
    return Pairing.objects.create(household=of, village_id=of.village_id, helper=helper, **{**defaults, **facts})


def lead(of: Household | None = None, **facts: Any) -> Lead:
    """A lead of a visit, new; without a household one told by name in the village."""
    defaults = {
        "source": Lead.Source.VISIT, "year": 2026, "found_on": date(2026, 6, 10), "said": "男主人住院，自付六万多。",
        "subject": "医保自付", "value": Decimal("62000"), "threshold": Decimal("10000"), "monitor_type": "2",
    }  # fmt: skip
    if of is None:
        facts = {"village": place(VILLAGE), "told_name": "周大山", "told_phone": "13800005678", **facts}
    else:
        facts = {"household": of, "village_id": of.village_id, **facts}
    return Lead.objects.create(**defaults | facts)


def income_test(about: Lead, **facts: Any) -> IncomeTest:
    """A test without a verdict: nothing was asked yet."""
    defaults = {
        "lead": about, "household": about.household or household(members=1),
        "village_id": about.village_id, "asked_on": about.found_on,
        "since": date(2025, 6, 1), "until": date(2026, 5, 31), "reason": "no_line",
    }  # fmt: skip
    return IncomeTest.objects.create(**defaults | facts)


def clearance(of: Household, **facts: Any) -> Clearance:
    """What a recompute said this year of the household's open episode; nothing is lacking unless the test says so."""
    spell = of.spells.get(axis="monitoring", until=None)
    defaults = {
        "year": timezone.localdate().year, "monitor_type": spell.code, "since": spell.since, "months": 10,
        "eligible": not facts.get("failed") and not facts.get("missing"), "judged_at": timezone.now(),
    }  # fmt: skip
    return Clearance.objects.create(spell=spell, household=of, village_id=of.village_id, **defaults | facts)


def saved_filter(owner: User | None = None, **facts: Any) -> SavedFilter:
    """Codes only, as the list's address holds them."""
    defaults = {"name": f"住房未达标{next(_numbers)}", "query": {"verdict": "fail", "failed": "housing"}}
    return SavedFilter.objects.create(owner=owner or posted(Role.COUNTY_OFFICER), **defaults | facts)


def job(owner: User | None = None, **facts: Any) -> Job:
    defaults = {"kind": "recompute", "title": "重新评定开州区 2020 年", "place_code": COUNTY, "params": {"year": YEAR}}
    if facts.get("status") in Job.ENDED:
        facts.setdefault("ended_at", timezone.now())
    return Job.objects.create(owner=owner or posted(Role.COUNTY_OFFICER), **defaults | facts)


def message(to: User | None = None, **facts: Any) -> Message:
    """A note to somebody that nobody else may read."""
    return Message.objects.create(to=to or user(), **{"kind": "note", "text": "请补录饮水情况。", **facts})


def sheet_import(by: User | None = None, **facts: Any) -> SheetImport:
    defaults = {
        "layout": "roster-2022",
        "county": place(COUNTY),
        "file_name": "花名册.xlsx",
        "sha256": f"{next(_numbers):064x}",
        "status": SheetImport.Status.CHECKED,
    }
    row = SheetImport(by=by or posted(Role.COUNTY_OFFICER), **defaults | facts)
    row.file.save("roster.xlsx", ContentFile(b"PK\x03\x04"))
    return row


def unmask_log(by: User | None = None, **facts: Any) -> UnmaskLog:
    defaults = {"place": place(VILLAGE), "what": "导出完整证件号码", "reason": "测试", "rows": 12}
    return UnmaskLog.objects.create(by=by or posted(Role.TOWNSHIP_OFFICER), **defaults | facts)
