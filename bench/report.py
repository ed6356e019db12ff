"""``python -m bench.report [BENCH.json] [LOAD.json]``: tables and charts of docs/performance.md from the results.

Without arguments the newest results of each kind. The results used are kept beside the document.
"""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from bench.charts import Row, chart
from bench.measure import ROOT

RESULTS = ROOT / "bench" / "results"
DOCUMENT = ROOT / "docs" / "performance.md"
IMAGES = ROOT / "docs" / "images"
KEPT = ROOT / "docs" / "performance"
LIST_BAR = 100  # milliseconds
Result = dict[str, Any]


def main(paths: list[str]) -> None:
    bench = Path(paths[0]) if paths else newest("2*.json")
    load = Path(paths[1]) if len(paths) > 1 else newest("load-*.json")
    KEPT.mkdir(exist_ok=True)
    if bench:
        result = read(bench, "bench.json")
        put("bench", bench_text(result))
        draw("bench-bars.svg", shares_chart(result))
        draw("bench-lists.svg", kinds_chart(result, "list page", "Lists at a million households, by filter"))
        draw("bench-searches.svg", kinds_chart(result, "search by", "Searches at a million households, by kind"))
    if load:
        result = read(load, "load.json")
        put("load", load_text(result))
        draw("load.svg", load_chart(result))


def newest(pattern: str) -> Path | None:
    return max(RESULTS.glob(pattern), key=lambda path: path.stat().st_mtime, default=None)


def read(path: Path, kept: str) -> Result:
    if path.resolve() != (KEPT / kept).resolve():
        shutil.copyfile(path, KEPT / kept)
    return json.loads(path.read_text())


def put(name: str, text: str) -> None:
    """Replace what stands between the marks of ``name`` in the document. Raises ValueError without the marks."""
    document = DOCUMENT.read_text()
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if begin not in document or end not in document:
        raise ValueError(f"{DOCUMENT} has no marks {begin} … {end}")
    head, rest = document.split(begin, 1)
    DOCUMENT.write_text(f"{head}{begin}\n{text}\n{end}{rest.split(end, 1)[1]}")
    print(f"{name}: table in {DOCUMENT.relative_to(ROOT)}")


def draw(name: str, picture: str) -> None:
    if picture:
        IMAGES.mkdir(exist_ok=True)
        (IMAGES / name).write_text(picture)
        print(f"docs/images/{name}")


def bench_text(result: Result) -> str:
    lines = [run_line(result), "", "| work | measured | bar | reached |", "|---|---|---|---|"]
    lines += [
        f"| {figure['name']} | {amount(figure['value'])} {figure['unit']} | {bar_of(figure)} | {word(figure)} |"
        for figure in result["figures"]
    ]
    lines += [f"\n**{name} failed** and has no figures in this run." for name in result["failures"]]
    minutes = sum(result["seconds"].values()) / 60
    taken = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in result["seconds"].items())
    return "\n".join([*lines, "", f"The run took {minutes:.0f} minutes: {taken}."])


def run_line(result: Result) -> str:
    machine = result["machine"]
    load = f", load {machine['load'][2]:.1f}" if "load" in machine else ""
    return f"{result['at'][:16].replace('T', ' ')}, commit {result['commit']}, {machine['cores']} cores{load}."


