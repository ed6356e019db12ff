"""People registered twice are found by what two rows share, laid side by side, and merged where their lives agree."""

from datetime import date

import pytest

from households.models import Member
from households.people.doubles import BORN, DIGIT, PAPER, PHONE, doubles, one_digit_apart
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
