"""Timing, peak memory of whole processes, and the table that is printed."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

PAUSE = 0.02  # seconds between looks at a running process
BEGAN = time.perf_counter()
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Figure:
    """One measured figure against its bar, if it has one. ``better`` says on which side of the bar it must lie."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    better: str = "below"
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def reached(self) -> bool | None:
        if self.bar is None:
            return None
        return self.value <= self.bar if self.better == "below" else self.value >= self.bar

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"reached": self.reached}


@dataclass(frozen=True)
class Run:
    """A finished process: seconds of the wall clock, and its own peak memory in megabytes."""

    seconds: float
    megabytes: float


def timed(work: Callable[[], Any], repeats: int = 1) -> float:
    """Median seconds of ``repeats`` calls."""
    return statistics.median(clocked(work) for _ in range(repeats))


def clocked(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def log(text: str) -> None:
    """One line of progress with the time since the start."""
    print(f"[{time.perf_counter() - BEGAN:6.0f} s] {text}", flush=True)


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[94]


def manage(*arguments: str, **environment: str) -> Run:
    """Run ``manage.py`` as a user would, in a process of its own. Raises RuntimeError when it fails."""
    return process([sys.executable, "manage.py", *arguments], **environment)


def process(command: list[str], **environment: str) -> Run:
    """Run a command; its time by the clock, its peak memory as the kernel keeps it (VmHWM), read while it runs."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=errors
        )
        peak = 0.0
        while child.poll() is None:
            peak = max(peak, high_water(child.pid))
            time.sleep(PAUSE)
        taken = time.perf_counter() - started
        if child.returncode:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed:\n{errors.read().decode()[-2000:]}")
    return Run(taken, peak)


def high_water(pid: int) -> float:
    """Largest resident size so far, in megabytes; 0 when the process is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    kilobytes = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
    return int(kilobytes) / 1024


def table(figures: list[Figure]) -> str:
    """The one table of ratios that ``make bench`` prints."""
    lines = [f"{'what':<66} {'measured':>12} {'':<6} {'bar':>16}  reached"]
    for figure in figures:
        side = "<=" if figure.better == "below" else ">="
        bar = "" if figure.bar is None else f"{side} {figure.bar:,.10g} {figure.unit}"
        word = {True: "yes", False: "NO", None: ""}[figure.reached]
        lines.append(f"{figure.name:<66} {figure.value:>12,.2f} {figure.unit:<6} {bar:>16}  {word}")
    return "\n".join(lines)


def commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip()
