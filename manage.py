#!/usr/bin/env python
"""Django's commands; starts the embedded servers first, those that no DATABASE_URL or REDIS_URL is given for."""

import gc
import os
import signal
import sys

from django.core.management import execute_from_command_line

from povreg.shell import environment
from povreg.shell.embedded import ServerError

NEED_NO_SERVER = {
    "help",
    "version",
    "check",
    "collectstatic",
    "findstatic",
    "diffsettings",
    "--help",
    "--version",
    "-h",
}
LASTING = 50_000  # new objects before the collector looks; a start makes 400,000 that stay


def main() -> None:
    gc.set_threshold(LASTING, 20, 20)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "povreg.settings")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if not NEED_NO_SERVER & {*sys.argv[1:2], *sys.argv[1:][-1:]} and len(sys.argv) > 1:
            environment.start_servers()
        execute_from_command_line(sys.argv)
    except ServerError as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
