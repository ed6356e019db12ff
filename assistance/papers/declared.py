"""The forms of a household, declared once: page, PDF, .docx, the job of a village and completeness follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from assistance.papers import living
from assistance.papers.cells import day
from assistance.papers.dossiers import Dossier
from assistance.papers.parts import PARTS, Part, lacks, to_print
from assistance.papers.services import TAKES
from households.models.codes import OUT_OF_POVERTY
from households.procedures.papers.blocks import Block, Facts, Qr, Sheet, Stamp, Text
from villages.rights import Right

PRINT = Right.LEAD_VIEW
"""Forms hold what a monitored household is tested by; who only enters prints none."""
NUMBERS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Chapter:
    """A numbered heading over one part or several, which then have headings of their own."""

    title: str
    parts: tuple[str, ...]


def chapters_of(*codes: str) -> tuple[Chapter, ...]:
    """Each part a chapter of its own."""
    return tuple(Chapter(PARTS[code].title, (code,)) for code in codes)


@dataclass(frozen=True)
class Form:
    """``label`` and ``hint`` say what it is, ``title`` (of a dossier) what stands on the paper; ``chapters`` are
    printed in order between ``front`` and ``back``, with numbers if there are several; ``fits``: which households have
    it; ``right``: who may print it at the household's village."""

    code: str
    label: str
    hint: str
    title: Callable[[Dossier], str]
    chapters: tuple[Chapter, ...] = ()
    fits: Callable[[Dossier], bool] = lambda dossier: True
    right: Right = PRINT
    front: Callable[[Dossier], list[Block]] = lambda dossier: []
    back: Callable[[Dossier], list[Block]] = lambda dossier: []
    dense: bool = True

    @property
    def parts(self) -> list[Part]:
        return [PARTS[code] for chapter in self.chapters for code in chapter.parts]


def sheet_of(form: Form, dossier: Dossier) -> Sheet:
    """The form of one household as it is printed."""
    blocks = [*form.front(dossier)]
    for number, chapter in zip(NUMBERS, form.chapters, strict=False):
        blocks += _chapter(chapter, number if len(form.chapters) > 1 else "", dossier)
    blocks += form.back(dossier)
    number = dossier.household.household_no
    subtitle = f"{living.county_of(dossier)}{living.place_of(dossier)}　{dossier.year}年度　户编号 {number}"
    return Sheet(form.title(dossier), subtitle, blocks, footer=f"{form.label}　{number}", dense=form.dense)


def _chapter(chapter: Chapter, number: str, dossier: Dossier) -> list[Block]:
    blocks: list[Block] = [Text(f"{number}、{chapter.title}", "heading")] if number else []
    for code in chapter.parts:
        if PARTS[code].title != chapter.title:
            blocks.append(Text(PARTS[code].title, "part"))
        blocks += to_print(PARTS[code], dossier)
    return blocks


@dataclass(frozen=True)
class Lack:
    """What a part of a form lacks, and the section of the household page where it is filled in."""

    title: str
    section: str
    words: tuple[str, ...]


def lacking(form: Form, dossier: Dossier) -> list[Lack]:
    """What the form would print blank, part by part."""
    found = [(part, lacks(part, dossier)) for part in form.parts]
    return [Lack(part.title, part.section, tuple(words)) for part, words in found if words]


def handbook_title(dossier: Dossier) -> str:
    """What the household's book is called in the era: 《扶贫手册》 until 2020, then by what the household is."""
    if dossier.era.code == "poverty":
        return "扶贫手册"
    return "防止返贫监测帮扶手册" if living.monitored(dossier) else "脱贫户帮扶手册"


def file_title(dossier: Dossier) -> str:
    return "防止返贫监测对象档案" if living.monitored(dossier) else "脱贫户档案"


def has_file(dossier: Dossier) -> bool:
    return living.monitored(dossier) or dossier.household.exit_status == OUT_OF_POVERTY


def signatures(dossier: Dossier) -> list[Block]:
    return [Text("户主签字：　　　　　　　　　帮扶责任人签字：　　　　　　　　　　　　年　　月　　日", "plain")]


