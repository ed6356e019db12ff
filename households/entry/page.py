"""The frame around every section of the household page: who it is, where it stands, what is missing, what is next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from households.eligibility.explain import Chip, chips, remedy_items, verdict_url
from households.entry.declared import ASIDES, SECTIONS, Section
from households.history.selectors import KINDS, Sentence
from households.models import Household, Member
from households.register.logic.rule import Finding, Severity
from households.register.selectors import HouseholdPage
from households.standing.selectors import last_day, runs, spells_of
from households.standing.words import NO_RECORD, Shown, of_spells, of_today, of_year_row
from povreg.kit.views import holds
from villages.codes.selectors import label
from villages.models import User
from villages.rights import Right

HISTORY, OVERVIEW, STANDING = "history", "overview", "standing"
RECENT = 4
LONGEST_ID = 18  # digits


def section_url(pk: int, section: str, year: int | None = None, **query: Any) -> str:
    """Address of a section of a household."""
    asked = {"year": year, **query}
    text = "&".join(f"{name}={value}" for name, value in asked.items() if value is not None)
    name = "household" if section == OVERVIEW else f"household-{section}"
    return reverse(name, args=[pk]) + (f"?{text}" if text else "")


@dataclass
class Page:
    """What templates/households/register/page.html shows around a section."""

    bundle: HouseholdPage
    section: str
    user: User
    _memo: dict[str, Any] = field(default_factory=dict)

    @property
    def household(self) -> Any:
        return self.bundle.household

    @property
    def year(self) -> int:
        return self.bundle.year

    @property
    def label(self) -> str:
        section = SECTIONS.get(self.section)
        return section.label if section else "本户情况"

    @property
    def head_name(self) -> str:
        return self.bundle.head.name if self.bundle.head else "（未登记户主）"

    @property
    def persons(self) -> int:
        return self.bundle.living

    @cached_property
    def urls(self) -> dict[str, str]:
        """Address of every section, for links of templates."""
        return {code: section_url(self.household.pk, code, self.year) for code, _section in SECTIONS.items()}

    @property
    def may_edit(self) -> bool:
        if "may_edit" not in self._memo:
            may = holds(self.user, Right.HOUSEHOLD_EDIT, self.household.village_id)
            self._memo["may_edit"] = may and self.household.removed_on is None
        return self._memo["may_edit"]

    @property
    def may_apply(self) -> bool:
        """Whether the person may note an application of this household."""
        return holds(self.user, Right.BATCH_DRAFT, self.household.village_id)

    @property
    def form_id(self) -> str:
        section = SECTIONS.get(self.section)
        return "entry" if section and section.form else ""

    @property
    def action(self) -> str:
        return self.url(self.section)

    @property
    def draft_key(self) -> str:
        return f"household:{self.household.pk}:{self.year}:{self.section}"

    def url(self, section: str, **query: Any) -> str:
        if section in self.urls and not query:
            return self.urls[section]
        return section_url(self.household.pk, section, self.year, **query)

    # -- where it stands ------------------------------------------------------------------------------------------

    @cached_property
    def crumbs(self) -> list[dict[str, str]]:
        village = self.household.village
        places = [place for place in (village.parent, village) if place is not None]
        items = [{"label": str(place), "url": f"{reverse('households')}?place={place.pk}"} for place in places]
        return [*items, {"label": self.household.group_name, "url": ""}] if self.household.group_name else items

    @property
    def place_in_list(self) -> int:
        return self.bundle.neighbours.position

    @property
    def list_size(self) -> int:
        return self.bundle.neighbours.count

    @property
    def list_url(self) -> str:
        return f"{reverse('households')}?place={self.household.village_id}&year={self.year}"

    @property
    def previous_url(self) -> str:
        return self._neighbour(self.bundle.neighbours.previous)

    @property
    def following_url(self) -> str:
        return self._neighbour(self.bundle.neighbours.next)

    def _neighbour(self, pk: int | None) -> str:
        return section_url(pk, self.section, self.year) if pk else ""

    @cached_property
    def standing(self) -> Shown:
        """What the household is in the year shown: today in the running one, on 31 December in another."""
        if runs(self.year):
            return of_today(self.household)
        judged = self.bundle.assessment
        return of_year_row(judged) if judged else of_spells(spells_of(self.household), last_day(self.year))

    @property
    def has_row(self) -> bool:
        """Whether anything is kept of the household for the year."""
        return self.bundle.record is not None

    @property
    def attribute(self) -> str:
        """贫困户属性 of the year: the row of the year knows it for another than the running one."""
        if runs(self.year):
            return label("household_attr", self.household.household_attr)
        return label("household_attr", self.bundle.assessment.household_attr) if self.bundle.assessment else ""

    @property
    def tags(self) -> list[dict[str, str]]:
        row = self.household
        known = row.identified_on and row.identified_on.year <= self.year
        tags = [
            *({"tone": tone, "text": text} for tone, text in self.standing.tags),
            {"tone": "plain", "text": self.attribute},
            {"tone": "plain", "text": f"{row.identified_on.year}年识别" if known else ""},
            {"tone": "missing", "text": "" if self.has_row else NO_RECORD},
            {"tone": "fail", "text": f"{row.removed_on:%Y年%m月%d日}已销号" if row.removed_on else ""},
        ]
        return [tag for tag in tags if tag["text"]]

    @property
    def recorded(self) -> list[dict[str, Any]]:
        """The years that something was registered for, latest first, with their addresses."""
        return [
            {"year": year, "url": section_url(self.household.pk, self.section, year)}
            for year in sorted(self.bundle.records, reverse=True)
        ]

    @property
    def years(self) -> list[int]:
        """The years in which this household was surveyed, whatever the others are about."""
        return list(self.bundle.years)

    # -- the verdict ------------------------------------------------------------------------------------------------

    @cached_property
    def chips(self) -> list[Chip]:
        return chips(self.bundle.assessment) if self.bundle.assessment else []

    @property
    def strip_year(self) -> str:
        return f"{self.year}年"

    @property
    def strip_title(self) -> str:
        return f"{self.year}年 两不愁三保障"

    @property
    def verdict(self) -> str:
        return self.bundle.assessment.verdict if self.bundle.assessment else ""

    @property
    def verdict_text(self) -> str:
        return self.bundle.assessment.get_verdict_display() if self.bundle.assessment else ""

    @property
    def why_url(self) -> str:
        return verdict_url(self.bundle.assessment) if self.bundle.assessment else ""

    @cached_property
    def remedies(self) -> list[dict[str, str]] | None:
        if self.bundle.assessment is None:
            return None
        return remedy_items(self.bundle.assessment, self.bundle.names)

    # -- completeness and steps -----------------------------------------------------------------------------------

    @cached_property
    def sections(self) -> list[Section]:
        """Those that the person may open, in their order."""
        village = self.household.village_id
        return [each for each in SECTIONS if each.right is None or holds(self.user, each.right, village)]

    @cached_property
    def nav(self) -> list[dict[str, Any]]:
        return [self._nav_item(section) for section in self.sections]

    def _nav_item(self, section: Section) -> dict[str, Any]:
        item = {"label": section.label, "url": self.url(section.code), "active": section.code == self.section}
        return item | section.count(self)

    @cached_property
    def entry_order(self) -> list[str]:
        """Codes of the sections that are entered one after the other."""
        return [section.code for section in self.sections if section.step]

    @property
    def position(self) -> str:
        if self.section not in self.entry_order:
            return ""
        return f"{self.entry_order.index(self.section) + 1}/{len(self.entry_order)}"

    @property
    def steps_title(self) -> str:
        return f"{self.head_name} · {self.label}"

    @property
    def back_url(self) -> str:
        return self.list_url if self.section == OVERVIEW else self.url(OVERVIEW)

    @property
    def back_label(self) -> str:
        return "返回名单" if self.section == OVERVIEW else "返回"

    @property
    def next_section(self) -> str:
        if self.section not in self.entry_order:
            return ""
        following = self.entry_order[self.entry_order.index(self.section) + 1 :]
        return following[0] if following else ""

    @property
    def skip_url(self) -> str:
        return self.url(self.next_section) if self.next_section else ""

    @property
    def save_label(self) -> str:
        return f"保存，下一项：{SECTIONS[self.next_section].label}" if self.next_section else "保存"

    # -- beside it ------------------------------------------------------------------------------------------------

    @cached_property
    def aside(self) -> list[tuple[str, Any]]:
        """The cards beside the section: template and what it shows; those with nothing to show are left out."""
        loaded = [(card.template, card.load(self)) for card in ASIDES]
        return [(template, found) for template, found in loaded if found is not None]

    @property
    def reminders(self) -> list[dict[str, str]]:
        """Findings of other sections that still want an answer."""
        open_ones = [each for each in self.bundle.findings if wants_answer(each) and each.section != self.section]
        return [
            {"text": f"{SECTIONS[each.section].label}：{each.message}", "url": self.url(each.section)}
            for each in open_ones
        ]

    @cached_property
    def changes(self) -> list[dict[str, Any]] | None:
        if not holds(self.user, Right.HISTORY_VIEW, self.household.village_id):
            return None
        return told(self.bundle.recent)[:RECENT]

    @property
    def history_url(self) -> str:
        return self.url(HISTORY)

    @property
    def copy_url(self) -> str:
        """Where last year's record can be taken over: this year has none yet."""
        wanted = self.may_edit and self.bundle.record is None and self.bundle.previous is not None
        return f"{reverse('household-copy', args=[self.household.pk])}?year={self.year}" if wanted else ""


