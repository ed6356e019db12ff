"""Pages of the dated events, files and the history of a household."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from households.models import Household, RegisterEvent
from households.register import services
from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = factories.YEAR
EDITS = ("birth", "marriage-in", "transfer-in", "leaving", "undo-leaving", "head")
MOVES = ("split", "merge", "transfer")


@pytest.fixture
def cadre(client):
    account = factories.posted(Role.VILLAGE_CADRE)
    client.force_login(account)
    return account


@pytest.fixture
def household():
    return factories.household(members=3)


def url(row, kind):
    return f"/households/{row.pk}/events/{kind}/?year={YEAR}"


def people(row):
    return list(row.members.order_by("person_no"))


@pytest.mark.parametrize("kind", EDITS)
def test_a_cadre_opens_the_events_of_people(client, cadre, household, kind):
    assert client.get(url(household, kind)).status_code == 200


@pytest.mark.parametrize("kind", [*MOVES, "void"])
def test_moving_households_is_not_a_cadre_s(client, cadre, household, kind):
    assert client.get(url(household, kind)).status_code == 403


@pytest.mark.parametrize("kind", MOVES)
def test_a_township_officer_opens_the_moves(client, household, kind):
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER))
    assert client.get(url(household, kind)).status_code == 200


def test_an_unknown_event_is_not_found(client, cadre, household):
    assert client.get(url(household, "party")).status_code == 404


def test_a_birth_without_papers(client, cadre, household):
    typed = {"new-name": "王新生", "new-relation": "04", "new-sex": "2", "new-birth_date": "20200512", "reason": ""}
    typed |= {"new-health": "01", "new-labour": "04"}
    answer = client.post(url(household, "birth"), typed)
    assert answer.status_code == 302, answer.context["faults"]
    child = household.members.get(name="王新生")
    assert (child.joined_on, child.joined_reason) == (date(2020, 5, 12), "06")


def test_a_leaving_wants_its_day_and_keeps_what_was_typed(client, cadre, household):
    person = people(household)[2]
    answer = client.post(url(household, "leaving"), {"member": person.pk, "kind": "02", "on": "", "reason": "嫁到邻县"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "请填写发生日期" in page
    assert "嫁到邻县" in page
    assert household.members.present().count() == 3


def test_a_member_leaves(client, cadre, household):
    person = people(household)[2]
    answer = client.post(
        url(household, "leaving"), {"member": person.pk, "kind": "01", "on": "2020-06-01", "reason": ""}
    )
    assert answer.status_code == 302
    person.refresh_from_db()
    assert (person.left_on, person.left_reason) == (date(2020, 6, 1), "01")
    assert "已离开的成员" in client.get(f"/households/{household.pk}/members/").content.decode()


def test_a_head_cannot_leave_alone(client, cadre, household):
    head = people(household)[0]
    answer = client.post(url(household, "leaving"), {"member": head.pk, "kind": "01", "on": "2020-06-01"})
    assert answer.status_code == 422
    assert "新户主" in " ".join(fault["text"] for fault in answer.context["faults"])


def test_an_officer_splits_a_household(client, household):
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER))
    third = people(household)[2]
    typed = {"member_ids": [third.pk], "new_head": third.pk, "on": "2020-06-01", "reason": "成家另过"}
    assert client.post(url(household, "split"), typed).status_code == 302
    assert Household.objects.count() == 2
    third.refresh_from_db()
    assert (third.relation, third.household_id != household.pk) == ("01", True)


def test_an_officer_moves_a_household_within_the_township(client, household):
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER))
    factories.place(factories.NEXT_VILLAGE)
    typed = {"village": factories.NEXT_VILLAGE, "on": "2020-06-01", "reason": "易地搬迁"}
    assert client.post(url(household, "transfer"), typed).status_code == 302
    household.refresh_from_db()
    assert household.village_id == factories.NEXT_VILLAGE
    assert RegisterEvent.objects.filter(household=household, household_change="05").exists()


def test_a_merge_looks_for_the_other_household_inside_the_scope(client, household):
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER))
    stranger = factories.household(factories.OTHER_VILLAGE, members=1)
    typed = {"target": stranger.household_no, "on": "2020-06-01", "reason": "合并"}
    answer = client.post(url(household, "merge"), typed)
    assert answer.status_code == 422
    assert "没有找到这个户编号" in answer.content.decode()


# -- files -------------------------------------------------------------------------------------------------------------


def photo(name="house.jpg", kind="JPEG"):
    data = BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, kind)
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/jpeg")


def upload(client, row, file, **facts):
    return client.post(
        f"/households/{row.pk}/files/?year={YEAR}", {"kind": "01", "title": "正屋", "file": file, **facts}
    )


def test_a_photo_is_kept_and_shown_through_the_scope(client, cadre, household):
    assert upload(client, household, photo()).status_code == 302
    row = household.attachments.get()
    address = f"/households/{household.pk}/files/{row.pk}/"
    assert address in client.get(f"/households/{household.pk}/files/").content.decode()
    answer = client.get(address)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    client.force_login(factories.posted(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE))
    assert client.get(address).status_code == 404


def test_a_file_is_not_reached_through_another_household(client, cadre, household):
    upload(client, household, photo())
    other = factories.household(members=1)
    assert client.get(f"/households/{other.pk}/files/{household.attachments.get().pk}/").status_code == 404


def test_what_is_no_photo_is_refused_beside_the_field(client, cadre, household):
    answer = upload(client, household, SimpleUploadedFile("house.jpg", b"<script>alert(1)</script>"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert answer.context["form"]["title"].value() == "正屋"
    assert not household.attachments.exists()


def test_a_file_is_removed_with_a_reason_and_stays_for_the_history(client, cadre, household):
    upload(client, household, photo())
    row = household.attachments.get()
    address = f"/households/{household.pk}/files/{row.pk}/remove/"
    client.post(address, {"reason": ""})
    row.refresh_from_db()
    assert row.removed_at is None
    client.post(address, {"reason": "拍错了房子"})
    row.refresh_from_db()
    assert row.removed_at is not None
    assert client.get(f"/households/{household.pk}/files/{row.pk}/").status_code == 404


# -- history -----------------------------------------------------------------------------------------------------------


def test_the_history_says_who_changed_what(client, cadre, household):
    services.edit_household(
        by=cadre, household=household, version=household.version, facts={"address": "泉秀村3组12号"}
    )
    page = client.get(f"/households/{household.pk}/history/").content.decode()
    assert cadre.name in page
    assert "家庭住址" in page
    assert "3组12号" in page


def test_numbers_in_the_history_are_masked(client, cadre, household):
    services.edit_household(by=cadre, household=household, version=household.version, facts={"phone": "13800001234"})
    page = client.get(f"/households/{household.pk}/history/").content.decode()
    assert "13800001234" not in page
    assert "138****1234" in page
