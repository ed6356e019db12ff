"""The lists of signs by village and by account."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from audits.detection import selectors
from audits.detection.filters import AccountFilters, SignFilters
from audits.models import Sign
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along
from povreg.kit.pages.listing import Empty, Listing, Sheet, Tabs
from villages.models import User
from villages.rights import Right

TONES = {"strong": "fail", "middle": "warn", "none": "plain"}
NOTHING = Empty("没有这样的异常", "县里重新检测以后，结果列在这里；可以换一个种类再看。")


def page_url(row: Sign, user: User) -> str:
    kind = "income" if row.kind == Sign.Kind.OVERALL else row.kind
    return f"{reverse('detection')}?{urlencode({'kind': kind, 'village': row.village_id, 'year': row.run.year})}"


def against(row: Sign) -> str:
    """What was counted beside what was to be expected."""
    return "" if row.kind == Sign.Kind.OVERALL else f"{row.observed:g}，应 {row.expected:.1f}"


SIGNS = Listing(
    code="signs",
    title="异常的村",
    subtitle="去看一看的理由，不是结论；同本县别的村比",
    heading="村",
    unit="项",
    rights=(Right.SAMPLE_VIEW,),
    rows=selectors.signs,
    columns=(
        Column("village_name", "村", lambda row: str(row.village), link=page_url, phone=TITLE, api="",
               under=along("village__parent")),
        Column("kind", "种类", lambda row: str(row.get_kind_display()), api="", phone=UNDER),
        Column("level", "程度", lambda row: str(row.get_level_display()), tone=lambda row: TONES[row.level], api="",
               phone=FIGURE),
        Column("against", "实有", against, api=""),
        Column("size", "户数", kind=NUMBER),
        Column("year", "年度", lambda row: row.run.year, text=lambda year: f"{year}年", api="", css="tabular"),
    ),
    filters=SignFilters,
    bar=("place", "level", "year"),
    tabs=Tabs("kind", lambda user: Sign.Kind.choices),
    usual={"kind": "overall"},
    empty=NOTHING,
    sheet=Sheet(Right.EXPORT, "异常", lambda user: [("说明", "异常是去看一看的理由，不是结论")]),
    orderings={"score": ("-score", "village_id"), "place": ("village_id", "kind")},
)  # fmt: skip

ACCOUNTS = Listing(
    code="sign-accounts",
    title="异常的账号",
    subtitle="按修改、走访登记的时刻和节奏；去问一问的理由，不是结论",
    heading="账号",
    unit="项",
    rights=(Right.SAMPLE_VIEW,),
    rows=selectors.accounts,
    columns=(
        Column("account_name", "账号", along("account__name"), api="", phone=TITLE,
               link=lambda row, user: reverse("sign-households", args=[row.pk])),
        Column("village_name", "主要在", lambda row: str(row.village), under=along("village__parent"), api="",
               phone=UNDER),
        Column("kind", "种类", lambda row: str(row.get_kind_display()), api=""),
        Column("level", "程度", lambda row: str(row.get_level_display()), tone=lambda row: TONES[row.level], api="",
               phone=FIGURE),
        Column("against", "实有", against, api=""),
        Column("size", "共登记", kind=NUMBER, api=""),
    ),
    filters=AccountFilters,
    bar=("place", "kind", "level"),
    empty=Empty("没有账号显得异常", "同本县别的账号比，修改和登记的时刻、节奏都平常。"),
    sheet=Sheet(Right.EXPORT, "异常账号", lambda user: [("说明", "异常是去问一问的理由，不是结论")]),
)  # fmt: skip

LISTS = (SIGNS, ACCOUNTS)
