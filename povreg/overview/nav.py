"""The frame of every page: what this person may open, where he is, which year is worked on.

Two bars: at most eight domains by role above, at most eight pages of the domain below. What subjects declare
(:mod:`povreg.kit.menu`) is put in order here; a domain in which nothing can be opened does not appear, so the places of
parts to come stand in the tables already. Nothing that may be opened is lost: what is not in the bars stands on 我的.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, NamedTuple, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from households.register.years import year_kept, year_of, years_to_choose
from povreg.kit import menu
from povreg.kit.menu import Entry, Quick
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.people.selectors import Who, county_name, who
from villages.periods.selectors import Era, era_of
from villages.rights import GRANTS, Right, Role

MOST = 8  # domains, or pages of one
LARGE_TYPE = "type"
"""The cookie of the switch for large type; it holds "large" or is not there."""


class Domain(NamedTuple):
    """An entry of the upper bar: what the role calls it, its picture on a phone, the declared domains it holds, and
    those whose pages belong to it without standing in its bar."""

    label: str
    icon: str
    holds: tuple[str, ...]
    near: tuple[str, ...] = ()


WORK = Domain("工作台", "home", ("work",))
SUMMARY = Domain("总览", "home", ("work",), near=("accounts",))
HOUSEHOLDS = Domain("农户", "list", ("households",))
OWN = Domain("我的农户", "list", ("households",))
MONITORING = Domain("监测", "watch", ("monitoring",))
ASSISTANCE = Domain("帮扶", "hand", ("assistance",))
VISITS = Domain("走访", "hand", ("visits",))
MEASURES = Domain("措施", "hand", ("measures", "plans"))
LISTS = Domain("名单公示", "paper", ("lists",))
FIGURES = Domain("统计", "bars", ("figures",))
CHECKS = Domain("核查", "check", ("checks",))
INSPECTION = CHECKS._replace(near=("accounts",))
WARROOM = Domain("挂图作战", "bars", ("situation",))
ALERTS = Domain("预警比对", "watch", ("alerts",))
OF_TRADE = Domain("行业措施", "hand", ("trade", "measures", "plans"))
PAIRING = Domain("结对和队伍", "hand", ("pairing", "appraisal"))
SOCIETY = Domain("社会帮扶", "hand", ("society",))
FUNDS = Domain("项目资金", "hand", ("funds",))
FINDINGS = Domain("疑点整改", "check", ("findings",))
COMPARISONS = Domain("比对", "check", ("comparisons",))
SAMPLES = Domain("抽样", "check", ("samples",))
TRAIL = Domain("留痕", "paper", ("trail",), near=("accounts",))
EXPORTS = Domain("导出中心", "paper", ("exports",))
ADMIN = Domain("管理", "gear", ("rules", "places", "units", "jobs"), near=("accounts",))
ACCOUNTS = Domain("账号", "person", ("accounts",))
UNITS = Domain("单位干部", "list", ("units",))
PLACES = Domain("区划", "list", ("places",))
SYSTEM = Domain("系统", "gear", ("system",))
SIGN_INS = Domain("登录记录", "paper", ("sign_ins",), near=("accounts",))

VILLAGE = (WORK, HOUSEHOLDS, MONITORING, ASSISTANCE, LISTS, FIGURES)
OFFICERS = (WORK, ACCOUNTS, UNITS, PLACES, SIGN_INS, SYSTEM)
BARS: dict[Role, tuple[Domain, ...]] = {
    Role.VILLAGE_CADRE: VILLAGE,
    Role.HELPER: (WORK, OWN, VISITS, MEASURES),
    Role.TOWNSHIP_OFFICER: (*VILLAGE, CHECKS),
    Role.COUNTY_OFFICER: (*VILLAGE, CHECKS, ADMIN),
    Role.COUNTY_LEADER: (SUMMARY, MONITORING, ASSISTANCE, LISTS, FIGURES, WARROOM, HOUSEHOLDS),
    Role.DEPARTMENT_OFFICER: (WORK, ALERTS, OF_TRADE, FUNDS, HOUSEHOLDS, LISTS, FIGURES),
    Role.AUDITOR: (WORK, FINDINGS, COMPARISONS, SAMPLES, HOUSEHOLDS, FIGURES, TRAIL, EXPORTS, LISTS, ACCOUNTS),
    Role.INSPECTOR: (WORK, INSPECTION, HOUSEHOLDS, MONITORING, LISTS, FIGURES),
    Role.VOLUNTEER: (WORK, HOUSEHOLDS),
    Role.ACCOUNTS_ADMIN: OFFICERS,
    Role.SECURITY_ADMIN: OFFICERS,
    Role.LOG_OFFICER: (WORK, SIGN_INS, SYSTEM),
}
FEET: dict[Role, tuple[Domain, ...]] = {
    Role.HELPER: (OWN, MEASURES),
    Role.COUNTY_LEADER: (SUMMARY, MONITORING, LISTS),
    Role.DEPARTMENT_OFFICER: (WORK, ALERTS, HOUSEHOLDS),
    Role.AUDITOR: (WORK, FINDINGS, SAMPLES),
    Role.INSPECTOR: (WORK, INSPECTION, HOUSEHOLDS),
}
"""What comes first at the foot of a phone, where it is not what comes first in the bar."""
DATED = frozenset({"work", "households", "lists", "figures"})
"""Domains whose pages show a year."""
JOTTERS = frozenset({Role.VILLAGE_CADRE, Role.HELPER, Role.TOWNSHIP_OFFICER, Role.VOLUNTEER})
OTHERS = (
    HOUSEHOLDS,
    MEASURES,
    PAIRING,
    VISITS,
    FUNDS,
    SOCIETY,
    LISTS,
    FIGURES,
    CHECKS,
    Domain("规则", "gear", ("rules",)),
    PLACES,
    UNITS,
    ACCOUNTS,
    Domain("任务和消息", "bell", ("jobs", "messages")),
)
"""The groups of 我的, where everything stands that a person may open."""


class Link(NamedTuple):
    """An entry as templates draw it."""

    label: str
    url: str
    active: bool
    waiting: int = 0
    icon: str = ""
    hint: str = ""


class Opened(NamedTuple):
    """A domain and its pages that somebody with certain roles may open."""

    domain: Domain
    pages: tuple[Entry, ...]


@cache
def opened_by(roles: tuple[Role, ...]) -> tuple[Opened, ...]:
    """The upper bar of a person with these postings: by the first, what the others add behind it."""
    wanted = dict.fromkeys(domain for role in roles for domain in BARS.get(role, ())) or {WORK: None}
    found = [Opened(domain, pages_in(domain, roles)[:MOST]) for domain in wanted]
    return tuple(each for each in found if each.pages)[:MOST]


@cache
def pages_in(domain: Domain, roles: tuple[Role, ...]) -> tuple[Entry, ...]:
    granted = frozenset().union(*(GRANTS[role] for role in roles))
    found = [entry for code in domain.holds for entry in menu.entries(code)]
    return tuple(each for each in found if each.url and (not each.rights or granted & set(each.rights)))


@dataclass(frozen=True)
class Bars:
    """What the frame of one request shows."""

    request: SignedInRequest

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        return tuple(dict.fromkeys(role for role, _place in self.request.user.postings_today()))

    @cached_property
    def here(self) -> Entry | None:
        """The page whose address begins like this one's, the longest first; where two domains hold it, the one that
        this person's bar has."""
        path, found = self.request.path, []
        mine = {id(entry) for each in opened_by(self.roles) for entry in each.pages}
        for entry in menu.entries():
            found += [(len(root), id(entry) in mine, entry) for root in entry.roots if is_inside(path, root)]
        return max(found, key=lambda each: each[:2])[2] if found else None

    @cached_property
    def opened(self) -> tuple[Opened, ...]:
        found = [Opened(each.domain, self._in_year(each.pages)) for each in opened_by(self.roles)]
        return tuple(each for each in found if each.pages)

    def _in_year(self, pages: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Those that are there in the year worked on."""
        if all(entry.during is None for entry in pages):
            return pages
        return tuple(each for each in pages if each.during is None or each.during(self.request.user, self.year))

    @cached_property
    def year(self) -> int:
        return year_kept(self.request)

    @cached_property
    def domains(self) -> list[Link]:
        return [self._domain(each) for each in self.opened]

    def _domain(self, each: Opened) -> Link:
        waiting = sum(entry.count(self.request.user) for entry in each.pages if entry.count)
        return Link(each.domain.label, each.pages[0].url, self._is_in(each.domain), waiting, each.domain.icon)

    def _is_in(self, domain: Domain) -> bool:
        """Whether one is there, also on a page that found no room in its bar."""
        return self.here is not None and (self.here in pages_in(domain, self.roles) or self.here.domain in domain.near)

    @cached_property
    def around(self) -> tuple[Entry, ...]:
        """The pages of the domain one is in; also of one that the bar of this role does not hold."""
        if self.here is None:
            return ()
        held = next((each.pages for each in self.opened if self.here in each.pages), None)
        return held or self._in_year(pages_in(Domain("", "", (self.here.domain,)), self.roles))[:MOST]

    @cached_property
    def pages(self) -> list[Link]:
        found = [Link(each.label, each.url, each is self.here) for each in self.around]
        return found if len(found) > 1 else []

    @cached_property
    def inside(self) -> list[Link]:
        """The pages of the subject one is in, where the second bar holds only the subject as a whole; on those pages
        themselves, not on what they lead to."""
        if self.here is None or not self.here.inside:
            return []
        path = self.request.path
        pages = [each for each in pages_in(Domain("", "", (self.here.inside,)), self.roles) if self._is_own(each)]
        found = [Link(each.label, each.url, each.url == path) for each in pages]
        return found if len(found) > 1 and any(each.active for each in found) else []

    def _is_own(self, entry: Entry) -> bool:
        """Whether no other page of the second bar stands for this one."""
        others = [each for each in self.around if each is not self.here]
        return not any(is_inside(entry.url, root) for each in others for root in each.roots)

    @cached_property
    def domain(self) -> str:
        """Where lists and the pages of their rows meet: the way back leads to a list of the same domain."""
        return self.here.domain if self.here else ""

    @property
    def dated(self) -> bool:
        """Whether the year may be chosen here."""
        return self.domain in DATED

    @cached_property
    def foot(self) -> list[Link]:
        """The first places of a phone: two where something may be noted down, else three; messages and 我的 follow."""
        first = [domain for role in self.roles for domain in FEET.get(role, ())]
        order = sorted(self.opened, key=lambda each: first.index(each.domain) if each.domain in first else MOST)
        return [self._domain(each) for each in order[: 2 if self.quick else 3]]

    @cached_property
    def quick(self) -> list[Quick]:
        """What may be noted down at once (记一笔); only for those who work in the field."""
        return menu.open_to(self.request.user, menu.quick()) if JOTTERS & set(self.roles) else []

    @cached_property
    def messages(self) -> Link:
        return self._tool("messages")

    @cached_property
    def jobs(self) -> Link | None:
        return self._tool("jobs") if pages_in(Domain("", "", ("jobs",)), self.roles) else None

    def _tool(self, code: str) -> Link:
        entry = menu.entries(code)[0]
        count = entry.count(self.request.user) if entry.count else 0
        return Link(entry.label, entry.url, self.domain == code, count)

    @cached_property
    def seek_url(self) -> str:
        """Where the search box of every page sends what is typed; nothing for roles that see no household."""
        return reverse("households-find") if self.request.user.can(Right.HOUSEHOLD_VIEW) else ""

    @cached_property
    def groups(self) -> list[tuple[str, list[Link]]]:
        """Everything this person may open, for 我的."""
        found = [(domain.label, self._in_year(pages_in(domain, self.roles))) for domain in self._all()]
        return [
            (label, [Link(each.label, each.url, False, hint=each.hint) for each in pages])
            for label, pages in found
            if pages
        ]

    def _all(self) -> list[Domain]:
        held = {code for domain in OTHERS for code in domain.holds}
        bar = [each.domain for each in self.opened if each.domain != WORK and not set(each.domain.holds) & held]
        return [*(each for each in bar if "work" not in each.holds), *OTHERS]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html. Everything is worked out only when a template asks: fragments cost nothing."""
    large = request.COOKIES.get(LARGE_TYPE) == "large"
    user: User | None = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        nobody = {"bars": None, "county_name": "", "who": None, "years": None}
        return {**nobody, "large_type": large, "era": SimpleLazyObject(lambda: era_of(timezone.localdate()))}
    asked = cast(SignedInRequest, request)
    return {
        "bars": Bars(asked),
        "county_name": SimpleLazyObject(lambda: county_name(user)),
        "era": SimpleLazyObject(lambda: era_here(user)),
        "who": SimpleLazyObject(lambda: named(user)),
        "years": SimpleLazyObject(lambda: years(asked)),
        "large_type": large,
    }


def era_here(user: User) -> Era:
    """Today's era in the person's county: words that pages use."""
    codes = [code for _role, code in user.postings_today()] or [user.place_id or ""]
    return era_of(timezone.localdate(), codes[0])


def named(user: User) -> Who:
    """The person as the frame shows him; the county's office by the name it has today."""
    found = who(user)
    return replace(found, role=found.role.replace(Role.COUNTY_OFFICER.label, era_here(user).office))


def is_inside(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def years(request: SignedInRequest) -> dict[str, Any] | None:
    """The year worked on and the others one may switch to; nothing for roles that see no household."""
    if not request.user.can(Right.HOUSEHOLD_VIEW):
        return None
    current = year_of(request)
    return {"current": current, "others": sorted({*years_to_choose(request.user), current}, reverse=True)}