def sex_age(member: Member, year: int) -> str:
    """男 52: sex and the age reached in the year that the page is about, the one age of all its sections."""
    sex = label("sex", member.sex)
    return f"{sex} {max(year - member.birth_date.year, 0)}" if member.birth_date else sex


def wants_answer(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR or finding.needs_tick


def told(sentences: list[Sentence]) -> list[dict[str, Any]]:
    """History sentences as marks.changes takes them; what one person did in one go for one reason is one line."""
    items: list[dict[str, Any]] = []
    for each in sentences:
        base = {"when": spoken_time(each.at), "who": each.who, "reason": each.reason}
        if each.kind == "changed" and each.changes:
            items += [
                base | {"field": f"{each.subject} {change.label}", "before": change.before, "after": change.after}
                for change in each.changes
            ]
        elif items and items[-1].get("kind") == each.kind and base.items() <= items[-1].items():
            items[-1]["verb"] += f"、{each.subject}"
        else:
            items.append(base | {"kind": each.kind, "verb": f"{KINDS.get(each.kind, '')}{each.subject}"})
    return items


def spoken_time(at: Any) -> str:
    """8月6日 10:12; with the year when it is another one."""
    local = timezone.localtime(at)
    year = "" if local.year == timezone.localdate().year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 {local:%H:%M}"


def done(request: HttpRequest, verb: Callable[[], Any]) -> bool:
    """Run a verb that has no form of its own; what it refuses becomes messages."""
    try:
        verb()
    except ValidationError as refused:
        for text in refused.messages:
            messages.error(request, text)
        return False
    return True


def show(request: HttpRequest, template: str, page: Page, status: int = 200, **context: Any) -> HttpResponse:
    """The page with one section in it."""
    return render(request, f"households/register/{template}", {"page": page, **context}, status=status)


def _following(request: HttpRequest, page: Page) -> str:
    asked, back = request.POST.get("following", ""), request.POST.get("list", "")
    if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_ID:
        if Household.objects.visible_to(page.user).filter(pk=asked).exists():
            return section_url(int(asked), page.section, page.year)
    elif asked == "list" and back.split("?")[0] == reverse("households"):
        return back
    return page.following_url or page.list_url


def said_saved(request: HttpRequest, page: Page, changed: bool) -> None:
    """What became of a save: an untouched form has nothing to save, and is not called saved."""
    if changed or request.POST.getlist("confirmed"):
        messages.success(request, f"{page.head_name}户的{page.label}已保存。")
    else:
        messages.info(request, f"{page.head_name}户的{page.label}没有改动，不用保存。")


def go_on(request: HttpRequest, page: Page) -> HttpResponse:
    """Where a saved section leads: on in this household, to the next one of the list one came from (else of the
    village), or it stays."""
    then = request.POST.get("then")
    if then == "household":
        return redirect(_following(request, page))
    if then == "section" and page.next_section:
        return redirect(page.skip_url)
    return redirect(page.action)
