"""义务教育有保障: nobody of school age is out of school without an accepted reason (policy.md 3.3, 3.4).

School status and reason are those recorded for the year.
"""

from households.eligibility.criterion import MISSING, Case, Criterion, OfMembers, Remedy, decided
from households.models.codes import EXCUSED, OUT_OF_SCHOOL
from households.register.completeness import STUDENT_UNDER, item
from households.register.terms import OF_SCHOOL_AGE, Aged, AllOf, Among, Filled, Not

OUT = AllOf((OF_SCHOOL_AGE, Among("year.school_status", (OUT_OF_SCHOOL,)), Not(Among("year.dropout_reason", EXCUSED))))
CHILDREN = OfMembers("school_age", OF_SCHOOL_AGE, count=True)
OUT_OF_IT = OfMembers("out_of_school", OUT)
UNKNOWN = OfMembers("school_unknown", AllOf((OF_SCHOOL_AGE, Not(Filled("year.school_status")))))


def value(case: Case) -> str:
    children = case.evidence.get(CHILDREN.name)
    if not children:
        return "没有义务教育年龄的成员"
    said = case.listed({OUT_OF_IT.name: "不在校", UNKNOWN.name: "在校生状况没有记录"})
    return "；".join([f"义务教育年龄 {children} 人", *said])


def chip(case: Case) -> str:
    found = len(case.evidence.get(OUT_OF_IT.name) or [])
    return f"{CRITERION.short} {found} 人不在校" if found else CRITERION.short


def remedy(case: Case) -> list[Remedy]:
    if case.result == MISSING:
        return case.remedy(f"{case.people(UNKNOWN.name)}的在校生状况没有记录：现在填写。", "members", "school_status")
    return case.remedy(
        f"{case.people(OUT_OF_IT.name)}在义务教育年龄但不在校：劝返复学；若因病休学、残疾无法就学、送教上门或已完成义务教育，"
        "请登记未上学原因。",
        "members",
        "dropout_reason",
    )


CRITERION = Criterion(
    order=50,
    code="education",
    label="义务教育有保障",
    short="义务教育",
    section="members",
    result=decided(fails=OUT_OF_IT.anybody, unknown=UNKNOWN.anybody),
    members=(CHILDREN, OUT_OF_IT, UNKNOWN),
    of_year=("school_status", "dropout_reason"),
    asks=(
        item("members", "member.school_status", when=Aged("school_from", STUDENT_UNDER)),
        item(
            "members",
            "member.dropout_reason",
            when=AllOf((OF_SCHOOL_AGE, Among("member.school_status", (OUT_OF_SCHOOL,)))),
        ),
    ),
    value=value,
    chip=chip,
    remedy=remedy,
)
