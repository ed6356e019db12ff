"""What is saved within a few seconds is looked at together, once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from audits.checks import services
from audits.checks.tasks import look_again
from povreg.jobs import gathering
from povreg.jobs.gathering import gather, taken

TASK = "tests.gathered"


def take(task: str, about: str = "") -> list[str]:
    """A task that ends well."""
    with taken(task, about) as found:
        return found


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, list[str]]]]:
    found: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(gathering.current_app, "send_task", lambda name, args, **_more: found.append((name, args)))
    yield found
    for about in ("", "2025"):
        take(TASK, about)


def test_several_saves_are_one_task_that_takes_all_of_them(sent: list[tuple[str, list[str]]]) -> None:
    gather(TASK, [3, 1])
    gather(TASK, [2, 3])
    assert sent == [(TASK, [""])]
    assert take(TASK) == ["1", "2", "3"]
    assert take(TASK) == []


def test_what_comes_after_it_was_taken_has_a_task_of_its_own(sent: list[tuple[str, list[str]]]) -> None:
    gather(TASK, [1])
    take(TASK)
    gather(TASK, [4])
    assert sent == [(TASK, [""])] * 2
    assert take(TASK) == ["4"]


def test_a_task_that_fails_leaves_its_things_to_the_next() -> None:
    gather(TASK, [1])
    with pytest.raises(RuntimeError), taken(TASK):
        raise RuntimeError
    gather(TASK, [2])
    assert take(TASK) == ["1", "2"]
    assert take(TASK) == []


def test_what_is_about_something_else_gathers_apart(sent: list[tuple[str, list[str]]]) -> None:
    gather(TASK, [1], "2025")
    gather(TASK, [2])
    gather(TASK, [])
    assert sent == [(TASK, ["2025"]), (TASK, [""])]
    assert (take(TASK, "2025"), take(TASK)) == (["1"], ["2"])


def test_households_that_were_saved_are_looked_at_together(
    sent: list[tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[tuple[list[int], int | None]] = []
    monkeypatch.setattr(services, "look_again_now", lambda ids, year: looked.append((ids, year)))
    take(services.LOOK_AGAIN), take(services.LOOK_AGAIN, "2025")
    services.look_again([7], [], 2025)
    services.look_again([8], [], 2025)
    services.look_again([9], [], None)
    for name, args in sent:
        assert name == services.LOOK_AGAIN
        look_again(*args)
    assert looked == [([7, 8], 2025), ([9], None)]
