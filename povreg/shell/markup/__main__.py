"""``python -m povreg.shell.markup`` formats all templates; with ``--check`` it names those that are not formatted."""

from __future__ import annotations

import sys
from pathlib import Path

from povreg.shell.environment import BASE_DIR
from povreg.shell.markup import formatted

LONGEST = 139  # characters of a line


def main() -> None:
    faults = []
    for path in sorted((BASE_DIR / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        right = formatted(source)
        if "--check" not in sys.argv and right != source:
            path.write_text(right, encoding="utf-8")
        elif right != source:
            faults.append(f"{named(path)}: not formatted (make format)")
        faults += [
            f"{named(path)}:{number}: {len(line)} characters, at most {LONGEST}"
            for number, line in enumerate(right.splitlines(), 1)
            if len(line) > LONGEST
        ]
    sys.exit("\n".join(faults) or 0)


def named(path: Path) -> str:
    return path.relative_to(BASE_DIR).as_posix()


if __name__ == "__main__":
    main()
