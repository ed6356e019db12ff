"""Everything that is imported is named in the requirements: what lies about on one machine is not there on another."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.conf import settings

PRODUCT = ("povreg", "villages", "households", "assistance", "audits")
AROUND_IT = ("tests", "bench")
LINE = re.compile(r"^(?P<name>[\w.-]+)==")


def named_in(*files: str) -> set[str]:
    lines = [line for name in files for line in (settings.BASE_DIR / name).read_text().splitlines()]
    return {plain(found["name"]) for found in map(LINE.match, lines) if found}


def plain(package: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", package).lower()


def files_of(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (settings.BASE_DIR / folder).rglob("*.py")


def imported_by(text: str) -> set[str]:
    """Roots of what a file imports, wherever in it, without the standard library and the own modules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
        elif isinstance(node, ast.Call) and (name := imported_late(node)):
            found.add(name)
    return {name.split(".")[0] for name in found} - {*sys.stdlib_module_names, *PRODUCT, *AROUND_IT}


def imported_late(call: ast.Call) -> str:
    """What ``import_module("name")`` imports; empty for every other call."""
    if isinstance(call.func, ast.Name) and call.func.id == "import_module":
        return next((each.value for each in call.args if isinstance(each, ast.Constant)), "")
    return ""


def unnamed(texts: dict[str, str], named: set[str]) -> list[str]:
    brought_by = packages_distributions()
    return sorted(
        f"{where}: {module}"
        for where, text in texts.items()
        for module in imported_by(text)
        if not named & {plain(package) for package in brought_by.get(module, ())}
    )


@pytest.mark.parametrize(
    ("folders", "files"),
    [(PRODUCT, ["requirements.txt"]), (AROUND_IT, ["requirements.txt", "requirements-dev.txt"])],
    ids=["the product", "its tests and benchmarks"],
)
def test_every_import_is_of_a_package_that_the_requirements_name(folders, files):
    texts = {str(path.relative_to(settings.BASE_DIR)): path.read_text() for path in files_of(*folders)}
    assert unnamed(texts, named_in(*files)) == []


def test_what_the_settings_name_as_a_text_is_required_too():
    names = {name.split(".")[0] for name in [*settings.INSTALLED_APPS, *settings.MIDDLEWARE]} - {*PRODUCT, *AROUND_IT}
    texts = {"settings": "".join(f"import {name}\n" for name in names)}
    assert unnamed(texts, named_in("requirements.txt")) == []


def test_a_module_of_no_named_package_is_found_wherever_it_is_imported():
    text = """
from nowhere.at import all
import os, django
from . import sibling
def later():
    import pytest.plugin
    import_module("far.off")
"""
    assert unnamed({"a.py": text}, named_in("requirements.txt")) == ["a.py: far", "a.py: nowhere", "a.py: pytest"]
