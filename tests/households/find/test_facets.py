"""What stands beside the list: choices of one click, and how many households each would leave."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.eligibility.assess import recompute
from households.find import facets
from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = factories.YEAR


@pytest.fixture
def officer(client):
    found = factories.posted(Role.COUNTY_OFFICER)
    client.force_login(found)
    return found


@pytest.fixture
def county(officer):
    """Six households that meet everything, three whose food is short, one without a record."""
    for number in range(10):
        row = factories.household(members=1)
        if number:
            factories.annual_record(row, food=number > 3)
            factories.member_year(row.members.get())
    recompute(factories.COUNTY, YEAR)


def counted(client, query=""):
    """{heading: {label: text}} of the choices with their numbers."""
    page = client.get(f"/households/counts/?year={YEAR}&{query}")
    return {each.label: {choice.label: choice.text for choice in each.choices} for each in page.context["facets"]}


def test_numbers_say_what_a_choice_leaves(client, county):
    found = counted(client)
    assert found["结论"] == {"达标": "6", "未达标": "3", "缺数据": "1", "未评定": "0"}
    assert found["没有保障的是"] == {"不愁吃": "3"}, "nobody fails anything else, so nothing else is offered"


def test_the_other_filters_hold_and_a_choice_is_taken_off_by_itself(client, county):
    found = counted(client, f"verdict=fail&place={factories.VILLAGE}")
    assert found["结论"]["达标"] == "6", "the verdict asked for does not narrow its own choices"
    assert found["没有保障的是"] == {"不愁吃": "3"}
    page = client.get(f"/households/?year={YEAR}&verdict=fail")
    choices = {choice.label: choice for choice in page.context["facets"][0].choices}
    assert choices["未达标"].on
    assert "verdict" not in choices["未达标"].url
    assert "verdict=pass" in choices["达标"].url


def test_the_page_itself_counts_nothing(client, county):
    page = client.get(f"/households/?year={YEAR}")
    assert {choice.count for each in page.context["facets"] for choice in each.choices} == {None}
    assert "/households/counts/?" in page.content.decode()


def test_many_are_not_counted_to_their_end(client, county, monkeypatch):
    monkeypatch.setattr(facets, "MOST", 2)
    found = counted(client, "type=")
    assert found["结论"]["达标"] == "2+"


def test_the_summaries_are_asked_where_they_know(client, county):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        counted(client, f"place={factories.COUNTY}")
    rows = [each["sql"] for each in asked if "households_household" in each["sql"] and "COUNT" in each["sql"].upper()]
    assert all("households_spell" in sql or "NOT EXISTS" in sql.upper() or "NOT (EXISTS" in sql.upper() for sql in rows)
