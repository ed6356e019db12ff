"""Where the bars say that one is: some domain of the upper bar is marked on every page one may open."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import reverse

from povreg.overview.nav import Bars
from tests import factories
from villages.rights import GRANTS, Right, Role

pytestmark = pytest.mark.django_db


def bars_of(role: Role, path: str) -> Bars:
    request: HttpRequest = RequestFactory().get(path)
    request.user = factories.posted(role)
    request.session = {}  # type: ignore[assignment]
    return Bars(request)  # type: ignore[arg-type]


def marked(role: Role, path: str) -> list[str]:
    return [link.label for link in bars_of(role, path).domains if link.active]


@pytest.mark.parametrize("role", [role for role in Role if Right.ACCESS_VIEW in GRANTS[role]])
@pytest.mark.parametrize("name", ["timed-access", "timed-access-new"])
def test_timed_access_belongs_to_one_domain_of_everybody_who_sees_it(role: Role, name: str) -> None:
    assert len(marked(role, reverse(name))) == 1


@pytest.mark.parametrize("role", [Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER])
@pytest.mark.parametrize("name", ["consent-new", "consent-withdraw"])
def test_consents_belong_to_the_households(role: Role, name: str) -> None:
    assert marked(role, reverse(name, args=[1])) == ["农户"]


def test_a_page_without_room_in_its_bar_marks_its_domain() -> None:
    """A county's administration has more pages than a bar holds."""
    bars = bars_of(Role.COUNTY_OFFICER, reverse("units"))
    assert reverse("units") not in [page.url for opened in bars.opened for page in opened.pages]
    assert marked(Role.COUNTY_OFFICER, reverse("units")) == ["管理"]
