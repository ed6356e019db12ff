"""What a report says of itself: the rule of who is counted, and what it was narrowed to."""

from households.figures.dimensions import HOUSEHOLD
from households.figures.parts import OF_PERSON
from povreg.overview.reports.asked import Asked
from povreg.overview.reports.declared import SPLIT
from villages.standards.rules import COUNT_DAY

REGISTERED = "现在在册的户"
COUNTED_PEOPLE = f"现在在册户中 {{year}} 年 {COUNT_DAY}在户的人"


def rule(asked: Asked) -> str:
    """Who is counted, and which facts of them: one line under the title."""
    who = COUNTED_PEOPLE.format(year=asked.year) if asked.report.of == OF_PERSON else REGISTERED
    notes = [f"统计{who}", f"各项为 {asked.year} 年的登记和评定"]
    if asked.report.kind == SPLIT:
        notes.append(asked.report.dimension.note)
        if asked.report.dimension.many:
            notes.append("一户可以有几项，各项相加可以多于合计")
    return "；".join(note for note in (*notes, asked.report.about) if note)


def narrowed(asked: Asked) -> list[str]:
    """The filters in words: 脱贫属性：已脱贫."""
    return [f"{HOUSEHOLD[code].label}：{HOUSEHOLD[code].names()[bucket]}" for code, bucket in asked.filters.items()]
