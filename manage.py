#!/usr/bin/env python
"""Django's commands; starts the embedded servers first unless DATABASE_URL and REDIS_URL are set."""

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


def main() -> None:
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
