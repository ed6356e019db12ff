"""``make load``: start the product in a home of its own, let village cadres work in it, print how long they waited.

``ARGS="--cadres 20 --households 1500 --ramp 10 --warm-up 5 --measure 30"`` makes it quick; several numbers of cadres
(``200,300,500``) work one after the other in the same product. A bare page is measured beside them.
"""

import argparse
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import requests

from bench.load.cadre import Account, Cadre
from bench.load.record import Recorder, table
from bench.measure import ROOT, clocked, commit, log
from povreg.shell.embedded import layout_of
from povreg.shell.embedded.processes import read_pid

RESULTS = ROOT / "bench" / "results"
PATIENCE = 1_800  # seconds the product may take to make its data and answer
BAR = 300  # milliseconds that 95 of 100 requests may take
MOST_CADRES = 300  # whom the bar is for; of more it is only told
PROCESSOR_BAR = 9  # milliseconds of processor time a request, product and servers together
BARE = 1500  # visits of the bare page


def main() -> None:
    options = arguments()
    home = options.home or Path(tempfile.mkdtemp(prefix="povreg-load-"))
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    address = f"http://127.0.0.1:{free_port()}"
    environment = surroundings(home, address, options.households)
    try:
        with product(home, environment, address):
            accounts = open_accounts(home, environment, max(options.cadres))
            bare = bare_page(address, home)
            recorders = [work(address, accounts[:count], options, home) for count in options.cadres]
        show_logs(home, recorders)
    finally:
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)
    report(recorders, bare, options)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--cadres", type=numbers, default=[200, 300, 500], help="cadres, each in a village of his own")
    parser.add_argument("--home", type=Path, help="where a county is already, as the bench leaves it")
    parser.add_argument("--think", type=float, default=5.0, help="seconds between two things a cadre does, on average")
    parser.add_argument("--households", type=int, default=33_000)
    parser.add_argument("--ramp", type=float, default=70.0, help="seconds over which they sign in")
    parser.add_argument("--warm-up", type=float, default=30.0, help="seconds before it is measured")
    parser.add_argument("--measure", type=float, default=120.0, help="seconds that are measured")
    return parser.parse_args()


def numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


def show_logs(home: Path, recorders: list[Recorder]) -> None:
    """What the product said when something went wrong: its home is about to be deleted."""
    for path in (
        [home / "run.log", *sorted((home / "logs").glob("*.log"))]
        if any(recorder.errors for recorder in recorders)
        else []
    ):
        lines = [line for line in path.read_text().splitlines() if " INFO " not in line]
        print(f"-- {path.name}", *lines[-40:], sep="\n")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def surroundings(home: Path, address: str, households: int) -> dict[str, str]:
    """The environment of the product: nothing of ours, so that it is what ``make run`` gives in a fresh clone."""
    own = {
        "POVREG_HOME": str(home),
        "POVREG_DOTENV": "0",
        "PORT": address.rpartition(":")[2],
        "DEMO": "1",
        "DEMO_HOUSEHOLDS": str(households),
        "DJANGO_SETTINGS_MODULE": "povreg.settings",
    }
    ours = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    return {name: text for name, text in os.environ.items() if name not in ours} | own


@contextmanager
def product(home: Path, environment: dict[str, str], address: str) -> Iterator[None]:
    """The product, started as ``make run`` does it and stopped at the end. Raises RuntimeError with what it said."""
    log("starting the product")
    said = home / "run.log"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "povreg.shell.run"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        wait_for(process, address, said)
        log("the product answers")
        yield
    finally:
        process.terminate()
        process.wait(60)


