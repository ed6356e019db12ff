"""The search box of the household list: what each kind of text finds, what it does not, and what is said then."""

from __future__ import annotations

from datetime import date

import pytest

from households.find import listing
from households.find.listing import ListFilters, households_list, list_page
from households.find.search import Kind, read
from households.models import Household, Member
from households.register import services
from households.register.fields import MemberRow
from povreg.kit.crypto import lookup_hash
from tests import factories
from tests.households.sheets.sheetbooks import person, run
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = factories.YEAR
PHONE = "13800001234"


@pytest.fixture
def cadre(client):
    account = factories.posted(Role.VILLAGE_CADRE)
    client.force_login(account)
    return account


def household_of(name: str, code: str = factories.VILLAGE, **facts) -> Household:
    row = factories.household(code, members=1)
    person = row.members.get()
    person.delete()
    factories.member(row, name=name, **facts)
    return row


def found(user, typed: str, **filters) -> set[int]:
    rows = households_list(user, ListFilters(search=typed, **filters), YEAR)
    return set(rows.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("王明海", Kind.NAME, "王明海"),
        (" 明 海 ", Kind.NAME, "明海"),
        ("买买提·热合曼", Kind.NAME, "买买提·热合曼"),
        ("zw", Kind.PINYIN, "zw"),
        ("Zhang Wei", Kind.PINYIN, "zhangwei"),
        ("lü xiu", Kind.PINYIN, "lvxiu"),
        ("张wei", Kind.PINYIN, "zhangwei"),
        ("138 0000 1234", Kind.PHONE, "13800001234"),
        ("１３８００００１２３４", Kind.PHONE, "13800001234"),
        ("50019819750809001x", Kind.ID, "50019819750809001X"),
        ("500198750809001", Kind.ID, "500198750809001"),
        ("50019819750809001x43", Kind.ID, "50019819750809001X43"),
        ("138-0000-1234", Kind.PHONE, "13800001234"),
        ("50019819750809001143", Kind.ID, "50019819750809001143"),
        ("500198197508090", Kind.HOUSEHOLD, "500198197508090"),
        ("500154", Kind.HOUSEHOLD, "500154"),
        ("%", Kind.NAME, "%"),
    ],
)
def test_what_a_text_is_taken_for(typed, kind, value):
    assert (read(typed).kind, read(typed).value) == (kind, value)


@pytest.mark.parametrize("typed", ["", "  ", "\u3000"])
def test_nothing_typed_is_no_search(typed):
    assert read(typed) is None


@pytest.mark.parametrize("typed", ["谭春秀", "春秀", "谭", "tcx", "tc", "tanchunxiu", "Tan Chun", "tanch", "谭chunxiu"])
def test_a_name_is_found_by_its_parts_and_by_pinyin(cadre, typed):
    wanted = household_of("谭春秀")
    household_of("王小一")
    assert found(cadre, typed) == {wanted.pk}


@pytest.mark.parametrize("dot", "·•・．")
def test_a_name_is_found_whichever_middle_dot_is_typed(cadre, dot):
    wanted = household_of("买买提·热合曼")
    assert found(cadre, f"买买提{dot}热合曼") == {wanted.pk}


@pytest.mark.parametrize("typed", ["秀春", "cx", "chunxiu", "tcxx", "tanchunxiua", "李"])
def test_what_is_not_in_a_name_finds_nobody(cadre, typed):
    household_of("谭春秀")
    assert found(cadre, typed) == set()


def test_a_surname_is_found_by_every_reading(cadre):
    wanted = household_of("查明海")
    for typed in ("zhaminghai", "zmh", "chaminghai", "cmh"):
        assert found(cadre, typed) == {wanted.pk}, typed


def test_any_present_member_counts_and_nobody_who_left(cadre):
    row = household_of("王明海")
    factories.member(row, name="谭春秀")
    factories.member(row, name="李大富", left_on="2020-01-01", left_reason="08")
    assert found(cadre, "tcx") == found(cadre, "春秀") == {row.pk}
    assert found(cadre, "ldf") == found(cadre, "大富") == set()


