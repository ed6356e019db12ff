"""``make bench``: measure on throw-away servers, write ``bench/results/<date>.json``, print one table.

``ARGS="--households 2000 --counties 3"`` makes it quick, ``--counties 1`` leaves the million out;
``ARGS="--only sheets,recompute"`` picks sections (places, recompute,
sheets, pages, compare, detection, auditing, million, ordinary). Results are kept after every section; one that fails is
noted.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.measure import ROOT, commit, log, table
from povreg.shell import embedded

HOUSEHOLDS, COUNTIES = 33_000, 31  # 1,023,000 households
RESULTS = ROOT / "bench" / "results"


def main() -> None:
    options = arguments()
    home = options.home or Path(tempfile.mkdtemp(prefix="povreg-bench-"))
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    os.environ |= {
        "POVREG_HOME": str(home),
        "POVREG_DOTENV": "0",
        "DEMO": "1",
        "CELERY_TASK_ALWAYS_EAGER": "1",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "povreg.settings",
    }
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    path = RESULTS / f"{datetime.now().astimezone():%Y-%m-%d-%H%M}.json"
    servers = embedded.ensure(home)
    try:
        from bench import sections  # noqa: PLC0415 - Django is set up by the environment above

        only = options.only.split(",") if options.only else []
        keep = partial(write, path, options)
        outcome = sections.run(only, options.households, options.counties, keep)
    finally:
        servers.release()
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)
    print(table(outcome.figures))
    log(f"all of it, in {path.relative_to(ROOT)}")
    if outcome.failures:
        sys.exit(f"failed: {', '.join(outcome.failures)}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS, help="of one county")
    parser.add_argument("--counties", type=int, default=COUNTIES, help="how many of them the province gets")
    parser.add_argument("--only", default="", help="sections, with commas between")
    parser.add_argument("--home", type=Path, help="of the servers; kept, so that the next run finds its data there")
    return parser.parse_args()


def write(path: Path, options: argparse.Namespace, outcome: Any) -> None:
    """Keep what came out so far as JSON."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps(
        {
            "at": datetime.now().astimezone().isoformat(timespec="seconds"),
            "commit": commit(),
            "households": options.households,
            "counties": options.counties,
            "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()},
            "seconds": outcome.seconds,
            "failures": outcome.failures,
            "figures": [figure.as_dict() for figure in outcome.figures],
        },
        ensure_ascii=False,
        indent=1,
    )
    path.write_text(text)


if __name__ == "__main__":
    main()
