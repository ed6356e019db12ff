"""People registered twice are found by what two rows share, laid side by side, and merged where their lives agree."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from rest_framework.test import APIClient

from audits.checks.running import check_households
from audits.models import Doubt
from audits.trail.selectors import Asked, acts
from households.history.selectors import household_history
from households.models import Member, NotSame
from households.people.doubles import BORN, DIGIT, PAPER, PHONE, doubles, one_digit_apart
from households.register.apart import mark_not_same, withdraw_not_same
from households.register.logic.check import check_all
from households.register.logic.facts import gather
from households.register.persons import merge_persons
from povreg.kit.crypto import lookup_hash
from povreg.kit.idnumber import check_digit
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db
BIRTH = date(1975, 8, 9)


def number(first17: str) -> str:
    return first17 + check_digit(first17)


@pytest.fixture
def officer(client):
    account = make.posted(Role.TOWNSHIP_OFFICER)
    client.force_login(account)
    return account


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("50019819750809001", "50019819750809003", True),
        ("50019819750809012", "50019819750809021", True),  # two neighbours exchanged
        ("50019819750809001", "50019819750808003", False),
        ("50019819750809001", "50019819750809001", False),
    ],
)
def test_numbers_one_digit_apart(one, other, apart):
    assert one_digit_apart(number(one), number(other)) is apart
    assert not one_digit_apart(number(one), "")


def test_pairs_and_what_speaks_for_them(officer):
    first, second = make.household(members=0), make.household(members=0)
    ours = number("50019819750809001")
    own = {"name": "王明海", "sex": "1", "phone": "13800001111", "phone_hash": lookup_hash("13800001111")}
    one = make.member(first, id_no=ours, born=BIRTH, **own)
    other = make.member(second, id_no=number("50019819750809003"), born=BIRTH, **own)
    make.member(second, name="王明海", sex="1", born=date(1990, 1, 2), relation="04")  # a namesake
    certificate = make.member(second, name="赵大山", sex="1", born=date(1960, 1, 2), relation="03", id_no=ours + "43")
    make.member(first, name="赵大山", sex="1", born=date(1960, 1, 2), relation="03", id_no=ours, left_on=None)
    found = {(pair.one.name, pair.why) for pair in doubles(officer).pairs}
    assert found == {("王明海", (DIGIT, BORN, PHONE)), ("赵大山", (PAPER, BORN))}
    assert certificate.pk != one.pk != other.pk


def test_a_pair_is_laid_side_by_side_and_merged(client, officer):
    first, second = make.household(members=1), make.household(members=1)
    gone = make.member(
        first, name="王小红", relation="03", born=BIRTH, id_no="", left_on=date(2020, 5, 1), left_reason="08"
    )
    here = make.member(second, name="王小红", relation="03", born=BIRTH, id_no="", joined_on=date(2020, 6, 1))
    page = client.get("/people/doubles/").text
    address = f"/people/doubles/{gone.pk}/{here.pk}/"
    assert address in page
    assert "2020年6月1日至今" in client.get(address).text
    assert client.post(address, {"kept": "one"}).status_code == 422
    assert client.post(address, {"kept": "one", "reason": "查看了户口簿"}).status_code == 302
    assert Member.objects.filter(name="王小红").get().household_id == second.pk


def test_pairs_that_were_not_opened_are_not_said_to_be_fine(client, officer, monkeypatch):
    home = make.household(members=0)
    for name in ("王小红", "王小红", "王小红"):
        make.member(home, name=name, relation="03", born=BIRTH, id_no="")
    monkeypatch.setattr("households.people.doubles.MOST", 3)
    assert not doubles(officer).capped
    monkeypatch.setattr("households.people.doubles.MOST", 2)
    found = doubles(officer)
    assert (len(found.pairs), found.capped) == (2, True)
    assert "其余的还没有核对" in client.get("/people/doubles/").text


def test_days_beside_masked_numbers_are_years(client, officer):
    home = make.household(members=0)
    one = make.member(home, name="王小红", relation="03", born=BIRTH)
    other = make.member(home, name="王小红", relation="03", born=date(1975, 3, 2), id_no="")
    page = client.get(f"/people/doubles/{one.pk}/{other.pk}/").text
    assert "1975（月日不同）" in page
    assert "1975年8月9日" not in page and "1975-08-09" not in page


def test_lives_that_contradict_are_not_merged(client, officer):
    one, other = (
        make.member(make.household(members=1), name="王小红", relation="03", born=BIRTH, id_no="") for _ in "ab"
    )
    answer = client.post(f"/people/doubles/{one.pk}/{other.pk}/", {"kept": "one", "reason": "查看了户口簿"})
    assert answer.status_code == 422
    assert "居住时间重叠" in answer.text
    stranger = make.member(make.household(members=1, code="500154202200"), name="王小红", relation="03", born=BIRTH)
    assert client.get(f"/people/doubles/{one.pk}/{stranger.pk}/").status_code == 404


def twins(home, **facts):
    """Two rows of one name and birthday in a household, the second without a number."""
    pair = [make.member(home, name="王小红", relation="03", born=date(2010, 5, 6), **facts) for _ in "ab"]
    Member.objects.filter(pk=pair[1].pk).update(id_no="", id_hash="")
    return pair


def doubted(home):
    check_households([home.pk], make.YEAR)
    return Doubt.objects.filter(rule="same-person", household=home, solved_on=None).exists()


def warned(home):
    return any(each.rule == "same-person" for each in check_all(gather(home, make.YEAR)))


def test_who_is_found_to_be_two_is_asked_about_no_more_until_it_is_taken_back(client, officer):
    home = make.household(members=1)
    one, other = twins(home)
    address = f"/people/doubles/{one.pk}/{other.pk}/"
    assert address in client.get("/people/doubles/").text
    assert warned(home) and doubted(home)
    assert client.post(address, {"part": "1"}).status_code == 422
    assert client.post(address, {"part": "1", "apart-reason": "两人都到场"}).status_code == 302
    page = client.get("/people/doubles/").text
    assert address not in page and "另有 1 对已核实不是同一人" in page
    assert not warned(home) and not doubted(home)
    assert "两人都到场" in client.get(address).text
    refused = client.post(address, {"kept": "one", "reason": "查看了户口簿"})
    assert refused.status_code == 422 and "不是同一人" in refused.text
    mark = NotSame.objects.get()
    back = f"/people/doubles/apart/{mark.pk}/withdraw/"
    client.post(back, {"reason": ""})
    assert NotSame.objects.in_force().exists()
    client.post(back, {"reason": "户口簿上只有一人"})
    assert address in client.get("/people/doubles/").text
    assert warned(home) and doubted(home)
    assert address in client.get("/people/doubles/apart/?state=withdrawn").text
    said = list(NotSame.history.rel.related_model.objects.order_by("pgh_id").values_list("pgh_label", flat=True))
    assert said == ["insert", "update"]
    assert "已经撤回" in client.post(back, {"reason": "再撤一次"}, follow=True).text


def test_a_third_row_alike_is_still_asked_about(officer):
    home = make.household(members=1)
    one, other = twins(home)
    mark_not_same(by=officer, one=other, other=one, reason="分别查看了户口簿")
    third = make.member(home, name="王小红", relation="03", born=date(2010, 5, 6))
    Member.objects.filter(pk=third.pk).update(id_no="", id_hash="")
    assert warned(home) and doubted(home)
    assert len(doubles(officer).pairs) == 2


def test_a_mark_holds_for_the_row_that_another_becomes(officer):
    home = make.household(members=1)
    mine, twin = twins(home, left_on=date(2020, 5, 1), left_reason="08")
    second = make.household(members=1)
    again = make.member(second, name="王小红", relation="03", born=date(2010, 5, 6), joined_on=date(2020, 6, 1))
    mark_not_same(by=officer, one=twin, other=again, reason="分别查看了户口簿")
    Member.objects.filter(pk=mine.pk).update(joined_on=date(2019, 1, 1))
    merge_persons(by=officer, kept=again, double=mine, reason="查看了身份证")
    mark = NotSame.objects.get()
    assert {mark.one_id, mark.other_id} == {twin.pk, again.pk}
    with pytest.raises(ValidationError, match="不是同一人"):
        merge_persons(by=officer, kept=again, double=twin, reason="查看了身份证")


def test_only_whoever_may_merge_marks(officer):
    one, other = twins(make.household(members=1))
    with pytest.raises(PermissionDenied):
        mark_not_same(by=make.posted(Role.VILLAGE_CADRE), one=one, other=other, reason="分别查看了户口簿")
    with pytest.raises(ValidationError, match="同一个县"):
        mark_not_same(by=officer, one=one, other=one, reason="分别查看了户口簿")


def test_a_mark_and_its_end_stand_in_the_history_of_both_households_and_the_trail_of_both_people(officer):
    homes = [make.household(members=1) for _ in "ab"]
    one, other = (make.member(home, name="王小红", relation="03", born=date(2010, 5, 6)) for home in homes)
    mark = mark_not_same(by=officer, one=one, other=other, reason="分别查看了户口簿")
    withdraw_not_same(by=officer, mark=mark, reason="户口簿上只有一人")
    auditor = make.posted(Role.AUDITOR)
    for home, person in zip(homes, (one, other), strict=True):
        told = {each.verb: (each.reason, str(each)) for each in household_history(officer, home)}
        reason, sentence = told["标记不是同一人"]
        assert reason == "分别查看了户口簿" and sentence.endswith("新增王小红“不是同一人”的核实")
        reason, sentence = told["撤回“不是同一人”"]
        assert reason == "户口簿上只有一人" and "撤回日期" in sentence
        for asked in (Asked(member=person.pk), Asked(household=home.pk, place=make.VILLAGE)):
            assert {"mark_not_same", "withdraw_not_same"} <= {each.about.get("verb") for each in acts(auditor, asked)}
    stranger = make.household(members=1)
    assert not any("不是同一人" in each.what for each in acts(auditor, Asked(household=stranger.pk)))


def test_programs_mark_and_take_back(officer):
    api = APIClient()
    one, other = twins(make.household(members=1))
    api.force_authenticate(officer)
    body = {"one": other.pk, "other": one.pk, "reason": "分别查看了户口簿"}
    made = api.post("/api/v1/not-same/", body, format="json")
    assert (made.status_code, made.json()["one"]) == (201, one.pk)
    assert api.post("/api/v1/not-same/", body, format="json").status_code == 422
    [told] = api.get("/api/v1/not-same/").json()["results"]
    assert told == made.json()
    back = f"/api/v1/not-same/{told['id']}/withdraw/"
    assert api.post(back, {"reason": "看错了人"}, format="json").json()["withdrawn_on"]
    assert api.post(back, {"reason": "看错了人"}, format="json").status_code == 422
    cadre = make.posted(Role.VILLAGE_CADRE)
    api.force_authenticate(cadre)
    assert api.post("/api/v1/not-same/", body, format="json").status_code == 403
