"""Households, members, yearly records and verdicts over the API: allowed, refused, strangers, masked, constant SQL."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import AnnualRecord, Household, Member, UnmaskLog
from tests import factories
from tests.api import rows
from tests.api.conftest import calling
from tests.households.procedures.procedure_world import picture
from villages.rights import Role

CADRE, HELPER = Role.VILLAGE_CADRE, Role.HELPER
ID = factories.id_number(date(1975, 8, 9))


@pytest.fixture
def household(db):
    row = factories.household(members=3, phone="13800001234", bank_account="6217000012345678901")
    factories.annual_record(row)
    factories.assessment(row, failed=["housing"])
    return row


def body(client, method, path, **data):
    response = getattr(client, method)(f"/api/v1/{path}", data, **({} if method == "get" else {"format": "json"}))
    return response.status_code, response.json()


def confirmed(client, method, path, **data):
    """Send, confirm the warnings that come back, send again."""
    status, answer = body(client, method, path, **data)
    if answer.get("code") == "unconfirmed":
        keys = [warning["key"] for warnings in answer["fields"].values() for warning in warnings]
        status, answer = body(client, method, path, **data, confirmed=keys)
    return status, answer


def test_a_list_is_filtered_paged_and_ordered(as_role, household):
    other = factories.household(members=1)
    factories.assessment(other)
    county = as_role(Role.COUNTY_OFFICER)
    query = {"place": factories.TOWNSHIP, "year": factories.YEAR, "verdict": "fail", "failed": "housing"}
    status, answer = body(county, "get", "households/", **query)
    assert status == 200
    assert [row["id"] for row in answer["results"]] == [household.pk]
    assert answer["results"][0]["assessment"]["failed"] == ["housing"]
    status, answer = body(county, "get", "households/", page_size=1, ordering="-number")
    assert (answer["count"], len(answer["results"]), answer["previous"]) == (2, 1, None)
    assert "page=2" in answer["next"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("plaice=500154", "plaice"),
        ("place=abc", "place"),
        ("year=20x0", "year"),
        ("year=", "year"),
        ("verdict=bad", "verdict"),
        ("borderline=yes", "borderline"),
        ("page=0", "page"),
        ("page_size=100000", "page_size"),
        ("ordering=phone", "ordering"),
        ("year=2020&year=2019", "year"),
        ("household_no=%00", "household_no"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(as_role, query, field):
    status, answer = body(as_role(CADRE), "get", f"households/?{query}")
    assert (status, answer["code"]) == (400, "invalid")
    assert list(answer["fields"]) == [field]


def test_a_stranger_sees_empty_lists_and_finds_nothing(as_role, household):
    stranger = as_role(Role.COUNTY_OFFICER, factories.OTHER_COUNTY)
    member = household.members.first()
    record = household.annual_records.get()
    verdict = household.assessments.get()
    for name, row in (
        ("households", household),
        ("members", member),
        ("annual-records", record),
        ("assessments", verdict),
    ):
        assert body(stranger, "get", f"{name}/")[1]["results"] == []
        assert body(stranger, "get", f"{name}/?place={factories.VILLAGE}")[1]["results"] == []
        status, answer = body(stranger, "get", f"{name}/{row.pk}/")
        assert (status, answer["code"]) == (404, "not_found")
    assert body(stranger, "patch", f"households/{household.pk}/", version=1, address="x")[0] == 404
    assert body(stranger, "post", "annual-records/", household=household.pk, year=2019)[0] == 404
    assert body(stranger, "post", "households/search/", name="王")[1]["results"] == []


def test_a_helper_sees_his_households_and_changes_none(db, household):
    helper = factories.posted(HELPER)
    factories.pairing(household, helper)
    factories.household(members=1)
    client = calling(helper)
    assert [row["id"] for row in body(client, "get", "households/")[1]["results"]] == [household.pk]
    status, answer = body(client, "patch", f"households/{household.pk}/", version=1, address="新址")
    assert (status, answer["code"]) == (403, "permission_denied")


def test_numbers_are_masked_everywhere(as_role, household):
    client = as_role(CADRE)
    row = body(client, "get", f"households/{household.pk}/")[1]
    assert (row["phone"], row["bank_account"]) == ("138****1234", "621700*********8901")
    member = household.members.first()
    shown = body(client, "get", f"members/{member.pk}/")[1]
    assert shown["id_no"] == f"500198********{member.id_no[-4:]}"
    whole = [household.phone, household.bank_account, *(each.id_no for each in household.members.all())]
    for path in ("households/", "members/", "annual-records/", "assessments/"):
        text = client.get(f"/api/v1/{path}").content.decode()
        assert not [number for number in whole if number in text]


def test_an_objector_is_masked_and_the_text_is_for_who_handles_it(as_role, household):
    rows.objection(household)
    [shown] = body(as_role(Role.TOWNSHIP_OFFICER), "get", "objections/")[1]["results"]
    assert (shown["name"], shown["phone"]) == ("周*山", "138****5678")
    assert shown["text"].startswith("这户人家")
    [shown] = body(as_role(Role.COUNTY_LEADER), "get", "objections/")[1]["results"]
    assert shown["text"] == ""
    assert body(as_role(Role.COUNTY_OFFICER, factories.OTHER_COUNTY), "get", "objections/")[1]["results"] == []


def test_a_notice_shows_its_lines_as_the_public_page_does(as_role, household):
    notice = rows.notice(household)
    shown = body(as_role(CADRE), "get", f"notices/{notice.pk}/")[1]
    assert [line["masked_name"] for line in shown["lines"]] == ["王*海"]
    assert "王明海" not in str(shown)


def test_unmasking_asks_for_right_and_reason_and_is_logged(as_role, household):
    client = as_role(CADRE)
    path = f"households/{household.pk}/unmask/"
    status, answer = body(client, "post", path, what="phone", reason="看")
    assert (status, list(answer["fields"])) == (422, ["reason"])
    status, answer = body(client, "post", path, what="phone", reason="核对联系电话")
    assert (status, answer["household"]) == (200, "13800001234")
    assert UnmaskLog.objects.filter(household=household, reason="核对联系电话").count() == 1
    assert body(as_role(Role.COUNTY_LEADER), "post", path, what="phone", reason="核对联系电话")[0] == 403


def test_a_household_is_registered_with_its_head(as_role, household):
    facts = {"group_name": "2组", "main_cause": "02"}
    head = {"name": "王新", "id_no": ID, "ethnicity": "01", "health": "01"}
    head.pop("health")
    status, answer = confirmed(as_role(CADRE), "post", "households/", village=factories.VILLAGE, head=head, **facts)
    assert status == 201, answer
    assert (answer["head_name"], answer["persons"], answer["village"]) == ("王新", 1, factories.VILLAGE)
    assert Household.objects.get(pk=answer["id"]).group_name == "2组"


def test_what_is_wrong_with_a_new_household_stands_beside_the_field(as_role, household):
    client = as_role(CADRE)
    wrong = ID[:-1] + ("0" if ID[-1] != "0" else "1")
    status, answer = body(
        client, "post", "households/", village=factories.VILLAGE, head={"name": "王新", "id_no": wrong}
    )
    assert (status, answer["code"]) == (422, "refused")
    assert "校验位" in answer["fields"]["head.id_no"][0]
    status, answer = body(client, "post", "households/", village=factories.VILLAGE, head={"name": 5}, colour="red")
    assert (status, set(answer["fields"])) == (400, {"colour"})
    assert (
        body(client, "post", "households/", village=factories.NEXT_VILLAGE, head={"name": "王新", "id_no": ID})[0]
        == 403
    )
    assert Household.objects.count() == 1


def test_an_edit_upon_an_old_version_is_a_conflict_with_both_values(as_role, household):
    client = as_role(CADRE)
    path = f"households/{household.pk}/"
    seen = household.version
    status, answer = confirmed(client, "patch", path, version=seen, address="泉秀村 3 组 1 号")
    assert (status, answer["version"], answer["address"]) == (200, seen + 1, "泉秀村 3 组 1 号")
    status, answer = body(client, "patch", path, version=seen, address="泉秀村 3 组 2 号")
    assert (status, answer["code"]) == (409, "conflict")
    assert answer["fields"]["address"]["stored"] == "泉秀村 3 组 1 号"
    assert answer["fields"]["address"]["typed"] == "泉秀村 3 组 2 号"
    assert answer["fields"]["version"]["stored"] == str(seen + 1)
    assert Household.objects.get(pk=household.pk).address == "泉秀村 3 组 1 号"


def test_a_masked_number_is_not_taken_back(as_role, household):
    status, answer = body(as_role(CADRE), "patch", f"households/{household.pk}/", version=1, phone="138****1234")
    assert (status, list(answer["fields"])) == (400, ["phone"])
    assert Household.objects.get(pk=household.pk).phone == "13800001234"


def test_a_member_is_added_edited_and_leaves(as_role, household):
    client = as_role(CADRE)
    born = factories.id_number(date(2012, 5, 6))
    status, answer = confirmed(
        client, "post", "members/", household=household.pk, year=2020, name="王小四", relation="03", id_no=born,
        ethnicity="01", health="01", school_status="05", ins_resident=True,
    )  # fmt: skip
    assert status == 201, answer
    assert (answer["id_no"], answer["year_facts"]["ins_resident"]) == (f"500198********{born[-4:]}", True)
    status, answer = confirmed(client, "patch", f"members/{answer['id']}/", version=answer["version"], health="02")
    assert (status, answer["health"]) == (200, "02")
    path = f"members/{answer['id']}/leaving/"
    assert body(client, "post", path, kind="08", on="2020-03-01")[1]["fields"]["reason"]
    status, answer = body(client, "post", path, kind="08", on="2020-03-01", reason="随父母外迁")
    assert (status, answer["left_on"]) == (200, "2020-03-01")
    assert Member.objects.present().filter(household=household).count() == 3


def test_a_yearly_record_is_opened_once_and_edited(as_role, household):
    client = as_role(CADRE)
    status, answer = confirmed(
        client, "post", "annual-records/", household=household.pk, year=2019, wage_income="12000.50", food=True
    )
    assert (status, answer["wage_income"]) == (201, "12000.50"), answer
    assert body(client, "post", "annual-records/", household=household.pk, year=2019, food=True)[0] == 409
    status, answer = confirmed(client, "patch", f"annual-records/{answer['id']}/", version=1, wage_income=13000)
    assert (status, answer["version"]) == (200, 2)
    assert str(AnnualRecord.objects.get(pk=answer["id"]).wage_income) == "13000.00"
    status, answer = body(client, "patch", f"annual-records/{answer['id']}/", version=2, wage_income="viel")
    assert (status, list(answer["fields"])) == (400, ["wage_income"])


def test_verdicts_are_read_by_criterion(as_role, household):
    [verdict] = body(as_role(Role.COUNTY_LEADER), "get", "assessments/", failed="housing")[1]["results"]
    assert (verdict["verdict"], verdict["criteria"]["housing"], verdict["criteria"]["food"]) == ("fail", "fail", "pass")
    assert body(as_role(Role.COUNTY_LEADER), "get", "assessments/", failed="income")[1]["results"] == []


@pytest.mark.parametrize("name", ["households", "members", "annual-records", "assessments", "pairings", "batches",
                                  "notices", "objections", "places", "standards", "jobs", "applications",
                                  "attachments", "flips", "templates", "imports", "units", "cadres", "messages",
                                  "reminders", "saved-filters"])  # fmt: skip
def test_a_list_costs_the_same_sql_however_long_it_is(as_role, household, name):
    client = as_role(Role.COUNTY_OFFICER)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/api/v1/{name}/").status_code == 200
        return len(queries)

    def more(code: str) -> None:
        row = factories.household(code, members=2)
        factories.annual_record(row)
        factories.assessment(row)
        factories.pairing(row)
        rows.objection(row)
        rows.application(row)
        factories.attachment(row)
        factories.flip(row)
        factories.sheet_import()
        factories.job()
        factories.unit_village()
        factories.cadre()
        factories.saved_filter(shared_in=factories.COUNTY)

    more(factories.VILLAGE)
    cost()
    few = cost()
    more(factories.NEXT_VILLAGE)
    more("500154202200")
    assert cost() == few <= 12


def test_a_file_is_kept_shown_and_taken_off(as_role, household):
    client = as_role(CADRE)

    def upload(caller, **more):
        facts = {"household": household.pk, "kind": "01", "file": picture(), "title": "房屋照片"} | more
        return caller.post("/api/v1/attachments/", facts, format="multipart")

    response = upload(client)
    assert (response.status_code, response.json()["content_type"]) == (201, "image/jpeg"), response.json()
    path = f"/api/v1/attachments/{response.json()['id']}/"
    assert b"".join(client.get(f"{path}file/").streaming_content).startswith(b"\xff\xd8\xff")
    assert upload(client, kind="zz").status_code == 422
    assert upload(client, household="x").status_code == 400
    assert upload(as_role(Role.COUNTY_LEADER)).status_code == 403
    assert upload(as_role(CADRE, factories.NEXT_VILLAGE)).status_code == 404
    assert client.post(f"{path}remove/", {"reason": "传错了"}, format="json").status_code == 200
    assert client.get(path).status_code == 404


def test_turned_verdicts_are_read_by_cause(as_role, household):
    flip = factories.flip(household, changed=["water"])
    client = as_role(Role.COUNTY_LEADER)
    query = {"cause": "data", "after": "fail", "changed": "water", "year": factories.YEAR}
    assert [row["id"] for row in body(client, "get", "flips/", **query)[1]["results"]] == [flip.pk]
    assert body(client, "get", "flips/", changed="income")[1]["results"] == []
    assert body(client, "get", "flips/", job="no-job")[0] == 400


@pytest.mark.parametrize(("kind", "status"), [("no_such_kind", 422), ("NO SUCH", 400), ("identification", 200)])
@pytest.mark.parametrize("resource", ["notices", "batches", "windows"])
def test_an_unknown_kind_is_told_from_a_malformed_one(as_role, db, resource, kind, status):
    """Kinds are rows: the description says their form only."""
    answer = as_role(Role.COUNTY_OFFICER).get(f"/api/v1/{resource}/", {"kind": kind})
    assert answer.status_code == status
