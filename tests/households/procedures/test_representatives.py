"""Who votes: the roll of a village's representatives, attendance by name, the legal two thirds, 监票 and 计票."""

from datetime import date

import pytest

from households.procedures.engine import templates
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.templates import StepChange
from households.procedures.lists import meetings
from households.procedures.papers.forms import FORMS
from tests import factories
from tests.households.procedures.procedure_world import World

pytestmark = pytest.mark.django_db
NAMES = [f"代表{n}" for n in range(6)]


def held(world, batch, **more):
    pk = batch.entries.get().pk
    facts = {
        "by": world.cadre, "batch": batch, "held_on": world.day, "venue": "会议室", "chair": "李建国",
        "representatives": 6, "present": 4, "votes": {pk: meetings.Votes(4)}, **more,
    }  # fmt: skip
    with world.at():
        return meetings.hold_meeting(**facts)


def test_a_meeting_is_counted_against_the_roll_of_its_day():
    world = World(1)
    batch = world.start("exit-national")
    with pytest.raises(ProcedureError, match="同名"):
        meetings.keep_roll(
            by=world.cadre,
            place=factories.VILLAGE,
            term="第十届",
            since=date(2019, 1, 1),
            names=["甲", "甲"],
            source="公告",
        )
    for since, names in ((date(2016, 1, 1), NAMES[:3]), (date(2019, 1, 1), NAMES)):
        meetings.keep_roll(
            by=world.cadre, place=factories.VILLAGE, term="本届", since=since, names=names, source="换届公告"
        )
    assert len(meetings.roll_of(factories.VILLAGE, date(2018, 5, 1)).names) == 3
    for wrong, text in (
        ({"representatives": 5}, "应到人数应为 6"),
        ({}, "请填写到会代表的姓名"),
        ({"attended": [*NAMES[:3], "路人"]}, "不是本届村民代表"),
        ({"attended": NAMES[:3]}, "与实到 4 人不符"),
        ({"attended": NAMES[:4], "teller": "王", "scrutineer": "王"}, "不能是同一人"),
    ):
        with pytest.raises(ProcedureError, match=text):
            held(world, batch, **wrong)
    meeting = held(world, batch, attended=NAMES[:4], teller="王立平", scrutineer="周航")
    assert meeting.attended == NAMES[:4] and meeting.quorum_met
    facts, *_ = FORMS["minutes"][1](batch, [])[0].blocks
    assert dict(facts.pairs)["计票人"] == "王立平" and dict(facts.pairs)["监票人"] == "周航"
    _, grid = FORMS["sign-in"][1](batch, [])[0].blocks
    assert [row[3] for row in grid.rows] == ["到会"] * 4 + [""] * 2


def test_no_county_goes_below_the_legal_quorum():
    world = World(0)
    row = templates.templates_for("exit", factories.VILLAGE).get(code="exit-national")
    with pytest.raises(ProcedureError, match="三分之二"):
        templates.revise_template(
            by=world.xian, template=row, place=factories.COUNTY, changes={"appraisal": StepChange(quorum="1/2")}
        )
