"""`make lock`: requirements.lock, the packages of requirements.txt with the digests of their wheels.

For Linux on x86-64 and the supported versions of Python: what the image and a production host install
(`pip install --require-hashes`). A wheel that was replaced in a registry, or on the way, is refused.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from povreg.shell.environment import BASE_DIR

PYTHONS = ("3.11", "3.12")
PLATFORMS = tuple(f"manylinux_2_{minor}_x86_64" for minor in (5, 12, 17, 24, 26, 27, 28, 31, 34, 35))
LINE = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[\w.]+)(?P<marker> ; [^#]+?)?\s*(#.*)?$")
HEAD = "# Made by `make lock` from requirements.txt: wheels for Linux on x86-64, Python 3.11 and 3.12.\n"


def pinned() -> Iterator[tuple[str, str, str]]:
    """Name, version, marker of each line."""
    for line in (BASE_DIR / "requirements.txt").read_text().splitlines():
        if found := LINE.match(line):
            yield found["name"], found["version"], (found["marker"] or "").strip()


def download(into: Path, python: str) -> None:
    where = [word for platform in PLATFORMS for word in ("--platform", platform)]
    words = ["--no-deps", "--only-binary", ":all:", "--python-version", python, "--implementation", "cp", *where]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(into), *words]
    subprocess.run([*command, "-r", "requirements.txt"], cwd=BASE_DIR, check=True)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    """Raises CalledProcessError where a wheel is missing."""
    with tempfile.TemporaryDirectory() as folder:
        for python in PYTHONS:
            download(Path(folder), python)
        digests: dict[tuple[str, str], set[str]] = {}
        for path in Path(folder).iterdir():
            name, version = path.name.split("-")[:2]
            digests.setdefault((plain(name), version), set()).add(hashlib.sha256(path.read_bytes()).hexdigest())
    lines = []
    for name, version, marker in pinned():
        hashes = "".join(f" \\\n    --hash=sha256:{each}" for each in sorted(digests[plain(name), version]))
        lines.append(f"{name}=={version}{f' {marker}' if marker else ''}{hashes}\n")
    (BASE_DIR / "requirements.lock").write_text(HEAD + "".join(lines))


if __name__ == "__main__":
    main()
