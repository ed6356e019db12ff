"""What a row of people shows, on the page and in the workbook. Numbers of papers are masked everywhere."""

from typing import Any

from django.urls import reverse

from households.models import Member
from povreg.kit.masking import mask_id
from povreg.kit.sheets.columns import Column
from povreg.kit.sheets.kinds import Text, Whole
from villages.codes.selectors import label, labels_of

NOT_AT_SCHOOL = ("", "01")
TEXT, NUMBER = Text(120), Whole(0, 150)
SHEET = (
    Column("乡镇", "township", TEXT, width=14),
    Column("行政村", "village", TEXT, width=16),
    Column("自然村（组）", "group", TEXT, width=12),
    Column("户编号", "household_no", TEXT, width=22),
    Column("人编号", "person_no", TEXT, width=24),
    Column("姓名", "name", TEXT, width=10),
    Column("与户主关系", "relation", TEXT),
    Column("性别", "sex", TEXT, width=7),
    Column("年龄", "age", NUMBER, width=7, note="当年年底的周岁"),
    Column("证件号码", "id_no", TEXT, width=24),
    Column("民族", "ethnicity", TEXT, width=9),
    Column("文化程度", "education", TEXT),
    Column("在校情况", "school", TEXT, width=14),
    Column("健康状况", "health", TEXT),
    Column("劳动能力", "labour", TEXT, width=16),
    Column("务工地点", "work_place", TEXT, width=14),
    Column("务工时间（月）", "work_months", NUMBER, width=9),
)


def cells(person: Member) -> dict[str, Any]:
    """Everything a row may show of a person with ``facts`` and ``age``; the number of the paper masked."""
    facts = person.facts  # type: ignore[attr-defined]
    return {
        "township": str(person.village.parent or ""),
        "village": str(person.village),
        "group": person.household.group_name,
        "household_no": person.household.household_no,
        "person_no": person.person_no,
        "name": person.name,
        "relation": label("relation", person.relation),
        "sex": label("sex", person.sex),
        "age": person.age,  # type: ignore[attr-defined]
        "id_no": mask_id(person.id_no),
        "ethnicity": label("ethnicity", person.ethnicity),
        "education": label("education", person.education),
        "school": "" if facts.school_status in NOT_AT_SCHOOL else label("school_status", facts.school_status),
        "health": labels_of("health", facts.healths),
        "labour": label("labour", facts.labour),
        "work_place": label("work_place", facts.work_place),
        "work_months": facts.work_months,
    }


def shown(person: Member, year: int) -> dict[str, Any]:
    """A row of the page: its cells, and where it leads."""
    return cells(person) | {"url": f"{reverse('household-members', args=[person.household_id])}?year={year}"}