def account_head(dossier: Dossier) -> list[Block]:
    return [
        Facts(
            (
                ("户主", dossier.head_name),
                ("家庭人口", f"{len(dossier.members)} 人"),
                ("户类型", "、".join(text for _tone, text in dossier.standing.tags)),
                ("核算年度", f"{dossier.year}年"),
            )
        )
    ]


def card_front(dossier: Dossier) -> list[Block]:
    """No number of a paper or a phone stands on the card: the last digits of one open the page its code leads to."""
    row = dossier.household
    pairs = (
        ("户主", dossier.head_name),
        ("户编号", row.household_no),
        ("所在地", living.place_of(dossier)),
        ("家庭人口", f"{len(dossier.members)} 人"),
        ("户类型", "、".join(text for _tone, text in dossier.standing.tags)),
        ("首次识别时间", day(row.identified_on)),
    )
    helpers = [(f"{each.name}（{each.unit or '单位未登记'}）", each.phone or "电话未登记") for each in dossier.helpers]
    called = [*helpers, (dossier.era.hotline_label, dossier.era.hotline)]
    return [Facts(pairs), Text("有事找谁", "heading"), Facts(tuple(called)), *_code(dossier)]


def _code(dossier: Dossier) -> list[Block]:
    if not dossier.card_url:
        return [Text("（还没有生成查询码）", "small")]
    said = (
        "用手机扫码，再输入户主身份证号码或登记的电话的后六位，可以看到本户登记的情况、帮扶计划和措施、帮扶责任人，"
        "也可以下载一份、提出更正。请保管好这张卡，丢了请到村委会换一张。"
    )
    return [Qr(dossier.card_url, said)]


def stamp(dossier: Dossier) -> list[Block]:
    village = dossier.household.village
    today = timezone.localdate()
    return [Stamp(f"{village.parent or village}人民政府", day(today))]


def clear_front(dossier: Dossier) -> list[Block]:
    """The 明白卡 begins with whom to ask."""
    helpers = "；".join(f"{each.name} {each.phone}".strip() for each in dossier.helpers) or "还没有安排"
    pairs = (
        ("户主", dossier.head_name),
        ("户编号", dossier.household.household_no),
        ("帮扶责任人和电话", helpers),
        (dossier.era.hotline_label, dossier.era.hotline),
    )
    return [Facts(pairs)]


SIX_PARTS = (
    Chapter("家庭基本情况", ("basic", "members", "land", "guarantees", "income")),
    Chapter("致贫原因", ("causes", "risks", "needs")),
    Chapter("帮扶责任人", ("helpers",)),
    Chapter("帮扶计划", ("plan",)),
    Chapter("帮扶措施", ("measures", "money", "jobs")),
    Chapter("帮扶成效", ("results", "visits")),
)
"""The six parts of the household's book (policy.md 1.13)."""

FORMS = {
    form.code: form
    for form in (
        Form(
            "handbook",
            "帮扶手册",
            "六部分：家庭、原因、责任人、计划、措施、成效",
            handbook_title,
            SIX_PARTS,
            back=signatures,
        ),
        Form(
            "card",
            "登记卡",
            "贴在墙上，扫码看本户的情况",
            lambda dossier: f"{dossier.era.objects}登记卡",
            right=TAKES,
            dense=False,
            front=card_front,
            back=stamp,
        ),
        Form(
            "clear",
            "明白卡",
            "该享受什么、享受了什么、谁来帮、找谁问",
            lambda dossier: "政策明白卡",
            chapters_of("entitled", "measures", "plan"),
            front=clear_front,
        ),
        Form(
            "account",
            "收入核算表",
            "十项收支、合计和上年对照，户主签字",
            lambda dossier: "家庭收入核算表",
            chapters_of("account"),
            front=account_head,
            back=signatures,
        ),
        Form(
            "file",
            "户档案",
            "身份变化、监测、计划、措施、走访",
            file_title,
            chapters_of(
                "basic",
                "members",
                "standing",
                "risks",
                "guarantees",
                "income",
                "needs",
                "plan",
                "measures",
                "visits",
            ),
            fits=has_file,
            back=stamp,
        ),
    )
}
