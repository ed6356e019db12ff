"""HEAD, OPTIONS and the names of methods (povreg.kit.methods)."""

from __future__ import annotations

import pytest
from django.http import FileResponse, HttpResponse, HttpResponseNotAllowed
from rest_framework.decorators import action
from rest_framework.response import Response

from povreg.kit.api.resources import RESOURCES
from povreg.kit.api.views import ScopedViewSet
from povreg.kit.methods import NAMES, Methods


def test_no_viewset_has_an_action_named_as_a_method():
    wrong = [(name, found) for name, view in RESOURCES.items() if (found := (NAMES - {"options"}) & set(dir(view)))]
    assert wrong == []


def test_an_action_named_as_a_method_is_refused_when_declared():
    with pytest.raises(TypeError, match="head"):

        class Headed(ScopedViewSet):
            @action(detail=True, methods=["post"])
            def head(self, request, pk):
                return Response()


def test_an_action_may_have_such_an_address():
    class Turned(ScopedViewSet):
        @action(detail=True, methods=["post"], url_path="head")
        def change_head(self, request, pk):
            return Response()

    assert [each.url_path for each in Turned.get_extra_actions()] == ["head"]


def test_views_are_asked_for_get_instead_of_head(rf):
    seen = []
    asked = rf.head("/somewhere/")
    answer = Methods(lambda request: seen.append(request.method) or HttpResponse("四个字节"))(asked)
    assert (seen, asked.method) == (["GET"], "HEAD")
    assert (answer.content, answer.headers["Content-Length"]) == (b"", "12")


def test_files_are_closed_unread(db, rf, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("text")
    file = path.open("rb")
    answer = Methods(lambda request: FileResponse(file))(rf.head("/file/"))
    assert b"".join(answer) == b""
    answer.close()
    assert file.closed


def test_what_follows_is_allowed_too(rf):
    refusing = Methods(lambda request: HttpResponseNotAllowed(["GET", "POST"]))
    options, refused = refusing(rf.options("/x/")), refusing(rf.delete("/x/"))
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, POST, HEAD, OPTIONS")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, POST, HEAD, OPTIONS")
    assert "不支持" in refused.content.decode()


def test_head_is_not_allowed_where_get_is_not(rf):
    posting = Methods(lambda request: HttpResponseNotAllowed(["POST", "HEAD"]))
    assert posting(rf.options("/x/")).headers["Allow"] == "POST, OPTIONS"
