"""基本医疗有保障: every counted member has 居民医保 or 职工医保."""

from households.eligibility.criterion import MISSING, Case, Criterion, OfMembers, Remedy, decided
from households.register.completeness import item
from households.register.terms import AllOf, AnyOf, Filled, Is, Not

KINDS = ("ins_resident", "ins_employee")
INSURED = AnyOf(tuple(Is(f"year.{name}", True) for name in KINDS))
RECORDED = AnyOf(tuple(Filled(f"year.{name}") for name in KINDS))
UNINSURED = OfMembers("uninsured", AllOf((RECORDED, Not(INSURED))))
UNKNOWN = OfMembers("insurance_unknown", Not(RECORDED))


def value(case: Case) -> str:
    said = case.listed({UNINSURED.name: "没有参保", UNKNOWN.name: "参保情况没有记录"})
    counted = f"计入 {case.assessment.persons} 人"
    return "；".join([counted, *said]) if said else f"{counted}，都已参保"


def chip(case: Case) -> str:
    found = len(case.evidence.get(UNINSURED.name) or [])
    return f"{CRITERION.short} {found} 人未参保" if found else CRITERION.short


def remedy(case: Case) -> list[Remedy]:
    if case.result == MISSING:
        return case.remedy(f"{case.people(UNKNOWN.name)}的医疗保险没有记录：现在填写。", "members", "ins_resident")
    return case.remedy(
        f"{case.people(UNINSURED.name)}没有参加居民医保或职工医保：协助参保后更新记录。", "members", "ins_resident"
    )


CRITERION = Criterion(
    order=60,
    code="medical",
    label="基本医疗有保障",
    short="基本医疗",
    section="members",
    result=decided(fails=UNINSURED.anybody, unknown=UNKNOWN.anybody),
    members=(UNINSURED, UNKNOWN),
    of_year=KINDS,
    asks=(
        item(
            "members",
            "member.ins_resident",
            label="医保",
            done=AnyOf(tuple(Filled(f"member.{name}") for name in KINDS)),
        ),
    ),
    value=value,
    chip=chip,
    remedy=remedy,
)
