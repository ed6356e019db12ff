"""The lists of accounts and postings, and of the villages that wait for either."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.urls import reverse
from django.utils import timezone

from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, along, day_text, moment_text
from povreg.kit.pages.listing import Action, Ask, Empty, Listing, RowAction, Sheet
from povreg.kit.sheets.kinds import Day
from villages.models import Posting, User
from villages.people import selectors
from villages.people.filters import AccountFilters, PostingFilters, SignInFilters
from villages.people.forms import EndForm
from villages.people.postings import is_over
from villages.rights import Right

TONES = {"open": "pass", "initial": "warn", "locked": "fail", "unposted": "warn", "closed": "missing"}


def roles_today(account: User) -> tuple[str, ...]:
    """The postings of today in words; needs ``current``."""
    return tuple(f"{posting.get_role_display()}（{posting.place}）" for posting in account.current)  # type: ignore[attr-defined]


def remedy(user: User) -> str:
    more = "，或点右上角“开户”" if user.can(Right.ACCOUNT_MANAGE) else ""
    return f"可以放宽条件再找{more}。"


ACCOUNTS = Listing(
    code="accounts",
    title="账号",
    subtitle="谁可以登录，担任什么岗位",
    unit="个账号",
    rights=(Right.ACCOUNT_VIEW,),
    rows=selectors.accounts,
    columns=(
        Column("name", "姓名", link=lambda account, user: reverse("account", args=[account.pk]), phone=TITLE, width=10),
        Column("username", "用户名", width=18),
        Column("roles", "任职", roles_today, blank="还没有", api="", phone=UNDER, width=36),
        Column("place", "所属地", lambda account: str(account.place or ""), under=along("unit"), blank="未登记", api="",
               width=18),
        Column("state", "状态", lambda account: selectors.STATES[selectors.state_of(account)],
               tone=lambda account: TONES[selectors.state_of(account)], api="", phone=FIGURE, width=12),
        Column("last_login", "上次登录", text=day_text, blank="从未登录", css="tabular", api="", width=18),
    ),
    filters=AccountFilters,
    bar=("q", "place", "role", "state"),
    personal=("q",),
    actions=(
        Action("按村批量开户", "village-accounts", (Right.ACCOUNT_MANAGE,)),
        Action("开户", "account-new", (Right.ACCOUNT_MANAGE,), main=True),
        Action("按村批量授予任职", "village-postings", (Right.POSTING_GRANT,), main=True),
    ),
    empty=Empty("没有符合条件的账号", remedy),
    sheet=Sheet(Right.EXPORT, "账号"),
    orderings={"username": ("username",), "created_at": ("created_at",)},
)  # fmt: skip


def ending(posting: Posting) -> str:
    """What stands below the last day: that it has passed, or the hour."""
    until = f"{timezone.localtime(posting.until):%H:%M} 到期" if posting.until else ""
    return "已结束" if is_over(posting) else until


def may_end(posting: Posting, user: User) -> bool:
    own = posting.user_id == user.pk
    return not own and not is_over(posting) and user.can(Right.POSTING_GRANT)


def end_form(posting: Posting) -> BaseForm:
    return EndForm(initial={"last_day": timezone.localdate()}, auto_id=f"end-{posting.pk}-%s")


POSTINGS = Listing(
    code="postings",
    title="任职",
    heading="任职",
    note="由安全管理员授予",
    unit="项任职",
    rights=(Right.ACCOUNT_VIEW,),
    rows=selectors.postings_seen,
    filters=PostingFilters,
    columns=(
        Column("role", "角色", lambda posting: posting.get_role_display(), phone=TITLE, api=""),
        Column("place", "任职地", lambda posting: str(posting.place), under=along("place__parent"),
               phone=UNDER, api=""),
        Column("starts_on", "起", kind=Day(), css="tabular"),
        Column("ends_on", "止", kind=Day(), blank="长期", under=ending,
               css="tabular", phone=FIGURE),
        Column("granted_by", "授予人", lambda posting: str(posting.granted_by or ""), blank="系统", api=""),
    ),
    row_actions=(
        RowAction("end", "结束", lambda posting: reverse("posting-end", args=[posting.pk]), may_end,
                  Ask("结束任职", lambda posting: f"{posting.user}：{posting.get_role_display()}（{posting.place}）",
                      risk=True, form=end_form)),
    ),
    empty=Empty("还没有任职", "没有任职的账号能登录，但看不到任何农户。"),
    faint=is_over,
)  # fmt: skip

VILLAGES_WITHOUT_ACCOUNT = Listing(
    code="villages-without-account",
    title="没有账号的村",
    heading="没有账号的村",
    unit="个村",
    rights=(Right.ACCOUNT_MANAGE,),
    rows=lambda user: selectors.villages_without_cadre(*user.places_with(Right.ACCOUNT_MANAGE)),
    columns=(
        Column("village", "村", str, phone=TITLE),
        Column("username", "将开通的用户名", lambda village: f"c{village.code}", css="tabular", phone=FIGURE),
    ),
    empty=Empty("每个村都有账号了", "换一个乡镇，或返回账号名单。"),
    size=500,
)
ACCOUNTS_UNPOSTED = Listing(
    code="accounts-unposted",
    title="等待授予任职的账号",
    heading="等待授予任职",
    unit="个账号",
    rights=(Right.POSTING_GRANT,),
    rows=lambda user: selectors.village_accounts_unposted(user, *user.places_with(Right.POSTING_GRANT)),
    columns=(
        Column("username", "账号", phone=TITLE),
        Column("name", "姓名", phone=UNDER),
        Column("posting", "任职", lambda account: f"村干部（{account.place}）", phone=FIGURE),
    ),
    empty=Empty("没有等待授予任职的村级账号", "换一个乡镇，或返回账号名单。"),
    size=500,
)


def townships(code: str, label: str, empty: str, rights: tuple[Any, ...]) -> Listing:
    """The townships with something to do, as (place, count); each leads to its villages."""
    return Listing(
        code=code,
        title="各乡镇",
        heading="各乡镇",
        unit="个乡镇",
        rights=rights,
        columns=(
            Column("township", "乡镇", lambda row: str(row[0]), link=lambda row, user: f"?township={row[0].code}",
                   phone=TITLE),
            Column("count", label, lambda row: row[1], kind=NUMBER, phone=FIGURE),
        ),
        empty=Empty(empty, ""),
        size=500,
    )  # fmt: skip


OUTCOMES = {"ok": "pass", "code": "warn", "refused": "fail"}
SIGN_INS = Listing(
    code="sign-ins",
    title="登录记录",
    subtitle="谁在什么时候从哪里登录，结果怎样；没有人能改动",
    heading="登录记录",
    unit="次",
    rights=(Right.LOG_VIEW,),
    rows=selectors.sign_ins,
    columns=(
        Column("at", "时间", text=moment_text, phone=TITLE, css="tabular", api="", width=20),
        Column("account", "账号", lambda tried: str(tried.user or ""), blank="没有这个账号", api="", width=24),
        Column("address", "来源地址", blank="未记录", phone=UNDER, css="tabular", width=20),
        Column("outcome", "结果", lambda tried: tried.get_outcome_display(), tone=lambda tried: OUTCOMES[tried.outcome],
               api="", phone=FIGURE, width=16),
        Column("request", "请求编号", blank="未记录", css="tabular", width=36),
    ),
    filters=SignInFilters,
    bar=("outcome", "address"),
    personal=("address",),
    empty=Empty("没有符合条件的登录记录", "可以放宽条件再找。"),
)  # fmt: skip

TO_OPEN = townships("townships-to-open", "没有账号的村", "每个村都有账号了", (Right.ACCOUNT_MANAGE,))
TO_POST = townships("townships-to-post", "等待授予任职", "没有等待授予任职的村级账号", (Right.POSTING_GRANT,))
LISTS = (ACCOUNTS, POSTINGS, SIGN_INS, VILLAGES_WITHOUT_ACCOUNT, ACCOUNTS_UNPOSTED, TO_OPEN, TO_POST)
