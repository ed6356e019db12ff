"""`make supply`: what the product is made of may be used here, and has no published weakness.

Licences are those of the bill (povreg.shell.sbom); each must be one that was thought of (data/licences.json).
Weaknesses are looked up in a file of advisories in the OSV format, since a county's network reaches nothing outside:
the export of a database (`all.zip` of PyPI and npm from osv.dev), a folder of it, or single JSON files, named by
ADVISORIES. Without one it says that nothing was looked up, and that is no clean bill.
"""

from __future__ import annotations

import json
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from packaging.version import InvalidVersion, Version

from povreg.shell.environment import BASE_DIR
from povreg.shell.lock import plain
from povreg.shell.sbom import bill

ALLOWED = BASE_DIR / "povreg" / "shell" / "data" / "licences.json"
JOINED = re.compile(r"\s+(?:AND|OR)\s+")
ECOSYSTEMS = {"pypi": "PyPI", "npm": "npm"}
UNCHECKED = "no file of advisories was given (ADVISORIES=path): weaknesses were NOT looked up"
ZERO = Version("0")


class Weakness(NamedTuple):
    """A package of ours that an advisory names."""

    code: str
    package: str
    version: str
    fixed: str
    summary: str

    def __str__(self) -> str:
        fixed = f", fixed in {self.fixed}" if self.fixed else ", no fixed version is named"
        return f"{self.code}\t{self.package} {self.version}{fixed}\t{self.summary}"


def allowed() -> dict[str, str]:
    """Names of licences and why they may be used."""
    given: dict[str, str] = json.loads(ALLOWED.read_text(encoding="utf-8"))
    return given


def licence_faults(parts: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Parts under a licence that nobody thought of; of one under several, each."""
    known = allowed()
    for part in parts:
        named = part["licenses"][0]["license"]["name"]
        if strange := [each for each in JOINED.split(named) if each not in known]:
            yield f"{part['name']} {part['version']}: {', '.join(strange)}"


def advisories(path: Path) -> Iterator[dict[str, Any]]:
    """Every advisory of a file, archive or folder. Raises ValueError for what is none."""
    if path.is_dir():
        for each in sorted([*path.rglob("*.json"), *path.rglob("*.zip")]):
            yield from advisories(each)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    yield from read(archive.read(name), f"{path}:{name}")
    else:
        yield from read(path.read_bytes(), str(path))


def read(content: bytes, where: str) -> Iterator[dict[str, Any]]:
    """One advisory, or a list of them."""
    try:
        found = json.loads(content)
    except ValueError as fault:
        raise ValueError(f"{where}: not JSON") from fault
    for each in found if isinstance(found, list) else [found]:
        if not isinstance(each, dict) or "id" not in each:
            raise ValueError(f"{where}: not an advisory in the OSV format")
        yield each


def weaknesses(parts: Iterable[Mapping[str, Any]], known: Iterable[Mapping[str, Any]]) -> Iterator[Weakness]:
    """What the advisories say of the parts; withdrawn ones say nothing."""
    ours = {key_of(part["purl"]): part for part in parts}
    for advisory in known:
        if advisory.get("withdrawn"):
            continue
        for affected in advisory.get("affected", ()):
            package = affected.get("package", {})
            part = ours.get((package.get("ecosystem", ""), plain(package.get("name", ""))))
            if part and (hit := affects(affected, part["version"])):
                yield Weakness(advisory["id"], part["name"], part["version"], hit[0], advisory.get("summary", ""))


def key_of(purl: str) -> tuple[str, str]:
    """Ecosystem and name as advisories write them: ``pkg:npm/@scope/name@1.2`` is (npm, @scope/name)."""
    kind, _, rest = purl.removeprefix("pkg:").partition("/")
    return ECOSYSTEMS[kind], plain(rest.rpartition("@")[0])


def affects(affected: Mapping[str, Any], version: str) -> tuple[str] | None:
    """The version that mends it ("" for none) where this one is affected."""
    ranges = [each for each in affected.get("ranges", ()) if each.get("type") in ("ECOSYSTEM", "SEMVER")]
    for each in ranges:
        if within(each["events"], version):
            return (mended(each["events"], version),)
    return ("",) if version in affected.get("versions", ()) else None


def within(events: Iterable[Mapping[str, str]], version: str) -> bool:
    """Whether a version lies in a range: introduced, until fixed, or until the last affected one."""
    ours, inside = number(version), False
    for kind, at in sorted(((kind, at) for event in events for kind, at in event.items()), key=lambda e: number(e[1])):
        if kind == "introduced" and number(at) <= ours:
            inside = True
        elif (kind == "fixed" and number(at) <= ours) or (kind == "last_affected" and number(at) < ours):
            inside = False
    return inside


def mended(events: Iterable[Mapping[str, str]], version: str) -> str:
    later = [event["fixed"] for event in events if "fixed" in event and number(event["fixed"]) > number(version)]
    return min(later, key=number, default="")


def number(version: str) -> Version:
    """As it is compared; what is no version counts as the first, so that it is looked at rather than passed over."""
    try:
        return Version(version)
    except InvalidVersion:
        return ZERO


def main() -> None:
    """Ends with 1 where a licence is strange or a weakness is known."""
    parts = bill()["components"]
    faults = [f"licence\t{each}" for each in licence_faults(parts)]
    given, looked = os.environ.get("ADVISORIES", ""), 0
    if given:
        known = list(advisories(Path(given)))
        looked = len(known)
        faults += [str(each) for each in weaknesses(parts, known)]
    print(f"{len(parts)} packages, licences compared; {f'{looked} advisories read' if given else UNCHECKED}")
    print("\n".join(faults) or "nothing found")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
