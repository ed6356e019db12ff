"""Who stands in for whom: ordered by one, granted by another, for its days, and two hands stay two."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from households.models import Deputy
from households.procedures.deputies.services import end_deputy, grant_deputy, order_deputy
from households.procedures.engine import duties
from households.procedures.engine.errors import ProcedureError
from households.procedures.lists import reviews, steps
from povreg.kit.workbench import board_of
from tests import factories
from tests.households.procedures.procedure_world import World
from villages.rights import Role

pytestmark = pytest.mark.django_db


def ordered(world, **facts):
    today = timezone.localdate()
    given = {
        "place": factories.place(factories.TOWNSHIP), "role": Role.TOWNSHIP_OFFICER, "absent": world.zhen,
        "deputy": factories.posted(Role.TOWNSHIP_OFFICER, f"{factories.COUNTY}999", name="何正明"),
        "since": today, "until": today + timedelta(days=10), "document": "渝农〔2026〕1号", "reason": "病假",
    }  # fmt: skip
    return order_deputy(by=world.xian, **given | facts)


def test_an_order_holds_once_it_is_granted_by_another_hand_and_until_it_ends():
    world = World(1)
    row = ordered(world)
    assert not row.deputy.can("township_review", factories.VILLAGE)
    with pytest.raises(PermissionDenied):
        grant_deputy(by=world.xian, deputy=row)
    security = factories.posted(Role.SECURITY_ADMIN, factories.COUNTY)
    assert "1 项代办等待授予" in {due.title for due in board_of(security, row.since.year).dues}
    row = grant_deputy(by=security, deputy=row)
    assert not any("代办" in due.title for due in board_of(security, row.since.year).dues)
    assert (row.posting.role, row.posting.ends_on) == (Role.TOWNSHIP_OFFICER, row.until)
    assert list(Deputy.objects.in_force(timezone.localdate())) == [row]
    with pytest.raises(PermissionDenied):
        end_deputy(by=world.xian, deputy=row)
    end_deputy(by=security, deputy=row)
    assert not Deputy.objects.in_force(timezone.localdate()).exists() and row.deputy.postings.count() == 1


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"document": " "}, "依据"),
        ({"role": "auditor"}, "请选择"),
        ({"until": timezone.localdate() + timedelta(days=400)}, "不超过 183 天"),
    ],
)
def test_an_order_that_cannot_be_is_refused(facts, said):
    world = World(0)
    with pytest.raises(ProcedureError, match=said):
        ordered(world, **facts)


def test_nobody_orders_himself_nor_for_who_does_not_hold_the_office():
    world = World(0)
    with pytest.raises(ProcedureError, match="自己"):
        ordered(world, deputy=world.xian)
    with pytest.raises(ProcedureError, match="不是这里的"):
        ordered(world, absent=world.cadre)


def test_the_record_says_in_whose_stead_and_the_absent_one_counts_at_his_level():
    world = World(1)
    batch = world.until(world.start("exit-national"), "township_review")
    row = ordered(world)
    grant_deputy(by=factories.posted(Role.SECURITY_ADMIN, factories.COUNTY), deputy=row)
    Deputy.objects.update(since=world.day)
    row.deputy.postings.update(starts_on=world.day)
    with world.at():
        world.supply(batch)
        first = batch.entries.filter(state="listed").first()
        record = reviews.township_review(by=row.deputy, batch=batch, sample={first.pk: steps.Result(True)})
    assert record.remark == "（代赵一民办理，渝农〔2026〕1号）"
    Deputy.objects.update(absent=world.cadre)
    with world.at():
        assert duties.levels_of(row.deputy, [batch])[batch.pk] >= {"village", "township"}
