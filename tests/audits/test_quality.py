"""What a rule could not judge is told apart from what it found well; cadres are ranked by what is open for the records
they entered."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from audits.checks.catalogue import catalogue, is_gap
from audits.checks.check import PARAMETERS
from audits.checks.entered import LEAST, cadres
from audits.checks.needs import needs_of
from audits.checks.running import run_checks
from audits.checks.selectors import by_rule, unjudged
from audits.checks.unjudged import cannot_tell
from audits.models import CheckRun, Doubt
from households.models import AnnualRecord, Household, Member
from povreg.kit.history import act
from tests import factories as make, standings
from tests.audits import made
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = 2026


@pytest.fixture
def auditor() -> User:
    return make.posted(Role.AUDITOR)


def home(exit_status: str = "1", **facts: Any) -> Household:
    row = make.household(members=1, exit_status=exit_status)
    make.annual_record(row, YEAR, **facts)
    return row


def told(user: User, place: str = make.COUNTY) -> Mapping[str, Any]:
    return {row["check"].id: row for row in by_rule(user, place, YEAR)}


def test_every_rule_says_what_it_needs() -> None:
    silent = [code for code, check in catalogue().items() if not is_gap(check) and not needs_of(check).words]
    assert not silent
    assert needs_of(catalogue()["house-unsafe-no-way"]).facts == ("住房等级", "住房保障方式")
    assert needs_of(catalogue()["not-visited"]).words == "脱贫属性、走访记录"
    assert needs_of(catalogue()["village-figures"]).short.endswith("等 19 项")


def test_who_cannot_be_judged_is_counted_and_is_not_found_well(auditor: User) -> None:
    home(house_grade="C", house_security="")
    home(house_grade="A", house_security="")
    home(house_grade="")
    judged, unsure, failing = home(), home(), home()
    make.assessment(judged, YEAR)
    make.assessment(unsure, YEAR, missing=["income"])
    make.assessment(failing, YEAR, failed=["income"])
    make.member(home(), labour="", relation="02", sex="2")
    run_checks(make.COUNTY, YEAR)
    rules = told(auditor)
    assert (rules["house-unsafe-no-way"]["open"], rules["house-unsafe-no-way"]["unjudged"]) == (1, 1)
    assert (rules["unwatched-income"]["open"], rules["unwatched-income"]["unjudged"]) == (1, 5)
    assert rules["labour-able"]["unjudged"] == 1, "of a grown-up whose labour nobody recorded"
    assert rules["cleared-no-labour"]["unjudged"] == 0, "who was never monitored has no risk that was cleared"
    assert rules["exit-same-year"]["unjudged"] == 0
    assert rules["record-missing"]["unjudged"] == 0
    assert told(auditor, make.VILLAGE)["house-unsafe-no-way"]["unjudged"] is None


def test_a_number_of_those_not_judged_leads_to_its_list(auditor: User, client: Client) -> None:
    """A county by townships as counted; a township by name, as the register stands; not beyond one's own places."""
    known, unknown = home(), home()
    make.member(known, labour="1", relation="02", sex="2")
    somebody = make.member(unknown, labour="", relation="02", sex="2", name="林未填")
    run_checks(make.COUNTY, YEAR)
    client.force_login(auditor)
    address = f"/checks/rules/labour-able/unjudged/?year={YEAR}"
    assert "unjudged/?year=" in client.get("/checks/rules/labour-able/").content.decode()
    county = client.get(address).context
    assert [(place.pk, number) for place, number in county["below"]] == [(make.TOWNSHIP, 1)]
    for place in (make.TOWNSHIP, make.VILLAGE):
        page = client.get(f"{address}&place={place}")
        assert [(row.household, row.member) for row in page.context["listed"].rows] == [(unknown, somebody)]
        assert "林未填" in page.content.decode()
    Member.objects.filter(pk=somebody.pk).update(labour="1")
    assert client.get(f"{address}&place={make.VILLAGE}").context["listed"].rows == []
    assert client.get(f"{address}&place=110101001001").status_code == 404


