"""What every page does the same way: ask for login, for a right, for the scope; narrow its pickers; show refusals.

A page starts with :func:`require`; a page about one row fetches it with :func:`scoped_or_404`. Outside the scope the
answer is 404, inside it without the right 403 (design.md section 3). Scripts that ask without a session get 401 and the
header ``X-Login-Required``, upon which the page opens its login dialog and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce, wraps
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

View = Callable[..., HttpResponseBase]
PAGE_SIZE = 50


def is_fragment(request: HttpRequest) -> bool:
    """Whether a script of a page asks (htmx, fetch), not the browser's address bar or a plain form."""
    if request.headers.get("HX-Boosted"):
        return False
    return bool(
        request.headers.get("HX-Request")
        or request.headers.get("X-Requested-With")
        or request.headers.get("Sec-Fetch-Dest") == "empty"
    )


def login_needed(request: HttpRequest) -> HttpResponse:
    """The answer to a stranger: the login page, or 401 for a script. After the login he is back where he was."""
    if is_fragment(request):
        return HttpResponse("请重新登录。", status=401, headers={"X-Login-Required": "1"})
    return redirect_to_login(request.get_full_path() if request.method == "GET" else referring_path(request))


def referring_path(request: HttpRequest) -> str:
    """The page of ours that sent this request, with its query; the first page when that is unknown."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return "/"
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path


def require(*rights: Any) -> Callable[[View], View]:
    """View decorator: a signed-in person who holds at least one of ``rights`` somewhere; none given: any person.

    Raises PermissionDenied (403) without the right. Where it holds is asked per row by :func:`scoped_or_404`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return login_needed(request)
            if rights and not any(holds(request.user, right) for right in rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.rights = rights  # type: ignore[attr-defined]
        return guarded

    return decorate


def holds(user: Any, right: Any, code: str | None = None) -> bool:
    """Whether the person holds ``right`` (at the place ``code``, if given)."""
    return bool(user.can(right, code))


def demand(user: Any, right: Any, code: str | None = None) -> None:
    """Raise PermissionDenied unless the person holds ``right`` (at the place ``code``, if given)."""
    if not holds(user, right, code):
        raise PermissionDenied


def place_of(row: Model, path: str = "") -> str:
    """Place code of a row: along ``path``, or the ``place`` of its model's scope."""
    path = path or row.scope.place  # type: ignore[attr-defined]
    return str(reduce(getattr, path.split("__"), row))


def scoped_or_404(rows: QuerySet | type[Model], user: Any, pk: Any, right: Any = None, place: str = "") -> Any:
    """The row ``pk`` of ``rows`` if the person may see it.

    Raises Http404 outside the scope, PermissionDenied when ``right`` is given and does not hold at the row's place
    (``place``: attribute path to its code; by default the one of the model's scope).
    """
    queryset: Any = rows if isinstance(rows, QuerySet) else rows._default_manager.all()
    row = get_object_or_404(queryset.visible_to(user), pk=pk)
    if right is not None:
        demand(user, right, place_of(row, place))
    return row


class ScopedForm(forms.BaseForm):
    """Mixin for forms: every picker of rows offers only what the person may see. Takes ``user``."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        narrow(self, user)


def narrow(form: forms.BaseForm, user: Any) -> None:
    """Limit the choices of every model picker of ``form`` to the person's scope."""
    for field in form.fields.values():
        rows = getattr(field, "queryset", None)
        if rows is not None and hasattr(rows, "visible_to"):
            field.queryset = rows.visible_to(user)  # type: ignore[attr-defined]


@contextmanager
def refusals_into(form: forms.BaseForm) -> Iterator[None]:
    """A verb's ValidationError becomes the form's errors, beside the field where the form has it."""
    try:
        yield
    except ValidationError as fault:
        found = fault.error_dict if hasattr(fault, "error_dict") else {"": fault.error_list}
        for name, errors in found.items():
            form.add_error(name if name in form.fields else None, ValidationError(errors))


def paged(request: HttpRequest, rows: Any, size: int = PAGE_SIZE, param: str = "page") -> Page:
    """The page of ``rows`` that the address asks for; a wrong number gives the nearest page."""
    return Paginator(rows, size).get_page(request.GET.get(param))