def test_a_phone_is_the_household_s_or_a_member_s(cadre):
    home, person, other = household_of("王明海"), household_of("谭春秀"), household_of("李大富")
    Household.objects.filter(pk=home.pk).update(phone=PHONE, phone_hash=lookup_hash(PHONE))
    Member.objects.filter(household=person).update(phone=PHONE, phone_hash=lookup_hash(PHONE))
    assert found(cadre, "138-0000-1234") == {home.pk, person.pk}
    assert other.pk not in found(cadre, PHONE)
    assert found(cadre, "13800001235") == set()


def test_an_identity_number_is_found_whole_and_in_the_old_form(cadre):
    row = household_of("王明海")
    number = row.members.get().id_no
    assert found(cadre, number.lower()) == found(cadre, f"{number[:6]} {number[6:]}") == {row.pk}
    assert found(cadre, number[:6] + number[8:17]) == {row.pk}, "fifteen digits are upgraded"
    assert found(cadre, number[:17] + ("1" if number[17] != "1" else "2")) == set()


def test_a_certificate_finds_who_is_registered_by_identity_number(cadre):
    row = household_of("王明海")
    assert found(cadre, f"{row.members.get().id_no}43") == {row.pk}
    assert found(cadre, f"{factories.id_number(date(1980, 5, 6))}43") == set()


def test_digits_are_the_beginning_of_a_household_number(cadre):
    wanted = factories.household(members=1, household_no="500154201200900017")
    factories.household(members=1, household_no="500154201200800001")
    for typed in ("5001542012009", "500154201200900017", "5001 5420 1200 9000 17"):
        assert found(cadre, typed) == {wanted.pk}
    assert found(cadre, "900017") == set()


@pytest.mark.parametrize("typed", ["谭春秀", "tcx", "tanchunxiu", "id", "phone", "household_no"])
def test_nobody_is_found_outside_the_posting(cadre, typed):
    row = household_of("谭春秀", factories.NEXT_VILLAGE)
    Household.objects.filter(pk=row.pk).update(phone_hash=lookup_hash(PHONE))
    text = {"id": row.members.get().id_no, "phone": PHONE, "household_no": row.household_no}.get(typed, typed)
    assert found(cadre, text) == set()
    assert found(factories.posted(Role.TOWNSHIP_OFFICER), text) == {row.pk}
    assert found(factories.posted(Role.COUNTY_OFFICER, factories.OTHER_COUNTY), text) == set()


def test_a_search_beyond_one_county(db):
    mine, theirs = household_of("谭春秀"), household_of("谭春秀", factories.OTHER_VILLAGE)
    leader = factories.posted(Role.COUNTY_LEADER, "50")
    assert found(leader, "tcx") == found(leader, "tanchunxiu") == {mine.pk, theirs.pk}
    assert found(leader, "tcx", place=factories.OTHER_COUNTY) == {theirs.pk}


def test_a_search_goes_together_with_filters(cadre):
    wanted, other = household_of("谭春秀"), household_of("谭春秀")
    Household.objects.filter(pk=wanted.pk).update(main_cause="07")
    assert found(cadre, "春秀", cause="07") == {wanted.pk}
    assert found(cadre, "春秀") == {wanted.pk, other.pk}


def test_imported_and_corrected_names_are_found_by_pinyin(cadre, tmp_path):
    factories.place()
    run(tmp_path / "book.xlsx", [person(姓名="谭春秀")])
    member = Member.objects.get()
    assert found(cadre, "tanchun") == {member.household_id}
    row = MemberRow("m", member.pk, member.version, {"name": "查春秀"}, {})
    services.edit_members(by=cadre, household=member.household, year=YEAR, rows=[row])
    assert found(cadre, "zhachun") == found(cadre, "zcx") == {member.household_id}
    assert found(cadre, "tanchun") == set()


