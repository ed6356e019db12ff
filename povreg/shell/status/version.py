"""Which release runs here."""

import tomllib

from povreg.shell.environment import BASE_DIR

VERSION = str(tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
