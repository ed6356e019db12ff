"""``make bench``: measure on throw-away servers, write ``bench/results/<date>.json``, print one table.

``ARGS="--households 3000"`` makes it quick; ``ARGS="--only sheets,recompute"`` picks sections.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from bench.measure import ROOT, Figure, table
from povreg.kit import embedded

HOUSEHOLDS = 33_000
RESULTS = ROOT / "bench" / "results"


def main() -> None:
    options = arguments()
    home = Path(tempfile.mkdtemp(prefix="povreg-bench-"))
    home.chmod(0o711)
    os.environ |= {
        "POVREG_HOME": str(home),
        "POVREG_DOTENV": "0",
        "DEMO": "1",
        "CELERY_TASK_ALWAYS_EAGER": "1",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "povreg.settings",
    }
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    servers = embedded.ensure(home)
    try:
        from bench import sections  # noqa: PLC0415 - Django is set up by the environment above

        figures = sections.run(options.only.split(",") if options.only else [], options.households)
    finally:
        del servers
        shutil.rmtree(home, ignore_errors=True)
    report(figures, options.households)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--only", default="", help="places,recompute,sheets,pages")
    return parser.parse_args()


def report(figures: list[Figure], households: int) -> None:
    """Print the table and keep everything as JSON."""
    now = datetime.now().astimezone()
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{now:%Y-%m-%d-%H%M}.json"
    path.write_text(
        json.dumps(
            {
                "at": now.isoformat(timespec="seconds"),
                "commit": commit(),
                "households": households,
                "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()},
                "figures": [figure.as_dict() for figure in figures],
            },
            ensure_ascii=False,
            indent=1,
        )
    )
    print(table(figures))
    print(f"\n{path.relative_to(ROOT)}")


def commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip()


if __name__ == "__main__":
    main()
