"""Which of the six paths fits a household, and why: by its labour first, then by what it wants (document 001)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from assistance.models import NeedsSurvey
from assistance.models.plan import Path
from households.models import Household
from households.models.codes import FULL_LABOUR, SOME_LABOUR
from households.models.member import Member

FORCED_TO_MOVE = ("04", "05", "06", "10")
"""cause: 因灾, 缺土地, 缺水, 交通条件落后: where one lives is the cause."""
STUDY_CAUSE = "03"
LATER_STAGES = (*(f"{code:02d}" for code in range(7, 18)), "19")
"""school_status: what follows the nine years of duty (高中, 中职, 高职, 大专及以上, 技师学院)."""


@dataclass(frozen=True)
class Facts:
    """What decides: who can work fully or in part, who studies after nine years, the causes, the wishes."""

    full: int
    weak: int
    studying: int
    causes: Collection[str]
    will: Collection[str]


@dataclass(frozen=True)
class Proposal:
    """A path with its reason; ``others`` go beside it."""

    path: str
    reason: str
    others: tuple[str, ...] = ()


def propose(facts: Facts) -> Proposal:
    """The path that fits. Labour decides first: without any a household is carried, whatever it wants."""
    path, reason = _main(facts)
    others = [
        each
        for each, fits in (
            (Path.STUDY, facts.studying > 0),
            (Path.SHARES, facts.full + facts.weak == 0 and Path.SHARES in facts.will),
            (Path.RELOCATION, Path.RELOCATION in facts.will and bool(set(facts.causes) & set(FORCED_TO_MOVE))),
        )
        if fits and each != path
    ]
    return Proposal(path, reason, tuple(map(str, others)))


def _main(facts: Facts) -> tuple[str, str]:
    if facts.full + facts.weak == 0:
        return Path.BACKSTOP, "家里没有人有劳动能力，由低保、特困供养等兜底。"
    if Path.RELOCATION in facts.will and set(facts.causes) & set(FORCED_TO_MOVE):
        return Path.RELOCATION, "困难来自居住地的条件，本人愿意搬迁。"
    if facts.full == 0:
        return Path.SHARES, f"有 {facts.weak} 个弱劳动力，干不了重活，以入股分红增收为主。"
    if STUDY_CAUSE in facts.causes and facts.studying:
        return Path.STUDY, f"因学致贫，有 {facts.studying} 人在读，先保证完成学业。"
    if Path.JOB in facts.will:
        return Path.JOB, f"有 {facts.full} 个劳动力，本人愿意务工。"
    if Path.INDUSTRY in facts.will:
        return Path.INDUSTRY, f"有 {facts.full} 个劳动力，本人愿意发展产业。"
    if Path.SHARES in facts.will:
        return Path.SHARES, "有劳动力，本人愿意以土地或资金入股。"
    return Path.JOB, f"有 {facts.full} 个劳动力，还没有问到意愿，先按务工考虑。"


def facts_of(household: Household, survey: NeedsSurvey | None) -> Facts:
    """The facts as they are registered now."""
    people = list(Member.objects.present().filter(household=household).values_list("labour", "school_status"))
    return Facts(
        full=sum(labour in FULL_LABOUR for labour, _school in people),
        weak=sum(labour in SOME_LABOUR and labour not in FULL_LABOUR for labour, _school in people),
        studying=sum(school in LATER_STAGES for _labour, school in people),
        causes=[code for code in (household.main_cause, *household.other_causes) if code],
        will=survey.will if survey else [],
    )


def able(household: Household) -> bool:
    """Whether somebody who lives there can work at least in part."""
    return Member.objects.present().filter(household=household, labour__in=SOME_LABOUR).exists()
