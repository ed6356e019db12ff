"""What a report says of itself: the rule of who is counted, and what it was narrowed to."""

from households.figures.dimensions import HOUSEHOLD
from households.figures.parts import OF_PERSON
from povreg.overview.reports.asked import Asked
from povreg.overview.reports.declared import SPLIT
from villages.standards.rules import COUNT_DAY

REGISTERED = "{year} 年在册的户（年内任何一天有身份的）"
COUNTED_PEOPLE = f"{{year}} 年在册户中 {COUNT_DAY}在户的人"
AT_END = "身份为 {year} 年末的（本年为今天的）"
CLOSED = "该年度已封存，按封存时的数，地区按当时的区划"


def rule(asked: Asked) -> str:
    """Who is counted, and which facts of them: one line under the title."""
    who = COUNTED_PEOPLE if asked.report.of == OF_PERSON else REGISTERED
    notes = [f"统计{who}", AT_END, "各项为 {year} 年的登记和评定", CLOSED if asked.frozen else ""]
    notes = [note.format(year=asked.year) for note in notes]
    if asked.report.kind == SPLIT:
        notes.append(asked.report.dimension.note)
        if asked.report.dimension.many:
            notes.append("一户可以有几项，各项相加可以多于合计")
    return "；".join(note for note in (*notes, asked.report.about) if note)


def narrowed(asked: Asked) -> list[str]:
    """The filters in words: 脱贫属性：已脱贫."""
    return [f"{HOUSEHOLD[code].label}：{HOUSEHOLD[code].names()[bucket]}" for code, bucket in asked.filters.items()]
