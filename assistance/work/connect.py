"""What work declares."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from assistance.models import WorkSpell, WorkWish
from assistance.work import selectors
from assistance.work.homes import follow
from assistance.work.lists import LISTS
from assistance.work.people import move_spells, move_wish
from assistance.work.verbs import VERBS
from assistance.work.views import work_section
from households.entry.declared import Section, add_section
from households.history.sources import add_source
from households.history.versions import Source
from households.register.persons import declare_pointer
from households.register.turnover import on_turnover
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.kit.workbench import Due, Rank, Viewer, offer
from villages.rights import Right, Role

MENU = Entry("households", "务工", "work", (Right.HOUSEHOLD_VIEW,), 25, hint="谁在哪里务工，按月更新，和去年比")


@offer(Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER)
def unconfirmed(viewer: Viewer) -> Sequence[Due]:
    """People at work whom nobody has confirmed for last month."""
    count = selectors.UNCONFIRMED.count(viewer.user, selectors.last_month(), role=viewer.role)
    if not count:
        return []
    place = viewer.places[0]
    is_village = len(viewer.places) == 1 and viewer.role == Role.VILLAGE_CADRE
    listed = f"{reverse('work')}?{urlencode({'standing': 'unconfirmed'})}"
    where = reverse("work-month", args=[place]) if is_village else listed
    text = "上月还在不在岗、工资多少，整村一次确认；失去工作或返乡的会登记线索。"
    return [Due(f"{count} 人上月务工没有确认", where, "按月更新", text, rank=Rank.WORK)]


def named(event: Any, people: Any) -> str:
    return f"{people.get(event.member_id, '家庭成员')}务工"


def wish_named(event: Any, people: Any) -> str:
    return f"{people.get(event.member_id, '家庭成员')}就业意愿"


def connect() -> None:
    on_turnover(follow)
    declare(MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    add_section(Section("work", "务工", work_section), order=77)
    add_source(Source(WorkSpell, subject=named))
    add_source(Source(WorkWish, subject=wish_named))
    declare_pointer("assistance.WorkSpell.member", move_spells)
    declare_pointer("assistance.WorkWish.member", move_wish)
