"""Migrating in a fraction of the time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState

ADDING = ("add_model", "add_field")
PATCHED = ("reload_model", *ADDING)


class Alone:
    """Renders a model by itself where Django renders all that are related to it, which here are all.

    An index, a constraint, a trigger, a new table or column needs no other model; what changes or removes a column
    still renders all of them, and code of a migration (RunPython) always sees a state rendered anew. Nine tenths of the
    time of migrating went there. The schema is the same (its dump was compared line by line)."""

    def __init__(self) -> None:
        self.adding = False

    def reload(self, whole: Callable[..., None]) -> Callable[..., None]:
        def reload_model(state: ProjectState, app: str, model: str, delay: bool = False) -> None:
            if "apps" not in state.__dict__ or not (delay or self.adding):
                whole(state, app, model, delay)
                return
            state.is_delayed = True
            with state.apps.bulk_update():
                state.apps.unregister_model(app, model)
                state.apps.render_multiple([state.models[app, model]])

        return reload_model

    def add(self, method: Callable[..., None]) -> Callable[..., None]:
        def adding(state: ProjectState, *args: Any, **options: Any) -> None:
            self.adding = True
            try:
                method(state, *args, **options)
            finally:
                self.adding = False

        return adding


@contextmanager
def models_alone() -> Iterator[None]:
    """While this lasts, migrations render models as ``Alone`` says."""
    alone = Alone()
    whole = {name: getattr(ProjectState, name) for name in PATCHED}
    setattr(ProjectState, "reload_model", alone.reload(whole["reload_model"]))  # noqa: B010
    for name in ADDING:
        setattr(ProjectState, name, alone.add(whole[name]))
    try:
        yield
    finally:
        for name, method in whole.items():
            setattr(ProjectState, name, method)
