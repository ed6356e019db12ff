"""Registries: what a lower layer asks of higher ones is declared to it when the process starts.

A registry carries declarations, never work: each subject fills those it has something for in its one ``connect()``
(``<subject>/connect.py``), which its app's ``ready()`` calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Declarations by code, in the order given, then in that of declaring. Declaring one twice changes nothing."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._declared: dict[str, tuple[int, T]] = {}
        self._later: list[Callable[[], Mapping[str, T]]] = []
        self._read = 0

    def add(self, code: str, item: T, order: int = 0) -> T:
        """Declare ``item``. Raises ValueError when the code means something else already."""
        known = self._declared.get(code)
        if known is not None and known[1] != item:
            raise ValueError(f"{self.what} {code!r} is declared twice")
        self._declared[code] = (order, item)
        return item

    def later(self, load: Callable[[], Mapping[str, T]]) -> None:
        """Declare what ``load`` answers once somebody asks: for what takes long to import and commands do not need."""
        if load not in self._later:
            self._later.append(load)

    def _known(self) -> dict[str, tuple[int, T]]:
        while self._read < len(self._later):
            self._read += 1
            for code, item in self._later[self._read - 1]().items():
                self.add(code, item)
        return self._declared

    def drop(self, code: str) -> None:
        """Forget a declaration: for tests that add one."""
        self._declared.pop(code, None)

    def items(self) -> list[tuple[str, T]]:
        return [(code, item) for code, (_order, item) in sorted(self._known().items(), key=lambda each: each[1][0])]

    def get(self, code: str) -> T | None:
        found = self._known().get(code)
        return found[1] if found else None

    def __getitem__(self, code: str) -> T:
        return self._known()[code][1]

    def __contains__(self, code: object) -> bool:
        return code in self._known()

    def __iter__(self) -> Iterator[T]:
        return iter(item for _code, item in self.items())

    def __len__(self) -> int:
        return len(self._known())
