"""What an edit page is: form, verb, right and words, declared once (see docs/components.md).

An :class:`Edit` answers as every page of the house: outside the scope 404, inside it without the right 403, refused
422 with the faults beside the fields, 409 with who changed what when somebody else was faster; saved, it says what was
done and goes on. :func:`edit_view` shows a form; :func:`deed_view` runs what a button of another page sends, and goes
back there with what was done or why it was not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import View

from povreg.kit.pages.forms import VersionedForm
from povreg.kit.stale import Conflict
from povreg.kit.views import View as PlainView, refusals_into, require, scoped_or_404

Crumbs = Callable[[HttpRequest, Any], list[dict[str, str]]]


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: the body of a POST, else nothing."""
    return request.POST if request.method == "POST" else None


def home(label: str, name: str) -> Crumbs:
    """One step back: to the list the row stands in."""
    return lambda request, row: [{"label": label, "url": reverse(name)}]


@dataclass(frozen=True)
class Edit:
    """A declared edit page.

    ``rows`` (None: something new is made) are the rows it may be about, found by the address's ``key`` inside the
    person's places; ``right`` must hold at the row's place (``place``: the attribute path to its code); one of
    ``rights`` is needed at all, by default ``right``. ``form`` (of request and row) makes the form, ``save`` (of
    person, row and form) runs the verb and answers what it saved, ``done`` says so, ``after`` answers the address to go
    to, or a whole answer. ``title``, ``subtitle`` and ``note`` take the row. ``wide`` fields take a line of their own,
    ``secret`` ones are never kept on the machine, ``draft`` keeps the others there until they are saved.
    """

    code: str
    title: Callable[[Any], str]
    form: Callable[[Any, Any], BaseForm]
    save: Callable[[Any, Any, Any], Any]
    done: Callable[[Any], str]
    after: Callable[[HttpRequest, Any], str | HttpResponse]
    right: Any = None
    rights: tuple[Any, ...] = ()
    rows: Callable[[], Any] | None = None
    place: str = ""
    key: str = "pk"
    crumbs: Crumbs = lambda request, row: []
    label: str = "保存"
    subtitle: Callable[[Any], str] = lambda row: ""
    note: Callable[[Any], str] = lambda row: ""
    state: str = ""
    wide: Collection[str] = ()
    secret: Collection[str] = ()
    draft: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)

    def row(self, request: HttpRequest, given: Mapping[str, Any]) -> Any:
        """The row of the address. Raises Http404 outside the scope, PermissionDenied inside it without the right."""
        if self.rows is None:
            return None
        return scoped_or_404(self.rows(), request.user, given[self.key], self.right, self.place)


class EditPage(View):
    """The form of an :class:`Edit`."""

    edit: Edit = None  # type: ignore[assignment]  # given by edit_view
    template = "pages/edit.html"

    def get(self, request: HttpRequest, **given: Any) -> HttpResponse:
        row = self.edit.row(request, given)
        return self.show(row, self.edit.form(request, row))

    def post(self, request: HttpRequest, **given: Any) -> HttpResponse:
        row = self.edit.row(request, given)
        form = self.edit.form(request, row)
        if form.is_valid():
            try:
                with refusals_into(form):
                    return self.saved(self.edit.save(request.user, row, form))
            except Conflict as conflict:
                return self.stale(row, form, conflict)
        return self.refused(row, form)

    def saved(self, saved: Any) -> HttpResponse:
        said = self.edit.done(saved)
        if said:
            messages.success(self.request, said)
        after = self.edit.after(self.request, saved)
        return after if isinstance(after, HttpResponse) else redirect(after)

    def refused(self, row: Any, form: BaseForm) -> HttpResponse:
        return self.show(row, form, 422)

    def stale(self, row: Any, form: BaseForm, conflict: Conflict) -> HttpResponse:
        """The form as it was typed, over what is stored now, and who was faster."""
        lines = [f"{each.label}：由“{each.seen}”改为“{each.stored}”" for each in conflict.clashes]
        if isinstance(form, VersionedForm):
            lines += [line for line in form.take_over(conflict.versions.get("", 0)) if not said_already(line, conflict)]
        return self.show(row, form, 409, conflict=conflict, stale=lines)

    def show(self, row: Any, form: BaseForm, status: int = 200, **more: Any) -> HttpResponse:
        edit = self.edit
        context = {
            "edit": edit, "row": row, "form": form, "crumbs": edit.crumbs(self.request, row), "title": edit.title(row),
            "draft": f"{edit.code}:{getattr(row, 'pk', None) or 'new'}" if edit.draft else "", **edit.more, **more,
        }  # fmt: skip
        return render(self.request, self.template, context, status=status)


def said_already(line: str, conflict: Conflict) -> bool:
    return any(line.startswith(f"{each.label}：") for each in conflict.clashes)


class Deed(EditPage):
    """What a button of another page sends: refused, it goes back there with the reason in plain words."""

    def refused(self, row: Any, form: BaseForm) -> HttpResponse:
        for text in [str(text) for texts in form.errors.values() for text in texts]:
            messages.error(self.request, text)
        after = self.edit.after(self.request, row)
        return after if isinstance(after, HttpResponse) else redirect(after)

    def stale(self, row: Any, form: BaseForm, conflict: Conflict) -> HttpResponse:
        form.add_error(None, ValidationError(conflict.message))
        return self.refused(row, form)


def edit_view(edit: Edit, page: type[EditPage] = EditPage, **settings: Any) -> PlainView:
    """The view of an edit page, guarded by its rights."""
    return require_http_methods(["GET", "HEAD", "POST"])(guarded(edit, page, settings))


def new_view(edit: Edit, page: type[EditPage] = EditPage, **settings: Any) -> PlainView:
    """The view of the same page for something new, whose address names no row."""
    return edit_view(replace(edit, rows=None), page, **settings)


def deed_view(edit: Edit) -> PlainView:
    """The view of what a button of another page sends."""
    return require_POST(guarded(edit, Deed, {}))


def guarded(edit: Edit, page: type[EditPage], settings: Mapping[str, Any]) -> PlainView:
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return answer(request, **kwargs)  # type: ignore[return-value]

    answer = page.as_view(edit=edit, **settings)
    return require(*(edit.rights or (edit.right,)))(view)
