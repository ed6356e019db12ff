"""The API does not write standing either: 422 ``standing`` (contract.md section 6)."""

import pytest

from households.models import Household
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "written", [{"exit_status": "1"}, {"household_type": "01"}, {"identified_on": "2018-01-05"}, {"monitor_type": "1"}]
)
def test_a_write_to_standing_is_refused(as_role, written):
    row = factories.household(members=1)
    client = as_role("village_cadre")
    for method, path, given in (
        ("patch", f"households/{row.pk}/", {"version": row.version}),
        ("post", "households/", {"village": factories.VILLAGE, "head": {"name": "王新"}}),
    ):
        answer = getattr(client, method)(f"/api/v1/{path}", given | written, format="json")
        assert (answer.status_code, answer.json()["code"]) == (422, "standing")
        assert list(answer.json()["fields"]) == list(written)
    assert Household.objects.get().exit_status == "0"