@pytest.mark.parametrize("code", [code for code, check in catalogue().items() if cannot_tell(check)])
def test_every_rule_can_list_whom_it_cannot_judge(auditor: User, code: str) -> None:
    """As many as its run counts."""
    bare = home()
    make.assessment(bare, YEAR)
    run_checks(make.COUNTY, YEAR)
    counted = told(auditor)[code]["unjudged"]
    assert unjudged(auditor, catalogue()[code], make.TOWNSHIP, YEAR).total == counted


def test_more_than_a_list_takes_is_reached_village_by_village(
    auditor: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of a township was cut after its first villages, and of the others nothing led on."""
    monkeypatch.setattr("audits.checks.unjudged.MOST", 2)
    for village in (make.VILLAGE, make.VILLAGE, make.VILLAGE, make.NEXT_VILLAGE):
        person = make.member(make.household(village, members=1, exit_status="1"), labour="", relation="02", sex="2")
        make.annual_record(person.household, YEAR)
    client.force_login(auditor)
    page = client.get(f"/checks/rules/labour-able/unjudged/?year={YEAR}&place={make.TOWNSHIP}")
    listed, text = page.context["listed"], page.content.decode()
    assert (listed.total, len(listed.rows)) == (4, 2)
    assert listed.villages == {make.VILLAGE: 3, make.NEXT_VILLAGE: 1}
    assert f"place={make.NEXT_VILLAGE}" in text and "共 4 人，只列前 2 人" in text
    own = client.get(f"/checks/rules/labour-able/unjudged/?year={YEAR}&place={make.VILLAGE}")
    assert f"place={make.TOWNSHIP}" in own.content.decode(), "the way back"


def test_what_a_county_may_set_is_named_in_words(auditor: User, client: Client) -> None:
    given = {name for check in catalogue().values() for name in check.params}
    assert given <= set(PARAMETERS)
    client.force_login(auditor)
    page = client.get("/checks/rules/household-large/").content.decode()
    assert f"{PARAMETERS['most']} 10" in page and "most 10" not in page


def shown(page: str) -> int:
    """How many rows the page of doubts says there are."""
    found = re.search(r"共 ([\d,]+) 处", re.sub(r"<[^>]+>", "", page))
    return int(found[1].replace(",", "")) if found else 0


def test_numbers_lead_to_as_many_doubts(auditor: User, client: Client) -> None:
    """必须改正, 需要核实 and 没有填写 of a place and of who entered; open, exempt and solved of a rule."""
    careless = make.posted(Role.VILLAGE_CADRE, name="甲")
    homes = enter(careless, LEAST)
    rules = ("household-large", "house-unsafe-no-way", "not-visited", "labour-able", "causes-many")
    for number, (rule, severity) in enumerate(zip(rules, "EEWGW", strict=True)):
        made.doubt(homes[number], severity=severity, rule=rule)
    made.doubt(homes[0], rule="age-extreme", severity="W", exempted=True)
    client.force_login(auditor)
    wrong = []
    for path in (f"/checks/quality/?year={YEAR}", "/checks/rules/household-large/", "/checks/rules/age-extreme/"):
        page = html.unescape(client.get(path).content.decode())
        for link, text in re.findall(r'<a href="(/checks/\?[^"]+)">([^<]*\d[^<]*)</a>', page):
            said, led = int(re.sub(r"\D", "", text)), shown(client.get(link).content.decode())
            wrong += [(path, link, said, led)] if said != led else []
    assert not wrong


def test_a_list_that_nobody_recorded_is_named(auditor: User, client: Client) -> None:
    make.member_year(home().members.get(), YEAR, dibao="1")
    run_checks(make.COUNTY, YEAR)
    assert told(auditor)["dibao-not-civil"]["lacking"] == ["民政低保名单", "部门的低保名单"]
    client.force_login(auditor)
    page = client.get("/checks/rules/dibao-not-civil/").content.decode()
    assert "没有民政低保名单、部门的低保名单，未判断" in page and "享受低保、民政低保名单" in page
    assert "没有资料" in client.get(f"/checks/rules/?year={YEAR}").content.decode()
    standings.department_row(home())
    run_checks(make.COUNTY, YEAR)
    after = told(auditor)["dibao-not-civil"]
    assert (after["open"], "部门的低保名单" in after["lacking"]) == (1, False)
    CheckRun.objects.update(unjudged=None)
    assert told(auditor)["dibao-not-civil"]["unjudged"] is None, "an older run did not count"


def test_a_doubt_keeps_of_a_birthday_the_year(auditor: User, client: Client) -> None:
    """The number stands masked beside it."""
    make.member(make.household(), birth_date=date(1910, 3, 4))
    run_checks(make.COUNTY, YEAR)
    row = Doubt.objects.get(rule="age-extreme")
    assert row.seen == {"member.birth_date": 1910}
    client.force_login(auditor)
    for address in (f"/checks/{row.pk}/", "/checks/?state=all", f"/api/v1/checks/{row.pk}/"):
        answer = client.get(address)
        text = answer.content.decode()
        assert answer.status_code == 200 and "1910" in text and "1910-03" not in text and "3月4日" not in text


def enter(by: User | None, count: int, verb: str = "save_annual_record") -> list[Household]:
    homes = [make.household(members=1) for _ in range(count)]
    with act(by=by, verb=verb):
        for each in homes:
            make.annual_record(each, YEAR)
    return homes


def test_cadres_are_ranked_by_what_is_open_for_a_record(auditor: User, client: Client) -> None:
    careless, careful, newcomer, bringer = (make.posted(Role.VILLAGE_CADRE, name=name) for name in "甲乙丙丁")
    theirs = enter(careless, LEAST)
    enter(careful, 2 * LEAST)
    few = enter(newcomer, LEAST - 1)
    sheet = enter(bringer, LEAST, verb="import_sheet")
    enter(None, 3, verb="load_test")
    for each in theirs[:2]:
        made.doubt(each, severity="E")
    for each, severity in ((theirs[2], "W"), (theirs[2], "G"), (few[0], "E"), (sheet[0], "W")):
        made.doubt(each, severity=severity, rule=f"x-{severity}")
    made.doubt(theirs[3], exempted=True)
    rows, nobodys = cadres(auditor, make.COUNTY, YEAR)
    facts = [(row["who"], row["records"], row["by_sheet"], row["rate"], row["few"]) for row in rows]
    assert facts == [
        ("甲", 5, 0, 140.0, False), ("丁", 5, 5, 20.0, False), ("乙", 10, 0, 0.0, False), ("丙", 4, 0, 75.0, True),
    ]  # fmt: skip
    assert (rows[0]["errors"], rows[0]["warnings"], rows[0]["gaps"], nobodys) == (2, 1, 1, 3)
    client.force_login(auditor)
    page = client.get(f"/checks/quality/?year={YEAR}").content.decode()
    assert f"entered_by={careless.pk}" in page and "另有 3 份没有录入人" in page
    listed = client.get(f"/checks/?year={YEAR}&entered_by={careless.pk}&state=must").content.decode()
    assert "2 处" in listed.replace("<b>", "").replace("</b>", "")
    assert cadres(make.posted(Role.AUDITOR, make.OTHER_COUNTY), make.OTHER_COUNTY, YEAR) == ([], 0)


def test_answerable_is_who_entered_last_whatever_the_system_did_since(auditor: User) -> None:
    first, second = (make.posted(Role.VILLAGE_CADRE, name=name) for name in "甲乙")
    [row] = enter(first, 1)
    for by, verb in ((second, "save_annual_record"), (first, "move_household"), (None, "save_annual_record")):
        with act(by=by, verb=verb):
            AnnualRecord.objects.filter(household=row).update(wage_income=Decimal(len(verb)))
    assert [each["who"] for each in cadres(auditor, make.COUNTY, YEAR)[0]] == ["乙"]


def test_a_list_says_what_narrows_it_besides_its_bar(auditor: User, client: Client) -> None:
    """A number of a rule led to a list that looked like all there is."""
    client.force_login(auditor)
    page = client.get(f"/checks/?rule=household-large&year={YEAR}&state=open").content.decode()
    assert "只列出所选规则的" in page
    assert "只列出所选" not in client.get("/checks/?state=open").content.decode()