def amount(value: float) -> str:
    """Three figures are enough for anybody."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def bar_of(figure: Result) -> str:
    if figure["bar"] is None:
        return "none"
    return f"{'at most' if figure['better'] == 'below' else 'at least'} {figure['bar']:,.10g} {figure['unit']}"


def word(figure: Result) -> str:
    return {True: "yes", False: "**no**", None: ""}[figure["reached"]]


def shares_chart(result: Result) -> str:
    """Every figure with a bar, as its share of what is allowed."""
    rows = []
    for figure in result["figures"]:
        if figure["bar"] is not None:
            value, bar = figure["value"], figure["bar"]
            share = value / bar if figure["better"] == "below" else bar / value
            text = f"{amount(value)} {figure['unit']}"
            rows.append(Row(short(figure["name"]), share, text, over=not figure["reached"]))
    return chart("What was measured, as a share of its bar", rows, 1.0, "bar") if rows else ""


def short(name: str) -> str:
    return name if len(name) <= 46 else f"{name[:45]}…"


def kinds_chart(result: Result, name: str, title: str) -> str:
    """The kinds behind the figures of a name, of every officer who looked: median in the 95th percentile."""
    rows, bar = [], LIST_BAR
    for figure in result["figures"]:
        officer = re.search(r"(county|province) officer", figure["name"])
        if figure["name"].startswith(name) and officer:
            bar = figure["bar"]
            rows += [
                Row(f"{officer[1]}: {kind}", took["p95"], f"{took['p95']:.0f} ms", took["p95"] > bar, took["median"])
                for kind, took in figure["detail"]["kinds"].items()
            ]
    return chart(f"{title}: median and 95th percentile", rows, bar, f"{bar} ms") if rows else ""


def load_text(result: Result) -> str:
    cores = ", ".join(f"{name} {taken:.2f}" for name, taken in result["cores"].items())
    each = ", ".join(f"{name} {taken:.1f} ms" for name, taken in result["processor_ms_per_request"].items())
    lines = [
        f"{run_line(result)} {result['cadres']} cadres, {result['think_seconds']:g} s to think, "
        f"{result['households']:,} households, measured for {result['seconds']:.0f} s.",
        "",
        "| request | count | p50 | p95 | p99 | longest | errors |",
        "|---|---|---|---|---|---|---|",
        *(load_row(kind, row) for kind, row in result["kinds"].items()),
        load_row("**all**", result["all"]),
        "",
        f"{result['requests_per_second']:.0f} requests a second, all cores {result['busy']:.0%} busy. Cores taken: "
        f"{cores}. Processor time a request: {each}.",
        *bare_line(result),
        *more_table(result.get("more", [])),
    ]
    return "\n".join(lines)


def bare_line(result: Result) -> list[str]:
    """The bare page of the same run, for which results before it was measured have nothing."""
    bare = result.get("bare_page")
    return [f"A bare page of the same run takes {bare['processor_ms']:.1f} ms of it."] if bare else []


def more_table(runs: list[Result]) -> list[str]:
    """The other numbers of cadres that worked in the same product, a line each."""
    head = ["", "| cadres | requests a second | p50 | p95 | p99 | cores busy | processor time a request | errors |"]
    lines = [
        f"| {run['cadres']} | {run['requests_per_second']:.0f} | "
        + " | ".join(f"{run['all'][name]:.0f} ms" for name in ("p50", "p95", "p99"))
        + f" | {run['busy']:.0%} | {own_ms(run):.1f} ms | {run['all']['errors']} |"
        for run in runs
    ]
    return [*head, "|---|---|---|---|---|---|---|---|", *lines] if lines else []


def own_ms(run: Result) -> float:
    """Processor time a request of the product and its servers, without the driver's."""
    return sum(run["processor_ms_per_request"][name] for name in ("product", "servers"))


def load_row(kind: str, row: Result) -> str:
    times = " | ".join(f"{row[name]:.0f} ms" for name in ("p50", "p95", "p99", "max"))
    return f"| {kind} | {row['count']:,} | {times} | {row['errors']} |"


def load_chart(result: Result) -> str:
    kinds = [*result["kinds"].items(), ("all", result["all"])]
    rows = [
        Row(kind, row["p95"], f"{row['p50']:.0f} / {row['p95']:.0f} / {row['p99']:.0f} ms", row["p95"] >= result["bar"],
            row["p50"])
        for kind, row in kinds
    ]  # fmt: skip
    title = f"{result['cadres']} cadres at once: p50 in p95 (p50 / p95 / p99)"
    return chart(title, rows, result["bar"], f"{result['bar']} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
