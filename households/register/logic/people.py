"""Groups 1 and 2: identity numbers, the head, relations (dictionary.md section 7)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from households.models.codes import SPOUSE
from households.register.logic.facts import HouseholdFacts, Person
from households.register.logic.rule import MEMBER, Hit, Severity, listed, member_rule, rule
from households.register.people import RESIDENT_PAPERS, id_fault_message
from povreg.kit.idnumber import IdFault, age_on, normalise, parse
from villages.codes.selectors import label
from villages.standards.rules import MARRIAGE_AGE

ID_FIELDS = ("member.id_no", "member.id_type")
SEX_BY_RELATION = {
    **dict.fromkeys(("03", "06", "07", "09", "11", "13", "15", "17", "19", "21", "26"), "1"),
    **dict.fromkeys(("04", "05", "08", "10", "12", "14", "16", "18", "20", "22", "25", "27"), "2"),
}
MEN, WOMEN = (tuple(code for code, sex in SEX_BY_RELATION.items() if sex == wanted) for wanted in "12")
MARRIED = (SPOUSE, "05", "06", "25")
"""Relations by marriage: spouse, daughter-in-law, son-in-law, wife of a brother."""
MARRIAGE_AGES = " ".join(f"WHEN '{sex}' THEN {age}" for sex, age in MARRIAGE_AGE.items())
CHILDREN = ("03", "04")
PARENTS = ("11", "12")
YOUNGEST_PARENT = 14
"""Years between a parent and a child below which one of the two is doubted."""


@member_rule(
    "id-check",
    text="证件号码的位数、出生日期或校验码不对",
    sets="p.has_id AND p.by_id AND NOT p.id_valid",
    group=1,
    severity=Severity.ERROR,
    fields=ID_FIELDS,
)
def id_check(facts: HouseholdFacts, person: Person) -> str | None:
    """Length, birth date and check digit of GB 11643."""
    if not person.id_no or person.id_type not in RESIDENT_PAPERS:
        return None
    read = parse(person.id_no, timezone.localdate())
    return id_fault_message(person.id_no, read) if isinstance(read, IdFault) else None


@member_rule(
    "id-placeholder",
    text="证件号码像是临时编造的",
    sets=r"p.has_id AND p.by_id AND p.id_area ~ '^(.)\1{5}$'",
    group=1,
    severity=Severity.ERROR,
    fields=ID_FIELDS,
)
def id_placeholder(facts: HouseholdFacts, person: Person) -> str | None:
    """Six equal digits are no area code."""
    if person.id_no and person.id_type in RESIDENT_PAPERS and len(set(person.id_no[:6])) == 1:
        return f"证件号码前 6 位“{person.id_no[:6]}”不是地区码，像是临时编造的号码，请填写真实证件号码。"
    return None


@rule(
    "id-twice",
    text="同一户里两个人用同一个证件号码",
    sets=(
        "p.id_hash <> '' AND EXISTS (SELECT 1 FROM facts_people q "
        "WHERE q.household_id = p.household_id AND q.id_hash = p.id_hash "
        "AND q.person_no < p.person_no)"
    ),
    per="member",
    group=1,
    severity=Severity.ERROR,
    fields=("member.id_no",),
)
def id_twice(facts: HouseholdFacts) -> Iterator[Hit]:
    """One person is one row; the first row of a number keeps it."""
    seen: dict[str, Person] = {}
    for person in facts.people:
        if person.id_no and person.id_no in seen:
            other = seen[person.id_no].name
            yield Hit(f"证件号码与本户成员“{other}”相同，请核对，一人只登记一次。", person=person)
        seen.setdefault(person.id_no, person)


@member_rule(
    "id-derived",
    text="证件号码与登记的性别、出生日期不一致",
    opens=("member.id_no", "member.id_type", "member.sex", "member.birth_date"),
    group=1,
    severity=Severity.ERROR,
    fields=("member.id_no", "member.sex", "member.birth_date"),
)
def id_derived(facts: HouseholdFacts, person: Person) -> str | None:
    """Sex and birth date are those of a valid number."""
    if not person.id_no or person.id_type not in RESIDENT_PAPERS:
        return None
    read = parse(person.id_no, timezone.localdate())
    if isinstance(read, IdFault) or (read.sex, read.birth_date) == (person.sex, person.birth_date):
        return None
    return "证件号码与登记的性别或出生日期不一致，请重新填写证件号码，性别和出生日期会自动带出。"


@member_rule(
    "disability-cert",
    text="残疾证号的位数、类别或等级不对",
    suspects="p.has_cert",
    group=1,
    severity=Severity.ERROR,
    fields=("member.disability_cert",),
)
def disability_cert(facts: HouseholdFacts, person: Person) -> str | None:
    """18-digit number, category 1-7, grade 1-4 (dictionary.md 4 证件类型)."""
    text = normalise(person.disability_cert or "")
    if not text:
        return None
    if len(text) not in (20, 22) or isinstance(parse(text, timezone.localdate()), IdFault):
        return "残疾证号应为 20 位（身份证号加类别、等级各 1 位）或 22 位，请对照残疾证重新填写。"
    if text[18] not in "1234567" or text[19] not in "1234":
        return "残疾证号第 19 位应为类别 1 至 7，第 20 位应为等级 1 至 4，请对照残疾证重新填写。"
    return None


@member_rule(
    "disability-cert-owner",
    text="残疾证号不是本人证件号码开头",
    suspects="p.has_cert AND p.has_id",
    group=1,
    severity=Severity.WARNING,
    fields=("member.disability_cert", "member.id_no"),
)
def disability_cert_owner(facts: HouseholdFacts, person: Person) -> str | None:
    """The certificate starts with its owner's number."""
    own, cert = normalise(person.id_no or ""), normalise(person.disability_cert or "")
    if len(cert) in (20, 22) and len(own) >= 18 and cert[:18] != own[:18]:
        return "残疾证号前 18 位与本人证件号码不同，请核对是否填成了别人的残疾证。"
    return None


