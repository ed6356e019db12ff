"""The forms of a village: 《贫困村登记表》 in its seven parts, who helps whom, funds, the roster; read over sets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from assistance.measures.paid import OF_LEDGER
from assistance.models import Disbursement, Measure, Visit
from assistance.papers.cells import cell, day, yuan
from assistance.papers.dossiers import Helper, helpers_of
from assistance.papers.helping import TURNS
from households.models import Assessment, Household
from households.models.member import head_name
from households.procedures.papers.blocks import Block, Facts, Grid, Sheet, Text
from households.standing.words import of_today
from povreg.kit.values import shown
from villages.codes.selectors import labels_of
from villages.models import Cadre, Place, User
from villages.periods.selectors import era_of
from villages.rights import Right
from villages.units.selectors import cadres, duties_of, stationed_now
from villages.yearbook.parts import PARTS, field_of
from villages.yearbook.selectors import file_of, files

NUMBERS = "一二三四五六七八九十"
NOBODY: tuple[Helper | None, ...] = (None,)
OPINIONS = "填报人：　　　　　　　　村主要负责人：　　　　　　　　填报时间：　　　　年　　月　　日"


@dataclass(frozen=True)
class VillageForm:
    """``draw(user, village, year)`` is what stands on the paper, ``lacks`` what it would leave blank; ``right``: who
    may print it at the village."""

    code: str
    label: str
    hint: str
    draw: Callable[[User, Place, int], list[Block]]
    title: Callable[[Place, int], str]
    right: Right = Right.DASHBOARD_VIEW
    lacks: Callable[[User, Place, int], list[str]] = lambda user, village, year: []


def sheet_of_village(form: VillageForm, user: User, village: Place, year: int) -> Sheet:
    names = "".join(str(place) for place in (*_above(village), village))
    blocks = [*form.draw(user, village, year), Text(OPINIONS, "plain")]
    return Sheet(
        form.title(village, year), f"{names}　{year}年度", blocks, footer=f"{form.label}　{village}", dense=True
    )


def _above(village: Place) -> list[Place]:
    township = village.parent
    return [place for place in ((township.parent if township else None), township) if place]


# The yearly file.


def register_title(village: Place, year: int) -> str:
    """《贫困村登记表》 while there were poor villages, then the same seven parts of any village."""
    return "贫困村登记表" if era_of(year, village.pk).code == "poverty" else "村情登记表"


def register(user: User, village: Place, year: int) -> list[Block]:
    row = files(user).filter(village=village, year=year).first()
    blocks: list[Block] = [Facts(_profile(village))]
    for number, part in zip(NUMBERS, PARTS, strict=False):
        pairs = tuple((str(field_of(name).verbose_name), _said(row, name)) for name in part.facts)
        blocks += [Text(f"{number}、{part.label}", "heading"), Facts(pairs)]
    cadres = [
        (each.name, str(each.unit or ""), each.post, "、".join(duties_of(each)), day(each.stationed_from))
        for each in _team(user, village)
    ]
    team = Grid(("姓名", "单位", "职务", "驻村身份", "驻村开始"), cadres or [("",) * 5] * 2, (16, 28, 18, 20, 18))
    return [*blocks, Text("驻村干部", "part"), team]


def _said(row: object, name: str) -> str:
    value = getattr(row, name, None)
    return "" if value in (None, "") else shown(field_of(name), value)


def _profile(village: Place) -> tuple[tuple[str, str], ...]:
    row = getattr(village, "profile", None)
    poor = ("是" if row.is_poor else "否") if row else ""
    return (
        ("行政村", str(village)),
        ("区划代码", village.code),
        ("贫困村", poor),
        ("出列年度", f"{row.delisted_year}年" if row and row.delisted_year else ""),
    )


def _team(user: User, village: Place) -> list[Cadre]:
    return list(cadres(user).filter(stationed_now(), place=village))


def register_lacks(user: User, village: Place, year: int) -> list[str]:
    row = file_of(village, year)
    if row is None:
        return [f"{year}年村情台账还没有建立"]
    return [str(field_of(name).verbose_name) for part in PARTS for name in part.asked if not _said(row, name)]


# Who helps whom.


def households_of(user: User, village: Place) -> list[Any]:
    """The registered households of the village that the person sees, with the head's name."""
    rows = Household.objects.visible_to(user).registered().filter(village=village).annotate(head_name=head_name())
    return list(rows.order_by("group_name", "household_no"))


def pairing(user: User, village: Place, year: int) -> list[Block]:
    rows = households_of(user, village)
    ids = [row.pk for row in rows]
    helpers = helpers_of(ids)
    seen = dict(
        Visit.objects.standing()
        .filter(household_id__in=ids, visited_on__year=year)
        .order_by()
        .values_list("household_id")
        .annotate(Count("pk"))
    )
    lines = [
        (
            str(number),
            row.head_name,
            _class(row),
            each.name if each else "",
            TURNS.get(each.turn, "")[:2] if each else "",
            f"{each.unit} {each.post}".strip() if each else "",
            each.phone if each else "",
            day(each.row.starts_on) if each else "",
            str(seen.get(row.pk, 0)),
        )
        for number, row in enumerate(rows, 1)
        for each in helpers.get(row.pk) or NOBODY
    ]
    heads = ("序号", "户主", "户类型", "责任人", "次序", "单位、职务", "联系电话", "开始时间", "本年走访")
    return [Grid(heads, lines, (5, 9, 15, 9, 7, 17, 14, 17, 7))]


