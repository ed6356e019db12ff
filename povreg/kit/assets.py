"""Static files: which folders are served, and one version for all of them.

The version is part of every address (/static/<version>/...). Browsers may therefore keep a file for ever, which a
slow township network thanks us for, and scripts can import each other by plain relative paths.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

VENDOR = {
    "tabler/css": "@tabler/core/dist/css",
    "tabler/js": "@tabler/core/dist/js",
    "htmx": "htmx.org/dist",
    "echarts": "echarts/dist",
    "idb": "idb/build",
    "idiomorph": "idiomorph/dist",
}


def directories(base: Path) -> list[Path | tuple[str, Path]]:
    """For STATICFILES_DIRS: our own files, and the installed front-end packages below vendor/."""
    packages = base / "node_modules"
    vendor = [(f"vendor/{name}", packages / place) for name, place in VENDOR.items()]
    return [base / "static", *(entry for entry in vendor if entry[1].exists())]


def collected(root: Path) -> Path:
    """The file that says which version was collected last."""
    return root / ".version"


def served(base: Path, root: Path) -> str:
    """The version that was collected: all processes agree on it, also while files of the checkout change."""
    stamp = collected(root)
    return stamp.read_text() if stamp.exists() else version(base)


def version(base: Path) -> str:
    """Changes when one of our files or the version of a package does."""
    digest = hashlib.sha256()
    for path in [base / "package-lock.json", *sorted((base / "static").rglob("*"))]:
        if path.is_file():
            digest.update(str(path.relative_to(base)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
