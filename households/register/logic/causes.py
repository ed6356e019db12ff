"""Groups 4 and 5: causes of poverty and living conditions against the facts (dictionary.md section 7)."""

from collections.abc import Callable, Iterator

from households.models import AnnualRecord
from households.models.annual import WATER_ITEMS
from households.models.codes import DISABLED, FULL_LABOUR, HEALTHY, SOME_LABOUR
from households.register.fields import verbose
from households.register.logic.facts import HouseholdFacts, Person
from households.register.logic.rule import Hit, Severity, rule
from villages.codes.selectors import label

ILLNESS, DISABILITY, SCHOOL, DISASTER, LACK_OF_LABOUR, MARRIAGE, OTHER = "01", "02", "03", "04", "08", "12", "99"
CAUSE_FIELDS = ("household.main_cause", "household.other_causes")
RISK_UNSTABLE_WORK = "07"


def causes(facts: HouseholdFacts) -> set[str]:
    return {facts.household.main_cause, *facts.household.other_causes} - {""}


def _nobody(
    facts: HouseholdFacts, cause: str, field: str, has: Callable[[Person], bool], message: str
) -> Iterator[Hit]:
    """A hit when the cause is given, the field is recorded for everybody, and it holds for nobody."""
    recorded = facts.people and all(person.values.get(field) not in ("", None) for person in facts.people)
    if cause in causes(facts) and recorded and not any(has(person) for person in facts.people):
        yield Hit(message, seen=tuple((person.name, person.values.get(field)) for person in facts.people))


@rule(
    "cause-illness",
    text="致贫原因含因病，全家没有患病的",
    sets="'01' = ANY(h.causes) AND h.people > 0 AND h.health_unknown = 0 AND h.ill = 0",
    group=5,
    severity=Severity.WARNING,
    fields=CAUSE_FIELDS,
)
def cause_illness(facts: HouseholdFacts) -> Iterator[Hit]:
    message = "致贫原因含“因病”，但全家健康状况都不是患病，请核对致贫原因或成员的健康状况。"
    return _nobody(facts, ILLNESS, "health", lambda person: bool(set(person.healths) - {HEALTHY}), message)


@rule(
    "cause-disability",
    text="致贫原因含因残，没有残疾的成员",
    sets="'02' = ANY(h.causes) AND h.people > 0 AND h.health_unknown = 0 AND h.disabled = 0",
    group=5,
    severity=Severity.WARNING,
    fields=CAUSE_FIELDS,
)
def cause_disability(facts: HouseholdFacts) -> Iterator[Hit]:
    def disabled(person: Person) -> bool:
        return DISABLED in person.healths or bool(person.disability_cert)

    message = "致贫原因含“因残”，但没有登记残疾的成员，请核对致贫原因，或补填健康状况和残疾证号。"
    return _nobody(facts, DISABILITY, "health", disabled, message)


@rule(
    "cause-school",
    text="致贫原因含因学，没有在校的成员",
    sets="'03' = ANY(h.causes) AND h.people > 0 AND h.school_unknown = 0 AND h.students = 0",
    group=5,
    severity=Severity.WARNING,
    fields=CAUSE_FIELDS,
)
def cause_school(facts: HouseholdFacts) -> Iterator[Hit]:
    if SCHOOL not in causes(facts) or not facts.people:
        return
    of_age = [person for person in facts.people if person.age is None or 3 <= person.age <= 30]
    unknown = any(person.school_status == "" for person in of_age)
    if not unknown and not any(person.in_school for person in facts.people):
        yield Hit(
            "致贫原因含“因学”，但没有在校的成员，请核对致贫原因或成员的在校生状况。",
            seen=tuple((person.name, person.school_status) for person in facts.people),
        )


@rule(
    "cause-labour",
    text="致贫原因含缺劳力，劳动力超过四分之一",
    sets="'08' = ANY(h.causes) AND h.able * 4 > h.people",
    group=5,
    severity=Severity.WARNING,
    fields=CAUSE_FIELDS,
)
def cause_labour(facts: HouseholdFacts) -> Iterator[Hit]:
    """缺劳力 with more than a quarter of the household able to work (5_18_008)."""
    able = [person for person in facts.people if person.labour in FULL_LABOUR]
    if LACK_OF_LABOUR in causes(facts) and len(able) * 4 > len(facts.people):
        yield Hit(
            f"致贫原因含“缺劳力”，但 {len(facts.people)} 人中有 {len(able)} 个劳动力（超过四分之一），请核对。",
            seen=tuple(person.name for person in able),
        )