def pairing_lacks(user: User, village: Place, year: int) -> list[str]:
    """Households without a helper, and helpers whom the household cannot call."""
    rows = households_of(user, village)
    helpers = helpers_of([row.pk for row in rows])
    alone = [f"{row.head_name}（{row.household_no}）没有帮扶责任人" for row in rows if row.pk not in helpers]
    silent = {each.name for found in helpers.values() for each in found if not each.phone}
    return [*alone, *(f"责任人{name}的联系电话" for name in sorted(silent))]


def _class(row: Household) -> str:
    return "、".join(text for _tone, text in of_today(row).tags)


# Money that reached households.


def funds(user: User, village: Place, year: int) -> list[Block]:
    paid = Disbursement.objects.visible_to(user).filter(village=village, paid_on__year=year, reverses__isnull=True)
    paid = paid.filter(is_reversed=False).select_related("household", "project", "allocation__source")
    rows = list(paid.annotate(head_name=head_name("household_id")).order_by("project_id", "household_id", "paid_on"))
    lines = [
        (
            str(number),
            row.head_name or row.payee,
            cell(row.household, "bank_account") if row.household else "",
            yuan(row.amount),
            row.item,
            str(row.project),
            row.allocation.source.get_kind_display(),
            day(row.paid_on),
            row.voucher,
        )
        for number, row in enumerate(rows, 1)
    ]
    total = sum((row.amount for row in rows), Decimal(0))
    heads = ("序号", "户主（收款人）", "银行账户", "金额（元）", "补助类型", "项目", "资金来源", "拨付日期", "凭证号")
    homes = len({row.household_id for row in rows if row.household_id})
    summary = Text(f"合计 {len(rows)} 笔，{homes} 户，{yuan(total)} 元。", "plain")
    return [Grid(heads, lines, (5, 10, 15, 11, 10, 15, 9, 17, 8)), summary]


def funds_lacks(user: User, village: Place, year: int) -> list[str]:
    """What the table would leave blank of a payment, and money of the year that reached households and stands in no
    payment, so that the table would leave it out."""
    found = blanks(funds(user, village, year), name_at=1)
    given = Measure.objects.visible_to(user).standing().filter(village=village, delivered_on__year=year)
    loose = given.filter(payment=None, amount__gt=0, source__in=OF_LEDGER.values()).annotate(
        head_name=head_name("household_id")
    )  # fmt: skip
    said = [
        f"{row.head_name or row.household.household_no}的“{row.item}”{yuan(row.amount)} 元没有对应的资金拨付"
        for row in loose.select_related("item", "household").order_by("household_id", "pk")
    ]
    return [*found, *said]


# The roster.


def roster(user: User, village: Place, year: int) -> list[Block]:
    rows = households_of(user, village)
    judged = {row.household_id: row for row in Assessment.objects.filter(household__in=rows, year=year)}
    living = _living([row.pk for row in rows])
    lines = [
        (
            str(number),
            row.household_no,
            row.head_name,
            row.group_name,
            str(living.get(row.pk, 0)),
            _class(row),
            cell(row, "main_cause") or labels_of("risk", row.risks),
            yuan(judged[row.pk].per_head) if row.pk in judged else "",
            judged[row.pk].get_verdict_display() if row.pk in judged else "",
        )
        for number, row in enumerate(rows, 1)
    ]
    heads = ("序号", "户编号", "户主", "自然村（组）", "人数", "户类型", "致贫原因、风险", "人均纯收入（元）", "结论")
    people = sum(living.values())
    return [Grid(heads, lines, (5, 23, 9, 11, 5, 16, 11, 12, 8)), Text(f"合计 {len(rows)} 户，{people} 人。", "plain")]


def roster_lacks(user: User, village: Place, year: int) -> list[str]:
    """Of each household what its line would leave blank: head, people, reason, income and verdict of the year."""
    return blanks(roster(user, village, year), name_at=2, optional=("自然村（组）",))


def _living(ids: list[int]) -> dict[int, int]:
    rows = Household.objects.filter(pk__in=ids).order_by()
    return dict(rows.annotate(living=Count("members", Q(members__left_on__isnull=True))).values_list("pk", "living"))


def blanks(blocks: Iterable[Block], name_at: int, optional: Collection[str] = ()) -> list[str]:
    """The blank cells of tables, with the number of the line and the name that stands in the column ``name_at``;
    ``optional``: headings that may be blank."""
    return [
        f"第 {row[0]} 行{row[name_at]}：{head}"
        for block in blocks if isinstance(block, Grid)
        for row in block.rows
        for head, text in zip(block.heads, row, strict=True)
        if head not in optional and text in ("", "0")
    ]  # fmt: skip


def named(label: str) -> Callable[[Place, int], str]:
    return lambda village, year: label


VILLAGE_FORMS = {
    form.code: form
    for form in (
        VillageForm(
            "register",
            "村登记表",
            "七方面，取自村情台账",
            register,
            register_title,
            Right.VILLAGE_FILE_VIEW,
            register_lacks,
        ),
        VillageForm(
            "pairing",
            "干部结对帮扶情况表",
            "每户的帮扶责任人、单位、电话、走访次数",
            pairing,
            named("干部结对帮扶情况表"),
            Right.DASHBOARD_VIEW,
            pairing_lacks,
        ),
        VillageForm(
            "funds",
            "资金发放表",
            "本年到户到项目的每一笔",
            funds,
            named("帮扶资金发放情况表"),
            Right.FUND_VIEW,
            funds_lacks,
        ),
        VillageForm(
            "roster",
            "户名册",
            "每户一行：类别、原因、收入、结论",
            roster,
            named("在册户名册"),
            Right.DASHBOARD_VIEW,
            roster_lacks,
        ),
    )
}