# -- the page ----------------------------------------------------------------------------------------------------------


def searched(client, typed, query=""):
    return client.get(client.post(f"/households/find/?{query}", {"search": typed}).url)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("50019819750809", "现有 14 位，请输完整的 18 位"),
        ("50019819750809001", "现有 17 位，请输完整的 18 位"),
        ("没有此人", "姓名含“没有此人”"),
        ("meiyou", "姓名拼音以“meiyou”开头"),
        ("13800009999", "电话 138****9999"),
        ("500198197508090011", "证件号码或户编号 500198********0011"),
        ("999", "户编号以“999”开头"),
    ],
)
def test_who_finds_nobody_is_told_what_was_searched_and_what_to_try(client, cadre, typed, said):
    household_of("谭春秀")
    page = searched(client, typed)
    assert page.context["page"].rows == []
    assert said in page.content.decode()
    assert "清空筛选" in page.content.decode()


def test_the_name_of_a_village_leads_to_its_list(client):
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER))
    household_of("谭春秀")
    page = searched(client, "泉秀")
    [meant] = page.context["places_meant"]
    assert len(client.get(meant["url"]).context["page"].rows) == 1


def test_what_was_typed_stays_in_the_box_and_out_of_addresses(client, cadre):
    household_of("谭春秀")
    page = searched(client, "谭春秀", "cause=02").content.decode()
    assert 'value="谭春秀"' in page
    links = [part.split('"')[0] for part in page.split('href="')[1:]]
    forms = [part.split('"')[0] for part in page.split('action="')[1:]]
    assert not any("谭" in link or "%E8%B0%AD" in link for link in links + forms)
    assert any("cause=02" in link and "found=" not in link for link in links), "the search can be dropped alone"


@pytest.mark.parametrize(
    "typed", ["\x01", "王\x01明海", "王\n明海", "长" * 500, "'; --", "\\", "%_", "\u200b王明海", "🙂"]
)
def test_whatever_is_pasted_is_no_error(client, cadre, typed):
    household_of("王明海")
    page = searched(client, typed)
    assert page.status_code == 200
    assert len(page.context["page"].rows) == ("王" in typed or not typed.isprintable())


@pytest.mark.parametrize("number", ["²", "99999999999999999999", "-1", "1e3", "٣"])
def test_a_number_of_a_page_that_is_none(client, cadre, number):
    household_of("王明海")
    for address in ("/households/?", f"{client.post('/households/find/', {'search': 'wmh'}).url}&"):
        assert len(client.get(f"{address}page={number}").context["page"].rows) == 1


def test_pages_of_a_search(client, cadre):
    for _number in range(55):
        household_of("王明海")
    address = client.post("/households/find/", {"search": "wmh"}).url
    first, second = client.get(address).context["page"], client.get(f"{address}&page=2").context["page"]
    assert (len(first.rows), len(second.rows), first.count, second.pages) == (50, 5, 55, 2)
    numbers = [row.household_no for row in (*first.rows, *second.rows)]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 55
    assert client.get(f"{address}&page=9").context["page"].number == 2


def test_one_can_search_without_knowing_the_place(client):
    """A helper sees his own households only, by whatever he searches."""
    helper = factories.posted(Role.HELPER)
    mine, other = household_of("谭春秀"), household_of("谭春秀")
    factories.pairing(mine, helper)
    assert found(helper, "tcx") == {mine.pk} != {other.pk}


@pytest.mark.parametrize(("place", "count", "capped"), [("50", 2, True), (factories.COUNTY, 3, False)])
def test_a_common_name_is_counted_to_its_end_in_a_county_only(monkeypatch, place, count, capped):
    for name in ("王明", "王秀", "李王"):
        household_of(name)
    monkeypatch.setattr(listing, "WIDE_FOUND", 2)
    page = list_page(factories.posted(Role.COUNTY_LEADER, place), ListFilters(search="王"), YEAR)
    assert (page.count, page.capped, len(page.rows)) == (count, capped, count)
