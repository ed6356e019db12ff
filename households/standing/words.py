"""A household's standing in words: what it was in a year, how a bound is known, where a spell comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from households.models import Assessment, Episode, Household, Spell
from households.models.standing import MONITORING, POVERTY, Known, Origin
from villages.codes.selectors import label

ORDINARY = "普通农户"
NO_RECORD = "本年没有登记"
UNKNOWN = "时间不详"
POVERTY_TONES = {"0": "warn", "1": "pass", "2": "act", "3": "fail"}


@dataclass(frozen=True)
class Shown:
    """What a household is in a year, as its page says it: the codes of its row of the year."""

    exit_status: str
    monitor_type: str
    risk_cleared: bool | None
    has_class: bool

    @property
    def tags(self) -> list[tuple[str, str]]:
        """(tone, text), the poverty class first; an ordinary household has the one word."""
        found = []
        if self.exit_status:
            found.append((POVERTY_TONES.get(self.exit_status, "plain"), label("exit_status", self.exit_status)))
        if self.monitor_type:
            state = "风险已消除" if self.risk_cleared else "风险未消除"
            tone = "plain" if self.risk_cleared else "fail"
            found.append((tone, f"{label('monitor_type', self.monitor_type)}，{state}"))
        if not found:
            found.append(("plain", "在册，身份未载明" if self.has_class else ORDINARY))
        return found


def of_today(household: Household) -> Shown:
    """What it is today, by the columns that spells write."""
    return Shown(household.exit_status, household.monitor_type, household.risk_cleared, household.in_register)


def of_year_row(row: Assessment) -> Shown:
    """What it was at the end of a year, by its row of the year."""
    return Shown(row.exit_status, row.monitor_type, row.risk_cleared, row.at_end)


def of_spells(spells: Sequence[Spell], day: date) -> Shown:
    """What it was on a day, by its spells; a class of which that is not sure is not said."""
    held = [each for each in spells if holds(each, day)]
    poverty = next((each for each in held if each.axis == POVERTY and is_sure(each, day)), None)
    begun = [each for each in spells if each.axis == MONITORING and (each.since is None or each.since <= day)]
    last = max(begun, key=lambda each: each.since or date.min, default=None)
    cleared = None if last is None else not holds(last, day)
    return Shown(poverty.code if poverty else "", last.code if last else "", cleared, bool(held))


def holds(spell: Spell, day: date) -> bool:
    return (spell.since is None or spell.since <= day) and (spell.until is None or spell.until > day)


def is_sure(spell: Spell, day: date) -> bool:
    """Whether it is known that a spell held on a day (else: 时间不详)."""
    begun = spell.since is not None or (spell.proven_on is not None and spell.proven_on <= day)
    return begun and (spell.sure_until is None or spell.sure_until > day)


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def since_words(spell: Spell) -> str:
    """``2014年3月1日``, ``2018年`` or 时间不详 with what is known of it."""
    if spell.since_known == Known.YEAR and spell.since:
        return f"{spell.year or spell.since.year}年（只知年度）"
    if spell.since_known == Known.UNKNOWN or spell.since is None:
        proof = spell.proven_on or spell.since
        return f"{UNKNOWN}（{day_words(proof)}的名册已载明）" if proof else UNKNOWN
    return day_words(spell.since)


def until_words(spell: Spell) -> str:
    """至今, or the day of the end, as it is known."""
    if spell.until is None:
        return "至今"
    if spell.until_known == Known.YEAR:
        return f"{spell.until.year}年（只知年度）"
    if spell.until_known == Known.UNKNOWN:
        return f"{UNKNOWN}（不晚于{day_words(spell.until)}）"
    return day_words(spell.until)


def period_words(spell: Spell) -> str:
    """The whole period in a line."""
    if spell.until is None:
        return f"{since_words(spell)}起"
    return f"{since_words(spell)} 至 {until_words(spell)}"


def origin_words(spell: Spell) -> str:
    """Where it comes from, with the paper."""
    return _with_paper(Origin(spell.origin).label, "" if spell.origin == Origin.LIST else spell.document)


def _with_paper(origin: str, paper: str) -> str:
    return f"{origin}（{paper}）" if paper else str(origin)


def end_words(spell: Spell) -> str:
    """By what it ended; nothing while it goes on."""
    return str(Origin(spell.end_origin).label) if spell.end_origin else ""


def risks_words(episode: Episode) -> list[str]:
    """The risks in their order, each with its sub-items where they are recorded."""
    found = []
    for code in episode.risks:
        parts = episode.details.get(code) or []
        found.append(f"{label('risk', code)}（{'、'.join(map(str, parts))}）" if parts else label("risk", code))
    return found


def today() -> date:
    return timezone.localdate()
