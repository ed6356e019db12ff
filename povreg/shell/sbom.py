"""`make sbom`: what the product is made of (CycloneDX 1.5, JSON) and under which licences, without asking anybody.

Packages are those pinned by requirements.txt (facts from what is installed) and package-lock.json.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from povreg.shell.environment import BASE_DIR
from povreg.shell.lock import pinned
from povreg.shell.status.version import VERSION

UNKNOWN = "see the package"
LONGEST = 60  # characters: some packages put the whole text where its name belongs


def licence_of(name: str) -> str:
    """The licence as the package says it: expression, classifier, or field."""
    try:
        said: Any = metadata(name)
    except PackageNotFoundError:
        return UNKNOWN
    classified = [each.split(" :: ")[-1] for each in said.get_all("Classifier") or () if each.startswith("License ::")]
    first = (said.get("License") or "").split("\n")[0]
    for found in (said.get("License-Expression"), " AND ".join(classified), first):
        if found and found != "OSI Approved" and len(found) <= LONGEST:
            return str(found)
    return UNKNOWN


def python_parts() -> Iterator[dict[str, Any]]:
    for name, version, _ in pinned():
        yield part(name, version, f"pkg:pypi/{name.lower()}@{version}", licence_of(name))


def script_parts() -> Iterator[dict[str, Any]]:
    whole = json.loads((BASE_DIR / "package-lock.json").read_text())
    for path, facts in sorted(whole["packages"].items()):
        if path and not facts.get("dev"):
            name = path.rpartition("node_modules/")[2]
            found = part(name, facts["version"], f"pkg:npm/{name}@{facts['version']}", facts.get("license", UNKNOWN))
            yield found | {"properties": [{"name": "integrity", "value": facts.get("integrity", "")}]}


def part(name: str, version: str, purl: str, licence: str) -> dict[str, Any]:
    return {
        "type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl,
        "licenses": [{"license": {"name": licence}}],
    }  # fmt: skip


def bill() -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "povreg", "version": VERSION}},
        "components": [*python_parts(), *script_parts()],
    }


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    made = bill()
    (folder / "sbom.json").write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n")
    rows = [
        f"{each['name']} {each['version']}\t{each['licenses'][0]['license']['name']}" for each in made["components"]
    ]
    (folder / "licences.txt").write_text("\n".join(rows) + "\n")
    print(f"{len(rows)} packages: {folder / 'sbom.json'}, {folder / 'licences.txt'}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "dist"))