@rule(
    "cause-repeated",
    text="其他致贫原因与主要致贫原因重复",
    sets="h.main_cause <> '' AND h.main_cause = ANY(h.other_causes)",
    group=5,
    severity=Severity.ERROR,
    fields=("household.other_causes", "household.main_cause"),
)
def cause_repeated(facts: HouseholdFacts) -> Iterator[Hit]:
    main = facts.household.main_cause
    if main and main in facts.household.other_causes:
        yield Hit(f"其他致贫原因里又选了主要致贫原因“{label('cause', main)}”，请去掉重复的一项。")


@rule(
    "cause-marriage",
    text="因婚作了主要致贫原因",
    sets="h.main_cause = '12'",
    group=5,
    severity=Severity.ERROR,
    fields=("household.main_cause",),
)
def cause_marriage(facts: HouseholdFacts) -> Iterator[Hit]:
    """因婚 is an additional cause only (dictionary.md section 4)."""
    if facts.household.main_cause == MARRIAGE:
        yield Hit("“因婚”不能作为主要致贫原因，请另选主要原因，把“因婚”选到其他致贫原因。")


@rule(
    "cause-unexplained",
    text="致贫原因选其他或因灾，没有说明",
    sets="h.causes && ARRAY['99', '04']::varchar[] AND btrim(h.cause_note) = ''",
    group=5,
    severity=Severity.WARNING,
    fields=("household.cause_note", *CAUSE_FIELDS),
)
def cause_unexplained(facts: HouseholdFacts) -> Iterator[Hit]:
    """其他 and 因灾 say nothing without a note (2_11_004)."""
    bare = sorted(causes(facts) & {OTHER, DISASTER})
    if bare and not facts.household.cause_note.strip():
        names = "、".join(label("cause", code) for code in bare)
        yield Hit(f"致贫原因选了“{names}”，请在致贫原因说明里写清是什么情况。", seen=tuple(bare))


@rule(
    "risk-work",
    text="风险含务工就业不稳，全家没有劳动力",
    sets="'07' = ANY(h.risks) AND h.people > 0 AND h.labour_unknown = 0 AND h.partly_able = 0",
    group=5,
    severity=Severity.WARNING,
    fields=("household.risks",),
)
def risk_work(facts: HouseholdFacts) -> Iterator[Hit]:
    if RISK_UNSTABLE_WORK not in facts.household.risks or not facts.people:
        return
    if all(person.labour and person.labour not in SOME_LABOUR for person in facts.people):
        yield Hit(
            "风险含“因务工就业不稳”，但全家没有劳动力，请核对风险或成员的劳动技能。",
            seen=tuple((person.name, person.labour) for person in facts.people),
        )


@rule(
    "backstop-labour",
    text="登记为整户无劳动能力，却有人有劳动能力",
    sets="h.no_labour_backstop AND h.partly_able > 0",
    group=5,
    severity=Severity.WARNING,
    fields=("household.no_labour_backstop",),
)
def backstop_labour(facts: HouseholdFacts) -> Iterator[Hit]:
    able = tuple(person.name for person in facts.people if person.labour in SOME_LABOUR)
    if facts.household.no_labour_backstop and able:
        yield Hit(f"登记为整户无劳动能力，但{'、'.join(able)}有劳动能力，请核对。", seen=able)


@rule(
    "water-items",
    text="安全饮水为是，四项中有不达标的或饮水困难",
    sets=(
        "h.water_safe AND (NOT h.water_quantity OR NOT h.water_quality OR NOT h.water_access "
        "OR NOT h.water_reliability OR h.water_difficult)"
    ),
    group=4,
    severity=Severity.WARNING,
    fields=("annual.water_safe", "annual.water_difficult"),
)
def water_items(facts: HouseholdFacts) -> Iterator[Hit]:
    """安全饮水 = 是 although one of its four items fails, or water is said to be hard to get."""
    record = facts.record
    if record is None or record.water_safe is not True:
        return
    failing = [verbose(AnnualRecord, name) for name in WATER_ITEMS if getattr(record, name) is False]
    if failing:
        yield Hit(f"安全饮水选了“是”，但{'、'.join(failing)}为“否”，请核对。", seen=tuple(failing))
    elif record.water_difficult:
        yield Hit("安全饮水选了“是”，但饮水困难也选了“是”，请核对。")