@rule(
    "head-none",
    text="没有户主",
    sets="h.people > 0 AND h.heads = 0",
    group=2,
    severity=Severity.ERROR,
    fields=("member.relation",),
)
def head_none(facts: HouseholdFacts) -> Iterator[Hit]:
    if facts.people and facts.head is None:
        yield Hit("本户没有户主，请把一位成员的与户主关系选为“户主”。")


@rule("head-many", text="不止一位户主", group=2, severity=Severity.ERROR, fields=("member.relation",))
def head_many(facts: HouseholdFacts) -> Iterator[Hit]:
    heads = [person for person in facts.people if person.is_head]
    if len(heads) > 1:
        names = "、".join(person.name for person in heads)
        yield Hit(f"{names}都选了“户主”，一户只能有一位户主，请改正其余成员的与户主关系。", person=heads[-1])


@rule(
    "spouse-sex",
    text="户主与配偶性别相同",
    sets="h.heads > 0 AND p.member_id = h.spouse_id AND h.head_sex <> '' AND p.sex = h.head_sex",
    per="member",
    group=2,
    severity=Severity.ERROR,
    fields=("member.relation", "member.sex"),
)
def spouse_sex(facts: HouseholdFacts) -> Iterator[Hit]:
    head, spouse = facts.head, facts.spouse
    if head and spouse and head.sex and head.sex == spouse.sex:
        yield Hit(
            f"户主{head.name}与配偶{spouse.name}性别相同，请核对两人的证件号码和与户主关系。",
            seen=(head.name, head.sex),
            person=spouse,
        )


@rule(
    "spouse-many",
    text="登记了不止一位配偶",
    sets="h.spouses > 1",
    group=2,
    severity=Severity.WARNING,
    fields=("member.relation",),
)
def spouse_many(facts: HouseholdFacts) -> Iterator[Hit]:
    spouses = [person for person in facts.people if person.relation == SPOUSE]
    if len(spouses) > 1:
        yield Hit("登记了不止一位配偶，请核对与户主关系。", seen=tuple(p.name for p in spouses), person=spouses[-1])


@member_rule(
    "relation-sex",
    text="与户主关系和性别不符",
    sets=(
        f"p.sex IN ('1', '2') AND p.relation IN ({listed(MEN)}, {listed(WOMEN)}) AND p.sex <> CASE "
        f"WHEN p.relation IN ({listed(MEN)}) THEN '1' ELSE '2' END"
    ),
    group=2,
    severity=Severity.ERROR,
    fields=("member.relation", "member.sex"),
)
def relation_sex(facts: HouseholdFacts, person: Person) -> str | None:
    """之父、之子、之女婿 are men, 之母、之女、之儿媳 women (2_12_008)."""
    expected = SEX_BY_RELATION.get(person.relation)
    if expected is None or person.sex not in ("1", "2") or person.sex == expected:
        return None
    relation, sex = label("relation", person.relation), label("sex", person.sex)
    return f"与户主关系是“{relation}”，证件号码显示为{sex}性，请核对与户主关系或证件号码。"


