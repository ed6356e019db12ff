"""What several browser tests stand on."""

import pytest

from povreg.jobs import services


@pytest.fixture
def done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are done where they are sent: send_task knows no eager mode."""
    app = services.current_app
    app.loader.import_default_modules()
    monkeypatch.setattr(app, "send_task", lambda name, args, **when: app.tasks[name](*args))