def wait_for(process: subprocess.Popen, address: str, said: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(requests.RequestException):
            if requests.get(f"{address}/healthz", timeout=5).ok:
                return
        time.sleep(0.5)
    raise RuntimeError(f"the product did not start:\n{said.read_text()[-2000:]}")


def open_accounts(home: Path, environment: dict[str, str], count: int) -> list[Account]:
    """Opened by a process with the product's settings; names and password come back in a file of the home."""
    kept = home / "cadres.json"
    command = [sys.executable, "-m", "bench.load.accounts", str(count), str(kept)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return [Account(**each) for each in json.loads(kept.read_text())]


def bare_page(address: str, home: Path) -> dict[str, float]:
    """What a page takes that says "ok" and nothing else, through the same processes and middleware: milliseconds of
    processor time of the product and its servers, and by the clock."""
    with requests.Session() as session:
        ask = partial(session.get, f"{address}/healthz", timeout=5)
        for _ in range(100):
            ask()
        before = spent(home)
        took = [clocked(ask) * 1000 for _ in range(BARE)]
        after = spent(home)
    taken = sum(after[name] - before[name] for name in ("product", "servers"))
    return {"processor_ms": taken * 1000 / BARE, "p50": statistics.median(took)}


def work(address: str, accounts: list[Account], options: argparse.Namespace, home: Path) -> Recorder:
    """Let them in one after the other, wait, measure, let them stop."""
    recorder = Recorder()
    cadres = [Cadre(address, account, recorder, options.think, seed) for seed, account in enumerate(accounts)]
    log(f"{len(cadres)} cadres sign in")
    for cadre in cadres:
        cadre.start()
        time.sleep(options.ramp / len(cadres))
    time.sleep(options.warm_up)
    log("measuring")
    before, load = spent(home), psutil.cpu_times()
    recorder.open()
    time.sleep(options.measure)
    recorder.close()
    recorder.busy = busy_share(load, psutil.cpu_times())
    recorder.cores = {name: (now - before[name]) / recorder.seconds for name, now in spent(home).items()}
    log("stopping")
    for cadre in cadres:
        cadre.stop()
    for cadre in cadres:
        cadre.join(30)
    return recorder


def spent(home: Path) -> dict[str, float]:
    """Seconds of processor time so far: of this driver, of the web, worker and beat processes, of the two servers."""
    layout, own = layout_of(home), psutil.Process()
    servers = [read_pid(layout.postgres_data / "postmaster.pid"), read_pid(layout.redis_data / "server.pid")]
    return {
        "driver": sum(own.cpu_times()[:2]),
        "product": sum(map(tree_seconds, own.children())),
        "servers": sum(tree_seconds(psutil.Process(pid)) for pid in servers if pid),
    }


def tree_seconds(process: psutil.Process) -> float:
    """Processor time of a process and all below it, those that have ended included."""
    seconds = 0.0
    with suppress(psutil.NoSuchProcess):
        seconds = sum(process.cpu_times()[:4]) + sum(map(tree_seconds, process.children()))
    return seconds


def busy_share(before, after) -> float:
    """Share of all cores that was not idle."""
    spent = [new - old for old, new in zip(before, after, strict=True)]
    idle = after.idle - before.idle + getattr(after, "iowait", 0) - getattr(before, "iowait", 0)
    return 1 - idle / sum(spent)


def report(recorders: list[Recorder], bare: dict[str, float], options: argparse.Namespace) -> None:
    """The first number of cadres as the result, the others as its ``more``."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    now = datetime.now().astimezone()
    path = RESULTS / f"load-{now:%Y-%m-%d-%H%M}.json"
    first, *more = [
        {"cadres": cadres, **recorder.summary()} for cadres, recorder in zip(options.cadres, recorders, strict=True)
    ]
    result = {
        "at": now.isoformat(timespec="seconds"),
        "commit": commit(),
        "think_seconds": options.think,
        "households": options.households,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "bar": BAR,
        "processor_bar": PROCESSOR_BAR,
        "bare_page": bare,
        **first,
        "more": more,
    }
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1))
    print(*map(table, (first, *more)), sep="\n\n")
    print(f"a bare page: {bare['processor_ms']:.1f} ms of processor time, {bare['p50']:.1f} ms by the clock")
    log(f"all of it, in {path.relative_to(ROOT)}")
    judge(first, *more)


def judge(*runs: dict[str, Any]) -> None:
    """Leaves with what was not reached, if anything."""
    missed = [f"{run['cadres']} cadres without an error" for run in runs if run["all"]["errors"]]
    for run in runs:
        taken = run["processor_ms_per_request"]
        if run["cadres"] <= MOST_CADRES and run["all"]["p95"] >= BAR:
            missed.append(f"{run['cadres']} cadres: p95 under {BAR} ms")
        if taken["product"] + taken["servers"] > PROCESSOR_BAR:
            missed.append(f"{run['cadres']} cadres: {PROCESSOR_BAR} ms of processor time a request")
    if missed:
        sys.exit(f"not reached: {'; '.join(missed)}")


if __name__ == "__main__":
    main()
