"""The list of projects."""

from __future__ import annotations

from django.urls import reverse

from assistance.funds import catalogue
from assistance.funds.projects import selectors
from assistance.funds.projects.filters import TABS, ProjectFilters
from assistance.models import Project
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, yuan_text
from povreg.kit.pages.listing import Action, Empty, Listing, Sheet, Tabs
from povreg.kit.sheets.kinds import Yuan
from villages.models import User
from villages.rights import Right

MONEY = Yuan()
State = Project.State
TONES = {State.ACCEPTED: "pass", State.STOPPED: "plain", State.RETURNED: "warn"}


def where(row: Project) -> str:
    """The place with the one above it."""
    return f"{row.place.parent or ''}{row.place}"


def cost(row: Project) -> str:
    """What one unit costs."""
    unit = catalogue.categories()[row.category].unit if row.category in catalogue.categories() else "项"
    found = row.unit_cost  # type: ignore[attr-defined]
    return "" if found is None else f"{yuan_text(found)} 元/{unit}"


def paid_share(row: Project) -> str:
    return "" if not row.allocated else f"{row.paid / row.allocated:.0%}"


def remedy(user: User) -> str:
    more = "有要做的项目，点“申报项目”。" if user.can(Right.PROJECT_PROPOSE) else ""
    return f"可以换一个进度或年度再看。{more}"


PROJECTS = Listing(
    code="projects",
    title="项目库",
    subtitle="从村级申报到验收公告；金额单位：元",
    heading="项目",
    unit="个项目",
    rights=(Right.FUND_VIEW,),
    rows=selectors.projects,
    columns=(
        Column("name", "项目", link=lambda row, user: reverse("project", args=[row.pk]),
               under=lambda row: catalogue.label_of_category(row.category), phone=TITLE, width=28),
        Column("place_name", "实施地点", where, api="", phone=UNDER, width=18),
        Column("year", "年度", kind=NUMBER, text=str, width=8),
        Column("state", "状态", lambda row: row.get_state_display(), tone=lambda row: TONES.get(row.state, "act"),
               api="", phone=FIGURE),
        Column("budget", "投资估算", kind=MONEY),
        Column("allocated", "已安排", kind=MONEY),
        Column("paid", "已拨付", kind=MONEY, under=paid_share),
        Column("unit_cost", "单位造价", cost, api="", blank="未填规模"),
    ),
    filters=ProjectFilters,
    bar=("q", "place", "year", "category"),
    personal=("q",),
    tabs=Tabs("station", lambda user: TABS),
    usual={"station": "all"},
    fetch=selectors.put_costs,
    actions=(Action("申报项目", "project-new", (Right.PROJECT_PROPOSE,), main=True),),
    empty=Empty("没有这样的项目", remedy),
    sheet=Sheet(Right.EXPORT, "项目", lambda user: [("金额", "元")]),
    orderings={"year": ("year", "pk"), "budget": ("budget",), "place": ("place_id", "year")},
)  # fmt: skip

LISTS = (PROJECTS,)
