"""Two rows of one person become one: work and wishes go with him."""

from datetime import date

import pytest

from assistance.models import WorkSpell, WorkWish
from assistance.work.people import move_spells, move_wish
from tests import factories

pytestmark = pytest.mark.django_db


def test_work_and_wishes_follow_the_person():
    home = factories.household(members=2)
    kept, double = home.members.order_by("pk")
    of = {"household": home, "village_id": home.village_id}
    WorkSpell.objects.create(member=kept, since=date(2026, 1, 5), where="01", **of)
    WorkSpell.objects.create(member=double, since=date(2026, 6, 1), where="01", **of)
    for who, asked in ((kept, date(2026, 3, 1)), (double, date(2026, 8, 1))):
        WorkWish.objects.create(member=who, wants=True, asked_on=asked, **of)
    move_spells(kept, double)
    move_wish(kept, double)
    spells = WorkSpell.objects.order_by("since").values_list("member", "until", "ended_why")
    assert list(spells) == [(kept.pk, date(2026, 6, 1), "changed"), (kept.pk, None, "")]
    assert list(WorkWish.objects.values_list("member", "asked_on")) == [(kept.pk, date(2026, 8, 1))]
