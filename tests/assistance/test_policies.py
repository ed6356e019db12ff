"""Entitlements: who should have a policy, who has it, why not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from assistance.models import CatalogueItem, NotServed
from assistance.policies import services
from assistance.policies.conditions import CONDITIONS
from assistance.policies.loading import shipped_policies
from assistance.policies.selectors import coverage, entitled, in_force, of_household
from households.models import Member
from tests import factories as make
from tests.factories_assistance import RAIN, measure, policy, pupil
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = 2020


def whom(code: str, year: int = YEAR) -> list[int]:
    rows = entitled(Member.objects.present(), policy(code), year)
    return sorted(rows.values_list("pk", flat=True))


def test_the_shipped_library_names_conditions_and_measures_that_are_there() -> None:
    codes = set(CatalogueItem.objects.values_list("code", flat=True))
    for row in shipped_policies():
        assert set(row["who"]) <= set(CONDITIONS), row["code"]
        assert set(row["items"]) <= codes, row["code"]


@pytest.mark.parametrize(
    ("code", "fits", "misses"),
    [
        ("yulu", {"school_status": "15"}, {"school_status": "07"}),
        ("senior", {"school_status": "09"}, {"school_status": "10"}),
        ("boarding", {"school_status": "03"}, {"school_status": "02"}),
        ("college", {"school_status": "16"}, {"school_status": "15"}),
        ("doctor", {"healths": ["03"]}, {"healths": ["01"]}),
        ("disabled", {"healths": ["02", "04"]}, {"healths": ["02"]}),
        ("post", {"labour": "05"}, {"labour": "01"}),
    ],
)
def test_who_should_have_a_policy(code: str, fits: dict[str, Any], misses: dict[str, Any]) -> None:
    first, second = make.household(members=2).members.order_by("person_no")
    for person, facts in ((first, fits), (second, misses)):
        for name, value in facts.items():
            setattr(person, name, value)
        person.save()
    assert whom(code) == [first.pk]


def test_a_policy_of_households_counts_each_once() -> None:
    unsafe, sound = make.household(members=3), make.household(members=3)
    make.annual_record(unsafe, house_grade="D", water_safe=False)
    make.annual_record(sound, house_grade="A", water_safe=True)
    heads = list(unsafe.members.heads().values_list("pk", flat=True))
    assert whom("house") == whom("water") == heads
    assert whom("house", 2019) == []  # nothing was surveyed


def test_a_measure_is_the_policy_enjoyed_in_its_year_and_while_it_runs() -> None:
    person = pupil()
    household = person.household

    def words(year: int) -> str:
        return next(each.words for each in of_household(household, year) if each.policy.code == "yulu")

    assert words(YEAR) == "应享受未享受"
    row = measure(household, RAIN, member=person, ends_on=date(2021, 7, 31))
    assert [words(year) for year in (2019, YEAR, 2021, 2022)] == ["应享受未享受", "已享受", "已享受", "应享受未享受"]
    row.member = make.household(members=1).members.get()  # somebody else's
    row.save()
    assert words(YEAR) == "应享受未享受"


def test_a_reason_is_said_of_who_is_entitled_and_not_served() -> None:
    helper, person = make.posted(Role.HELPER), pupil()
    facts: dict[str, Any] = {"by": helper, "member": person, "policy": policy("yulu"), "year": YEAR}
    services.note_not_served(**facts, reason="pending")
    services.note_not_served(**facts, reason="unwilling", note="本人外出务工")
    assert NotServed.objects.get().reason == "unwilling"
    counted = next(each for each in coverage(make.posted(Role.COUNTY_OFFICER), YEAR) if each.policy.code == "yulu")
    assert (counted.should, counted.has, counted.why, counted.lacking, counted.rate) == (1, 0, 1, 0, 0)
    for more in ({"policy": policy("college")}, {"reason": "so"}, {"year": timezone.localdate().year + 1}):
        with pytest.raises(ValidationError):
            services.note_not_served(**{"reason": "unfit", **facts, **more})
    measure(person.household, RAIN, member=person)
    with pytest.raises(ValidationError, match="已享受"):
        services.note_not_served(**facts, reason="unfit")
    with pytest.raises(PermissionDenied):
        services.note_not_served(**{**facts, "by": make.posted(Role.AUDITOR)}, reason="unfit")


def test_a_county_says_a_policy_otherwise_from_a_day() -> None:
    officer, county, today = make.posted(Role.COUNTY_OFFICER), make.place(make.COUNTY), timezone.localdate()
    row = services.revise_policy(by=officer, policy=policy(), county=county, starts_on=today, amount="每人 380 元")
    assert next(each for each in in_force(make.VILLAGE, today.year) if each.code == "insurance") == row
    assert next(each for each in in_force(make.OTHER_VILLAGE, today.year) if each.code == "insurance") == policy()
    with pytest.raises(ValidationError):
        services.revise_policy(by=officer, policy=row, county=county, starts_on=today, amount="每人 400 元")
    with pytest.raises(PermissionDenied):
        services.revise_policy(by=make.posted(Role.HELPER), policy=row, county=county, starts_on=today)


def test_the_household_page_says_what_it_is_entitled_to(client: Client) -> None:
    helper, person = make.posted(Role.HELPER), pupil()
    make.pairing(person.household, helper)
    client.force_login(helper)
    address = f"/households/{person.household_id}/policies/?year={YEAR}"
    assert "雨露计划" in client.get(address).content.decode()
    answer = client.post(f"/policies/yulu/{YEAR}/why/{person.pk}/", {"reason": "pending"}, follow=True)
    assert "正在办理" in answer.content.decode()
    assert person.name in client.get(f"/policies/entitled/?policy=yulu&year={YEAR}&state=why").content.decode()
