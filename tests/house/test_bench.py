"""The measuring itself: what counts as an error, what a browser would send, tables and charts that can be read."""

import time
import xml.etree.ElementTree as ET

import pytest
from lxml import html

from bench import report
from bench.charts import Row, chart
from bench.load import record
from bench.load.cadre import fields_of
from bench.load.record import Recorder
from bench.measure import Figure
from bench.province import turned

FORM = """<form method="post"><input name="a" value="1"><input name="off" value="2" disabled>
<input type="radio" name="r" value="true"><input type="radio" name="r" value="" checked>
<input type="checkbox" name="c" checked><input type="checkbox" name="d" value="x">
<input type="submit" name="go" value="1">
<select name="s"><option value="">无</option><option value="2" selected>二</option></select>
<textarea name="t">字</textarea></form>"""


def test_only_what_begins_while_it_is_measured_counts_but_every_fault_does():
    recorder = Recorder()
    recorder.note("list", time.perf_counter(), "status 500 instead of 200")
    recorder.open()
    for _ in range(3):
        recorder.note("list", time.perf_counter(), "")
    recorder.close()
    recorder.note("list", time.perf_counter(), "")

    found = recorder.summary()

    assert found["all"]["count"] == found["kinds"]["list"]["count"] == 3
    assert found["all"]["errors"] == 1
    assert found["faults"] == {"list: status 500 instead of 200": 1}


def test_a_cadre_sends_what_a_browser_would():
    form = html.fromstring(FORM)
    assert dict(fields_of(form)) == {"a": "1", "r": "", "c": "on", "s": "2", "t": "字"}


@pytest.mark.parametrize(
    ("value", "better", "reached"), [(1.5, "below", True), (2.5, "below", False), (60, "above", True)]
)
def test_a_figure_knows_its_side_of_the_bar(value, better, reached):
    bar = 2 if better == "below" else 50
    assert Figure("ratio", value, "x", bar, better).reached is reached


def test_a_figure_without_a_bar_is_neither_reached_nor_missed():
    assert Figure("seconds", 3, "s").reached is None


def test_a_chart_is_svg_and_says_every_value():
    picture = chart(
        "Lists <at> a million", [Row("a & b", 50, "50 ms"), Row("c", 900, "900 ms", over=True)], 100, "100 ms"
    )
    texts = [each.text for each in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]
    assert {"Lists <at> a million", "a & b", "50 ms", "900 ms", "100 ms"} <= set(texts)


def test_the_table_names_what_was_missed_and_what_failed():
    figures = [
        Figure("list page", 120, "ms", 100),
        Figure("export / openpyxl", 6, "x", 4, "above"),
        Figure("rest", 1, "s"),
    ]
    text = report.bench_text(
        {
            "at": "2026-11-22T01:00:00+00:00",
            "commit": "abc",
            "machine": {"cores": 2},
            "seconds": {"pages": 60.0},
            "failures": {"sheets": "…"},
            "figures": [each.as_dict() for each in figures],
        }
    )
    assert "| list page | 120 ms | at most 100 ms | **no** |" in text
    assert "| export / openpyxl | 6.00 x | at least 4 x | yes |" in text
    assert "| rest | 1.00 s | none |  |" in text
    assert "**sheets failed**" in text


def test_copied_names_keep_every_character_apart():
    assert turned("王李张", 1) == "李张王"
    assert sorted(turned("王李张", 31)) == sorted("王李张")


def test_the_load_tells_every_number_of_cadres_beside_a_bare_page():
    recorder = Recorder()
    recorder.open()
    recorder.note("list", time.perf_counter(), "")
    recorder.note("list", time.perf_counter(), "")
    recorder.close()
    recorder.cores = {"driver": 0.1, "product": 0.4, "servers": 0.2}
    summary = recorder.summary()
    run = {
        "at": "2026-11-22T01:00:00+00:00", "commit": "abc", "machine": {"cores": 2}, "cadres": 200,
        "think_seconds": 5.0, "households": 33_000, "bare_page": {"processor_ms": 0.9, "p50": 1.2}, **summary,
    }  # fmt: skip
    text = report.load_text(run | {"more": [{"cadres": 300, **summary}]})
    assert "A bare page of the same run takes 0.9 ms" in text
    assert f"| 300 | {summary['requests_per_second']:.0f} |" in text
    assert "| cadres |" not in report.load_text(run)
    assert "product and servers together" in record.table(run)
