"""Facts dated into a closed year: they want a reason, are kept beside what was closed, and change nothing of it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from rest_framework.test import APIClient

from households.closed.selectors import late_count
from households.closing.services import verify_closing
from households.models import AnnualRecord, LateFact, MemberYear
from households.register import member_changes, moves, services
from households.register.fields import MemberRow
from households.register.selectors import household_page
from households.standing.corrections import approve_correction, order_correction
from tests import factories as make
from tests.factories import COUNTY, YEAR
from tests.households.closing.closing_world import close, family
from tests.households.sheets.sheetbooks import codes, counted, run
from villages.rights import Role

pytestmark = pytest.mark.django_db
WHY = "补登危房改造验收单"


@pytest.fixture
def cadre():
    return make.posted(Role.VILLAGE_CADRE)


def late():
    return [(row.year, row.kind, row.what, row.reason) for row in LateFact.objects.order_by("pk")]


def test_a_record_of_a_closed_year_wants_a_reason(cadre):
    row = family(record={"house_grade": "C"})
    close()
    with pytest.raises(ValidationError) as refused:
        services.edit_annual(by=cadre, household=row, year=YEAR, version=1, facts={"house_grade": "A"})
    assert "已封存" in refused.value.message_dict["reason"][0]
    assert not LateFact.objects.exists()


def test_a_late_record_stands_beside_the_closed_one(cadre):
    row = family(record={"house_grade": "C"})
    closing = close()
    shown = services.edit_annual(
        by=cadre, household=row, year=YEAR, version=1, facts={"house_grade": "A", "food": True}, reason=WHY
    )
    assert shown.house_grade == "A"
    assert AnnualRecord.objects.get(household=row, year=YEAR).house_grade == "C"
    fact = LateFact.objects.get()
    assert (fact.kind, fact.facts, fact.by, fact.reason) == ("record", {"house_grade": ["C", "A"]}, cadre, WHY)
    assert fact.what.startswith("住房等级：C")
    page = household_page(cadre, row.pk, YEAR)
    assert (page.record.house_grade, page.late) == ("A", [fact])
    assert late_count(COUNTY, YEAR) == 1
    assert verify_closing(closing).holds
    services.edit_annual(by=cadre, household=row, year=YEAR, version=1, facts={"house_grade": "A"}, reason=WHY)
    assert LateFact.objects.count() == 1


def test_a_year_without_a_record_takes_late_facts_too(cadre):
    family()
    row = make.household(members=1)
    close()
    services.edit_annual(by=cadre, household=row, year=YEAR, version=None, facts={"wage_income": "12000"}, reason=WHY)
    assert not AnnualRecord.objects.filter(household=row).exists()
    record = household_page(cadre, row.pk, YEAR).record
    assert record.wage_income == 12000
    copied = services.copy_last_year(by=cadre, household=row, year=YEAR + 1)
    assert copied.wage_income == 12000


def test_nothing_is_carried_into_a_closed_year(cadre):
    row = family(year=YEAR - 1)
    close()
    with pytest.raises(ValidationError, match="已封存"):
        services.copy_last_year(by=cadre, household=row, year=YEAR)


def test_a_members_year_is_kept_beside(cadre):
    row = family()
    closing = close()
    member = row.members.order_by("person_no").first()
    typed = [MemberRow("m", member.pk, member.version, {}, {"ins_resident": False})]
    with pytest.raises(ValidationError):
        services.edit_members(by=cadre, household=row, year=YEAR, rows=typed)
    services.edit_members(by=cadre, household=row, year=YEAR, rows=typed, reason=WHY)
    assert MemberYear.objects.get(member=member, year=YEAR).ins_resident is True
    fact = LateFact.objects.get()
    assert (fact.kind, fact.member, fact.facts) == ("member", member, {"ins_resident": [True, False]})
    shown = next(each for each in household_page(cadre, row.pk, YEAR).members if each.pk == member.pk)
    assert shown.year_row.ins_resident is False
    assert verify_closing(closing).holds


def test_a_death_in_a_closed_year_wants_a_reason_and_is_kept(cadre):
    row = family(members=3)
    closing = close()
    child = row.members.order_by("person_no").last()
    died = {"by": cadre, "member": child, "kind": "01", "on": date(YEAR, 5, 1)}
    with pytest.raises(ValidationError) as refused:
        member_changes.record_leaving(**died)
    assert "reason" in refused.value.message_dict
    member_changes.record_leaving(**died, reason="补登死亡证明")
    [(year, kind, what, reason)] = late()
    assert (year, kind, reason) == (YEAR, "event", "补登死亡证明")
    assert child.name in what
    assert verify_closing(closing).holds
    child.refresh_from_db()
    member_changes.undo_leaving(by=cadre, member=child, reason="登记错了人")
    assert late()[1][2].startswith("撤销")


def test_an_event_of_an_open_year_wants_none(cadre):
    row = family(members=3)
    close()
    child = row.members.order_by("person_no").last()
    member_changes.record_leaving(by=cadre, member=child, kind="01", on=date(YEAR + 1, 5, 1))
    assert not LateFact.objects.exists()


def test_a_split_dated_back_is_kept_and_changes_nothing(cadre):
    row = family(members=3)
    closing = close()
    child = row.members.order_by("person_no").last()
    moves.split_household(
        by=make.posted(Role.TOWNSHIP_OFFICER), household=row, member_ids=[child.pk], new_head=child, relations={},
        on=date(YEAR, 3, 1), reason="成年分户",
    )  # fmt: skip
    assert {kind for _year, kind, _what, _reason in late()} == {"event"}
    assert verify_closing(closing).holds


def test_a_correction_is_a_late_fact_of_every_closed_year_it_reaches():
    row = family(identified_on=date(2014, 1, 1))
    make.annual_record(row, YEAR - 1)
    close(YEAR - 1)
    closing = close(YEAR)
    one, other = make.posted(Role.COUNTY_OFFICER), make.posted(Role.COUNTY_OFFICER)
    order = order_correction(
        by=one, household=row, document="开农函〔2026〕3号", reason="当年误脱贫", klass="out",
        since=date(YEAR - 1, 12, 31), spell=row.spells.get(),
    )  # fmt: skip
    approve_correction(by=other, order=order)
    assert [(year, kind) for year, kind, *_ in late()] == [(YEAR - 1, "standing"), (YEAR, "standing")]
    assert verify_closing(closing).holds


def test_a_workbook_brings_nothing_into_a_closed_year(tmp_path):
    row = family()
    closing = close()
    head = row.members.order_by("person_no").first()
    home = {"户编号": row.household_no, "不愁吃": "否"}
    rows = {
        "户": [{"年度": YEAR, **home}, {"年度": YEAR + 1, **home}],
        "人": [{"年度": YEAR, "户编号": row.household_no, "人编号": head.person_no, "居民医保": "否"}],
    }
    outcome = run(tmp_path / "book.xlsx", rows, "annual")
    assert codes(outcome) == [(2, "closed_year"), (2, "closed_year")]
    assert counted(outcome) == (3, 1, 0, 0, 2)
    assert verify_closing(closing).holds


def test_the_page_asks_for_a_reason_only_in_a_closed_year(client, cadre):
    row = family(record={"house_grade": "C"})
    client.force_login(cadre)
    address = reverse("household-living", args=[row.pk])
    assert "late_reason" not in client.get(address, {"year": YEAR}).content.decode()
    close()
    page = client.get(address, {"year": YEAR}).content.decode()
    assert 'name="late_reason"' in page
    form = {"version": 1, "house_built_year": "1999", "initial-house_built_year": ""}
    assert client.post(f"{address}?year={YEAR}", form).status_code == 422
    assert client.post(f"{address}?year={YEAR}", {**form, "late_reason": WHY}).status_code == 302
    assert "封存后更正 1 处" in client.get(address, {"year": YEAR}).content.decode()


def test_the_api_takes_a_reason(cadre):
    row = family(record={"house_grade": "C"})
    record = row.annual_records.get()
    close()
    caller = APIClient()
    caller.force_login(cadre)
    address = f"/api/v1/annual-records/{record.pk}/"
    answer = caller.patch(address, {"version": 1, "house_grade": "A"}, format="json")
    assert answer.status_code in (400, 422)
    assert "reason" in answer.json()["fields"]
    answer = caller.patch(address, {"version": 1, "house_grade": "A", "reason": WHY}, format="json")
    assert (answer.status_code, answer.json()["house_grade"]) == (200, "A")
    answer = caller.get("/api/v1/late-facts/", {"year": YEAR})
    assert [each["facts"] for each in answer.json()["results"]] == [{"house_grade": ["C", "A"]}]
