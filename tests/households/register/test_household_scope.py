"""The short way to say who sees a household never says more than the condition every list starts from."""

import pytest
from django.http import Http404

from households.models import Household
from households.register.selectors import household_page
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("code", [make.VILLAGE, make.TOWNSHIP, make.COUNTY, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP])
def test_who_opens_a_page_is_whoever_has_the_household_in_his_list(role, code):
    household = make.household()
    reader = make.posted(role, code)
    listed = Household.objects.visible_to(reader).filter(pk=household.pk).exists()
    if Household.scope.plainly_shows(reader, household.village_id):
        assert listed
    if listed:
        assert household_page(reader, household.pk).household == household
    else:
        with pytest.raises(Http404):
            household_page(reader, household.pk)


def test_a_posting_that_ended_and_a_closed_account_open_nothing_at_once():
    household, reader = make.household(), make.posted(Role.VILLAGE_CADRE)
    assert household_page(reader, household.pk)
    reader.postings.update(starts_on="2015-01-01", ends_on="2019-12-31")
    with pytest.raises(Http404):
        household_page(type(reader).objects.get(pk=reader.pk), household.pk)
    reader.postings.update(ends_on=None)
    type(reader).objects.filter(pk=reader.pk).update(is_active=False)
    with pytest.raises(Http404):
        household_page(type(reader).objects.get(pk=reader.pk), household.pk)
