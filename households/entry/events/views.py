"""Pages of the dated events of a household, one page a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from households.entry.events.forms import (
    ArrivalForm,
    BirthForm,
    EventForm,
    HeadForm,
    LeavingForm,
    MergeForm,
    MistakenForm,
    NotComeForm,
    ReturnForm,
    SamePersonForm,
    SplitForm,
    TransferForm,
    VoidForm,
)
from households.entry.members.forms import MemberForm
from households.entry.page import Page, section_url
from households.entry.trouble import attempt, carried, warning
from households.models import Household
from households.register import endings, member_changes, moves, persons, taken_back, years
from households.register.kin import proposed
from povreg.kit.scopes import county_of
from povreg.kit.views import holds, require, scoped_or_404
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

ARRIVING = "new"
PROPOSING = ("head", "leaving")
"""Events that propose the relations to another head."""


@dataclass(frozen=True)
class Call:
    """What a verb gets: who, which household, which year, and the cleaned forms."""

    by: User | None
    household: Household
    year: int
    form: Any
    person: MemberForm | None
    ticks: list[str]

    @property
    def arrival(self) -> dict[str, Any]:
        assert self.person is not None
        row = self.person.member_row()
        return {
            "by": self.by,
            "household": self.household,
            "year": self.year,
            "facts": row.facts,
            "year_facts": row.year_facts,
            "reason": self.form.cleaned_data.get("reason", ""),
            "ticks": self.ticks,
        }

    @property
    def dated(self) -> dict[str, Any]:
        return {"by": self.by, "on": self.on, "reason": self.form.cleaned_data.get("reason", "")}

    @property
    def on(self) -> Any:
        return self.form.cleaned_data.get("on")


@dataclass(frozen=True)
class Kind:
    """One kind of event: what it is called, who may, what is asked, which verb. ``lead`` says what will happen."""

    title: str
    lead: str
    right: Right
    form: type[EventForm]
    run: Callable[[Call], Any]
    arrives: bool = False
    done: str = ""


def _leave(call: Call) -> Any:
    form = call.form
    return member_changes.record_leaving(
        **call.dated,
        member=form.person("member"),
        kind=form.cleaned_data["kind"],
        new_head=form.person("new_head"),
        relations=form.relations(),
        ticks=call.ticks,
    )


def _split(call: Call) -> Any:
    chosen = call.form.chosen()
    relations = {pk: relation for pk, relation in call.form.relations().items() if pk in chosen}
    return moves.split_household(
        **call.dated,
        household=call.household,
        member_ids=chosen,
        new_head=call.form.person("new_head"),
        relations=relations,
    )


def _merge(call: Call) -> Any:
    return moves.merge_households(
        **call.dated,
        source=call.household,
        target=call.form.cleaned_data["target"],
        relations=call.form.relations(),
    )


EDIT, MOVE, VOID = Right.HOUSEHOLD_EDIT, Right.HOUSEHOLD_MOVE, Right.HOUSEHOLD_VOID
KINDS: Mapping[str, Kind] = {
    "birth": Kind(
        "新生儿", "登记本户新出生的孩子；还没有身份证号的，填性别和出生日期。", EDIT, BirthForm,
        lambda call: member_changes.record_birth(**call.arrival), arrives=True,
    ),
    "marriage-in": Kind(
        "嫁入", "登记因婚姻加入本户的人。", EDIT, EventForm,
        lambda call: member_changes.record_marriage_in(**call.arrival, on=call.on), arrives=True,
    ),
    "transfer-in": Kind(
        "其他转入", "登记因其他原因转入本户的人，须写明原因。", EDIT, EventForm,
        lambda call: member_changes.record_transfer_in(**call.arrival, on=call.on), arrives=True,
    ),
    "leaving": Kind(
        "人员减少", "死亡、嫁出、出国定居、判刑收监或其他转出。记录会保留，只是不再计入本户人口。",
        EDIT, LeavingForm, _leave,
    ),
    "undo-leaving": Kind(
        "撤销减少", "把误登记为离开的成员恢复到本户。", EDIT, ReturnForm,
        lambda call: member_changes.undo_leaving(
            by=call.by, member=call.form.person("member"), reason=call.form.cleaned_data["reason"]
        ),
    ),
    "undo-joining": Kind(
        "撤销增加", "撤销误登记的新生儿、嫁入或转入，只能由登记人办理；原来在本县另一户的，回到离开那一户时的情况。",
        EDIT, NotComeForm,
        lambda call: taken_back.undo_joining(
            by=call.by, member=call.form.person("member"), reason=call.form.cleaned_data["reason"]
        ),
    ),
    "natural-end": Kind(
        "全户自然减少", "本户最后一位成员死亡时办理：登记死亡，本户随即销户，往年的记录和人口不变。", EDIT, EventForm,
        lambda call: endings.end_household(**call.dated, household=call.household),
    ),
    "same-person": Kind(
        "合并重复登记", "同一个人登记了两条：保留本户的一条，另一条的经历并入后撤销。同一年都计入人口的不能合并。",
        MOVE, SamePersonForm,
        lambda call: persons.merge_persons(
            by=call.by, kept=call.form.person("member"), double=call.form.cleaned_data["double"],
            reason=call.form.cleaned_data["reason"],
        ),
    ),
    "undo-change": Kind(
        "撤销户的变动", "撤销本户最近一次分户、并户、迁移或全户自然减少，只能由登记人在没有后续变动时办理。",
        EDIT, MistakenForm,
        lambda call: taken_back.undo_last_change(
            by=call.by, household=call.household, reason=call.form.cleaned_data["reason"]
        ),
    ),
    "head": Kind(
        "变更户主", "选定新户主，并核对其他成员与新户主的关系。", EDIT, HeadForm,
        lambda call: member_changes.change_head(
            **call.dated,
            household=call.household, new_head=call.form.person("new_head"), relations=call.form.relations(),
            ticks=call.ticks,
        ),
    ),
    "split": Kind(
        "分户", "勾选的成员组成新户，在同一个村另立户编号；原户主留在本户。", MOVE, SplitForm, _split,
    ),
    "merge": Kind("并户", "本户全体成员并入另一户，本户随后销号。", MOVE, MergeForm, _merge),
    "transfer": Kind(
        "迁往他村", "整户迁到本县另一个村，历年记录和附件一并迁移。", MOVE, TransferForm,
        lambda call: moves.transfer_household(
            **call.dated, household=call.household, village=call.form.cleaned_data["village"]
        ),
    ),
    "void": Kind(
        "撤销误录", "撤销误登记的户：移出名册，记录保留备查。", VOID, VoidForm,
        lambda call: moves.void_household(
            by=call.by, household=call.household, reason=call.form.cleaned_data["reason"]
        ),
    ),
}  # fmt: skip


def event_links(user: User, page: Page) -> list[dict[str, str]]:
    """The events this person may register for the household of a page."""
    village = page.household.village_id
    kinds = [(code, kind) for code, kind in KINDS.items() if holds(user, kind.right, village)]
    wanted = [(code, kind) for code, kind in kinds if _fits(page, code)]
    return [
        {"label": kind.title, "url": f"{_event_url(page.household.pk, code)}?year={page.year}"} for code, kind in wanted
    ]


def _fits(page: Page, code: str) -> bool:
    """Whether an event is one of this household: the last one dies alone, what has ended can only be taken back."""
    if page.household.removed_on is not None:
        return code == "undo-change"
    if code == "undo-leaving":
        return bool(page.bundle.gone)
    return code != "natural-end" or page.bundle.living == 1


def _event_url(pk: int, kind: str) -> str:
    return reverse("household-event", args=[pk, kind])


@require(Right.HOUSEHOLD_EDIT, Right.HOUSEHOLD_MOVE, Right.HOUSEHOLD_VOID)
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """One kind of event: the form, and the verb behind it."""
    if kind not in KINDS:
        raise Http404
    asked = KINDS[kind]
    household = scoped_or_404(Household.objects.select_related("village"), request.user, pk, asked.right)
    year = years.year_of(request)
    form, person = _forms(request, household, asked)
    forms: dict[str, Any] = {"": form} | ({ARRIVING: person} if person else {})
    trouble = None
    if request.method == "POST":
        call = Call(request.user, household, year, form, person, request.POST.getlist("confirmed"))
        trouble = attempt(lambda versions: asked.run(call), forms, rehearse=asked.arrives)
        if trouble is None:
            messages.success(request, f"已登记：{asked.title}。")
            return redirect(_after(request, household, year))
    context = {
        "household": household,
        "kind": asked,
        "form": form,
        "person": person,
        "person_cells": _person_cells(person, trouble),
        "faults": trouble.faults if trouble else [],
        "asks": trouble.asks if trouble else 0,
        **_asked_elsewhere(request, person, trouble),
        "action": f"{_event_url(pk, kind)}?year={year}",
        "kin": proposed(form.members) if "new_head" in form.fields and kind in PROPOSING else None,
        "year": year,
        "back_url": section_url(pk, "members", year),
        "head_name": household.members.heads().values_list("name", flat=True).first() or "",
        "county": county_of(household.village_id),
        "village_name": request.POST.get("village_text", ""),
    }
    return render(request, "households/register/event.html", context, status=trouble.status if trouble else 200)


def _forms(request: HttpRequest, household: Household, kind: Kind) -> tuple[EventForm, MemberForm | None]:
    members = list(household.members.order_by("person_no"))
    data = request.POST if request.method == "POST" else None
    form_class = type(kind.form.__name__, (kind.form,), {"user": request.user})
    form = form_class(
        data,
        members=[each for each in members if each.left_on is None],
        left=[each for each in members if each.left_on is not None],
    )
    person = ArrivalForm(data, prefix=ARRIVING, empty_permitted=False) if kind.arrives else None
    return form, person


def _person_cells(person: MemberForm | None, trouble: Any) -> list[dict[str, Any]]:
    """The new person's controls with the warnings that want a tick."""
    if person is None:
        return []
    asking, ticks = (trouble.asking, trouble.ticks) if trouble else ({}, set())
    return [
        {
            "field": person[name],
            "warnings": [warning(each, ticks) for each in asking.get((ARRIVING, name), ())],
        }
        for name in person.names
    ]


def _asked_elsewhere(request: SignedInRequest, person: MemberForm | None, trouble: Any) -> dict[str, Any]:
    """Warnings without a control on this page (the relations of others), and ticks that have lost theirs."""
    asking, ticks = (trouble.asking, trouble.ticks) if trouble else ({}, set())
    shown = {(ARRIVING, name) for name in person.names} if person else set()
    loose = [warning(each, ticks) for key, found in asking.items() if key not in shown for each in found]
    beside = [warning(each, ticks) for key, found in asking.items() if key in shown for each in found]
    return {"loose": loose, "carried": carried(request, [{"": [*loose, *beside]}])}


def _after(request: HttpRequest, household: Household, year: int) -> str:
    """Back to the members, or to the list when the household is out of reach now."""
    reachable = Household.objects.visible_to(request.user).filter(pk=household.pk).exists()
    return section_url(household.pk, "members", year) if reachable else reverse("households")
