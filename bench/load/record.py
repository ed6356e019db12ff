"""What the cadres waited for, by kind of request, and how it is told."""

import statistics
import threading
import time
from collections import Counter, defaultdict
from typing import Any


class Recorder:
    """Takes every request from all threads; keeps those that begin while it is open."""

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = defaultdict(list)
        self.faults: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.busy = 0.0  # share of all cores
        self.cores: dict[str, float] = {}  # taken by the driver, the product, its two servers
        self._lock = threading.Lock()
        self._opened = self._closed = float("inf")

    def open(self) -> None:
        self._opened = time.perf_counter()

    def close(self) -> None:
        self._closed = time.perf_counter()

    @property
    def seconds(self) -> float:
        return self._closed - self._opened

    def note(self, kind: str, started: float, fault: str) -> None:
        """One request: ``started`` by time.perf_counter(), ``fault`` empty when it was answered as it should be.

        Faults count from the first sign-in on; how long it took only while it is measured.
        """
        took = (time.perf_counter() - started) * 1000
        with self._lock:
            if self._opened <= started < self._closed:
                self.took[kind].append(took)
            if fault:
                self.errors[kind] += 1
                self.faults[f"{kind}: {fault}"] += 1

    def summary(self) -> dict[str, Any]:
        every = [value for values in self.took.values() for value in values]
        kinds = {kind: figures(values, self.errors[kind]) for kind, values in sorted(self.took.items())}
        return {
            "seconds": self.seconds,
            "requests_per_second": len(every) / self.seconds,
            "busy": self.busy,
            "cores": self.cores,
            "processor_ms_per_request": {
                name: taken * self.seconds * 1000 / max(len(every), 1) for name, taken in self.cores.items()
            },
            "all": figures(every, self.errors.total()),
            "kinds": kinds,
            "faults": dict(self.faults.most_common(20)),
        }


def figures(values: list[float], errors: int) -> dict[str, float]:
    """Count, percentiles in milliseconds, errors."""
    if len(values) < 2:
        only = values[0] if values else 0.0
        return {"count": len(values), "p50": only, "p95": only, "p99": only, "max": only, "errors": errors}
    shares = statistics.quantiles(values, n=100, method="inclusive")
    return {
        "count": len(values),
        "p50": shares[49],
        "p95": shares[94],
        "p99": shares[98],
        "max": max(values),
        "errors": errors,
    }


def table(result: dict[str, Any]) -> str:
    lines = [
        f"{result['cadres']} cadres",
        f"{'request':<24}{'count':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}  errors   (milliseconds)",
    ]
    for kind, row in [*result["kinds"].items(), ("all", result["all"])]:
        times = "".join(f"{row[name]:>8.0f}" for name in ("p50", "p95", "p99", "max"))
        lines.append(f"{kind:<24}{row['count']:>8}{times}  {row['errors']}")
    lines += [f"  {count} x {fault}" for fault, count in result["faults"].items()]
    lines.append(f"{result['requests_per_second']:.1f} requests a second, all cores {result['busy']:.0%} busy")
    for name, taken in result["cores"].items():
        each = result["processor_ms_per_request"][name]
        lines.append(f"  {name}: {taken:.2f} of a core, {each:.1f} ms of processor time a request")
    own = sum(result["processor_ms_per_request"][name] for name in ("product", "servers"))
    lines.append(f"  product and servers together: {own:.1f} ms of processor time a request")
    return "\n".join(lines)
