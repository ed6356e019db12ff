"""The sample township's annual workbook, imported and judged by the commands, matches its answer key."""

import json

import pytest
from django.core.management import call_command

from households.eligibility.criteria import BY_CODE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def township(shared_data):
    """关面乡 with its roster and annual workbook, in an otherwise empty register."""
    call_command("load_places", str(shared_data / "places"), under="500154", verbosity=0)
    for layout, name in (("roster-2022", "guanmian-2020-roster-2022"), ("annual", "guanmian-2020-annual")):
        book = shared_data / "rosters" / f"{name}.xlsx"
        call_command("import_sheet", str(book), layout=layout, county="500154", year=2020, verbosity=0)
    return json.loads((shared_data / "rosters" / "guanmian-2020-annual.key.json").read_text(encoding="utf-8"))


def detail(tmp_path):
    out = tmp_path / "report.json"
    call_command("recompute", place="500154", year=2020, report=out, detail=True, verbosity=0)
    return json.loads(out.read_text(encoding="utf-8"))


def as_key(row, wanted):
    """A row of the report in the words of the key."""
    return {
        **{code: row["criteria"].get(code) for code in BY_CODE if code in wanted},
        "verdict": row["verdict"],
        "per_head": row["per_head"],
        "borderline": row["borderline"],
        "identified_this_year": "identified_this_year" in row["blockers"],
    }


def test_every_verdict_of_the_sample_township(township, tmp_path):
    report = detail(tmp_path)
    rows = {row["household_no"]: row for row in report["assessments"]}
    wanted = township["households_detail"]

    assert report["expected"] == report["assessed"] == township["households"]
    assert {no: as_key(rows[no], each) for no, each in wanted.items()} == wanted
    assert {row["line"] for row in rows.values()} == {township["line"]}
    without_record = [row for no, row in rows.items() if no not in wanted]
    assert {row["verdict"] for row in without_record} <= {"missing", "fail"}
    assert {row["per_head"] for row in without_record} <= {None}


def test_a_second_recompute_changes_nothing(township, tmp_path):
    detail(tmp_path)

    again = detail(tmp_path)

    assert again["changed"] == 0
    assert again["flips"] == []
