from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from households.entry.declared import Section, add_section
from households.entry.page import show
from households.entry.sections.views import opened
from households.history.sources import add_source
from households.history.versions import Source
from povreg.kit.api.resources import RESOURCES
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.api import Listed
from povreg.kit.pages.listing import declare_lists
from povreg.kit.views import require
from tests.toy.models import Well
from tests.toy.pages import WELLS
from villages.rights import Right


class WellViewSet(Listed):
    """Wells."""

    queryset = Well.objects.all()
    listing = WELLS


@require_safe
@require(Right.HOUSEHOLD_VIEW)
def wells_section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    page = opened(request, pk, section)
    wells = Well.objects.visible_to(request.user).filter(household=page.household)
    told = [{"when": f"{well.depth} 米", "who": "水井", "verb": ""} for well in wells]
    return show(request, "section_history.html", page, changes=told)


def called_well(event: Any, _people: Any) -> str:
    return "水井"


MENU = Entry("households", "水井", "wells", (Right.HOUSEHOLD_VIEW,), 15)
SECTION = Section("wells", "水井", wells_section)
SOURCE = Source(Well, subject=called_well)


def connect() -> None:
    declare_verbs({"deepen_well": "加深水井"})
    declare_lists(WELLS)
    declare(MENU)
    add_section(SECTION, order=95)
    add_source(SOURCE)
    RESOURCES.add("wells", WellViewSet)