@rule(
    "relation-age",
    text="与户主不像两代人",
    sets=(
        f"(p.relation IN ({listed(CHILDREN)}) "
        f"AND p.birth_date < h.head_birth + interval '{YOUNGEST_PARENT} years') "
        f"OR (p.relation IN ({listed(PARENTS)}) "
        f"AND h.head_birth < p.birth_date + interval '{YOUNGEST_PARENT} years')"
    ),
    per="member",
    group=2,
    severity=Severity.WARNING,
    fields=("member.relation", "member.birth_date"),
)
def relation_age(facts: HouseholdFacts) -> Iterator[Hit]:
    """A child is at least 14 years younger than the head, a parent at least 14 years older."""
    head = facts.head
    if head is None or head.birth_date is None:
        return
    for person in facts.people:
        if person.birth_date is None or person.relation not in CHILDREN + PARENTS:
            continue
        pair = (head, person) if person.relation in CHILDREN else (person, head)
        elder, younger = pair[0].birth_date, pair[1].birth_date
        if younger < elder or age_on(elder, younger) < YOUNGEST_PARENT:
            relation = label("relation", person.relation)
            message = f"与户主关系是“{relation}”，但与户主的年龄不像两代人，请核对关系或证件号码。"
            yield Hit(message, seen=(head.birth_date,), person=person)


@member_rule(
    "marriage-age",
    text="配偶、儿媳、女婿不到法定婚龄",
    sets=(f"p.relation IN ({listed(MARRIED)}) AND p.age < CASE p.sex {MARRIAGE_AGES} END"),
    group=2,
    severity=Severity.WARNING,
    fields=("member.relation", "member.birth_date"),
)
def marriage_age(facts: HouseholdFacts, person: Person) -> str | None:
    """A spouse, a daughter-in-law, a son-in-law is of the age of marriage."""
    youngest = MARRIAGE_AGE.get(person.sex)
    if person.relation not in MARRIED or youngest is None or person.age is None or person.age >= youngest:
        return None
    relation = label("relation", person.relation)
    return f"与户主关系是“{relation}”，但只有 {person.age} 岁，不到法定婚龄 {youngest} 岁，请核对关系或证件号码。"


@rule(
    "same-person",
    text="同一户里两人同名、同日出生，其中一人没有证件号码",
    per=MEMBER,
    sets=(
        "EXISTS (SELECT FROM facts_people o WHERE o.household_id = p.household_id AND o.person_no < p.person_no"
        " AND (o.name, o.birth_date, o.sex) = (p.name, p.birth_date, p.sex) AND NOT (o.has_id AND p.has_id)"
        " AND NOT EXISTS (SELECT FROM households_notsame n WHERE n.withdrawn_on IS NULL"
        " AND n.one_id = least(o.member_id, p.member_id) AND n.other_id = greatest(o.member_id, p.member_id)))"
    ),
    group=1,
    severity=Severity.WARNING,
    fields=("member.name", "member.birth_date"),
)
def same_person(facts: HouseholdFacts) -> Iterator[Hit]:
    """Two people of one name and one birthday, one of them without a number, may be one person registered twice, unless
    somebody found out that they are two."""
    seen: dict[tuple[Any, ...], list[Person]] = defaultdict(list)
    for person in facts.people:
        key = (person.name, person.birth_date, person.sex)
        alike = [other for other in seen[key] if not (person.id_no and other.id_no)] if person.birth_date else []
        seen[key].append(person)
        if any(frozenset((person.target, other.target)) not in facts.apart for other in alike):
            message = (
                f"与本户另一位“{person.name}”同名、同日出生，请核对是不是登记了两次；确是两人的，办理“不是同一人”。"
            )
            yield Hit(message, seen=key[1:], person=person)


@rule(
    "relations-unsorted",
    text="同一种父母关系登记了不止一位",
    sets=(
        "EXISTS (SELECT 1 FROM facts_people q WHERE q.household_id = h.household_id "
        "AND q.relation IN ('11', '12', '13', '14', '15', '16') "
        "GROUP BY q.relation HAVING count(*) > 1)"
    ),
    group=2,
    severity=Severity.WARNING,
    fields=("member.relation",),
)
def relations_unsorted(facts: HouseholdFacts) -> Iterator[Hit]:
    """More than two parents or parents-in-law of one kind cannot be."""
    counts = Counter(person.relation for person in facts.people)
    for code in ("11", "12", "13", "14", "15", "16"):
        if counts[code] > 1:
            yield Hit(
                f"登记了 {counts[code]} 位“{label('relation', code)}”，请核对与户主关系。", seen=(code, counts[code])
            )
