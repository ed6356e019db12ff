"""What the frame gives every page is not given by a view, too: the frame's would be shown in its place."""

import ast
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from povreg.overview.nav import frame

BASE = Path(__file__).parents[2]
VIEWS = sorted(
    path
    for app in ("povreg", "households", "villages", "assistance", "audits")
    for path in (BASE / app).rglob("*.py")
    if "render(" in path.read_text()
)


def given(function: ast.FunctionDef) -> set[str]:
    """Names in the dictionaries of a function that draws a page."""
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    if not any(isinstance(call, ast.Name) and call.id == "render" for call in calls):
        return set()
    keys = [key for node in ast.walk(function) if isinstance(node, ast.Dict) for key in node.keys]
    return {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(BASE)))
def test_no_view_gives_what_the_frame_gives(path: Path) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    lost = {f"{function.name}: {name}" for function in functions for name in given(function) & frame(request).keys()}
    assert not lost
